"""A barrier for threads inside kernels: each waits until all have come.

Threads of a round wait for each other thousands of times a second, too often for Python's barriers. Those here wait by
looking again and again, and let another thread run after a while.
"""

from __future__ import annotations

import os
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import types
from numba.core import cgutils

from w2v.compiling import helper
from w2v.simd import array_pointers, i32, intrinsic

_LOOKS = 2000  # before others may run
_PLACES = 24  # int64 in three cache lines: each count has one of its own
_ARRIVED, _ROUND, _TAKEN = 0, 8, 16


class Barrier(NamedTuple):
    """What all threads of a barrier look at."""

    counts: npt.NDArray[np.int64]  # how many have arrived, how often all have, how much was taken; zeros at first
    threads: int

    @classmethod
    def create(cls, threads: int) -> Barrier:
        """Return a barrier for so many threads."""
        return cls(np.zeros(_PLACES, np.int64), threads)


@helper
def wait(barrier):
    """Wait until all threads have called this as often."""
    if barrier.threads == 1:
        return
    before = look(barrier.counts, _ROUND)
    if _add(barrier.counts, _ARRIVED, 1) == barrier.threads - 1:
        _add(barrier.counts, _ARRIVED, -barrier.threads)
        _add(barrier.counts, _ROUND, 1)
        return
    looks = 0
    while look(barrier.counts, _ROUND) == before:
        looks += 1
        if looks >= _LOOKS:
            _let_others_run()


@helper
def take(barrier):
    """Return how often any thread has called this before: the number of a piece of work that no other thread gets."""
    return _add(barrier.counts, _TAKEN, 1)


@intrinsic
def look(typing, counts, place):
    """Return counts[place] as another thread may just have written it.

    Args:
        counts: int64.
        place: int64.
    """
    signature = types.int64(counts, place)

    def codegen(context, builder, sig, args):
        counts, place = array_pointers(context, builder, sig, args)
        return builder.load_atomic(builder.gep(counts, [place]), "acquire", 8)

    return signature, codegen


@intrinsic
def _add(typing, counts, place, number):
    """Add to counts[place], as one step for all threads; return what it was."""
    signature = types.int64(counts, place, number)

    def codegen(context, builder, sig, args):
        counts, place, number = array_pointers(context, builder, sig, args)
        return builder.atomic_rmw("add", builder.gep(counts, [place]), number, "seq_cst")

    return signature, codegen


@intrinsic
def _let_others_run(typing):
    """Give up the CPU for now, where the system has a call for it."""
    signature = types.void()

    def codegen(context, builder, sig, args):
        if os.name == "posix":
            kind = ir.FunctionType(i32, [])
            builder.call(cgutils.get_or_insert_function(builder.module, kind, "sched_yield"), [])
        return context.get_dummy_value()

    return signature, codegen
