"""The dense block at the heart of training: a few hidden rows against a tile of target rows.

Neighbouring windows share their negatives, so that a block is a small matrix product instead of many dot products
(Ji et al., "Parallelizing Word2Vec in Shared and Distributed Memory", section 3.2). With hidden rows h_i (context
words, or CBOW's means) and target rows u_j (a center, a negative, or an inner node of a tree), a tile is

              u_0    u_1    ...  u_7       targets: static(tile) of them
        h_0   s_00   s_01        s_07
        h_1   s_10   s_11        s_17      s_ij = h_i . u_j          `score`
        ...                                g_ij = lr w_ij q_ij       `logistic_errors`
        h_n   s_n0   s_n1        s_n7      u_j += sum_i g_ij h_i     `update`
                                           h_i += sum_j g_ij u_j

in which the label w_ij says what row i predicts of target j (see `logistic_errors`), and u_j is its old value. Rows are
named by their addresses; `chunks` is a row's length in vectors of LANES.

The number of targets in a tile is known when compiling. Numba types a tuple by its length, so `static(8)` specialises a
kernel on 8 and works with `cache=True`.

The twin of all of it is `train_tiles` in tests/reference.py.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import types
from numba.core import cgutils

from w2v.compiling import inlined
from w2v.simd import LANES, LOG2_E, REGISTERS, Emitter, array_pointers, f32, i64, intrinsic, vector

MAX_TILE = 8  # targets in a tile; the same on every CPU, since tiles are trained one after the other
BATCH_ROWS = 16  # rows scored before targets change; a wide window's rows all at once would overshoot, and diverge
_REGISTERS_OF_A_ROW = 5  # x, its two sums, a factor, and one for LLVM: where `update` trains a row against a tile
ROWS_AT_ONCE = 2 if REGISTERS >= 32 else 1  # hidden rows whose dot products with a tile stay in registers together


def static(number: int) -> tuple[bool, ...]:
    """Return a compile-time integer. (numba.literally would do, but costs a failed compilation at every call.)"""
    return (True,) * number


def tile_of(targets: int) -> int:
    """Return the smallest tile that covers `targets` rows in as few tiles as MAX_TILE allows."""
    tiles = -(-targets // MAX_TILE)
    return -(-targets // tiles)


def load_addresses(emit: Emitter, addresses: ir.Value, first: ir.Value, count: int) -> list[ir.Value]:
    """Return `count` row addresses, from number `first` of an array on."""
    b = emit.builder
    return [b.load(b.gep(addresses, [b.add(first, i64(i))])) for i in range(count)]


def zeros(emit: Emitter, count: int) -> list[ir.Value]:
    """Return `count` variables that hold zero vectors; LLVM keeps them in registers."""
    variables = [cgutils.alloca_once(emit.builder, vector) for _ in range(count)]
    for variable in variables:
        emit.builder.store(emit.splat(0.0), variable)
    return variables


class HiddenRows(NamedTuple):
    """A block of rows to train: `n_rows` addresses from `first` on; their changes go to the rows at `changes`.

    For skip-gram, `inputs` and `changes` are the same; for CBOW they are the means of contexts, and rows of zeros.
    """

    inputs: npt.NDArray[np.int64]  # (rows,) addresses; rows up to a multiple of `together` must be readable
    changes: npt.NDArray[np.int64]  # (rows,) addresses
    first: int
    n_rows: int
    together: tuple[bool, ...]  # static(how many rows are scored at once)


class Tiles(NamedTuple):
    """A group's targets, and what each hidden row predicts of them: `n_tiles` tiles, one behind the other."""

    targets: npt.NDArray[np.int64]  # (targets,) addresses
    first: int  # of the group, in targets
    n_tiles: int
    ahead: int  # how far behind the targets at work those are that should be prefetched
    labels: npt.NDArray[np.float32]  # (n_tiles * stride,); those of tile t are labels[t * stride:] (rows, tile)
    stride: int
    tile: tuple[bool, ...]  # static(targets in a tile)


@intrinsic
def copy_tile(typing, source, source_start, target, target_start):
    """Copy MAX_TILE float32 from source[source_start:] to target[target_start:]."""
    signature = types.void(source, source_start, target, target_start)

    def codegen(context, builder, sig, args):
        source, source_start, target, target_start = array_pointers(context, builder, sig, args)
        row = ir.VectorType(f32, MAX_TILE).as_pointer()
        value = builder.load(builder.bitcast(builder.gep(source, [source_start]), row), align=4)
        builder.store(value, builder.bitcast(builder.gep(target, [target_start]), row), align=4)
        return context.get_dummy_value()

    return signature, codegen


