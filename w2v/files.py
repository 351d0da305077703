"""Outputs that are whole or not there: checked before the work, written beside the target, renamed at the end.

What stands at the target is replaced only if it looks like an earlier output of the same kind.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import tempfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from w2v.errors import UsageError, W2VError
from w2v.options.checks import shown

HEAD = 1 << 16  # bytes looked at to tell what a file holds
MODEL_FORMAT = "w2v model"
DRAWN_BY = "w2v"  # what pictures name as the program that made them

_VECTORS_HEADER = re.compile(rb"[0-9]{1,15} ([0-9]{1,15})\r?\n")
_CONTROL = bytes(set(range(32)) - set(b"\t\n\v\f\r"))


class OutputError(W2VError):
    """A place that can't be written."""


def as_path(name: str, given: object) -> Path:
    """Return the file or folder that a caller names; `name` is what the caller calls it.

    Raises:
        UsageError: `given` is no name of a file or folder.
    """
    named = os.fspath(given) if isinstance(given, str | os.PathLike) else None
    if not isinstance(given, str | os.PathLike) or not isinstance(named, str) or not named or "\0" in named:
        raise UsageError(f"{name} must be the name of a file or folder, not {shown(given)}")
    return Path(given)


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


def check_target(path: str | os.PathLike[str], holds: Callable[[bytes], bool], kind: str) -> None:
    """Refuse, before any work, an output that can't be written or would cost the user a file of another kind.

    Args:
        path: where to write.
        holds: says of the start of a file whether it is of this kind.
        kind: what is to be written, such as "vectors".

    Raises:
        OutputError: as for `check_writable` and `check_replaceable`.
    """
    check_writable(path)
    check_replaceable(path, holds, kind)


def check_replaceable(path: str | os.PathLike[str], holds: Callable[[bytes], bool], kind: str) -> None:
    """Make sure that writing to `path` would not cost the user a file of another kind.

    Args:
        path: where to write; nothing there, an empty file, or a device is fine.
        holds: says of the start of a file whether it is of this kind.
        kind: what is to be written, such as "vectors".

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
    if head and not holds(head):
        raise OutputError(
            f"{target}: exists, holds no {kind}, and would be overwritten; choose another name, or remove it first"
        )


def holds_vectors(head: bytes) -> bool:
    """Say whether a file that starts with `head` has vectors in word2vec's text or binary format: `V d`, then rows."""
    header = _VECTORS_HEADER.match(head)
    if not header:
        return False
    dim, body = int(header[1]), head[header.end() :]
    line, newline, _ = body.partition(b"\n")
    fields = line.split()
    values = fields[-dim:] if newline else fields[1:-1]  # without a line's end, the last value may be cut
    if values and all(map(_is_decimal, values)) and (len(values) == dim < len(fields) or not newline):
        return True
    return len(body) != len(body.translate(None, _CONTROL))


def holds_vocabulary(head: bytes) -> bool:
    """Say whether a file that starts with `head` has `word count` lines, two or more, the greatest count first."""
    lines = head.split(b"\n")[:-1]  # the last one may be cut
    fields = [line.split() for line in lines]
    if len(lines) < 2 or not all(len(pair) == 2 and pair[1].isdigit() for pair in fields):
        return False
    counts = [int(pair[1]) for pair in fields]
    return all(count >= following for count, following in pairwise(counts))


def holds_phrases(head: bytes) -> bool:
    """Say whether a file that starts with `head` is a list of phrases; see w2v.phrases.Phrases."""
    return head.startswith(b"phrase\twords")


def holds_model(head: bytes) -> bool:
    """Say whether a file that starts with `head` is a model file; see w2v.safetensors_file."""
    return head[8:].startswith(b'{"__metadata__":{"format":"' + MODEL_FORMAT.encode() + b'"')


def holds_log(head: bytes) -> bool:
    """Say whether a file that starts with `head` is a log of training: lines of JSON objects; see w2v.training_log."""
    return head.startswith(b'{"epoch": ')


def holds_clusters(head: bytes) -> bool:
    """Say whether a file that starts with `head` has words in groups, as `w2v cluster` writes them.

    Either lines of a word and its group, counted from 0, or a line for each group: `group size word...`.
    """
    lines = head.split(b"\n")[:-1]  # the last one may be cut
    groups = [line.split() for line in lines]
    if groups and all(
        len(group) > 2 and group[0] == b"%d" % number and group[1].isdigit() for number, group in enumerate(groups)
    ):
        return True
    labels = [line.rpartition(b" ")[2] for line in lines]
    if not labels or not all(map(bytes.isdigit, labels)):
        return False
    # Frequent words may all be in other groups than the largest one, which is 0; counts of words never go up.
    return b"0" in labels or (len(head) >= HEAD and not holds_vocabulary(head))


def holds_picture(head: bytes) -> bool:
    """Say whether a file that starts with `head` is a page or an image that w2v drew; see w2v.pictures."""
    if head.startswith(b"\x89PNG\r\n"):
        return b"tEXtSoftware\0" + DRAWN_BY.encode() in head
    marks = {b"<!doctype html>": b'<meta name="generator" content="%s ', b"<?xml": b"<dc:title>%s</dc:title>"}
    return any(head.startswith(start) and mark % DRAWN_BY.encode() in head for start, mark in marks.items())


def holds_joined_text(head: bytes, delimiter: bytes) -> bool:
    """Say whether a file that starts with `head` may be text with phrases joined, as w2v.phrases writes it.

    That is words with single spaces between them and nothing else, one or more of them joined by `delimiter`.
    """
    lines = head.split(b"\n")
    lines = lines[:-1] or lines  # the last one may be cut
    words = [word for line in lines if line for word in line.split(b" ")]
    plain = len(head) == len(head.translate(None, _CONTROL + b"\t\v\f\r")) and all(words)
    joined = any(delimiter in word[1:-1] for word in words)
    return plain and joined and held_otherwise(head) is None


VECTORS, MODEL, PICTURE = "vectors", "a model", "a picture"
_HELD = {
    VECTORS: holds_vectors,
    MODEL: holds_model,
    "words and counts": holds_vocabulary,
    "phrases": holds_phrases,
    "a log of training": holds_log,
    "groups of words": holds_clusters,
    PICTURE: holds_picture,
}


def held_otherwise(head: bytes) -> str | None:
    """Return what a file that starts with `head` holds in place of text, if it is something that w2v writes."""
    return next((kind for kind, holds in _HELD.items() if holds(head)), None)


def _is_decimal(value: bytes) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


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
        try:
            with target.open("wb") as stream:
                yield stream
        except BrokenPipeError:  # whoever reads has seen enough
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
