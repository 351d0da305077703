"""The process that cuts text for one thread: it reads texts from its standard input, and writes their tokens.

Each message is its length in eight bytes, the lowest first, and UTF-8. An answer begins with one byte, which says what
it is.
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import BinaryIO

from w2v.errors import W2VError
from w2v.options.checks import shown
from w2v.options.tokens import cutter_of

TOKENS, COMPLAINT = b"t", b"c"
LENGTH_BYTES = 8
_PIECE = 1 << 13  # characters
_MOST_KNOWN = 1 << 20  # different tokens that are remembered
_NO_WORDS = re.compile(r" [^\w\s]+(?= )")  # tokens without a letter or a digit, all but those with an underscore
_NO_WORDS_OR_LINES = re.compile(r" (?:[^\w\s]|_)+(?= )")  # slower


def read_message(stream: BinaryIO) -> bytes | None:
    """Return the next message; None at the end."""
    length = stream.read(LENGTH_BYTES)
    return None if len(length) < LENGTH_BYTES else stream.read(int.from_bytes(length, "little"))


def write_message(stream: BinaryIO, message: bytes, kind: bytes = b"") -> None:
    """Write a message, and what it is."""
    stream.write(kind + len(message).to_bytes(LENGTH_BYTES, "little"))
    stream.write(message)
    stream.flush()


def serve(tokens: str, requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until they end.

    Args:
        tokens: the value of the option.
        requests: texts of several lines.
        answers: the same lines with spaces between tokens; first, what has made them.
    """
    rule = cutter_of(tokens)
    assert rule is not None
    try:
        module = import_module(rule.place)
        cut, made_by = module.cutter(tokens), module.made_by()
    except W2VError as error:
        write_message(answers, error.message.encode(), COMPLAINT)
        return
    write_message(answers, made_by.encode(), TOKENS)
    tokens_of = _Checked(cut) if rule.is_users else functools.partial(_words, cut, takes_lines=rule.takes_lines)
    while (text := read_message(requests)) is not None:
        write_message(answers, *_answer(tokens_of, text.decode()))


def _answer(tokens_of: Callable[[str], str], text: str) -> tuple[bytes, bytes]:
    """Return the tokens of a text, or why there are none, and which of the two it is."""
    try:
        return tokens_of(text).encode(errors="replace"), TOKENS
    except ValueError as error:
        return str(error).encode(), COMPLAINT


def _words(cut: Callable[[str], Iterable[str]], text: str, *, takes_lines: bool) -> str:
    """Return a text with spaces between those of its tokens that have a letter or a digit."""
    if takes_lines:
        found = " ".join([" ".join(cut(piece)) for piece in _pieces(text)])
    else:
        found = " \n ".join([" ".join(cut(line)) for line in text.split("\n")])
    return (_NO_WORDS_OR_LINES if "_" in found else _NO_WORDS).sub("", f" {found} ".replace("\t", " "))


def _pieces(text: str) -> Iterator[str]:
    """Yield a text in pieces of whole lines, whose tokens fit into memory that was used before."""
    start = 0
    while start < len(text):
        stop = text.find("\n", start + _PIECE) + 1 or len(text)
        yield text[start:stop]
        start = stop


class _Checked:
    """Cuts lines by a function of the user, and checks each different token once."""

    def __init__(self, cut: Callable[[str], Iterable[str]]) -> None:
        self._cut = cut
        self._known: set[str] = set()

    def __call__(self, text: str) -> str:
        """Return a text with spaces between its tokens.

        Raises:
            ValueError: the function fails, or returns something else; the text says what.
        """
        return "\n".join([self._tokens_of(line) if line.strip() else "" for line in text.split("\n")])

    def _tokens_of(self, line: str) -> str:
        try:
            found = list(self._cut(line))
        except Exception as error:
            raise ValueError(f"failed with {type(error).__name__}: {error}, on {shown(line)}") from error
        for token in found:
            if type(token) is str and token in self._known:
                continue
            if not isinstance(token, str) or token.split() != [token] or "\0" in token:
                raise ValueError(f"returned {shown(token)}, which can't be a token, of {shown(line)}")
            if len(self._known) < _MOST_KNOWN:
                self._known.add(token)
        return " ".join(found)


def main(tokens: str) -> None:
    """Serve on the standard streams; what the cutter prints goes to standard error."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends a function that never returns, without a traceback
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        serve(tokens, requests, answers)
    except BrokenPipeError:  # the process that asked has ended; what is left goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), answers.fileno())
