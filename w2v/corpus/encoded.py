"""The corpus as token ids on disk, read back in blocks to train on, and the vocabulary counted in the same read."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from types import TracebackType

import numpy as np

from w2v.compiling import kernel
from w2v.corpus.arrays import Ids, padded
from w2v.corpus.id_file import IdFile
from w2v.corpus.parallel_scan import Scan, scan
from w2v.corpus.scanner import SENTENCE_END, WordTable
from w2v.corpus.sources import Reader, Sources
from w2v.corpus.text_blocks import TEXT_BYTES
from w2v.errors import VocabularyError
from w2v.options import CorpusOptions, VocabularyOptions
from w2v.parallel import map_in_order
from w2v.progress import Progress, Silent
from w2v.vocabulary import Vocabulary, frequency_order
from w2v.wording import counted

BLOCK_IDS = 1 << 15  # of a training block, at most

PROSE_WORDS = 10_000  # the most frequent ones, which make up most of any text
PROSE_NOTE = "many words have punctuation attached, as in raw prose; --tokens words would take it off"

_DROPPED = -2
_PROSE_SHARE = 0.04  # raw English has punctuation at one token in six or so, tokenised text at one in a thousand
_NOT_PROSE = frozenset("'’-‐‑@#&%*/\\_")  # punctuation that tokenisers leave on words


class EncodedCorpus:
    """A text as token ids in a temporary file. A context manager: closing it gives the disk space back.

    Attributes:
        vocabulary: the words that have an id.
        total_tokens: tokens of the text, those without an id included.
        longest_sentence: tokens of the longest line, those without an id included.
        n_blocks: how many blocks there are to train on.
        block_tokens: tokens with an id in each block, shape (n_blocks,), int64.
        max_block_ids: the longest block, in ids, sentence ends included.
        looks_like_prose: whether many words have punctuation attached, as the words of raw text do.
    """

    def __init__(
        self,
        file: IdFile,
        vocabulary: Vocabulary,
        scan: Scan,
        blocks: list[tuple[int, int, int]],
        block_ids: int,
        max_sentence: int | None,
        looks_like_prose: bool,
    ) -> None:
        """Bundle what `encode` made; `blocks` has each block's place in the file, its ids (without the ends put behind
        cut sentences; with them, block_ids at most) and its tokens.
        """
        self.vocabulary = vocabulary
        self.total_tokens = scan.tokens
        self.longest_sentence = scan.longest_sentence
        self.looks_like_prose = looks_like_prose
        self.n_blocks = len(blocks)
        self._file = file
        table = np.asarray(blocks, np.int64)
        self._places, self._sizes, self.block_tokens = (np.ascontiguousarray(table[:, i]) for i in range(3))
        cuts = 0 if max_sentence is None else (self.block_tokens - 1) // max_sentence
        self._max_sentence = max_sentence
        self.max_block_ids = min(int((self._sizes + cuts).max()) + 1, block_ids)

    def __enter__(self) -> EncodedCorpus:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove the temporary file."""
        self._file.close()

    def read(self, block: int, buffer: Ids) -> Ids:
        """Read one block; may be called by several threads at once.

        Args:
            block: its number, from 0.
            buffer: int32, at least max_block_ids long.

        Returns:
            The part of `buffer` that was filled: ids, -1 behind each sentence, so also at the end.
        """
        size = int(self._sizes[block])
        if self._max_sentence is None:
            ids = buffer[:size]
            self._file.read(int(self._places[block]), ids)
        else:
            last = buffer[self.max_block_ids - 1 - size : self.max_block_ids - 1]
            self._file.read(int(self._places[block]), last)
            ids = buffer[: _cut_sentences(last, self._max_sentence, buffer)]
        if ids[-1] != SENTENCE_END:  # a sentence too long for one block goes on in the next
            ids = buffer[: len(ids) + 1]
            ids[-1] = SENTENCE_END
        return ids


