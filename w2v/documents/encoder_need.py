"""How much memory turning texts into vectors takes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from w2v.documents.record_files import BYTES_AT_ONCE
from w2v.memory_need import FIRST_KERNEL, MemoryNeed

# Bytes, as measured; see benchmarks/memory.py
_WORD, _TABLED_WORD = 70, 160  # a word as Python's str, and in the table of a thread
_TEXT_BYTE = 20  # a byte of text while it is cut into tokens
_TEXT = 100  # a text of usual length


def encoder_need(rows: int, dim: int, threads: int, files: Sequence[str]) -> MemoryNeed:
    """Return the memory that encoding texts takes besides the vectors; different unknown words add to it.

    Args:
        rows: V, the number of words.
        dim: d.
        threads: how many blocks of text are encoded at a time; twice as many wait to be written.
        files: the texts; a small file is one block.
    """
    sizes = [Path(name).stat().st_size if Path(name).is_file() else threads * BYTES_AT_ONCE for name in files]
    block, blocks = min(BYTES_AT_ONCE, max(sizes)), sum(-(-size // BYTES_AT_ONCE) for size in sizes)
    found = 4 * dim * block // _TEXT
    threads = min(threads, max(1, blocks))
    work = threads * _TEXT_BYTE * block + min(blocks, 2 * threads + 1) * found
    return MemoryNeed.of(words=_WORD * rows, tables=threads * _TABLED_WORD * rows, work=FIRST_KERNEL + work)
