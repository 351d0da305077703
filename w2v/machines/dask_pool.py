"""Workers of a Dask cluster: one on this machine, made for the run, or any that exists."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import json
import threading
import time
import uuid
import warnings
from collections.abc import Callable, Collection, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from w2v.errors import MissingExtraError, TrainingError, UsageError, W2VError
from w2v.machines.local_cluster import local_cluster
from w2v.machines.pool import TIMEOUTS, Ticket, WorkersLateError, WorkersLostError
from w2v.machines.station import Station
from w2v.options.continuing import LOCAL
from w2v.progress import Progress
from w2v.wording import in_one_line

_CONNECT_SECONDS = 10
_WORKER_SECONDS = 30  # that the first worker of an existing cluster may take to appear
_LOOK_SECONDS = 0.5  # between two looks at which workers are left
SILENT_SECONDS = 30.0  # without a heartbeat until a worker counts as lost; it sends one at least every five seconds
SCHEDULER_SECONDS = 60.0  # without an answer until the scheduler counts as gone
_HURRIED_SECONDS = 5.0  # the same when the run is interrupted
_PACKAGES = ("w2v", "numba", "numpy")
_TOPIC = "w2v"  # of events about bytes that workers have read


@dataclass(frozen=True)
class DaskTicket:
    """A future of Dask."""

    address: str
    future: Any


@contextlib.contextmanager
def joined(cluster: str, workers: int, progress: Progress) -> Iterator[DaskPool]:
    """Join a cluster, or make one on this machine, which ends with the context.

    Args:
        cluster: address or file of its scheduler, or LOCAL.
        workers: how many processes to start on this machine.
        progress: receives a note if there is something to wait for.

    Raises:
        MissingExtraError: Dask is not installed.
        UsageError: no cluster answers at the address.
        TrainingError: the workers have other versions of packages.
    """
    distributed = _distributed()
    with contextlib.ExitStack() as stack:
        if cluster == LOCAL:
            local = stack.enter_context(local_cluster(workers))
            client = stack.enter_context(distributed.Client(local, set_as_default=False))
        else:
            client = stack.enter_context(_client(cluster, progress))
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


def _client(place: str, progress: Progress) -> Any:
    """Return a client of the cluster at an address, or of the one that a scheduler file names."""
    distributed = _distributed()
    address = _address(place)
    try:
        asyncio.run(asyncio.wait_for(_ask(distributed.core.rpc, address), _CONNECT_SECONDS))
        with warnings.catch_warnings():  # of versions that differ, which are an error
            warnings.simplefilter("ignore")
            client = distributed.Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError, *TIMEOUTS) as error:
        raise UsageError(
            f"`cluster={place}`: no Dask scheduler answers there; check the address, such as tcp://host:8786, or the"
            " scheduler file"
        ) from error
    if not client.scheduler_info()["workers"]:
        progress.note(f"waiting for workers; start some with 'dask worker {address}'")
    try:
        client.wait_for_workers(1, timeout=_WORKER_SECONDS)
    except TIMEOUTS as error:
        client.close()
        raise UsageError(f"`cluster={place}`: the scheduler has no workers; start some with 'dask worker'") from error
    return client


async def _ask(rpc: Any, address: str) -> None:
    """Ask a scheduler who it is; a client that doesn't find one would go on looking."""
    async with rpc(address) as scheduler:
        await scheduler.identity()


