"""Where text comes from: files, folders, standard input or sentences in memory, read as blocks cut between tokens."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from w2v.corpus.streams import TextStream, sentence_stream
from w2v.corpus.text_blocks import TEXT_BYTES, Filling, TextBlock
from w2v.errors import CorpusError, UsageError
from w2v.file_kinds import MODEL, PICTURE, VECTORS

STANDARD_INPUT = "-"


class Sentences:
    """Sentences in memory, or made as they are needed: each a sequence of tokens. Read once, so a generator will do."""

    def __init__(self, sentences: Iterable[Sequence[str]]) -> None:
        """Wrap an iterable of sentences."""
        self.sentences = sentences


Path_ = str | os.PathLike[str]
Sources = Path_ | Sentences | Sequence[Path_]


@dataclass(frozen=True)
class _File:
    """A file, or standard input where `path` is None.

    Attributes:
        name: for messages.
        path: where it is.
        size: in bytes, where that is known.
        is_named: whether the user named it, rather than a folder that it is in.
    """

    name: str
    path: Path | None
    size: int | None
    is_named: bool = True

    @contextlib.contextmanager
    def open(self) -> Iterator[TextStream]:
        try:
            if self.path is None:
                yield TextStream(self.name, sys.stdin.buffer)
            else:
                with self.path.open("rb", buffering=0) as raw:
                    yield TextStream(self.name, raw)
        except OSError as error:
            raise CorpusError(f"{self.name}: can't be read ({error.strerror or error})") from error


@dataclass(frozen=True)
class _Memory:
    """Sentences, as a source."""

    sentences: Iterable[Sequence[str]]
    name: str = "the sentences"
    size: None = None
    is_named: bool = True

    @contextlib.contextmanager
    def open(self) -> Iterator[TextStream]:
        yield sentence_stream(self.sentences)


class Reader:
    """The text of all sources, as blocks. Can be iterated over once.

    Attributes:
        total_bytes: bytes of all sources, before decompression; None where that is not known.
        left_out: files of folders that were not read since they hold what w2v writes, each with what it holds;
            complete when the last block has been read.
    """

    def __init__(self, sources: Sources, block_bytes: int = TEXT_BYTES) -> None:
        """Find all files, before any is read.

        Raises:
            CorpusError: there is no such file, or a folder has none.
        """
        self._sources = list(_resolve(sources))
        self._block_bytes = block_bytes
        sizes = [source.size for source in self._sources]
        self.left_out: list[tuple[str, str]] = []
        self.total_bytes = None if None in sizes else sum(size for size in sizes if size is not None)

    @property
    def name(self) -> str:
        """The sources in a few words, for messages."""
        first, *others = (source.name for source in self._sources)
        return f"{first} and {len(others)} more" if others else first

    def __iter__(self) -> Iterator[TextBlock]:
        """Read the text.

        Raises:
            CorpusError: a source can't be read, is damaged, or is not text.
            MissingExtraError: a file is compressed with zstd and this Python can't read that.
        """
        block = Filling(self._block_bytes)
        bytes_before = 0
        for source in self._sources:
            with source.open() as text:
                if text.holds_otherwise and not source.is_named:
                    self.left_out.append((source.name, text.holds_otherwise.name))
                    bytes_before += source.size or 0
                    continue
                if text.holds_otherwise in (VECTORS, MODEL, PICTURE):
                    raise CorpusError(f"{source.name}: holds {text.holds_otherwise}, not text; name text files only")
                block.begin(text.name)
                while block.fill(text):
                    while block.is_full:
                        yield from block.cut(bytes_before + text.bytes_read)
                bytes_before += text.bytes_read
        yield from block.rest(bytes_before)


def _resolve(sources: Sources) -> Iterator[_File | _Memory]:
    if isinstance(sources, Sentences):
        yield _Memory(sources.sentences)
        return
    named = [sources] if isinstance(sources, str | os.PathLike) else sources
    if not named:
        raise CorpusError("no text is given; name a file, a folder, or - for standard input")
    for source in named:
        if not os.fspath(source):
            raise UsageError("'' names no text; name a file, a folder, or - for standard input")
        if os.fspath(source) == STANDARD_INPUT:
            yield _File("standard input", None, None)
        else:
            yield from _files(Path(source))


def _files(path: Path) -> Iterator[_File]:
    try:
        status = path.stat()
        below = _below(path) if stat.S_ISDIR(status.st_mode) else None
    except OSError as error:
        advice = "; check the name" if isinstance(error, FileNotFoundError) else ""
        raise CorpusError(f"{error.filename or path}: can't be read ({error.strerror}){advice}") from error
    if below is None:
        yield _File(str(path), path, status.st_size if stat.S_ISREG(status.st_mode) else None)
        return
    if not below:
        raise CorpusError(f"{path}: this folder has no files, or hidden ones only; name a file or a folder with text")
    for file in below:
        yield _File(str(file), file, file.stat().st_size, is_named=False)


def _below(folder: Path) -> list[Path]:
    """Return every file in a folder and the folders in it, in order, without hidden ones and what hidden folders hold.

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
