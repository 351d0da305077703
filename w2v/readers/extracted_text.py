"""The pieces of text that a reader gives, as a stream that can be read like that of a plain file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import chain

from w2v.options.text_formats import TextFormat
from w2v.readers.opened_text import OpenedText

_BYTES_TOGETHER = 1 << 16


class ExtractedText:
    """Pieces of text, read one after another.

    Example:
        >>> text, room = ExtractedText([b"a rose ", b"is"]), bytearray(20)
        >>> n = text.read_into(memoryview(room))
        >>> bytes(room[:n]), text.read_into(memoryview(room))
        (b'a rose is', 0)
    """

    def __init__(self, pieces: Iterable[bytes]) -> None:
        """Take the pieces, which may be made while they are read."""
        self._pieces = iter(pieces)
        self._ready = memoryview(b"")

    def read_into(self, view: memoryview) -> int:
        """Fill `view` as far as there is text, and return the number of bytes, 0 at the end.

        Raises:
            CorpusError: the source is damaged, or malformed.
        """
        n = 0
        while n < len(view):
            if not self._ready:
                piece = next(self._pieces, None)
                if piece is None:
                    break
                self._ready = memoryview(piece)
            size = min(len(view) - n, len(self._ready))
            view[n : n + size], self._ready = self._ready[:size], self._ready[size:]
            n += size
        return n


def documents_of(source: OpenedText, text_format: TextFormat) -> Iterator[ExtractedText]:
    """Yield the text of a source: in one stream, or a stream for each record where a sentence is a document.

    Raises:
        NoTextError: the source holds no text that could be found.
        CorpusError: the source is damaged, or malformed.
        MissingExtraError: a package is missing that the format needs.
    """
    pieces: Iterator[bytes] = import_module(text_format.place).read(source)
    first = next(pieces, None)  # what is wrong with the source as a whole is found here
    if first is None:
        return
    pieces = chain([first], pieces)
    if text_format.has_records and source.options.sentence_unit == "document":
        for piece in pieces:
            yield ExtractedText([piece])
    else:
        yield ExtractedText(_joined(pieces) if text_format.has_records else pieces)


def _joined(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield short pieces together, since each costs time."""
    batch, size = [], 0
    for piece in pieces:
        batch.append(piece)
        size += len(piece)
        if size >= _BYTES_TOGETHER:
            yield b"".join(batch)
            batch, size = [], 0
    yield b"".join(batch)
