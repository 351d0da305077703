"""Compiled functions on disk: one sealed file for each, in the first folder that can hold it.

Numba's own cache keeps an index beside its data, believes both, and needs a folder that it can write to. Here a file
is used only if its seal is right: a digest of its contents, of the source of the function and of all modules of w2v
that this imports, and of the versions of Python and Numba. A file that is damaged, stale or of another version is
ignored: the function is compiled, and the file replaced. Files are renamed when complete, so that processes may
share a folder. Where no folder can be written to, functions are compiled anew in each process.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import re
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import llvmlite
import numba
from numba.core import config as numba_config
from numba.core.caching import NullCache
from numba.core.compiler import CompileResult
from numba.core.serialize import dumps
from numba.core.types import BaseNamedTuple

from w2v.cache_folder import cache_folder
from w2v.errors import OutputError
from w2v.new_file import remove_leftovers, writing_new

_CONFIG: Any = numba_config
_SEAL_BYTES = 32
_PROBE_BYTES = 1 << 20  # about what a large kernel takes
_IMPORTS = re.compile(r"^from (w2v[.\w]*) import (\([^)]*\)|.*)$", re.MULTILINE)
_TEMPORARY = "w2v-compiled-"  # a user's own folder among the temporary files
_REMEDY = "set NUMBA_CACHE_DIR to a writable folder"


class KernelCache(NullCache):
    """What Numba asks for the compiled code of one function, and gives it to.

    Args:
        function: the function, at the top level of a module of w2v.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    @property
    def cache_path(self) -> str:
        """The folder that holds the code, or would."""
        return str(next(_folders(self._source_folder)))

    def load_overload(self, signature: Any, target: Any) -> Any:
        """Return the code for a signature on this CPU, or None if it must be compiled."""
        import pickle

        target.refresh()
        name, stamp = self._identity(signature, target.codegen())
        for folder in _folders(self._source_folder):
            # Whatever is wrong with a sealed file, such as a module that is gone, compiling is right.
            with contextlib.suppress(Exception):
                content = (folder / name).read_bytes()
                payload = content[_SEAL_BYTES:]
                if content[:_SEAL_BYTES] == _seal(stamp, payload):
                    kept_signature, parts = pickle.loads(payload)
                    if kept_signature == signature:
                        return CompileResult._rebuild(target, *parts)
        return None

    def save_overload(self, signature: Any, compiled: Any) -> None:
        """Keep the code for a signature, if there is a place for it."""
        folder = _writable(self._source_folder)
        if folder is None or compiled.lifted or compiled.library.has_dynamic_globals:
            return
        name, stamp = self._identity(signature, compiled.codegen)
        payload = dumps((signature, compiled._reduce()))
        with contextlib.suppress(OSError, OutputError):  # the disk has filled up meanwhile
            _keep(folder / name, _seal(stamp, payload) + payload)

    @property
    def _source_folder(self) -> Path:
        return Path(self._function.__code__.co_filename).parent

    def _identity(self, signature: Any, codegen: Any) -> tuple[str, bytes]:
        """Return the name of the file, and what its contents must fit."""
        function = self._function
        cpu = codegen.magic_tuple()
        digest = hashlib.blake2b(repr((str(signature), cpu)).encode(), digest_size=8).hexdigest()
        versions = sys.version, numba.__version__, llvmlite.__version__
        python = f"py{sys.version_info[0]}{sys.version_info[1]}"
        name = f"{function.__module__.rpartition('.')[2]}.{function.__qualname__}.{python}.{digest}.nbc"
        modules = frozenset([function.__module__, *_modules_of(signature)])
        return name, repr((versions, cpu)).encode() + _source_digest(modules)


def outlook() -> str:
    """Return what to say of later runs while functions are being compiled."""
    folder = _writable(Path(__file__).parent)
    if folder is None:
        return f"compiling for this CPU, as at every start: no folder for compiled code is writable; {_REMEDY}"
    if folder.name.startswith(_TEMPORARY):
        return f"compiling for this CPU; the compiled code goes to {folder}, which may not last; {_REMEDY}"
    if _CONFIG.CACHE_DIR and folder != _named_folder(Path(__file__).parent):
        return f"compiling for this CPU; NUMBA_CACHE_DIR={_CONFIG.CACHE_DIR} is not writable; using {folder}"
    return "compiling for this CPU; later runs start faster"


