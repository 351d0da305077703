"""How Numba compiles the package's functions: the one place where that is decided.

`kernel` is for functions that Python calls, `helper` for those that only kernels call, and `inlined` for those that
must become part of their caller. Kernels are kept on disk, so that the next process loads them; see w2v.kernel_cache.

All of them release the global interpreter lock, and divide as NumPy does, without a check for zero. A kernel must stand
at the top level of a module: Numba can't keep a closure over another compiled function.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

from numba import njit
from numba.extending import overload

from w2v.kernel_cache import KernelCache

FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])

_OPTIONS: Any = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
_provided: dict[Any, dict[Any, Any]] = {}  # functions by what they provide, and for which buffers
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


def provides(generic: Any, buffers: type) -> Callable[[Any], Any]:
    """Return a decorator: the function is what `generic` does when its first argument is of the class `buffers`.

    Args:
        generic: a function that kernels call, whose Python code raises NotImplementedError.
        buffers: a NamedTuple; NamedTuple itself stands for all that nothing else is provided for.
    """

    def register(function: Any) -> Any:
        known = _provided.get(generic)
        if known is None:
            known = _provided[generic] = {}
            overload(generic, strict=False, jit_options=INLINED)(lambda first, *_: _chosen(known, first))
        known[buffers] = function
        return function

    return register


def _chosen(known: dict[Any, Any], kind: Any) -> Any:
    buffers = getattr(kind, "instance_class", None)
    return known.get(buffers, known.get(NamedTuple)) if buffers is not None else None
