"""The arrays that the modules of this package hand to each other, and how kernels on them are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt
from numba import njit

Bytes = npt.NDArray[np.uint8]
Ids = npt.NDArray[np.int32]
FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])
Counts = npt.NDArray[np.int64]

PADDING = 16  # bytes of white space behind every text, so that kernels may read past its end


def padded(data: bytes) -> Bytes:
    """Return a writable copy of `data` with PADDING spaces behind."""
    return np.frombuffer(bytearray(data + b" " * PADDING), np.uint8)


# Compile time counts: no entries for C, and no checks for divisions by zero.
_options: Any = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
_helper_options: Any = {**_options, "no_cpython_wrapper": True}


def kernel(function: FunctionT) -> FunctionT:
    """Compile a function that Python calls, and keep the result for other processes."""
    return cast(FunctionT, njit(cache=True, **_options)(function))


def helper(function: FunctionT) -> FunctionT:
    """Compile a function that only kernels call: an entry for Python and a cache would take longer than itself."""
    return cast(FunctionT, njit(**_helper_options)(function))
