"""Tokens that a function of the user returns, given as `module:function`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from operator import attrgetter
from pathlib import Path

from w2v.errors import UsageError


def cutter(name: str) -> Callable[[str], Iterable[str]]:
    """Return the function; its module may lie in the current folder.

    Raises:
        UsageError: there is none.
    """
    module, _, path = name.partition(":")
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    try:
        found = attrgetter(path)(import_module(module))
    except Exception as error:
        reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        raise UsageError(f"`tokens={name}`: can't be imported ({' '.join(reason.split())})") from error
    if not callable(found):
        raise UsageError(f"`tokens={name}`: is no function")
    function: Callable[[str], Iterable[str]] = found
    return function


def made_by() -> str:
    """Return what is known of the function: nothing but its name, which the option has."""
    return "a function of the user"
