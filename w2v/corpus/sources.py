"""Where text comes from: files, folders, standard input, sentences in memory, or whatever else is a `Source`."""

from __future__ import annotations

import contextlib
import itertools
import os
import stat
import sys
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast, runtime_checkable

from w2v.corpus.folders import files_below
from w2v.corpus.sentence_lines import sentence_bytes
from w2v.corpus.zipped import members_of, named_member
from w2v.errors import CorpusError, UsageError
from w2v.named_places import expanded, is_url
from w2v.word_list import STANDARD_INPUT
from w2v.zip_archive import place_of

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class BinaryStream(Protocol):
    """Bytes to read; io.BytesIO and files opened in binary mode are such streams."""

    def readinto(self, buffer: WriteableBuffer, /) -> int | None:
        """Fill some of the buffer and return the number of bytes, 0 at the end."""


@runtime_checkable
class Source(Protocol):
    r"""One text that can be read once: what a new kind of place has to offer so that w2v can read from it.

    The reader does the rest: compression, byte order marks, checks that the bytes are text, blocks, line numbers in
    messages, and progress. `resolve` makes sources of what the user names.

    Example:
        >>> class Poem:
        ...     name, size, is_named = "poem", 8, True
        ...
        ...     def open(self):
        ...         return io.BytesIO(b"a rose\n")
        >>> isinstance(Poem(), Source)
        True
    """

    @property
    def name(self) -> str:
        """What messages call it, such as a path; they append a colon and the number of a line."""

    @property
    def size(self) -> int | None:
        """Bytes to be read, before decompression; None where that is unknown. Progress and disk checks use it."""

    @property
    def is_named(self) -> bool:
        """Whether the user named it, rather than a folder that holds it.

        A source that holds vectors or another output of w2v is an error where it was named; elsewhere it is skipped.
        """

    def open(self) -> AbstractContextManager[BinaryStream]:
        """Return a context manager of the bytes, plain or compressed; leaving it releases what was opened.

        Raises:
            OSError: it can't be opened or read; the reader reports that with the name.
        """


Place = str | os.PathLike[str]
Sources = Place | Source | Sequence[Place | Source]


@dataclass(frozen=True)
class FileSource:
    """A file, compressed or not."""

    path: Path
    size: int | None
    folder: Path | None = None

    @property
    def name(self) -> str:
        """The path."""
        return str(self.path)

    @property
    def is_named(self) -> bool:
        """Whether the user named it, rather than a folder that holds it."""
        return self.folder is None

    def open(self) -> AbstractContextManager[BinaryStream]:
        """Open the file, unbuffered."""
        return self.path.open("rb", buffering=0)


@dataclass(frozen=True)
class StandardInput:
    """What is piped into the program; it stays open."""

    name: str = field(default="standard input", init=False)
    size: None = field(default=None, init=False)
    is_named: bool = field(default=True, init=False)

    def open(self) -> AbstractContextManager[BinaryStream]:
        """Return the stream below sys.stdin."""
        return contextlib.nullcontext(cast(BinaryStream, sys.stdin.buffer))


@dataclass(frozen=True)
class Sentences:
    """Sentences in memory, or made as they are needed: each a sequence of tokens. Read once, so a generator will do.

    Columns of tables may hold texts instead; see w2v.corpus.table_columns. Baskets may be sets, and white space
    inside their items becomes `_`.
    """

    sentences: Iterable[Iterable[str]]
    are_baskets: bool = False
    name: str = field(default="sentences", init=False)
    size: None = field(default=None, init=False)
    is_named: bool = field(default=True, init=False)

    def open(self) -> AbstractContextManager[BinaryStream]:
        """Return the sentences as UTF-8: a line each, spaces between tokens."""
        return sentence_bytes(self.sentences, are_baskets=self.are_baskets)


class FoundSources(NamedTuple):
    """The sources that a user names.

    Attributes:
        sources: to read, in order.
        unreadable: files and folders in folders that can't be read, in pairs of name and reason.
    """

    sources: list[Source]
    unreadable: list[tuple[str, str]]


def resolve(sources: Sources, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> FoundSources:
    """Return the sources that a user names, in order; a folder or ZIP archive gives every file in it.

    They come in order of their names. Files whose names start with a dot, and folders of such names, are read only if
    they are named themselves. This is the one place that looks at what was named.

    Args:
        sources: files, folders, patterns such as `*.txt`, addresses such as `s3://bucket/a.txt`, `@` and a file of
            names, "-" for standard input, or sources; one of them, or a sequence.
        include: patterns of the files to read in folders and archives; none reads all.
        exclude: patterns of files and folders there that are not read.

    Raises:
        CorpusError: a file is missing, a folder has no files, or nothing is given.
        UsageError: a name is empty; or there are patterns, but no folder.
        MissingExtraError: fsspec is not installed, which addresses need.

    Example:
        >>> [source.name for source in resolve(["-", Sentences([["a", "rose"]])]).sources]
        ['standard input', 'sentences']
    """
    named = [sources] if isinstance(sources, str | os.PathLike | Source) else list(sources)
    if not named:
        raise CorpusError("no text is given; name a file, a folder, or - for standard input")
    found = FoundSources([], [])
    has_folder = False
    for place in itertools.chain.from_iterable(map(_places, named)):
        if isinstance(place, str) and is_url(place):
            from w2v.corpus.remote import remote_files

            elsewhere = remote_files(place, include, exclude)
            has_folder |= elsewhere.is_folder
            found.sources.extend(elsewhere.sources)
            continue
        path = _path(place)
        if path is not None and (in_archive := place_of(path)).member is not None:
            found.sources.append(named_member(in_archive))
        elif path is not None and _is_folder(path):
            has_folder = True
            below = files_below(path, include, exclude)
            found.sources.extend(FileSource(file, size, folder=path) for file, size in below.files)
            found.unreadable.extend(below.unreadable)
        elif path is not None:
            size = _size(path)
            members = None if size is None else members_of(path, include, exclude)
            has_folder |= members is not None
            if members is None:
                found.sources.append(FileSource(path, size))
            else:
                found.sources.extend(members)
        else:
            found.sources.append(StandardInput() if isinstance(place, str | os.PathLike) else place)
    if not has_folder and (include or exclude):
        option = "include" if include else "exclude"
        raise UsageError(f"`{option}` chooses among the files of a folder, and no folder is given; leave it out")
    return found


def _places(place: Place | Source) -> Sequence[Place | Source]:
    return expanded(place) if isinstance(place, str | os.PathLike) else [place]


def _path(place: Place | Source) -> Path | None:
    """Return the path that a name stands for; None for standard input and other sources."""
    if not isinstance(place, str | os.PathLike):
        return None
    name = os.fspath(place)
    if not name:
        raise UsageError("'' names no text; name a file, a folder, or - for standard input")
    if name == STANDARD_INPUT:
        return None
    return Path(name)


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except (OSError, ValueError) as error:
        advice = "; check the name" if isinstance(error, FileNotFoundError) else ""
        raise CorpusError(f"{path}: can't be read ({getattr(error, 'strerror', error)}){advice}") from error


def _size(path: Path) -> int | None:
    status = path.stat()
    return status.st_size if stat.S_ISREG(status.st_mode) else None
