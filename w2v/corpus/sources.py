"""Where text comes from: files, folders, standard input, sentences in memory, or whatever else is a `Source`."""

from __future__ import annotations

import contextlib
import io
import itertools
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Protocol, cast, runtime_checkable

from w2v.errors import CorpusError, UsageError
from w2v.word_list import STANDARD_INPUT

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")  # at least two letters: C:// is a drive


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
    is_named: bool = True

    @property
    def name(self) -> str:
        """The path."""
        return str(self.path)

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
    """Sentences in memory, or made as they are needed: each a sequence of tokens. Read once, so a generator will do."""

    sentences: Iterable[Sequence[str]]
    name: str = field(default="sentences", init=False)
    size: None = field(default=None, init=False)
    is_named: bool = field(default=True, init=False)

    def open(self) -> AbstractContextManager[BinaryStream]:
        """Return the sentences as UTF-8: a line each, spaces between tokens."""
        return _SentenceBytes(self.sentences)


def resolve(sources: Sources) -> list[Source]:
    """Return the sources that a user names, in order; a folder gives every file in it and below, by name.

    Files whose names start with a dot, and folders of such names, are read only if they are named themselves.
    This is the one place that looks at what was named: readers for `s3://` and the like belong here.

    Args:
        sources: files, folders, "-" for standard input, or sources; one of them, or a sequence.

    Raises:
        CorpusError: a file is missing, a folder has no files, or nothing is given.
        UsageError: a name is empty, or has a scheme such as `s3://`, which can't be read yet.

    Example:
        >>> [source.name for source in resolve(["-", Sentences([["a", "rose"]])])]
        ['standard input', 'sentences']
    """
    named = [sources] if isinstance(sources, str | os.PathLike | Source) else list(sources)
    if not named:
        raise CorpusError("no text is given; name a file, a folder, or - for standard input")
    return [source for place in named for source in _resolved(place)]


def _resolved(place: Place | Source) -> Iterable[Source]:
    if not isinstance(place, str | os.PathLike):
        return [place]
    name = os.fspath(place)
    if not name:
        raise UsageError("'' names no text; name a file, a folder, or - for standard input")
    if name == STANDARD_INPUT:
        return [StandardInput()]
    if scheme := _SCHEME.match(name):  # before Path makes s3:/ of s3://
        raise UsageError(
            f"{name}: can't read from {scheme[0]} yet; download the text first, or pipe it into standard input (-)"
        )
    return _files(Path(name))


def _files(path: Path) -> Iterator[FileSource]:
    try:
        status = path.stat()
        below = _below(path) if stat.S_ISDIR(status.st_mode) else None
    except OSError as error:
        advice = "; check the name" if isinstance(error, FileNotFoundError) else ""
        raise CorpusError(f"{error.filename or path}: can't be read ({error.strerror}){advice}") from error
    if below is None:
        yield FileSource(path, status.st_size if stat.S_ISREG(status.st_mode) else None)
        return
    if not below:
        raise CorpusError(f"{path}: this folder has no files, or hidden ones only; name a file or a folder with text")
    for file in below:
        yield FileSource(file, file.stat().st_size, is_named=False)


def _below(folder: Path) -> list[Path]:
    """Return every file in a folder and below, in order, without hidden files and hidden folders.

    Raises:
        OSError: a folder can't be read.
    """

    def refuse(error: OSError) -> NoReturn:
        raise error

    files = []
    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        files += [Path(parent, name) for name in names if not name.startswith(".")]
    return sorted(file for file in files if file.is_file())


class _SentenceBytes(io.RawIOBase):
    """Sentences as UTF-8: a line each, spaces between tokens."""

    _AT_ONCE = 1 << 12

    def __init__(self, sentences: Iterable[Sequence[str]]) -> None:
        self._lines = map(_line, sentences, itertools.count(1))
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        if not self._ready:
            self._ready = memoryview("".join(itertools.islice(self._lines, self._AT_ONCE)).encode())
        with memoryview(buffer) as view:
            n = min(len(view), len(self._ready))
            view[:n], self._ready = self._ready[:n], self._ready[n:]
        return n


def _line(sentence: Sequence[str], number: int) -> str:
    if isinstance(sentence, str):
        raise CorpusError(f"sentence {number}: is a text, not a list of tokens; split it first")
    if not isinstance(sentence, Iterable):
        raise CorpusError(f"sentence {number}: must be a list of tokens, not {type(sentence).__name__}")
    try:
        tokens = list(sentence)
        line = " ".join(tokens)
        line.encode()
    except (TypeError, UnicodeEncodeError) as error:
        raise CorpusError(f"sentence {number}: a token is not a text that UTF-8 can hold ({error})") from error
    if line.split() != tokens:
        bad = next(token for token in tokens if token.split() != [token])
        raise CorpusError(f"sentence {number}: the token {bad!r} is empty or has white space in it; split or drop it")
    return line + "\n"
