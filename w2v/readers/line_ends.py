"""Line ends of extracted text: those that end sentences, and those that are only white space."""

from __future__ import annotations

import re

PARAGRAPH_END = "\n\n"

_SURROGATES = re.compile("[\ud800-\udfff]")


def on_one_line(text: str) -> str:
    r"""Return a text with spaces in place of its line ends.

    Example:
        >>> on_one_line("a\nrose\u2028is "), on_one_line("a\n")
        ('a rose is ', 'a ')
    """
    return text if text.isprintable() else " ".join(f"{text}.".splitlines())[:-1]


def as_utf8(text: str) -> bytes:
    r"""Return a text as UTF-8, a space for each zero character, and U+FFFD for each half of a surrogate pair.

    Example:
        >>> as_utf8("a\0b"), as_utf8("\ud83d").decode()
        (b'a b', '�')
    """
    if "\0" in text:
        text = text.replace("\0", " ")
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _SURROGATES.sub("\ufffd", text).encode()
