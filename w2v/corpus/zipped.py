"""The texts in a ZIP archive, read without unpacking it to the disk."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn, cast

from w2v.corpus.folders import Patterns
from w2v.errors import CorpusError
from w2v.file_kinds import kind_of
from w2v.files import HEAD
from w2v.wording import first_few
from w2v.zip_archive import ENCRYPTED, ZIP, FilePlace, files_in

_DOCUMENTS = ("[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF")  # Word's, OpenDocument's and EPUB's, Java's


@dataclass(frozen=True)
class ZipMember:
    """A file in a ZIP archive."""

    archive: Path
    member: str
    size: int
    is_named: bool = False

    @property
    def name(self) -> str:
        """The archive and the member."""
        return f"{self.archive}:{self.member}"

    @property
    def folder(self) -> Path:
        """What holds it."""
        return self.archive

    @contextlib.contextmanager
    def open(self) -> Iterator[io.BufferedIOBase]:
        """Open the member.

        Raises:
            CorpusError: it is damaged, encrypted, or compressed in a way that Python can't read.
        """
        import zipfile

        with zipfile.ZipFile(self.archive) as archive:
            try:
                stream = archive.open(self.member)
            except (NotImplementedError, RuntimeError) as error:
                is_encrypted = archive.getinfo(self.member).flag_bits & ENCRYPTED
                reason = "is encrypted" if is_encrypted else "is compressed in a way that Python can't read"
                raise CorpusError(f"{self.name}: {reason}; unpack it first: unzip {self.archive}") from error
            except Exception as error:
                _refuse(self.archive, error)
            with stream:
                yield cast(io.BufferedIOBase, stream)


def members_of(path: Path, include: Sequence[str], exclude: Sequence[str]) -> list[ZipMember] | None:
    """Return the files in a ZIP archive in order of their names, without hidden ones and those that macOS adds.

    None if the file is no ZIP archive, or one of the many formats that are archives, such as documents.

    Raises:
        CorpusError: the file can't be read, or the archive is damaged or has no files that the patterns choose.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    except OSError as error:
        raise CorpusError(f"{path}: can't be read ({error.strerror})") from error
    if not head.startswith(ZIP) or kind_of(head) is not None:
        return None
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            names, files = archive.namelist(), files_in(archive)
    except Exception as error:  # of a damaged directory, IndexError, OSError and others besides BadZipFile
        _refuse(path, error)
    if any(name in _DOCUMENTS or name.endswith("/data.pkl") for name in names):
        return None
    wanted, unwanted = Patterns(include), Patterns(exclude)
    members = {
        info.filename: ZipMember(path, info.filename, info.file_size)
        for info in files
        if not unwanted.fit_any(Path(info.filename)) and (not include or wanted.fit_any(Path(info.filename)))
    }
    if not members:
        advice = "; change `include` or `exclude`" if include or exclude else ""
        raise CorpusError(f"{path}: is a ZIP archive without files to read{advice}")
    return [members[name] for name in sorted(members)]


def named_member(place: FilePlace) -> ZipMember:
    """Return the member of an archive that was named, by its whole name or the last part of it.

    Raises:
        CorpusError: the file is no ZIP archive, can't be read, or has no such member.
    """
    members = members_of(place.file, (), ())
    if members is None:
        raise CorpusError(f"{place.file}:{place.member}: no such file, and {place.file} is no ZIP archive")
    by_name = {member.member.rpartition("/")[2]: member for member in members}
    by_name |= {member.member: member for member in members}
    if place.member in by_name:
        return replace(by_name[place.member], is_named=True)
    held = first_few([member.member for member in members], 10)
    raise CorpusError(f"{place.file}: has no file {place.member}; it has {held}")


def _refuse(path: Path, error: Exception) -> NoReturn:
    raise CorpusError(f"{path}: is a damaged ZIP archive, or cut short; get it again") from error
