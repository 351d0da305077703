"""The files in a folder and below, chosen by patterns."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Sequence
from fnmatch import translate
from pathlib import Path
from typing import NamedTuple

from w2v.errors import CorpusError


class FilesBelow(NamedTuple):
    """The files in a folder and below.

    Attributes:
        files: pairs of path and size in bytes, in order of the paths.
        unreadable: files and folders that can't be read, in pairs of name and reason.
    """

    files: list[tuple[Path, int]]
    unreadable: list[tuple[str, str]]


def files_below(folder: Path, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> FilesBelow:
    """Return every file in a folder and below, without hidden files and hidden folders.

    Links to files are followed, and links to folders are not, so that no folder comes twice. Sockets, pipes and devices
    are left out.

    Args:
        folder: where to look.
        include: patterns of the files to return; none returns all.
        exclude: patterns of the files and folders to leave out.

    Raises:
        CorpusError: the folder can't be read, or holds no such file.
    """
    wanted, unwanted = Patterns(include), Patterns(exclude)
    paths: list[Path] = []
    unreadable: list[tuple[str, str]] = []

    def refuse(error: OSError) -> None:
        if Path(error.filename) == folder:
            raise CorpusError(f"{folder}: can't be read ({error.strerror})") from error
        unreadable.append((str(error.filename), str(error.strerror)))

    for parent, folders, names in os.walk(folder, onerror=refuse):
        place = Path(parent).relative_to(folder)
        folders[:] = [name for name in folders if not name.startswith(".") and not unwanted.fit(place / name)]
        paths += [
            Path(parent, name)
            for name in names
            if not name.startswith(".")
            and not unwanted.fit(place / name)
            and (not include or wanted.fit_any(place / name))
        ]
    files = []
    for path in sorted(paths):
        try:
            status = path.stat()
        except OSError as error:
            unreadable.append((str(path), str(error.strerror)))
            continue
        if stat.S_ISREG(status.st_mode):
            files.append((path, status.st_size))
    if not files and not unreadable:
        if include or exclude:
            raise CorpusError(f"{folder}: no file in this folder matches `include` and `exclude`; change them")
        raise CorpusError(f"{folder}: this folder has no files, or only hidden ones; name a file or a folder with text")
    return FilesBelow(files, unreadable)


class Patterns:
    """Patterns such as `*.txt`, `drafts/` or `books/*.txt`; upper and lower case are the same.

    A pattern fits a path below the folder if it fits the whole path or the last name in it. A `*` stands for any
    characters, slashes included.

    Example:
        >>> patterns = Patterns(["*.txt", "drafts/"])
        >>> patterns.fit(Path("books/A.TXT")), patterns.fit(Path("drafts/a.md")), patterns.fit_any(Path("drafts/a.md"))
        (True, False, True)
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        """Take patterns in the manner of a shell, with *, ? and [...]."""
        stripped = [pattern.removeprefix("./").removeprefix("**/").strip("/") for pattern in patterns]
        self._fits = [re.compile(translate(pattern.casefold())).match for pattern in stripped]

    def fit(self, path: Path) -> bool:
        """Say whether one of them fits."""
        whole, name = path.as_posix().casefold(), path.name.casefold()
        return any(fits(whole) or fits(name) for fits in self._fits)

    def fit_any(self, path: Path) -> bool:
        """Say whether one of them fits the path or a folder that it is in."""
        return any(map(self.fit, [path, *path.parents]))
