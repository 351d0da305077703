"""The front end that every kernel shares: from token ids to windows, as addresses of the rows to train.

A block of ids is first thinned by `subsample`; then `plan_windows` draws, for a stretch of centers at a time, how far
each window reaches. Planning ahead lets the kernels ask for rows before they need them.

Neighbouring centers are trained as one group, whose input rows are the union of their windows: most rows of
neighbouring windows are the same, and so need loading and storing once only. What the rows predict, and how many
centers make a group, is up to the output layer (see layers.py).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from w2v.simd import LANES, ROW_FLOATS, aligned_zeros, row_floats

STRETCH = 60  # centers planned together; a multiple of every output layer's group
MAX_GROUP = 12  # centers

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_S27, _S30, _S31, _S32 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(32)
_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)

# Only kernels call these: an entry for Python and a cache of their own would take as long to compile as they do. Left
# to itself, LLVM would call the larger ones, at the price of handing over every array's description.
INLINED: Any = {"forceinline": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
inlined = njit(nogil=True, **INLINED)
KERNEL: Any = {"cache": True, "nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}


class Sampling(NamedTuple):
    """What is drawn from (w2v/sampling.py makes the table)."""

    keep: npt.NDArray[np.uint32]  # (V,) a token is kept when 32 random bits are at most this
    window: int
    soft: bool


class Rows(NamedTuple):
    """Where the rows lie, as addresses: those below number `head` in a thread's private copy."""

    inputs: int
    private_inputs: int
    outputs: int
    private_outputs: int
    head: int
    row_bytes: int
    padding: int  # a row of zeros that stands where a group has no row


class Windows(NamedTuple):
    """A thread's buffers for one block of ids, and for the windows of one stretch of it."""

    words: npt.NDArray[np.int32]  # (ids,) the tokens that subsampling kept
    first: npt.NDArray[np.int32]  # (ids,) where the sentence of each kept token begins in words
    last: npt.NDArray[np.int32]  # (ids,) where it ends (exclusive)
    left: npt.NDArray[np.int32]  # (STRETCH,) where each center's window begins in words
    right: npt.NDArray[np.int32]  # (STRETCH,) where it ends (exclusive); left where there is no center
    inputs: npt.NDArray[np.int64]  # input rows of a window before the stretch, it, and a window and a group after it

    @classmethod
    def create(cls, max_ids: int, window: int) -> Windows:
        """Make the buffers for blocks of up to max_ids ids."""
        return cls(
            words=np.zeros(max_ids, np.int32),
            first=np.zeros(max_ids, np.int32),
            last=np.zeros(max_ids, np.int32),
            left=np.zeros(STRETCH, np.int32),
            right=np.zeros(STRETCH, np.int32),
            inputs=np.zeros(STRETCH + 2 * window + MAX_GROUP, np.int64),
        )


class Scratch(NamedTuple):
    """A thread's small working memory for one group."""

    errors: npt.NDArray[np.float32]  # (rows * tile,) scores, then errors, of one tile
    tally: npt.NDArray[np.float32]  # (2 * LANES,) losses in bits, and scores
    means: npt.NDArray[np.int64]  # (MAX_GROUP + 1,) CBOW: the row of each center's mean context vector
    mean_changes: npt.NDArray[np.int64]  # (MAX_GROUP + 1,) CBOW: the row of its change
    mean_shares: npt.NDArray[np.float32]  # (MAX_GROUP * n,) CBOW: what share of each mean each of n rows has
    change_shares: npt.NDArray[np.float32]  # (MAX_GROUP * n,) CBOW: what share of its change each gets

    @classmethod
    def create(cls, window: int, tile: int, spare_rows: npt.NDArray[np.float32]) -> Scratch:
        """Make working memory; spare_rows (2 * (MAX_GROUP + 1), row floats) are aligned zeros that outlive it."""
        addresses = row_addresses(spare_rows)
        return cls(
            errors=aligned_zeros(1, group_rows(window) * tile + ROW_FLOATS)[0],
            tally=aligned_zeros(1, 2 * LANES)[0],
            means=addresses[: MAX_GROUP + 1].copy(),
            mean_changes=addresses[MAX_GROUP + 1 :].copy(),
            mean_shares=np.zeros(MAX_GROUP * row_floats(group_rows(window)), np.float32),
            change_shares=np.zeros(MAX_GROUP * row_floats(group_rows(window)), np.float32),
        )


