"""Means of context rows, as CBOW needs them: the rows of a group's windows, and what share of which mean each has.

Neighbouring windows hold the same rows for the most part. So a group's means are one small matrix product, shares
(centers, rows) x rows, which loads each row once, and what the means learn goes back the same way.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils

from w2v.kernels.tiles import load_addresses, zeros
from w2v.simd import LANES, REGISTERS, Emitter, array_pointers, i32, i64, int_vector, intrinsic

_MAX_COLUMNS = 8  # vectors of a row at work together, so that 100 values take one loop over the rows with AVX-512


@intrinsic
def share_out(
    typing: Any, shares: Any, start: Any, rows: Any, first: Any, begin: Any, skip: Any, end: Any, share: Any
) -> Any:
    """Set shares[start : start + rows], those of rows number first on: `share` from begin to end, except 0 for skip.

    Whole vectors are written.
    """
    signature = types.void(shares, start, rows, first, begin, skip, end, share)

    def codegen(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        shares, start, rows, first, begin, skip, end, share = array_pointers(context, builder, sig, args)
        emit = Emitter(builder)

        def place(number: Any) -> Any:
            return emit.broadcast(builder.trunc(builder.sub(number, first), i32))

        low, hole, high = place(begin), place(skip), place(end)
        value, zero = emit.broadcast(share), emit.splat(0.0)
        lanes = ir.Constant(int_vector, list(range(LANES)))
        with cgutils.for_range_slice(builder, i64(0), rows, i64(LANES), inc=True) as (row, _):
            numbers = builder.add(emit.broadcast(builder.trunc(row, i32)), lanes)
            inside = builder.and_(builder.icmp_signed(">=", numbers, low), builder.icmp_signed("<", numbers, high))
            inside = builder.and_(inside, builder.icmp_signed("!=", numbers, hole))
            here = builder.gep(shares, [builder.add(start, row)])
            emit.store(builder.select(inside, value, zero), here, align=4)
        return context.get_dummy_value()

    return signature, codegen


@intrinsic
def average(
    typing: Any, inputs: Any, first: Any, rows: Any, shares: Any, stride: Any, means: Any, chunks: Any,
    group: Any,
) -> Any:  # fmt: skip
    """Set the rows means[: group] to the sums of the rows inputs[first : first + rows], each times its share.

    Those of mean k are shares[k * stride:].
    """
    signature = types.void(inputs, first, rows, shares, stride, means, chunks, group)
    size = group.count

    def codegen(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        inputs, first, rows, shares, stride, means, chunks, _ = array_pointers(context, builder, sig, args)
        emit = Emitter(builder)
        targets = load_addresses(emit, means, i64(0), size)
        for columns in _blocks(emit, chunks, size):
            sums = [zeros(emit, len(columns)) for _ in range(size)]
            for address, factors in _rows(emit, inputs, first, rows, shares, stride, size):
                for c, column in enumerate(columns):
                    x = emit.load(emit.pointer(address, column))
                    for k in range(size):
                        builder.store(emit.fma(factors[k], x, builder.load(sums[k][c])), sums[k][c])
            for k in range(size):
                for c, column in enumerate(columns):
                    emit.store(builder.load(sums[k][c]), emit.pointer(targets[k], column))
        return context.get_dummy_value()

    return signature, codegen


@intrinsic
def spread(
    typing: Any, inputs: Any, first: Any, rows: Any, shares: Any, stride: Any, changes: Any, chunks: Any,
    group: Any,
) -> Any:  # fmt: skip
    """Add to the rows inputs[first : first + rows] their shares of the rows changes[: group], and clear these.

    Those of change k are shares[k * stride:].
    """
    signature = types.void(inputs, first, rows, shares, stride, changes, chunks, group)
    size = group.count

    def codegen(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        inputs, first, rows, shares, stride, changes, chunks, _ = array_pointers(context, builder, sig, args)
        emit = Emitter(builder)
        sources = load_addresses(emit, changes, i64(0), size)
        for columns in _blocks(emit, chunks, size):
            places = [[emit.pointer(source, column) for column in columns] for source in sources]
            vectors = [[emit.load(place) for place in row] for row in places]
            for address, factors in _rows(emit, inputs, first, rows, shares, stride, size):
                for c, column in enumerate(columns):
                    place = emit.pointer(address, column)
                    x = emit.load(place)
                    for k in range(size):
                        x = emit.fma(factors[k], vectors[k][c], x)
                    emit.store(x, place)
            for row in places:
                for place in row:
                    emit.store(emit.splat(0.0), place)
        return context.get_dummy_value()

    return signature, codegen


def _rows(
    emit: Emitter, inputs: Any, first: Any, rows: Any, shares: Any, stride: Any, size: int
) -> Iterator[tuple[Any, list[Any]]]:
    """Emit a loop over rows, around what the caller does with a row's address and its `size` shares."""
    b = emit.builder
    begins = [b.mul(stride, i64(k)) for k in range(size)]
    with cgutils.for_range(b, rows) as loop:
        (address,) = load_addresses(emit, inputs, b.add(first, loop.index), 1)
        yield address, [emit.broadcast(b.load(b.gep(shares, [b.add(begin, loop.index)]))) for begin in begins]


def _blocks(emit: Emitter, chunks: Any, size: int) -> Iterator[list[Any]]:
    """Emit what the caller does for blocks of a row's vectors, each given as where its vectors begin, in floats.

    As many vectors stand in a block as `size` rows' fit the registers. Rows are the inner loop, run once a block: a CPU
    guesses the end of a loop that changes its length wrong about once each time it is run. What is left of a row has
    code of its own, for each number of vectors.
    """
    b = emit.builder
    width = min(_MAX_COLUMNS, max(1, (REGISTERS - 4) // size))

    def columns(begin: Any, count: int) -> list[Any]:
        return [b.mul(b.add(begin, i64(c)), i64(LANES)) for c in range(count)]

    whole = b.sdiv(chunks, i64(width))
    with cgutils.for_range(b, whole) as loop:
        yield columns(b.mul(loop.index, i64(width)), width)
    begin = b.mul(whole, i64(width))
    left = b.sub(chunks, begin)
    end = b.append_basic_block("end")
    switch = b.switch(left, end)
    for count in range(1, width):
        block = b.append_basic_block(f"left{count}")
        switch.add_case(i64(count), block)
        b.position_at_end(block)
        yield columns(begin, count)
        b.branch(end)
    b.position_at_end(end)
