"""Lists of words in text files: one word a line, plain or compressed."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from w2v.compression import decoded_text, read_text
from w2v.errors import W2VError

if TYPE_CHECKING:
    from w2v.options.encoding import EncodingOptions

STANDARD_INPUT = "-"


def whole_line(line: str) -> list[str]:
    """Return what a line holds without white space at its ends, as one word; none of an empty line."""
    return [word] if (word := line.strip()) else []


def first_field(line: str) -> list[str]:
    """Return what stands before the first ASCII white space, so that lists with counts will do; none of a blank line.

    Other white space can be part of a word: word2vec.c and text files of vectors separate by ASCII only.
    """
    return [field.decode() for field in line.encode().split(maxsplit=1)[:1]]


def read_word_list(
    path: str | os.PathLike[str],
    refusal: type[W2VError],
    words_of: Callable[[str], Sequence[str]] = whole_line,
    encoding: EncodingOptions | None = None,
) -> list[str]:
    r"""Return the words of a file in its order, without byte order marks, which lists joined by `cat` have amid them.

    Args:
        path: the file; "-" is standard input.
        refusal: the error to raise.
        words_of: what the words of a line are: `whole_line`, `first_field`, or `str.split` for all fields.
        encoding: how the bytes become text, for lists whose user can say so; None is UTF-8.

    Raises:
        W2VError: a `refusal`: the file can't be read, is damaged, is not in this encoding, or holds no words.
        MissingExtraError: the file is compressed with zstd and this Python can't read that.

    Example:
        >>> import tempfile
        >>> with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        ...     _ = file.write("king 12\nqueen 7\n")
        ...     file.flush()
        ...     read_word_list(file.name, W2VError, first_field)
        ['king', 'queen']
    """
    name = os.fspath(path)
    if name == STANDARD_INPUT:
        name = "standard input"
        text = decoded_text(io.BufferedReader(io.BytesIO(sys.stdin.buffer.read())), name, refusal, encoding)
    else:
        text = read_text(Path(name), refusal, encoding)
    words = [word for line in re.split("[\n\ufeff]", text) for word in words_of(line)]
    if not words:
        raise refusal(f"{name}: holds no words; write one a line")
    return words
