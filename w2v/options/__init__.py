"""Every option with its default, written in this folder and nowhere else; the command line and Python both read it.

Import the classes from here, and anything else from its module. Queries need none of the classes, and each takes a
millisecond or two to make, so a class is imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from w2v.options.clusters import ClusterOptions
    from w2v.options.continuing import RunOptions
    from w2v.options.corpus import CorpusOptions
    from w2v.options.encoding import EncodingOptions
    from w2v.options.phrases import PhraseOptions
    from w2v.options.pictures import MapOptions, PictureOptions
    from w2v.options.training import TrainingOptions
    from w2v.options.vocabulary import VocabularyOptions
    from w2v.options.walks import WalkOptions

__all__ = [
    "ClusterOptions",
    "CorpusOptions",
    "EncodingOptions",
    "MapOptions",
    "PhraseOptions",
    "PictureOptions",
    "RunOptions",
    "TrainingOptions",
    "VocabularyOptions",
    "WalkOptions",
]

_FILES = {
    "ClusterOptions": "clusters",
    "CorpusOptions": "corpus",
    "EncodingOptions": "encoding",
    "MapOptions": "pictures",
    "PhraseOptions": "phrases",
    "PictureOptions": "pictures",
    "RunOptions": "continuing",
    "TrainingOptions": "training",
    "VocabularyOptions": "vocabulary",
    "WalkOptions": "walks",
}

if not TYPE_CHECKING:  # a type checker would accept any name if it saw __getattr__

    def __getattr__(name: str) -> object:
        """Import a class on first use."""
        if name in _FILES:
            from importlib import import_module

            return getattr(import_module(f"w2v.options.{_FILES[name]}"), name)
        raise AttributeError(f"module 'w2v.options' has no attribute '{name}'")

    def __dir__() -> list[str]:
        """Return all names, imported or not."""
        return sorted({*globals(), *__all__})
