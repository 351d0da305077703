"""Copies of vectors files in the user's cache folder, that are mapped into memory instead of read a second time.

A copy is one file: a header in JSON with a checksum, then arrays as they lie in memory, each at a multiple of a page:
the matrix, the length of each row, the words, and where to find them by hash. It belongs to a path, and is used only
while the file there has the size, the times and the inode that it had when it was copied. A copy is written under
another name and renamed when it is whole, and its own size is in its header; what is stale, cut, or of another version
is as good as not there. Nothing that goes wrong with a copy is an error: the vectors file is read instead.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import mmap
import os
import re
import shutil
import stat
import sys
import tempfile
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.errors import UsageError
from w2v.options.defaults import DEFAULT_CACHE_LIMIT
from w2v.vectors.packed_words import Lookup, Words
from w2v.vectors.source import Matrix

LEAST_BYTES = 4_000_000  # smaller files are parsed in less time than it takes to say so

_MAGIC = b"w2v copy"
_VERSION = 1
_SUFFIX = ".vectors"
_PAGE = 4096
_SETTLED = 2_000_000_000  # ns after which a change is sure to show in the time of a file, whatever the file system
_DAY = 86_400
_BLOCK = 1 << 26  # bytes written at once: Ctrl-C is heard in between
_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


@dataclass(frozen=True)
class Stamp:
    """What tells whether a file is still the one that was copied."""

    path: str
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int

    @classmethod
    def of(cls, path: str | os.PathLike[str]) -> Stamp | None:
        """Return the stamp of a file, or None if it is a pipe or the like, or can't be seen."""
        try:
            real = os.path.realpath(path)
            state = os.stat(real)  # noqa: PTH116 - the path as a string is wanted anyway
        except OSError:
            return None
        if not stat.S_ISREG(state.st_mode):
            return None
        return cls(real, state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino)


class Copy(NamedTuple):
    """What a copy holds, mapped into memory: pages are read when they are touched, and changes stay in this process.

    Attributes:
        words: V words.
        matrix: (V, d) float32.
        norms: (V,) float32, the length of each row.
    """

    words: Words
    matrix: Matrix
    norms: npt.NDArray[np.float32]


class Entry(NamedTuple):
    """A copy in the cache folder.

    Attributes:
        file: where it is.
        source: path of the file that it was made of.
        words: V.
        dim: d.
        size: bytes it takes.
        used: when it was last used, in seconds since 1970.
        valid: whether its source is still the file that was copied.
    """

    file: Path
    source: Path
    words: int
    dim: int
    size: int
    used: float
    valid: bool


def folder() -> Path:
    """Return the cache folder: what W2V_CACHE_DIR names, or else the folder `w2v` where the system keeps caches."""
    if named := os.environ.get("W2V_CACHE_DIR"):
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local", "w2v", "Cache")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "w2v"
    base = os.environ.get("XDG_CACHE_HOME", "")
    return Path(base if os.path.isabs(base) else Path.home() / ".cache", "w2v")  # noqa: PTH117 - as XDG rules


def limit() -> int:
    """Return the most bytes that all copies may take together: W2V_CACHE_LIMIT, such as 500M or 20G; 0 keeps none.

    Raises:
        UsageError: W2V_CACHE_LIMIT is no size.
    """
    given = os.environ.get("W2V_CACHE_LIMIT", "").strip()
    if not given:
        return DEFAULT_CACHE_LIMIT
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) ?([KMGT]?)B?", given, re.ASCII | re.IGNORECASE)
    if not found:
        raise UsageError(f"W2V_CACHE_LIMIT must be a size such as 500M or 20G, not {given!r}")
    return int(float(found[1]) * _UNITS[found[2].upper()])


def open_copy(path: str | os.PathLike[str]) -> Copy | None:
    """Return the copy of the file at `path`, or None if there is none that can be trusted."""
    stamp = Stamp.of(path)
    if stamp is None or stamp.size < LEAST_BYTES:
        return None
    with contextlib.suppress(OSError, RuntimeError):  # RuntimeError: there is no home folder
        file = _file_of(stamp)
        with file.open("rb") as stream:
            header = _read_header(stream)
            if header is None or header["source"] != dataclasses.asdict(stamp):
                return None
            mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_COPY)
        with contextlib.suppress(OSError):
            os.utime(file)  # the time of last use, for _make_room
        return _arrays(header, mapped)
    return None


def is_worth_keeping(stamp: Stamp) -> bool:
    """Say whether a file with this stamp, taken before it was read, should be copied.

    It should if it is large, was unchanged for some time, and is the same still.
    """
    settled = time.time_ns() - stamp.mtime_ns >= _SETTLED
    return stamp.size >= LEAST_BYTES and settled and stamp == Stamp.of(stamp.path)


def keep_copy(stamp: Stamp, copy: Copy) -> bool:
    """Write a copy of what was read of a file, and say whether that could be done.

    Args:
        stamp: of the file, taken before it was read.
        copy: what was read.
    """
    with contextlib.suppress(OSError, RuntimeError):
        return _write(stamp, copy)
    return False


