"""Text cut into tokens by another package or a function, in a process of its own."""

from __future__ import annotations

from w2v.cutters.cutting_process import CuttingProcess
from w2v.tokens.arrays import TextBytes, padded
from w2v.tokens.dropped_text import DroppedText
from w2v.tokens.letter_case import lowered

_LINE_ENDS = bytes.maketrans(b"\r\v\f", b"\n\n\n")


class CutRewriter:
    r"""Rewrites texts as the tokens that a rule finds in each line. Each thread needs its own.

    Attributes:
        dropped: how much of all texts belongs to no token, which is not known here.

    Example:
        >>> rewriter = CutRewriter("builtins:list", lowercase=True)
        >>> text, n = rewriter.rewrite(padded(b"A b\n"), 4)
        Traceback (most recent call last):
        w2v.errors.UsageError: tokens='builtins:list': the function returned ' ', which can't be a token, of 'A b'
        >>> text, n = rewriter.rewrite(padded(b"Ab\n"), 3)
        >>> text[:n].tobytes()
        b'a b\n'
    """

    def __init__(self, tokens: str, *, lowercase: bool, language: str | None = None) -> None:
        """Take the rule; the process starts with the first text.

        Args:
            tokens: the value of the option.
            lowercase: convert tokens to lower case.
            language: whose letter case is meant.
        """
        self._tokens = tokens
        self._process: CuttingProcess | None = None
        self._lowercase, self._language = lowercase, language
        self.dropped = DroppedText()

    def rewrite(self, text: TextBytes, length: int) -> tuple[TextBytes, int]:
        """Return the tokens with spaces between them and the line ends, padded, and their length in bytes.

        Args:
            text: UTF-8 whose white space is ASCII, `length` bytes and PADDING.
            length: bytes of text.

        Raises:
            UsageError: there is no such function; or it fails, or returns something else than tokens.
            CorpusError: the process has ended.
            MissingExtraError: the package of the rule is not installed.
        """
        if self._process is None:
            self._process = CuttingProcess(self._tokens)
        data = self._process.cut(text[:length].tobytes().translate(_LINE_ENDS))
        if self._lowercase:
            data = lowered(data.decode(), self._language).encode()
        return padded(data), len(data)
