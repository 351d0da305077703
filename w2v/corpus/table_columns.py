"""Columns of tables in memory: of pandas, polars, pyarrow and Hugging Face datasets, none of which is imported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

_AT_ONCE = 1 << 12  # rows converted together, which is many times faster than one by one
_COLUMN = "; pass one of its columns, as in table['text']"


def table_complaint(value: object) -> str | None:
    """Return what to say of a table in place of a column; None for anything else.

    Example:
        >>> print(table_complaint([["a", "rose"]]))
        None
    """
    package = _package(value)
    if package == "datasets" and isinstance(value, dict):
        return "can't be a set of tables; pass a column of one of them, as in dataset['train']['text']"
    is_frame = package in ("pandas", "polars") and hasattr(type(value), "columns")
    if is_frame or (package in ("pyarrow", "datasets") and hasattr(type(value), "column_names")):
        return f"can't be a table{_COLUMN}"
    return None


def is_column(value: object) -> bool:
    """Say whether a value is a column of a table, whose texts are rows and not tokens."""
    return _package(value) in ("pandas", "polars", "pyarrow", "datasets")


def rows_of(value: Iterable[Any]) -> Iterator[Any]:
    """Yield what a column holds, or any other iterable, as objects of Python."""
    package = _package(value)
    column: Any = value
    if package in ("polars", "pyarrow") and hasattr(column, "slice"):
        for start in range(0, len(column), _AT_ONCE):
            some = column.slice(start, _AT_ONCE)
            yield from some.to_list() if package == "polars" else some.to_pylist()
    elif package == "datasets" and hasattr(column, "__len__"):
        for start in range(0, len(column), _AT_ONCE):
            yield from column[start : start + _AT_ONCE]
    else:
        yield from value


def _package(value: object) -> str:
    """Return the package that the class of a value is from."""
    return type(value).__module__.partition(".")[0]
