"""Installed fonts for labels in any script."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import matplotlib
from matplotlib import font_manager, ft2font
from matplotlib.font_manager import FontEntry, FontProperties

from w2v.errors import UsageError
from w2v.suggestions import closest_spellings

_FIRST = "DejaVu Sans"  # part of matplotlib; has most alphabets
_NO_LETTERS = "Last Resort"  # its glyphs only mark missing characters
_FILES = (".ttf", ".otf", ".ttc")
_EAST_ASIAN = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO")


def families_for(texts: Iterable[str], font: str | None = None) -> tuple[list[str], set[str]]:
    """Return font families that have the characters of the texts, and the characters that none of them has.

    Args:
        texts: what to draw.
        font: the family to take first, or a font file; None is the font of matplotlib.

    Raises:
        UsageError: there is no such font.
    """
    wanted = {character for character in set().union(*texts) if not _is_invisible(character)}
    families = [_FIRST] if font is None else list(dict.fromkeys((_installed(font), _FIRST)))
    for family in families:
        wanted -= _characters(_path(FontProperties(family=family)))
    fonts = _regular_fonts() if wanted else []
    while wanted and fonts:  # few fonts that have much of it, rather than many
        best = max(fonts, key=lambda entry: len(wanted & _characters(entry.fname)))
        if not wanted & _characters(best.fname):
            break
        families.append(best.name)
        wanted -= _characters(best.fname)
    return families, wanted


def font_for(character: str) -> str:
    """Return the name of a free font that has a character; there may be others.

    Example:
        >>> font_for("女"), font_for("ท")
        ('Noto Sans CJK', 'Noto Sans Thai')
    """
    script = unicodedata.name(character, "").split(" ")[0].split("-")[0]
    if script in _EAST_ASIAN:
        return "Noto Sans CJK"
    if unicodedata.category(character) in ("So", "Sk", "Cn"):
        return "Noto Emoji"
    return f"Noto Sans {script.title()}" if character.isalpha() else "Noto Sans"


def without(missing: set[str], texts: Iterable[str]) -> list[str]:
    """Return the texts without the characters in `missing`."""
    return ["".join(character for character in text if character not in missing) for text in texts]


def joins_letters() -> bool:
    """Return whether matplotlib orders and joins the letters of Arabic, Hebrew and Indian scripts, as 3.11 does."""
    return hasattr(ft2font, "__libraqm_version__")


def matplotlib_version() -> str:
    """Return the version of matplotlib."""
    return str(matplotlib.__version__)


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) == "Cf" and joins_letters()


def _installed(font: str) -> str:
    if font.lower().endswith(_FILES):
        if not Path(font).is_file():
            raise UsageError(f"`font` {font}: no such file")
        try:
            font_manager.fontManager.addfont(font)
            return str(font_manager.get_font(font).family_name)
        except (OSError, RuntimeError) as error:
            raise UsageError(f"`font` {font}: is not a font that matplotlib can read") from error
    names = {entry.name for entry in font_manager.fontManager.ttflist if not entry.name.startswith(_NO_LETTERS)}
    known = {name.casefold(): name for name in sorted(names)}
    if font.casefold() in known:
        return known[font.casefold()]
    close = closest_spellings(font, sorted(names))
    advice = f"did you mean {', '.join(close)}?" if close else "install it, or name a font file"
    raise UsageError(f"`font` must be an installed font or a font file, not {font}; {advice}")


def _path(properties: FontProperties) -> str:
    return str(font_manager.findfont(properties))


def _regular_fonts() -> list[FontEntry]:
    """Return one regular face of each family, sans serif first."""
    faces = {
        font.name: font
        for font in font_manager.fontManager.ttflist
        if font.style == "normal" and font.weight in (400, "normal") and not font.name.startswith(_NO_LETTERS)
    }
    return sorted(faces.values(), key=lambda font: ("Sans" not in font.name, "Mono" in font.name, font.name))


@cache
def _characters(path: str) -> frozenset[str]:
    return frozenset(map(chr, font_manager.get_font(path).get_charmap()))
