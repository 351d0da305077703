"""Windows that are whole sentences, as baskets are: which runs have them, and how far they reach.

The kernels know windows of one size. One that reaches as far as the longest sentence, cut at the ends of each, makes
every other token of a sentence the context of each: in an epoch, each pair of tokens is trained once each way.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Set

from w2v.options import CorpusOptions, TrainingOptions
from w2v.options.text_formats import BASKETS
from w2v.options.training import MOST_WHOLE, MOST_WINDOW, WHOLE
from w2v.training.training_corpus import ReadText

Chosen = tuple[CorpusOptions, TrainingOptions, Set[str]]


def with_baskets(corpus: CorpusOptions, training: TrainingOptions, given: Set[str]) -> Chosen:
    """Return the options, and the names of those that are given, with what baskets imply and a limit to the context.

    Example:
        >>> _, training, _ = with_baskets(CorpusOptions(text_format="baskets"), TrainingOptions(), set())
        >>> training.window_mode
        'whole'
    """
    if corpus.text_format == BASKETS and "window_mode" not in given:
        training = dataclasses.replace(training, window_mode=WHOLE)
        given = given | {"window_mode"}
    if training.window_mode == WHOLE and corpus.max_sentence is None:
        corpus = dataclasses.replace(corpus, max_sentence=MOST_WHOLE)
    return corpus, training, given


def with_reach(training: TrainingOptions, corpus: CorpusOptions, encoded: ReadText) -> TrainingOptions:
    """Return the options with a window that reaches as far as the longest sentence, if windows are whole sentences."""
    if training.window_mode != WHOLE:
        return training
    longest = min(encoded.longest_sentence, corpus.max_sentence or MOST_WINDOW, MOST_WINDOW)
    return dataclasses.replace(training, window=max(1, longest - 1))


def least_block_ids(training: TrainingOptions, corpus: CorpusOptions) -> int:
    """Return how many ids a block must have room for, so that whole sentences are not cut where blocks end."""
    return 2 * (corpus.max_sentence or MOST_WHOLE) + 2 if training.window_mode == WHOLE else 0


def notes_on_whole(training: TrainingOptions, corpus: CorpusOptions, encoded: ReadText, given: Set[str]) -> list[str]:
    """Return what to tell the user of windows that are whole sentences."""
    if training.window_mode != WHOLE:
        return []
    option = "text_format=baskets" if corpus.text_format == BASKETS else "window_mode=whole"
    notes = [f"`window` has no effect with `{option}`"] if "window" in given else []
    if corpus.max_sentence is not None and encoded.longest_sentence > corpus.max_sentence:
        kind = "basket" if corpus.text_format == BASKETS else "sentence"
        notes.append(
            f"the longest {kind} has {encoded.longest_sentence:,} tokens; those of more than {corpus.max_sentence:,}"
            " are split, see `max_sentence`"
        )
    return notes