@intrinsic
def score(typing, hidden, row, targets, tile_start, scores, chunks, tile):
    """Set rows of scores (rows, tile) to s_ij = h_i . u_j.

    Args:
        hidden: HiddenRows; `together` of them are scored, from its row number `row` on.
        row: int64.
        targets: int64 addresses.
        tile_start: where the tile's targets begin.
        scores: (rows * tile,) float32.
        chunks: a row's length in vectors.
        tile: static(targets in a tile).
    """
    signature = types.void(hidden, row, targets, tile_start, scores, chunks, tile)
    n, n_rows = tile.count, len(hidden.types[hidden.fields.index("together")])

    def codegen(context, builder, sig, args):
        hidden, row, targets, tile_start, scores, chunks, _ = array_pointers(context, builder, sig, args)
        emit = Emitter(builder)
        xs = load_addresses(emit, hidden.inputs, builder.add(hidden.first, row), n_rows)
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


# The loss of one label w and score s, with z = sign(w) s and q = sigmoid(-z), the probability of the wrong answer:
#
#     L     = -|w| log(1 - q) = |w| log(1 + exp(-z))
#     dL/dz = -|w| exp(-z) / (1 + exp(-z)) = -|w| q
#     dL/ds = sign(w) dL/dz = -w q
#
# A step of gradient descent adds -lr dL/ds = lr w q times the target row to the hidden row, and the other way round.
# For w = 1 that is lr (1 - sigmoid(s)), for w = -1 it is -lr sigmoid(s): word2vec's lr (label - sigmoid(s)).
# In powers of two, with p = z log2(e): 1 / q = 1 + 2**p, and L in bits is |w| (log2(1 / q) - p).


@intrinsic
def logistic_errors(typing, scores, start, end, labels, labels_start, lr, tally):
    """Turn scores[start:end] into errors g = lr w q: lr times the derivative of the loss by the score, downhill.

    Args:
        scores: (rows * tile,) float32.
        start: int64, a multiple of LANES.
        end: int64.
        labels: float32; labels[labels_start + start:] belong to the scores. w > 0 says that the target is the right
            word for the row, w < 0 that it is a negative, |w| for how many predictions, 0 for none.
        labels_start: int64.
        lr: float32.
        tally: (2 * LANES,) float32. To one vector the losses in bits are added, to the other the scores: a sum that
            turns infinite or NaN when one of them is.
    """
    signature = types.void(scores, start, end, labels, labels_start, lr, tally)

    def codegen(context, builder, sig, args):
        scores, start, end, labels, labels_start, lr, tally = array_pointers(context, builder, sig, args)
        emit = Emitter(builder)
        step, zero = emit.broadcast(lr), emit.splat(0.0)
        losses, total = tally, builder.gep(tally, [i64(LANES)])
        with cgutils.for_range_slice(builder, start, end, i64(LANES), inc=True) as (here, _):
            inside = emit.first_lanes(builder.sub(end, here))
            place = builder.gep(scores, [here])
            x = builder.select(inside, emit.load(place, align=4), zero)
            w = emit.load(builder.gep(labels, [builder.add(labels_start, here)]), align=4)
            w = builder.select(inside, w, zero)
            power = emit.at_most(emit.flip_sign(builder.fmul(x, emit.splat(LOG2_E)), w), 60.0)
            inverse_of_q = builder.fadd(emit.splat(1.0), emit.exp2(emit.at_least(power, -60.0)))
            emit.store(builder.fdiv(builder.fmul(step, w), inverse_of_q), place, align=4)
            bits = builder.fmul(emit.absolute(w), builder.fsub(emit.log2(inverse_of_q), power))
            emit.store(builder.fadd(emit.load(losses), bits), losses)
            emit.store(builder.fadd(emit.load(total), x), total)
        return context.get_dummy_value()

    return signature, codegen


