"""Lists of words in text files: one word a line, plain or compressed."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Callable, Container, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from w2v.errors import W2VError
from w2v.text_file import decoded_text, read_text
from w2v.wording import counted, first_few

if TYPE_CHECKING:
    from w2v.options.encoding import EncodingOptions

STANDARD_INPUT = "-"
_AMID = re.compile("\n?\ufeff")  # a byte order mark, and the end of the line before it
_COUNT = re.compile(r"(?<=\S)[ \t]+[0-9.]+$")  # after a word
_FIRST = 5  # unknown words that a note names


def whole_line(line: str) -> list[str]:
    """Return what a line holds without white space at its ends, as one word; none of an empty line."""
    return [word] if (word := line.strip()) else []


def first_field(line: str) -> list[str]:
    """Return what stands before the first ASCII white space, so that lists with counts will do; none of a blank line.

    Other white space can be part of a word: word2vec.c and text files of vectors separate by ASCII only.
    """
    return [field.decode() for field in line.encode().split(maxsplit=1)[:1]]


def left_out(unknown: Sequence[str], asked: int, where: str) -> str:
    """Return a note about the words of a list that are left out since they are not known.

    Args:
        unknown: at least one word.
        asked: how many words the list has.
        where: what does not have them.

    Example:
        >>> left_out(["quen", "kign"], 30, "vectors.txt")
        'left out 2 of 30 words, which are not in vectors.txt: quen, kign'
    """
    are = "which is" if len(unknown) == 1 else "which are"
    return f"left out {len(unknown):,} of {counted(asked, 'word')}, {are} not in {where}: {first_few(unknown, _FIRST)}"


def chosen_words(lines: Iterable[str], known: Container[str]) -> tuple[list[str], list[str]]:
    r"""Return the known and the unknown words of a list, which may have more on a line, such as counts.

    Where a whole line is not known, the word is what stands before the first tab, or else before the first space.

    Args:
        lines: lines without white space at their ends, none of them empty.
        known: the words that there are.

    Example:
        >>> chosen_words(["new york", "king 12", "new york\t7", "quen 5"], {"new york", "king"})
        (['new york', 'king', 'new york'], ['quen'])
    """
    found: list[str] = []
    unknown: list[str] = []
    for line in lines:
        entry = line.partition("\t")[0].strip()
        word = next((word for word in (line, entry, *first_field(line)) if word in known), None)
        if word is None:
            unknown.append(_COUNT.sub("", entry))
        else:
            found.append(word)
    return found, unknown


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
    text = read_list_text(path, refusal, encoding)
    words = [word for line in text.split("\n") for word in words_of(line)]
    if not words:
        name = "standard input" if os.fspath(path) == STANDARD_INPUT else os.fspath(path)
        raise refusal(f"{name}: holds no words; write one a line")
    return words


def read_list_text(
    path: str | os.PathLike[str], refusal: type[W2VError], encoding: EncodingOptions | None = None
) -> str:
    """Return the text of a file, or of standard input for "-", plain or compressed, without byte order marks.

    Files joined by `cat` have marks amid them. Each begins a line, even if the line before it has no end.

    Raises:
        W2VError: a `refusal`: the text can't be read, is damaged, or is not in this encoding.
        MissingExtraError: it is compressed with zstd and this Python can't read that.
    """
    name = os.fspath(path)
    if name != STANDARD_INPUT:
        return _AMID.sub("\n", read_text(Path(name), refusal, encoding))
    data = io.BytesIO(sys.stdin.buffer.read())
    return _AMID.sub("\n", decoded_text(io.BufferedReader(data), "standard input", refusal, encoding))
