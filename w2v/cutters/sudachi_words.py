"""Japanese words found by Sudachi, with the largest of its dictionaries that is installed but for `full`."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version

from w2v.errors import MissingExtraError

_DICTIONARIES = ("core", "small", "full")  # `core` is Sudachi's own default
_LONGEST = 10_000  # characters that Sudachi takes at once: it refuses more than 49,149 bytes
_PIECE = re.compile(rf".{{1,{_LONGEST}}}(?:(?<=[。！？\s])|\Z)|.{{1,{_LONGEST}}}", re.DOTALL)


def cutter(_name: str) -> Callable[[str], Iterable[str]]:
    """Return the function that cuts a line."""
    from sudachipy import Dictionary, Morpheme

    tokenize, surface = Dictionary(dict=_dictionary()).tokenizer().tokenize, Morpheme.surface

    def cut(line: str) -> Iterator[str]:
        if len(line) <= _LONGEST:
            return map(surface, tokenize(line))
        return itertools.chain.from_iterable(map(surface, tokenize(piece)) for piece in _PIECE.findall(line))

    return cut


def made_by() -> str:
    """Return the packages with their versions."""
    name = f"sudachidict_{_dictionary()}"
    return f"sudachipy {version('sudachipy')}, {name} {version(name)}"


def _dictionary() -> str:
    """Return the name of the dictionary.

    Raises:
        MissingExtraError: none is installed.
    """
    for name in _DICTIONARIES:
        try:
            version(f"sudachidict_{name}")
        except PackageNotFoundError:
            continue
        return name
    raise MissingExtraError("a dictionary of Sudachi", "sudachi")
