"""The dense block at the heart of training: a few context rows against a tile of target rows.

Neighbouring windows share their negatives, so that a block is a small matrix product instead of many dot products
(Ji et al., "Parallelizing Word2Vec in Shared and Distributed Memory", section 3.2). Each intrinsic emits one part of it
for the host's vector width. Rows are named by their addresses; `chunks` is a row's length in vectors of LANES.

A tile is a compile-time number of targets. Numba types a tuple by its length, so `static(tile)` specialises a kernel on
it and works with `cache=True`.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils

from w2v.kernels.windows import inlined
from w2v.simd import LANES, LOG2_E, REGISTERS, ROW_FLOATS, Emitter, array_pointers, f32, i64, intrinsic, vector

MAX_TILE = 8  # targets a tile; the same on every CPU, since tiles are trained one after the other
BATCH_ROWS = 16  # rows scored before targets change; a wide window's rows all at once would overshoot, and diverge
ROWS_AT_ONCE = 2 if REGISTERS >= 32 else 1  # context rows whose dot products with a tile stay in registers together


def static(number: int) -> tuple[bool, ...]:
    """Return a compile-time integer. (numba.literally would do, but costs a failed compilation at every call.)"""
    return (True,) * number


def tile_of(targets: int) -> int:
    """Return the smallest tile that covers `targets` rows in as few tiles as MAX_TILE allows."""
    tiles = -(-targets // MAX_TILE)
    return -(-targets // tiles)


def load_addresses(emit: Emitter, addresses: Any, first: Any, count: int) -> list[Any]:
    """Return `count` row addresses, from number `first` of an array on."""
    b = emit.builder
    return [b.load(b.gep(addresses, [b.add(first, i64(i))])) for i in range(count)]


def zeros(emit: Emitter, count: int) -> list[Any]:
    """Return `count` variables that hold zero vectors; LLVM keeps them in registers."""
    variables = [cgutils.alloca_once(emit.builder, vector) for _ in range(count)]
    for variable in variables:
        emit.builder.store(emit.splat(0.0), variable)
    return variables


@intrinsic
def copy_tile(typing: Any, source: Any, source_start: Any, target: Any, target_start: Any) -> Any:
    """Copy MAX_TILE float32 from source[source_start:] to target[target_start:]."""
    signature = types.void(source, source_start, target, target_start)

    def codegen(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        source, source_start, target, target_start = array_pointers(context, builder, sig, args)
        row = ir.VectorType(f32, MAX_TILE).as_pointer()
        value = builder.load(builder.bitcast(builder.gep(source, [source_start]), row), align=4)
        builder.store(value, builder.bitcast(builder.gep(target, [target_start]), row), align=4)
        return context.get_dummy_value()

    return signature, codegen


@intrinsic
def score(
    typing: Any, inputs: Any, first: Any, row: Any, targets: Any, tile_start: Any, scores: Any, chunks: Any, tile: Any,
    together: Any,
) -> Any:  # fmt: skip
    """Set rows of scores (rows, tile) to the dot products of input rows with a tile of target rows.

    `together` of them, of the block inputs[first:], from its row number `row` on.
    """
    signature = types.void(inputs, first, row, targets, tile_start, scores, chunks, tile, together)
    n, n_rows = tile.count, together.count

    def codegen(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        inputs, first, row, targets, tile_start, scores, chunks, _, _ = array_pointers(context, builder, sig, args)
        emit = Emitter(builder)
        xs = load_addresses(emit, inputs, builder.add(first, row), n_rows)
        ys = load_addresses(emit, targets, tile_start, n)
        sums = zeros(emit, n_rows * n)
        with cgutils.for_range(builder, chunks) as loop:
            column = builder.mul(loop.index, i64(LANES))
            x = [emit.load(emit.pointer(address, column)) for address in xs]
            for j in range(n):
                y = emit.load(emit.pointer(ys[j], column))
                for r in range(n_rows):
                    variable = sums[r * n + j]
                    builder.store(emit.fma(x[r], y, builder.load(variable)), variable)
        place = builder.mul(row, i64(n))
        for i, x in enumerate(emit.horizontal_sums([builder.load(variable) for variable in sums])):
            emit.store(x, builder.gep(scores, [builder.add(place, i64(i * LANES))]), align=4)
        return context.get_dummy_value()

    return signature, codegen


@intrinsic
def judge(typing: Any, scores: Any, start: Any, end: Any, weights: Any, weights_start: Any, lr: Any, tally: Any) -> Any:
    """Turn scores[start:end] into errors: lr times the derivative of the loss by the score, downhill.

    weights[weights_start + start:] belong to them: w > 0 says that the target is the right word for the row, w < 0 that
    it is a negative, |w| for how many predictions, 0 for none. With q = sigmoid(-sign(w) x score), the probability
    given to the wrong answer, the loss is -|w| log(1 - q), and the error lr w q. tally holds two vectors: to one the
    losses -|w| log2(1 - q) are added, to the other the scores: a sum that turns infinite or NaN when one of them is.
    """
    signature = types.void(scores, start, end, weights, weights_start, lr, tally)

    def codegen(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        scores, start, end, weights, weights_start, lr, tally = array_pointers(context, builder, sig, args)
        emit = Emitter(builder)
        step, zero = emit.broadcast(lr), emit.splat(0.0)
        losses, total = tally, builder.gep(tally, [i64(LANES)])
        with cgutils.for_range_slice(builder, start, end, i64(LANES), inc=True) as (here, _):
            inside = emit.first_lanes(builder.sub(end, here))
            place = builder.gep(scores, [here])
            x = builder.select(inside, emit.load(place, align=4), zero)
            w = emit.load(builder.gep(weights, [builder.add(weights_start, here)]), align=4)
            w = builder.select(inside, w, zero)
            power = emit.at_most(emit.flip_sign(builder.fmul(x, emit.splat(LOG2_E)), w), 60.0)
            odds = builder.fadd(emit.splat(1.0), emit.exp2(emit.at_least(power, -60.0)))
            emit.store(builder.fdiv(builder.fmul(step, w), odds), place, align=4)
            bits = builder.fmul(emit.absolute(w), builder.fsub(emit.log2(odds), power))
            emit.store(builder.fadd(emit.load(losses), bits), losses)
            emit.store(builder.fadd(emit.load(total), x), total)
        return context.get_dummy_value()

    return signature, codegen


@intrinsic
def update(
    typing: Any,
    inputs: Any,
    sums: Any,
    first: Any,
    row: Any,
    count: Any,
    targets: Any,
    tile_start: Any,
    next_start: Any,
    errors: Any,
    chunks: Any,
    tile: Any,
) -> Any:
    """Apply a tile's errors: every target row += errors x input rows, and every sum row += errors x old target rows.

    Of the block inputs[first:], `count` rows from row number `row` on are read, and the same of sums[first:] changed;
    they are the same rows for skip-gram. A target row that stands twice in a tile gets both its changes. Along the way,
    target rows from number `next_start` on are asked for; in one burst, that would stall the loads of the work at hand.
    """
    signature = types.void(inputs, sums, first, row, count, targets, tile_start, next_start, errors, chunks, tile)
    n = tile.count

    def codegen(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        inputs, sums, first, row, count, targets, tile_start, next_start, errors, chunks, _ = array_pointers(
            context, builder, sig, args
        )
        emit = Emitter(builder)
        ys = load_addresses(emit, targets, tile_start, n)
        next_ys = load_addresses(emit, targets, next_start, n)
        begin = builder.add(first, row)

        def factor(index: Any, j: int) -> Any:
            place = builder.add(builder.mul(builder.add(row, index), i64(n)), i64(j))
            return emit.broadcast(builder.load(builder.gep(errors, [place])))

        def input_vector(index: Any, column: Any) -> Any:
            (address,) = load_addresses(emit, inputs, builder.add(begin, index), 1)
            return emit.load(emit.pointer(address, column))

        def add_to_sum(index: Any, column: Any, old: list[Any], factors: list[Any]) -> None:
            (address,) = load_addresses(emit, sums, builder.add(begin, index), 1)
            place = emit.pointer(address, column)
            # Two sums: each product of one waits for the one before it.
            halves = [emit.load(place), builder.fmul(factors[0], old[0])]
            for i, (g, y) in enumerate(zip(factors[1:], old[1:], strict=True)):
                halves[i % 2] = emit.fma(g, y, halves[i % 2])
            emit.store(builder.fadd(*halves), place)

        def add_to_deltas(x: Any, deltas: list[Any], factors: list[Any]) -> None:
            for g, delta in zip(factors, deltas, strict=True):
                builder.store(emit.fma(g, x, builder.load(delta)), delta)

        with cgutils.for_range(builder, chunks) as columns:
            column = builder.mul(columns.index, i64(LANES))
            places = [emit.pointer(address, column) for address in ys]
            deltas = zeros(emit, n)
            for address in next_ys:
                emit.prefetch(emit.pointer(address, column))
            in_registers = 2 * n + 3 <= REGISTERS
            old = [emit.load(place) for place in places] if in_registers else []
            with cgutils.for_range(builder, count) as loop:
                x = input_vector(loop.index, column)
                factors = [factor(loop.index, j) for j in range(n)]
                # With few registers the old target rows are read again for each row, straight from memory.
                add_to_sum(loop.index, column, old or [emit.load(place) for place in places], factors)
                add_to_deltas(x, deltas, factors)
            changes = [builder.load(delta) for delta in deltas]
            for place, change in zip(places, changes, strict=True):
                emit.store(builder.fadd(emit.load(place), change), place)
        return context.get_dummy_value()

    return signature, codegen


@intrinsic
def prefetch(typing: Any, address: Any, lines: Any) -> Any:
    """Ask for `lines` cache lines from `address` on, for writing, ahead of their use."""
    signature = types.void(address, lines)

    def codegen(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        address, lines = args
        emit = Emitter(builder)
        with cgutils.for_range(builder, lines) as loop:
            emit.prefetch(emit.pointer(address, builder.mul(loop.index, i64(ROW_FLOATS))))
        return context.get_dummy_value()

    return signature, codegen


@inlined
def train_tiles(
    inputs: Any, sums: Any, first: Any, count: Any, targets: Any, start: Any, tiles: Any, ahead: Any, weights: Any,
    stride: Any, rows: Any, scratch: Any, lr: Any, tile: Any, together: Any,
) -> None:  # fmt: skip
    """Train `count` rows of the block inputs[first:] against `tiles` tiles of targets[start:], one after the other.

    `together` is static(number of rows whose scores are taken together); rows up to a multiple of it must be readable.

    Tile t has weights[t * stride:] (rows, tile); see `judge`. Targets `ahead` of those at work are asked for. With
    many rows, BATCH_ROWS at a time are scored, and change what the next ones are scored against.
    """
    errors, tally = scratch.errors, scratch.tally
    n_tile = len(tile)
    chunks = rows.row_bytes // (4 * LANES)
    for t in range(tiles):
        place = start + t * n_tile
        for batch in range(0, count, BATCH_ROWS):
            few = BATCH_ROWS if batch + BATCH_ROWS < count else count - batch
            for row in range(batch, batch + few, len(together)):
                score(inputs, first, row, targets, place, errors, chunks, tile, together)
            judge(errors, batch * n_tile, (batch + few) * n_tile, weights, t * stride, lr, tally)
            update(inputs, sums, first, batch, few, targets, place, place + ahead, errors, chunks, tile)
