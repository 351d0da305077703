"""Numbers with their nouns, as messages tell them."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Return a number with a noun that is given in the singular: "1 word", "2,000 words", "3 copies"."""
    if number == 1:
        return f"1 {noun}"
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{number:,} {plural}"
