"""The ceilings of a machine on one thread: multiply-adds a second, and bytes a second by the size of the data.

Both loops are written in LLVM's instructions, as the kernels are (w2v/simd.py), for the same vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter, thread_time
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils

from w2v.simd import LANES, Emitter, aligned_zeros, array_pointers, i64, intrinsic

_SUMS = 12  # independent sums: more than the latency of a multiply-add times two units, fewer than 16 registers
_SECONDS = 0.05  # of one try
_TRIES = 5
SIZES = {"L1": 1 << 14, "L2": 1 << 18, "L3": 1 << 23, "memory": 1 << 28}  # bytes


@intrinsic
def _multiply_adds(_typing: Any, values: Any, rounds: Any) -> Any:
    """Do `rounds` x _SUMS vector multiply-adds that don't wait for each other; values (2 * LANES,) float32."""
    signature = types.void(values, rounds)

    def codegen(context: Any, builder: ir.IRBuilder, signature: Any, args: Sequence[Any]) -> Any:
        values, rounds = array_pointers(context, builder, signature, args)
        emit = Emitter(builder)
        a, b = emit.load(values, align=4), emit.load(builder.gep(values, [i64(LANES)]), align=4)
        sums = [cgutils.alloca_once_value(builder, emit.splat(float(number))) for number in range(_SUMS)]
        with cgutils.for_range(builder, rounds):
            for variable in sums:
                builder.store(emit.fma(a, builder.load(variable), b), variable)
        total = builder.load(sums[0])
        for variable in sums[1:]:
            total = builder.fadd(total, builder.load(variable))
        emit.store(total, values, align=4)
        return context.get_dummy_value()

    return signature, codegen


@intrinsic
def _add_scaled(_typing: Any, x: Any, y: Any, vectors: Any) -> Any:
    """Set y to y + x / 2 for so many vectors: reads two streams and writes one, as an update of rows does."""
    signature = types.void(x, y, vectors)

    def codegen(context: Any, builder: ir.IRBuilder, signature: Any, args: Sequence[Any]) -> Any:
        x, y, vectors = array_pointers(context, builder, signature, args)
        emit = Emitter(builder)
        with cgutils.for_range(builder, vectors) as loop:
            place = builder.mul(loop.index, i64(LANES))
            target = builder.gep(y, [place])
            emit.store(emit.fma(emit.load(builder.gep(x, [place])), emit.splat(0.5), emit.load(target)), target)
        return context.get_dummy_value()

    return signature, codegen


@njit(nogil=True)
def _arithmetic(values, rounds):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    _multiply_adds(values, rounds)


@njit(nogil=True)
def _streams(x, y, rounds):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    for _ in range(rounds):
        _add_scaled(x, y, len(x) // LANES)


def peak_flops() -> float:
    """Return the most multiply-adds a second that one thread reaches, each as two flops."""
    values = np.full(2 * LANES, 0.5, np.float32)
    return 2.0 * LANES * _SUMS * _best_rate(lambda rounds: _arithmetic(values, rounds))


def share_of_two() -> float:
    """Return how much of twice one thread's multiply-adds two threads reach: less than 1 where others use a core."""
    values = [np.full(2 * LANES, 0.5, np.float32) for _ in range(2)]
    rounds = round(_best_rate(lambda rounds: _arithmetic(values[0], rounds)) * _SECONDS)

    def seconds(threads: int) -> float:
        started = perf_counter()
        list(pool.map(lambda own: _arithmetic(own, rounds), values[:threads]))
        return perf_counter() - started

    with ThreadPoolExecutor(2) as pool:
        seconds(2)  # starts the threads
        return min(seconds(1) for _ in range(_TRIES)) / min(seconds(2) for _ in range(_TRIES))


def bandwidth(size: int) -> float:
    """Return the bytes a second that one thread reads and writes in data of `size` bytes."""
    x, y = (aligned_zeros(1, size // 8)[0] for _ in range(2))
    x[:], y[:] = 1.0, 0.0
    return 12.0 * len(x) * _best_rate(lambda rounds: _streams(x, y, rounds))


def _best_rate(do: Any) -> float:
    """Return rounds a second, of the best try."""
    do(1)
    rounds = 1
    while (seconds := _timed(do, rounds)) < _SECONDS:
        rounds = max(2 * rounds, round(rounds * _SECONDS / max(seconds, 1e-6)))
    return rounds / min(_timed(do, rounds) for _ in range(_TRIES))


def _timed(do: Any, rounds: int) -> float:
    started = thread_time()  # other processes don't count
    do(rounds)
    return thread_time() - started
