"""How many vectors there are, and the memory that they take: to read, to copy and to write.

Each format imports this module, so it imports what asks the system only where a file is large.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from w2v.memory_need import MemoryNeed
    from w2v.vectors.formats.vectors_stream import VectorsStream

LEAST_COMPILED = 180_000_000  # bytes of text from which on importing Numba is quicker than doing without

# Bytes, as measured; see benchmarks/memory.py
_WORD = 110
_MAPPED_WORD = 40  # a word in a copy: its letters, its place, its hash, the length of its row
_COMPILED, _PLAIN = 50_000_000, 20_000_000  # blocks of text that are read, with compiled functions or without
_PRINTED, _PRINTED_BY_THREAD = 15_000_000, 5_000_000  # blocks of text that is written, and those of each thread
_WRITTEN_WORD = _LISTED_WORD = 80  # a word while it is written, or while all are gone through
_LITTLE = 4_000_000  # imports, and whatever else no line here counts
_COPIED_AT_ONCE = 64_000_000  # blocks in float64
_SCORE, _SCORES_AT_ONCE = 5, 1 << 22  # a score and whether it is among the best; see w2v/cosines.py


class VectorsSize(NamedTuple):
    """The size of vectors in a file.

    Attributes:
        rows: V, perhaps estimated.
        dim: d.
        work: bytes that reading them takes besides the vectors.
        is_mapped: whether they are mapped into memory from a file, which the system drops when it needs room.
        reads_first: whether the first words can be read without the others.

    Example:
        >>> VectorsSize(1_000_000, 300).reading.total
        1314000000
    """

    rows: int
    dim: int
    work: int = 0
    is_mapped: bool = False
    reads_first: bool = False

    @property
    def reading(self) -> MemoryNeed:
        """What it takes to read them; they and their words stay."""
        from w2v.memory_need import MemoryNeed

        if self.is_mapped:
            return MemoryNeed.of()
        return MemoryNeed.of(vectors=self.values, words=self.words, work=self.work + _LITTLE)

    @property
    def copying(self) -> MemoryNeed:
        """What a changed copy takes that is made block by block and then takes their place."""
        from w2v.memory_need import MemoryNeed

        work = min(_COPIED_AT_ONCE, 4 * self.values)
        return MemoryNeed({"a copy": self.values, "work": work}, self.values + work)

    def searching(self, queries: int = 1) -> MemoryNeed:
        """Return what it takes to find the neighbours of so many queries at once: lengths of rows, and scores."""
        from w2v.memory_need import MemoryNeed

        return MemoryNeed.of(lengths=4 * self.rows, work=_SCORE * min(_SCORES_AT_ONCE, queries * self.rows))

    @property
    def listing(self) -> MemoryNeed:
        """What it takes to go through all words."""
        from w2v.memory_need import MemoryNeed

        return MemoryNeed.of(work=_LISTED_WORD * self.rows)

    @property
    def writing(self) -> MemoryNeed:
        """What it takes to write their words in any format."""
        from w2v.memory_need import MemoryNeed

        return MemoryNeed.of(work=_WRITTEN_WORD * self.rows)

    def first(self, n: int | None) -> VectorsSize:
        """Return the size of the first n rows; None is all."""
        return self if n is None else self._replace(rows=min(n, self.rows))

    @property
    def values(self) -> int:
        """Bytes of the matrix."""
        return 4 * self.rows * self.dim

    @property
    def mapped(self) -> int:
        """Bytes of a mapped copy, with the words."""
        return self.values + _MAPPED_WORD * self.rows

    @property
    def words(self) -> int:
        """Bytes of the words, in UTF-8 with their places and hashes, and of what these are made from."""
        return _WORD * self.rows


def text_size(file: VectorsStream) -> VectorsSize:
    """Return the size of vectors as text, by the start of the file."""
    work = min(_PLAIN, 8 * file.length)
    if file.length >= LEAST_COMPILED:
        from w2v.memory_need import FIRST_KERNEL, package_bytes

        work = _COMPILED + FIRST_KERNEL + package_bytes("numba")
    return VectorsSize(*file.estimated_shape(), work)


def printing(size: VectorsSize, *, loaded: bool = False) -> MemoryNeed:
    """Return what it takes to write vectors as text; `loaded` if Numba and compiled functions are loaded by then."""
    from w2v.memory_need import FIRST_KERNEL, MemoryNeed, package_bytes
    from w2v.options.threads import available_cpus

    blocks = min(_PRINTED + _PRINTED_BY_THREAD * available_cpus(), 12 * size.rows * size.dim)
    compiled = 0 if loaded else FIRST_KERNEL + package_bytes("numba")
    return MemoryNeed.of(work=blocks + compiled + size.writing.total)


def fewer_words(size: VectorsSize, need: Callable[[VectorsSize], MemoryNeed], room: int) -> str:
    """Return how many words would fit into so many bytes, as advice.

    Args:
        size: the size of all vectors.
        need: returns what fewer of them take.
        room: the bytes.
    """
    from w2v.memory_need import largest

    fitting = largest(size.rows, lambda top: need(size.first(top)).total <= room)
    if size.reads_first and fitting:
        return f"take fewer words, as with 'w2v convert' and `top={fitting}`"
    return "end other programs, or take fewer words, with 'w2v convert' and `top=100000` on a larger machine"
