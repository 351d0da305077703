"""Scripts of words: the direction in which they run, and how a list of them is written."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

_ISOLATE, _END, _LEFT_TO_RIGHT, _RIGHT_TO_LEFT = "\u2068", "\u2069", "\u200e", "\u200f"

# What separates the items of a list, by the first word of the Unicode name of a letter.
_COMMAS = {
    **dict.fromkeys(("ARABIC", "SYRIAC", "THAANA"), "\u060c "),
    **dict.fromkeys(("CJK", "HIRAGANA", "KATAKANA", "BOPOMOFO"), "\u3001"),
    "ETHIOPIC": "\u1363 ",
    "NKO": "\u07f8 ",
}
_SHAPED = (
    "ARABIC", "BENGALI", "DEVANAGARI", "GUJARATI", "GURMUKHI", "HEBREW", "KANNADA", "KHMER", "MALAYALAM", "MYANMAR",
    "NKO", "ORIYA", "SINHALA", "SYRIAC", "TAMIL", "TELUGU", "THAANA", "TIBETAN",
)  # fmt: skip


def runs_right_to_left(text: str) -> bool:
    """Return whether the first letter of a text belongs to a script that runs from right to left.

    Example:
        >>> runs_right_to_left("ملك"), runs_right_to_left("king"), runs_right_to_left("12 שלום")
        (True, False, True)
    """
    kinds = (unicodedata.bidirectional(character) for character in text)
    return next((kind != "L" for kind in kinds if kind in ("L", "R", "AL")), False)


def needs_shaping(text: str) -> bool:
    """Return whether a text is unreadable if its letters are drawn one by one from left to right."""
    return any(_script(character) in _SHAPED for character in text if ord(character) > 0x58F)


def listed(words: Sequence[str]) -> str:
    r"""Return words as a list, with the comma of their script, such as "ملك، رجل".

    Where words run in different directions, the list has the direction of its first word and each word is isolated
    (Unicode Standard Annex 9): otherwise the words would change places.

    Example:
        >>> listed(["king", "queen"]), listed(["女王", "王"]), listed(["ملك", "رجل"])
        ('king, queen', '女王、王', 'ملك، رجل')
        >>> listed(["king", "ملك"])
        '\u200e\u2068king\u2069, \u2068ملك\u2069'
    """
    separator = _comma(words)
    directions = [runs_right_to_left(word) for word in words]
    if len(set(directions)) < 2:
        return separator.join(words)
    mark = _RIGHT_TO_LEFT if directions[0] else _LEFT_TO_RIGHT
    return mark + separator.join(f"{_ISOLATE}{word}{_END}" for word in words)


def _comma(words: Iterable[str]) -> str:
    """Return the comma of the script that the words share; a list in several scripts has the Latin one."""
    scripts = [next(filter(None, map(_script, word)), "") for word in words]
    commas = {_COMMAS.get(script, ", ") for script in scripts if script}
    return commas.pop() if len(commas) == 1 else ", "


def _script(character: str) -> str:
    """Return the first word of a letter's name, such as "ARABIC"; other characters have none."""
    return unicodedata.name(character, "").split(" ")[0].split("-")[0] if character.isalpha() else ""
