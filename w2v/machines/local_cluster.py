"""A Dask cluster on this machine, made for one run."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from multiprocessing import resource_tracker
from typing import Any

from w2v.errors import TrainingError
from w2v.machines.pool import TIMEOUTS
from w2v.wording import in_one_line

if sys.platform != "win32":
    from w2v.machines.local_worker import SIGNALS

_CRITICAL = 50  # of the package logging, which only the command line uses


@contextlib.contextmanager
def local_cluster(workers: int) -> Iterator[Any]:
    """Start a cluster with so many processes, which ends with the context.

    Raises:
        TrainingError: the processes did not start.
    """
    import dask
    import distributed

    cluster = None
    # A pool notices by itself when a worker is silent; Dask would restart them all behind a suspended machine.
    with dask.config.set({"distributed.scheduler.worker-ttl": None}):
        try:
            try:
                with _signals_held():
                    cluster = distributed.LocalCluster(
                        n_workers=workers, threads_per_worker=1, processes=True, memory_limit=0,
                        dashboard_address=":0", silence_logs=_CRITICAL, preload=["w2v.machines.local_worker"],
                    )  # fmt: skip
            except (RuntimeError, *TIMEOUTS) as error:
                what = in_one_line(str(error) or type(error).__name__, 100)
                raise TrainingError(
                    f"the workers on this machine did not start ({what});"
                    ' in a script, call w2v below `if __name__ == "__main__":`, since each worker imports the script;'
                    " otherwise, lower `threads`"
                ) from error
            yield cluster
        except BaseException:
            if cluster is not None:
                _kill(cluster)
            raise
        finally:
            if cluster is not None:
                cluster.close()


def _kill(cluster: Any) -> None:
    """End all workers, so that closing the cluster doesn't wait for what they compile or train."""
    for nanny in cluster.workers.values():
        nanny.auto_restart = False
    for nanny in cluster.workers.values():
        if nanny.pid is not None:
            with contextlib.suppress(OSError):  # it has ended by itself
                os.kill(nanny.pid, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """Hold signals back until the end of the block: Dask can't close a cluster that is half started.

    Threads and processes started in the block inherit this, so that signals don't end a worker before this process.
    """
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # starting it later would let SIGINT and SIGTERM through
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
