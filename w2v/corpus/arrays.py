"""The arrays that the modules of this package hand to each other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Ids = npt.NDArray[np.int32]
Counts = npt.NDArray[np.int64]

PADDING = 16  # bytes of white space behind every text, so that kernels may read past its end


def padded(data: bytes) -> Bytes:
    """Return a writable copy of `data` with PADDING spaces behind."""
    return np.frombuffer(bytearray(data + b" " * PADDING), np.uint8)
