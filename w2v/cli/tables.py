"""Tables whose columns line up in a terminal, in any script."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

_GAP = "  "


def display_width(text: str) -> int:
    """Return the width of `text` in a terminal: two columns for a wide East Asian character, none for a mark."""
    return sum(
        0 if unicodedata.category(char) in ("Mn", "Me", "Cf") else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield a line for each row: the first column aligned left, the others right."""
    widths = [max(map(display_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        pads = [" " * (width - display_width(cell)) for cell, width in zip(row, widths, strict=True)]
        first, *others = (
            pad + cell if column else cell + pad for column, (cell, pad) in enumerate(zip(row, pads, strict=True))
        )
        yield _GAP.join([first, *others]).rstrip()
