"""A file elsewhere as a stream: read ahead in a thread, and continued where a lost connection broke it off."""

from __future__ import annotations

import contextlib
import io
import queue
import threading
import time
from collections.abc import Callable
from typing import IO, TYPE_CHECKING

from w2v.errors import CorpusError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_AT_ONCE = 1 << 20
_AHEAD = 8  # reads of that size that wait in memory
_WAITS = (0.5, 1.0, 2.0, 4.0, 8.0)  # seconds before each attempt to continue
_FINAL = (FileNotFoundError, PermissionError, IsADirectoryError, NotImplementedError)  # trying again is no use


class RemoteStream(io.RawIOBase):
    """The bytes of a file elsewhere.

    It is read ahead from the start; once a place in it is sought, as a reader of Parquet does, it is read on demand.
    """

    def __init__(self, name: str, open_file: Callable[[], IO[bytes]], waits: tuple[float, ...] = _WAITS) -> None:
        """Open the file.

        Args:
            name: of the file, for messages.
            open_file: opens it at its start.
            waits: seconds before each attempt to continue, after which it is given up.
        """
        self._name, self._open_file, self._waits = name, open_file, waits
        self._position = 0
        self._file: IO[bytes] | None = None
        self._ready = memoryview(b"")
        self._ahead: _ReadAhead | None = _ReadAhead(self._next)

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say whether a place in the file can be sought."""
        return bool(self._opened().seekable())

    def tell(self) -> int:
        """Return the place of the next byte."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place, and stop reading ahead."""
        if self._ahead is not None:
            self._ahead.stop()
            self._ahead, self._ready = None, memoryview(b"")
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position}.get(whence)
        self._position = offset + (self._size() if start is None else start)
        self._opened().seek(self._position)
        return self._position

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill some of the buffer and return the number of bytes, 0 at the end.

        Raises:
            CorpusError: the connection was lost, and could not be made again.
        """
        with memoryview(buffer) as view:
            if self._ahead is None:
                data = memoryview(self._next(self._position, len(view)))
            else:
                self._ready = self._ready or memoryview(self._ahead.take())
                data, self._ready = self._ready[: len(view)], self._ready[len(view) :]
            view[: len(data)] = data
            self._position += len(data)
            return len(data)

    def close(self) -> None:
        """Close the file."""
        if not self.closed:
            if self._ahead is not None:
                self._ahead.stop()
            self._drop()
        super().close()

    def _size(self) -> int:
        return self._opened().seek(0, io.SEEK_END)

    def _opened(self) -> IO[bytes]:
        if self._file is None:
            self._file = self._open_file()
        return self._file

    def _drop(self) -> None:
        """Close a file whose connection may be lost."""
        if self._file is not None:
            with contextlib.suppress(Exception):
                self._file.close()
            self._file = None

    def _next(self, position: int, size: int = _AT_ONCE) -> bytes:
        """Return the bytes from `position` on; where the connection is lost, try again.

        Raises:
            CorpusError: all attempts failed.
        """
        for wait in self._waits:
            data, _ = self._try(position, size)
            if data is not None:
                return data
            time.sleep(wait)
        data, error = self._try(position, size)
        if data is not None:
            return data
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise CorpusError(
            f"{self._name}: the connection was lost at byte {position:,}, and {len(self._waits)} attempts to continue"
            f" failed ({reason}); try again later"
        ) from error

    def _try(self, position: int, size: int) -> tuple[bytes | None, Exception | None]:
        """Return the bytes from `position` on, or None and why they can't be had now."""
        try:
            file = self._opened()
            if file.tell() != position:
                _go_to(file, position)
            return file.read(size), None
        except _FINAL:
            raise
        except Exception as error:  # each kind of place has its own
            self._drop()
            return None, error


def _go_to(file: IO[bytes], position: int) -> None:
    """Go to a place, by reading up to it if the server sends only whole files."""
    if file.seekable():
        file.seek(position)
        return
    remaining = position
    while remaining and (data := file.read(min(remaining, _AT_ONCE))):
        remaining -= len(data)


class _ReadAhead:
    """Reads on in a thread while what was read is used."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self._queue: queue.Queue[bytes | Exception] = queue.Queue(_AHEAD)
        self._stopped = threading.Event()
        self._at_end = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def take(self) -> bytes:
        """Return the next bytes, none at the end."""
        if self._at_end:
            return b""
        found = self._queue.get()
        self._at_end = isinstance(found, Exception) or not found
        if isinstance(found, Exception):
            raise found
        return found

    def stop(self) -> None:
        """End the thread."""
        self._stopped.set()
        while self._thread.is_alive():
            with contextlib.suppress(queue.Empty):
                self._queue.get_nowait()
            self._thread.join(0.05)

    def _run(self) -> None:
        position = 0
        while not self._stopped.is_set():
            try:
                data = self._read(position)
            except Exception as error:
                self._queue.put(error)
                return
            position += len(data)
            self._queue.put(data)
            if not data:
                return
