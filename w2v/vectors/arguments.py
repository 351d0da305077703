"""Checks of words and numbers that a caller passes: the same rules as for those in files."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.cosines import Array
from w2v.errors import UsageError, VectorsError
from w2v.options.checks import shown
from w2v.options.encoding import EncodingOptions
from w2v.vectors.packed_words import PackedWords
from w2v.wording import counted

_LONGEST = float(np.finfo(np.float32).max)
_NOT_FINITE = "must be finite and fit a float32: below 3.4e38, no nan or infinity"


def as_words(words: object) -> PackedWords:
    """Return the words of any iterable of str.

    Raises:
        UsageError: it is a single str, not iterable, or holds something else.
        VectorsError: a word is no text that a file can hold.
    """
    try:
        return words if isinstance(words, PackedWords) else PackedWords.of(word_list(words))
    except UnicodeEncodeError as error:
        raise VectorsError(
            f"the word {shown(error.object)} can't be written as UTF-8: it holds half of a surrogate pair"
        ) from None


def word_list(words: object, name: str = "words") -> list[str]:
    """Return words as a list; `name` is the argument.

    Raises:
        UsageError: they are a single str, not iterable, or one of them is no str.
    """
    listed = items(words, name)
    for word in listed:
        if not isinstance(word, str):
            raise UsageError(f"`{name}` must hold nothing but str, not {shown(word)}")
    return listed


def word_pairs(pairs: object) -> list[list[str]]:
    """Return pairs of words as a list.

    Raises:
        UsageError: they are not an iterable of pairs of str.
    """
    listed = [word_list(pair) for pair in items(pairs, "pairs")]
    for pair in listed:
        if len(pair) != 2:
            raise UsageError(f"`pairs` must be pairs of words, not {shown(pair)}")
    return listed


def items(several: object, name: str) -> list[Any]:
    """Return what a caller gives as several items; `name` is the argument.

    Raises:
        UsageError: it is a single str, or not iterable.
    """
    if isinstance(several, str | bytes) or not isinstance(several, Iterable):
        raise UsageError(f"`{name}` must be a list, not {shown(several)}")
    try:
        return list(several)
    except TypeError:  # an array without dimensions only looks iterable
        raise UsageError(f"`{name}` must be a list, not {shown(several)}") from None


def require_word(word: object) -> None:
    """Raise a UsageError if a word is no str."""
    if not isinstance(word, str):
        raise UsageError(f"a word must be a str, not {shown(word)}; rows by number are in .matrix and .words")


def as_matrix(matrix: object, words: PackedWords) -> Array:
    """Return vectors as a C-contiguous float32 matrix, shape (V, d); one that is such a matrix is not copied.

    Raises:
        UsageError: they are no numbers, or rows have different lengths.
        VectorsError: there is not one row for each word, a value is not finite, or a row is too long for float32.
    """
    vectors = _single(matrix, "the values of a matrix")
    if vectors.ndim != 2 or len(vectors) != len(words):
        raise VectorsError(
            f"{counted(len(words), 'word')}: a matrix must have as many rows, not the shape {vectors.shape}"
        )
    vectors = np.ascontiguousarray(vectors)
    if not _is_finite(vectors):
        row = int(np.argmin(np.isfinite(vectors).all(axis=1)))
        raise VectorsError(f"row {row}, the vector of {words[row]!r}, {_NOT_FINITE}")
    _require_lengths(vectors)
    return vectors


def as_vector(vector: object, dim: int, what: str) -> Array:
    """Return a vector as float32, shape (d,).

    Raises:
        UsageError: it holds no numbers.
        VectorsError: it does not have d finite values.
    """
    found = _single(vector, f"the values of {what}")
    if found.shape != (dim,):
        raise VectorsError(f"{what} must have {counted(dim, 'value')}, not the shape {found.shape}")
    if not _is_finite(found):
        raise VectorsError(f"{what} {_NOT_FINITE}")
    _require_lengths(found[None])
    return found


def as_weights(weights: object, n_words: int) -> npt.NDArray[np.float64]:
    """Return one weight for each word, in float64.

    Raises:
        UsageError: they are no finite numbers, not one for each word, or all of them are zero.
    """
    found = _single(weights, "`weights`").astype(np.float64)
    if not _is_finite(found):
        raise UsageError(f"`weights` {_NOT_FINITE}")
    if found.shape != (n_words,):
        raise UsageError(f"`weights` must be {counted(n_words, 'number')}, one for each word, not {shown(weights)}")
    if not found.any():
        raise UsageError("`weights` must not all be zero")
    return found


def as_counts(counts: object, n_words: int) -> npt.NDArray[np.int64] | None:
    """Return how often each word occurs as a read-only array, shape (V,), or None.

    Raises:
        UsageError: they are no whole numbers, not one for each word, or below 0.
    """
    if counts is None:
        return None
    found = _numbers(counts)
    if found is None or (found.dtype.kind not in "iu" and found.size) or found.shape != (n_words,):
        raise UsageError(f"`counts` must be {counted(n_words, 'whole number')}, one for each word, not {shown(counts)}")
    if found.size and (found.min() < 0 or found.max() >= 2**63):
        raise UsageError("`counts` must be from 0 to 2**63 - 1")
    return read_only(found.astype(np.int64))


def known_counts(counts: npt.NDArray[np.int64] | None, option: str | None = None) -> npt.NDArray[np.int64]:
    """Return the counts of words; `option` is what needs them.

    Raises:
        UsageError: they are not known.
    """
    if counts is None:
        raise UsageError(
            f"the counts of the words{f', which `{option}` needs,' if option else ''} are not known; w2v keeps them"
            " when it trains: in models, .npz and .safetensors, and beside other files, in NAME.counts"
        )
    return counts


def as_metadata(metadata: object) -> dict[str, Any]:
    """Return a dict of facts; None is an empty one.

    Raises:
        UsageError: it is no dict.
    """
    if metadata is None:
        return {}
    if not isinstance(metadata, Mapping):
        raise UsageError(f"`metadata` must be a dict, not {shown(metadata)}")
    return dict(metadata)


def read_only(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return a view of an array that refuses changes."""
    view: npt.NDArray[Any] = array.view()
    view.flags.writeable = False
    return view


