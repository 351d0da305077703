"""The texts in a ZIP archive, read without unpacking it to the disk."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, cast

from w2v.corpus.folders import Patterns
from w2v.errors import CorpusError
from w2v.file_kinds import kind_of
from w2v.files import HEAD

_ZIP = b"PK\x03\x04"
_DOCUMENTS = ("[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF")  # Word's, OpenDocument's and EPUB's, Java's
_ENCRYPTED = 1  # in the flags of a member


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
                is_encrypted = archive.getinfo(self.member).flag_bits & _ENCRYPTED
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
    if not head.startswith(_ZIP) or kind_of(head) is not None:
        return None
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            found = [info for info in archive.infolist() if info.filename and not info.is_dir()]
    except Exception as error:  # of a damaged directory, IndexError, OSError and others besides BadZipFile
        _refuse(path, error)
    names = [info.filename for info in found]
    if any(name in _DOCUMENTS or name.endswith("/data.pkl") for name in names):
        return None
    wanted, unwanted = Patterns(include), Patterns(exclude)
    members = {
        info.filename: ZipMember(path, info.filename, info.file_size)
        for info in found
        if not any(part.startswith(".") or part == "__MACOSX" for part in info.filename.split("/"))
        and not unwanted.fit_any(Path(info.filename))
        and (not include or wanted.fit_any(Path(info.filename)))
    }
    if not members:
        advice = "; change `include` or `exclude`" if include or exclude else ""
        raise CorpusError(f"{path}: is a ZIP archive without files to read{advice}")
    return [members[name] for name in sorted(members)]


def _refuse(path: Path, error: Exception) -> NoReturn:
    raise CorpusError(f"{path}: is a damaged ZIP archive, or cut short; get it again") from error
