"""Vectors from and to gensim's KeyedVectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from w2v.cosines import Array
from w2v.errors import MissingExtraError, UsageError
from w2v.options.checks import shown
from w2v.vectors.packed_words import PackedWords

if TYPE_CHECKING:
    from gensim.models import KeyedVectors


def to_gensim(words: PackedWords, matrix: Array, counts: npt.NDArray[np.int64] | None) -> KeyedVectors:
    """Return a copy as KeyedVectors; of a word given twice, the first vector.

    Args:
        words: V words.
        matrix: shape (V, d).
        counts: shape (V,), or None; they become the attribute "count".

    Raises:
        MissingExtraError: gensim is not installed.
    """
    keyed = _class()(matrix.shape[1])
    rows = words.first_of_each()
    if rows is not None:
        words, matrix, counts = words.take(rows), matrix[rows], None if counts is None else counts[rows]
    if len(words):
        keyed.add_vectors(list(words), matrix)
    if counts is not None:
        keyed.expandos["count"] = np.array(counts)  # a parameter of add_vectors is meant for this, but fails in 4.4
    return keyed


def parts_of(keyed: Any) -> tuple[list[str], Array, npt.NDArray[np.int64] | None]:
    """Return the words, the matrix and the counts, if known, of KeyedVectors or of a model that has them as `wv`.

    Raises:
        UsageError: it is neither.
        MissingExtraError: gensim is not installed.
    """
    kind = _class()
    found = getattr(keyed, "wv", keyed)
    if not isinstance(found, kind):
        raise UsageError(f"`keyed_vectors` must be gensim's KeyedVectors, not {shown(keyed)}")
    return found.index_to_key, found.vectors, found.expandos.get("count")


def _class() -> Any:
    try:
        from gensim.models import KeyedVectors
    except ImportError:
        feature = "exchanging vectors with gensim"
        raise MissingExtraError(feature, "gensim") from None
    return KeyedVectors
