"""Sentences in memory as lines of UTF-8."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable, Iterator, Set
from numbers import Integral
from typing import TYPE_CHECKING

from w2v.corpus.table_columns import is_column, rows_of
from w2v.errors import CorpusError
from w2v.options.checks import shown

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_MISSING = "; drop missing values first, as pandas does with dropna()"
_FLAT = "; each sentence is one flat list of tokens"
_ADVICE: dict[type, str] = {bytes: "; decode it first", list: _FLAT, tuple: _FLAT}
_SPLIT = "sentences=(line.split() for line in lines)"


class LineBytes(io.RawIOBase):
    """Lines that are made as they are needed, as UTF-8."""

    _AT_ONCE = 1 << 12

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill some of the buffer and return the number of bytes, 0 at the end."""
        if not self._ready:
            self._ready = memoryview("".join(itertools.islice(self._lines, self._AT_ONCE)).encode())
        with memoryview(buffer) as view:
            n = min(len(view), len(self._ready))
            view[:n], self._ready = self._ready[:n], self._ready[n:]
        return n


def sentence_bytes(sentences: Iterable[Iterable[str]], *, are_baskets: bool = False) -> LineBytes:
    """Return sentences as UTF-8: a line each, spaces between tokens. The texts of a column stay as they are.

    Of baskets, white space inside an item becomes `_`, and sets are fine, whose items are sorted.
    """
    rows = map(_spelled_basket, rows_of(sentences)) if are_baskets else rows_of(sentences)
    return LineBytes(map(_line_of_column if is_column(sentences) else _line, rows, itertools.count(1)))


def _line_of_column(value: object, number: int) -> str:
    """Return a text, with a blank line behind it, or a list of tokens as a line.

    Raises:
        CorpusError: it is neither, or no line can hold it.
    """
    if not isinstance(value, str):
        return _line(value, number)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise CorpusError(f"sentence {number}: {shown(value)} is not a text that UTF-8 can hold; replace it") from None
    if "\0" in value:
        raise CorpusError(f"sentence {number}: {shown(value)} has a zero byte in it; drop it")
    return f"{value}\n\n"


def _spelled_basket(value: object) -> object:
    """Return the items of a basket as tokens, in a list; anything else as it is."""
    if isinstance(value, str | bytes | bytearray | dict) or not isinstance(value, Iterable):
        return value
    try:
        items = sorted(value, key=str) if isinstance(value, Set) else list(value)  # sets have another order in each run
    except TypeError:  # an array without dimensions
        return value
    return ["_".join(item.split()) if isinstance(item, str) else item for item in items]


def _line(sentence: object, number: int) -> str:
    """Return a sentence as a line; whole numbers, such as those of items, are tokens, too.

    Raises:
        CorpusError: it is no list of tokens that a line can hold.
    """
    if isinstance(sentence, str):
        raise CorpusError(f"sentence {number}: is a text, not a list of tokens; split it first: {_SPLIT}")
    if not isinstance(sentence, Iterable) or isinstance(sentence, bytes | bytearray | dict | set | frozenset):
        raise CorpusError(_not_a_list(sentence, number))
    try:
        tokens = list(sentence)
        try:
            line = " ".join(tokens)
        except TypeError:
            if not all(map(_is_token, set(map(type, tokens)))):
                raise
            tokens = list(map(str, tokens))
            line = " ".join(tokens)
        line.encode()
    except (TypeError, UnicodeEncodeError):
        raise CorpusError(_complaint(sentence, number)) from None
    if line.split() != tokens or "\0" in line:
        raise CorpusError(_complaint(tokens, number))
    return line + "\n"


def _is_token(kind: type) -> bool:
    """Say whether values of a type are tokens: texts, and whole numbers such as those of items."""
    return issubclass(kind, str | Integral) and not issubclass(kind, bool)


def _complaint(sentence: Iterable[object], number: int) -> str:
    """Return what is wrong with the first wrong token of a sentence."""
    try:
        tokens = list(sentence)
    except TypeError:  # an array without dimensions
        return _not_a_list(sentence, number)
    for place, token in enumerate(tokens, 1):
        where = f"sentence {number}, token {place}"
        if not _is_token(type(token)):
            advice = _MISSING if _is_missing(token) else _ADVICE.get(type(token), "; convert it with str()")
            return f"{where}: must be a text, not {_described(token)}{advice}"
        token = str(token)
        if any("\ud800" <= character <= "\udfff" for character in token):
            return f"{where}: {shown(token)} is not a text that UTF-8 can hold; replace or drop it"
        if token.split() != [token]:
            return f"{where}: {shown(token)} is empty or has white space in it; split or drop it"
        if "\0" in token:
            return f"{where}: {shown(token)} has a zero byte in it; drop it"
    return _not_a_list(sentence, number)


def _not_a_list(sentence: object, number: int) -> str:
    advice = _MISSING if _is_missing(sentence) else ""
    return f"sentence {number}: must be a list of tokens, not {_described(sentence)}{advice}"


def _described(value: object) -> str:
    """Return a value with its type, as in "5 (int)"."""
    return "None" if value is None else f"{shown(value)} ({type(value).__name__})"


def _is_missing(value: object) -> bool:
    """Say whether a value stands for a missing one, in Python, NumPy or pandas."""
    if isinstance(value, float):
        return value != value
    return value is None or type(value).__name__ in ("NAType", "NaTType")