def entries() -> list[Entry]:
    """Return all copies, the one used last first."""
    found = []
    with contextlib.suppress(OSError, RuntimeError):
        for file in folder().glob(f"*{_SUFFIX}"):
            with contextlib.suppress(OSError):
                found.append(_entry(file))
    return sorted((entry for entry in found if entry), key=lambda entry: -entry.used)


def clear() -> int:
    """Remove all copies, and what is left of copies that were interrupted, and return how many bytes that freed.

    Raises:
        OSError: a file can't be removed.
    """
    freed = 0
    for file in [*folder().glob(f"*{_SUFFIX}"), *folder().glob(f"*{_SUFFIX}.tmp")]:
        freed += file.stat().st_size
        file.unlink()
    return freed


def _file_of(stamp: Stamp) -> Path:
    digest = hashlib.blake2b(os.fsencode(stamp.path), digest_size=12).hexdigest()
    return folder() / f"{digest}{_SUFFIX}"


def _entry(file: Path) -> Entry | None:
    with file.open("rb") as stream:
        header = _read_header(stream)
    if header is None:
        return None
    state = file.stat()
    source = Stamp(**header["source"])
    valid = source == Stamp.of(source.path)
    return Entry(file, Path(source.path), header["count"], header["dim"], state.st_size, state.st_mtime, valid)


def _sections(count: int, dim: int, utf8_size: int) -> dict[str, tuple[np.dtype[Any], int]]:
    """Return the type and the length of each array, in the order in which they are written."""
    return {
        "matrix": (np.dtype(np.float32), count * dim),
        "norms": (np.dtype(np.float32), count),
        "hashes": (np.dtype(np.uint64), count),
        "rows": (np.dtype(np.int64), count),
        "bounds": (np.dtype(np.int64), count + 1),
        "utf8": (np.dtype(np.uint8), utf8_size),
    }


def _padded(size: int) -> int:
    return -(-size // _PAGE) * _PAGE


def _read_header(stream: IO[bytes]) -> dict[str, Any] | None:
    """Return the header of a copy that is whole, and of this version and byte order."""
    start = stream.read(_PAGE)
    magic, checksum, text = start[:8], start[8:12], start[12:].rstrip(b"\0")
    if magic != _MAGIC or zlib.crc32(text).to_bytes(4, "little") != checksum:
        return None
    header: dict[str, Any] = json.loads(text)
    present = (header["version"], header["byteorder"], header["file_size"])
    return header if present == (_VERSION, sys.byteorder, os.fstat(stream.fileno()).st_size) else None


def _arrays(header: Mapping[str, Any], mapped: mmap.mmap) -> Copy:
    arrays = {}
    start = _PAGE
    for name, (kind, length) in _sections(header["count"], header["dim"], header["utf8_size"]).items():
        arrays[name] = np.frombuffer(mapped, kind, length, start)
        start += _padded(length * kind.itemsize)
    words = Words(arrays["utf8"], arrays["bounds"], Lookup(arrays["hashes"], arrays["rows"]))
    return Copy(words, arrays["matrix"].reshape(header["count"], header["dim"]), arrays["norms"])


def _write(stamp: Stamp, copy: Copy) -> bool:
    (count, dim), words = copy.matrix.shape, copy.words
    sections = _sections(count, dim, len(words.utf8))
    file_size = _PAGE + sum(_padded(length * kind.itemsize) for kind, length in sections.values())
    header = {
        "version": _VERSION, "byteorder": sys.byteorder, "file_size": file_size,
        "count": count, "dim": dim, "utf8_size": len(words.utf8), "source": dataclasses.asdict(stamp),
    }  # fmt: skip
    text = json.dumps(header).encode()
    if 12 + len(text) > _PAGE or not _make_room(file_size):
        return False
    arrays = {
        "matrix": copy.matrix, "norms": copy.norms, "hashes": words.lookup.hashes, "rows": words.lookup.rows,
        "bounds": words.bounds, "utf8": words.utf8,
    }  # fmt: skip
    file = _file_of(stamp)
    descriptor, name = tempfile.mkstemp(prefix=f"{file.stem}-", suffix=f"{_SUFFIX}.tmp", dir=file.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write((_MAGIC + zlib.crc32(text).to_bytes(4, "little") + text).ljust(_PAGE, b"\0"))
            for section, (kind, _) in sections.items():
                data = np.ascontiguousarray(arrays[section], dtype=kind).reshape(-1).view(np.uint8)
                for start in range(0, len(data), _BLOCK):
                    stream.write(data[start : start + _BLOCK].data)
                stream.write(bytes(_padded(len(data)) - len(data)))
        Path(name).replace(file)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    return True


def _make_room(size: int) -> bool:
    """Remove what is in the way of `size` more bytes, and say whether they fit into the limit and on the disk.

    First go copies whose source has changed or gone, then those used longest ago. As much as is written must be free
    on the disk afterwards.
    """
    most = limit()
    if size > most:
        return False
    where = folder()
    where.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in where.glob(f"*{_SUFFIX}.tmp"):  # of a process that was killed
        if time.time() - left.stat().st_mtime > _DAY:
            left.unlink()
    present = sorted(entries(), key=lambda entry: (entry.valid, entry.used))
    taken = sum(entry.size for entry in present)
    for entry in present:
        if taken + size <= most:
            break
        entry.file.unlink()
        taken -= entry.size
    return shutil.disk_usage(where).free >= 2 * size
