"""A query: words and vectors to be close to or far from, checked, and answered by the nearest rows."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias, TypedDict

import numpy as np
import numpy.typing as npt

from w2v.cosines import Array, row_norms, unit
from w2v.errors import UsageError, VectorsError
from w2v.options.checks import require_count, shown
from w2v.options.defaults import DEFAULT_NEIGHBOURS
from w2v.vectors.arguments import as_vector
from w2v.vectors.nearest import Candidates, Nearest, multiplied, nearest

Term: TypeAlias = str | npt.NDArray[np.floating]
Terms: TypeAlias = Term | Sequence[Term]

_LEAST_SUM = 1e-6  # length of a sum for each of its unit vectors; a shorter sum is nothing but their rounding errors
_MOST_SHOWN = 60  # characters of a query in a message


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
        terms: its words and vectors, the positive ones first.
    """

    units: Array
    n_positive: int
    rows: list[int]
    terms: list[Term]

    def __str__(self) -> str:
        """Return the query with its signs, as a message shows it."""
        words = [term if isinstance(term, str) else "(a vector)" for term in self.terms]
        text = " + ".join(words[: self.n_positive]) + "".join(f" - {word}" for word in words[self.n_positive :])
        return text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 3] + "..."


def resolve_all(queries: Sequence[object], matrix: Array, index: Callable[[str], int]) -> list[Resolved]:
    """Return the vectors of each query: a Query, or what its `positive` may be.

    Args:
        queries: as the caller gave them.
        matrix: (V, d).
        index: returns the row of a word.

    Raises:
        UnknownWordError: a word is not in the vocabulary.
        UsageError: a query is empty, or holds something other than words and vectors.
        VectorsError: a vector does not have d finite values, or is zero.
    """
    several = len(queries) > 1
    parsed = [_parsed(query, matrix, index, f"queries[{place}]: " if several else "")
              for place, query in enumerate(queries)]  # fmt: skip
    starts = np.cumsum([0, *(len(query.terms) for query in parsed)]).tolist()
    stacked = np.array([vector for query in parsed for vector in query.vectors], dtype=np.float32)
    stacked = stacked.reshape(starts[-1], matrix.shape[1])
    if not (present := stacked.any(axis=1)).all():
        zero = int(np.argmin(present))
        place = bisect_right(starts, zero) - 1
        term = parsed[place].terms[zero - starts[place]]
        where = f"queries[{place}]: " if several else ""
        raise without_direction(where + (f"the vector of {term!r}" if isinstance(term, str) else "a vector of a query"))
    units = unit(stacked)
    return [Resolved(units[start:end], query.n_positive, query.rows, query.terms)
            for query, start, end in zip(parsed, starts, starts[1:], strict=False)]  # fmt: skip


class _Parsed(NamedTuple):
    """The parts of a query: its words and vectors, how many are positive, the rows of words, and all vectors."""

    terms: list[Term]
    n_positive: int
    rows: list[int]
    vectors: list[Array]


def _parsed(query: object, matrix: Array, index: Callable[[str], int], where: str) -> _Parsed:
    """Return the parts of one query; errors begin with `where`, except those about unknown words."""
    if not isinstance(query, Query):
        query = Query(query)  # type: ignore[arg-type]
    positive, negative = _listed(query.positive, where), _listed(query.negative, where)
    if not positive and not negative:
        raise UsageError(f"{where}the query is empty; give at least one word")
    rows = []
    vectors = []
    terms = [*positive, *negative]
    for term in terms:
        if isinstance(term, str):
            rows.append(index(term))
            vectors.append(matrix[rows[-1]])
        elif isinstance(term, np.ndarray):
            vectors.append(as_vector(term, matrix.shape[1], f"{where}a vector of a query"))
        else:
            raise _not_terms(term, where)
    return _Parsed(terms, len(positive), rows, vectors)


def without_direction(vector: str) -> VectorsError:
    """Return the error about a vector of zeros, which has a cosine with nothing; `vector` says which one."""
    return VectorsError(f"{vector} is all zeros, so it has no direction")


def cancelling(sums: Array, sizes: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Say which sums of unit vectors, shape (Q, d), are zero but for rounding; `sizes` is how many each adds up."""
    found: npt.NDArray[np.bool_] = row_norms(sums) < _LEAST_SUM * np.asarray(sizes)
    return found


def answer(queries: Sequence[Resolved], candidates: Candidates, n: int, method: str) -> list[Nearest]:
    """Return the n nearest rows for each query, by method `add` or `mul`.

    Raises:
        VectorsError: the vectors of a query cancel each other out.
    """
    left_out = [query.rows for query in queries]
    sums = np.stack([query.units[: query.n_positive].sum(axis=0) - query.units[query.n_positive :].sum(axis=0)
                     for query in queries])  # fmt: skip
    for place in np.flatnonzero(cancelling(sums, [len(query.units) for query in queries])).tolist():
        # A product of opposite directions is no sum, and has a meaning; what is also divided by has none.
        if method == "add" or queries[place].n_positive < len(queries[place].units):
            raise VectorsError(f"the vectors of the query cancel each other out: {queries[place]}")
    if method == "add":
        return nearest(candidates, unit(sums), n, left_out)
    starts = np.cumsum([0, *(len(query.units) for query in queries)]).tolist()
    terms = [
        (range(start, start + query.n_positive), range(start + query.n_positive, end))
        for query, start, end in zip(queries, starts, starts[1:], strict=False)
    ]
    return nearest(candidates, np.concatenate([query.units for query in queries]), n, left_out, multiplied(terms))


def neighbours_wanted(n: object, foreign: dict[str, Any]) -> int:
    """Return how many neighbours to list: `n`, or `topn` among the other keyword arguments.

    Raises:
        UsageError: it is no whole number or below 1, both are given, or there is another keyword argument.
    """
    for name in foreign:
        if name != "topn":
            from w2v.suggestions import closest_spellings

            close = closest_spellings(
                name, ["method", "min_count", "n", "negative", "positive", "restrict_vocab", "topn"], 1
            )
            raise UsageError(f"no option {name}" + (f"; did you mean `{close[0]}`?" if close else ""))
        if not (isinstance(n, int) and n == DEFAULT_NEIGHBOURS):
            raise UsageError("`n` and `topn` are the same; leave out one of them")
        return require_count("topn", foreign[name])
    return require_count("n", n)


def _listed(terms: object, where: str) -> list[Any]:
    if isinstance(terms, np.ndarray) and terms.ndim < 2 and terms.dtype.kind not in "UO":
        return [terms]
    if isinstance(terms, str):
        return [terms]
    if (
        isinstance(terms, bytes | Mapping | Query)  # which would lose its numbers, or what is negative
        or not isinstance(terms, Iterable)
        or (isinstance(terms, np.ndarray) and not terms.ndim)
    ):
        raise _not_terms(terms, where)
    return list(terms)


def _not_terms(given: object, where: str) -> UsageError:
    return UsageError(f"{where}a query takes words (str) and vectors (NumPy arrays), not {shown(given)}")
