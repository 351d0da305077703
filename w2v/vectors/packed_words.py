"""Many words in little memory: their UTF-8 in one array, decoded when needed, and found by hash.

Python strings for a million words take 60 MB, and a quarter of a second to make. A query decodes only the words that it
shows, and the words of a cached copy stay in the file that is mapped into memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple, overload

import numpy as np
import numpy.typing as npt

from w2v.hashing import GOLDEN

_BITS = (1 << 64) - 1
_BLOCK = 1 << 16  # words hashed at once
_LONG = 1000  # bytes of a word
_BYTES = "surrogateescape"  # bytes that are not UTF-8 are the characters from U+DC80 to U+DCFF, as Python has them


class Lookup(NamedTuple):
    """The hash index of V words.

    Attributes:
        hashes: (V,) uint64, in ascending order.
        rows: (V,), the row of the word with that hash; ascending where hashes are equal.
    """

    hashes: npt.NDArray[np.uint64]
    rows: npt.NDArray[np.int64]


class PackedWords(Sequence[str]):
    """V words, equal to any other sequence of the same words.

    Args:
        utf8: the words, one after the other, in UTF-8; bytes that are not UTF-8 stay as they are.
        bounds: (V + 1,), where in `utf8` each word starts, and the last one ends.
        lookup: the hash index, if it is known already.

    Example:
        >>> words = PackedWords.of(["king", "queen"])
        >>> words.find("queen"), words[0], words == ["king", "queen"]
        (1, 'king', True)
    """

    def __init__(
        self, utf8: npt.NDArray[np.uint8], bounds: npt.NDArray[np.int64], lookup: Lookup | None = None
    ) -> None:
        self.utf8, self.bounds = utf8, bounds
        if lookup is not None:
            self.lookup = lookup

    @classmethod
    def of(cls, words: Iterable[str]) -> PackedWords:
        """Return any words packed; PackedWords come back as they are.

        Raises:
            UnicodeEncodeError: a word is no text: it has half of a surrogate pair in it, or bytes that are UTF-8.
        """
        if isinstance(words, cls):
            return words
        return cls.joined([_encoded(word) for word in words])

    @classmethod
    def joined(cls, encoded: Sequence[bytes]) -> PackedWords:
        """Return the words whose UTF-8 is given."""
        bounds = np.zeros(len(encoded) + 1, dtype=np.int64)
        np.cumsum([len(word) for word in encoded], out=bounds[1:])
        return cls(np.frombuffer(b"".join(encoded), dtype=np.uint8), bounds)

    @classmethod
    def concatenated(cls, parts: Sequence[PackedWords]) -> PackedWords:
        """Return the words of all parts, in order."""
        sizes = np.concatenate([np.zeros(1, dtype=np.int64), *(np.diff(part.bounds) for part in parts)])
        return cls(np.concatenate([np.empty(0, np.uint8), *(part.utf8 for part in parts)]), np.cumsum(sizes))

    @cached_property
    def lookup(self) -> Lookup:
        """The hash index, made when it is first needed."""
        hashes = self.hashes()
        rows = np.argsort(hashes, kind="stable")
        return Lookup(hashes[rows], rows)

    def find(self, word: str) -> int | None:
        """Return the row of `word`, the first if there are several, or None if there is none."""
        try:
            encoded = _encoded(word)
        except UnicodeEncodeError:
            return None
        if len(encoded) > _LONG and len(encoded) > np.diff(self.bounds).max(initial=0):
            return None  # without the time that hashing a line of megabytes takes
        wanted = _hash(encoded)
        hashes, rows = self.lookup
        place = int(np.searchsorted(hashes, np.uint64(wanted)))
        while place < len(hashes) and int(hashes[place]) == wanted:
            row = int(rows[place])
            if self.encoded(row) == encoded:
                return row
            place += 1
        return None

    def encoded(self, row: int) -> bytes:
        """Return the UTF-8 of word `row`, 0 <= row < V."""
        return self.utf8[self.bounds[row] : self.bounds[row + 1]].tobytes()

    def all_encoded(self) -> list[bytes]:
        """Return the UTF-8 of all words."""
        start = int(self.bounds[0])
        utf8 = self.utf8[start : self.bounds[-1]].tobytes()
        return [utf8[first:last] for first, last in pairwise((self.bounds - start).tolist())]

    def first(self, n: int | None) -> PackedWords:
        """Return the first n words, or all if there are fewer or n is None; nothing is copied."""
        return self if n is None else PackedWords(self.utf8, self.bounds[: n + 1])

    def take(self, rows: npt.ArrayLike) -> PackedWords:
        """Return the words of these rows, in their order."""
        return PackedWords.joined([self.encoded(row) for row in np.asarray(rows, dtype=np.int64).tolist()])

    def first_of_each(self) -> npt.NDArray[np.int64] | None:
        """Return the first row of each different word, in ascending order; None means that all words differ."""
        hashes, rows = self.lookup
        same = hashes[1:] == hashes[:-1]
        if not same.any():
            return None
        doubtful = np.sort(rows[np.append(same, False) | np.append(False, same)])
        seen: set[bytes] = set()
        kept = np.ones(len(self), dtype=np.bool_)
        for row in doubtful.tolist():
            encoded = self.encoded(row)
            kept[row] = encoded not in seen
            seen.add(encoded)
        return None if kept.all() else np.flatnonzero(kept)

    def hashes(self) -> npt.NDArray[np.uint64]:
        """Return the hash of each word: shape (V,)."""
        sizes = np.diff(self.bounds)
        longest = int(sizes.max(initial=0))
        powers = np.ones(longest + 1, dtype=np.uint64)
        np.cumprod(np.full(longest, GOLDEN, dtype=np.uint64), out=powers[1:])
        hashes = np.empty(len(self), dtype=np.uint64)
        for first in range(0, len(self), _BLOCK):
            last = min(first + _BLOCK, len(self))
            bounds = self.bounds[first : last + 1]
            letters = self.utf8[bounds[0] : bounds[-1]]
            after = np.repeat(bounds[1:] - 1, sizes[first:last]) - np.arange(bounds[0], bounds[-1])
            sums = np.zeros(len(letters) + 1, dtype=np.uint64)
            np.cumsum((letters.astype(np.uint64) + np.uint64(1)) * powers[after], out=sums[1:])
            hashes[first:last] = np.diff(sums[bounds - bounds[0]])
        return hashes

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        """Return one word, or a list of some."""
        if isinstance(place, slice):
            first, last, step = place.indices(len(self))
            if step == 1:
                return list(PackedWords(self.utf8, self.bounds[first : max(first, last) + 1]))
            return [self[row] for row in range(first, last, step)]
        row = range(len(self))[place]  # which takes negative ones, and rejects those beyond the end
        return self.encoded(row).decode(errors=_BYTES)

    def __iter__(self) -> Iterator[str]:
        """Decode one after the other."""
        start = int(self.bounds[0])
        utf8 = self.utf8[start : self.bounds[-1]].tobytes()
        for first, last in pairwise((self.bounds - start).tolist()):
            yield utf8[first:last].decode(errors=_BYTES)

    def __len__(self) -> int:
        """Return V."""
        return len(self.bounds) - 1

    def __contains__(self, word: object) -> bool:
        """Say whether `word` is one of them."""
        return isinstance(word, str) and self.find(word) is not None

    def __eq__(self, other: object) -> bool:
        """Say whether `other` is a sequence of the same words."""
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and all(ours == theirs for ours, theirs in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        shown = [repr(word) for word in self[:5]] + ["..."] * (len(self) > 5)
        return f"[{', '.join(shown)}]"


def _encoded(word: str) -> bytes:
    """Return the bytes of a word, which decode to the same word.

    Raises:
        UnicodeEncodeError: there are none.
    """
    try:
        return word.encode()
    except UnicodeEncodeError as error:
        encoded = word.encode(errors=_BYTES)
        if encoded.decode(errors=_BYTES) != word:
            raise UnicodeEncodeError("utf-8", word, error.start, error.end, "bytes that are UTF-8 together") from None
        return encoded


def _hash(encoded: bytes) -> int:
    """Return the hash of one word: the number that its bytes, plus one each, make in base GOLDEN, modulo 2^64."""
    number = 0
    for byte in encoded:
        number = (number * GOLDEN + byte + 1) & _BITS
    return number
