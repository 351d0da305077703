"""Threads that train blocks side by side: each takes the next turn when it has finished the one before."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

from w2v.training.schedule import Turn

_PAUSE_SECONDS = 0.001

Work = Callable[[Turn], None]


class Workers:
    """Some threads that share the turns of a run; the kernels release the global interpreter lock.

    Args:
        threads: how many.
        turns: what they take in order, one thread at a time.
        make_work: called once in each thread; returns what that thread does with a turn.

    Attributes:
        error: the first exception that a thread ended with, if any; the others stop then, too.
    """

    def __init__(self, threads: int, turns: Iterator[Turn], make_work: Callable[[], Work]) -> None:
        self.error: BaseException | None = None
        self._threads, self._turns, self._make_work = threads, turns, make_work
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
        """Hold all threads between two blocks: each finishes the one it has, and none takes another meanwhile."""
        with self._taking:
            while self._finished < self._taken and self.error is None:
                time.sleep(_PAUSE_SECONDS)
            yield

    def stop(self) -> None:
        """Let each thread finish the block it has, and end."""
        self._stop.set()
        for ended in self._ended:
            ended.wait()

    def _run(self, ended: threading.Event) -> None:
        try:
            work = self._make_work()
            while not self._stop.is_set():
                with self._taking:
                    turn = next(self._turns, None)
                    self._taken += turn is not None
                if turn is None:
                    return
                work(turn)
                with self._counting:
                    self._finished += 1
        except BaseException as error:  # the thread that called `start` raises it
            self.error = self.error or error
            self._stop.set()
        finally:
            ended.set()
