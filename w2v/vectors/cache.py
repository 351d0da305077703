"""Copies of vectors files in the user's cache folder, mapped into memory instead of being read a second time.

A copy is a safetensors file with the matrix, the length of each row, the words and their hash index; its metadata says
of which file it is a copy, and has checksums, which are compared at each use. It is used only while that file has the
size, the times and the inode that it had when it was copied. A copy that is stale, damaged, cut short or of another
version is ignored, and nothing that goes wrong with a copy is an error: the vectors file is read instead.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import re
import shutil
import stat
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.cache_folder import cache_folder
from w2v.errors import OutputError, UsageError, VectorsError
from w2v.new_file import leftovers, writing_new
from w2v.options.defaults import DEFAULT_CACHE_LIMIT
from w2v.safetensors_file import SafetensorsFile, write_safetensors
from w2v.vectors.packed_words import Lookup, PackedWords
from w2v.zip_archive import place_of

if TYPE_CHECKING:
    from w2v.options.encoding import EncodingOptions

LEAST_BYTES = 4_000_000  # smaller files are parsed quickly enough

_VERSION = 3  # of the arrays and the metadata; copies of other versions are ignored
_KINDS = {"matrix": "F32", "norms": "F32", "hashes": "U64", "rows": "I64", "bounds": "I64", "utf8": "U8"}  # of arrays
_SUFFIX = ".vectors"
_ALIGNMENT = 64  # bytes; of each array, as BLAS and the CPU's vector units like it
_SETTLED = 2_000_000_000  # ns after which a change shows in the time of a file, whatever the file system
_HEADER_ROOM = 1 << 12  # bytes; no header is longer, unless the path is
_MOST_BYTES = 1e18
_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


@dataclass(frozen=True)
class Stamp:
    """The marks of a file by which a change is noticed, and how it is read.

    Attributes:
        path: the file, or ARCHIVE.zip:MEMBER.
        size: of the file, in bytes.
        mtime_ns: when its content changed.
        ctime_ns: when anything about it changed.
        inode: its number on the disk.
        encoding: how its words are decoded, as "latin-1 replace"; empty for UTF-8.
    """

    path: str
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    encoding: str = ""

    @classmethod
    def of(cls, path: str | os.PathLike[str], encoding: EncodingOptions | None = None) -> Stamp | None:
        """Return the stamp of a file, or None if it is a pipe or the like, or can't be found."""
        place = place_of(path)
        try:
            real = os.path.realpath(place.file)
            state = os.stat(real)  # noqa: PTH116 - the stamp keeps the path as a string
        except OSError:
            return None
        if not stat.S_ISREG(state.st_mode):
            return None
        name = real if place.member is None else f"{real}:{place.member}"
        read_as = "" if encoding is None else f"{encoding.encoding} {encoding.encoding_errors}"
        return cls(name, state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino, read_as)

    def is_current(self) -> bool:
        """Say whether the file is still the one that was stamped."""
        now = Stamp.of(self.path)
        return now is not None and dataclasses.replace(now, encoding=self.encoding) == self


class CachedVectors(NamedTuple):
    """The contents of a copy, mapped into memory; changes stay in this process.

    Attributes:
        words: V words.
        matrix: (V, d) float32.
        norms: (V,) float32, the length of each row.
    """

    words: PackedWords
    matrix: npt.NDArray[np.float32]
    norms: npt.NDArray[np.float32]


class _OpenedCopy(NamedTuple):
    """A copy whose header was read, and the stamp of the file that it was made of."""

    file: SafetensorsFile
    source: Stamp


class CachedCopy(NamedTuple):
    """A copy in the cache folder.

    Attributes:
        file: its path.
        source: path of the vectors file.
        words: V.
        dim: d.
        size: in bytes.
        used: when it was last used, in seconds since 1970.
        valid: whether the vectors file is still the one that was copied.
    """

    file: Path
    source: Path
    words: int
    dim: int
    size: int
    used: float
    valid: bool


def folder() -> Path:
    """Return the cache folder: W2V_CACHE_DIR, or else the folder `w2v` where the system keeps caches."""
    if named := os.environ.get("W2V_CACHE_DIR"):
        return Path(named)
    return cache_folder()


def limit() -> int:
    """Return how many bytes all copies may take together: W2V_CACHE_LIMIT, such as 500M or 20G; 0 keeps none.

    Raises:
        UsageError: W2V_CACHE_LIMIT is no size.
    """
    given = os.environ.get("W2V_CACHE_LIMIT", "").strip()
    if not given:
        return DEFAULT_CACHE_LIMIT
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) ?([KMGT]?)B?", given, re.ASCII | re.IGNORECASE)
    if not found:
        raise UsageError(f"W2V_CACHE_LIMIT must be a size such as 500M or 20G, not {given!r}")
    return int(min(float(found[1]) * _UNITS[found[2].upper()], _MOST_BYTES))


def open_copy(path: str | os.PathLike[str], encoding: EncodingOptions | None = None) -> CachedVectors | None:
    """Return the copy of the file at `path`, read in this encoding, or None if there is none that can be trusted."""
    with contextlib.suppress(OSError, OutputError, VectorsError):  # OutputError: there is no home folder
        copy = _copy_of(path, encoding)
        if copy is None:
            return None
        arrays = copy.file.mapped()
        with contextlib.suppress(OSError):
            os.utime(copy.file.path)  # the time of last use, for _make_room
        words = PackedWords(arrays["utf8"], arrays["bounds"], Lookup(arrays["hashes"], arrays["rows"]))
        return CachedVectors(words, arrays["matrix"], arrays["norms"])
    return None


