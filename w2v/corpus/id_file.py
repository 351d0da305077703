"""The temporary file of token ids: on disk, not in memory, and gone when the process ends."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from w2v.errors import CorpusError
from w2v.tokens.arrays import TokenIds

_ID_BYTES = 4
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class IdFile:
    """Arrays of int32 on disk; several threads may call every method at once.

    The file is not mapped into memory, since mapped pages would count as memory used. It has no name (on Windows, the
    system deletes it when it is closed), so it is gone with the process, however that ends.

    Example:
        >>> from contextlib import closing
        >>> import numpy as np
        >>> with closing(IdFile(None)) as file:
        ...     place = file.append(np.array([3, 1, 2], np.int32))
        ...     ids = np.empty(2, np.int32)
        ...     file.read(place + 1, ids)
        >>> ids.tolist()
        [1, 2]
    """

    def __init__(self, folder: Path | None) -> None:
        """Create the file in `folder`; None is the system's temporary folder.

        Raises:
            CorpusError: it can't be created there.
        """
        self.folder = _temporary_folder() if folder is None else folder
        self._lock = threading.Lock()
        self._end = 0
        try:
            self._file = tempfile.TemporaryFile(prefix="w2v-", dir=self.folder, buffering=0)  # noqa: SIM115
        except OSError as error:
            text = f"{self.folder}: can't write there ({error.strerror}); choose another `work_dir`"
            raise CorpusError(text) from error

    def __len__(self) -> int:
        return self._end

    def append(self, ids: TokenIds) -> int:
        """Write an array behind all others and return its place.

        Raises:
            CorpusError: the disk is full.
        """
        with self._lock:
            place = self._end
            self._end += len(ids)
        self.write(place, ids)
        return place

    def write(self, place: int, ids: TokenIds) -> None:
        """Write an array at `place`, counted in ids.

        Raises:
            CorpusError: the disk is full.
        """
        self._move(self._pwrite, place, ids)

    def read(self, place: int, ids: TokenIds) -> None:
        """Fill an array with the ids from `place` on, counted in ids.

        Raises:
            CorpusError: the file can't be read.
        """
        self._move(self._pread, place, ids)

    def check_room(self, expected: float) -> None:
        """Check that the disk can hold the file.

        Args:
            expected: number of ids that the file will hold in the end.

        Raises:
            CorpusError: it can't hold them.
        """
        needed, free = (expected - self._end) * _ID_BYTES, shutil.disk_usage(self.folder).free
        if needed > free:
            raise CorpusError(
                f"{self.folder}: token ids need about {_size(expected * _ID_BYTES)} of disk, {_size(needed)} more than"
                f" now, but only {_size(free)} are free; choose another `work_dir`"
            )

    def close(self) -> None:
        """Free the disk space."""
        with contextlib.suppress(OSError):  # nobody needs the ids any more
            self._file.close()

    def _move(self, some: Callable[[memoryview, int], int], place: int, ids: TokenIds) -> None:
        """Read or write a whole array by a function that moves some of its bytes and returns their number."""
        data = memoryview(ids.data).cast("B")
        offset = place * _ID_BYTES
        try:
            while data:
                n = some(data, offset)
                data, offset = data[n:], offset + n
        except OSError as error:
            self._refuse(error)

    if hasattr(os, "preadv"):

        def _pwrite(self, data: memoryview, offset: int) -> int:
            return os.pwrite(self._file.fileno(), data, offset)

        def _pread(self, data: memoryview, offset: int) -> int:
            return os.preadv(self._file.fileno(), [data], offset)

    else:  # Windows

        def _pwrite(self, data: memoryview, offset: int) -> int:
            with self._lock:
                self._file.seek(offset)
                return self._file.write(data)

        def _pread(self, data: memoryview, offset: int) -> int:
            with self._lock:
                self._file.seek(offset)
                return self._file.readinto(data)

    def _refuse(self, error: OSError) -> NoReturn:
        if error.errno in _FULL:
            text = f"{self.folder}: the disk is full with {_size(self._end * _ID_BYTES)} of token ids"
            raise CorpusError(f"{text}; choose another `work_dir`") from error
        text = f"{self.folder}: the token ids can't be kept there ({error.strerror})"
        raise CorpusError(f"{text}; choose another `work_dir`") from error


def _temporary_folder() -> Path:
    try:
        return Path(tempfile.gettempdir())
    except FileNotFoundError as error:
        text = "no folder for temporary files is writable; name one with `work_dir`, or with TMPDIR"
        raise CorpusError(text) from error


def _size(n_bytes: float) -> str:
    for unit in ("bytes", "kB", "MB"):
        if n_bytes < 1000:
            return f"{n_bytes:.0f} {unit}"
        n_bytes /= 1000
    return f"{n_bytes:.1f} GB"
