"""Samples from all over a text, to judge what it is."""

from __future__ import annotations

from w2v.corpus.text_blocks import TextBlock

SAMPLE_BYTES = 4096
_PER_BLOCK = 4
_MOST = 64


class TextSamples:
    """Pieces of a text, evenly spread, of which there are never many, however long the text is."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._number = 0
        self._every = 1

    @staticmethod
    def of(block: TextBlock) -> list[bytes]:
        """Return pieces of one block; the whole of a short one."""
        if block.length <= _PER_BLOCK * SAMPLE_BYTES:
            return [block.text[: block.length].tobytes()]
        step = block.length // _PER_BLOCK
        return [block.text[start : start + SAMPLE_BYTES].tobytes() for start in range(0, step * _PER_BLOCK, step)]

    def add(self, pieces: list[bytes]) -> None:
        """Add the pieces of the next block; keep only every second piece where they get too many."""
        for piece in pieces:
            if self._number % self._every == 0:
                self._pieces.append(piece)
            self._number += 1
        if len(self._pieces) > _MOST:
            self._pieces = self._pieces[::2]
            self._every *= 2

    def lines(self) -> list[list[str]]:
        """Return the lines of each piece, without those that its ends may cut, unless it has few lines."""
        pieces = []
        for piece in self._pieces:
            lines = piece.decode(errors="ignore").replace("\ufeff", "").splitlines()
            is_cut = len(lines) > 2 and len(piece) == SAMPLE_BYTES
            pieces.append(lines[1:-1] if is_cut else lines)
        return pieces
