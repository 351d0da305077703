"""What one thread trains with: where the rows of both matrices lie, and its working memory.

    Workspace
      sampling   which tokens are kept, and how far windows reach; the same for all threads
      rows       the addresses of both matrices, and of the thread's private rows
      windows    the tokens of one block, and the windows of one stretch of it
      scratch    the scores of one tile, and CBOW's means

An output layer has buffers of its own, for the targets of one stretch (see output_layer.py).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.compiling import inlined, provides
from w2v.options.training import STRETCH as STRETCH
from w2v.simd import LANES, ROW_FLOATS, aligned_zeros, row_floats

MAX_GROUP = 12  # centers


class Sampling(NamedTuple):
    """Which tokens are kept, and how far windows reach."""

    keep_thresholds: npt.NDArray[np.uint32]  # (V,) a token is kept when 32 random bits are at most this
    window: int
    soft: bool  # whether each window's reach is drawn from 1..window, or always the whole window


class RowAddresses(NamedTuple):
    """Where the rows of both matrices lie; the first `n_private` rows of each in a thread's private copy."""

    input_vectors: int
    private_input_vectors: int
    output_vectors: int
    private_output_vectors: int
    n_private: int
    row_bytes: int
    padding: int  # a row of zeros that stands where a group has no row


class WindowBuffers(NamedTuple):
    """The tokens of one block that subsampling kept, and the windows of one stretch of them."""

    words: npt.NDArray[np.int32]  # (ids,) the kept tokens
    sentence_start: npt.NDArray[np.int32]  # (ids,) where the sentence of each kept token begins in words
    sentence_end: npt.NDArray[np.int32]  # (ids,) where it ends (exclusive)
    left: npt.NDArray[np.int32]  # (STRETCH,) where each center's window begins in words
    right: npt.NDArray[np.int32]  # (STRETCH,) where it ends (exclusive); `left` where there is no center
    input_rows: npt.NDArray[np.int64]  # rows of a window before the stretch, it, and a window and a group after it

    @classmethod
    def create(cls, max_ids: int, window: int) -> WindowBuffers:
        """Make the buffers for blocks of up to max_ids ids."""
        return cls(
            words=np.zeros(max_ids, np.int32),
            sentence_start=np.zeros(max_ids, np.int32),
            sentence_end=np.zeros(max_ids, np.int32),
            left=np.zeros(STRETCH, np.int32),
            right=np.zeros(STRETCH, np.int32),
            input_rows=np.zeros(STRETCH + 2 * window + MAX_GROUP, np.int64),
        )


class Scratch(NamedTuple):
    """Working memory for one group."""

    errors: npt.NDArray[np.float32]  # (rows * tile,) scores, then errors, of one tile
    tally: npt.NDArray[np.float32]  # (2 * LANES,) losses in bits, and scores
    means: npt.NDArray[np.int64]  # (MAX_GROUP + 1,) CBOW: the row of each center's mean context vector
    mean_changes: npt.NDArray[np.int64]  # (MAX_GROUP + 1,) CBOW: the row of its change
    mean_shares: npt.NDArray[np.float32]  # (MAX_GROUP * n,) CBOW: what share of each mean each of n rows has
    change_shares: npt.NDArray[np.float32]  # (MAX_GROUP * n,) CBOW: what share of its change each gets
    mean_rows: npt.NDArray[np.float32]  # (2 * (MAX_GROUP + 1), row floats) where `means` and `mean_changes` lie

    @classmethod
    def create(cls, window: int, tile: int, floats: int) -> Scratch:
        """Make working memory for rows of `floats` values, and tiles of `tile` targets."""
        mean_rows = aligned_zeros(2 * (MAX_GROUP + 1), floats)
        addresses = row_addresses(mean_rows)
        return cls(
            errors=aligned_zeros(1, group_rows(window) * tile + ROW_FLOATS)[0],
            tally=aligned_zeros(1, 2 * LANES)[0],
            means=addresses[: MAX_GROUP + 1].copy(),
            mean_changes=addresses[MAX_GROUP + 1 :].copy(),
            mean_shares=np.zeros(MAX_GROUP * row_floats(group_rows(window)), np.float32),
            change_shares=np.zeros(MAX_GROUP * row_floats(group_rows(window)), np.float32),
            mean_rows=mean_rows,
        )


class Workspace(NamedTuple):
    """What one thread trains with, whatever the output layer."""

    sampling: Sampling
    rows: RowAddresses
    windows: WindowBuffers
    scratch: Scratch


def row_addresses(rows: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """Return where each row of a matrix lies."""
    addresses: npt.NDArray[np.int64] = rows.ctypes.data + np.arange(len(rows)) * rows.strides[0]
    return addresses


def group_rows(window: int) -> int:
    """Return the most rows of a group, with room for one more, since rows are scored in pairs."""
    return MAX_GROUP + 2 * window + 1


# A word has one row. Subwords would have several: `plan_windows` is the only caller that asks for a word's input row.


def input_row(rows, word):
    """Return the address of a word's input row."""
    raise NotImplementedError


def output_row(rows, number):
    """Return the address of a row of the output matrix."""
    raise NotImplementedError


@provides(input_row, RowAddresses)
def _input_row(rows, word):
    matrix = rows.private_input_vectors if word < rows.n_private else rows.input_vectors
    return matrix + np.int64(word) * rows.row_bytes


@provides(output_row, RowAddresses)
def _output_row(rows, number):
    matrix = rows.private_output_vectors if number < rows.n_private else rows.output_vectors
    return matrix + np.int64(number) * rows.row_bytes


@inlined
def drain(tally):
    """Return the losses in a tally, in bits, summed in float64, and clear it; NaN if a score was not finite."""
    bits = np.float64(0.0)
    scores = np.float64(0.0)
    for lane in range(LANES):
        bits += np.float64(tally[lane])
        scores += np.float64(tally[LANES + lane])
        tally[lane] = tally[LANES + lane] = 0.0
    return bits if scores - scores == 0.0 else np.nan
