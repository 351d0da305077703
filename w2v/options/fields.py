"""The fields of an options class: of which types their values are, and their defaults."""

from __future__ import annotations

import dataclasses
import numbers
from pathlib import Path
from typing import TYPE_CHECKING

from w2v.options.checks import require

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_TYPES: dict[str, tuple[type, str]] = {
    "int": (numbers.Integral, "a whole number"),
    "float": (numbers.Real, "a number"),
    "bool": (bool, "True or False"),
    "Path": (Path, "a path"),
}


def check_types(options: DataclassInstance) -> None:
    """Refuse a value of another type than its field has; NumPy's numbers become Python's, whole ones floats if need be.

    Texts are left to the checks of what they may say.

    Raises:
        UsageError: an option has a value of another type.
    """
    for field in dataclasses.fields(options):
        value = getattr(options, field.name)
        kind, _, otherwise = str(field.type).partition(" | ")
        if kind not in _TYPES or (value is None and otherwise == "None"):
            continue
        expected, rule = _TYPES[kind]
        fits = isinstance(value, expected) and (kind == "bool" or not isinstance(value, bool))
        require(fits, field.name, repr(value), rule)
        if kind in ("int", "float"):
            try:
                object.__setattr__(options, field.name, int(value) if kind == "int" else float(value))
            except OverflowError:
                require(False, field.name, value, "a number that a float can hold")


def default_of(options: type[DataclassInstance], name: str) -> object:
    """Return the default of one option, for the command line to declare and to show."""
    field = next(f for f in dataclasses.fields(options) if f.name == name)
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default
