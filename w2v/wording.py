"""The wording of messages: numbers with their nouns, and options as the reader's interface spells them.

In a message the library writes an option as its Python name between backticks, with a value where that matters:
"`min_count` must be at least 1", "try a smaller `lr` than 0.5", "use `loss=hs`". Whoever shows the message spells the
options as its reader knows them: `as_python` without the backticks, the command line with dashes.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_OPTION = re.compile(r"`([a-z][a-z0-9_]*)(?:=([^`]+))?`")


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, which is given in the singular.

    Example:
        >>> counted(1, "word"), counted(2000, "word"), counted(3, "copy")
        ('1 word', '2,000 words', '3 copies')
    """
    if number == 1:
        return f"1 {noun}"
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{number:,} {plural}"


def spelled(message: str, spelling: Callable[[str, str | None], str]) -> str:
    """Return a message whose options are replaced by `spelling(name, value)`; the value is None where there is none.

    Example:
        >>> spelled("use `loss=hs`", lambda name, value: f"--{name} {value}")
        'use --loss hs'
    """
    return _OPTION.sub(lambda option: spelling(option[1], option[2]), message)


def as_python(message: str) -> str:
    """Return a message whose options are spelled as keyword arguments.

    Example:
        >>> as_python("`min_count` must be at least 1; use `loss=hs`")
        "min_count must be at least 1; use loss='hs'"
    """

    def keyword(name: str, value: str | None) -> str:
        if value is None:
            return name
        is_literal = value in ("True", "False", "None") or value[0].isdigit() or value.isupper()
        return f"{name}={value}" if is_literal else f"{name}={value!r}"

    return spelled(message, keyword)