def row_addresses(rows: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """Return where each row of a matrix lies."""
    addresses: npt.NDArray[np.int64] = rows.ctypes.data + np.arange(len(rows)) * rows.strides[0]
    return addresses


def group_rows(window: int) -> int:
    """Return the most rows of a group, with room for one more, since rows are scored in pairs."""
    return MAX_GROUP + 2 * window + 1


@inlined
def mix(state: Any) -> Any:
    """SplitMix64's output function (Steele, Lea, Flood 2014): 64 random bits from a counter that steps by GOLDEN."""
    state = (state ^ (state >> _S30)) * _MIX_1
    state = (state ^ (state >> _S27)) * _MIX_2
    return state ^ (state >> _S31)


@inlined
def subsample(ids: Any, keep: Any, state: Any, words: Any, first: Any, last: Any) -> Any:
    """Copy to words the tokens that subsampling keeps, with the bounds of their sentences; -1 in ids ends a sentence.

    Example: ids = [4, 0, 7, -1, 9, -1] with 0 discarded gives words [4, 7, 9], first [0, 0, 2], last [2, 2, 3].

    Returns:
        The random state after the draws, and the number of words.
    """
    n = 0
    begin = 0
    for i in range(ids.shape[0] + 1):
        word = ids[i] if i < ids.shape[0] else np.int32(-1)
        if word < 0:
            for k in range(begin, n):
                first[k] = begin
                last[k] = n
            begin = n
            continue
        state += GOLDEN
        if (mix(state) >> _S32) <= keep[word]:
            words[n] = word
            n += 1
    return state, n


@inlined
def input_row(rows: Any, word: Any) -> Any:
    """Return where a word's input row lies."""
    return (rows.private_inputs if word < rows.head else rows.inputs) + np.int64(word) * rows.row_bytes


@inlined
def output_row(rows: Any, number: Any) -> Any:
    """Return where a row of the output matrix lies."""
    return (rows.private_outputs if number < rows.head else rows.outputs) + np.int64(number) * rows.row_bytes


@inlined
def plan_windows(windows: Any, start: Any, n: Any, sampling: Any, rows: Any, state: Any) -> Any:
    """Plan the windows of one stretch, whose first center is number `start` of the n kept words.

    For each center a reach is drawn from 1..window (soft windows; Mikolov et al. 2013, "Efficient Estimation of Word
    Representations in Vector Space", section 3.2).

    Returns:
        The random state after the draws.
    """
    words, first, last, left, right, inputs = windows
    window = sampling.window
    # Comparisons instead of min and max, each of which Numba would compile as a function of its own.
    stop = start + STRETCH if start + STRETCH < n else n
    end = stop + window if stop + window < n else n
    for i in range(start - window if start > window else 0, end):
        inputs[i - start + window] = input_row(rows, words[i])
    for i in range(end - start + window, inputs.shape[0]):
        inputs[i] = rows.padding
    for center in range(start, start + STRETCH):
        left[center - start] = right[center - start] = stop
        if center < stop:
            state += GOLDEN
            reach = window
            if sampling.soft:
                reach = 1 + np.int64(((mix(state) >> _S32) * np.uint64(window)) >> _S32)
            left[center - start] = center - reach if center - reach > first[center] else first[center]
            right[center - start] = center + reach + 1 if center + reach < last[center] else last[center]
    return state


@inlined
def group_bounds(windows: Any, group: Any, size: Any, n: Any) -> Any:
    """Return where the rows of a group of `size` planned centers begin and end in the n kept words."""
    begin, end = np.int64(n), np.int64(0)
    for k in range(group * size, (group + 1) * size):
        begin = windows.left[k] if windows.left[k] < begin else begin
        end = windows.right[k] if windows.right[k] > end else end
    return begin, end


@inlined
def drain(tally: Any) -> Any:
    """Return the losses in a tally, in bits, summed in float64, and clear it; NaN if a score was not finite."""
    bits = np.float64(0.0)
    scores = np.float64(0.0)
    for lane in range(LANES):
        bits += np.float64(tally[lane])
        scores += np.float64(tally[LANES + lane])
        tally[lane] = tally[LANES + lane] = 0.0
    return bits if scores - scores == 0.0 else np.nan
