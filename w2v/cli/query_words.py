"""How arguments and lines become the words of a query, some of which hold spaces or begin with a sign.

What is in the vocabulary is a word, however it looks; only then come tabs, quotes and spaces.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from itertools import groupby
from typing import NamedTuple

from w2v.errors import UsageError

SPACES = " \t\n\r\v\f"  # other white space, such as a no-break space, can be part of a word
SIGNS = ("+", "-")

_TOKEN = re.compile(rf"[^{SPACES}]+")
_QUOTED = re.compile(rf'(?<![^{SPACES}])([+-]?)"([^"\t\n]+)"(?![^{SPACES}])')


class SignedWords(NamedTuple):
    """The words of a query: those to be close to, and those to be far from."""

    positive: tuple[str, ...]
    negative: tuple[str, ...] = ()


class KnownWords:
    """The words of a vocabulary, which remembers its answers, as each word is looked up several times."""

    def __init__(self, vocabulary: Container[str]) -> None:
        self._vocabulary = vocabulary
        self._found: dict[object, bool] = {}

    def __contains__(self, word: object) -> bool:
        """Say whether a word is in the vocabulary."""
        found = self._found.get(word)
        if found is None:
            found = self._found[word] = word in self._vocabulary
        return found


def spaced_words(text: str) -> list[str]:
    """Return what stands between ASCII white space."""
    tokens: list[str] = _TOKEN.findall(text)
    return tokens


def argument_words(arguments: Sequence[str], known: Container[str], *, whole: bool = True) -> list[str]:
    """Return the words of arguments, each of which may be one word or several.

    Args:
        arguments: as the shell split them; a single one is read like a line.
        known: the vocabulary.
        whole: whether a single argument can be a word that holds spaces.

    Example:
        >>> argument_words(["new york", "king queen"], {"new york", "king", "queen"})
        ['new york', 'king', 'queen']
    """
    if len(arguments) == 1:
        return line_words(arguments[0], known, whole=whole)
    return [word for argument in arguments for word in _field_words(argument, known)]


def line_words(line: str, known: Container[str], *, whole: bool = True) -> list[str]:
    r"""Return the words of a line.

    If the vocabulary holds the whole line, that is the word. Otherwise tabs separate words, if there are any. Otherwise
    spaces do, except between double quotes and in words of the vocabulary between signs.

    Args:
        line: without its line end.
        known: the vocabulary.
        whole: whether the line can be a single word that holds spaces.

    Example:
        >>> known = {"new york", "paris", "france", "usa"}
        >>> line_words("new york", known), line_words("new york\tparis", known)
        (['new york'], ['new york', 'paris'])
        >>> line_words("new york - usa + france", known), line_words('"new york" paris', known)
        (['new york', '-', 'usa', '+', 'france'], ['new york', 'paris'])
    """
    text = line.strip(SPACES)
    if whole or len(spaced_words(text)) < 2:
        for word in (line, text):
            if word in known:
                return [word]
    if "\t" in text:
        fields = [field for field in line.split("\t") if field.strip(SPACES)]
        return [word for field in fields for word in _field_words(field, known)]
    return _tokens(text, known)


def signed_query(words: Sequence[str], known: Container[str]) -> SignedWords:
    """Return the query of words with signs, such as `king - man + woman` or `king -man +woman`; no sign means plus.

    A single known word is one, and so is the word after a sign that stands alone, whatever they begin with. Another
    word with a sign at its start is taken without it, unless only the vocabulary has it with the sign.

    Raises:
        UsageError: no word follows a sign.
    """
    if len(words) == 1 and words[0] in known:
        return SignedWords(tuple(words))
    signed: dict[str, list[str]] = {"+": [], "-": []}
    sign = ""
    for word in words:
        if sign:
            if word in SIGNS and word not in known:
                raise UsageError(f"no word stands between {sign} and {word}; write for example: king - man + woman")
            signed[sign].append(word)
            sign = ""
        elif word in SIGNS:
            sign = word
        elif word[:1] in SIGNS and (word[1:] in known or word not in known):
            signed[word[0]].append(word[1:])
        else:
            signed["+"].append(word)
    if sign:
        raise UsageError(f"no word follows the last {sign}; write for example: king - man + woman")
    return SignedWords(tuple(signed["+"]), tuple(signed["-"]))


def _field_words(field: str, known: Container[str]) -> list[str]:
    """Return the words of one of several arguments or fields.

    One that holds spaces is a single word if its parts are not known, so that an error names it as it was written.
    """
    text = field.strip(SPACES)
    for word in (field, text):
        if word in known:
            return [word]
    words = _tokens(text, known)
    if len(words) > 1 and not any(word[:1] in SIGNS for word in words) and any(word not in known for word in words):
        return [text]
    return words


def _tokens(text: str, known: Container[str]) -> list[str]:
    """Return what stands between spaces and between double quotes; words of the vocabulary between signs stay whole."""
    tokens: list[str] = []
    end = 0
    if '"' not in text:
        return _between_signs(text, known)
    for quoted in _QUOTED.finditer(text):
        sign, inner = quoted.groups()
        parts = spaced_words(quoted[0])
        if (" " in inner and inner in known) or not all(part in known for part in parts):
            tokens += [*_between_signs(text[end : quoted.start()], known), sign + inner]
            end = quoted.end()
    return [*tokens, *_between_signs(text[end:], known)]


def _between_signs(text: str, known: Container[str]) -> list[str]:
    tokens = spaced_words(text)
    if not any(sign in tokens for sign in SIGNS):
        return tokens
    words: list[str] = []
    for is_sign, segment in groupby(tokens, key=lambda token: token in SIGNS):
        parts = list(segment)
        joined = " ".join(parts)
        words += [joined] if not is_sign and joined in known else parts
    return words
