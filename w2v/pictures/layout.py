"""The layout of a map: t-SNE puts similar words close together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from w2v.options import MapOptions
from w2v.pictures.neighbours import Neighbours
from w2v.progress import Progress

_EXAGGERATED, _PLAIN = 250, 500  # steps; the defaults of openTSNE
_REPORT_EVERY = 10
_LEAST_FOR_THREADS = 2_000  # words; with fewer, threads mostly wait for each other
_LEAST_FOR_FFT = 5_000  # words from which interpolation beats the quadtree


def neighbours_needed(words: int, options: MapOptions) -> int:
    """Return how many neighbours of each word t-SNE needs: three times the perplexity, as usual."""
    return min(words - 1, max(1, int(3 * options.perplexity)))


def lay_out(
    rows: npt.NDArray[np.float32], neighbours: Neighbours, options: MapOptions, progress: Progress
) -> npt.NDArray[np.float32]:
    """Place n rows on a plane by t-SNE (van der Maaten and Hinton 2008; with FFTs, Linderman et al. 2019).

    Args:
        rows: shape (n, d), each of length 1. The layout starts from their principal components, so that large
            distances mean something too (Kobak and Berens 2019).
        neighbours: the `neighbours_needed` nearest rows of each row.
        options: perplexity, seed, threads.
        progress: receives progress.

    Returns:
        Points, shape (n, 2), from 0 to 1, both axes in the same scale.
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
        random_state=options.seed % 2**32,  # the largest seed of its generator
        n_jobs=threads,
        callbacks=report,
        callbacks_every_iters=_REPORT_EVERY,
    ).fit(rows, affinities=affinities, initialization="pca" if min(rows.shape) > 1 else "random")
    progress.finish()
    return fitted(np.asarray(layout))


def fitted(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """Return points, shape (n, 2), centred and scaled to 0..1, both axes by the same factor."""
    low, high = points.min(axis=0), points.max(axis=0)
    span = max(float((high - low).max()), np.finfo(np.float32).tiny)
    placed: npt.NDArray[np.float32] = ((points - (low + high) / 2) / span + 0.5).astype(np.float32)
    return placed
