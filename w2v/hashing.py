"""Odd multipliers that spread the bits of a 64-bit number."""

from __future__ import annotations

# 2**64 divided by the golden ratio: Fibonacci hashing (Knuth, The Art of Computer Programming, volume 3, section 6.4),
# and the step of SplitMix64's counter (Steele, Lea, Flood 2014).
GOLDEN = 0x9E3779B97F4A7C15
GOLDEN_SECOND = 0xD6E8FEB86659FD93  # for a second number that is hashed with the first
