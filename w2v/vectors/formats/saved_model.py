"""A saved model (see w2v.model_file), read as vectors: its words and their input vectors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from w2v.errors import ModelError, UsageError
from w2v.vectors.formats.format import Format
from w2v.vectors.vectors_size import VectorsSize
from w2v.wording import counted

if TYPE_CHECKING:
    from w2v.progress import Progress
    from w2v.vectors.formats.finite import Matrix
    from w2v.vectors.formats.vectors_stream import FileStart, VectorsStream
    from w2v.vectors.packed_words import PackedWords
    from w2v.vectors.provenance import Provenance

_WORD_BYTES = 90  # of a word, read as one of a list


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
    from w2v.model_file import ModelFile
    from w2v.vectors.formats.finite import finite_float32
    from w2v.vectors.packed_words import PackedWords

    model, path = ModelFile.open(file.path), file.path
    *words, end = model.array("words").tobytes().split(b"\n")
    shape = model.shape("input_vectors")
    matrix = model.array("input_vectors")
    if end or len(shape) != 2 or len(words) != shape[0] or not all(shape) or matrix.dtype.kind != "f":
        raise ModelError(f"{path}: is damaged: {counted(len(words), 'word')}, and input vectors of shape {shape}")
    return file.decoded(PackedWords.joined(words), in_utf8=True), finite_float32(matrix, path)


def size(file: VectorsStream) -> VectorsSize:
    """Return how many vectors a file holds, and what reading them takes.

    Raises:
        ModelError: the file is damaged.
    """
    from w2v.model_file import ModelFile

    shape = ModelFile.open(file.path).shape("input_vectors")
    if len(shape) != 2:
        return VectorsSize(0, 0)  # `read` says what is wrong
    return VectorsSize(*shape, _WORD_BYTES * shape[0])


def provenance(path: Path) -> Provenance:
    """Return the counts of a model's words, and the options that it was trained with.

    Raises:
        ModelError: the file is damaged, or a later version of w2v wrote it.
    """
    from w2v.model_file import ModelFile
    from w2v.vectors.arguments import as_counts
    from w2v.vectors.provenance import training_metadata

    model = ModelFile.open(path)
    counts = model.array("counts")
    facts = model.facts
    try:
        as_counts(counts, model.shape("input_vectors")[0])
        metadata = training_metadata(facts["w2v"], facts["options"], facts.get("tokens_by"))
    except (UsageError, KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
        raise ModelError(f"{path}: is damaged, or not a model that this version of w2v wrote") from error
    return {"counts": counts, "metadata": metadata}


FORMAT = Format(
    name="model",
    description="a model saved by training",
    endings=(".model",),
    recognises=recognises,
    read=read,
    size=size,
    provenance=provenance,
)
