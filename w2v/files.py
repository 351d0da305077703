"""Writing files whole or not at all: the target is checked before the work, and replaced when all is written.

w2v overwrites only files of the same kind.
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from w2v.errors import OutputError

HEAD = 1 << 16  # bytes by which the kind of a file is recognised


class FileKind(NamedTuple):
    """A kind of file, recognised by its start; w2v.file_kinds lists those that w2v writes.

    Attributes:
        name: what such a file holds, such as "vectors" or "a model".
        recognises: says of the first HEAD bytes of a file, or fewer, whether it is of this kind.
    """

    name: str
    recognises: Callable[[bytes], bool]

    def __str__(self) -> str:
        return self.name


def check_writable(path: str | os.PathLike[str]) -> None:
    """Make sure, before long work, that `path` can be written afterwards; an existing file is not touched.

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


def check_target(path: str | os.PathLike[str], kind: FileKind) -> None:
    """Make sure, before any work, that a file of this kind can be written to `path` and replaces no other kind.

    Raises:
        OutputError: as for `check_writable` and `check_replaceable`.
    """
    check_writable(path)
    check_replaceable(path, kind)


def check_replaceable(path: str | os.PathLike[str], kind: FileKind) -> None:
    """Make sure that a file of this kind written to `path` replaces no file of another kind.

    A path where nothing stands, an empty file or a device is fine.

    Raises:
        OutputError: there is a file that holds something else, or that can't be read.
    """
    target = Path(path)
    if not target.is_file():
        return
    try:
        with target.open("rb") as stream:
            head = stream.read(HEAD)
    except OSError as error:
        raise OutputError(f"{target}: exists and can't be read ({error.strerror}); choose another name") from error
    if head and not kind.recognises(head):
        held = kind.name.removeprefix("a ")
        raise OutputError(
            f"{target}: exists, holds no {held}, and would be overwritten; choose another name, or remove it first"
        )


@contextlib.contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open a temporary file beside `path`, and rename it to `path` when the block ends without an error.

    After an error or Ctrl-C in the block, the temporary file is removed and `path` is unchanged. A symbolic link stays
    a link, an existing file keeps its permissions, and a device such as /dev/stdout is written to directly.

    Raises:
        OutputError: `path` can't be written.
    """
    target = Path(path)
    check_writable(target)
    if _is_special(target):
        try:
            with target.open("wb") as stream:
                yield stream
        except BrokenPipeError:  # the reader has seen enough
            raise
        except OSError as error:
            raise OutputError(f"{target}: can't be written ({error.strerror})") from error
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
