"""The arrays that the modules of this package exchange, and how their kernels are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt
from numba import njit

TextBytes = npt.NDArray[np.uint8]  # UTF-8
TokenIds = npt.NDArray[np.int32]  # a number for each token, SENTENCE_END behind each sentence
Int64s = npt.NDArray[np.int64]
FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])

PADDING = 16  # bytes of white space behind every text, so that kernels may read past its end


def padded(data: bytes) -> TextBytes:
    """Return a writable copy of `data` with PADDING spaces behind it, shape (len(data) + PADDING,).

    Example:
        >>> padded(b"a rose").tobytes()
        b'a rose                '
    """
    return np.frombuffer(bytearray(data + b" " * PADDING), np.uint8)


# Compile time counts: no entry points for C, and no checks for division by zero.
_options: Any = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
_helper_options: Any = {**_options, "no_cpython_wrapper": True}


def kernel(function: FunctionT) -> FunctionT:
    """Compile a function that Python calls, and keep the machine code for later processes."""
    return cast(FunctionT, njit(cache=True, **_options)(function))


def helper(function: FunctionT) -> FunctionT:
    """Compile a function that only kernels call: an entry point and a cache would cost more than they save."""
    return cast(FunctionT, njit(**_helper_options)(function))
