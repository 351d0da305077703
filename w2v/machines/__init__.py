"""Training in several processes, on one machine or many.

The modules, from the inside out:

    peer            a process with the whole model: it trains some replicas, and merges the copies of all
    station         what a worker holds for a run: shares of the text, and a peer
    pool            what a crew needs of workers, wherever they are
    local_worker    what a worker that w2v starts does first
    local_cluster   a Dask cluster on this machine
    dask_pool       workers of a Dask cluster
    shared_text     a text that workers read in shares
    crew            the workers that train together; another one is formed when some are lost or join
    cluster_run     a pool as what the pipeline reads and trains with
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from w2v.corpus import Sources
    from w2v.options import RunOptions, TrainingOptions
    from w2v.progress import Progress
    from w2v.training import TrainingResult


def train_where(
    sources: Sources, *, run: RunOptions, training: TrainingOptions, progress: Progress, **arguments: Any
) -> TrainingResult:
    """Train in this process, or on the cluster that the options name.

    Args:
        sources: the text; all arguments are those of w2v.training.train_vectors.
        run: where to train, and what `train_vectors` needs of it.
        training: what is trained, and how.
        progress: receives progress and notes.
        arguments: all others.

    Raises:
        W2VError: anything that keeps the text from becoming vectors; the message says what to do.
    """
    from w2v.training.pipeline import train_vectors

    arguments |= {"run": run, "training": training, "progress": progress}
    if run.cluster is None:
        return train_vectors(sources, **arguments)
    from w2v.machines.cluster_run import cluster_run
    from w2v.options.continuing import LOCAL
    from w2v.training.pipeline import require_parts_apart

    require_parts_apart(arguments["corpus"], training)  # before a cluster is started or asked
    if "threads" in arguments.get("given", frozenset()) and run.cluster != LOCAL:
        progress.note("`threads` has no effect on a cluster that exists; start its workers with as many as you want")
    with cluster_run(run.cluster, training.threads, progress) as machines:
        return train_vectors(sources, **arguments, machines=machines)
