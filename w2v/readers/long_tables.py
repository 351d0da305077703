"""Long tables: tables with a row for each item of a basket, told from tables with a basket in each row."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

_FEWEST = 4  # rows; fewer say too little
_LEAST_SHARE = 0.3  # of rows whose basket is that of the row before


def columns_of_long_table(rows: Sequence[Sequence[str]]) -> tuple[str, str] | None:
    """Return the columns that seem to hold the basket and the item of each row, by name or number; otherwise None.

    All rows of such a table have the same cells. Its first column holds numbers that others don't, or a name above
    numbers, or baskets that are often those of the row before, but never come back later.

    Args:
        rows: the first ones of a table, the line with names too if there is one.

    Example:
        >>> columns_of_long_table([["order", "item"], ["1", "milk"], ["1", "jam"], ["2", "pen"]])
        ('order', 'item')
        >>> columns_of_long_table([["1", "9"], ["1", "8"], ["2", "7"], ["2", "9"]])
        ('1', '2')
        >>> columns_of_long_table([["milk", "jam"], ["milk", "pen"], ["jam", "pen"], ["milk", "tea"]])
    """
    if len(rows) < _FEWEST or len(rows[0]) < 2 or any(len(row) != len(rows[0]) or not all(row) for row in rows):
        return None
    head, *others = rows
    baskets = [row[0] for row in others]
    are_numbers = all(map(str.isdecimal, baskets))
    has_texts = any(not any(cell.isdecimal() for cell in column) for column in list(zip(*others, strict=True))[1:])
    returns = len(list(groupby(baskets))) > len(set(baskets))
    share = sum(one == other for one, other in pairwise(baskets)) / len(baskets)
    is_named = are_numbers and not head[0].isdecimal()
    if not is_named and not (are_numbers and has_texts) and (returns or share < _LEAST_SHARE):
        return None
    has_names = is_named or all(
        cell not in column for cell, column in zip(head, zip(*others, strict=True), strict=True)
    )
    if has_names and not head[0].isdecimal():
        return head[0].strip(), head[1].strip()
    return "1", "2"