def _numbers(values: object) -> npt.NDArray[Any] | None:
    try:
        array = np.asarray(values)
    except (TypeError, ValueError, OverflowError):  # rows of different lengths, or no numbers at all
        return None
    return array if array.dtype.kind in "iuf" else None


def _single(values: object, what: str) -> Array:
    """Return numbers as float32, which may be infinite or nan."""
    array = _numbers(values)
    if array is None:
        raise UsageError(f"{what} must be numbers, and rows of the same length, not {shown(values)}")
    if np.any(getattr(values, "mask", False)):  # of a masked array, whose hidden values would come to light
        raise UsageError(f"{what} must be numbers, and some are masked; fill them first")
    with np.errstate(over="ignore", invalid="ignore"):
        return array.astype(np.float32, copy=False)


def _is_finite(values: npt.NDArray[np.floating]) -> bool:
    # The least and the greatest are nan if any value is, and take no memory.
    return not values.size or bool(np.isfinite(values.min()) and np.isfinite(values.max()))


def _require_lengths(rows: Array) -> None:
    """Raise a VectorsError if a row, shape (n, d), is longer than a float32 can hold."""
    if not rows.size:
        return
    greatest = max(abs(float(rows.min())), abs(float(rows.max())))
    if greatest * math.sqrt(rows.shape[1]) <= _LONGEST:
        return  # whatever the other values are
    with np.errstate(over="ignore"):
        longest = np.sqrt(np.einsum("vd,vd->v", rows, rows, dtype=np.float64).max())
    if longest > _LONGEST:
        raise VectorsError(f"a vector has the length {longest:.3g}; it must be below 3.4e38, the range of float32")


def reading_options(given: dict[str, str | None], foreign: Mapping[str, Any]) -> EncodingOptions | None:
    """Return how the words of a file become text; None is UTF-8, as nearly always.

    Raises:
        UsageError: there is no such encoding or option.
    """
    if not foreign and all(value is None for value in given.values()):
        return None
    from w2v.options.foreign_names import translated

    chosen = {name: value for name, value in given.items() if value is not None}
    if "limit" in foreign:
        raise UsageError("no option limit; use `top`")
    needed = {name: value for name, value in foreign.items() if name not in ("binary", "no_header")}
    for name, value in translated(needed, frozenset(given)).items():
        if name in chosen:
            raise UsageError(f"`{name}` is given twice, once under another name; leave out one of them")
        chosen[name] = value
    options = EncodingOptions(**chosen)
    return None if options.is_utf8 and options.encoding_errors == EncodingOptions.encoding_errors else options
