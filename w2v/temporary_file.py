"""Temporary files: on disk, or in memory where no folder for them is writable; gone when the process ends."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

_OPEN_FILES = Path("/proc/self/fd")


def temporary_folder() -> Path | None:
    """Return the system's folder for temporary files; None if it has none and a file can be kept in memory instead.

    Raises:
        FileNotFoundError: it has none, and this system can't keep files in memory.
    """
    try:
        return Path(tempfile.gettempdir())
    except FileNotFoundError:
        if hasattr(os, "memfd_create"):
            return None
        raise


def temporary_file(folder: Path | None, buffering: int = -1) -> IO[bytes]:
    """Return a new file in a folder, None for memory, to write and read.

    It has no name (on Windows, the system deletes it when it is closed), so it is gone with the process, however that
    ends.

    Raises:
        OSError: the folder can't hold it.

    Example:
        >>> with temporary_file(temporary_folder()) as file:
        ...     _ = file.write(b"text"), file.seek(0)
        ...     file.read()
        b'text'
    """
    if folder is None:
        return os.fdopen(os.memfd_create("w2v"), "w+b", buffering)
    return tempfile.TemporaryFile(prefix="w2v-", dir=folder, buffering=buffering)


@contextlib.contextmanager
def named_copy(stream: IO[bytes]) -> Iterator[str]:
    """Yield a name under which this process can open what is left of a stream, as often as it likes.

    Raises:
        OSError: the stream can't be read, or the copy can't be kept.
    """
    if _OPEN_FILES.is_dir():
        with temporary_file(temporary_folder()) as copy:
            shutil.copyfileobj(stream, copy)
            copy.flush()
            yield str(_OPEN_FILES / str(copy.fileno()))
    else:
        with tempfile.NamedTemporaryFile(prefix="w2v-") as named:
            shutil.copyfileobj(stream, named)
            named.flush()
            yield named.name
