"""Tokens found by a regular expression, in Python's `re`.

This holds the interpreter's lock, so threads would not make it faster; and only in the main thread can Ctrl-C stop a
pattern that backtracks without end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from w2v.corpus.arrays import TextBytes, padded
from w2v.corpus.letter_case import lowered
from w2v.corpus.text_blocks import TextBlock
from w2v.errors import UsageError
from w2v.options.checks import shown

_LINE = re.compile(r"[^\n-\r]+")


class PatternRewriter:
    r"""Rewrites blocks of text as the tokens that a pattern finds in each line.

    Example:
        >>> text, rewriter = padded(b"So #fun, @Ann!\n"), PatternRewriter(re.compile(r"[#@]?\w+"), lowercase=True)
        >>> rewritten = rewriter.rewrite(TextBlock(text, 15, (), False, 15), text, 15)
        >>> rewritten.text[: rewritten.length].tobytes()
        b'so #fun @ann\n'
    """

    def __init__(self, pattern: re.Pattern[str], *, lowercase: bool, language: str | None = None) -> None:
        """Keep the pattern; `lowercase` converts the tokens, not what the pattern sees."""
        self._pattern = pattern
        self._lowercase = lowercase
        self._language = language

    def rewrite(self, block: TextBlock, text: TextBytes, length: int) -> TextBlock:
        """Return a block of the tokens, with spaces between them and its line ends.

        Args:
            block: where the text comes from.
            text: UTF-8 whose white space is ASCII, `length` bytes and PADDING.
            length: bytes of text.

        Raises:
            UsageError: a match is empty, or holds white space.
        """
        content = text[:length].tobytes().decode()

        def tokens(line: re.Match[str]) -> str:
            try:
                return " ".join(self._tokens(line[0]))
            except _NoTokenError as error:
                place = block.locate(len(content[: line.start()].encode()))
                raise UsageError(f"`tokens`: the pattern matches {error} in {place}") from None

        found = _LINE.sub(tokens, content)
        if self._lowercase:
            found = lowered(found, self._language)
        data = found.encode()
        return TextBlock(padded(data), len(data), (), block.continues, block.bytes_read)

    def _tokens(self, line: str) -> Iterator[str]:
        group = self._pattern.groups
        for match in self._pattern.finditer(line):
            token = match[group]
            if token is None:  # the match is of a part of the pattern without the group
                continue
            if not token:
                raise _NoTokenError("the empty string")
            if len(token.split(None, 1)) != 1 or token[0].isspace() or token[-1].isspace():
                raise _NoTokenError(f"white space, {shown(token)},")
            yield token


class _NoTokenError(Exception):
    """A match can't be a token."""
