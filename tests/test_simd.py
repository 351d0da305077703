"""The vector building blocks, each compiled on its own, against NumPy."""

from pathlib import Path

import numpy as np
import pytest
from cpus import FORCED, PLAYABLE, run_on
from llvmlite import ir
from numba import njit
from numba.core import types
from numpy.testing import assert_allclose, assert_array_equal

from w2v.simd import (
    LANES,
    ROW_FLOATS,
    Emitter,
    aligned_zeros,
    array_pointers,
    i64,
    intrinsic,
    lanes_for,
    registers_for,
    row_floats,
)

INT64 = ir.IntType(64)
MOST = 2 * LANES


def lane_by_lane(emit):
    """Compile emit(emitter, x, w) into a function of two float32 arrays whose length is a multiple of LANES."""

    @intrinsic
    def apply(typing, x, w, result, place):
        def codegen(context, builder, signature, arguments):
            x, w, result, place = array_pointers(context, builder, signature, arguments)
            emitter = Emitter(builder)
            values = [emitter.load(builder.gep(array, [place]), align=4) for array in (x, w)]
            emitter.store(emit(emitter, *values), builder.gep(result, [place]), align=4)
            return context.get_dummy_value()

        return types.void(x, w, result, place), codegen

    @njit
    def run(x, w, result):
        for place in range(0, x.shape[0], LANES):
            apply(x, w, result, place)

    def function(x, w=None):
        x = np.asarray(x, np.float32)
        w = x if w is None else np.asarray(w, np.float32)
        padding = -len(x) % LANES
        result = np.zeros(len(x) + padding, np.float32)
        run(np.pad(x, (0, padding)), np.pad(w, (0, padding)), result)
        return result[: len(x)]

    return function


def test_exp2():
    exp2 = lane_by_lane(lambda emit, x, w: emit.exp2(x))
    x = np.concatenate([np.linspace(-126, 126, 100_001), np.arange(-126.0, 127), np.arange(-126, 126) + 0.5])
    x = x.astype(np.float32)
    assert_allclose(exp2(x), np.exp2(x.astype(np.float64)), rtol=3e-7)


def test_log2():
    log2 = lane_by_lane(lambda emit, x, w: emit.log2(x))
    smallest, largest = np.finfo(np.float32).tiny, np.finfo(np.float32).max
    x = np.concatenate(
        [np.geomspace(smallest, largest, 100_001), np.linspace(1, 2, 100_001), 2.0 ** np.arange(-126, 128)]
    )
    x = np.minimum(x, largest).astype(np.float32)
    exact = np.log2(x.astype(np.float64))
    assert_allclose(log2(x), exact, atol=2e-6, rtol=6e-8)  # beside 2e-6, the rounding of the sum


@pytest.mark.parametrize(("name", "exact"), [("at_most", np.minimum), ("at_least", np.maximum)])
@pytest.mark.parametrize("bound", [60.0, -60.0])
def test_a_bounded_nan_stays_nan(name, exact, bound):
    bounded = lane_by_lane(lambda emit, x, w: getattr(emit, name)(x, bound))
    x = [np.nan, np.inf, -np.inf, 60, -60, 60.1, -60.1, 0, -0.0, 1e-40, 59.99, np.nan, 3e38]
    assert_array_equal(bounded(x), exact(np.float32(x), bound))


def test_flip_sign_follows_the_sign_bit():
    flip_sign = lane_by_lane(lambda emit, x, w: emit.flip_sign(x, w))
    x = np.array([1, -2, 0, -0.0, np.inf, 3e38, 5])
    for w in (3.0, 0.0, -0.0, -7.5, np.inf, -np.inf):
        found = flip_sign(x, np.full(len(x), w))
        expected = np.float32(-x if np.signbit(w) else x)
        assert_array_equal(found, expected)
        assert_array_equal(np.signbit(found), np.signbit(expected))


def test_absolute():
    absolute = lane_by_lane(lambda emit, x, w: emit.absolute(x))
    x = np.array([1, -2, 0, -0.0, np.inf, -np.inf, np.nan, -3e38, 1e-45])
    assert_array_equal(absolute(x), np.abs(np.float32(x)))
    assert not np.signbit(absolute(x)).any()


