"""What a file can know about its vectors besides words and values: how often words occur, and how they were trained."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypedDict

from w2v.errors import VectorsError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class Provenance(TypedDict, total=False):
    """Counts, shape (V,), and metadata as `Vectors` has them."""

    counts: npt.NDArray[np.int64]
    metadata: dict[str, Any]


def metadata_as_json(metadata: Mapping[str, Any]) -> str:
    """Return metadata as text that files keep.

    Raises:
        VectorsError: JSON can't hold a value.
    """
    try:
        return _dumped(metadata)
    except (TypeError, ValueError, RecursionError) as error:
        raise VectorsError(f"the metadata of the vectors can't be written as JSON ({error}); leave it out") from error


def _dumped(metadata: Mapping[str, Any]) -> str:
    """Return JSON that is valid Unicode, and that says the same when read.

    Raises:
        ValueError: that can't be: two halves of a surrogate pair stand side by side.
    """
    text = json.dumps(metadata, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # as of the name of a file
        escaped = json.dumps(metadata)
        if json.loads(escaped) != json.loads(text):
            raise ValueError("two halves of a surrogate pair") from None
        return escaped
    return text


def provenance_from(counts: npt.NDArray[Any] | None, metadata: str | None) -> Provenance:
    """Return what a file keeps of its vectors; counts and metadata that can't be right are left out.

    Args:
        counts: an array of any kind, or None.
        metadata: JSON, or None.
    """
    found: Provenance = {}
    if counts is not None and counts.ndim == 1 and counts.dtype.kind in "iu" and counts.min(initial=0) >= 0:
        found["counts"] = counts.astype("i8")
    try:
        facts = json.loads(metadata or "{}")
    except (ValueError, RecursionError):
        facts = None
    if isinstance(facts, dict) and facts:
        found["metadata"] = facts
    return found


def training_metadata(
    version: str, options: Mapping[str, Mapping[str, Any]], tokens_by: str | None = None
) -> dict[str, Any]:
    """Return the metadata of trained vectors.

    Args:
        version: the version of w2v.
        options: the options of each concern, as model files have them.
        tokens_by: what besides w2v decided where tokens end, with its version, if anything did.

    Example:
        >>> training_metadata("1.0", {"corpus": {"tokens": "words"}, "training": {"dim": 100}})
        {'w2v': '1.0', 'options': {'tokens': 'words', 'dim': 100}}
    """
    chosen = {name: value for owner in options.values() for name, value in owner.items()}
    return {"w2v": version, "options": chosen} | ({"tokens_by": tokens_by} if tokens_by else {})
