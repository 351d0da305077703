"""The output layer that the options ask for: its tables, made once, and every thread's buffers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.errors import TrainingError
from w2v.kernels.hierarchy import Hierarchy
from w2v.kernels.negatives import SHARING, Negatives
from w2v.kernels.softmax import Softmax
from w2v.kernels.tiles import MAX_TILE, tile_of
from w2v.kernels.windows import MAX_GROUP, group_rows
from w2v.options import TrainingOptions
from w2v.sampling import alias_table, huffman_tree, keep_probabilities, negative_probabilities
from w2v.simd import aligned_zeros, row_floats

_PRODUCTS_PER_SECOND = 25e9  # multiplications of the exact softmax on one thread with AVX-512; others are slower
_LONGEST_EPOCH = 24 * 3600


def require_feasible(counts: npt.NDArray[np.int64], tokens: int, options: TrainingOptions) -> None:
    """Refuse an exact softmax over so many words that one epoch would take longer than a day.

    Args:
        counts: (V,) how often each word occurs.
        tokens: tokens of an epoch.
        options: how they are trained on.

    Raises:
        TrainingError: it would, by a rough and rather too short estimate.
    """
    if options.loss != "softmax":
        return
    kept = tokens / counts.sum() * (counts * keep_probabilities(counts, options.sample, options.subsample_rule)).sum()
    rows = kept * (1 if options.model == "cbow" else 1 + options.window / MAX_GROUP)
    seconds = 3 * rows * len(counts) * row_floats(options.dim) / _PRODUCTS_PER_SECOND / options.threads
    if seconds > _LONGEST_EPOCH:
        raise TrainingError(
            f"--loss softmax: one epoch over {len(counts):,} words takes about {seconds / 3600:,.0f} hours; use --loss"
            " hs or ns, lower --max-vocab, or add --yes to start all the same"
        )


class OutputLayer:
    """What kernels need to know of the loss.

    Attributes:
        tile: number of targets that are trained together.
    """

    def __init__(self, counts: npt.NDArray[np.int64], options: TrainingOptions) -> None:
        self._counts, self._options = counts, options
        self._sharing = SHARING[options.model]
        self.tile = tile_of(self._sharing + options.negative) if options.loss == "ns" else MAX_TILE
        if options.loss == "ns":
            self._negatives = negative_probabilities(counts, options.ns_exponent)
            self._alias = alias_table(self._negatives)
        elif options.loss == "hs":
            self._tree = huffman_tree(counts)

    def create(self, floats: int) -> tuple[Any, npt.NDArray[np.float32] | None]:
        """Make one thread's layer for rows of so many floats; also return memory that must outlive it, if any."""
        window = self._options.window
        if self._options.loss == "ns":
            return Negatives.create(self._alias, self._options.negative, window, self._sharing), None
        if self._options.loss == "hs":
            return Hierarchy.create(self._tree, window), None
        spare_rows = aligned_zeros(group_rows(window), floats)
        return Softmax.create(len(self._counts), window, spare_rows), spare_rows

    def touched(self, tokens: float) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Estimate how many predictions touch each input and each output row in a text of so many tokens."""
        counts, options = self._counts, self._options
        kept = tokens * counts / counts.sum() * keep_probabilities(counts, options.sample, options.subsample_rule)
        context = 1.0
        if options.model == "skipgram":
            context = options.window + 1 if options.window_mode == "soft" else 2 * options.window
        if options.loss == "ns":
            targets = kept + kept.sum() * options.negative * self._negatives
            return context * kept * (1 + options.negative), context * targets
        if options.loss == "hs":
            lengths = np.diff(self._tree.starts)
            nodes = np.bincount(self._tree.nodes, np.repeat(kept, lengths), len(counts) - 1).astype(np.float64)
            return context * kept * lengths, context * nodes
        return context * kept * 2, np.full(len(counts), context * kept.sum())
