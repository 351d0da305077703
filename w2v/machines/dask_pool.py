"""Workers of a Dask cluster: one on this machine, made for the run, or any that exists."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from w2v.errors import MissingExtraError, TrainingError, UsageError, W2VError
from w2v.machines.pool import Ticket, WorkersLostError
from w2v.machines.station import Station
from w2v.options.continuing import LOCAL
from w2v.wording import in_one_line

_CONNECT_SECONDS = 10
_WORKER_SECONDS = 30  # that the first worker of an existing cluster may take to appear
_LOOK_SECONDS = 0.5  # between two looks at which workers are left
_CRITICAL = 50  # of the package logging
_PACKAGES = ("w2v", "numba", "numpy")


@dataclass(frozen=True)
class DaskTicket:
    """A future of Dask."""

    address: str
    future: Any


@contextlib.contextmanager
def joined(cluster: str, workers: int) -> Iterator[DaskPool]:
    """Join a cluster, or make one on this machine, which ends with the context.

    Args:
        cluster: address or file of its scheduler, or LOCAL.
        workers: how many processes to start on this machine.

    Raises:
        MissingExtraError: Dask is not installed.
        UsageError: no cluster answers at the address.
        TrainingError: the workers have other versions of packages.
    """
    distributed = _distributed()
    with contextlib.ExitStack() as stack:
        if cluster == LOCAL:
            local = distributed.LocalCluster(
                n_workers=workers, threads_per_worker=1, processes=True, memory_limit=0, dashboard_address=":0",
                silence_logs=_CRITICAL, preload=["w2v.machines.local_worker"],
            )  # fmt: skip
            client = stack.enter_context(distributed.Client(stack.enter_context(local), set_as_default=False))
        else:
            client = stack.enter_context(_client(cluster))
        yield DaskPool(client)


def _distributed() -> Any:
    """Import Dask; what it logs would hide the one line of an error, unless the user has imported it before."""
    try:
        import dask
    except ImportError as error:
        raise MissingExtraError("training on a cluster", "dask") from error
    quiet = dict.fromkeys(("distributed", "distributed.client", "tornado", "tornado.application"), "critical")
    with dask.config.set({"logging": quiet}):
        import distributed
    return distributed


def _client(place: str) -> Any:
    """Return a client of the cluster at an address, or of the one that a scheduler file names."""
    distributed = _distributed()
    address = _address(place)
    try:
        asyncio.run(asyncio.wait_for(_ask(distributed.core.rpc, address), _CONNECT_SECONDS))
        with warnings.catch_warnings():  # of versions that differ, which are an error
            warnings.simplefilter("ignore")
            client = distributed.Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError, TimeoutError, asyncio.TimeoutError) as error:
        raise UsageError(
            f"`cluster={place}`: no Dask scheduler answers there; check the address, such as tcp://host:8786, or the"
            " scheduler file"
        ) from error
    try:
        client.wait_for_workers(1, timeout=_WORKER_SECONDS)
    except TimeoutError as error:
        client.close()
        raise UsageError(f"`cluster={place}`: the scheduler has no workers; start some with 'dask worker'") from error
    return client


async def _ask(rpc: Any, address: str) -> None:
    """Ask a scheduler who it is; a client that doesn't find one would go on looking."""
    async with rpc(address) as scheduler:
        await scheduler.identity(n_workers=0)


