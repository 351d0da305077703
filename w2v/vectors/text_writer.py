"""Vectors to word2vec's text format: every float32 in the fewest digits that read back equal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

import numpy as np

from w2v.errors import VectorsError
from w2v.options.threads import available_cpus
from w2v.parallel import map_in_order
from w2v.vectors.source import Matrix

_BLOCK_VALUES = 1 << 17  # values formatted at once by a thread: about 1.5 MB of text


def write_text(stream: BinaryIO, words: Sequence[str], matrix: Matrix) -> None:
    """Write `V d`, then a line for each word: the word and its d values, with one space between.

    Args:
        stream: where to write.
        words: V words without white space.
        matrix: shape (V, d), finite.

    Raises:
        VectorsError: a word or a value can't be written in this format.
    """
    encoded = _encoded(words)
    stream.write(b"%d %d\n" % matrix.shape)
    for block in formatted_rows(encoded, matrix):
        stream.write(block)


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


def format_value(value: float) -> str:
    """Return the fewest of 1..9 significant digits that read back as the same float32; plain from 1e-4 up to 1e9.

    Worked example: 0.1 -> "0.1"; float32(1/3) -> "0.33333334"; 1.5e-5 -> "1.5e-05"; -0.0 -> "-0".
    """
    single = np.float32(value)
    if single == 0:
        return "-0" if np.signbit(single) else "0"
    scientific = np.format_float_scientific(single, trim="-", exp_digits=2)
    mantissa, exponent = scientific.split("e")
    point = int(exponent) + 1  # digits before the point; negative counts zeros after it
    if not -3 <= point <= 9:
        return scientific
    sign = "-" if single < 0 else ""
    digits = mantissa.lstrip("-").replace(".", "")
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    return f"{sign}{digits[:point]:0<{point}}{'.' if len(digits) > point else ''}{digits[point:]}"


def _encoded(words: Sequence[str]) -> list[bytes]:
    try:
        encoded = [word.encode() for word in words]
    except UnicodeEncodeError as error:
        raise VectorsError(f"the word {error.object!r} is no valid Unicode and can't be saved") from error
    # bytes.split knows only ASCII white space: a no-break space within a word is read back well
    if b"\n".join(encoded).split() != encoded:
        word = next(word for word in encoded if word.split() != [word])
        raise VectorsError(
            f"the word {word.decode()!r} is empty or has white space in it, which word2vec's text format can't hold"
        )
    return encoded


def _format_rows(words: Sequence[bytes], rows: Matrix) -> bytes | memoryview:
    finite = np.isfinite(rows).all(axis=1)
    if not finite.all():
        row = int(np.argmin(finite))
        value = rows[row][~np.isfinite(rows[row])][0]
        raise VectorsError(f"the vector of {words[row].decode()!r} has the value {value} and can't be saved")
    rows.flags.writeable = False  # a view of its own; Numba compiles once more for what is writable
    return _compiled(words, rows)


def _compiled(words: Sequence[bytes], rows: Matrix) -> bytes | memoryview:
    from w2v.vectors.shortest_decimals import MAX_VALUE_BYTES, write_rows

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
