"""All steps from a text to its phrases, and to the text in which they are joined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from w2v.corpus.id_file import IdFile
from w2v.corpus.parallel_scan import Scan
from w2v.errors import PhraseError
from w2v.memory import memory_room
from w2v.options import PhraseOptions
from w2v.phrases.joining import PhraseIds, join_all
from w2v.phrases.numbered_text import NumberedText
from w2v.phrases.pair_counts import PairCounts, count_all
from w2v.phrases.pair_table import GAP_LIMIT, gap_digits, gap_of
from w2v.phrases.phrase_list import Phrase, Phrases
from w2v.phrases.scoring import SCORES, PairStatistics, Scores
from w2v.progress import Progress, Silent
from w2v.tokens.arrays import Int64s
from w2v.wording import counted

_MB = 1 << 20
_SHARE = 0.7  # of the memory that is free, for counting pairs


def find_in(
    text: NumberedText, options: PhraseOptions, progress: Progress | None = None, *, join_last: bool = True
) -> Phrases:
    """Find the phrases of a text and join them in its ids, pass by pass; a pass that finds none is the last.

    Args:
        text: the text; changed.
        options: which pairs of words are phrases.
        progress: receives progress.
        join_last: whether to join what the last pass found; only a text that is used afterwards needs it.

    Example:
        >>> from w2v.corpus import Sentences
        >>> from w2v.options import CorpusOptions
        >>> sentences = [["new", "york", "is", "new"], ["in", "new", "york"]]
        >>> with NumberedText.read_from(Sentences(sentences), CorpusOptions()) as text:
        ...     find_in(text, PhraseOptions(min_count=1, threshold=1.0))[:]
        [Phrase(token='new_york', words=('new', 'york'), score=1.1666666666666665, count=2, pass_number=1)]
    """
    progress = progress or Silent()
    found: list[Phrase] = []
    for pass_number in range(1, options.passes + 1):
        pairs, n_pairs = count_all(text, options.min_count, _pair_bytes(options), progress)
        scores = _scores(text, pairs, n_pairs, options)
        chosen = scores > options.least_score
        pairs, scores = PairCounts(*(column[chosen] for column in pairs)), scores[chosen]
        phrases = _named(text, pairs, scores, options.delimiter, pass_number)
        found += phrases
        if not phrases:
            break
        if join_last or pass_number < options.passes:
            tokens = text.table.number([phrase.token for phrase in phrases])
            join_all(text, PhraseIds(pairs.first, pairs.second, pairs.gap, tokens), progress)
    return Phrases(found)


def _pair_bytes(options: PhraseOptions) -> int:
    """Return how much memory to count pairs with: what the options allow, but no more than is free.

    With less, the ids of the text are read more often; the phrases are the same.
    """
    room = memory_room()
    most = options.memory * _MB
    return most if room is None else max(_MB, min(most, int(_SHARE * room.bytes)))


def join_in(text: NumberedText, phrases: Phrases, progress: Progress | None = None) -> list[Phrase]:
    """Join given phrases in the ids of a text, which was read with their connector words.

    Returns:
        The phrases that were never joined.

    Raises:
        PhraseError: a phrase has more connector words in a row than a gap can hold.
    """
    unused: list[Phrase] = []
    for phrases_of_pass in phrases.passes:
        times = join_all(text, _ids_of(text, phrases_of_pass), progress or Silent())
        unused += [phrase for phrase, count in zip(phrases_of_pass, times.tolist(), strict=True) if not count]
    return unused


def phrase_joiner(options: PhraseOptions, threads: int, progress: Progress) -> Callable[[IdFile, Scan], Scan]:
    """Return what joins the phrases of a scanned text before its words get their ids: the `rewrite` of `encode`."""

    def rewrite(file: IdFile, found: Scan) -> Scan:
        text = NumberedText(file, found, (), threads)
        phrases = find_in(text, options, progress)
        progress.note(
            f"{counted(len(phrases), 'phrase')} joined, such as {phrases[0].token}" if phrases else "no phrases found"
        )
        return text.as_scan()

    return rewrite


def _scores(text: NumberedText, pairs: PairCounts, n_pairs: int, options: PhraseOptions) -> Scores:
    counts = text.table.counts
    types = n_pairs + int(np.count_nonzero(counts[text.connectors.n :]))
    first, second = counts[pairs.first], counts[pairs.second]
    return SCORES[options.score](PairStatistics(pairs.counts, first, second, text.tokens, types, options.min_count))


def _named(text: NumberedText, pairs: PairCounts, scores: Scores, delimiter: str, pass_number: int) -> list[Phrase]:
    """Return phrases with their words, in the order of the pairs."""
    inside = _connectors(pairs.gap, text.connectors.n)
    spelling = text.spell(np.concatenate([pairs.first, pairs.second, np.arange(text.connectors.n)]))
    phrases = []
    for first, second, between, score, count in zip(
        pairs.first.tolist(), pairs.second.tolist(), inside, scores.tolist(), pairs.counts.tolist(), strict=True
    ):
        words = tuple(spelling[word] for word in (first, *between, second))
        phrases.append(Phrase(delimiter.join(words), words, score, count, pass_number))
    return phrases


def _connectors(gaps: Int64s, n_connectors: int) -> Iterable[Sequence[int]]:
    """Return the ids of the connector words of each gap."""
    if not gaps.any():
        return [()] * len(gaps)
    digits = np.stack(list(gap_digits(gaps, n_connectors)), axis=1)[:, ::-1]
    return [[digit for digit in row if digit >= 0] for row in digits.tolist()]


def _ids_of(text: NumberedText, phrases: Sequence[Phrase]) -> PhraseIds:
    ends = text.table.number([*(phrase.words[0] for phrase in phrases), *(phrase.words[-1] for phrase in phrases)])
    first, second = ends.astype(np.int64).reshape(2, -1)
    tokens = text.table.number([phrase.token for phrase in phrases])
    inside = iter(text.table.number([word for phrase in phrases for word in phrase.words[1:-1]]).tolist())
    gaps = []
    for phrase in phrases:
        gaps.append(gap_of([next(inside) for _ in phrase.words[1:-1]], text.connectors.n))
        if gaps[-1] >= GAP_LIMIT:
            raise PhraseError(
                f"the phrase {phrase.token!r} has too many words inside for a list with {text.connectors.n} different"
                " words inside phrases; leave it out"
            )
    return PhraseIds(first, second, np.array(gaps, np.int64), tokens)
