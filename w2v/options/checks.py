"""Checks of values: each raises a UsageError that names the option; see w2v.wording."""

from __future__ import annotations

import os
from collections.abc import Sequence
from numbers import Integral
from pathlib import Path

from w2v.errors import UsageError

MOST_COUNT = 2**63 - 1  # of a word in a text
_MOST_SHOWN = 60


def shown(value: object) -> str:
    """Return a value as a message shows it: on one line, and not long.

    Example:
        >>> shown("5"), shown(list(range(100)))
        ("'5'", '[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16...')
    """
    try:
        text = " ".join(repr(value).split())
    except Exception:  # of a foreign class, or an int of thousands of digits
        text = f"a value of type {type(value).__name__}"
    return text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 3] + "..."


def require(condition: bool, name: str, value: object, rule: str) -> None:
    """Raise a UsageError unless the condition holds; `rule` says what the value must be, a str is shown as it is."""
    if not condition:
        raise UsageError(f"`{name}` must be {rule}, not {value if isinstance(value, str) else shown(value)}")


def require_choice(name: str, value: object, choices: tuple[str, ...]) -> None:
    """Raise a UsageError unless the value is one of the choices."""
    require(isinstance(value, str) and value in choices, name, shown(value), f"one of {', '.join(choices)}")


def require_at_least(name: str, value: int, least: int, most: int = 2**31 - 1) -> None:
    """Raise a UsageError if a whole number is less than `least`, or more than `most`, which is far beyond use."""
    require(value >= least, name, value, f"at least {least}")
    require(value <= most, name, value, f"at most {most}")


def require_between(name: str, value: float, least: float, most: float) -> None:
    """Raise a UsageError if the value is less than `least`, more than `most`, or nan."""
    require(least <= value <= most, name, value, f"from {least} to {most}")


def require_count(name: str, value: object) -> int:
    """Return a whole number, at least 1, as an int, or raise a UsageError."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise UsageError(f"`{name}` must be a whole number, not {shown(value)}")
    require(int(value) >= 1, name, int(value), "at least 1")
    return int(value)


def as_path(name: str, value: object) -> Path:
    """Return the path of a file or folder, given as str or PathLike, or raise a UsageError."""
    path = os.fspath(value) if isinstance(value, str | os.PathLike) else None
    if not isinstance(path, str) or not path or "\0" in path or not _can_be_name(path):
        raise UsageError(f"`{name}` must be the name of a file or folder, not {shown(value)}")
    return Path(path)


def _can_be_name(path: str) -> bool:
    """Say whether the system has bytes for a name; it has none for half of a surrogate pair."""
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return False
    return True


def require_bool(name: str, value: object) -> None:
    """Raise a UsageError unless the value is True or False."""
    require(isinstance(value, bool), name, shown(value), "True or False")


def require_seed(seed: int) -> None:
    """Raise a UsageError if the seed is negative or has more than 63 bits."""
    require(0 <= seed < 2**63, "seed", seed, "from 0 to 2**63 - 1")


def listed(name: str, given: object, example: str) -> tuple[str, ...]:
    """Return names or patterns that were given as one text or a list of them.

    Args:
        name: the option.
        given: its value.
        example: what it must be, for the message.

    Raises:
        UsageError: it is something else.

    Example:
        >>> listed("field", "text", "a name such as 'text'"), listed("field", ["title", "text"], "a name")
        (('text',), ('title', 'text'))
    """
    names = [given] if isinstance(given, str) else given
    if isinstance(names, Sequence) and all(isinstance(item, str) and item for item in names):
        return tuple(names)
    raise UsageError(f"`{name}` must be {example}, or a list of them, not {shown(given)}")
