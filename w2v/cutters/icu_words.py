"""The words of ICU: UAX #29, with dictionaries for Chinese, Japanese, Thai, Lao, Khmer and Burmese.

The package is icu4py, whose wheels bring ICU with them; PyICU has to be compiled against an ICU of the system.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

_LOCALE = "und"  # the dictionaries belong to scripts, not to languages


def cutter(_name: str) -> Callable[[str], Iterable[str]]:
    """Return the function that cuts a line."""
    from icu4py.breakers import WordBreaker

    return lambda line: WordBreaker(line, _LOCALE)


def made_by() -> str:
    """Return the package with its version."""
    from importlib.metadata import version

    return f"icu4py {version('icu4py')}"
