"""Loading the vectors that a command works on."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from w2v.cli.console_progress import ConsoleProgress
from w2v.cli.messages import tell, with_dashes
from w2v.compression import decompressed
from w2v.errors import VectorsError
from w2v.file_kinds import WORD_COUNTS
from w2v.files import HEAD
from w2v.progress import Silent
from w2v.zip_archive import place_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from w2v.memory_need import MemoryNeed
    from w2v.options.encoding import EncodingOptions
    from w2v.vectors import Vectors
    from w2v.vectors.vectors_size import VectorsSize

NeedOf: TypeAlias = "Callable[[VectorsSize], MemoryNeed]"  # what work with vectors of some size takes besides them

NAME_ANOTHER, NAME_BY_OPTION = "name another file", "name another file with --vectors FILE"
_SLOW_TO_LOAD = 200_000_000  # bytes


def require_vectors(path: Path, advice: str = NAME_ANOTHER) -> None:
    """Refuse a vectors file that doesn't exist; `advice` says how to name another one.

    Raises:
        VectorsError: there is no such file.
    """
    if not place_of(path).file.exists():
        raise VectorsError(f"{path}: no such file; train vectors with 'w2v train corpus.txt', or {advice}")


def load_vectors(
    path: Path,
    *,
    cache: bool,
    advice: str = NAME_ANOTHER,
    encoding: EncodingOptions | None = None,
    top: int | None = None,
) -> Vectors:
    """Load the vectors that a command works on, and show progress where that takes seconds.

    Args:
        path: the file that the user named, or the default.
        cache: use the copy in the cache folder, or keep one if the file is large.
        advice: how to name another file.
        encoding: how the bytes of words become text; None is UTF-8.
        top: how many words, the first ones; None is all.

    Raises:
        W2VError: the file can't be read, or holds words and counts.
    """
    from w2v.vectors import Vectors

    require_vectors(path, advice)
    reading = {} if encoding is None else dataclasses.asdict(encoding)
    if place_of(path).file.stat().st_size < _SLOW_TO_LOAD:
        vectors = Vectors.load(path, top=top, cache=cache, progress=_Notes(), **reading)
    else:
        with ConsoleProgress() as progress:
            vectors = Vectors.load(path, top=top, cache=cache, progress=progress, **reading)
    if vectors.dim == 1 and path.is_file() and _holds_counts(path):
        raise VectorsError(
            f"{path}: holds words and counts, not vectors; train vectors with 'w2v train corpus.txt', or {advice}"
        )
    return vectors


def show_loading(size: VectorsSize, work: NeedOf) -> None:
    """Show how much memory it takes to load vectors of this size, and to do `work` with them."""
    from w2v.cli.estimate import show_need

    show_need(size.reading.then(work(size)), size)


def require_loading(path: Path, size: VectorsSize, work: NeedOf, subject: str, advice: str = "") -> None:
    """Refuse to load vectors that leave too little memory for work with them; loading refuses vectors too large alone.

    Args:
        path: their file.
        size: their size.
        work: returns what the work takes.
        subject: the work, with its verb, such as "encoding texts with its vectors needs about".
        advice: what else would help.

    Raises:
        VectorsError: there is too little.
    """
    from w2v.vectors.vectors_size import fewer_words

    def need(size: VectorsSize) -> MemoryNeed:
        return size.reading.then(work(size))

    need(size).require(f"{path}: {subject}", lambda room: advice + fewer_words(size, need, room), VectorsError)


def size_to_load(path: Path, *, cache: bool, encoding: EncodingOptions, top: int | None = None) -> VectorsSize:
    """Return the size of the vectors that `load_vectors` would read; mapping a copy takes no memory of its own.

    Args:
        path: the file; it and the others are as for `load_vectors`.
        cache: whether a copy is used.
        encoding: how the bytes of words become text.
        top: how many words, the first ones; None is all.

    Raises:
        VectorsError: the file can't be read.
    """
    from w2v.options.encoding import EncodingOptions
    from w2v.vectors.cache import has_copy
    from w2v.vectors.formats import vectors_size

    read_as = None if encoding == EncodingOptions() else encoding
    return vectors_size(path, top)._replace(is_mapped=cache and has_copy(path, read_as))


class _Notes(Silent):
    """Shows notes only."""

    def note(self, text: str) -> None:
        """Show one line worth knowing."""
        tell(f"note: {with_dashes(text)}")


def _holds_counts(path: Path) -> bool:
    """Say whether a file is a vocabulary, which reads like vectors with one dimension and no first line."""
    from w2v.vectors.formats import file_format

    with path.open("rb") as raw:
        head = decompressed(raw).read(HEAD)
    return WORD_COUNTS.recognises(head) and file_format(path) == "glove"
