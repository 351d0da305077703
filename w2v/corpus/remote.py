"""Files elsewhere, read through fsspec: on web servers, in buckets, in data sets of Hugging Face, in archives."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from w2v.corpus.folders import Patterns
from w2v.corpus.remote_stream import RemoteStream
from w2v.errors import CorpusError, MissingExtraError, W2VError

_WILD = "*?["
_WEB = ("http", "https")  # whose folders are pages


@dataclass(frozen=True)
class RemoteSource:
    """A file elsewhere.

    Attributes:
        name: its address.
        size: in bytes, where the server tells.
        folder: the address that the user named, if that is one of several files; None if the file itself was named.
    """

    name: str
    size: int | None
    folder: str | None
    filesystem: Any = field(repr=False)
    path: str = field(repr=False)

    @property
    def is_named(self) -> bool:
        """Whether the user named it, rather than a folder or pattern."""
        return self.folder is None

    @contextlib.contextmanager
    def open(self) -> Iterator[RemoteStream]:
        """Open the file, and read ahead in a thread.

        Raises:
            CorpusError: it can't be read, or the connection is lost.
        """
        stream = RemoteStream(self.name, lambda: self.filesystem.open(self.path, "rb"))
        try:
            yield stream
        except (W2VError, OSError):
            raise
        except Exception as error:
            raise _unreadable(self.name, error) from error
        finally:
            stream.close()


class RemoteFiles(NamedTuple):
    """The files that an address stands for, and whether it is that of a folder."""

    sources: list[RemoteSource]
    is_folder: bool


def remote_files(url: str, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> RemoteFiles:
    """Return the files that an address stands for: one file, all below a folder, or all that match a pattern.

    Args:
        url: an address that fsspec knows, such as `s3://bucket/folder`.
        include: patterns of the files to read in folders; none reads all.
        exclude: patterns of files and folders there that are not read.

    Raises:
        CorpusError: there is no such file, or it can't be reached.
        MissingExtraError: fsspec is not installed.
    """
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise MissingExtraError(f"reading {url}", "remote") from None
    try:
        filesystem, path = url_to_fs(url)
        if set(_WILD) & set(path) and not _is_file(filesystem, path):
            found, is_folder = filesystem.glob(path, detail=True), False
        elif not _is_web(filesystem) and filesystem.isdir(path):
            found, is_folder = _below(filesystem, path, include, exclude), True
        else:
            info = filesystem.info(path)
            return RemoteFiles([RemoteSource(url, info.get("size"), None, filesystem, path)], is_folder=False)
    except Exception as error:  # each kind of place has its own
        raise _unreadable(url, error) from error
    sources = [
        RemoteSource(filesystem.unstrip_protocol(name), info.get("size"), url, filesystem, name)
        for name, info in sorted(found.items())
        if info.get("type") == "file"
    ]
    if not sources:
        raise CorpusError(f"{url}: has no files to read; check the address, or `include` and `exclude`")
    return RemoteFiles(sources, is_folder)


def _below(filesystem: Any, path: str, include: Sequence[str], exclude: Sequence[str]) -> dict[str, Any]:
    """Return the files in a folder and below, without hidden ones."""
    wanted, unwanted = Patterns(include), Patterns(exclude)
    root = PurePosixPath(path)
    chosen = {}
    for name, info in filesystem.find(path, detail=True).items():
        below = PurePosixPath(name)
        place = below.relative_to(root) if below.is_relative_to(root) else below
        is_hidden = any(part.startswith(".") for part in place.parts)
        local = Path(*place.parts)
        if not is_hidden and not unwanted.fit_any(local) and (not include or wanted.fit_any(local)):
            chosen[name] = info
    return chosen


def _is_web(filesystem: Any) -> bool:
    protocol = filesystem.protocol
    return bool({protocol} & set(_WEB) if isinstance(protocol, str) else set(protocol) & set(_WEB))


def _is_file(filesystem: Any, path: str) -> bool:
    try:
        return _is_web(filesystem) and bool(filesystem.info(path))  # a question mark begins a query there
    except Exception:
        return False


def _unreadable(url: str, error: Exception) -> W2VError:
    """Return what to tell the user of an error that a kind of place raised."""
    if isinstance(error, W2VError):
        return error
    if isinstance(error, FileNotFoundError):
        return CorpusError(f"{url}: can't be read (no such file); check the address")
    reason = " ".join(str(error).split())[:200] or type(error).__name__
    advice = "; install the package that it names" if isinstance(error, ImportError) else "; check the address"
    return CorpusError(f"{url}: can't be read ({reason}){advice}")