def _address(place: str) -> str:
    """Return the address in a scheduler file, or what is given if that is no file.

    Raises:
        UsageError: the file is no scheduler file, or there is none.
    """
    if "://" in place:
        return place
    if not Path(place).is_file():
        if ":" in place:
            return place
        raise UsageError(
            f"`cluster={place}`: no such scheduler file, and no address such as tcp://host:8786; `cluster={LOCAL}`"
            " starts workers on this machine"
        )
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
        self._run = uuid.uuid4().hex
        self._patience = SCHEDULER_SECONDS
        self._stations: dict[str, Any] = {}
        self._bytes_read: dict[str, int] = {}
        self._heartbeats: dict[str, tuple[float, float]] = {}  # the last of each worker, and seconds of looks since
        self._last_look = time.perf_counter()
        self._own = _versions()()
        self._versions: dict[str, dict[str, str]] = {}
        self._asked: dict[str, Any] = {}  # futures of versions
        client.subscribe_topic(_TOPIC, self._keep_bytes)
        self._check_versions()

    def threads(self) -> Mapping[str, int]:
        """Return the addresses of all workers with the versions of this process, and the threads of each."""
        workers = self._workers()
        self._ask_versions(workers)
        return {address: n for address, n in workers.items() if self._versions.get(address) == self._own}

    def send(self, address: str, method: str, *arguments: Any) -> DaskTicket:
        """Let a worker call a method of its station; see Pool."""
        where = {"workers": [address], "allow_other_workers": False, "pure": False}
        if address not in self._stations:
            # Dask keeps the station as it keeps any result, so that it is gone when the run is.
            self._stations[address] = self._client.submit(_station, self._run, **where)
        given = [argument.future if isinstance(argument, DaskTicket) else argument for argument in arguments]
        return DaskTicket(address, self._client.submit(_call, self._stations[address], method, *given, **where))

    def spread(self, value: Any, addresses: Sequence[str]) -> Any:
        """Bring a large value to some workers; see Pool. One gets it from here, and the others from each other."""
        # A list of it, since Dask takes a tuple apart.
        brought = self._client.scatter([value], workers=[addresses[0]], hash=False, asynchronous=True)
        (future,) = self._until_done(brought, {addresses[0]})
        return future

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
                except TIMEOUTS:
                    pass
                else:
                    break
            self._require(needed)
            if time.perf_counter() > end:
                late = {ticket.address for ticket, future in zip(tickets, futures, strict=True) if not future.done()}
                raise WorkersLateError(late)
        for future in futures:
            if future.status != "finished":
                self._raise(future, needed)

    def result(self, ticket: Ticket) -> Any:
        """Return what a worker returned; see Pool."""
        assert isinstance(ticket, DaskTicket)
        return self._until_done(self._client.gather(ticket.future, asynchronous=True), {ticket.address})

    def halt(self, addresses: Collection[str]) -> None:
        """Call `halt` of some stations soon; see Pool. A worker runs this in its event loop, beside its tasks."""
        stations = {address: self._stations[address].key for address in addresses if address in self._stations}

        def ask() -> None:
            with contextlib.suppress(Exception):
                self._client.run(_halt, list(stations.values()), workers=list(stations), on_error="ignore")

        threading.Thread(target=ask, daemon=True).start()  # Client.run has no timeout

    def hurry(self) -> None:
        """Wait for the scheduler no longer than a moment."""
        self._patience = _HURRIED_SECONDS

    def bytes_read(self) -> int:
        """Return how many bytes of text all workers have read so far."""
        return sum(self._bytes_read.values())

    def _keep_bytes(self, event: tuple[float, Any]) -> None:
        """Keep what a worker says that it has read."""
        _, (run, address, n_bytes) = event
        if run == self._run:
            self._bytes_read[address] = n_bytes

    def _until_done(self, work: Coroutine[Any, Any, Any], needed: Collection[str]) -> Any:
        """Return what the client does in its event loop.

        Raises:
            WorkersLostError: one of the workers that it needs ended.
        """
        running = asyncio.run_coroutine_threadsafe(work, self._client.loop.asyncio_loop)
        try:
            while True:
                with self._reporting():
                    try:
                        return running.result(_LOOK_SECONDS)
                    except TIMEOUTS:
                        if running.done():
                            raise
                self._require(needed)
        finally:
            running.cancel()

    def _workers(self) -> dict[str, int]:
        """Return all workers that give signs of life, with their threads."""
        workers: dict[str, dict[str, Any]] = self._scheduler_info()["workers"]
        now = time.perf_counter()
        # While nobody looks, no time counts: this process, or the whole machine, may have been suspended.
        passed, self._last_look = min(now - self._last_look, 2 * _LOOK_SECONDS), now
        for address, facts in workers.items():
            last, silence = self._heartbeats.get(address, (-1.0, 0.0))
            beat = float(facts["last_seen"])
            self._heartbeats[address] = beat, silence + passed if beat == last else 0.0
        return {
            address: int(facts["nthreads"])
            for address, facts in workers.items()
            if self._heartbeats[address][1] < SILENT_SECONDS
        }

    def _scheduler_info(self) -> Any:
        """Return what the scheduler says of itself; it may be silent for a while, and then go on.

        Raises:
            TrainingError: it is gone.
        """
        with self._reporting():
            if self._client.status != "running":
                raise OSError
            asked = asyncio.run_coroutine_threadsafe(self._client.scheduler.identity(), self._client.loop.asyncio_loop)
            looks = 0  # rather than seconds: this process may be suspended
            while not asked.done() and looks * _LOOK_SECONDS < self._patience:
                concurrent.futures.wait([asked], _LOOK_SECONDS)
                looks += 1
            if asked.cancel():
                raise self._gone()
            try:
                return asked.result()
            except TIMEOUTS as error:
                raise self._gone() from error

    def _require(self, needed: Collection[str]) -> None:
        """Check that some workers still are there.

        Raises:
            WorkersLostError: they are not.
        """
        lost = set(needed) - set(self._workers())
        if lost:
            for address in lost:
                self._stations.pop(address, None)
                self._bytes_read.pop(address, None)
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

    def _check_versions(self) -> None:
        """Wait until all workers have said which versions of packages they have, or most likely won't.

        Raises:
            TrainingError: they have others than this process, or none has answered.
        """
        end = time.perf_counter() + _WORKER_SECONDS
        while self._ask_versions(self._workers()) and time.perf_counter() < end:
            time.sleep(0.02)
        for address, versions in self._versions.items():
            if versions != self._own:
                raise TrainingError(
                    f"worker {address} has {_shown(versions)}, and this process {_shown(self._own)}; install the same"
                    " versions everywhere"
                )
        if not self._versions:
            raise TrainingError(
                f"no Dask worker has answered for {_WORKER_SECONDS} seconds; see whether other work keeps them busy"
            )

    def _ask_versions(self, addresses: Collection[str]) -> bool:
        """Ask new workers for their versions; return whether some have not answered yet."""
        for address in set(addresses) - self._versions.keys():
            future = self._asked.get(address)
            if future is None or future.status in ("error", "cancelled", "lost"):
                where = {"workers": [address], "allow_other_workers": False, "pure": False, "priority": 1}
                self._asked[address] = self._client.submit(_versions(), **where)
            elif future.done():
                self._versions[address] = self._until_done(self._client.gather(future, asynchronous=True), {address})
                del self._asked[address]
        return not set(addresses) <= self._versions.keys()

    @contextlib.contextmanager
    def _reporting(self) -> Iterator[None]:
        """Turn what Dask raises when the scheduler is gone into one error."""
        try:
            yield
        except TIMEOUTS:
            raise
        except (OSError, concurrent.futures.CancelledError) as error:
            raise self._gone() from error

    def _gone(self) -> TrainingError:
        return TrainingError("the Dask scheduler no longer answers; start it again, and run the same again")


def _call(station: Station, method: str, *arguments: Any) -> Any:
    return getattr(station, method)(*arguments)


def _halt(stations: Collection[str], dask_worker: Any) -> None:
    for key in stations:
        if (station := dask_worker.data.get(key)) is not None:
            station.halt()


def _station(run: str) -> Station:
    """Return a station of the worker that calls this, which says how many bytes it has read."""
    from distributed import get_worker

    worker = get_worker()
    return Station(lambda n_bytes: worker.log_event(_TOPIC, [run, worker.address, n_bytes]))


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
