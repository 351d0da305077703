"""Where words of raw text begin and end, after Unicode's UAX #29: the kinds of characters, and which join which.

Marks and ignored characters don't count when their neighbours are looked at (rule WB4). `words` departs from UAX #29 in
what follows, where a word is more than the stretch between two boundaries:

- Runs of ideographs, kana, Thai, Lao, Khmer or Burmese stay whole; UAX #29 leaves them to dictionaries.
- An apostrophe also joins letters and digits (the 1980's), all numbers join letters (H₂O), and white space always
  separates.
- What can't start or end a word is taken off its ends: joiners and connectors, as in _emphasis_.

Source: Unicode Standard Annex #29, section 4. Characters without a kind there follow `str.isalnum`.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from enum import IntEnum

import numpy as np
import numpy.typing as npt


class Kind(IntEnum):
    """Kinds of characters. In brackets: their names in UAX #29."""

    SEPARATOR = 0
    LETTER = 1  # (ALetter, Katakana), ideographs, and numbers that are not decimal digits
    HEBREW = 2  # (Hebrew_Letter)
    DIGIT = 3  # (Numeric)
    MARK = 4  # (Extend) belongs to the word before it
    VIRAMA = 5  # (Extend) a mark with which a zero width joiner shapes the letter before it
    IGNORED = 6  # (Format) is dropped, and neither joins nor separates
    NON_JOINER = 7  # (Extend) is kept between letters
    ZERO_WIDTH_JOINER = 8  # (ZWJ) likewise, and at the end behind a virama
    APOSTROPHE = 9
    SINGLE_QUOTE = 10  # (Single_Quote) an apostrophe, and a geresh behind a Hebrew letter
    MID_LETTER = 11  # (MidLetter) joins letters
    MID_NUMBER = 12  # (MidNum) joins digits
    MID_BOTH = 13  # (MidNumLet) joins letters, and joins digits
    DOUBLE_QUOTE = 14  # (Double_Quote) joins Hebrew letters
    CONNECTOR = 15  # (ExtendNumLet) joins letters and digits


class Fate(IntEnum):
    """What becomes of a character."""

    KEEP = 0  # write it: the word goes on or begins
    HOLD = 1  # write it, but take it back if the word ends here
    SKIP = 2
    BREAK = 3  # end the word
    START = 4  # end the word and begin another


class After(IntEnum):
    """What a word has come to, marks aside. Those from CONNECTOR on need a letter or digit to stay in the word."""

    OUTSIDE = 0
    LETTER = 1
    VIRAMA = 2
    HEBREW = 3
    DIGIT = 4
    GERESH = 5
    CONNECTOR = 6
    APOSTROPHE = 7
    MID_LETTER = 8
    MID_NUMBER = 9
    DOUBLE_QUOTE = 10


LETTERS_END = 0x40000  # above, there are only private characters, and those that tag others
FATE_BITS = 3  # of a move: the fate in the lower bits, the next state above

_BASES = {Kind.LETTER: After.LETTER, Kind.HEBREW: After.HEBREW, Kind.DIGIT: After.DIGIT}
_LETTERS = {After.LETTER, After.VIRAMA, After.HEBREW}
_IN_WORD = {*_LETTERS, After.DIGIT}

# A mid character: behind what it can stand, and what must follow.
_MIDS = {
    Kind.APOSTROPHE: [(_IN_WORD, After.APOSTROPHE)],
    Kind.SINGLE_QUOTE: [(_IN_WORD - {After.HEBREW}, After.APOSTROPHE)],
    Kind.MID_LETTER: [(_LETTERS, After.MID_LETTER)],
    Kind.MID_NUMBER: [({After.DIGIT}, After.MID_NUMBER)],
    Kind.MID_BOTH: [(_LETTERS, After.MID_LETTER), ({After.DIGIT}, After.MID_NUMBER)],
    Kind.DOUBLE_QUOTE: [({After.HEBREW}, After.DOUBLE_QUOTE)],
    Kind.CONNECTOR: [({*_IN_WORD, After.CONNECTOR}, After.CONNECTOR)],
}
_FOLLOWS = {
    After.MID_LETTER: {Kind.LETTER, Kind.HEBREW},
    After.MID_NUMBER: {Kind.DIGIT},
    After.DOUBLE_QUOTE: {Kind.HEBREW},
}


