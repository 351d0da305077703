"""What a crew needs of a pool of workers, wherever they are; dask_pool.py has one."""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

TIMEOUTS = (TimeoutError, asyncio.TimeoutError, concurrent.futures.TimeoutError)  # three classes in Python 3.10


class WorkersLostError(Exception):
    """Workers ended, give no sign of life, or are too slow to wait for; others can do their work.

    Attributes:
        addresses: theirs.
    """

    def __init__(self, addresses: Collection[str]) -> None:
        self.addresses = set(addresses)
        super().__init__(", ".join(sorted(addresses)))


class WorkersLateError(Exception):
    """Workers are alive, but have not finished in time.

    Attributes:
        addresses: theirs.
    """

    def __init__(self, addresses: Collection[str]) -> None:
        self.addresses = set(addresses)
        super().__init__(", ".join(sorted(addresses)))


class Ticket(Protocol):
    """Stands for what a worker returns, which stays with it until it is needed elsewhere."""

    @property
    def address(self) -> str:
        """Of the worker."""


class Pool(Protocol):
    """Some workers, each with a Station of the run; they may come and go at any time."""

    def threads(self) -> Mapping[str, int]:
        """Return the addresses of all workers that can be used now, with the threads of each.

        Raises:
            TrainingError: the pool itself no longer answers.
        """

    def send(self, address: str, method: str, *arguments: Any) -> Ticket:
        """Let a worker call a method of its station, after all that was sent to it before.

        Args:
            address: of the worker.
            method: name of the method.
            arguments: for it. A Ticket among them stands for what another worker returns, and comes from there.
        """

    def spread(self, value: Any, addresses: Sequence[str]) -> Any:
        """Bring a large value to some workers; what is returned stands for it among arguments of `send`.

        Raises:
            WorkersLostError: one of the workers ended.
        """

    def wait(self, tickets: Sequence[Ticket], others: Collection[str], patience: float) -> None:
        """Wait until all is done.

        Args:
            tickets: of what to wait for.
            others: workers on whose results it may depend.
            patience: seconds.

        Raises:
            WorkersLostError: one of the workers ended, or gives no sign of life.
            WorkersLateError: not all was done in time; it names those that have not finished.
            W2VError: a method raised it.
        """

    def result(self, ticket: Ticket) -> Any:
        """Return what a worker returned; only after `wait`.

        Raises:
            WorkersLostError: the worker ended, or gives no sign of life.
        """

    def halt(self, addresses: Collection[str]) -> None:
        """Ask the stations of some workers to stop training, without waiting for an answer; errors are ignored."""

    def hurry(self) -> None:
        """Wait for the pool itself no longer than a moment: the run is interrupted."""

    def bytes_read(self) -> int:
        """Return how many bytes of text all workers have read so far, even while they are at work."""
