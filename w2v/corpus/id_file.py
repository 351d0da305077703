"""The temporary file of ids: on disk and not in memory, and gone when the process is."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from w2v.corpus.arrays import Ids
from w2v.errors import CorpusError

_ID_BYTES = 4
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class IdFile:
    """Arrays of int32 on disk. Every method may be called by several threads at once.

    Read and written by calls and not mapped, since mapped pages would count as memory used. The file has no name (or is
    deleted by the system when closed, on Windows), so that it is gone with the process, however that ends.
    """

    def __init__(self, folder: Path | None) -> None:
        """Make the file in `folder`; None is the system's temporary folder.

        Raises:
            CorpusError: it can't be made there.
        """
        self.folder = Path(tempfile.gettempdir() if folder is None else folder)
        self._lock = threading.Lock()
        self._end = 0
        try:
            self._file = tempfile.TemporaryFile(prefix="w2v-", dir=self.folder, buffering=0)  # noqa: SIM115
        except OSError as error:
            text = f"{self.folder}: can't write there ({error.strerror}); choose another --work-dir"
            raise CorpusError(text) from error

    def __len__(self) -> int:
        return self._end

    def append(self, ids: Ids) -> int:
        """Write an array in a place of its own and return that place.

        Raises:
            CorpusError: the disk is full.
        """
        with self._lock:
            place = self._end
            self._end += len(ids)
        self.write(place, ids)
        return place

    def write(self, place: int, ids: Ids) -> None:
        """Write an array at `place`, counted in ids.

        Raises:
            CorpusError: the disk is full.
        """
        self._move(self._pwrite, place, ids)

    def read(self, place: int, ids: Ids) -> None:
        """Fill an array from `place` on, counted in ids.

        Raises:
            CorpusError: the file can't be read.
        """
        self._move(self._pread, place, ids)

    def check_room(self, expected: float) -> None:
        """Make sure that the disk can hold the file.

        Args:
            expected: how many ids the file is going to hold in all.

        Raises:
            CorpusError: it can't.
        """
        needed, free = (expected - self._end) * _ID_BYTES, shutil.disk_usage(self.folder).free
        if needed > free:
            raise CorpusError(
                f"{self.folder}: token ids need about {_size(expected * _ID_BYTES)} of disk, {_size(needed)} more than"
                f" now, but only {_size(free)} are free; choose another --work-dir"
            )

    def close(self) -> None:
        """Give the disk space back."""
        self._file.close()

    def _move(self, some: Callable[[memoryview, int], int], place: int, ids: Ids) -> None:
        """Read or write the whole array with a function that does so with some of its bytes, and says how many."""
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
            raise CorpusError(f"{text}; choose another --work-dir") from error
        text = f"{self.folder}: the token ids can't be kept there ({error.strerror})"
        raise CorpusError(f"{text}; choose another --work-dir") from error


def _size(n_bytes: float) -> str:
    for unit in ("bytes", "kB", "MB"):
        if n_bytes < 1000:
            return f"{n_bytes:.0f} {unit}"
        n_bytes /= 1000
    return f"{n_bytes:.1f} GB"
