"""A pool of workers as what the pipeline reads and trains with."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from w2v.corpus import Sources
from w2v.machines.crew import Crew
from w2v.machines.dask_pool import joined
from w2v.machines.pool import Pool
from w2v.machines.shared_text import SharedText
from w2v.options import TrainingOptions
from w2v.progress import Progress
from w2v.training.model import Model
from w2v.training.pipeline import most_ids
from w2v.training.starting_point import Start


class ClusterRun:
    """Reads and trains on the workers of a pool.

    Args:
        pool: the workers.
        progress: receives notes on workers that are lost or join.
    """

    def __init__(self, pool: Pool, progress: Progress) -> None:
        self._pool, self._progress = pool, progress

    def read(self, sources: Sources, start: Start, progress: Progress) -> SharedText:
        """Read a text, count its words, and make blocks of it."""
        return SharedText(
            self._pool, sources, start.corpus, start.words, progress, lambda n_words: most_ids(n_words, start)
        )

    def scheme(self, model: Model, corpus: SharedText, options: TrainingOptions, epochs_before: int) -> Crew:
        """Return how the workers train on what `read` returned."""
        return Crew(self._pool, model, corpus, options, epochs_before, self._progress)


@contextlib.contextmanager
def cluster_run(cluster: str, workers: int, progress: Progress) -> Iterator[ClusterRun]:
    """Join a cluster, or make one on this machine, which ends with the context.

    Args:
        cluster: as in RunOptions.
        workers: how many processes to start on this machine.
        progress: receives notes on workers that are lost or join.

    Raises:
        W2VError: Dask is not installed, no cluster answers, or its workers have other versions of packages.
    """
    with joined(cluster, workers, progress) as pool:
        yield ClusterRun(pool, progress)
