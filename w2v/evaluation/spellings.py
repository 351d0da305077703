"""Which rows stand for a word of a test set."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from w2v.errors import UsageError


def folding(*, casefold: bool) -> Callable[[str], str]:
    """Return what maps all spellings of a word that are to be taken as one to the same form."""
    return str.casefold if casefold else str


def check_restrict_vocab(restrict_vocab: int | None) -> None:
    """Refuse a limit that leaves no words.

    Raises:
        UsageError: it is below 1.
    """
    if restrict_vocab is not None and restrict_vocab < 1:
        raise UsageError(f"--restrict-vocab must be at least 1, not {restrict_vocab}")


def rows_by_form(words: Sequence[str], wanted: set[str], fold: Callable[[str], str]) -> dict[str, list[int]]:
    """Return the rows of all spellings of each wanted form that occurs in `words`, in order."""
    rows: dict[str, list[int]] = {}
    for row, word in enumerate(words):
        form = fold(word)
        if form in wanted:
            rows.setdefault(form, []).append(row)
    return rows
