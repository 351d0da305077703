"""The arrays that the modules of this package exchange."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

TextBytes = npt.NDArray[np.uint8]  # UTF-8
TokenIds = npt.NDArray[np.int32]  # a number for each token, SENTENCE_END behind each sentence
Int64s = npt.NDArray[np.int64]

PADDING = 16  # bytes of white space behind every text, so that kernels may read past its end


def padded(data: bytes) -> TextBytes:
    """Return a writable copy of `data` with PADDING spaces behind it, shape (len(data) + PADDING,).

    Example:
        >>> padded(b"a rose").tobytes()
        b'a rose                '
    """
    return np.frombuffer(bytearray(data + b" " * PADDING), np.uint8)
