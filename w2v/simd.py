"""Vector building blocks: LLVM's vector instructions behind names a reader knows.

LLVM's own vectoriser keeps one dot product at a time and reduces each to a scalar, which leaves most of a CPU unused.
So the kernels compute with vectors of LANES float32, as wide as the CPU's registers: 16 with AVX-512, 8 with AVX2, 4
with NEON and SSE.

A *row* is a stretch of float32 that starts at a multiple of 64 bytes and is padded with zeros to a multiple of 64
bytes; it is named by its address (int64), so that it may lie in a shared matrix or in a thread's private copy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import numba.extending
import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.registry import cpu_target

intrinsic: Any = numba.extending.intrinsic  # as declared there, it would want the typing context from its callers

ROW_FLOATS = 16  # a row is padded to whole cache lines of 64 bytes

f32, i32, i64 = ir.FloatType(), ir.IntType(32), ir.IntType(64)
byte_pointer = ir.IntType(8).as_pointer()

LOG2_E = 1.4426950408889634
_LN_2 = 0.6931471805599453
_EXP2_COEFFICIENTS = [_LN_2**k / f for k, f in ((6, 720), (5, 120), (4, 24), (3, 6), (2, 2), (1, 1), (0, 1))]
_LOG2_COEFFICIENTS = [  # log2(m) interpolated at the Chebyshev nodes of 1..2, by powers of m - 1.5, highest first
    0.0144403525,
    -0.025110141,
    0.0376104643,
    -0.070594554,
    0.142508024,
    -0.320631878,
    0.96179654,
    0.584962759,
]


def host_features() -> frozenset[str]:
    """Return the CPU features that Numba compiles for, such as {"avx2", "fma"}: the host's, or NUMBA_CPU_FEATURES."""
    _, _, features = cpu_target.target_context.codegen().magic_tuple()
    return frozenset(f[1:] for f in features.split(",") if f.startswith("+"))


def lanes_for(features: frozenset[str]) -> int:
    """Return how many float32 fit a vector register of a CPU with these features."""
    if "avx512f" in features:
        return 16
    if features & {"avx", "avx2"}:  # who sets NUMBA_CPU_FEATURES by hand may name the newer one only
        return 8
    return 4


def registers_for(features: frozenset[str]) -> int:
    """Return how many vector registers a CPU with these features has."""
    return 32 if "avx512f" in features or "neon" in features else 16


LANES = lanes_for(host_features())
REGISTERS = registers_for(host_features())
vector = ir.VectorType(f32, LANES)
int_vector = ir.VectorType(i32, LANES)
long_vector = ir.VectorType(i64, LANES)


