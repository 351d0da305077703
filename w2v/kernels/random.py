"""Random numbers for kernels: SplitMix64, a counter whose values are mixed (Steele, Lea, Flood 2014, "Fast Splittable
Pseudorandom Number Generators").

A stream is a uint64 state. `state += STEP` moves it on, and `random_bits(state)` returns the 64 bits of that place:

    state += STEP
    bits = random_bits(state)
    reach = 1 + uniform_below(bits, window)

The twin is `split_mix` in tests/reference.py.
"""

from __future__ import annotations

import numpy as np

from w2v.compiling import inlined
from w2v.hashing import GOLDEN

STEP = np.uint64(GOLDEN)
_S27, _S30, _S31, _S32 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(32)
_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def stream_key(seed: int, epoch: int, block: int) -> np.uint64:
    """Return where the random stream of one block in one epoch starts, whichever thread trains it.

    Example:
        >>> stream_key(seed=1, epoch=0, block=0) == stream_key(seed=1, epoch=0, block=1)
        False
    """
    key: np.uint64 = np.random.SeedSequence(seed, spawn_key=(epoch, block)).generate_state(1, np.uint64)[0]
    return key


@inlined
def random_bits(state):
    """Return the 64 random bits, uint64, that belong to a state."""
    state = (state ^ (state >> _S30)) * _MIX_1
    state = (state ^ (state >> _S27)) * _MIX_2
    return state ^ (state >> _S31)


@inlined
def upper_half(bits):
    """Return the upper 32 of 64 bits, as uint64."""
    return bits >> _S32


@inlined
def uniform_below(bits, limit):
    """Return a uniform integer from 0 to limit - 1, uint64, made of the upper 32 of 64 random bits.

    It is floor(u limit) for u = upper bits / 2**32 (Lemire 2019, "Fast Random Integer Generation in an Interval"); no
    value is more likely than another by more than limit / 2**32.

    Args:
        bits: uint64.
        limit: uint64 below 2**32.
    """
    return ((bits >> _S32) * limit) >> _S32
