"""Printing vectors as text: a line for each word, every float32 in the fewest digits that read back equal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from w2v.errors import VectorsError
from w2v.options.threads import available_cpus
from w2v.parallel import map_in_order
from w2v.vectors.formats.decimals.numpy_printer import format_value
from w2v.vectors.formats.finite import Matrix
from w2v.vectors.formats.tokens import shown_word

_BLOCK_VALUES = 1 << 17  # values formatted at once by a thread: about 1.5 MB of text


def formatted_rows(
    words: Sequence[bytes], matrix: Matrix, word_of: Callable[[int], bytes] | None = None
) -> Iterator[bytes | memoryview]:
    """Yield, block by block, a line for each row: its word, without line ends, and a space before each value.

    Args:
        words: V words, or empty ones where only the values are wanted.
        matrix: shape (V, d).
        word_of: returns the word of a row for messages; None takes it from `words`.

    Raises:
        VectorsError: a value is not finite.
    """
    step = max(1, _BLOCK_VALUES // max(1, matrix.shape[1]))
    starts = range(0, len(words), step)
    name = words.__getitem__ if word_of is None else word_of

    def formatted(start: int) -> bytes | memoryview:
        rows = matrix[start : start + step]
        finite = np.isfinite(rows).all(axis=1)
        if not finite.all():
            row = int(np.argmin(finite))
            value = rows[row][~np.isfinite(rows[row])][0]
            raise VectorsError(
                f"the vector of {shown_word(name(start + row))} has the value {value} and can't be saved"
            )
        rows.flags.writeable = False  # a view of its own; Numba compiles once more for what is writable
        return _compiled(words[start : start + step], rows)

    return map_in_order(formatted, starts, available_cpus())


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
