"""Printing vectors as text: a line for each word, every float32 in the fewest digits that read back equal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from w2v.errors import VectorsError
from w2v.options.threads import available_cpus
from w2v.parallel import map_in_order
from w2v.vectors.formats.decimals.numpy_printer import format_value
from w2v.vectors.formats.finite import Matrix

_BLOCK_VALUES = 1 << 17  # values formatted at once by a thread: about 1.5 MB of text


def encoded_tokens(words: Sequence[str]) -> list[bytes]:
    """Return the UTF-8 of each word, once it is sure that white space can separate the words from their values.

    Raises:
        VectorsError: a word is empty, has white space in it, or is no valid Unicode.
    """
    try:
        encoded = [word.encode() for word in words]
    except UnicodeEncodeError as error:
        raise VectorsError(f"the word {error.object!r} is no valid Unicode and can't be saved") from error
    # bytes.split knows only ASCII white space: a no-break space within a word is read back well
    if b"\n".join(encoded).split() != encoded:
        word = next(word for word in encoded if word.split() != [word])
        raise VectorsError(
            f"the word {word.decode()!r} is empty or has white space in it, which this text format can't hold"
        )
    return encoded


def formatted_rows(words: Sequence[bytes], matrix: Matrix) -> Iterator[bytes | memoryview]:
    """Yield, block by block, a line for each row: its word, without line ends, and a space before each value.

    Raises:
        VectorsError: a value is not finite.
    """
    step = max(1, _BLOCK_VALUES // max(1, matrix.shape[1]))
    starts = range(0, len(words), step)
    return map_in_order(
        lambda start: _format_rows(words[start : start + step], matrix[start : start + step]), starts, available_cpus()
    )


def _format_rows(words: Sequence[bytes], rows: Matrix) -> bytes | memoryview:
    finite = np.isfinite(rows).all(axis=1)
    if not finite.all():
        row = int(np.argmin(finite))
        value = rows[row][~np.isfinite(rows[row])][0]
        raise VectorsError(f"the vector of {words[row].decode()!r} has the value {value} and can't be saved")
    rows.flags.writeable = False  # a view of its own; Numba compiles once more for what is writable
    return _compiled(words, rows)


def _compiled(words: Sequence[bytes], rows: Matrix) -> bytes | memoryview:
    from w2v.vectors.formats.decimals.numba_printer import MAX_VALUE_BYTES, write_rows

    out = np.empty(sum(map(len, words)) + len(words) + rows.size * MAX_VALUE_BYTES, dtype=np.uint8)
    parts: list[bytes] = []
    start = 0
    while True:
        values = rows[start:].ravel()
        letters = np.frombuffer(b"\n".join([*words[start:], b""]), dtype=np.uint8)
        written, size = write_rows(values, values.view(np.uint32), rows.shape[1], letters, out)
        start += written
        if start == len(words) and not parts:
            return out[:size].data
        parts.append(out[:size].tobytes())
        if start == len(words):
            return b"".join(parts)
        line = " ".join(map(format_value, rows[start].tolist()))
        parts.append(b"%s %s\n" % (words[start], line.encode()))
        start += 1
