"""A checksum of arrays that is as fast as memory, so that each reading can afford it.

It finds bits that flipped, and pages that were lost, swapped or overwritten; it is no protection against forgery.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from w2v.options.threads import available_cpus

_WORD = np.dtype("<u8")
_CHUNK = 1 << 12  # bytes whose words are summed up: a page, so that swapped pages are found
_PART = 1 << 26  # bytes that a thread sums up at once


class Checksum:
    """The checksum of bytes that come in parts: a hash of the sums of all chunks, modulo 2^64.

    Example:
        >>> whole, parts = Checksum(), Checksum()
        >>> data = np.arange(100_000, dtype=np.uint8)
        >>> whole.update(data)
        >>> parts.update(data[:777])
        >>> parts.update(data[777:])
        >>> whole.digest() == parts.digest()
        True
    """

    def __init__(self) -> None:
        """Start without bytes."""
        self._hash = hashlib.blake2b(digest_size=8)
        self._rest = np.empty(0, np.uint8)
        self._size = 0

    def update(self, data: npt.NDArray[np.uint8]) -> None:
        """Add bytes, shape (n,)."""
        self._size += len(data)
        if len(self._rest):
            missing = _CHUNK - len(self._rest)
            self._rest = np.concatenate([self._rest, data[:missing]])
            data = data[missing:]
            if len(self._rest) < _CHUNK:
                return
            self._add(self._rest)
        whole = len(data) - len(data) % _CHUNK
        self._add(data[:whole])
        self._rest = data[whole:].copy()

    def digest(self) -> str:
        """Return the checksum of all bytes so far, in hexadecimal; no more can be added."""
        self._add(np.concatenate([self._rest, np.zeros(-len(self._rest) % _CHUNK, np.uint8)]))
        self._hash.update(b"%d" % self._size)
        return self._hash.hexdigest()

    def _add(self, chunks: npt.NDArray[np.uint8]) -> None:
        parts = (chunks[start : start + _PART] for start in range(0, len(chunks), _PART))
        if len(chunks) <= _PART:
            found: Iterable[bytes] = map(_sums, parts)
        else:
            from w2v.parallel import map_in_order  # slow to import

            found = map_in_order(_sums, parts, available_cpus())
        for sums in found:
            self._hash.update(sums)


def _sums(chunks: npt.NDArray[np.uint8]) -> bytes:
    """Return the sums of the words of each chunk, as they go into the hash."""
    words = chunks.view(_WORD).reshape(-1, _CHUNK // _WORD.itemsize)
    sums: npt.NDArray[np.uint64] = np.add.reduce(words, axis=1, dtype=np.uint64)
    return sums.astype(_WORD, copy=False).tobytes()
