"""A process that cuts text, started when it is first needed and ended with the object that it belongs to."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import weakref
from importlib.util import find_spec
from typing import IO, cast

from w2v.cutters.worker import COMPLAINT, TOKENS, read_message, write_message
from w2v.errors import CorpusError, MissingExtraError, UsageError
from w2v.options.tokens import cutter_of

# It finds modules where this process does, and runs nothing of the caller's script.
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[2]); from w2v.cutters.worker import main; main(sys.argv[1])"
)
_SECONDS_TO_END = 5


class CuttingProcess:
    """Cuts text by a rule. Each thread needs its own.

    Attributes:
        made_by: the package that cuts, with its version.

    Example:
        >>> process = CuttingProcess("builtins:list")
        >>> process.cut(b"rose")
        b'r o s e'
        >>> process.close()
    """

    def __init__(self, tokens: str) -> None:
        """Start the process.

        Raises:
            UsageError: there is no such function.
            MissingExtraError: the package of the rule is not installed.
        """
        rule = cutter_of(tokens)
        if rule is None:
            raise ValueError(f"{tokens} is no cutter")
        if rule.package and not _is_installed(rule.package):
            raise MissingExtraError(f"`tokens={tokens}`", tokens)
        self._tokens = tokens
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START, tokens, json.dumps(sys.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._end = weakref.finalize(self, _ended, self._process)
        self.made_by = self._answer().decode()

    def cut(self, text: bytes) -> bytes:
        """Return a text, UTF-8 whose lines end in LF, with spaces between the tokens of each line.

        Raises:
            UsageError: the function of the user fails, or returns something else than tokens.
            CorpusError: the process has ended.
        """
        try:
            write_message(cast("IO[bytes]", self._process.stdin), text)  # type: ignore[arg-type]
        except BrokenPipeError as error:
            raise self._lost() from error
        return self._answer()

    def close(self) -> None:
        """End the process."""
        self._end()

    def _answer(self) -> bytes:
        stream = cast("IO[bytes]", self._process.stdout)
        kind = stream.read(1)
        message = read_message(stream) if kind in (TOKENS, COMPLAINT) and kind else None  # type: ignore[arg-type]
        if message is None:
            raise self._lost()
        if kind == TOKENS:
            return message
        answer = message.decode()
        raise UsageError(answer if answer.startswith("`") else f"`tokens={self._tokens}`: the function {answer}")

    def _lost(self) -> CorpusError:
        return CorpusError(
            f"`tokens={self._tokens}`: the process that cuts the text has ended; see above for its error"
        )


def _ended(process: subprocess.Popen[bytes]) -> None:
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):  # it may have ended before it read all
                stream.close()
    try:
        process.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _is_installed(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ValueError:  # it was imported in an odd way
        return False
