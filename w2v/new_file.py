"""New files that replace others: complete, flushed to the disk, then renamed; `put_in_place` is the order of all steps.

A new file is written beside its target, with a hidden name. Its process holds a lock on it, which ends with the
process, however that ends. So the next run that writes the same target knows what a killed one left behind.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import re
import stat
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast

from w2v.compression import compressing, without_compression
from w2v.errors import OutputError

if sys.platform != "win32":
    import fcntl

_NEW, _EARLIER = ".w2v-new", ".w2v-old"  # the ends of the hidden names
_CREATING = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_HIDDEN = re.compile(r"\.(.+)\.([a-f0-9]{8})(?:\.w2v-new|\.w2v-old)", re.DOTALL)
_NOT_FLUSHED = {errno.EINVAL, errno.ENOTSUP, errno.ENOSYS}  # by file systems that have no such operation


class NewFile:
    """A file that is written beside its target under another name; a device is written to directly.

    Args:
        target: the path that the file gets. A symbolic link stays a link, and what it points to is replaced.
        mode: the permissions of the new file; None takes those of the earlier one, or the usual ones.
        token: in its hidden name; files that are replaced together have the same.

    Attributes:
        target: the path.
        temporary: the path while it is written; None for a device, and before the file is created.
    """

    def __init__(self, target: Path, mode: int | None = None, token: str | None = None) -> None:
        self.target = target
        self._token = token or new_token()
        self.temporary: Path | None = None
        self._final, self._mode = final_target(target), mode
        self._earlier: Path | None = None  # another name of the file that stood there
        self._had_none = False  # whether nothing stood there
        self._descriptors: list[int] = []  # they hold the locks

    def create(self) -> None:
        """Create the file, empty and locked; not for a device.

        Its name is known before the file is there, so that `clean_up` removes it whenever an interrupt comes.

        Raises:
            OSError: that can't be done.
        """
        while not self._descriptors:
            self.temporary = self._final.with_name(f".{self._final.name}.{self._token}{_NEW}")
            with _named(self.target):
                self._descriptors.append(os.open(self.temporary, _CREATING, 0o600))
                if not _lock_new(self._descriptors[0]):
                    os.close(self._descriptors.pop())

    @contextlib.contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Create the file and open it; what is written is compressed if the name of the target says so.

        Raises:
            OSError: it can't be created or written; the file name of the error is the target.
        """
        if not is_device(self.target):
            self.create()
        where = self._descriptors[0] if self._descriptors else self.target
        with _NamedWriter(where, self.target) as raw, io.BufferedWriter(raw) as buffered:
            stream = cast(BinaryIO, buffered)
            with compressing(stream, without_compression(self.target.name)[1]) as compressed:
                try:
                    yield compressed
                except BaseException:
                    raw.is_discarded = True  # closing must not write the rest, nor raise another error
                    raise

    def flush(self) -> None:
        """Wait until the content is on the disk.

        Raises:
            OSError: it can't be written; its file name is the target.
        """
        if self.temporary is None:
            return
        with _named(self.target):
            os.chmod(self._descriptors[0], _mode(self._final) if self._mode is None else self._mode)  # noqa: PTH101
            _flush(self._descriptors[0])
        if sys.platform == "win32":  # which renames no open file
            os.close(self._descriptors.pop())

    def keep_earlier(self) -> None:
        """Give the file that stands at the target another name, too."""
        if self.temporary is None:
            return
        self._had_none = not self._final.exists()
        if self._had_none:
            return
        self._earlier = self.temporary.with_suffix(_EARLIER)
        with _named(self.target):
            self._descriptors += _locked(self._final, shared=True)
            try:
                os.link(self._final, self._earlier)
            except OSError:  # a file system without hard links
                self._final.replace(self._earlier)

    def rename(self) -> None:
        """Rename the file to its target."""
        if self.temporary is not None:
            with _named(self.target):
                self.temporary.replace(self._final)

    def undo(self) -> bool:
        """Restore what `keep_earlier` found at the target, and return whether that could be done."""
        try:
            if self._earlier is not None:
                with contextlib.suppress(FileNotFoundError):  # interrupted before it was made
                    self._earlier.replace(self._final)
            elif self._had_none and self.temporary is not None and not self.temporary.exists():
                self._final.unlink()
        except OSError:
            self._earlier = None  # stays under its hidden name
            return False
        return True

    def clean_up(self) -> None:
        """Remove the hidden names, and unlock them. What can't be removed now, the next run removes."""
        for path in (self.temporary, self._earlier):
            if path is not None:
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)
        while self._descriptors:
            with contextlib.suppress(OSError):  # the content was flushed, or is not wanted
                os.close(self._descriptors.pop())


@contextlib.contextmanager
def writing_new(path: Path, mode: int | None = None) -> Iterator[BinaryIO]:
    """Open a new file that replaces `path` when the block ends without an error.

    Raises:
        OSError: it can't be written; what stood there is unchanged.
        OutputError: it is in place, and its folder can't be flushed.
    """
    file = NewFile(path, mode)
    try:
        with file.opened() as stream:
            yield stream
        put_in_place([file])
    finally:
        file.clean_up()


