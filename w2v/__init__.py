"""Word vectors from your own text.

import w2v
vectors = w2v.train("corpus.txt", dim=100)
vectors.similar("king", n=5)
vectors.save("vectors.txt")
w2v.load("vectors.txt")["king"]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from w2v.api import Options, load, train
from w2v.errors import UsageError, W2VError

if TYPE_CHECKING:
    from w2v.vectors import Vectors

    __version__: str

__all__ = ["Options", "UsageError", "Vectors", "W2VError", "__version__", "load", "train"]

if not TYPE_CHECKING:  # a type checker would take any name for one of this module's

    def __getattr__(name: str) -> Any:
        """Import what takes time when it is asked for."""
        if name == "Vectors":
            from w2v.vectors import Vectors

            return Vectors
        if name == "__version__":
            from importlib.metadata import version

            return version("w2v")
        raise AttributeError(f"module 'w2v' has no attribute '{name}'")

    def __dir__() -> list[str]:
        """Name what is imported when it is asked for, too."""
        return sorted({*globals(), *__all__})
