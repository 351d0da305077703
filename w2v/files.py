"""Writing files whole or not at all: the target is checked before the work, and replaced when all is written.

w2v overwrites only files of the same kind. A file whose name ends in .gz, .bz2, .xz or .zst is written compressed.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from w2v.compression import decompressed, is_damage, require_compressor, without_compression
from w2v.errors import OutputError
from w2v.new_file import NewFile, final_target, is_device, new_token, put_in_place, remove_leftovers

HEAD = 1 << 16  # bytes by which the kind of a file is recognised


class FileKind(NamedTuple):
    """A kind of file, recognised by its start; w2v.file_kinds lists those that w2v writes.

    Attributes:
        name: what such a file holds, such as "vectors" or "a model".
        recognises: says of the first HEAD bytes of a file, decompressed, or fewer, whether it is of this kind.
        endings: that the name of such a file may have, though they promise another kind elsewhere, such as ".txt".
        may_be_compressed: whether a name that goes on with .gz or the like is fine; the file is written compressed.
    """

    name: str
    recognises: Callable[[bytes], bool]
    endings: tuple[str, ...] = ()
    may_be_compressed: bool = False

    def __str__(self) -> str:
        return self.name


def check_writable(path: str | os.PathLike[str]) -> None:
    """Make sure, before long work, that `path` can be written afterwards; an existing file is not touched.

    Raises:
        OutputError: the folder is missing or read-only, or the target is a folder or a read-only file.
        MissingExtraError: the name ends in .zst, and this Python can't write zstd.
    """
    target = Path(path)
    require_compressor(without_compression(target.name)[1])
    if target.is_dir():
        raise OutputError(f"{target}: is a folder; give the name of a file")
    if target.exists() and not os.access(target, os.W_OK):
        raise OutputError(f"{target}: is read-only; choose another name, or make it writable")
    if is_device(target):
        return
    folder = final_target(target).parent
    if not folder.is_dir():
        raise OutputError(f"{target}: there is no folder {folder}; make it first, or choose another name")
    remove_leftovers(target)
    probe = NewFile(target)
    try:
        probe.create()
    except OSError as error:
        raise OutputError(f"{target}: can't write in {folder} ({error.strerror}); choose another place") from error
    finally:
        probe.clean_up()


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
    head = _head(target)
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
    with replacing_all([path]) as (stream,):
        yield stream


@contextlib.contextmanager
def replacing_all(
    paths: Sequence[str | os.PathLike[str]], check: Callable[[Path], None] | None = None
) -> Iterator[list[BinaryIO]]:
    """Open a temporary file for each path as `replacing` does: either all paths are replaced, or none is.

    Args:
        paths: the files to replace.
        check: is called with the first temporary file when all are complete, and may raise an error to keep the
            earlier files; not for a device.

    Raises:
        OutputError: a path can't be written.
    """
    for path in paths:
        check_writable(path)
    files: list[NewFile] = []
    token = new_token()
    place = f"{Path(paths[0])}"
    try:
        with contextlib.ExitStack() as opened:
            streams = []
            for path in paths:
                place = f"{Path(path)}"
                files.append(NewFile(Path(path), token=token))
                streams.append(opened.enter_context(files[-1].opened()))
            place = f"{Path(paths[0])}"
            yield streams
        if check and files[0].temporary is not None:
            check(files[0].temporary)
        put_in_place(files)
    except BrokenPipeError:  # the reader of a device has seen enough
        raise
    except OSError as error:
        place = error.filename if error.filename in map(str, paths) else place
        changed = "" if is_device(Path(place)) else "; nothing was changed"
        raise OutputError(f"{place}: can't be written ({error.strerror}){changed}") from error
    finally:
        for file in files:
            file.clean_up()


def _head(path: Path) -> bytes:
    """Return the first HEAD bytes of a file, decompressed; all there are if it is cut short.

    Raises:
        OutputError: it can't be read.
    """
    try:
        with path.open("rb") as stream:
            return decompressed(stream).read(HEAD)
    except Exception as error:
        if is_damage(error):
            return b"\0"  # something that is of no kind
        if isinstance(error, OSError):
            raise OutputError(f"{path}: exists and can't be read ({error.strerror}); choose another name") from error
        raise
