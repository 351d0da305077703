"""The fields of an options class: the types of their values, and their defaults."""

from __future__ import annotations

import dataclasses
import numbers
from pathlib import Path
from typing import TYPE_CHECKING

from w2v.options.checks import require, shown

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_TYPES: dict[str, tuple[type, str]] = {
    "int": (numbers.Integral, "a whole number"),
    "float": (numbers.Real, "a number"),
    "bool": (bool, "True or False"),
    "Path": (Path, "a path"),
}


def check_types(options: DataclassInstance) -> None:
    """Check that each value has the type of its field, and turn NumPy's numbers into Python's.

    A whole number becomes a float where the field is one. Strings are left to the checks of each class.

    Raises:
        UsageError: a value has another type.
    """
    for field in dataclasses.fields(options):
        value = getattr(options, field.name)
        kind, _, otherwise = str(field.type).partition(" | ")
        if kind not in _TYPES or (value is None and otherwise == "None"):
            continue
        expected, rule = _TYPES[kind]
        fits = isinstance(value, expected) and (kind == "bool" or not isinstance(value, bool))
        require(fits, field.name, shown(value), rule)
        if kind == "int":
            object.__setattr__(options, field.name, int(value))
        if kind == "float":
            try:
                object.__setattr__(options, field.name, float(value))
            except OverflowError:
                require(False, field.name, value, "a number that a float can hold")


def default_of(options: type[DataclassInstance], name: str) -> object:
    """Return the default of one option, for the command line to declare and to show."""
    field = next(f for f in dataclasses.fields(options) if f.name == name)
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default
