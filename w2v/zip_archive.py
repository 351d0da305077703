"""Files in ZIP archives, as GloVe and fastText publish their vectors: named as ARCHIVE.zip:MEMBER, or the only one.

Members are read as streams, so that no archive is unpacked to the disk or into memory.
"""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, NamedTuple

from w2v.errors import W2VError
from w2v.wording import counted, in_one_line

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"  # an archive without members
_HEAD = 1 << 18  # bytes of a member by which it is chosen
_MOST_PEEKED, _MOST_NAMED = 1000, 10  # members of an archive
_MOST_GROWN = 20  # how many times as long as compressed text the text may be
ENCRYPTED = 1  # in the flags of a member
# Of the ways to compress a member, those that some versions of Python can't read; see APPNOTE.TXT of PKWARE, 4.4.5
_METHODS = {9: "deflate64", 12: "bzip2", 14: "LZMA", 93: "zstd", 95: "xz", 98: "PPMd"}


class FilePlace(NamedTuple):
    """Where a file is.

    Attributes:
        file: the file on the disk.
        member: the name of a member if that is an archive and one was named, or else None.
    """

    file: Path
    member: str | None = None


class Member(NamedTuple):
    """A member of an archive that was opened.

    Attributes:
        name: its name in the archive.
        size: in bytes, when it is unpacked; None if what the archive says can hardly be.
        stream: its bytes.
    """

    name: str
    size: int | None
    stream: io.BufferedReader


def place_of(path: str | os.PathLike[str]) -> FilePlace:
    """Return where a file is: the file of this very name, or else ARCHIVE and MEMBER of ARCHIVE:MEMBER.

    Example:
        >>> place_of("vectors.txt") == FilePlace(Path("vectors.txt"))
        True
    """
    name = os.fspath(path)
    if ":" in name and not os.path.lexists(name):
        colon = name.find(":")
        while colon >= 0:
            if Path(name[:colon]).is_file() and name[colon + 1 :]:
                return FilePlace(Path(name[:colon]), name[colon + 1 :])
            colon = name.find(":", colon + 1)
    return FilePlace(Path(name))


def is_zip(head: bytes) -> bool:
    """Say whether a file that starts with `head` is a ZIP archive, or one of the many formats that are archives."""
    return head.startswith((ZIP, EMPTY_ZIP))


def first_member(head: bytes) -> bytes:
    """Return the name of the first member of an archive, as it stands in the archive's first bytes."""
    return head[30 : 30 + int.from_bytes(head[26:28], "little")]


@contextlib.contextmanager
def opened_member(
    stream: BinaryIO, place: FilePlace, refusal: type[W2VError], fits: Callable[[bytes, str], bool], what: str
) -> Iterator[Member]:
    """Open the member that is named, or else the only one, or the only one that fits.

    Args:
        stream: the archive, at its start.
        place: its file, and the name of the member or None.
        refusal: the error to raise.
        fits: says of the first bytes of a member and its name whether it may be what is wanted.
        what: what is wanted, such as "vectors".

    Raises:
        W2VError: a `refusal`: the archive is damaged, or a pipe; there is no such member, or there are several; or the
            member is encrypted, or compressed in a way that Python can't read.
    """
    import zipfile

    if not stream.seekable():
        raise refusal(f"{place.file}: is a ZIP archive, which can't be read from a pipe; name the file")
    try:
        archive = zipfile.ZipFile(stream)
    except Exception as error:  # of a damaged directory, ValueError, struct.error and others besides BadZipFile
        raise refusal(f"{place.file}: is a damaged ZIP archive, or cut short; get it again") from error
    with archive:
        found = _named(archive, place, refusal) if place.member else _only(archive, place.file, refusal, fits, what)
        with _opened(archive, found, place.file, refusal) as member:
            stored = min(found.compress_size, place.file.stat().st_size)
            size = found.file_size if found.file_size <= _MOST_GROWN * stored else None
            yield Member(found.filename, size, member)


def files_in(archive: ZipFile) -> list[ZipInfo]:
    """Return the members that are files, without hidden ones and those that macOS adds."""
    return [
        info
        for info in archive.infolist()
        if info.filename
        and not info.filename.endswith("/")
        and not any(part.startswith(".") or part == "__MACOSX" for part in info.filename.split("/"))
    ]


def _named(archive: ZipFile, place: FilePlace, refusal: type[W2VError]) -> ZipInfo:
    exact = [info for info in archive.infolist() if info.filename == place.member and not info.filename.endswith("/")]
    ending = [info for info in files_in(archive) if info.filename.rpartition("/")[2] == place.member]
    for found in (exact, ending):
        if found:
            return found[-1]  # of a name given twice, the later one is the newer
    held = _listed(files_in(archive))
    raise refusal(f"{place.file}: has no file {place.member}; it has {held}")


def _only(
    archive: ZipFile, path: Path, refusal: type[W2VError], fits: Callable[[bytes, str], bool], what: str
) -> ZipInfo:
    files = files_in(archive)
    if not files:
        raise refusal(f"{path}: is a ZIP archive without files")
    if len(files) == 1:
        return files[0]
    fitting = []
    for info in files[:_MOST_PEEKED]:
        with contextlib.suppress(W2VError), _opened(archive, info, path, refusal) as member:
            start = _start(member)
            if start is None or fits(start, info.filename):
                fitting.append(info)
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise refusal(f"{path}: none of its {counted(len(files), 'file')} holds {what}: {_listed(files)}")
    raise refusal(
        f"{path}: has {counted(len(fitting), 'file')} with {what}; name one, as in {path}:{_shown(fitting[0])}; it has"
        f" {_listed(fitting)}"
    )


def _start(member: IO[bytes]) -> bytes | None:
    """Return the first bytes of a member, or None if it is damaged, which is reported when it is read."""
    try:
        return member.read(_HEAD)
    except Exception:  # of zipfile, or of the module that decompresses
        return None


@contextlib.contextmanager
def _opened(archive: ZipFile, info: ZipInfo, path: Path, refusal: type[W2VError]) -> Iterator[Any]:
    name = f"{path}:{_shown(info)}"
    if info.flag_bits & ENCRYPTED:
        raise refusal(f"{name}: is encrypted; unpack it first")
    try:
        stream = archive.open(info)
    except (NotImplementedError, RuntimeError) as error:  # RuntimeError: Python was built without that module
        method = _METHODS.get(info.compress_type, f"method {info.compress_type}")
        raise refusal(f"{name}: is compressed with {method}, which Python can't read; unpack it first") from error
    except Exception as error:
        raise refusal(f"{name}: is damaged; get the archive again") from error
    with io.BufferedReader(stream, 1 << 16) as buffered:  # type: ignore[type-var]
        yield buffered


def _shown(info: ZipInfo) -> str:
    return in_one_line(info.filename)


def _listed(files: list[ZipInfo]) -> str:
    names = [_shown(info) for info in files[:_MOST_NAMED]]
    more = f" and {len(files) - len(names):,} more" if len(files) > len(names) else ""
    return (", ".join(names) or "no files") + more
