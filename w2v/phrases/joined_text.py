"""Ids written as text again: a sentence a line, spaces between tokens."""

from __future__ import annotations

from contextlib import closing
from typing import BinaryIO

import numpy as np

from w2v.compiling import kernel
from w2v.parallel import map_in_order
from w2v.phrases.numbered_text import NumberedText
from w2v.progress import Progress, Silent
from w2v.tokens.arrays import PADDING, Int64s, TextBytes, TokenIds
from w2v.tokens.eight_bytes import load_uint64, store_uint64
from w2v.tokens.utf8 import NEWLINE, SPACE


@kernel
def _spell(ids: TokenIds, in_line: bool, spelling: TextBytes, starts: Int64s, out: TextBytes) -> int:
    """Write the words of `ids` and return the number of bytes.

        ids   0 1 -1 2        spelling   "a new_york is "        out   a new_york↵is

    Args:
        ids: words, and -1 at the end of each line.
        in_line: whether the line has words before these.
        spelling: all words, a space behind each, with PADDING at the end.
        starts: where each word starts, and where the last one ends.
        out: room for the bytes and seven more.

    Twin: `joined` in tests/test_phrases.py, whose sentences the lines are compared with.
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


def write_text(text: NumberedText, stream: BinaryIO, progress: Progress | None = None) -> None:
    """Write all sentences of a text, each as a line of its tokens.

    Args:
        text: the text.
        stream: where to write UTF-8.
        progress: receives progress in ids.
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
        with closing(map_in_order(spell, range(len(text.blocks)), text.threads)) as results:
            for lines, n in results:
                stream.write(lines)
                done += n
                progress.update(done)
        if text.blocks[-1].is_open:
            stream.write(b"\n")
    finally:
        progress.finish()
