"""Known words with the closest spelling to one that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Sequence


def closest_spellings(word: str, known: Sequence[str], n: int = 3) -> list[str]:
    """Return up to n known words whose spelling is closest, best first."""
    return difflib.get_close_matches(word, known, n)
