"""Word vectors from your own text.

Example:
    >>> import w2v
    >>> vectors = w2v.train("corpora/english.txt", dim=50, threads=1)
    >>> vectors.similar("king", n=1)[0].word
    'queen'
    >>> vectors.save("vectors.txt")
    >>> w2v.load("vectors.txt") == vectors
    True
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in typing, which takes longer to import than all else here
if TYPE_CHECKING:
    from w2v.api import cluster, find_phrases, train, walks
    from w2v.classify import Classifier
    from w2v.errors import UnknownWordError, UsageError, W2VError
    from w2v.evaluation import evaluate_analogies, evaluate_pairs
    from w2v.options.keywords import Options
    from w2v.vectors import Query, Vectors, load

    __version__: str

__all__ = [
    "Classifier",
    "Options",
    "Query",
    "UnknownWordError",
    "UsageError",
    "Vectors",
    "W2VError",
    "__version__",
    "cluster",
    "evaluate_analogies",
    "evaluate_pairs",
    "find_phrases",
    "load",
    "train",
    "walks",
]

if not TYPE_CHECKING:  # a type checker would accept any name if it saw __getattr__
    _MODULES = {
        "Classifier": "w2v.classify",
        "Options": "w2v.options.keywords",
        "Query": "w2v.vectors",
        "UnknownWordError": "w2v.errors",
        "UsageError": "w2v.errors",
        "Vectors": "w2v.vectors",
        "W2VError": "w2v.errors",
        "cluster": "w2v.api",
        "evaluate_analogies": "w2v.evaluation",
        "evaluate_pairs": "w2v.evaluation",
        "find_phrases": "w2v.api",
        "load": "w2v.vectors",
        "train": "w2v.api",
        "walks": "w2v.api",
    }

    def __getattr__(name: str) -> object:
        """Import a name on first use, so that `import w2v` takes no time."""
        if name in _MODULES:
            from importlib import import_module

            globals()[name] = found = getattr(import_module(_MODULES[name]), name)
            return found
        if name == "__version__":
            from w2v.version import installed_version

            return installed_version()
        raise AttributeError(f"module 'w2v' has no attribute '{name}'")

    def __dir__() -> list[str]:
        """Return the public names, imported or not."""
        return sorted({*globals(), *__all__})
