"""Tokens found by a regular expression, in Python's `re`.

This holds the interpreter's lock, so threads would not make it faster; and only in the main thread can Ctrl-C stop a
pattern that backtracks without end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from w2v.options.checks import shown
from w2v.tokens.arrays import TextBytes, padded
from w2v.tokens.letter_case import lowered

_LINE = re.compile(r"[^\n-\r]+")


class MatchError(Exception):
    """A match of a pattern can't be a token; the text says what it is.

    Attributes:
        position: where its line starts in the text, in bytes.
    """

    def __init__(self, text: str, position: int) -> None:
        super().__init__(text)
        self.position = position


class PatternRewriter:
    r"""Rewrites texts as the tokens that a pattern finds in each line.

    Example:
        >>> rewriter = PatternRewriter(re.compile(r"[#@]?\w+"), lowercase=True)
        >>> text, n = rewriter.rewrite(padded(b"So #fun, @Ann!\n"), 15)
        >>> text[:n].tobytes()
        b'so #fun @ann\n'
    """

    def __init__(self, pattern: re.Pattern[str], *, lowercase: bool, language: str | None = None) -> None:
        """Keep the pattern; `lowercase` converts the tokens, not what the pattern sees."""
        self._pattern = pattern
        self._lowercase = lowercase
        self._language = language

    def rewrite(self, text: TextBytes, length: int) -> tuple[TextBytes, int]:
        """Return the tokens with spaces between them and the line ends, padded, and their length in bytes.

        Args:
            text: UTF-8 whose white space is ASCII, `length` bytes and PADDING.
            length: bytes of text.

        Raises:
            MatchError: a match is empty, or holds white space.
        """
        content = text[:length].tobytes().decode()

        def tokens(line: re.Match[str]) -> str:
            try:
                return " ".join(self._tokens(line[0]))
            except ValueError as error:
                raise MatchError(str(error), len(content[: line.start()].encode())) from None

        found = _LINE.sub(tokens, content)
        if self._lowercase:
            found = lowered(found, self._language)
        data = found.encode()
        return padded(data), len(data)

    def _tokens(self, line: str) -> Iterator[str]:
        group = self._pattern.groups
        for match in self._pattern.finditer(line):
            token = match[group]
            if token is None:  # the match is of a part of the pattern without the group
                continue
            if not token:
                raise ValueError("the empty string")
            if token.split() != [token]:
                raise ValueError(f"white space, {shown(token)},")
            yield token
