"""Counts of words in a file beside the vectors: lines `word count`, the most frequent first, as in a vocabulary."""

from __future__ import annotations

import errno
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from w2v.compression import looks_compressed
from w2v.errors import VectorsError
from w2v.files import FileKind

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from w2v.vectors.packed_words import PackedWords

_NOT_THERE = {errno.ENOENT, errno.EISDIR, errno.ENOTDIR, errno.ENAMETOOLONG}
_MOST_DIGITS = 18  # a count with more does not fit 64 bits


def counts_path(path: Path) -> Path:
    """Return where the counts go that belong to the vectors at `path`.

    Example:
        >>> counts_path(Path("news.txt")).name
        'news.txt.counts'
    """
    return path.parent / f"{path.name}.counts"  # `with_name` has no answer for a folder such as "."


def can_hold(words: PackedWords, counts: npt.NDArray[np.int64]) -> bool:
    """Say whether each of V > 0 words fits into a line, and the first line does not make the file look compressed."""
    has_ends = (words.utf8 == ord("\n")).any() or (words.utf8 == ord("\r")).any()
    return not has_ends and not looks_compressed(words.encoded(int(counts.argmax())))


def write_counts(stream: BinaryIO, words: PackedWords, counts: npt.NDArray[np.int64]) -> None:
    """Write V words with their counts, shape (V,): the largest first, else in the order of the words."""
    order = (-counts).argsort(kind="stable").tolist()
    encoded, numbers = words.all_encoded(), counts.tolist()
    stream.write(b"".join(b"%s %d\n" % (encoded[row], numbers[row]) for row in order))


def read_counts(path: Path, words: PackedWords, *, is_part: bool = False) -> npt.NDArray[np.int64] | None:
    """Return the counts of V words, shape (V,), or None if the file is of other words, is damaged or is not there.

    Args:
        path: the file.
        words: V words.
        is_part: whether the file may have counts of more words.

    Raises:
        VectorsError: it can't be read.
    """
    import numpy as np

    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        if error.errno in _NOT_THERE:
            return None
        raise VectorsError(
            f"{path}: can't be read ({error.strerror}); remove it to go on without word counts"
        ) from error
    if len(lines) != len(words) + 1 and not is_part:
        return None
    counts = {}
    for line in lines[:-1]:
        word, _, number = line.rpartition(b" ")
        if not _is_count(number):
            return None
        counts[word] = int(number)
    found = [counts.get(word, -1) for word in words.all_encoded()]
    return None if min(found, default=-1) < 0 else np.array(found, dtype=np.int64)


def _is_count(piece: bytes) -> bool:
    return piece.isdigit() and len(piece) <= _MOST_DIGITS


def _holds_counts(head: bytes) -> bool:
    numbers = [line.rpartition(b" ")[2] for line in head.split(b"\n")[:-1]]  # the last line may be cut
    return bool(numbers) and all(map(_is_count, numbers)) and all(int(a) >= int(b) for a, b in pairwise(numbers))


COUNTS = FileKind("word counts", _holds_counts)
