"""The file that a whole model is kept in, to train on later: named arrays, and facts about them as a JSON object.

It is a safetensors file: the length of a header, the header in JSON, then the arrays as they lie in memory. Unlike a
pickle it can't run code when it is read; unlike a NumPy archive its arrays can be read in part, or mapped into memory,
and its writing takes no longer than the disk does. Any program that reads safetensors can open it.

Format: https://github.com/huggingface/safetensors
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.errors import ModelError
from w2v.files import MODEL_FORMAT, holds_model, replacing

VERSION = 1  # of the facts and the arrays that there must be

_KINDS: dict[str, np.dtype[Any]] = {"F32": np.dtype("<f4"), "I64": np.dtype("<i8"), "U8": np.dtype("u1")}
_LONGEST_HEADER = 100_000_000  # bytes, as in the reference reader
_ALIGNMENT = 64  # bytes; of the first array in the file
_BYTES_AT_ONCE = 1 << 24


class _Place(NamedTuple):
    """Where an array lies in the file."""

    kind: np.dtype[Any]
    shape: tuple[int, ...]
    start: int


@dataclass(frozen=True)
class ModelFile:
    """A model file whose header was read.

    Attributes:
        path: the file.
        facts: what is said about the arrays.
        size: bytes of the file.
    """

    path: Path
    facts: dict[str, Any]
    size: int
    _places: dict[str, _Place]

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> ModelFile:
        """Read the header; the arrays are read when asked for.

        Raises:
            ModelError: there is no such file, it is no model file, it is cut short, or a later version wrote it.
        """
        file = Path(path)
        try:
            with file.open("rb") as stream:
                return cls(file, *_read_header(stream, file))
        except FileNotFoundError:
            raise ModelError(f"{file}: no such file; make one with 'w2v train corpus.txt --save-model FILE'") from None
        except IsADirectoryError:
            raise ModelError(f"{file}: is a folder, not a model file") from None
        except OSError as error:
            raise ModelError(f"{file}: can't be read ({error.strerror})") from error

    def shape(self, name: str) -> tuple[int, ...]:
        """Return the shape of an array.

        Raises:
            ModelError: there is no such array.
        """
        return self._place(name).shape

    def array(self, name: str) -> npt.NDArray[Any]:
        """Read a whole array.

        Raises:
            ModelError: there is no such array, or it can't be read.
        """
        place = self._place(name)
        array = np.empty(place.shape, place.kind)
        with self._opened(place) as stream:
            self._fill(array.reshape(-1), stream)
        return array

    def rows(self, name: str) -> Iterator[npt.NDArray[Any]]:
        """Read a matrix some rows at a time, in order; they are valid until the next ones are asked for.

        Raises:
            ModelError: there is no such matrix, or it can't be read.
        """
        place = self._place(name)
        count, width = place.shape
        block = np.empty((max(1, _BYTES_AT_ONCE // (width * place.kind.itemsize)), width), place.kind)
        with self._opened(place) as stream:
            for start in range(0, count, len(block)):
                rows = block[: count - start]
                self._fill(rows.reshape(-1), stream)
                yield rows

    def _place(self, name: str) -> _Place:
        if name not in self._places:
            raise ModelError(f"{self.path}: has no {name}; not a model that this version of w2v wrote")
        return self._places[name]

    def _opened(self, place: _Place) -> IO[bytes]:
        stream = self.path.open("rb")
        stream.seek(place.start)
        return stream

    def _fill(self, array: npt.NDArray[Any], stream: IO[bytes]) -> None:
        view = array.view(np.uint8).data
        if stream.readinto(view) != len(view):  # type: ignore[attr-defined]
            raise ModelError(f"{self.path}: has changed or been cut short while it was read")


def write_model(path: str | os.PathLike[str], facts: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write facts that JSON can hold, and arrays of float32, int64 or uint8; rows may lie apart in memory.

    Raises:
        OutputError: the file can't be written; what stood there is unchanged.
    """
    names = {kind: name for name, kind in _KINDS.items()}
    places, end = {}, 0
    for name, array in arrays.items():
        start, end = end, end + array.size * array.itemsize
        kind = names[array.dtype.newbyteorder("<") if array.itemsize > 1 else array.dtype]
        places[name] = {"dtype": kind, "shape": array.shape, "data_offsets": [start, end]}
    about = {"format": MODEL_FORMAT, "version": str(VERSION), "facts": json.dumps(facts, ensure_ascii=False)}
    header = json.dumps({"__metadata__": about, **places}, ensure_ascii=False, separators=(",", ":")).encode()
    header += b" " * (-(8 + len(header)) % _ALIGNMENT)
    with replacing(path) as stream:
        stream.write(len(header).to_bytes(8, "little") + header)
        for array in arrays.values():
            rows = max(1, _BYTES_AT_ONCE // max(1, array[:1].size * array.itemsize))
            for start in range(0, len(array), rows):
                block = array[start : start + rows]
                stream.write(np.ascontiguousarray(block, block.dtype.newbyteorder("<")).data)


def _read_header(stream: IO[bytes], path: Path) -> tuple[dict[str, Any], int, dict[str, _Place]]:
    start = stream.read(1 << 10)
    size = os.fstat(stream.fileno()).st_size
    if not holds_model(start):
        raise ModelError(f"{path}: is no model file; 'w2v train --save-model' writes one")
    length = int.from_bytes(start[:8], "little")
    damaged = ModelError(f"{path}: is damaged or cut short; get it again, or an older copy")
    if length > min(size - 8, _LONGEST_HEADER):
        raise damaged
    stream.seek(8)
    try:
        header = json.loads(stream.read(length))
        about = header.pop("__metadata__")
        version = int(about["version"])
        if version > VERSION:
            raise ModelError(f"{path}: was written by a later version of w2v; upgrade with 'pip install -U w2v'")
        places = {}
        for name, place in header.items():
            kind = _KINDS[place["dtype"]]
            shape, (first, last) = tuple(place["shape"]), place["data_offsets"]
            if not all(isinstance(n, int) and n >= 0 for n in (*shape, first)):
                raise damaged
            if last - first != math.prod(shape) * kind.itemsize or 8 + length + last > size:
                raise damaged
            places[name] = _Place(kind, shape, 8 + length + first)
        facts = json.loads(about["facts"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged from error
    if not isinstance(facts, dict):
        raise damaged
    return facts, size, places
