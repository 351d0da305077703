"""How far apart two CPUs are: how long a cache line takes from one to the other."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from numba import njit

from w2v.kernels.barrier import Barrier, wait

Pair = tuple[int, int]

_MEETINGS = 20_000
_TRIES = 3
_MOST_CPUS = 64  # that are tried beside the first: distances from one CPU show all kinds there are


@njit(nogil=True)
def _meet(barrier, times):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    for _ in range(times):
        wait(barrier)  # type: ignore[no-untyped-call]


def cpus() -> list[int]:
    """Return the numbers of the CPUs that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


@contextmanager
def on_cpus(chosen: Pair) -> Iterator[None]:
    """Keep this process and the threads that it starts to these CPUs, where the system can."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, chosen)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def distance(pair: Pair) -> float:
    """Return the seconds in which two threads, one on each CPU, meet at a barrier, of the best try."""
    _meet(Barrier.create(1), 1)
    return min(_timed(pair) for _ in range(_TRIES))


def pair_of(kind: str) -> Pair:
    """Return the first CPU and the one that is "nearest" to it, or "farthest" from it."""
    first, *others = cpus()
    if not others:
        return first, first
    others = others[:: max(1, len(others) // _MOST_CPUS)]
    choose = max if kind == "farthest" else min
    return choose(((first, other) for other in others), key=distance)


def _timed(pair: Pair) -> float:
    barrier = Barrier.create(2)

    def run(cpu: int) -> None:
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {cpu})  # of this thread alone
        _meet(barrier, _MEETINGS)

    threads = [threading.Thread(target=run, args=(cpu,)) for cpu in pair]
    started = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return (perf_counter() - started) / _MEETINGS
