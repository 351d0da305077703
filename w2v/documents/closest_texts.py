"""The texts that are closest to a query of several words, found as they are read."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from w2v.cosines import unit
from w2v.documents.document_vectors import DocumentEncoder
from w2v.documents.token_rows import line_blocks
from w2v.networks.row_sums import Floats32


class FoundText(NamedTuple):
    """A text, and the cosine of the angle between its vector and that of the query.

    Attributes:
        text: the text.
        similarity: the cosine.
        number: which text it is, counted from 1.
    """

    text: str
    similarity: float
    number: int


def closest_texts(
    encoder: DocumentEncoder, blocks: Iterable[bytes], queries: Sequence[str], n: int
) -> list[list[FoundText] | None]:
    r"""Return for each query the n texts whose vectors point most nearly where its own does, the closest first.

    Only the best texts so far are kept in memory. Of equally close ones the first come first; a text without a known
    word has no direction and is left out. So has such a query, whose answer is None.

    Args:
        encoder: turns texts into vectors; where it needs to learn from the texts, it has.
        blocks: the texts as lines, some at a time; see `joined_lines`.
        queries: the queries, texts too.
        n: texts of each query, at most.

    Example:
        >>> from w2v.documents import DocumentEncoder
        >>> encoder = DocumentEncoder(w2v.Vectors(["ship", "sea", "tree"], [[1, 0], [1, 1], [0, 1]]))
        >>> closest_texts(encoder, [b"a tree\nthe ship at sea\n"], ["ship"], 1)
        [[FoundText(text='the ship at sea', similarity=0.894..., number=2)]]
    """
    wanted = unit(np.concatenate([np.empty((0, encoder.dim), np.float32), *encoder.encode(line_blocks(queries))]))
    best: dict[int, list[FoundText]] = {int(number): [] for number in np.flatnonzero(wanted.any(axis=1))}
    before = 0
    to_encode, to_keep = itertools.tee(blocks)
    for lines, found in zip(to_keep, encoder.encode(to_encode), strict=True):
        texts = lines.split(b"\n")
        scores = unit(found) @ wanted.T
        scores[~found.any(axis=1)] = -np.inf  # no direction
        for number, found_before in best.items():
            best[number] = _merged(found_before, scores[:, number], texts, before, n)
        before += len(found)
    return [best.get(number) for number in range(len(queries))]


def _merged(best: list[FoundText], scores: Floats32, texts: Sequence[bytes], before: int, n: int) -> list[FoundText]:
    """Return the n best of those so far and the texts of a block, which come after `before` others."""
    least = best[-1].similarity if len(best) == n else -np.inf
    rows = np.flatnonzero(scores > least)
    rows = rows[np.argsort(-scores[rows], kind="stable")[:n]].tolist()
    new = [FoundText(texts[row].decode(), float(scores[row]), before + row + 1) for row in rows]
    return sorted(best + new, key=lambda text: -text.similarity)[:n]
