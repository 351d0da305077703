"""A text whose phrases are joined, written as text again."""

from __future__ import annotations

from contextlib import closing
from typing import BinaryIO

import numpy as np

from w2v.parallel import map_in_order
from w2v.phrases.numbered_text import NumberedText
from w2v.progress import Progress, Silent
from w2v.tokens.spelled_text import SpelledWords


def write_text(text: NumberedText, stream: BinaryIO, progress: Progress | None = None) -> None:
    """Write all sentences of a text, each as a line of its tokens.

    Args:
        text: the text.
        stream: where to write UTF-8.
        progress: receives progress in ids.
    """
    progress = progress or Silent()
    words = SpelledWords(text.table)

    def spell(number: int) -> tuple[memoryview, int]:
        place, n, _ = text.blocks[number]
        ids = np.empty(n, np.int32)
        text.file.read(place, ids)
        return words.lines(ids, in_line=number > 0 and text.blocks[number - 1].is_open), n

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
