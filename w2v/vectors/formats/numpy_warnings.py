"""Warnings that NumPy would print about a file, which its reader's user can do nothing about."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator


@contextlib.contextmanager
def without_warnings() -> Iterator[None]:
    """Read the header of an array without a warning, such as one written by Python 2, whose long integers end in L."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