def _address(place: str) -> str:
    """Return the address in a scheduler file, or what is given if that is no file.

    Raises:
        UsageError: the file is no scheduler file.
    """
    if "://" in place or not Path(place).is_file():
        return place
    try:
        return str(json.loads(Path(place).read_bytes())["address"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"`cluster={place}`: not a scheduler file of Dask; 'dask scheduler' writes one") from error


class DaskPool:
    """The workers of a Dask cluster; a Pool.

    Args:
        client: connected to the scheduler.
    """

    def __init__(self, client: Any) -> None:
        """Check the versions of all workers."""
        self._client = client
        self._stations: dict[str, Any] = {}
        self._checked: set[str] = set()  # workers whose versions are known
        self._refused: set[str] = set()
        self._own = _versions()()
        different = self._different(self._workers())
        if different:
            address, versions = next(iter(different.items()))
            raise TrainingError(
                f"worker {address} has {_shown(versions)}, and this process {_shown(self._own)}; install the same"
                " versions everywhere"
            )

    def threads(self) -> Mapping[str, int]:
        """Return the addresses of all workers with the versions of this process, and the threads of each."""
        workers = self._workers()
        self._refused |= self._different(workers.keys() - self._checked).keys()
        return {address: n for address, n in workers.items() if address not in self._refused}

    def send(self, address: str, method: str, *arguments: Any) -> DaskTicket:
        """Let a worker call a method of its station; see Pool."""
        where = {"workers": [address], "allow_other_workers": False, "pure": False}
        if address not in self._stations:
            # Dask keeps the station as it keeps any result, so that it is gone when the run is.
            self._stations[address] = self._client.submit(Station, **where)
        given = [argument.future if isinstance(argument, DaskTicket) else argument for argument in arguments]
        return DaskTicket(address, self._client.submit(_call, self._stations[address], method, *given, **where))

    def spread(self, value: Any, addresses: Sequence[str]) -> Any:
        """Bring a large value to some workers; see Pool."""
        with self._reporting():
            return self._client.scatter(value, workers=list(addresses), broadcast=True, hash=False)

    def wait(self, tickets: Sequence[Ticket], others: Collection[str], patience: float) -> None:
        """Wait until all is done; see Pool."""
        from distributed import wait

        futures = [ticket.future for ticket in tickets if isinstance(ticket, DaskTicket)]
        needed = {ticket.address for ticket in tickets} | set(others)
        end = time.perf_counter() + patience
        while True:
            with self._reporting():
                try:
                    with self._client.as_current():
                        wait(futures, timeout=min(_LOOK_SECONDS, max(0.001, end - time.perf_counter())))
                except TimeoutError:
                    pass
                else:
                    break
            self._require(needed)
            if time.perf_counter() > end:
                raise TimeoutError
        for future in futures:
            if future.status != "finished":
                self._raise(future, needed)

    def holding_up(self, tickets: Sequence[Ticket], others: Collection[str], patience: float) -> set[str]:
        """Return the workers for which `wait` waited in vain; see Pool."""
        needed = {ticket.address for ticket in tickets} | set(others)
        seen = {address: float(facts["last_seen"]) for address, facts in self._described().items()}
        silent = {address for address in needed if max(seen.values()) - seen.get(address, 0.0) > patience / 2}
        late = {t.address for t in tickets if isinstance(t, DaskTicket) and not t.future.done()}
        return silent or late

    def result(self, ticket: Ticket) -> Any:
        """Return what a worker returned; see Pool."""
        assert isinstance(ticket, DaskTicket)
        while True:
            with self._reporting():
                try:
                    return ticket.future.result(timeout=_LOOK_SECONDS)
                except TimeoutError:
                    pass
            self._require({ticket.address})

    def bytes_read(self) -> int:
        """Return how many bytes of text all workers have read so far."""
        keys = {address: station.key for address, station in self._stations.items()}
        with self._reporting():
            counts = self._client.run(_bytes_read, keys, workers=list(keys), on_error="ignore")
        return sum(counts.values())

    def _workers(self) -> dict[str, int]:
        """Return all workers that the scheduler knows now, with their threads."""
        return {address: int(facts["nthreads"]) for address, facts in self._described().items()}

    def _described(self) -> dict[str, dict[str, Any]]:
        """Return what the scheduler knows of each worker."""
        with self._reporting():
            if self._client.status != "running":
                raise OSError
            workers: dict[str, dict[str, Any]] = self._client.scheduler_info(n_workers=-1)["workers"]
        return workers

    def _require(self, needed: Collection[str]) -> None:
        """Check that some workers still are there.

        Raises:
            WorkersLostError: they are not.
        """
        lost = set(needed) - set(self._workers())
        if lost:
            for address in lost:
                self._stations.pop(address, None)
            raise WorkersLostError(lost)

    def _raise(self, future: Any, needed: Collection[str]) -> None:
        """Raise what a future ended with."""
        with self._reporting():
            error = future.exception() if future.status == "error" else None
        if isinstance(error, W2VError):
            raise error
        for _ in range(20):  # the scheduler may learn a little later that a worker is gone
            self._require(needed)
            time.sleep(_LOOK_SECONDS)
        if error is not None:
            raise error
        raise self._gone()

    def _different(self, addresses: Collection[str]) -> dict[str, dict[str, str]]:
        """Return the versions of packages on workers where they differ from those here."""
        if not addresses:
            return {}
        with self._reporting():
            found = self._client.run(_versions(), workers=list(addresses), on_error="ignore")
        self._checked |= found.keys()
        return {address: versions for address, versions in found.items() if versions != self._own}

    @contextlib.contextmanager
    def _reporting(self) -> Iterator[None]:
        """Turn what Dask raises when the scheduler is gone into one error."""
        try:
            yield
        except TimeoutError:
            raise
        except (OSError, CancelledError) as error:
            raise self._gone() from error

    def _gone(self) -> TrainingError:
        return TrainingError("the Dask scheduler no longer answers; start it again, and run the same again")


def _call(station: Station, method: str, *arguments: Any) -> Any:
    return getattr(station, method)(*arguments)


def _bytes_read(keys: Mapping[str, str], dask_worker: Any) -> int:
    station = dask_worker.data.get(keys.get(dask_worker.address))
    return station.bytes_read if isinstance(station, Station) else 0


def _versions() -> Callable[[], dict[str, str]]:
    """Return a function that returns versions of packages, and needs no w2v where it runs."""
    names = _PACKAGES

    def versions() -> dict[str, str]:
        from importlib.metadata import distributions

        found = {str(one.metadata["Name"]).lower(): one.version for one in reversed(list(distributions()))}
        return {name: found.get(name, "missing") for name in names}

    return versions


def _shown(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {in_one_line(version, 40)}" for name, version in versions.items())
