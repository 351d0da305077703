"""Vectors in a safetensors file: `vectors`, float32 of shape (V, d), and `words`, their UTF-8, each with a newline.

Where they are known, there are also `counts`, int64 of shape (V,), and JSON under `w2v` in the file's metadata.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from w2v.errors import VectorsError
from w2v.vectors.formats.format import Format
from w2v.vectors.vectors_size import VectorsSize
from w2v.wording import counted, in_one_line

if TYPE_CHECKING:
    import numpy.typing as npt

    from w2v.progress import Progress
    from w2v.vectors.formats.finite import Matrix
    from w2v.vectors.formats.vectors_stream import FileStart, VectorsStream
    from w2v.vectors.packed_words import PackedWords
    from w2v.vectors.provenance import Provenance

_MOST_SHOWN = 300  # characters of what a file holds, in a message
_FLOATS = ("F16", "BF16", "F32", "F64")
_WORK = {"F16": 2, "BF16": 10, "F64": 8}  # bytes for each value until it is float32
_WORD_BYTES = 90  # of a word, read as one of a list
_METADATA = "w2v"  # the name of our facts in the file's metadata
_IN_HEADER = b'"vectors":{'  # in the header, which follows the eight bytes of its length


def recognises(start: FileStart) -> bool:
    """Say whether the file is called .safetensors, or starts as one."""
    if start.has_ending(".safetensors") or start.head[8:9] != b"{":  # as nearly always
        return start.has_ending(".safetensors")
    from w2v.safetensors_file import LONGEST_HEADER

    return int.from_bytes(start.head[:8], "little") <= LONGEST_HEADER


def holds_our_tensors(start: FileStart) -> bool:
    """Say whether the header names the tensor of vectors."""
    return start.head[8:9] == b"{" and _IN_HEADER in start.head


def read(file: VectorsStream, _: Progress) -> tuple[PackedWords, Matrix]:
    """Return the words and vectors of a file with two tensors of these names; vectors may be floats of any size.

    Raises:
        VectorsError: the file is damaged or holds something else.
    """
    from w2v.safetensors_file import SafetensorsFile
    from w2v.vectors.formats.finite import finite_float32
    from w2v.vectors.packed_words import PackedWords

    path = file.path
    tensors = SafetensorsFile.open(path, VectorsError)
    if not {"words", "vectors"} <= set(tensors.names):
        if "layer0" in tensors.names:
            raise VectorsError(f"{path}: is a classifier, which has no vectors to query; 'w2v classify' uses it")
        held = in_one_line(", ".join(sorted(tensors.names)), _MOST_SHOWN) or "nothing"
        raise VectorsError(f"{path}: must hold the tensors words and vectors, but holds {held}")
    shape, kind = tensors.shape("vectors"), tensors.kind("words")
    if kind != "U8":
        raise VectorsError(f"{path}: must hold words as UTF-8, in U8, each with a newline, not as {in_one_line(kind)}")
    *words, end = tensors.array("words").tobytes().split(b"\n")
    if len(shape) != 2 or tensors.kind("vectors") not in _FLOATS or end or len(words) != shape[0] or not all(shape):
        raise VectorsError(f"{path}: holds {counted(len(words), 'word')}, but vectors of shape {shape}")
    decoded = file.decoded(PackedWords.joined(words), in_utf8=True)
    return decoded, finite_float32(tensors.array("vectors"), path)


def size(file: VectorsStream) -> VectorsSize:
    """Return how many vectors a file holds, and what reading them takes.

    Raises:
        VectorsError: the file is damaged.
    """
    from w2v.safetensors_file import SafetensorsFile

    tensors = SafetensorsFile.open(file.path, VectorsError)
    shape = tensors.shape("vectors") if "vectors" in tensors.names else ()
    if len(shape) != 2:
        return VectorsSize(0, 0)  # `read` says what is wrong
    return VectorsSize(*shape, shape[0] * (_WORD_BYTES + _WORK.get(tensors.kind("vectors"), 0) * shape[1]))


def provenance(path: Path) -> Provenance:
    """Return the counts and the metadata of a file, as far as it has them.

    Raises:
        VectorsError: the file is damaged.
    """
    from w2v.safetensors_file import SafetensorsFile
    from w2v.vectors.provenance import provenance_from

    tensors = SafetensorsFile.open(path, VectorsError)
    is_known = "counts" in tensors.names and tensors.kind("counts") == "I64"
    return provenance_from(tensors.array("counts") if is_known else None, tensors.metadata.get(_METADATA))


def write(stream: BinaryIO, words: PackedWords, matrix: Matrix, known: Provenance) -> None:
    """Write the tensors.

    Raises:
        VectorsError: a word has a line end in it, or a value is not finite; or metadata is no JSON.
    """
    import numpy as np

    from w2v.safetensors_file import write_safetensors
    from w2v.vectors.formats.finite import check_finite
    from w2v.vectors.formats.tokens import shown_word
    from w2v.vectors.provenance import metadata_as_json

    check_finite(words, matrix)
    encoded = words.all_encoded()
    if odd := next((word for word in encoded if b"\n" in word), None):
        raise VectorsError(f"the word {shown_word(odd)} has a line end in it, which this format can't hold")
    text = np.frombuffer(b"".join(word + b"\n" for word in encoded), dtype=np.uint8)
    arrays: dict[str, npt.NDArray[Any]] = {"vectors": matrix, "words": text}
    if "counts" in known:
        arrays["counts"] = known["counts"]
    metadata = {"format": "w2v"}
    if known.get("metadata"):
        metadata[_METADATA] = metadata_as_json(known["metadata"])
    write_safetensors(stream, arrays, metadata)


FORMAT = Format(
    name="safetensors",
    description="tensors named words and vectors",
    endings=(".safetensors",),
    recognises=recognises,
    may_replace=holds_our_tensors,
    read=read,
    write=write,
    size=size,
    provenance=provenance,
)
