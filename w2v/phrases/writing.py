"""Ids turned back into text: a sentence a line, a space between tokens."""

from __future__ import annotations

from typing import BinaryIO

import numpy as np

from w2v.compiling import kernel
from w2v.corpus.arrays import PADDING, Bytes, Counts, Ids
from w2v.corpus.bits import load_uint64, store_uint64
from w2v.corpus.utf8 import NEWLINE, SPACE
from w2v.parallel import map_in_order
from w2v.phrases.numbered_text import Text
from w2v.progress import Progress, Silent


@kernel
def _spell(ids: Ids, in_line: bool, spelling: Bytes, starts: Counts, out: Bytes) -> int:
    """Write the words of `ids` and return how many bytes they took; `out` has room for seven more.

    Args:
        ids: words, and -1 at the end of each line.
        in_line: whether the line has words before these.
        spelling: all words, one behind the other, with PADDING at the end.
        starts: where each word starts, and where all end.
        out: where to write.
    """
    n = 0
    for word in ids:
        if word < 0:
            if in_line:
                out[n] = NEWLINE
                n += 1
            in_line = False
            continue
        if in_line:
            out[n] = SPACE
            n += 1
        start, stop = starts[word], starts[word + 1] - 1
        for i in range(0, stop - start, 8):
            store_uint64(out, n + i, load_uint64(spelling, start + i))
        n += stop - start
        in_line = True
    return n


def write_text(text: Text, stream: BinaryIO, progress: Progress | None = None) -> None:
    """Write all sentences of a text, each as a line of its tokens.

    Args:
        text: the text.
        stream: where to write.
        progress: is told how many ids have been written.
    """
    progress = progress or Silent()
    words = text.table.spelling()
    starts = np.concatenate([[0], np.flatnonzero(words == SPACE) + 1])
    sizes = np.append(np.diff(starts), 1)  # of a word with a space, and at -1, of a newline
    spelling = np.concatenate([words, np.full(PADDING, SPACE, np.uint8)])

    def spell(number: int) -> tuple[memoryview, int]:
        place, n, _ = text.blocks[number]
        ids = np.empty(n, np.int32)
        text.file.read(place, ids)
        out = np.empty(int(sizes[ids].sum()) + PADDING, np.uint8)
        in_line = number > 0 and text.blocks[number - 1].is_open
        return out.data[: _spell(ids, in_line, spelling, starts, out)], n

    done = 0
    progress.start("writing", text.n_ids, "words")
    try:
        for lines, n in map_in_order(spell, range(len(text.blocks)), text.threads):
            stream.write(lines)
            done += n
            progress.update(done)
        if text.blocks[-1].is_open:
            stream.write(b"\n")
    finally:
        progress.finish()
