"""Installed fonts for labels in any script."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from matplotlib import font_manager
from matplotlib.font_manager import FontEntry, FontProperties

_FIRST = "DejaVu Sans"  # part of matplotlib; has most alphabets
_NO_LETTERS = "Last Resort"  # its glyphs only mark missing characters


def families_for(words: Iterable[str]) -> tuple[list[str], set[str]]:
    """Return font families that have the characters of the words, and the characters that no font has."""
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
    """Return the texts without the characters in `missing`."""
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