def encode(
    sources: Sources,
    corpus_options: CorpusOptions,
    vocabulary_options: VocabularyOptions,
    *,
    vocabulary: Vocabulary | None = None,
    extend: bool = False,
    rewrite: Callable[[IdFile, Scan], Scan] | None = None,
    progress: Progress | None = None,
    text_bytes: int = TEXT_BYTES,
    block_ids: int = BLOCK_IDS,
) -> EncodedCorpus:
    """Read a text once: count its words and keep its token ids on disk.

    Args:
        sources: files, folders (every file below, in order of their names) and "-" for standard input; or Sentences.
        corpus_options: how text becomes tokens, where the temporary file lies, and how many threads scan.
        vocabulary_options: which words get an id.
        vocabulary: the words that get an id, instead of those counted.
        extend: those counted get an id too, where `vocabulary_options` keep them, and the counts add up; all words of
            the given vocabulary stay.
        rewrite: changes what was scanned, provisional ids included, before words get their ids; joins phrases, say.
        progress: is told how many bytes of the sources have been read.
        text_bytes: size of the blocks in which text is scanned.
        block_ids: most ids of a training block, sentence ends included; at least 2.

    Raises:
        CorpusError: the text can't be read or has no tokens, or the disk is too small.
        VocabularyError: fewer than two words are left, or none of the given ones occurs.
        MissingExtraError: a file is compressed with zstd and this Python can't read that.
    """
    file = IdFile(corpus_options.work_dir)
    try:
        found = scan(Reader(sources, text_bytes), corpus_options, file, progress or Silent())
        if rewrite is not None:
            found = rewrite(file, found)
        if vocabulary is None:
            vocabulary, final_ids = _build(found, vocabulary_options)
        elif extend:
            vocabulary, final_ids = _extend(found, vocabulary, vocabulary_options)
        else:
            final_ids = _number(found, vocabulary)
        longest = corpus_options.max_sentence
        room = block_ids - 1  # a cut sentence is given an end when it is read
        if longest is not None:
            room = max(1, room * longest // (longest + 1))
        blocks = _renumber_all(file, found, final_ids, corpus_options.threads, room)
        prose = corpus_options.tokens == "whitespace" and looks_like_prose(vocabulary)
        return EncodedCorpus(file, vocabulary, found, blocks, block_ids, longest, prose)
    except BaseException:
        file.close()
        raise


def count(
    sources: Sources,
    corpus_options: CorpusOptions,
    vocabulary_options: VocabularyOptions,
    *,
    progress: Progress | None = None,
) -> Vocabulary:
    """Read a text once and count its words; nothing is kept on disk.

    Raises:
        CorpusError: the text can't be read or has no tokens.
        VocabularyError: fewer than two words are left.
        MissingExtraError: a file is compressed with zstd and this Python can't read that.
    """
    found = scan(Reader(sources), corpus_options, None, progress or Silent())
    return _build(found, vocabulary_options)[0]


def _build(found: Scan, options: VocabularyOptions) -> tuple[Vocabulary, list[Ids]]:
    """Return the vocabulary, and for each table what each of its words becomes: an id or _DROPPED."""
    merged, *others = found.tables
    mappings = [np.arange(len(merged), dtype=np.int32)]
    if not merged.is_composed():
        merged, others, mappings = WordTable(), found.tables, []
    mappings += map(merged.merge, others)
    kept = merged.counts >= options.min_count
    words, counts = merged.words(kept), merged.counts[kept]
    order = frequency_order(words, counts)[: options.max_vocab]
    if len(order) < 2:
        raise VocabularyError(_too_few(merged, options.min_count))
    final_ids = np.full(len(merged), _DROPPED, np.int32)
    final_ids[np.flatnonzero(kept)[order]] = np.arange(len(order), dtype=np.int32)
    return Vocabulary([words[i] for i in order.tolist()], counts[order]), [final_ids[mapping] for mapping in mappings]


def _too_few(table: WordTable, min_count: int) -> str:
    top = int(table.counts.argmax())
    (word,) = table.words(np.arange(len(table)) == top)
    times = counted(table.counts[top], "time")
    if len(table) == 1:
        return f"the text has one word only, {word!r}, {times}; two different words are needed"
    return (
        f"fewer than two words occur --min-count {min_count} times or more (the most frequent, {word!r}, occurs"
        f" {times}); lower --min-count, or add text"
    )


def _number(found: Scan, vocabulary: Vocabulary) -> list[Ids]:
    """Return for each table what each of its words becomes: its id in a given vocabulary, or _DROPPED."""
    if len(vocabulary) < 2:
        raise VocabularyError(
            f"the vocabulary has {counted(len(vocabulary), 'word')}; two or more are needed, so give another"
        )
    _, mappings = _merged_behind(vocabulary, found)
    return [np.where(mapping < len(vocabulary), mapping, np.int32(_DROPPED)) for mapping in mappings]


def _extend(found: Scan, known: Vocabulary, options: VocabularyOptions) -> tuple[Vocabulary, list[Ids]]:
    """Return known and new words with their counts added up, and what each table's words become, as `_build` does."""
    table, mappings = _merged_behind(known, found)
    counts = table.counts.copy()
    counts[: len(known)] += known.counts - 1  # the scan of the known words counted each once
    kept = (np.arange(len(table)) < len(known)) | (counts >= options.min_count)
    words, counts = table.words(kept), counts[kept]
    order = frequency_order(words, counts)
    if options.max_vocab is not None:
        is_new = order >= len(known)
        order = order[~is_new | (np.cumsum(is_new) <= options.max_vocab - len(known))]
    final_ids = np.full(len(table), _DROPPED, np.int32)
    final_ids[np.flatnonzero(kept)[order]] = np.arange(len(order), dtype=np.int32)
    return Vocabulary([words[i] for i in order.tolist()], counts[order]), [final_ids[mapping] for mapping in mappings]


def _merged_behind(known: Vocabulary, found: Scan) -> tuple[WordTable, list[Ids]]:
    """Return a table of known words, in order, and those found behind them; and where each found table's words are."""
    table = WordTable()
    text = " ".join(known.words).encode()
    table.scan(padded(text), len(text), np.empty(len(text) + 1, np.int32))
    return table, [table.merge(other) for other in found.tables]


def _renumber_all(
    file: IdFile, found: Scan, final_ids: list[Ids], threads: int, block_room: int
) -> list[tuple[int, int, int]]:
    """Replace all provisional ids in the file; return each training block's place, its ids and its tokens."""
    longest = max(n for _, _, n in found.blocks)

    def renumber(block: tuple[int, int, int]) -> list[tuple[int, int, int]]:
        table, place, n = block
        ids = np.empty(longest, np.int32)[:n]
        file.read(place, ids)
        ids = ids[: _renumber(ids, final_ids[table])]
        file.write(place, ids)
        return [(place + start, stop - start, _tokens(ids[start:stop])) for start, stop in _cuts(ids, block_room)]

    blocks = [piece for pieces in map_in_order(renumber, found.blocks, threads) for piece in pieces]
    if not blocks:
        raise VocabularyError("the text has no word of the vocabulary; give one of the same language and case")
    return blocks


@kernel
def _renumber(ids: Ids, final_ids: Ids) -> int:
    """Replace ids in place, leave out dropped words and then sentences without a word; return how many ids remain."""
    n = 0
    in_sentence = False
    for i in range(ids.shape[0]):
        word = ids[i]
        if word != SENTENCE_END:
            word = final_ids[word]
            if word != _DROPPED:
                ids[n] = word
                n += 1
                in_sentence = True
        elif in_sentence:
            ids[n] = SENTENCE_END
            n += 1
            in_sentence = False
    return n


@kernel
def _cut_sentences(ids: Ids, longest: int, out: Ids) -> int:
    """Write ids to `out` with an end behind every `longest` tokens of a sentence that goes on; return how many.

    The two may overlap as long as `ids` ends at least as far from the start of `out` as what is written.
    """
    n = tokens = 0
    for word in ids:
        if word == SENTENCE_END:
            tokens = 0
        elif tokens == longest:
            out[n] = SENTENCE_END
            n += 1
            tokens = 1
        else:
            tokens += 1
        out[n] = word
        n += 1
    return n


def _cuts(ids: Ids, room: int) -> Iterator[tuple[int, int]]:
    """Cut ids into stretches that fit the room of a block, behind a sentence end if the second half of one has any."""
    start = 0
    while start < len(ids):
        stop = min(start + room, len(ids))
        if stop < len(ids):
            ends = np.flatnonzero(ids[start + room // 2 : stop + 1] == SENTENCE_END)
            if len(ends):
                stop = start + room // 2 + int(ends[-1]) + 1
        yield start, stop
        start = stop


def _tokens(ids: Ids) -> int:
    return int(np.count_nonzero(ids != SENTENCE_END))


def looks_like_prose(vocabulary: Vocabulary) -> bool:
    """Say whether many words have punctuation attached, as the words of raw text do."""
    words, counts = vocabulary.words[:PROSE_WORDS], vocabulary.counts[:PROSE_WORDS]
    attached = np.fromiter(map(_is_punctuated, words), np.bool_, len(words))
    return int(counts[attached].sum()) > _PROSE_SHARE * int(counts.sum())


def _is_punctuated(word: str) -> bool:
    """Say whether punctuation is attached to the word, as in `"Well,`."""
    if word.isalnum():
        return False
    return (_is_punctuation(word[0]) or _is_punctuation(word[-1])) and any(map(str.isalnum, word))


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] == "P" and character not in _NOT_PROSE
