"""Vectors as a small table in HTML, which notebooks show."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
import numpy.typing as npt

from w2v.cosines import Array
from w2v.wording import counted

_WORDS = 10
_VALUES = 6


def html_table(words: Sequence[str], matrix: Array, counts: npt.NDArray[np.int64] | None) -> str:
    """Return the first words with their counts, if known, and their first values.

    Args:
        words: V words.
        matrix: shape (V, d).
        counts: shape (V,), or None.

    Example:
        >>> html_table(["<s>"], np.array([[0.5]], dtype=np.float32), None).replace("><", "> <").split()[-6:-3]
        ['<tr>', '<th>&lt;s&gt;</th>', '<td>0.5</td>']
    """
    n_words, n_values = min(len(words), _WORDS), min(matrix.shape[1], _VALUES)
    more = ["…"] if matrix.shape[1] > n_values else []
    header = ["word", *(["count"] if counts is not None else []), *map(str, range(n_values)), *more]
    rows = []
    for row in range(n_words):
        cells = [f"{counts[row]:,}"] if counts is not None else []
        cells += [f"{value:.4g}" for value in matrix[row, :n_values]] + more
        rows.append(f"<tr><th>{escape(words[row])}</th>{_cells('td', cells)}</tr>")
    if len(words) > n_words:
        rows.append(f"<tr>{_cells('td', ['…'] * len(header))}</tr>")
    caption = f"{counted(len(words), 'word')} × {counted(matrix.shape[1], 'dimension')}"
    head = f"<thead><tr>{_cells('th', header)}</tr></thead>"
    return f"<table><caption>{caption}</caption>{head}<tbody>{''.join(rows)}</tbody></table>"


def _cells(tag: str, texts: Sequence[str]) -> str:
    return "".join(f"<{tag}>{text}</{tag}>" for text in texts)
