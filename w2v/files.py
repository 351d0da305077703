"""Outputs that are whole or not there: checked before the work, written beside the target, renamed at the end."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from w2v.errors import W2VError


class OutputError(W2VError):
    """A place that can't be written."""


def check_writable(path: str | os.PathLike[str]) -> None:
    """Find out before long work whether `path` can be written at its end; an existing file is not touched.

    Raises:
        OutputError: the folder is missing or read-only, or the target is a folder or a read-only file.
    """
    target = Path(path)
    if target.is_dir():
        raise OutputError(f"{target}: is a folder; give the name of a file")
    if target.exists() and not os.access(target, os.W_OK):
        raise OutputError(f"{target}: is read-only; choose another name, or make it writable")
    if _is_special(target):
        return
    folder = _final_target(target).parent
    if not folder.is_dir():
        raise OutputError(f"{target}: there is no folder {folder}; make it first, or choose another name")
    try:
        descriptor, name = tempfile.mkstemp(prefix=".w2v-", dir=folder)
    except OSError as error:
        raise OutputError(f"{target}: can't write in {folder} ({error.strerror}); choose another place") from error
    os.close(descriptor)
    Path(name).unlink()


@contextlib.contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open a temporary file beside `path` and rename it over `path` once the block has ended well.

    After an error or Ctrl-C in the block, the temporary file is gone and what stood at `path` is unchanged. A symbolic
    link stays a link, an existing file keeps its permissions, and a device such as /dev/stdout is written to directly.

    Raises:
        OutputError: `path` can't be written.
    """
    target = Path(path)
    check_writable(target)
    if _is_special(target):
        with target.open("wb") as stream:
            yield stream
        return
    final = _final_target(target)
    descriptor, name = tempfile.mkstemp(prefix=f".{final.name}.", suffix=".tmp", dir=final.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
        temporary.chmod(_mode(final))
        temporary.replace(final)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise OutputError(f"{target}: can't be written ({error.strerror}); nothing was changed") from error
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _final_target(path: Path) -> Path:
    return path.resolve() if path.is_symlink() else path


def _is_special(path: Path) -> bool:
    return path.exists() and not path.is_file() and not path.is_dir()


def _mode(path: Path) -> int:
    if path.exists():
        return stat.S_IMODE(path.stat().st_mode)
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
