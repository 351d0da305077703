"""Means of context rows, as CBOW needs them: the rows of a group's windows, and what share of which mean each has.

Neighbouring windows hold the same rows for the most part. So a group's means are one small matrix product, which loads
each row once, and the gradients of the means go back to the rows the same way. For two centers c0 c1 with a reach of 2,
and m0 and m1 context words:

                    w      w      c0     c1     w      w
    shares of h_0   1/m0   1/m0   0      1/m0   1/m0   0      h_k  = sum_i a_ki v_i       `average`
    shares of h_1   0      1/m1   1/m1   0      1/m1   1/m1   v_i += sum_k b_ki dh_k      `distribute_gradient`

With the mean's own gradient, b = a; without its factor 1/m, as word2vec.c has it, b is 1 where a is 1/m.

The twins are `cbow_hidden` and the end of `train_cbow` in tests/reference.py.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import types
from numba.core import cgutils

from w2v.kernels.tiles import load_addresses, zeros
from w2v.simd import LANES, REGISTERS, Emitter, array_pointers, i32, i64, int_vector, intrinsic

_MAX_COLUMNS = 8  # vectors of a row at work together, so that 100 values take one loop over the rows with AVX-512


class SharedRows(NamedTuple):
    """`n_rows` rows from `first` on, and what share of each mean each has: shares[k * stride:] for mean k."""

    rows: npt.NDArray[np.int64]  # (rows,) addresses
    first: int
    n_rows: int
    shares: npt.NDArray[np.float32]  # (means * stride,)
    stride: int


@intrinsic
def fill_shares(typing, shared, mean, begin, skip, end, share):
    """Set the shares of one mean: `share` for the rows begin..end but `skip`, 0 for the others.

    Whole vectors are written.

    Args:
        shared: SharedRows.
        mean: int64, its number k.
        begin: int64; this and the next two count from the first of the shared rows.
        skip: int64, the center.
        end: int64, exclusive.
        share: float32.
    """
    signature = types.void(shared, mean, begin, skip, end, share)

    def codegen(context, builder, sig, args):
        shared, mean, begin, skip, end, share = array_pointers(context, builder, sig, args)
        emit = Emitter(builder)
        low, hole, high = (emit.broadcast(builder.trunc(place, i32)) for place in (begin, skip, end))
        value, zero = emit.broadcast(share), emit.splat(0.0)
        lanes = ir.Constant(int_vector, list(range(LANES)))
        start = builder.mul(mean, shared.stride)
        with cgutils.for_range_slice(builder, i64(0), shared.n_rows, i64(LANES), inc=True) as (row, _):
            numbers = builder.add(emit.broadcast(builder.trunc(row, i32)), lanes)
            inside = builder.and_(builder.icmp_signed(">=", numbers, low), builder.icmp_signed("<", numbers, high))
            inside = builder.and_(inside, builder.icmp_signed("!=", numbers, hole))
            here = builder.gep(shared.shares, [builder.add(start, row)])
            emit.store(builder.select(inside, value, zero), here, align=4)
        return context.get_dummy_value()

    return signature, codegen


@intrinsic
def average(typing, shared, means, chunks, group):
    """Set the rows at means[: group] to h_k = sum_i a_ki v_i.

    Args:
        shared: SharedRows; the v_i and the a_ki.
        means: int64 addresses.
        chunks: a row's length in vectors.
        group: static(how many means).
    """
    signature = types.void(shared, means, chunks, group)
    size = group.count

    def codegen(context, builder, sig, args):
        shared, means, chunks, _ = array_pointers(context, builder, sig, args)
        emit = Emitter(builder)
        targets = load_addresses(emit, means, i64(0), size)

        def sums_of(columns: list[ir.Value]) -> None:
            sums = [zeros(emit, len(columns)) for _ in range(size)]

            def add(address: ir.Value, factors: list[ir.Value]) -> None:
                for c, column in enumerate(columns):
                    x = emit.load(emit.pointer(address, column))
                    for k in range(size):
                        builder.store(emit.fma(factors[k], x, builder.load(sums[k][c])), sums[k][c])

            _for_each_row(emit, shared, size, add)
            for k in range(size):
                for c, column in enumerate(columns):
                    emit.store(builder.load(sums[k][c]), emit.pointer(targets[k], column))

        _for_each_block(emit, chunks, size, sums_of)
        return context.get_dummy_value()

    return signature, codegen


@intrinsic
def distribute_gradient(typing, shared, changes, chunks, group):
    """Add to the shared rows v_i += sum_k b_ki dh_k, where dh_k is the row at changes[k]; then clear these rows.

    Args:
        shared: SharedRows; the v_i and the b_ki.
        changes: int64 addresses.
        chunks: a row's length in vectors.
        group: static(how many changes).
    """
    signature = types.void(shared, changes, chunks, group)
    size = group.count

    def codegen(context, builder, sig, args):
        shared, changes, chunks, _ = array_pointers(context, builder, sig, args)
        emit = Emitter(builder)
        sources = load_addresses(emit, changes, i64(0), size)

        def distribute(columns: list[ir.Value]) -> None:
            places = [[emit.pointer(source, column) for column in columns] for source in sources]
            vectors = [[emit.load(place) for place in row] for row in places]

            def add(address: ir.Value, factors: list[ir.Value]) -> None:
                for c, column in enumerate(columns):
                    place = emit.pointer(address, column)
                    x = emit.load(place)
                    for k in range(size):
                        x = emit.fma(factors[k], vectors[k][c], x)
                    emit.store(x, place)

            _for_each_row(emit, shared, size, add)
            for row in places:
                for place in row:
                    emit.store(emit.splat(0.0), place)

        _for_each_block(emit, chunks, size, distribute)
        return context.get_dummy_value()

    return signature, codegen


def _for_each_row(
    emit: Emitter, shared: SimpleNamespace, size: int, body: Callable[[ir.Value, list[ir.Value]], None]
) -> None:
    """Emit a loop over the shared rows; `body` emits what is done with a row's address and its `size` shares."""
    b = emit.builder
    begins = [b.mul(shared.stride, i64(k)) for k in range(size)]
    with cgutils.for_range(b, shared.n_rows) as loop:
        (address,) = load_addresses(emit, shared.rows, b.add(shared.first, loop.index), 1)
        places = [b.gep(shared.shares, [b.add(begin, loop.index)]) for begin in begins]
        body(address, [emit.broadcast(b.load(place)) for place in places])


