"""The front end that every kernel shares: from token ids to windows, as addresses of the rows to train.

A block of ids is first thinned by `subsample`; then `plan` draws, for a stretch of centers at a time, how far each
window reaches and its negatives. Planning ahead lets the kernels ask for rows before they need them.

GROUP neighbouring centers are trained as one block, whose input rows are the union of their windows and whose targets
are the centers and one set of negatives: most rows of neighbouring windows are the same, and so need loading and
storing once only. Which row predicts which center is said by weights (see `weigh`).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import njit, types

from w2v.kernels.blocks import MAX_TILE
from w2v.simd import LANES, ROW_FLOATS, aligned_zeros, array_pointers, f32, intrinsic

GROUP = 3  # neighbouring centers of a block: with 5 negatives they fill a tile of 8 targets
STRETCH = 20  # groups planned together
PATTERNS = 1 << GROUP
PATTERN_FLOATS = MAX_TILE

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_S27, _S30, _S31, _S32 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(32)
_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_LOW = np.uint64(0xFFFFFFFF)


# Only kernels call these: an entry for Python and a cache of their own would take as long to compile as they do. Left
# to itself, LLVM would call the larger ones, at the price of handing over every array's description.
_options: Any = {"forceinline": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
_inlined = njit(nogil=True, **_options)


class Sampling(NamedTuple):
    """What is drawn from (w2v/sampling.py makes the tables)."""

    keep: npt.NDArray[np.uint32]  # (V,) a token is kept when 32 random bits are at most this
    alias: npt.NDArray[np.uint64]  # (V,) below the high 32 bits take the word itself, else the word in the low 32
    window: int
    soft: bool


class Rows(NamedTuple):
    """Where the rows lie, as addresses: those of words below `head` in a thread's private copy."""

    inputs: int
    private_inputs: int
    outputs: int
    private_outputs: int
    head: int
    row_bytes: int
    padding: int  # a row of zeros that stands where a block has no row


