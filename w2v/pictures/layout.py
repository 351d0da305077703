"""Layouts of maps, which put similar words close together: t-SNE, and principal components."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.memory_need import MemoryNeed
from w2v.options import MapOptions
from w2v.pictures.extras import require
from w2v.pictures.neighbours import Neighbours
from w2v.progress import Progress

_EXAGGERATED, _PLAIN = 250, 500  # steps; the defaults of openTSNE
_REPORT_EVERY = 10
_LEAST_FOR_THREADS = 2_000  # words; with fewer, threads mostly wait for each other
_PCA_COPIES = 4.2
_TSNE_NEIGHBOUR = 55  # bytes of a neighbour, as measured
_TSNE_GRID = 30_000_000
_LEAST_FOR_FFT = 5_000  # words from which interpolation beats the quadtree


class Layout(NamedTuple):
    """Words on a plane.

    Attributes:
        points: shape (n, 2), from 0 to 1, both axes in the same scale.
        explained: the share of the variance that each axis shows, from 0 to 1; None where axes have no meaning.
    """

    points: npt.NDArray[np.float32]
    explained: tuple[float, float] | None


def neighbours_needed(words: int, options: MapOptions) -> int:
    """Return how many neighbours of each word the layout needs: for t-SNE three times the perplexity, as usual."""
    return min(words - 1, max(1, int(3 * options.perplexity))) if options.layout_for(words) == "tsne" else 1


def layout_need(words: int, dim: int, options: MapOptions) -> MemoryNeed:
    """Return the memory that a layout of n words takes: copies in float64, or what t-SNE keeps of each neighbour."""
    if options.layout_for(words) == "pca":
        return MemoryNeed.of(work=int(_PCA_COPIES * 8 * words * dim))
    grid = _TSNE_GRID if words >= _LEAST_FOR_FFT else 0
    return MemoryNeed.of(work=grid + _TSNE_NEIGHBOUR * words * neighbours_needed(words, options))


def require_layout(layout: str) -> None:
    """Check, before long work, that a layout can be computed.

    Raises:
        MissingExtraError: a package of the extra `plot` is not installed.
    """
    if layout == "tsne":
        require("openTSNE", "laying out a map")


def lay_out(rows: npt.NDArray[np.float32], neighbours: Neighbours, options: MapOptions, progress: Progress) -> Layout:
    """Place n rows on a plane.

    Args:
        rows: shape (n, d), each of length 1.
        neighbours: the `neighbours_needed` nearest rows of each row.
        options: layout, perplexity, seed, threads.
        progress: receives progress.
    """
    return _LAYOUTS[options.layout_for(len(rows))](rows, neighbours, options, progress)


def fitted(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """Return points, shape (n, 2), centred and scaled to 0..1, both axes by the same factor."""
    low, high = points.min(axis=0), points.max(axis=0)
    span = max(float((high - low).max()), np.finfo(np.float32).tiny)
    placed: npt.NDArray[np.float32] = ((points - (low + high) / 2) / span + 0.5).astype(np.float32)
    return placed


def _principal_components(
    rows: npt.NDArray[np.float32], _neighbours: Neighbours, _options: MapOptions, _progress: Progress
) -> Layout:
    """Place rows by their first two principal components, the directions of greatest variance (Pearson 1901).

    Few words leave t-SNE little to work with; this shows their distances as faithfully as a plane can, and parallels
    between pairs of words (Mikolov et al. 2013).
    """
    centred = rows.astype(np.float64) - rows.mean(axis=0, dtype=np.float64)
    left, scales, _right = np.linalg.svd(centred, full_matrices=False)
    scores = np.zeros((len(rows), max(2, len(scales))))
    scores[:, : len(scales)] = left * scales
    points = scores[:, :2]
    points *= np.where(points[np.abs(points).argmax(axis=0), [0, 1]] < 0, -1, 1)  # the sign is arbitrary
    variances = np.zeros(2)
    variances[: min(2, len(scales))] = scales[:2] ** 2
    first, second = (variances / max(float((scales**2).sum()), np.finfo(np.float64).tiny)).tolist()
    return Layout(fitted(points), (first, second))


def _tsne(rows: npt.NDArray[np.float32], neighbours: Neighbours, options: MapOptions, progress: Progress) -> Layout:
    """Place rows by t-SNE (van der Maaten and Hinton 2008; with FFTs, Linderman et al. 2019).

    It starts from the principal components, so that large distances mean something too (Kobak and Berens 2019).
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
    return Layout(fitted(np.asarray(layout)), None)


_LAYOUTS: dict[str, Callable[[npt.NDArray[np.float32], Neighbours, MapOptions, Progress], Layout]] = {
    "pca": _principal_components,
    "tsne": _tsne,
}
