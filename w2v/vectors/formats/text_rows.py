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
