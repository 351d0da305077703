"""Where words go on a plane so that those of like meaning lie together: t-SNE."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from w2v.options import MapOptions
from w2v.pictures.neighbours import Floats, Neighbours
from w2v.progress import Progress

_EXAGGERATED, _PLAIN = 250, 500  # steps; openTSNE's own
_REPORT_EVERY = 10
_LEAST_FOR_THREADS = 2_000  # words; of fewer, threads wait for each other longer than they work
_LEAST_FOR_FFT = 5_000  # words from which interpolation beats the quadtree


def neighbours_needed(words: int, options: MapOptions) -> int:
    """Return how many neighbours of each word the layout looks at: three times the perplexity, by custom."""
    return min(words - 1, max(1, int(3 * options.perplexity)))


def lay_out(rows: Floats, neighbours: Neighbours, options: MapOptions, progress: Progress) -> npt.NDArray[np.float32]:
    """Place n rows on a plane by t-SNE (van der Maaten and Hinton 2008; with FFTs, Linderman et al. 2019).

    Args:
        rows: shape (n, d), of length 1 each; their principal components are where the layout starts, so that large
            distances mean something too (Kobak and Berens 2019).
        neighbours: `neighbours_needed` closest rows of each.
        options: perplexity, seed, threads.
        progress: is told where the work stands.

    Returns:
        Shape (n, 2), each axis from 0 to 1, in proportion: the longer side is 1.
    """
    from openTSNE import TSNE
    from openTSNE.affinity import PerplexityBasedNN
    from openTSNE.nearest_neighbors import PrecomputedNeighbors

    threads = options.threads if len(rows) >= _LEAST_FOR_THREADS else 1
    affinities = PerplexityBasedNN(
        knn_index=PrecomputedNeighbors(
            neighbours.rows.astype(np.int64), np.maximum(0, 1 - neighbours.similarity.astype(np.float64))
        ),
        perplexity=min(options.perplexity, neighbours.rows.shape[1] / 3),
        n_jobs=threads,
    )
    done = 0

    def report(_step: int, error: float, _embedding: npt.NDArray[np.float64]) -> None:
        nonlocal done
        done += _REPORT_EVERY
        progress.update(done, {"divergence": f"{error:.2f}"})

    progress.start("laying out", _EXAGGERATED + _PLAIN, "steps")
    layout = TSNE(
        early_exaggeration_iter=_EXAGGERATED,
        n_iter=_PLAIN,
        negative_gradient_method="fft" if len(rows) >= _LEAST_FOR_FFT else "bh",
        random_state=options.seed % 2**32,  # all that its generator takes
        n_jobs=threads,
        callbacks=report,
        callbacks_every_iters=_REPORT_EVERY,
    ).fit(rows, affinities=affinities, initialization="pca" if min(rows.shape) > 1 else "random")
    progress.finish()
    return fitted(np.asarray(layout))


def fitted(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """Return points (n, 2) moved and scaled to lie between 0 and 1, both axes by the same factor, and centred."""
    low, high = points.min(axis=0), points.max(axis=0)
    span = max(float((high - low).max()), np.finfo(np.float32).tiny)
    placed: npt.NDArray[np.float32] = ((points - (low + high) / 2) / span + 0.5).astype(np.float32)
    return placed