def test_fma_is_a_product_and_a_sum():
    fma = lane_by_lane(lambda emit, x, w: emit.fma(x, w, emit.splat(0.5)))
    x, w = np.random.default_rng(0).normal(size=(2, 100)).astype(np.float32)
    assert_allclose(fma(x, w), x.astype(np.float64) * w + 0.5, rtol=0, atol=1e-6)


@pytest.mark.parametrize("count", sorted({0, 1, LANES - 1, LANES, LANES + 1}))
def test_first_lanes(count):
    first_lanes = lane_by_lane(lambda emit, x, w: emit.builder.select(emit.first_lanes(i64(count)), x, emit.splat(0.0)))
    x = np.arange(1, LANES + 1)
    assert_array_equal(first_lanes(x), np.where(np.arange(LANES) < count, x, 0))


@intrinsic
def all_horizontal_sums(typing, x, result):
    """Sum the first 1, 2, ... MOST rows of x (MOST, LANES), each to a row of result (MOST, MOST + LANES)."""

    def codegen(context, builder, signature, arguments):
        x, result = array_pointers(context, builder, signature, arguments)
        emit = Emitter(builder)
        rows = [emit.load(builder.gep(x, [INT64(row * LANES)]), align=4) for row in range(MOST)]
        for count in range(1, MOST + 1):
            for i, sums in enumerate(emit.horizontal_sums(rows[:count])):
                place = (count - 1) * (MOST + LANES) + i * LANES
                emit.store(sums, builder.gep(result, [INT64(place)]), align=4)
        return context.get_dummy_value()

    return types.void(x, result), codegen


@njit
def run_all_horizontal_sums(x, result):
    all_horizontal_sums(x, result)


def test_horizontal_sums_of_any_number_of_vectors():
    x = np.random.default_rng(1).integers(-1000, 1000, (MOST, LANES)).astype(np.float32)  # sums are exact
    result = np.full((MOST, MOST + LANES), np.nan, np.float32)
    run_all_horizontal_sums(x, result)
    for count in range(1, MOST + 1):
        whole_vectors = -(-count // LANES) * LANES
        expected = np.zeros(whole_vectors)
        expected[:count] = x[:count].sum(axis=1)
        assert_array_equal(result[count - 1, :whole_vectors], expected)
        assert np.isnan(result[count - 1, whole_vectors:]).all()


@pytest.mark.parametrize(
    "features, lanes, registers",
    [
        ({"sse2"}, 4, 16),
        ({"sse4.2", "popcnt"}, 4, 16),
        ({"avx"}, 8, 16),
        ({"avx2", "fma"}, 8, 16),
        ({"avx", "avx2", "fma", "bmi2"}, 8, 16),
        ({"avx", "avx2", "avx512f", "avx512vl"}, 16, 32),
        ({"neon", "fp-armv8"}, 4, 32),
        (set(), 4, 16),
    ],
)
def test_vectors_are_as_wide_as_registers(features, lanes, registers):
    assert lanes_for(frozenset(features)) == lanes
    assert registers_for(frozenset(features)) == registers


@pytest.mark.parametrize("dim, floats", [(1, 16), (15, 16), (16, 16), (17, 32), (100, 112), (300, 304)])
def test_rows_fill_cache_lines(dim, floats):
    assert row_floats(dim) == floats
    for rows in (0, 1, 3, 1000):
        zeros = aligned_zeros(rows, floats)
        assert zeros.shape == (rows, floats)
        assert zeros.dtype == np.float32
        assert not zeros.any()
        assert zeros.flags.c_contiguous
        assert rows == 0 or zeros.ctypes.data % 64 == 0
    assert ROW_FLOATS % LANES == 0


@pytest.mark.parametrize("cpu", PLAYABLE)
@pytest.mark.long
def test_narrower_vectors_pass_all_of_this(cpu, tmp_path):
    lanes = run_on(cpu, "-c", "import w2v.simd; print(w2v.simd.LANES)", cwd=tmp_path)
    assert int(lanes) == FORCED[cpu][2]
    here = Path(__file__)
    run_on(cpu, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", here, "-k", "not narrower", cwd=here.parents[1])