def has_copy(path: str | os.PathLike[str], encoding: EncodingOptions | None = None) -> bool:
    """Say whether there is a copy of the file at `path`, read in this encoding, without reading it."""
    with contextlib.suppress(OSError, OutputError, VectorsError):
        return _copy_of(path, encoding) is not None
    return False


def _copy_of(path: str | os.PathLike[str], encoding: EncodingOptions | None) -> _OpenedCopy | None:
    stamp = Stamp.of(path, encoding)
    if stamp is None or stamp.size < LEAST_BYTES:
        return None
    copy = _opened(_file_of(stamp))
    return copy if copy is not None and copy.source == stamp else None


def is_worth_keeping(stamp: Stamp) -> bool:
    """Say whether to copy a file with this stamp, taken before it was read.

    The file must be large, unchanged for some time, and still the same.
    """
    settled = time.time_ns() - stamp.mtime_ns >= _SETTLED
    return stamp.size >= LEAST_BYTES and settled and stamp.is_current()


def keep_copy(stamp: Stamp, vectors: CachedVectors) -> bool:
    """Write a copy of the vectors that were read from a file, and say whether that could be done.

    Args:
        stamp: of the file, taken before it was read.
        vectors: what was read.
    """
    with contextlib.suppress(OSError, OutputError):
        return _write(stamp, vectors)
    return False


def copies() -> list[CachedCopy]:
    """Return all copies, the most recently used first."""
    found = []
    with contextlib.suppress(OSError, OutputError):
        for file in folder().glob(f"*{_SUFFIX}"):
            with contextlib.suppress(OSError):
                found.append(_described(file))
    return sorted((copy for copy in found if copy), key=lambda copy: -copy.used)


def clear() -> int:
    """Remove all copies, also parts of interrupted ones, and return how many bytes that freed.

    Raises:
        OSError: a file can't be removed.
    """
    freed = 0
    for file in [*folder().glob(f"*{_SUFFIX}"), *leftovers(folder())]:
        freed += file.stat().st_size
        file.unlink()
    return freed


def _file_of(stamp: Stamp) -> Path:
    name = f"{stamp.path}\0{stamp.encoding}" if stamp.encoding else stamp.path
    digest = hashlib.blake2b(os.fsencode(name), digest_size=12).hexdigest()
    return folder() / f"{digest}{_SUFFIX}"


def _opened(path: Path) -> _OpenedCopy | None:
    """Return a copy if it is complete, and of this version."""
    with contextlib.suppress(VectorsError, ValueError, KeyError, TypeError):  # a damaged header
        file = SafetensorsFile.open(path, VectorsError)
        source = Stamp(**json.loads(file.metadata["source"]))
        count, dim = file.shape("matrix")
        shapes = {"matrix": (count, dim), "bounds": (count + 1,), "utf8": file.shape("utf8")}
        if file.metadata["version"] == str(_VERSION) and all(
            (file.kind(name), file.shape(name)) == (kind, shapes.get(name, (count,))) for name, kind in _KINDS.items()
        ):
            return _OpenedCopy(file, source)
    return None


def _described(path: Path) -> CachedCopy | None:
    copy = _opened(path)
    if copy is None:
        return None
    source, (count, dim) = copy.source, copy.file.shape("matrix")
    valid = source.is_current()
    return CachedCopy(path, Path(source.path), count, dim, copy.file.size, path.stat().st_mtime, valid)


def _write(stamp: Stamp, vectors: CachedVectors) -> bool:
    words = vectors.words
    arrays = _aligned({
        "matrix": vectors.matrix, "norms": np.asarray(vectors.norms), "hashes": words.lookup.hashes,
        "rows": words.lookup.rows, "bounds": words.bounds, "utf8": words.utf8,
    })  # fmt: skip
    if not _make_room(_HEADER_ROOM + sum(array.nbytes for array in arrays.values())):
        return False
    metadata = {"format": "w2v copy", "version": str(_VERSION), "source": json.dumps(dataclasses.asdict(stamp))}
    with writing_new(_file_of(stamp), mode=0o600) as stream:
        write_safetensors(stream, arrays, metadata)
    return True


def _aligned(arrays: dict[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
    """Return arrays with one of zeros after each, so that all start at a multiple of the alignment."""
    padded: dict[str, npt.NDArray[Any]] = {}
    for name, array in arrays.items():
        padded[name] = array
        padded[f"after {name}"] = np.zeros(-array.nbytes % _ALIGNMENT, np.uint8)
    return padded


def _make_room(size: int) -> bool:
    """Remove copies to make room for `size` more bytes, and say whether these fit into the limit and on the disk.

    Copies whose file has changed or gone go first, then the least recently used ones. `size` bytes must stay free on
    the disk when the copy is written.
    """
    most = limit()
    if size > most:
        return False
    where = folder()
    where.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in leftovers(where):
        left.unlink(missing_ok=True)
    present = sorted(copies(), key=lambda copy: (copy.valid, copy.used))
    taken = sum(copy.size for copy in present)
    for copy in present:
        if taken + size <= most:
            break
        copy.file.unlink()
        taken -= copy.size
    return shutil.disk_usage(where).free >= 2 * size
