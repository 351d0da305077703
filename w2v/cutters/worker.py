"""The process that cuts text for one thread: it reads texts from its standard input, and writes their tokens.

Each message is its length in eight bytes, the lowest first, and UTF-8. An answer begins with one byte, which says what
it is.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import BinaryIO

from w2v.errors import W2VError
from w2v.options.checks import shown
from w2v.options.tokens import cutter_of

TOKENS, COMPLAINT = b"t", b"c"
LENGTH_BYTES = 8


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
    checked = _tokens_of_user if rule.is_users else _words
    while (text := read_message(requests)) is not None:
        answer(answers, lambda line: checked(cut, line), text.decode())


def answer(answers: BinaryIO, tokens_of: Callable[[str], Iterable[str]], text: str) -> None:
    """Write the tokens of a text, or why there are none."""
    try:
        cut = "\n".join(" ".join(tokens_of(line)) for line in text.split("\n"))
    except ValueError as error:
        write_message(answers, str(error).encode(), COMPLAINT)
    else:
        write_message(answers, cut.encode(errors="replace"), TOKENS)


def _words(cut: Callable[[str], Iterable[str]], line: str) -> Iterator[str]:
    """Yield the tokens with a letter or a digit; white space in them separates."""
    for token in cut(line) if line else ():
        if any(map(str.isalnum, token)):
            yield from token.split()


def _tokens_of_user(cut: Callable[[str], Iterable[str]], line: str) -> Iterator[str]:
    """Yield the tokens that a function of the user returns.

    Raises:
        ValueError: it fails, or returns something else; the text says what.
    """
    if not line.strip():
        return
    try:
        found = list(cut(line))
    except Exception as error:
        raise ValueError(f"failed with {type(error).__name__}: {error}, on {shown(line)}") from error
    for token in found:
        if not isinstance(token, str) or token.split() != [token] or "\0" in token:
            raise ValueError(f"returned {shown(token)}, which can't be a token, of {shown(line)}")
        yield token


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
