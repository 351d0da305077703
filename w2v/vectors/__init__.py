"""Vectors: words with one vector each. They are queried here, and read and written in `w2v.vectors.formats`.

The names are imported on first use, so that help can list the formats without NumPy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from w2v.vectors.nearest import Neighbour
    from w2v.vectors.query import Query
    from w2v.vectors.vectors import Vectors

    load = Vectors.load

__all__ = ["Neighbour", "Query", "Vectors", "load"]

_MODULES = {"Neighbour": "nearest", "Query": "query", "Vectors": "vectors"}

if not TYPE_CHECKING:  # a type checker would accept any name if it saw __getattr__

    def __getattr__(name: str) -> object:
        """Import a name on first use."""
        if name in _MODULES:
            from importlib import import_module

            return getattr(import_module(f"w2v.vectors.{_MODULES[name]}"), name)
        if name == "load":
            from w2v.vectors.vectors import Vectors

            return Vectors.load
        raise AttributeError(f"module 'w2v.vectors' has no attribute '{name}'")

    def __dir__() -> list[str]:
        """Return all names, imported or not."""
        return sorted({*globals(), *__all__})