def _folders(source_folder: Path) -> Iterator[Path]:
    """Yield the folders to look in, the best first: the one that the user named, or else those that can do."""
    named = _named_folder(source_folder)
    if named is not None:
        yield named
        if _can_write(named):
            return
    yield source_folder / "__pycache__"
    with contextlib.suppress(OutputError):  # the user has no home folder
        yield cache_folder() / "compiled" / _subfolder(source_folder)
    if (temporary := _private_temporary_folder()) is not None:
        yield temporary


@functools.cache
def _writable(source_folder: Path) -> Path | None:
    """Return the first folder that can be written to, or None."""
    return next((folder for folder in _folders(source_folder) if _can_write(folder)), None)


@functools.cache
def _can_write(folder: Path) -> bool:
    try:
        with contextlib.suppress(OutputError):  # no home folder
            if (private := cache_folder()) in folder.parents:
                private.mkdir(mode=0o700, parents=True, exist_ok=True)  # code in it is run
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder, buffering=0) as probe:
            return probe.write(bytes(_PROBE_BYTES)) == _PROBE_BYTES
    except (OSError, ValueError):  # ValueError: a NUL in the name
        return False


def _named_folder(source_folder: Path) -> Path | None:
    return Path(_CONFIG.CACHE_DIR, _subfolder(source_folder)) if _CONFIG.CACHE_DIR else None


def _subfolder(source_folder: Path) -> str:
    """Return a name that differs between two copies of w2v that share a folder."""
    return f"{source_folder.name}_{hashlib.blake2b(os.fsencode(source_folder), digest_size=8).hexdigest()}"


@functools.cache
def _private_temporary_folder() -> Path | None:
    """Return a folder among the temporary files that only this user can write to; None if that can't be made sure."""
    try:
        parent = Path(tempfile.gettempdir())
        if not hasattr(os, "geteuid") or parent == Path.cwd():  # Python's last resort
            return None
        folder = parent / f"{_TEMPORARY}{os.geteuid()}"
        folder.mkdir(mode=0o700, exist_ok=True)
        state = folder.lstat()
    except OSError:
        return None
    is_ours = stat.S_ISDIR(state.st_mode) and state.st_uid == os.geteuid() and not state.st_mode & 0o077
    return folder if is_ours else None


def _seal(stamp: bytes, payload: bytes) -> bytes:
    digest = hashlib.blake2b(stamp, digest_size=_SEAL_BYTES)
    digest.update(payload)
    return digest.digest()


def _keep(path: Path, content: bytes) -> None:
    remove_leftovers(path)
    if path.is_dir():
        path.rmdir()
    with writing_new(path, mode=0o644) as stream:
        stream.write(content)


def _modules_of(types: Iterable[Any]) -> Iterator[str]:
    """Yield the modules of the classes whose objects are arguments, such as the buffers of an output layer."""
    for kind in types:
        if isinstance(kind, BaseNamedTuple):
            described: Any = kind
            yield described.instance_class.__module__
            yield from _modules_of(described.types)


@functools.cache
def _source_digest(modules: frozenset[str]) -> bytes:
    """Return a digest of the source of modules and of all modules of w2v that they import, directly or not."""
    sources: dict[str, bytes] = {}
    waiting = [*modules]
    while waiting:
        name = waiting.pop()
        if name not in sources:
            sources[name] = _source(name)
            waiting += _imported(name)
    return hashlib.blake2b(repr(sorted(sources.items())).encode()).digest()


@functools.cache
def _source(module: str) -> bytes:
    spec = sys.modules[module].__spec__
    try:
        return spec.loader.get_data(spec.origin)  # type: ignore[union-attr, no-any-return]
    except (AttributeError, OSError):  # w2v is part of a frozen program, which never changes
        return b""


@functools.cache
def _imported(module: str) -> list[str]:
    imported = []
    for package, names in _IMPORTS.findall(_source(module).decode("utf-8", "replace")):
        inside = [f"{package}.{name}" for name in re.findall(r"\w+", names)]
        imported += [name for name in inside if name in sys.modules] or [package]
    return imported