def row_floats(dim: int) -> int:
    """Return the padded length of a row of `dim` values."""
    return -(-dim // ROW_FLOATS) * ROW_FLOATS


def aligned_zeros(rows: int, floats: int) -> npt.NDArray[np.float32]:
    """Return zeros of shape (rows, floats), float32, whose first row starts at a multiple of 64 bytes."""
    raw = np.zeros(rows * floats + ROW_FLOATS, np.float32)
    start = (-raw.ctypes.data // raw.itemsize) % ROW_FLOATS
    return raw[start : start + rows * floats].reshape(rows, floats)


class Emitter:
    """Writes vector instructions at an LLVM builder's place. Every value named x, a, b is a vector of LANES float32."""

    def __init__(self, builder: ir.IRBuilder) -> None:
        self.builder = builder

    def splat(self, value: float) -> ir.Constant:
        """Return the constant vector (value, ..., value)."""
        return ir.Constant(vector, [value] * LANES)

    def splat_int(self, value: int) -> ir.Constant:
        """Return the constant int32 vector (value, ..., value)."""
        return ir.Constant(int_vector, [value] * LANES)

    def broadcast(self, scalar: ir.Value) -> ir.Value:
        """Return the vector (scalar, ..., scalar) of a number computed at run time, LANES of its type."""
        undefined = ir.Constant(ir.VectorType(scalar.type, LANES), ir.Undefined)
        one = self.builder.insert_element(undefined, scalar, i32(0))
        return self.builder.shuffle_vector(one, one, ir.Constant(int_vector, [0] * LANES))

    def pointer(self, address: ir.Value, floats: ir.Value) -> ir.Value:
        """Return a float pointer `floats` values (i64) behind an address (i64)."""
        return self.builder.gep(self.builder.inttoptr(address, f32.as_pointer()), [floats])

    def load(self, pointer: ir.Value, align: int = 4 * LANES) -> ir.Value:
        """Load a vector from a float pointer, which is aligned to a whole vector by default."""
        return self.builder.load(self.builder.bitcast(pointer, vector.as_pointer()), align=align)

    def store(self, x: ir.Value, pointer: ir.Value, align: int = 4 * LANES) -> None:
        """Store a vector at a float pointer, which is aligned to a whole vector by default."""
        self.builder.store(x, self.builder.bitcast(pointer, vector.as_pointer()), align=align)

    def prefetch(self, pointer: ir.Value) -> None:
        """Ask for the cache line at a float pointer, for writing, ahead of its use."""
        kind = ir.FunctionType(ir.VoidType(), [byte_pointer, i32, i32, i32])
        function = cgutils.get_or_insert_function(self.builder.module, kind, "llvm.prefetch.p0")
        self.builder.call(function, [self.builder.bitcast(pointer, byte_pointer), i32(1), i32(3), i32(1)])

    def fma(self, a: ir.Value, b: ir.Value, x: ir.Value) -> ir.Value:
        """Return a * b + x, fused where the CPU can. (llvm.fma would call a C function per lane where it can't.)"""
        return self.call("fmuladd", a, b, x)

    def call(self, name: str, *vectors: ir.Value) -> ir.Value:
        """Call LLVM's intrinsic `name` on vectors."""
        signature = ir.FunctionType(vector, [vector] * len(vectors))
        function = cgutils.get_or_insert_function(self.builder.module, signature, f"llvm.{name}.v{LANES}f32")
        return self.builder.call(function, vectors)

    def at_most(self, x: ir.Value, bound: float) -> ir.Value:
        """Return the lesser of x and bound; NaN stays NaN, which minnum would hide."""
        limit = self.splat(bound)
        return self.builder.select(self.builder.fcmp_ordered(">", x, limit), limit, x)

    def at_least(self, x: ir.Value, bound: float) -> ir.Value:
        """Return the greater of x and bound; NaN stays NaN, which maxnum would hide."""
        limit = self.splat(bound)
        return self.builder.select(self.builder.fcmp_ordered("<", x, limit), limit, x)

    def exp2(self, x: ir.Value) -> ir.Value:
        """Return 2**x for x within +-126, relative error below 3e-7.

        x = n + r with n whole and |r| <= 1/2: 2**r by its Taylor polynomial, 2**n by adding n to the float's exponent.
        """
        b = self.builder
        whole = self.call("rint", x)
        part = b.fsub(x, whole)
        power = self.splat(_EXP2_COEFFICIENTS[0])
        for coefficient in _EXP2_COEFFICIENTS[1:]:
            power = self.fma(power, part, self.splat(coefficient))
        exponent = b.shl(b.fptosi(whole, int_vector), self.splat_int(23))
        return b.bitcast(b.add(b.bitcast(power, int_vector), exponent), vector)

    def log2(self, x: ir.Value) -> ir.Value:
        """Return the base-2 logarithm of positive normal x, absolute error below 2e-6.

        x = 2**n m with 1 <= m < 2, both read off the float's bits; log2(m) by the polynomial of degree 7 that agrees
        with it at the Chebyshev nodes. That is off by 3.7e-7 at most (minimax: 2.8e-7); the rest is rounding.
        """
        b = self.builder
        bits = b.bitcast(x, int_vector)
        whole = b.sitofp(b.sub(b.ashr(bits, self.splat_int(23)), self.splat_int(127)), vector)
        mantissa = b.or_(b.and_(bits, self.splat_int(0x007FFFFF)), self.splat_int(0x3F800000))
        part = b.fsub(b.bitcast(mantissa, vector), self.splat(1.5))
        value = self.splat(_LOG2_COEFFICIENTS[0])
        for coefficient in _LOG2_COEFFICIENTS[1:]:
            value = self.fma(value, part, self.splat(coefficient))
        return b.fadd(whole, value)

    def flip_sign(self, x: ir.Value, w: ir.Value) -> ir.Value:
        """Return x where w >= 0, -x where w < 0 (by w's sign bit)."""
        b = self.builder
        sign = b.and_(b.bitcast(w, int_vector), self.splat_int(0x80000000))
        return b.bitcast(b.xor(b.bitcast(x, int_vector), sign), vector)

    def absolute(self, x: ir.Value) -> ir.Value:
        """Return |x|."""
        b = self.builder
        return b.bitcast(b.and_(b.bitcast(x, int_vector), self.splat_int(0x7FFFFFFF)), vector)

    def first_lanes(self, count: ir.Value) -> ir.Value:
        """Return a mask of the lanes below number `count`, an i64."""
        b = self.builder
        return b.icmp_signed("<", ir.Constant(long_vector, list(range(LANES))), self.broadcast(count))

    def reduce(self, x: ir.Value, combine: Callable[[ir.Value, ir.Value], ir.Value]) -> ir.Value:
        """Return one scalar of all lanes of x, which `combine` makes of two."""
        lanes = [self.builder.extract_element(x, i32(lane)) for lane in range(LANES)]
        while len(lanes) > 1:
            lanes = [combine(a, b) for a, b in zip(lanes[::2], lanes[1::2], strict=True)]
        return lanes[0]

    def horizontal_sums(self, vectors: Sequence[ir.Value]) -> list[ir.Value]:
        """Sum each vector's lanes: lane i of the concatenated result is the sum of vectors[i].

        Pairs of vectors are folded into one: half of each is exchanged and added, so that a round costs one shuffle,
        one blend and one add a pair, and log2(LANES) rounds sum LANES vectors at once.
        """
        padded = list(vectors) + [None] * (-len(vectors) % LANES)
        return [self._sum_tree(padded[i : i + LANES]) for i in range(0, len(padded), LANES)]

    def _sum_tree(self, level: list[ir.Value]) -> ir.Value:
        distance = 1
        while len(level) > 1:
            level = [self._fold(a, b, distance) for a, b in zip(level[::2], level[1::2], strict=True)]
            distance *= 2
        return level[0]

    def _fold(self, a: ir.Value, b: ir.Value, distance: int) -> ir.Value:
        """Add lanes `distance` apart: where lane number & distance is 0 the result is a's sum, elsewhere b's."""
        if a is None and b is None:
            return None
        a = self.splat(0.0) if a is None else a
        b = self.splat(0.0) if b is None else b
        second = [bool(lane & distance) for lane in range(LANES)]
        keep = [lane + LANES if s else lane for lane, s in enumerate(second)]
        cross = [lane - distance + LANES if s else lane + distance for lane, s in enumerate(second)]
        shuffle = self.builder.shuffle_vector
        return self.builder.fadd(
            shuffle(a, b, ir.Constant(int_vector, keep)), shuffle(a, b, ir.Constant(int_vector, cross))
        )


def array_pointers(context: Any, builder: ir.IRBuilder, signature: Any, args: Sequence[Any]) -> list[Any]:
    """Return an intrinsic's arguments: arrays as pointers to their data, named tuples as objects with their fields."""
    return [_as_pointers(context, builder, kind, value) for kind, value in zip(signature.args, args, strict=True)]


def _as_pointers(context: Any, builder: ir.IRBuilder, kind: Any, value: Any) -> Any:
    if isinstance(kind, types.Array):
        return context.make_array(kind)(context, builder, value).data
    if isinstance(kind, types.NamedTuple):
        values = cgutils.unpack_tuple(builder, value, len(kind))
        fields = zip(kind.fields, kind.types, values, strict=True)
        return SimpleNamespace(**{name: _as_pointers(context, builder, k, v) for name, k, v in fields})
    return value


@intrinsic
def prefetch(_typing: Any, address: Any, lines: Any) -> Any:
    """Prefetch `lines` cache lines from `address` on, for writing."""
    signature = types.void(address, lines)

    def codegen(context: Any, builder: ir.IRBuilder, _signature: Any, args: Sequence[Any]) -> Any:
        address, lines = args
        emit = Emitter(builder)
        with cgutils.for_range(builder, lines) as loop:
            emit.prefetch(emit.pointer(address, builder.mul(loop.index, i64(ROW_FLOATS))))
        return context.get_dummy_value()

    return signature, codegen