def _for_each_block(emit: Emitter, chunks: ir.Value, size: int, body: Callable[[list[ir.Value]], None]) -> None:
    """Emit a loop over blocks of a row's vectors; `body` emits what is done with one, given where its vectors begin.

    A block has as many vectors as `size` rows' fit the registers, and rows are the inner loop: a CPU mispredicts the
    end of a loop whose length changes about once each time it runs, so it should run seldom. The last block has fewer
    vectors; each number of them has code of its own.
    """
    b = emit.builder
    width = min(_MAX_COLUMNS, max(1, (REGISTERS - 4) // size))

    def columns(begin: ir.Value, count: int) -> list[ir.Value]:
        return [b.mul(b.add(begin, i64(c)), i64(LANES)) for c in range(count)]

    whole = b.sdiv(chunks, i64(width))
    with cgutils.for_range(b, whole) as loop:
        body(columns(b.mul(loop.index, i64(width)), width))
    begin = b.mul(whole, i64(width))
    end = b.append_basic_block("end")
    switch = b.switch(b.sub(chunks, begin), end)
    for count in range(1, width):
        block = b.append_basic_block(f"left{count}")
        switch.add_case(i64(count), block)
        b.position_at_end(block)
        body(columns(begin, count))
        b.branch(end)
    b.position_at_end(end)