@intrinsic
def update(typing, hidden, row, count, targets, tile_start, next_start, errors, chunks, tile):
    """Apply a tile's errors: u_j += sum_i g_ij h_i, and h_i += sum_j g_ij u_j, from the old values of u_j.

    A target row that stands twice in a tile gets both its changes. Along the way, the target rows from number
    `next_start` on are prefetched; all at once, that would stall the loads of the work at hand.

    Args:
        hidden: HiddenRows; `count` of them are trained, from its row number `row` on.
        row: int64.
        count: int64.
        targets: int64 addresses.
        tile_start: where the tile's targets begin.
        next_start: where those begin that will be needed next.
        errors: (rows * tile,) float32.
        chunks: a row's length in vectors.
        tile: static(targets in a tile).
    """
    signature = types.void(hidden, row, count, targets, tile_start, next_start, errors, chunks, tile)
    n = tile.count

    def codegen(context, builder, sig, args):
        hidden, row, count, targets, tile_start, next_start, errors, chunks, _ = array_pointers(
            context, builder, sig, args
        )
        emit = Emitter(builder)
        ys = load_addresses(emit, targets, tile_start, n)
        next_ys = load_addresses(emit, targets, next_start, n)
        begin = builder.add(hidden.first, row)

        def factor(index: ir.Value, j: int) -> ir.Value:
            place = builder.add(builder.mul(builder.add(row, index), i64(n)), i64(j))
            return emit.broadcast(builder.load(builder.gep(errors, [place])))

        def train_row(index: ir.Value, column: ir.Value, old: list[ir.Value], deltas: list[ir.Value]) -> None:
            number = builder.add(begin, index)
            (source,) = load_addresses(emit, hidden.inputs, number, 1)
            (target,) = load_addresses(emit, hidden.changes, number, 1)
            x = emit.load(emit.pointer(source, column))
            place = emit.pointer(target, column)
            # Two sums: each product of one waits for the one before it. A factor is used twice and then forgotten: all
            # of them at once would push the changes of the targets out of 16 registers.
            sums = [emit.load(place), emit.splat(0.0)]
            for j, (value, delta) in enumerate(zip(old, deltas, strict=True)):
                g = factor(index, j)
                y = value if value.type == vector else emit.load(value)
                sums[1 - j % 2] = emit.fma(g, y, sums[1 - j % 2])
                builder.store(emit.fma(g, x, builder.load(delta)), delta)
            emit.store(builder.fadd(*sums), place)

        with cgutils.for_range(builder, chunks) as columns:
            column = builder.mul(columns.index, i64(LANES))
            places = [emit.pointer(address, column) for address in ys]
            deltas = zeros(emit, n)
            for address in next_ys:
                emit.prefetch(emit.pointer(address, column))
            # As many old target rows as there are registers left stay there; the others are read again for each row.
            kept = max(0, REGISTERS - n - _REGISTERS_OF_A_ROW)
            old = [emit.load(place) for place in places[:kept]] + places[kept:]
            with cgutils.for_range(builder, count) as loop:
                train_row(loop.index, column, old, deltas)
            changes = [builder.load(delta) for delta in deltas]
            for place, change in zip(places, changes, strict=True):
                emit.store(builder.fadd(emit.load(place), change), place)
        return context.get_dummy_value()

    return signature, codegen


@inlined
def train_tiles(block, hidden, tiles):
    """Train hidden rows against tiles of targets, one tile after the other.

    With many rows, BATCH_ROWS at a time are scored, and change what the next ones are scored against.

    Args:
        block: a Block (see output_layer.py).
        hidden: HiddenRows.
        tiles: Tiles.
    """
    errors, tally = block.scratch.errors, block.scratch.tally
    tile = tiles.tile
    n_tile = len(tile)
    chunks = block.rows.row_bytes // (4 * LANES)
    for t in range(tiles.n_tiles):
        place = tiles.first + t * n_tile
        for batch in range(0, hidden.n_rows, BATCH_ROWS):
            few = BATCH_ROWS if batch + BATCH_ROWS < hidden.n_rows else hidden.n_rows - batch
            for row in range(batch, batch + few, len(hidden.together)):
                score(hidden, row, tiles.targets, place, errors, chunks, tile)
            start, end = batch * n_tile, (batch + few) * n_tile
            logistic_errors(errors, start, end, tiles.labels, t * tiles.stride, block.lr, tally)
            update(hidden, batch, few, tiles.targets, place, place + tiles.ahead, errors, chunks, tile)
