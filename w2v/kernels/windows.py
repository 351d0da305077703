"""From token ids to windows: subsampling, how far each window reaches, and the groups of centers trained together.

A block of ids is first thinned by `subsample`; then `plan_windows` draws, for a stretch of centers at a time, how far
each window reaches. Planning ahead lets the kernels prefetch rows before they need them.

Neighbouring centers form a group, whose input rows are the union of their windows. Most rows of neighbouring windows
are the same, so each is loaded and stored once. Three centers c0 c1 c2 with a reach of 2, 1 and 2:

    words          w   w   c0  c1  c2  w   w
    window of c0   [-------^-------]
    window of c1           [---^---]
    window of c2           [-------^-------]
    rows           begin                   end - 1

What the rows predict, and how many centers make a group, is up to the output layer (see output_layer.py).

The twin of a planned group is `Group` in tests/reference.py.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import types
from numba.core import cgutils

from w2v.compiling import inlined
from w2v.kernels.buffers import STRETCH, input_row
from w2v.kernels.random import STEP, random_bits, uniform_below, upper_half
from w2v.simd import array_pointers, i64, intrinsic, prefetch


class Group(NamedTuple):
    """Neighbouring centers that are trained together; places count from the start of the block's words."""

    number: int  # of the stretch's groups, from 0
    first: int  # of the stretch's centers, its first one: where it stands in `left` and `right`
    first_center: int  # place of that center
    begin: int  # place of its first row
    end: int  # place behind its last row
    first_row: int  # where the row of `begin` stands in `input_rows`
    n_words: int  # places of the block
    has_next: bool  # whether the stretch has another group after it


@inlined
def subsample(ids, keep_thresholds, state, windows):
    """Keep each token of word w with probability P(w): windows.words and the bounds of their sentences.

    P(w) = min(1, sqrt(t / f(w)) + t / f(w)), or another rule: see w2v.sampling.keep_probabilities.

    Example: ids = [4, 0, 7, -1, 9, -1] with 0 discarded gives words [4, 7, 9], sentence_start [0, 0, 2],
    sentence_end [2, 2, 3].

    Args:
        ids: (N,) int32; -1 ends a sentence.
        keep_thresholds: (V,) uint32.
        state: of the random stream.
        windows: WindowBuffers, to be filled.

    Returns:
        The random state after the draws, and the number of words.
    """
    words, sentence_start, sentence_end = windows.words, windows.sentence_start, windows.sentence_end
    n = 0
    begin = 0
    for i in range(ids.shape[0] + 1):
        word = ids[i] if i < ids.shape[0] else np.int32(-1)
        if word < 0:
            for k in range(begin, n):
                sentence_start[k] = begin
                sentence_end[k] = n
            begin = n
            continue
        state += STEP
        if upper_half(random_bits(state)) <= keep_thresholds[word]:
            words[n] = word
            n += 1
    return state, n


@inlined
def plan_windows(workspace, start, n, state):
    """Plan the windows of one stretch, whose first center is number `start` of the n kept words.

    For each center a reach b is drawn from 1..window (soft windows; Mikolov et al. 2013, "Efficient Estimation of Word
    Representations in Vector Space", section 3.2). Its window are the b words on either side, cut at the sentence's
    ends.

    Returns:
        The random state after the draws.
    """
    words, sentence_start, sentence_end, left, right, input_rows = workspace.windows
    sampling, rows = workspace.sampling, workspace.rows
    window = sampling.window
    # Comparisons instead of min and max, each of which Numba would compile as a function of its own.
    stop = start + STRETCH if start + STRETCH < n else n
    end = stop + window if stop + window < n else n
    for i in range(start - window if start > window else 0, end):
        input_rows[i - start + window] = input_row(rows, words[i])
    for i in range(end - start + window, input_rows.shape[0]):
        input_rows[i] = rows.padding
    for center in range(start, start + STRETCH):
        left[center - start] = right[center - start] = stop
        if center < stop:
            state += STEP
            reach = window
            if sampling.soft:
                reach = 1 + np.int64(uniform_below(random_bits(state), np.uint64(window)))
            start_of, end_of = sentence_start[center], sentence_end[center]
            left[center - start] = center - reach if center - reach > start_of else start_of
            right[center - start] = center + reach + 1 if center + reach < end_of else end_of
    return state


@inlined
def claim_windows(workspace, start, n, state):
    """Name the input rows as `plan_windows` does, and return the same state, without the rest of the plan."""
    window = workspace.sampling.window
    stop = start + STRETCH if start + STRETCH < n else n
    end = stop + window if stop + window < n else n
    for i in range(start - window if start > window else 0, end):
        input_row(workspace.rows, workspace.windows.words[i])
    return state + STEP * np.uint64(stop - start)


@inlined
def plan_group(workspace, number, size, start, stop, n):
    """Return the Group of that number, of `size` centers each, in the planned stretch of the centers start..stop."""
    left, right = workspace.windows.left, workspace.windows.right
    begin, end = np.int64(n), np.int64(0)
    for k in range(number * size, (number + 1) * size):
        begin = left[k] if left[k] < begin else begin
        end = right[k] if right[k] > end else end
    first = number * size
    has_next = start + first + size < stop
    return Group(number, first, start + first, begin, end, begin - start + workspace.sampling.window, n, has_next)


@inlined
def prefetch_next_group(workspace, group, size):
    """Prefetch the input rows that the next group may need and this one can't have: a window beyond its centers."""
    window = workspace.sampling.window
    lines = workspace.rows.row_bytes // 64
    for k in range(size):
        center = group.first + size + k
        newest = center + window  # of its window
        prefetch(workspace.windows.input_rows[newest + window], lines)  # input_rows begin a window before the stretch


@intrinsic
def values_at(typing, array, first, number):
    """Return array[first : first + n] as a tuple, for number = static(n); LLVM keeps it in registers."""
    signature = types.UniTuple(array.dtype, number.count)(array, first, number)

    def codegen(context, builder, sig, args):
        array, first, _ = array_pointers(context, builder, sig, args)
        places = [builder.gep(array, [builder.add(first, i64(k))]) for k in range(sig.return_type.count)]
        return cgutils.pack_array(builder, [builder.load(place) for place in places])

    return signature, codegen


@intrinsic
def centers_near(typing, place, first_center, left, right):
    """Return, as bits, which of a group's n centers have the word at `place` in their context, int64.

    Bit k is set when left[k] <= place < right[k] and place is not that of center k itself. In the group of c0 c1 c2:

        words          w   w   c0  c1  c2  w   w
        context of c0  x   x       x   x
        context of c1          x       x
        context of c2          x   x       x   x
        bits           001 001 110 101 011 100 100     (c2 c1 c0)

    Args:
        place: int64.
        first_center: place of center 0; the others follow it.
        left: n int32, where their windows begin.
        right: n int32, where they end (exclusive).
    """
    signature = types.int64(place, first_center, left, right)

    def codegen(context, builder, sig, args):
        place, first_center, lefts, rights = args
        bits = i64(0)
        for k in range(sig.args[2].count):
            left, right = (builder.sext(builder.extract_value(bounds, k), i64(0).type) for bounds in (lefts, rights))
            inside = builder.and_(builder.icmp_signed(">=", place, left), builder.icmp_signed("<", place, right))
            is_other = builder.icmp_signed("!=", place, builder.add(first_center, i64(k)))
            bit = builder.shl(builder.zext(builder.and_(inside, is_other), i64(0).type), i64(k))
            bits = builder.or_(bits, bit)
        return bits

    return signature, codegen
