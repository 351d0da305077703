"""A saved model (see w2v.model_file), read as vectors: its words and their input vectors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from w2v.vectors.formats.format import Format
from w2v.vectors.formats.vectors_stream import FileStart, VectorsStream

if TYPE_CHECKING:
    from w2v.progress import Progress
    from w2v.vectors.formats.finite import Matrix
    from w2v.vectors.packed_words import PackedWords
    from w2v.vectors.provenance import Provenance


def recognises(start: FileStart) -> bool:
    """Say whether the file is a model."""
    if start.head[8:9] != b"{":  # as nearly always
        return False
    from w2v.model_file import holds_model

    return holds_model(start.head)


def read(file: VectorsStream, _: Progress) -> tuple[PackedWords, Matrix]:
    """Return the words of a model and their input vectors, shape (V, d).

    Raises:
        ModelError: the file is damaged, or a later version of w2v wrote it.
    """
    import numpy as np

    from w2v.model_file import ModelFile
    from w2v.vectors.packed_words import PackedWords

    model = ModelFile.open(file.path)
    words = PackedWords.joined(model.array("words").tobytes().split(b"\n")[:-1])
    return words, np.asarray(model.array("input_vectors"), np.float32)


def provenance(path: Path) -> Provenance:
    """Return the counts of a model's words, and the options that it was trained with.

    Raises:
        ModelError: the file is damaged, or a later version of w2v wrote it.
    """
    from w2v.model_file import ModelFile
    from w2v.vectors.provenance import training_metadata

    model = ModelFile.open(path)
    return {"counts": model.array("counts"), "metadata": training_metadata(model.facts["w2v"], model.facts["options"])}


FORMAT = Format(
    name="model",
    description="a model saved by training",
    endings=(".model",),
    recognises=recognises,
    read=read,
    provenance=provenance,
)