class Plan(NamedTuple):
    """A thread's buffers for one block of ids, and for the groups of one stretch of it."""

    words: npt.NDArray[np.int32]  # (ids,) the tokens that subsampling kept
    first: npt.NDArray[np.int32]  # (ids,) where the sentence of each kept token begins in words
    last: npt.NDArray[np.int32]  # (ids,) where it ends (exclusive)
    left: npt.NDArray[np.int32]  # (STRETCH * GROUP,) where each center's window begins in words
    right: npt.NDArray[np.int32]  # (STRETCH * GROUP,) where it ends (exclusive)
    negatives: npt.NDArray[np.int32]  # (STRETCH, negative) words
    clashes: npt.NDArray[np.bool_]  # (STRETCH,) whether a negative of the group is one of its centers
    inputs: npt.NDArray[np.int64]  # input rows of a window before the stretch, it, and a window and a group after it
    targets: npt.NDArray[np.int64]  # (STRETCH * targets,) output rows: the group's centers, its negatives, padding
    patterns: npt.NDArray[np.float32]  # (tiles, PATTERNS, tile) weights of a row by the centers whose window has it
    weights: npt.NDArray[np.float32]  # (tiles * rows * tile,) the weights of one group

    @classmethod
    def create(cls, max_ids: int, window: int, negative: int, tile: int) -> Plan:
        """Make the buffers for blocks of up to max_ids ids."""
        tiles = -(-(GROUP + negative) // tile)
        patterns = np.zeros((PATTERNS, tiles * tile), np.float32)
        members = np.arange(PATTERNS)[:, None] >> np.arange(GROUP) & 1
        patterns[:, :GROUP] = members
        patterns[:, GROUP : GROUP + negative] = -members.sum(axis=1, keepdims=True)
        padded = np.zeros((tiles, PATTERNS, PATTERN_FLOATS), np.float32)
        padded[:, :, :tile] = patterns.reshape(PATTERNS, tiles, tile).transpose(1, 0, 2)
        return cls(
            words=np.zeros(max_ids, np.int32),
            first=np.zeros(max_ids, np.int32),
            last=np.zeros(max_ids, np.int32),
            left=np.zeros(STRETCH * GROUP, np.int32),
            right=np.zeros(STRETCH * GROUP, np.int32),
            negatives=np.zeros((STRETCH, negative), np.int32),
            clashes=np.zeros(STRETCH, np.bool_),
            inputs=np.zeros(STRETCH * GROUP + 2 * window + GROUP, np.int64),
            targets=np.zeros(STRETCH * tiles * tile, np.int64),
            patterns=padded.ravel(),
            weights=np.zeros(tiles * group_rows(window) * tile + 16, np.float32),
        )


class Scratch(NamedTuple):
    """A thread's small working memory for one group."""

    errors: npt.NDArray[np.float32]  # (rows * tile,) of one tile
    tally: npt.NDArray[np.float32]  # (2 * LANES,) losses in bits, and scores
    means: npt.NDArray[np.int64]  # (GROUP + 1,) CBOW: the row of each center's mean context vector
    mean_changes: npt.NDArray[np.int64]  # (GROUP + 1,) CBOW: the row of its change

    @classmethod
    def create(cls, window: int, tile: int, spare_rows: npt.NDArray[np.float32]) -> Scratch:
        """Make working memory; spare_rows (2 * (GROUP + 1), row floats) are aligned zeros that outlive it."""
        addresses = spare_rows.ctypes.data + np.arange(len(spare_rows)) * spare_rows.strides[0]
        return cls(
            errors=aligned_zeros(1, group_rows(window) * tile + ROW_FLOATS)[0],
            tally=aligned_zeros(1, 2 * LANES)[0],
            means=addresses[: GROUP + 1].copy(),
            mean_changes=addresses[GROUP + 1 :].copy(),
        )


def group_rows(window: int) -> int:
    """Return the most rows of a group, with room for one more, since rows are scored in pairs."""
    return GROUP + 2 * window + 1


@_inlined
def _mix(state: Any) -> Any:
    """SplitMix64's output function (Steele, Lea, Flood 2014): 64 random bits from a counter that steps by _GOLDEN."""
    state = (state ^ (state >> _S30)) * _MIX_1
    state = (state ^ (state >> _S27)) * _MIX_2
    return state ^ (state >> _S31)


@_inlined
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
        state += _GOLDEN
        if (_mix(state) >> _S32) <= keep[word]:
            words[n] = word
            n += 1
    return state, n


@_inlined
def plan(buffers: Any, start: Any, n: Any, sampling: Any, rows: Any, state: Any) -> Any:
    """Plan the groups of one stretch, whose first center is number `start` of the n kept words.

    For each center a reach is drawn from 1..window (soft windows; Mikolov et al. 2013, "Efficient Estimation of Word
    Representations in Vector Space", section 3.2), for each group its negatives (Mikolov et al. 2013, "Distributed
    Representations of Words and Phrases", section 2.2).

    Returns:
        The random state after the draws, and the number of groups.
    """
    words, first, last, left, right, negatives, clashes, inputs, targets = buffers[:9]
    window = sampling.window
    stop = min(n, start + STRETCH * GROUP)
    groups = -(-(stop - start) // GROUP)
    end = min(n, stop + window)
    for i in range(max(0, start - window), end):
        word = words[i]
        base = rows.private_inputs if word < rows.head else rows.inputs
        inputs[i - start + window] = base + np.int64(word) * rows.row_bytes
    for i in range(end, start + STRETCH * GROUP + window + GROUP):
        inputs[i - start + window] = rows.padding
    for center in range(start, start + groups * GROUP):
        left[center - start] = right[center - start] = stop
        if center < stop:
            state += _GOLDEN
            reach = window
            if sampling.soft:
                reach = 1 + np.int64(((_mix(state) >> _S32) * np.uint64(window)) >> _S32)
            left[center - start] = max(np.int64(first[center]), center - reach)
            right[center - start] = min(np.int64(last[center]), center + reach + 1)
    n_words = np.uint64(sampling.alias.shape[0])
    negative = negatives.shape[1]
    width = targets.shape[0] // STRETCH
    for group in range(groups):
        place = group * width
        for k in range(GROUP):
            center = start + group * GROUP + k
            targets[place + k] = rows.padding
            if center < stop:
                word = words[center]
                base = rows.private_outputs if word < rows.head else rows.outputs
                targets[place + k] = base + np.int64(word) * rows.row_bytes
        clash = False
        first_center = start + group * GROUP
        for j in range(negative):
            state += _GOLDEN
            bits = _mix(state)
            slot = ((bits >> _S32) * n_words) >> _S32
            entry = sampling.alias[slot]
            word = np.int32(slot) if (bits & _LOW) < (entry >> _S32) else np.int32(entry & _LOW)
            negatives[group, j] = word
            for k in range(GROUP):
                clash |= words[min(first_center + k, stop - 1)] == word
            base = rows.private_outputs if word < rows.head else rows.outputs
            targets[place + GROUP + j] = base + np.int64(word) * rows.row_bytes
        for j in range(GROUP + negative, width):
            targets[place + j] = rows.padding
        clashes[group] = clash
    return state, groups


@intrinsic
def _copy_row(typing: Any, source: Any, source_start: Any, target: Any, target_start: Any) -> Any:
    """Copy PATTERN_FLOATS float32 from source[source_start:] to target[target_start:]."""
    signature = types.void(source, source_start, target, target_start)

    def codegen(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        source, source_start, target, target_start = array_pointers(context, builder, sig, args)
        row = ir.VectorType(f32, PATTERN_FLOATS).as_pointer()
        value = builder.load(builder.bitcast(builder.gep(source, [source_start]), row), align=4)
        builder.store(value, builder.bitcast(builder.gep(target, [target_start]), row), align=4)
        return context.get_dummy_value()

    return signature, codegen


@_inlined
def weigh(buffers: Any, start: Any, group: Any, n: Any, weights_stride: Any, tile: Any) -> Any:
    """Write the weights of a planned group, and return where its rows begin and end in words, and its predictions.

    Row i, column k < GROUP has weight 1 when word i stands in the window of the group's k-th center: a prediction of
    that center from that word. A negative's column has minus the number of predictions made from the row, less those of
    a center that the negative happens to be: a word is never its own negative.
    """
    words, left, right, negatives = buffers.words, buffers.left, buffers.right, buffers.negatives
    patterns, weights = buffers.patterns, buffers.weights
    n_tile = len(tile)
    first_center = start + group * GROUP
    l0, l1, l2 = left[group * GROUP], left[group * GROUP + 1], left[group * GROUP + 2]
    r0, r1, r2 = right[group * GROUP], right[group * GROUP + 1], right[group * GROUP + 2]
    begin, end = min(l0, l1, l2), max(r0, r1, r2)
    for t in range(patterns.shape[0] // (PATTERNS * PATTERN_FLOATS)):
        place = t * weights_stride
        for i in range(begin, end):
            pattern = (
                (np.int64(i >= l0) & np.int64(i < r0) & np.int64(i != first_center))
                | (np.int64(i >= l1) & np.int64(i < r1) & np.int64(i != first_center + 1)) << 1
                | (np.int64(i >= l2) & np.int64(i < r2) & np.int64(i != first_center + 2)) << 2
            )
            _copy_row(patterns, (t * PATTERNS + pattern) * PATTERN_FLOATS, weights, place)
            place += n_tile
        _copy_row(patterns, t * PATTERNS * PATTERN_FLOATS, weights, place)
    if buffers.clashes[group]:
        for k in range(min(GROUP, n - first_center)):
            center = first_center + k
            for j in range(negatives.shape[1]):
                if negatives[group, j] == words[center]:
                    t, column = (GROUP + j) // n_tile, (GROUP + j) % n_tile
                    for i in range(left[group * GROUP + k], right[group * GROUP + k]):
                        if i != center:
                            weights[t * weights_stride + (i - begin) * n_tile + column] += np.float32(1.0)
    predictions = (r0 - l0) + (r1 - l1) + (r2 - l2) - min(GROUP, n - first_center)
    return np.int64(begin), np.int64(end), np.int64(predictions)


@_inlined
def weigh_means(buffers: Any, start: Any, group: Any, n: Any, weights_stride: Any, tile: Any) -> Any:
    """Write the weights for CBOW, where row k is the mean context of the group's k-th center; return its predictions.

    Row k predicts center k, if it has a context, against the negatives that are not that center.
    """
    words, left, right, negatives = buffers.words, buffers.left, buffers.right, buffers.negatives
    patterns, weights = buffers.patterns, buffers.weights
    n_tile = len(tile)
    predictions = 0
    for k in range(GROUP + 1):
        place = group * GROUP + k
        predicts = k < GROUP and start + place < n and right[place] - left[place] > 1
        predictions += predicts
        pattern = np.int64(predicts) << k
        for t in range(patterns.shape[0] // (PATTERNS * PATTERN_FLOATS)):
            row = t * weights_stride + k * n_tile
            _copy_row(patterns, (t * PATTERNS + pattern) * PATTERN_FLOATS, weights, row)
        if predicts and buffers.clashes[group]:
            for j in range(negatives.shape[1]):
                if negatives[group, j] == words[start + place]:
                    t, column = (GROUP + j) // n_tile, (GROUP + j) % n_tile
                    weights[t * weights_stride + k * n_tile + column] = 0.0
    return predictions


@_inlined
def drain(tally: Any) -> Any:
    """Return the losses in a tally, in bits, summed in float64, and clear it; NaN if a score was not finite."""
    bits = np.float64(0.0)
    scores = np.float64(0.0)
    for lane in range(LANES):
        bits += np.float64(tally[lane])
        scores += np.float64(tally[LANES + lane])
        tally[lane] = tally[LANES + lane] = 0.0
    return bits if np.isfinite(scores) else np.nan
