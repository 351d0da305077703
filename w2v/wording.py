"""The wording of messages: numbers with their nouns, and options as the reader writes them.

The library writes an option in a message as its Python name between backticks, with a value where that matters:
"`min_count` must be at least 1", "lower `lr`", "use `loss=hs`". `as_python` spells these as keyword arguments; the
command line spells them with dashes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

_OPTION = re.compile(r"`([a-z][a-z0-9_]*)(?:=([^`]{1,1000}))?`")  # limited, since words in messages can be long and odd


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, which is given in the singular.

    Example:
        >>> counted(1, "word"), counted(2000, "word"), counted(3, "copy"), counted(4, "query")
        ('1 word', '2,000 words', '3 copies', '4 queries')
    """
    if number == 1:
        return f"1 {noun}"
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{number:,} {plural}"


def shortened(text: str, most: int) -> str:
    """Return a text as a message shows it: its first letters, with three dots if that is not all.

    Example:
        >>> shortened("word", 4), shortened("vectors", 4)
        ('word', 'vect...')
    """
    return text if len(text) <= most else f"{text[:most]}..."


def in_one_line(name: str, most: int = 80) -> str:
    r"""Return a name that stands in a file as a message shows it: on one line, and not long.

    Example:
        >>> print(in_one_line("a\nb"), in_one_line("a" * 9, most=3))
        a\nb aaa...
    """
    text = name if name.isprintable() else repr(name)[1:-1]
    return shortened(text, most)


def quoted(text: str, most: int = 40) -> str:
    r"""Return a word or line of a file as a message quotes it: with escapes, and not long.

    Example:
        >>> print(quoted("a\tb"), quoted("a" * 9, most=3))
        'a\tb' 'aaa...'
    """
    return repr(text if len(text) <= most else f"{text[:most]}...")


def first_few(words: Sequence[str], most: int = 3) -> str:
    """Return the first of some words, with dots if there are more.

    Example:
        >>> first_few(["a", "b"], 2), first_few(["a", "b", "c"], 2)
        ('a, b', 'a, b, ...')
    """
    return ", ".join(in_one_line(word, 40) for word in words[:most]) + (", ..." if len(words) > most else "")


def first_option(message: str) -> str | None:
    """Return the Python name of the first option in a message, or None.

    Example:
        >>> first_option("`negative` must be at least 1 with `loss=ns`, not 0")
        'negative'
    """
    found = _OPTION.search(message)
    return found[1] if found else None


def spelled(message: str, spelling: Callable[[str, str | None], str]) -> str:
    """Return a message in which `spelling(name, value)` replaces each option; the value may be None.

    Example:
        >>> spelled("use `loss=hs`", lambda name, value: f"--{name} {value}")
        'use --loss hs'
    """
    return _OPTION.sub(lambda option: spelling(option[1], option[2]), message)


def as_python(message: str) -> str:
    """Return a message with its options as keyword arguments.

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
