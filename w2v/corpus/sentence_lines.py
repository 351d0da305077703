"""Sentences in memory as lines of UTF-8."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from w2v.errors import CorpusError
from w2v.options.checks import shown

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_SPLIT = "sentences=(line.split() for line in lines)"


class SentenceBytes(io.RawIOBase):
    """Sentences as UTF-8: a line each, spaces between tokens."""

    _AT_ONCE = 1 << 12

    def __init__(self, sentences: Iterable[Sequence[str]]) -> None:
        self._lines = map(_line, _each(sentences), itertools.count(1))
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


def _each(sentences: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    """Yield sentences, and say where what makes them fails."""
    number = 0
    try:
        for number, sentence in enumerate(sentences, 1):  # noqa: B007 - read after the loop fails
            yield sentence
    except (CorpusError, MemoryError):
        raise
    except Exception as error:
        message = " ".join(str(error).split())
        raise CorpusError(
            f"sentence {number + 1}: what makes the sentences failed with {type(error).__name__}: {message}"
        ) from error


def _line(sentence: Sequence[str], number: int) -> str:
    """Return a sentence as a line.

    Raises:
        CorpusError: it is no list of tokens that a line can hold.
    """
    if isinstance(sentence, str):
        raise CorpusError(f"sentence {number}: is a text, not a list of tokens; split it first: {_SPLIT}")
    if not isinstance(sentence, Iterable) or isinstance(sentence, bytes | bytearray | dict):
        raise CorpusError(f"sentence {number}: must be a list of tokens, not {_described(sentence)}")
    try:
        tokens = list(sentence)
        line = " ".join(tokens)
        line.encode()
    except (TypeError, UnicodeEncodeError):
        raise CorpusError(_complaint(sentence, number)) from None
    if line.split() != tokens or "\0" in line:
        raise CorpusError(_complaint(tokens, number))
    return line + "\n"


def _complaint(sentence: Iterable[object], number: int) -> str:
    """Return what is wrong with the first wrong token of a sentence."""
    try:
        tokens = list(sentence)
    except TypeError:  # an array without dimensions
        return f"sentence {number}: must be a list of tokens, not {_described(sentence)}"
    for place, token in enumerate(tokens, 1):
        where = f"sentence {number}, token {place}"
        if not isinstance(token, str):
            return f"{where}: must be a text, not {_described(token)}{_advice(token)}"
        if any("\ud800" <= character <= "\udfff" for character in token):
            return f"{where}: {shown(token)} is not a text that UTF-8 can hold; replace or drop it"
        if token.split() != [token]:
            return f"{where}: {shown(token)} is empty or has white space in it; split or drop it"
        if "\0" in token:
            return f"{where}: {shown(token)} has a zero byte in it; drop it"
    return f"sentence {number}: must be a list of tokens, not {_described(sentence)}"


def _described(value: object) -> str:
    """Return a value with its type, as in "5 (int)"."""
    if value is None:
        return "None"
    return f"{shown(value)} ({type(value).__name__})"


def _advice(token: object) -> str:
    if token is None or token != token:  # only nan differs from itself
        return "; drop missing values first, as pandas does with dropna()"
    if isinstance(token, bytes):
        return "; decode it first"
    if isinstance(token, list | tuple):
        return "; each sentence is one flat list of tokens"
    return "; convert it with str()"
