"""A query: words and vectors to be close to or far from, checked, and answered by the nearest rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any, NamedTuple, TypeAlias, TypedDict

import numpy as np
import numpy.typing as npt

from w2v.errors import UsageError
from w2v.options.checks import require_count, shown
from w2v.options.defaults import DEFAULT_NEIGHBOURS
from w2v.vectors.arguments import as_vector
from w2v.vectors.cosines import Array, unit
from w2v.vectors.nearest import Nearest, multiplied, nearest

Term: TypeAlias = str | npt.NDArray[np.floating]
Terms: TypeAlias = Term | Sequence[Term]


class Query(NamedTuple):
    """What to be close to, and what to be far from.

    Attributes:
        positive: words, or vectors of shape (d,), to be close to.
        negative: words or vectors to be far from.

    Example:
        >>> Query(["king", "woman"], negative="man")
        Query(positive=['king', 'woman'], negative='man')
    """

    positive: Terms = ()
    negative: Terms = ()


class ForeignKeywords(TypedDict, total=False):
    """Other names of arguments of queries: `topn`, as gensim has it, for `n`."""

    topn: int


class Resolved(NamedTuple):
    """A query whose words have become vectors.

    Attributes:
        units: (k, d), its vectors divided by their length, the positive ones first.
        n_positive: how many are positive.
        rows: the rows of its words, which are left out of the answer.
    """

    units: Array
    n_positive: int
    rows: list[int]


def resolve(query: object, matrix: Array, index: Callable[[str], int]) -> Resolved:
    """Return the vectors of a query: a Query, or what its `positive` may be.

    Args:
        query: as the caller gave it.
        matrix: (V, d).
        index: returns the row of a word.

    Raises:
        UnknownWordError: a word is not in the vocabulary.
        UsageError: the query is empty, or holds something other than words and vectors.
        VectorsError: a vector does not have d finite values.
    """
    if not isinstance(query, Query):
        query = Query(query)  # type: ignore[arg-type]
    positive, negative = _listed(query.positive), _listed(query.negative)
    if not positive and not negative:
        raise UsageError("the query is empty; give at least one word")
    rows = []
    vectors = []
    for term in chain(positive, negative):
        if isinstance(term, str):
            rows.append(index(term))
            vectors.append(matrix[rows[-1]])
        elif isinstance(term, np.ndarray):
            vectors.append(as_vector(term, matrix.shape[1], "a vector of a query"))
        else:
            raise _not_terms(term)
    return Resolved(unit(np.array(vectors, dtype=np.float32)), len(positive), rows)


def answer(queries: Sequence[Resolved], matrix: Array, norms: Array, n: int, method: str) -> list[Nearest]:
    """Return the n nearest rows for each query, by method `add` or `mul`."""
    left_out = [query.rows for query in queries]
    if method == "add":
        sums = [query.units[: query.n_positive].sum(axis=0) - query.units[query.n_positive :].sum(axis=0)
                for query in queries]  # fmt: skip
        return nearest(matrix, norms, unit(np.stack(sums)), n, left_out)
    starts = np.cumsum([0, *(len(query.units) for query in queries)]).tolist()
    terms = [
        (range(start, start + query.n_positive), range(start + query.n_positive, end))
        for query, start, end in zip(queries, starts, starts[1:], strict=False)
    ]
    return nearest(matrix, norms, np.concatenate([query.units for query in queries]), n, left_out, multiplied(terms))


def neighbours_wanted(n: object, foreign: dict[str, Any]) -> int:
    """Return how many neighbours to list: `n`, or `topn` among the other keyword arguments.

    Raises:
        UsageError: it is no whole number or below 1, both are given, or there is another keyword argument.
    """
    for name in foreign:
        if name != "topn":
            from w2v.suggestions import closest_spellings

            close = closest_spellings(name, ["method", "n", "negative", "positive", "restrict_vocab", "topn"], 1)
            raise UsageError(f"no option {name}" + (f"; did you mean `{close[0]}`?" if close else ""))
        if not (isinstance(n, int) and n == DEFAULT_NEIGHBOURS):
            raise UsageError("`n` and `topn` are the same; leave out one of them")
        return require_count("topn", foreign[name])
    return require_count("n", n)


def _listed(terms: object) -> list[Any]:
    if isinstance(terms, np.ndarray) and terms.ndim < 2 and terms.dtype.kind not in "UO":
        return [terms]
    if isinstance(terms, str):
        return [terms]
    if (
        isinstance(terms, bytes)
        or not isinstance(terms, Iterable)
        or (isinstance(terms, np.ndarray) and not terms.ndim)
    ):
        raise _not_terms(terms)
    return list(terms)


def _not_terms(given: object) -> UsageError:
    return UsageError(f"a query takes words (str) and vectors (NumPy arrays), not {shown(given)}")
