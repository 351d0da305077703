"""The first sentences of a text as tokens, so that users see what training would read."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import numpy as np

from w2v.corpus.block_reader import BlockReader
from w2v.corpus.id_file import IdFile
from w2v.corpus.parallel_scan import Arrival, Scan, arrivals, note_problems
from w2v.corpus.repeated_sentences import RepeatedSentences
from w2v.corpus.sources import Sources
from w2v.corpus.text_blocks import TextBlock
from w2v.errors import CorpusError
from w2v.options import CorpusOptions
from w2v.progress import Progress, Silent
from w2v.tokens.cleaning import word_filter
from w2v.tokens.scanner import SENTENCE_END
from w2v.tokens.token_rules import rule_of

_BLOCK_BYTES = 1 << 16  # little is read in vain
_MOST_IDS = 1 << 16
_LINE_ENDS = re.compile("[\n-\r]")


def first_sentences(
    sources: Sources, options: CorpusOptions, number: int, *, progress: Progress | None = None
) -> list[list[str]]:
    """Return the first sentences of a text as training sees them, each a list of tokens, empty ones left out.

    Args:
        sources: the text, as for `encode`.
        options: how it becomes tokens.
        number: how many sentences to return, if there are as many.
        progress: receives notes on what was left out of the text read so far.

    Raises:
        CorpusError: the text can't be read, or has no tokens.
        MissingExtraError: a package is missing that the format of a source needs.

    Example:
        >>> from w2v.corpus.sources import Sentences
        >>> first_sentences(Sentences([["A", "rose", "is"], ["it"]]), CorpusOptions(lowercase=True), 1)
        [['a', 'rose', 'is']]
    """
    reader = BlockReader(sources, _BLOCK_BYTES, options)
    found = list(itertools.islice(_sentences(reader, options), number))
    note_problems(reader, progress or Silent())
    if not found:
        raise CorpusError(f"the text is empty: no token was found in {reader.name}")
    return found


def opening_of(file: IdFile, found: Scan, number: int) -> list[list[str]]:
    """Return the first sentences of a scanned text, each a list of tokens, and of a long one its first tokens.

    Unlike `first_sentences`, it reads no text again, so it serves standard input and generators, too.

    Args:
        file: the provisional ids.
        found: where they are.
        number: how many sentences to return, if there are as many.
    """
    sentences: list[list[str]] = [[]]
    n_ids = 0
    for part in found.parts:
        if len(sentences) > number or n_ids >= _MOST_IDS:
            break
        ids = np.empty(min(part.n_ids, _MOST_IDS - n_ids), np.int32)
        file.read(part.place, ids)
        n_ids += len(ids)
        words = found.tables[part.table].spelled(ids[ids != SENTENCE_END])
        for word in ids.tolist():
            if word != SENTENCE_END:
                sentences[-1].append(words[word])
            elif sentences[-1]:
                sentences.append([])
    return [sentence for sentence in sentences if sentence][:number]


def _sentences(reader: BlockReader, options: CorpusOptions) -> Iterator[list[str]]:
    rule = rule_of(options)
    rewriter, finish, is_left_out = rule.rewriter(options), rule.finisher(options), word_filter(options)
    repeated = RepeatedSentences() if options.dedup else None

    def tokens_of(line: str) -> list[str]:
        words = " ".join(line.split())
        tokens = (words if finish is None else finish(words)).split()
        return tokens if is_left_out is None else [token for token in tokens if not is_left_out(token)]

    sentence: list[str] = []
    for arrival in arrivals(reader, options, repeated):
        block, _, text, length = Arrival.of(arrival, options) if isinstance(arrival, TextBlock) else arrival
        if rewriter is not None:
            text, length = rewriter.rewrite(text, length)
        if not block.continues and sentence:
            yield sentence
            sentence = []
        first, *others = _LINE_ENDS.split(text[:length].tobytes().decode())
        sentence += tokens_of(first)
        for line in others:
            if sentence:
                yield sentence
            sentence = tokens_of(line)
    if sentence:
        yield sentence
