"""Work on several threads, with results in order: the one thread pool of the library."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

_T = TypeVar("_T")
_R = TypeVar("_R")


def map_in_order(function: Callable[[_T], _R], items: Iterable[_T], threads: int) -> Generator[_R, None, None]:
    """Apply a function to items on some threads and yield the results in order.

    At most twice as many results as threads wait in memory: a slow consumer slows the threads. After an error, or when
    the iterator is closed, running calls end and no others start. A consumer that may fail closes it (see `closing` in
    contextlib): an iterator that is only left goes on working.

    Example:
        >>> list(map_in_order(len, ["a", "bb", "ccc"], threads=2))
        [1, 2, 3]
    """
    pending: deque[Future[_R]] = deque()
    executor = ThreadPoolExecutor(threads)
    try:
        for item in items:
            pending.append(executor.submit(function, item))
            if len(pending) > 2 * threads:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
