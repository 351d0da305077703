"""Which words of a scanned text get an id, and which one: those counted, those given, or both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.corpus.parallel_scan import Scan
from w2v.errors import VocabularyError
from w2v.options import VocabularyOptions
from w2v.options.checks import shown
from w2v.progress import Progress, Silent
from w2v.tokens.arrays import Int64s, TokenIds
from w2v.tokens.scanner import WordTable
from w2v.vocabulary import Vocabulary, frequency_order
from w2v.wording import counted

DROPPED = -2  # what a word without an id becomes


@dataclass(frozen=True)
class ExtendedVocabulary:
    """Known words, all of which stay, and those of the text that the options keep; their counts add up."""

    known: Vocabulary
    options: VocabularyOptions


WordChoice = VocabularyOptions | Vocabulary | ExtendedVocabulary


class WordIds(NamedTuple):
    """The words that have an id, and what the provisional ids of a scan become.

    Attributes:
        vocabulary: the words; a word's place is its id.
        final_ids: for each table of the scan, shape (words of the table,), the id of each of its words or DROPPED.
    """

    vocabulary: Vocabulary
    final_ids: list[TokenIds]


def choose_words(found: Scan, choice: WordChoice, progress: Progress | None = None) -> WordIds:
    """Return the words that get an id.

    Args:
        found: the scanned text.
        choice: VocabularyOptions choose among the words of the text; a Vocabulary is taken as it is, counts included;
            an ExtendedVocabulary is both.
        progress: receives a note on how many words an ExtendedVocabulary gains.

    Raises:
        VocabularyError: fewer than two words are left, or given.
    """
    if isinstance(choice, VocabularyOptions):
        return _counted_words(found, choice)
    if isinstance(choice, Vocabulary):
        return _given_words(found, choice)
    return _extended_words(found, choice, progress or Silent())


def _counted_words(found: Scan, options: VocabularyOptions) -> WordIds:
    merged, *others = found.tables
    mappings = [np.arange(len(merged), dtype=np.int32)]
    if not merged.is_finished():
        merged, others, mappings = WordTable(), found.tables, []
    mappings += map(merged.merge, others)
    kept = merged.counts >= options.min_count
    words, counts = merged.words(kept), merged.counts[kept]
    order = frequency_order(words, counts)[: options.max_vocab]
    if len(order) < 2:
        raise VocabularyError(_too_few(merged, options.min_count))
    return _in_order(order, words, counts, kept, mappings)


def _given_words(found: Scan, vocabulary: Vocabulary) -> WordIds:
    if len(vocabulary) < 2:
        raise VocabularyError(
            f"the vocabulary has {counted(len(vocabulary), 'word')}; two or more are needed, so give another"
        )
    _, mappings = _merged_behind(vocabulary, found)
    n = len(vocabulary)
    return WordIds(vocabulary, [np.where(mapping < n, mapping, np.int32(DROPPED)) for mapping in mappings])


def _extended_words(found: Scan, choice: ExtendedVocabulary, progress: Progress) -> WordIds:
    known, options = choice.known, choice.options
    table, mappings = _merged_behind(known, found)
    counts = table.counts.copy()
    counts[: len(known)] += known.counts
    kept = (np.arange(len(table)) < len(known)) | (counts >= options.min_count)
    words, counts = table.words(kept), counts[kept]
    order = frequency_order(words, counts)
    if options.max_vocab is not None:
        is_new = order >= len(known)
        order = order[~is_new | (np.cumsum(is_new) <= options.max_vocab - len(known))]
    n_new = np.count_nonzero(table.counts[len(known) :])
    progress.note(_gain(int(n_new), int(np.count_nonzero(kept)) - len(known), len(order) - len(known), options))
    return _in_order(order, words, counts, kept, mappings)


def _gain(n_new: int, n_frequent: int, n_added: int, options: VocabularyOptions) -> str:
    """Return how many of the new words of a text are added to known ones, and why the others are not."""
    if not n_new:
        return "the text has no new words"
    why = []
    if n_new > n_frequent:
        why.append(f"{n_new - n_frequent:,} below `min_count={options.min_count}`")
    if n_frequent > n_added:
        why.append(f"{n_frequent - n_added:,} beyond `max_vocab={options.max_vocab}`")
    return f"{n_added:,} of {counted(n_new, 'new word')} added" + (f"; left out: {', '.join(why)}" if why else "")


def _in_order(
    order: Int64s, words: list[str], counts: Int64s, kept: npt.NDArray[np.bool_], mappings: list[TokenIds]
) -> WordIds:
    """Return the kept words of a table in their final order, and what each word of the merged tables becomes.

    Args:
        order: (V,), the places of the words that get an id among those kept.
        words: the kept words, in the order of the table.
        counts: their counts.
        kept: for each word of the table whether it is among them.
        mappings: for each merged table, which word of the table each of its words is.
    """
    final_ids = np.full(len(kept), DROPPED, np.int32)
    final_ids[np.flatnonzero(kept)[order]] = np.arange(len(order), dtype=np.int32)
    vocabulary = Vocabulary([words[i] for i in order.tolist()], counts[order])
    return WordIds(vocabulary, [final_ids[mapping] for mapping in mappings])


def _merged_behind(known: Vocabulary, found: Scan) -> tuple[WordTable, list[TokenIds]]:
    """Return a table of known words, with count 0, and found ones behind; and where each found table's words are."""
    table = WordTable()
    table.number(known.words)
    return table, [table.merge(other) for other in found.tables]


def _too_few(table: WordTable, min_count: int) -> str:
    top = int(table.counts.argmax())
    (word,) = table.words(np.arange(len(table)) == top)
    times = counted(table.counts[top], "time")
    if len(table) == 1:
        return f"the text has one word only, {shown(word)}, {times}; two different words are needed"
    return (
        f"with `min_count={min_count}` fewer than two words are left (the most frequent, {shown(word)}, occurs"
        f" {times}); lower `min_count`, or add text"
    )
