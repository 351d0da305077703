"""Threads that work side by side: each takes the next unit of work when it has finished the one before."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Generic, Protocol, TypeVar

from w2v.training.run_state import Tally

_PAUSE_SECONDS = 0.001

_Unit = TypeVar("_Unit")
Work = Callable[[_Unit], None]


class Scheme(Protocol[_Unit]):
    """How the work of a run is shared: one of hogwild.py and synchronous.py, or on a cluster that of w2v.machines."""

    n_workers: int

    def compile(self) -> None:
        """Compile the kernels, or load what was compiled before."""

    def units(self, first: int) -> Iterator[_Unit]:
        """Yield what workers take in order, from block number `first` of the run on."""

    def make_work(self, tally: Tally) -> Work[_Unit]:
        """Return what one worker does with a unit; its results go to the tally."""

    def hurry(self) -> None:
        """Give up what is at hand where that leaves the model as it was; call this when training is interrupted."""

    def collect(self) -> None:
        """Bring the model in this process up to date, if it is not. Call this only while training is paused."""


class Workers(Generic[_Unit]):
    """Some threads that share the units of a run's work; the kernels release the global interpreter lock.

    Args:
        threads: how many.
        units: what they take in order, one thread at a time: blocks, or rounds of blocks.
        make_work: called once in each thread; returns what that thread does with a unit.

    Attributes:
        error: the first exception that a thread ended with, if any; the others stop then, too.
    """

    def __init__(self, threads: int, units: Iterator[_Unit], make_work: Callable[[], Work[_Unit]]) -> None:
        self.error: BaseException | None = None
        self._threads, self._units, self._make_work = threads, units, make_work
        self._taking, self._counting = threading.Lock(), threading.Lock()
        self._taken = self._finished = 0
        self._stop = threading.Event()
        # Events, since a join that a signal interrupts makes Python take the thread for ended (bpo-45274).
        self._ended: list[threading.Event] = []

    def start(self) -> None:
        """Start the threads."""
        for _ in range(self._threads):
            ended = threading.Event()
            threading.Thread(target=self._run, args=(ended,), daemon=True).start()
            self._ended.append(ended)

    def wait(self, seconds: float) -> bool:
        """Wait at most so long for the threads to end; return whether any was still at work."""
        working = [ended for ended in self._ended if not ended.is_set()]
        if working:
            working[-1].wait(seconds)
        return bool(working)

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Hold all threads between two units: each finishes the one it has, and none takes another meanwhile."""
        with self._taking:
            while self._finished < self._taken and self.error is None:
                time.sleep(_PAUSE_SECONDS)
            yield

    def stop(self) -> None:
        """Let each thread finish the unit it has, and end."""
        self._stop.set()
        for ended in self._ended:
            ended.wait()

    def _run(self, ended: threading.Event) -> None:
        try:
            work = self._make_work()
            while not self._stop.is_set():
                with self._taking:
                    unit = next(self._units, None)
                    self._taken += unit is not None
                if unit is None:
                    return
                work(unit)
                with self._counting:
                    self._finished += 1
        except BaseException as error:  # the thread that called `start` raises it
            self.error = self.error or error
            self._stop.set()
        finally:
            ended.set()
