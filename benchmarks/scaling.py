"""How long and how much memory large texts would take: arithmetic from measured figures, for docs/scale.md."""

from __future__ import annotations

from benchmarks.report import OURS, table
from benchmarks.results import Results
from benchmarks.tasks.growth import LARGE_DIM

_TOKENS = {"1B": 10**9, "100B": 10**11, "1T": 10**12}
_VOCABULARIES = {"1M": 10**6, "3M": 3 * 10**6, "10M": 10**7}
_CORES = (1, 16, 128)
_ID_BYTES = 4
_BLOCK_TOKENS, _BLOCK_BYTES = 32_000, 180  # what Python keeps about a block of the text
_ALIAS_BYTES = 8
_ROW_FLOATS = 16  # rows are padded to so many
_WORD_BYTES = 100  # spelling and count of a word, with what Python adds
_GIGABYTE = 1e9


def time_table(found: Results) -> str:
    """Return the time of an epoch by tokens and cores, if every core were as fast as those that were measured."""
    speed = _speed(found)
    if speed is None:
        return _MISSING
    rows = [["tokens", *(f"{cores} core{'s' * (cores > 1)}" for cores in _CORES)]]
    for name, tokens in _TOKENS.items():
        rows.append([name, *(duration(tokens / speed / cores) for cores in _CORES)])
    traffic = _traffic(found)
    if traffic is not None:
        rows.append(["memory traffic, GB/s", *(f"{speed * cores * traffic / _GIGABYTE:,.0f}" for cores in _CORES)])
    size = max(_measured(found))
    words = (
        f"Measured: {speed / 1e6:.2f} million words a second of CPU, two threads, with {size:,} words x {LARGE_DIM}."
    )
    return f"{table(rows)}\n\n{words} All else is extrapolated."


def memory_table(found: Results) -> str:
    """Return memory and disk by size of the vocabulary and tokens."""
    floats = -(-LARGE_DIM // _ROW_FLOATS) * _ROW_FLOATS
    rows = [["words", "matrices, GB", "tables and words, GB", "vectors as text, GB"]]
    for name, words in _VOCABULARIES.items():
        sizes = (8 * words * floats, words * (_ALIAS_BYTES + _WORD_BYTES), words * LARGE_DIM * 10)
        rows.append([name, *(f"{size / _GIGABYTE:.1f}" for size in sizes)])
    second = [["tokens", "temporary file of ids, GB", "table of its blocks, GB"]]
    for name, tokens in _TOKENS.items():
        kept = tokens / _BLOCK_TOKENS * _BLOCK_BYTES
        second.append([name, f"{tokens * _ID_BYTES / _GIGABYTE:,.0f}", f"{kept / _GIGABYTE:.2f}"])
    measured = _measured(found)
    checked = ""
    if len(measured) > 1:
        (few, small), (many, large) = min(measured.items()), max(measured.items())
        each = (large - small) / (many - few)
        checked = (
            f"\n\nMeasured: between {few:,} and {many:,} words, the peak grows by {each:,.0f} bytes for each word; the"
            f" matrices alone take {8 * floats:,}."
        )
    return f"{table(rows)}\n\n{table(second)}{checked}"


def duration(seconds: float) -> str:
    """Return a time in the unit that suits it.

    Example:
        >>> duration(50), duration(5400), duration(200_000), duration(1e8)
        ('50 s', '1.5 h', '2.3 days', '3.2 years')
    """
    for size, unit in ((365 * 86400, "years"), (86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s"


_MISSING = "Not measured yet: `python -m benchmarks run --suite growth`."


def _cases(found: Results) -> list[str]:
    return [one.case for one in found.of("growth") if one.case.startswith("large=") and one.tool == OURS]


def _measured(found: Results) -> dict[int, float]:
    """Return the peak memory by words of the vocabulary."""
    return {
        int(words): peak
        for case in _cases(found)
        if (words := found.middle("growth", case, OURS, "vocabulary"))
        and (peak := found.middle("growth", case, OURS, "peak_bytes"))
    }


def _speed(found: Results) -> float | None:
    """Return words a second of CPU of one thread, with the largest vocabulary that was measured."""
    cases = _cases(found)
    if not cases:
        return None
    largest = max(cases, key=lambda case: found.middle("growth", case, OURS, "vocabulary") or 0)
    speed, seconds, used = (
        found.middle("growth", largest, OURS, key) for key in ("words_per_second", "seconds", "cpu_seconds")
    )
    return speed * seconds / used if speed and seconds and used else None


def _traffic(found: Results) -> float | None:
    """Return the bytes of rows that training a word reads and writes, with 300 dimensions."""
    flops, words, intensity = (
        found.middle("roofline", "sg300", OURS, key) for key in ("flops_per_second", "words_per_second", "intensity")
    )
    return flops / words / intensity if flops and words and intensity else None
