"""What a name stands for: itself, the files that a pattern matches, or the names in a list."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator
from pathlib import Path

from w2v.errors import CorpusError, UsageError
from w2v.word_list import STANDARD_INPUT, read_word_list
from w2v.zip_archive import place_of

LIST_MARK = "@"  # before the name of a file of names
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+(?:://|::)")  # at least two letters: C:// is a drive
_WILD = re.compile(r"[*?\[]")


def is_url(name: str) -> bool:
    """Say whether a name is the address of a file elsewhere, such as `s3://bucket/a.txt` or `zip://*::a.zip`.

    Example:
        >>> is_url("https://example.org/a.txt"), is_url("zip://a.txt::b.zip"), is_url("C://a.txt"), is_url("a.txt")
        (True, True, False, False)
    """
    return _SCHEME.match(name) is not None


def is_there(name: str) -> bool:
    """Say whether a name stands for something that can be read, as far as that is known without looking elsewhere."""
    if name in ("", STANDARD_INPUT) or is_url(name) or os.path.lexists(name) or place_of(name).member is not None:
        return True
    return name.startswith(LIST_MARK) or _WILD.search(name) is not None


def named_places(name: str, *, in_list: bool = False) -> Iterator[str]:
    """Yield the places that a name stands for: files that a pattern matches, in order, and the names in a list.

    A file or folder of this very name comes first, whatever characters are in it.

    Args:
        name: a name, a pattern such as `texts/**/*.txt`, or `@` and the name of a file with a name on each line.
        in_list: whether the name comes from such a list.

    Raises:
        CorpusError: no file matches, or the list can't be read or is empty.
        UsageError: a list names another list.
    """
    if is_url(name) or name in ("", STANDARD_INPUT) or os.path.lexists(name):
        yield name
    elif name.startswith(LIST_MARK):
        if in_list:
            raise UsageError(f"{name}: is in a list of files, which can't name another list; name both")
        for line in read_word_list(name.removeprefix(LIST_MARK), CorpusError, _name_of_line):
            yield from named_places(line, in_list=True)
    elif _WILD.search(name) and place_of(name).member is None:
        found = sorted(glob.glob(name, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute patterns
        if not found:
            raise CorpusError(f"{name}: no file matches this pattern; check it")
        yield from found
    else:
        yield name


def _name_of_line(line: str) -> list[str]:
    """Return the name in a line; none of a blank line or a comment."""
    name = line.strip()
    return [name] if name and not name.startswith("#") else []


def expanded(name: str | os.PathLike[str]) -> list[str | Path]:
    """Return the places that a user's name stands for; the path of a file is no pattern."""
    return [Path(name)] if isinstance(name, os.PathLike) else list(named_places(name))
