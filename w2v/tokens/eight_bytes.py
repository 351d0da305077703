"""Eight bytes of an array as one uint64: the loads, stores and bit counts that Numba doesn't offer."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from w2v.tokens.arrays import TextBytes

_word64 = ir.IntType(64)
_intrinsic: Any = intrinsic  # its own type says that what it returns is never called


def _load_uint64(_typing: Any, array: Any, _index: Any) -> Any:
    """Return the eight bytes of a uint8 array from `index` on, the first in the lowest bits. Bounds are not checked."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, args[0]).data
        place = builder.bitcast(builder.gep(data, [args[1]]), _word64.as_pointer())
        word = builder.load(place, align=1)
        return word if sys.byteorder == "little" else builder.bswap(word)

    return types.uint64(array, types.int64), codegen


def _store_uint64(_typing: Any, array: Any, _index: Any, _word: Any) -> Any:
    """Store a uint64 where load_uint64 finds it. Bounds are not checked."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, args[0]).data
        place = builder.bitcast(builder.gep(data, [args[1]]), _word64.as_pointer())
        builder.store(args[2] if sys.byteorder == "little" else builder.bswap(args[2]), place, align=1)
        return context.get_dummy_value()

    return types.void(array, types.int64, types.uint64), codegen


def _trailing_zeros(_typing: Any, _word: Any) -> Any:
    """Return how many of the lowest bits of a uint64 are 0, as int64; the number itself must not be 0."""

    def codegen(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.uint64), codegen


load_uint64: Callable[[TextBytes, int], np.uint64] = _intrinsic(_load_uint64)
store_uint64: Callable[[TextBytes, int, np.uint64], None] = _intrinsic(_store_uint64)
trailing_zeros: Callable[[np.uint64], int] = _intrinsic(_trailing_zeros)
