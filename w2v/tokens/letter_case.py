"""Letter case: folded, or lower, with the dotted and the dotless i of Turkish and Azerbaijani.

Sources: Unicode's CaseFolding.txt, status T, and SpecialCasing.txt, `tr` and `az`. For Lithuanian, whose rules in the
latter only keep a dot over an i with an accent, nothing is left to do: `without_dots` takes that dot off.
"""

from __future__ import annotations

import unicodedata

from w2v.options.corpus import LANGUAGES

_TURKIC_LOWER = {"I": "ı", "İ": "i"}
_DOT = "\u0307"
_ABOVE = 230  # the combining class of marks above a letter
_MODIFIER_APOSTROPHE = "ʼ"  # a letter; most texts have ’ or ' for it
_OTHER_FOLDS = dict.fromkeys("‘’՚＇", "'") | dict.fromkeys("Ŀŀ", "l·")  # Catalan: ŀl is l·l


def folded(character: str, language: str | None) -> str:
    """Return a character case folded as `str.casefold` does: ß becomes ss. The letter ʼ becomes an apostrophe.

    Example:
        >>> folded("ẞ", None), folded("I", None), folded("I", "tr")
        ('ss', 'i', 'ı')
    """
    if language in LANGUAGES and character in _TURKIC_LOWER:
        return _TURKIC_LOWER[character]
    return _OTHER_FOLDS.get(character) or character.casefold().replace(_MODIFIER_APOSTROPHE, "'")


def lowered(text: str, language: str | None) -> str:
    """Return a text in lower case, as `str.lower` does; Σ becomes ς or σ by its place in the word.

    Example:
        >>> lowered("ΟΔΟΣ DIŞ", None), lowered("DIŞ", "tr")
        ('οδος diş', 'dış')
    """
    if language in LANGUAGES:
        for upper, lower in _TURKIC_LOWER.items():
            text = text.replace(upper, lower)
    return text.lower()


def without_dots(text: str) -> str:
    """Return words without the dot over an i, which has one anyway; İ in lower case is i and such a dot.

    Example:
        >>> without_dots("i\u0307stanbul z\u0307"), len(without_dots("i\u0307"))
        ('istanbul ż', 1)
    """
    if _DOT not in text:
        return text
    return " ".join(_without_dot(word) if _DOT in word else word for word in text.split(" "))


def _without_dot(word: str) -> str:
    letters: list[str] = []
    place_of_i = None  # of an i without a mark above, so far
    for character in unicodedata.normalize("NFD", word):
        if character == _DOT and place_of_i is not None:
            letters[place_of_i] = "i"
            continue
        if unicodedata.combining(character) == 0:
            place_of_i = len(letters) if character in "iı" else None
        elif unicodedata.combining(character) >= _ABOVE:
            place_of_i = None
        letters.append(character)
    return unicodedata.normalize("NFC", "".join(letters))