def put_in_place(files: Sequence[NewFile]) -> None:
    """Replace the targets of new files that are complete: all of them, or none.

    1. Flush the content of each file to the disk.
    2. Rename each file to its target. Of several files, keep another name of what stands there, to undo the renames.
    3. Flush the folders, which hold the names.

    After step 1, no crash can leave a name without its content; after step 3, no power cut brings the earlier files
    back.

    Raises:
        OSError: a step before the last failed, and all targets are unchanged.
        OutputError: some or all targets are replaced; the message says which.
    """
    for file in files:
        file.flush()
    try:
        for file in files:
            if len(files) > 1:
                file.keep_earlier()
            file.rename()
    except BaseException as error:
        replaced = [file.target for file in files if not file.undo()]
        if replaced and isinstance(error, OSError):
            raise OutputError(
                f"{error.filename}: can't be written ({error.strerror}), and {_listed(replaced)} can't be restored;"
                " write all files again"
            ) from error
        raise
    kept = [file.target for file in files if file.temporary is not None]
    for folder in dict.fromkeys(final_target(target).parent for target in kept):
        _flush_folder(folder, kept)


def remove_leftovers(target: Path) -> None:
    """Remove what processes left beside `target` that were killed while they wrote it.

    If one was killed after it had renamed some of several files, and not all, the earlier files come back.
    """
    final = final_target(target)
    found = leftovers(final.parent)
    hidden = {path: match for path in found if (match := _HIDDEN.fullmatch(path.name))}
    for token in {match[2] for match in hidden.values() if match[1] == final.name}:
        group = {path: path.with_name(match[1]) for path, match in hidden.items() if match[2] == token}
        is_half_done = any(path.suffix == _NEW for path in group)
        for path in sorted(group, reverse=True, key=lambda path: path.suffix):  # earlier files first
            with contextlib.suppress(OSError):
                if path.suffix == _EARLIER and (is_half_done or not group[path].exists()):
                    path.replace(group[path])
                path.unlink(missing_ok=True)


def leftovers(folder: Path) -> list[Path]:
    """Return the hidden files in a folder that no process is writing any more."""
    found = []
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _HIDDEN.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                path = folder / entry.name
                descriptors = _locked(path)
                for descriptor in descriptors:
                    os.close(descriptor)
                found += [path] * len(descriptors)
    return found


def new_of(target: Path) -> Path | None:
    """Return the file that is to replace `target`, being written or left by a killed process; None if there is none."""
    with os.scandir(target.parent) as entries:
        names = [entry.name for entry in entries if entry.name.endswith(_NEW)]
    hidden = (name for name in names if (match := _HIDDEN.fullmatch(name)) and match[1] == target.name)
    return next(map(target.with_name, hidden), None)


def new_token() -> str:
    """Return what tells the hidden names of one replacement from those of others."""
    return os.urandom(4).hex()


def final_target(path: Path) -> Path:
    """Return what a symbolic link points to, or the path itself."""
    return path.resolve() if path.is_symlink() else path


def is_device(path: Path) -> bool:
    """Say whether something stands at `path` that is neither a file nor a folder, such as a device or a pipe."""
    return path.exists() and not path.is_file() and not path.is_dir()


class _NamedWriter(io.FileIO):
    """A file to write to, open as a descriptor or to be opened; its errors name the target."""

    def __init__(self, where: int | Path, target: Path) -> None:
        super().__init__(where, "wb", closefd=not isinstance(where, int))
        self._target = target
        self.is_discarded = False

    def write(self, data: Any) -> int:
        if self.is_discarded:
            return memoryview(data).nbytes
        with _named(self._target):
            return super().write(data)


@contextlib.contextmanager
def _named(target: Path) -> Iterator[None]:
    """Let an OSError in the block name the target, which the user knows."""
    try:
        yield
    except OSError as error:
        error.filename, error.filename2 = str(target), None
        raise


def _lock_new(descriptor: int) -> bool:
    """Lock a file that was just created, and return whether it still has its name.

    Another process may take it for a leftover just before it is locked.
    """
    if sys.platform != "win32":
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return os.fstat(descriptor).st_nlink > 0


def _locked(path: Path, *, shared: bool = False) -> list[int]:
    """Return a descriptor that locks a file, or nothing if that can't be done: another process has locked it."""
    if sys.platform == "win32":
        return []
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
        else:
            return [descriptor]
    return []


def _flush(descriptor: int) -> None:
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NOT_FLUSHED:
            raise


def _flush_folder(folder: Path, replaced: Sequence[Path]) -> None:
    """Wait until the names in a folder are on the disk, where the system can do that.

    Raises:
        OutputError: they can't be flushed; the message names the files that were just replaced.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            _flush(descriptor)
        finally:
            os.close(descriptor)
    except PermissionError:  # a folder in which we may write and not read; Windows opens no folder
        return
    except OSError as error:
        raise OutputError(
            f"{_listed(replaced)}: written, but {folder} can't be flushed to the disk ({error.strerror}); a power cut"
            " may bring the earlier file back"
        ) from error


def _mode(path: Path) -> int:
    if path.exists():
        return stat.S_IMODE(path.stat().st_mode)
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask


def _listed(paths: Sequence[Path]) -> str:
    return " and ".join(map(str, paths))