def moves() -> npt.NDArray[np.uint8]:
    """Return what each kind of character does to a word, shape (states of After, kinds): next state and fate."""
    table = np.full((len(After), len(Kind)), Fate.BREAK, np.uint8)

    def put(state: After, kind: Kind, fate: Fate, next_state: After) -> None:
        table[state, kind] = next_state << FATE_BITS | fate

    for state in After:
        for kind, base in _BASES.items():
            put(state, kind, Fate.KEEP if kind in _FOLLOWS.get(state, _BASES) else Fate.START, base)
        put(state, Kind.IGNORED, Fate.SKIP, state)
        in_letters = After.LETTER if state == After.VIRAMA else state
        for joiner in (Kind.NON_JOINER, Kind.ZERO_WIDTH_JOINER):
            put(state, joiner, Fate.HOLD if state else Fate.SKIP, in_letters)
        if state != After.OUTSIDE:
            fate = Fate.KEEP if state < After.CONNECTOR else Fate.HOLD
            put(state, Kind.MARK, fate, state)
            put(state, Kind.VIRAMA, fate, After.VIRAMA if in_letters == After.LETTER else state)
    put(After.VIRAMA, Kind.ZERO_WIDTH_JOINER, Fate.KEEP, After.LETTER)
    put(After.HEBREW, Kind.SINGLE_QUOTE, Fate.KEEP, After.GERESH)
    for kind, joins in _MIDS.items():
        for states, needs in joins:
            for state in states:
                put(state, kind, Fate.HOLD, needs)
    return table


# Kinds that Python's `unicodedata` doesn't know, as stretches of code points.
_LISTED = {
    Kind.APOSTROPHE: "2018-2019 055A FF07",
    Kind.SINGLE_QUOTE: "0027",
    Kind.DOUBLE_QUOTE: "0022",
    Kind.MID_LETTER: "003A 00B7 0387 055F 058A 05F4 2027 FE13 FE55 FF1A",
    Kind.MID_NUMBER: "002C 003B 037E 0589 060C-060D 066B-066C 07F8 2044 FE10 FE14 FE50 FE54 FF0C FF1B",
    Kind.MID_BOTH: "002E 2024 FE52 FF0E",
    Kind.CONNECTOR: "005F 203F-2040 2054 30A0 FE33-FE34 FE4D-FE4F FF3F",
    Kind.NON_JOINER: "200C 180E",  # U+180E sets a vowel apart at the end of a Mongolian word
    Kind.ZERO_WIDTH_JOINER: "200D",
    # Letters in circles and squares.
    Kind.LETTER: "24B6-24E9 32D0-32FE 3300-3357 1F130-1F149 1F150-1F169 1F170-1F189",
    # Tone marks and modifiers, the geresh, voiced sound marks of kana, and controls inside Egyptian hieroglyphs.
    Kind.MARK: (
        "00B8 02C2-02C5 02D2-02D7 02DE-02DF 02E5-02EB 02ED 02EF-02FF 05F3 309B-309C A708-A716 A720-A721 A789-A78A"
        " AB5B FF9E-FF9F 13430-13440 13447-13455"
    ),
    # Signs in front of numbers are no part of a word.
    Kind.SEPARATOR: "200B 0600-0605 06DD 0890-0891 08E2 110BD 110CD",
    # Characters without a form of their own, variation selectors among them; strokes that only stretch a word, as the
    # Arabic tatweel; modifiers of emoji; Armenian marks of emphasis, exclamation and question, which stand in a word.
    Kind.IGNORED: (
        "034F 115F-1160 17B4-17B5 180B-180D 180F 2065 3164 FE00-FE0F FFA0 FFF0-FFF8 E0000-E0FFF"
        " 0640 07FA 180A 1F3FB-1F3FF 055B-055C 055E"
    ),
}
_HEBREW = "05D0-05F2 FB1D-FB28 FB2A-FB4F"
_VIRAMA_CLASS = 9  # the combining class of a virama


def character_kinds() -> npt.NDArray[np.uint8]:
    """Return the kind of each character of Unicode, shape (0x110000,)."""
    kinds = np.full(sys.maxunicode + 1, Kind.SEPARATOR, np.uint8)
    for code in range(LETTERS_END):
        character = chr(code)
        category = unicodedata.category(character)
        if category == "Nd":
            kinds[code] = Kind.DIGIT
        elif character.isalnum():
            kinds[code] = Kind.LETTER
        elif category[0] == "M":
            kinds[code] = Kind.VIRAMA if unicodedata.combining(character) == _VIRAMA_CLASS else Kind.MARK
        elif category == "Cf":
            kinds[code] = Kind.IGNORED
    for code in _codes(_HEBREW):
        if kinds[code] == Kind.LETTER:
            kinds[code] = Kind.HEBREW
    for kind, stretches in _LISTED.items():
        kinds[list(_codes(stretches))] = kind
    return kinds


def _codes(stretches: str) -> Iterator[int]:
    for stretch in stretches.split():
        first, _, last = stretch.partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)
