"""What a file knows about its vectors besides words and values: how often words occur, and how they were trained."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
import numpy.typing as npt

from w2v.files import HEAD
from w2v.model_file import ModelFile, holds_model


class Provenance(TypedDict, total=False):
    """Counts, shape (V,), and metadata as `Vectors` has them."""

    counts: npt.NDArray[np.int64]
    metadata: dict[str, Any]


def provenance_of(path: Path) -> Provenance:
    """Return what a vectors file knows; only model files know anything so far.

    Raises:
        ModelError: a model file is damaged.
    """
    try:
        if not path.is_file():  # a pipe can be read only once
            return {}
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    except OSError:
        return {}  # reported when the vectors are read
    if not holds_model(head):
        return {}
    file = ModelFile.open(path)
    counts = file.array("counts")
    counts.flags.writeable = False
    return {"counts": counts, "metadata": training_metadata(file.facts["w2v"], file.facts["options"])}


def training_metadata(version: str, options: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the metadata of trained vectors.

    Args:
        version: of w2v.
        options: the options of each concern, as model files have them.

    Example:
        >>> training_metadata("1.0", {"corpus": {"tokens": "words"}, "training": {"dim": 100}})
        {'w2v': '1.0', 'options': {'tokens': 'words', 'dim': 100}}
    """
    return {"w2v": version, "options": {name: value for owner in options.values() for name, value in owner.items()}}
