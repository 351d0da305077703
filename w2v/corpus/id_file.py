"""The temporary file of token ids: on disk where that can be done, and gone when the process ends."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, cast

from w2v.errors import CorpusError
from w2v.memory import memory_room, size_text
from w2v.progress import Progress
from w2v.temporary_file import temporary_file, temporary_folder
from w2v.tokens.arrays import TokenIds

_ID_BYTES = 4
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class IdFile:
    """Arrays of int32 on disk; several threads may call every method at once.

    The file is not mapped into memory, since mapped pages would count as memory used.

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

    def __init__(self, folder: Path | None, progress: Progress | None = None) -> None:
        """Create the file in `folder`.

        Args:
            folder: None is the system's temporary folder, or memory where that is not writable.
            progress: receives a note if the file is in memory.

        Raises:
            CorpusError: it can't be created there.
        """
        self._folder = _temporary_folder() if folder is None else folder
        self._lock = threading.Lock()
        self._end = 0
        try:
            self._file = cast(io.BufferedIOBase, temporary_file(self._folder, buffering=0))
        except OSError as error:
            text = f"{self._place}: can't write there ({error.strerror}); choose another `work_dir`"
            raise CorpusError(text) from error
        if self._folder is None and progress is not None:
            progress.note(
                f"no folder for temporary files is writable, so the text stays in memory, {_ID_BYTES} bytes a token;"
                " name a folder with `work_dir` or TMPDIR"
            )

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
        """Check that the disk, or memory, can hold the file.

        Args:
            expected: number of ids that the file will hold in the end.

        Raises:
            CorpusError: it can't hold them.
        """
        needed, free = (expected - self._end) * _ID_BYTES, self._free()
        if free is not None and needed > free:
            raise CorpusError(
                f"{self._place}: token ids need about {size_text(expected * _ID_BYTES)}, {size_text(needed)} more than"
                f" now, but only {size_text(free)} are free; choose another `work_dir`"
            )

    def close(self) -> None:
        """Free the disk space."""
        with contextlib.suppress(OSError):  # nobody needs the ids any more
            self._file.close()

    @property
    def _place(self) -> str:
        return "memory" if self._folder is None else str(self._folder)

    def _free(self) -> int | None:
        if self._folder is not None:
            return shutil.disk_usage(self._folder).free
        room = memory_room()
        return None if room is None else room.bytes

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
            full = "memory is" if self._folder is None else f"{self._folder}: the disk is"
            text = f"{full} full with {size_text(self._end * _ID_BYTES)} of token ids"
            raise CorpusError(f"{text}; choose another `work_dir`") from error
        text = f"{self._place}: token ids can't be kept there ({error.strerror})"
        raise CorpusError(f"{text}; choose another `work_dir`") from error


def _temporary_folder() -> Path | None:
    try:
        return temporary_folder()
    except FileNotFoundError as error:
        text = "no folder for temporary files is writable; name one with `work_dir`, or with TMPDIR"
        raise CorpusError(text) from error
