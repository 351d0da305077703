"""Fonts for labels in any script, out of those that are installed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from matplotlib import font_manager
from matplotlib.font_manager import FontEntry, FontProperties

_FIRST = "DejaVu Sans"  # comes with matplotlib, and has most alphabets
_NO_LETTERS = "Last Resort"  # whose glyphs only show that a character is missing


def families_for(words: Iterable[str]) -> tuple[list[str], set[str]]:
    """Return the families to write the words with, the first one first, and the characters that none of them has."""
    missing = set().union(*words) - _characters(_path(FontProperties(family=_FIRST)))
    families = [_FIRST]
    for entry in _regular_fonts() if missing else ():
        added = missing & _characters(entry.fname)
        if added:
            families.append(entry.name)
            missing -= added
        if not missing:
            break
    return families, missing


def without(missing: set[str], texts: Iterable[str]) -> list[str]:
    """Return what can be written of each text: all but the characters in `missing`."""
    return ["".join(character for character in text if character not in missing) for text in texts]


def _path(properties: FontProperties) -> str:
    return str(font_manager.findfont(properties))


def _regular_fonts() -> list[FontEntry]:
    fonts = [
        font
        for font in font_manager.fontManager.ttflist
        if font.style == "normal" and font.weight in (400, "normal") and not font.name.startswith(_NO_LETTERS)
    ]
    return sorted(fonts, key=lambda font: font.name)


@cache
def _characters(path: str) -> frozenset[str]:
    return frozenset(map(chr, font_manager.get_font(path).get_charmap()))
