"""What a file can know about its vectors besides words and values: how often words occur, and how they were trained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

import numpy as np
import numpy.typing as npt


class Provenance(TypedDict, total=False):
    """Counts, shape (V,), and metadata as `Vectors` has them."""

    counts: npt.NDArray[np.int64]
    metadata: dict[str, Any]


def training_metadata(version: str, options: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the metadata of trained vectors.

    Args:
        version: the version of w2v.
        options: the options of each concern, as model files have them.

    Example:
        >>> training_metadata("1.0", {"corpus": {"tokens": "words"}, "training": {"dim": 100}})
        {'w2v': '1.0', 'options': {'tokens': 'words', 'dim': 100}}
    """
    return {"w2v": version, "options": {name: value for owner in options.values() for name, value in owner.items()}}
