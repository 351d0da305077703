"""How Numba compiles the package's functions: the one place where that is decided.

`kernel` is for functions that Python calls, `helper` for those that only kernels call, and `inlined` for those that
must become part of their caller. Kernels are kept on disk, so that the next process loads them; see w2v.kernel_cache.

All of them release the global interpreter lock, and divide as NumPy does, without a check for zero. A kernel must stand
at the top level of a module: Numba can't keep a closure over another compiled function.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

from w2v.kernel_cache import KernelCache

FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])

_OPTIONS: Any = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
_HELPER: Any = {**_OPTIONS, "no_cpython_wrapper": True}  # an entry for Python takes longer to compile than a helper
INLINED: Any = {**_HELPER, "forceinline": True}


def kernel(function: FunctionT) -> FunctionT:
    """Compile a function that Python calls, and keep the result for other processes."""
    compiled: Any = njit(**_OPTIONS)(function)
    compiled._cache = KernelCache(function)
    return cast(FunctionT, compiled)


def helper(function: FunctionT) -> FunctionT:
    """Compile a function that only compiled functions call."""
    return cast(FunctionT, njit(**_HELPER)(function))


def inlined(function: FunctionT) -> FunctionT:
    """Compile a function as part of each caller, however large: LLVM would hand over every array's description."""
    return cast(FunctionT, njit(**INLINED)(function))
