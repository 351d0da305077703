"""Named arrays and metadata in one file, in the safetensors format (https://github.com/huggingface/safetensors).

Such a file is the length of a header, the header in JSON, then the arrays as they lie in memory. Unlike a pickle, it
can't run code when it is read; unlike a NumPy archive, its arrays can be read in part, or mapped into memory. Any
program that reads safetensors can open what `write_safetensors` writes. The metadata has a checksum of each array. It
is compared whenever the array is read, so that damage on the disk is found; files without checksums are read, too.
"""

from __future__ import annotations

import json
import math
import mmap
import os
import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.checksum import Checksum
from w2v.errors import W2VError
from w2v.wording import in_one_line

LONGEST_HEADER = 100_000_000  # bytes, as in the reference reader

_KINDS: dict[str, np.dtype[Any]] = {
    "BOOL": np.dtype("?"),
    "U8": np.dtype("u1"), "I8": np.dtype("i1"),
    "U16": np.dtype("<u2"), "I16": np.dtype("<i2"), "F16": np.dtype("<f2"),
    "U32": np.dtype("<u4"), "I32": np.dtype("<i4"), "F32": np.dtype("<f4"),
    "U64": np.dtype("<u8"), "I64": np.dtype("<i8"), "F64": np.dtype("<f8"),
}  # fmt: skip
_BFLOAT16 = "BF16"  # the upper half of a float32, which NumPy doesn't know
_MOST_VALUES = 1 << 56  # of an array; NumPy makes no larger one, even if it is empty
_ALIGNMENT = 64  # bytes; of the first array in the file
_BYTES_AT_ONCE = 1 << 24
_MOST_DIMENSIONS = 64  # of an array, as in NumPy
_CHECKSUMS = "checksums"  # of the arrays by name, as a JSON object in the metadata


class _Tensor(NamedTuple):
    """Where an array lies in the file."""

    kind: str
    shape: tuple[int, ...]
    start: int
    size: int


@dataclass(frozen=True, eq=False)
class SafetensorsFile:
    """A safetensors file whose header was read.

    Attributes:
        path: the file.
        refusal: the error to raise for what is wrong with it.
        metadata: texts by name, none if the file has no metadata.
        size: bytes of the file.
    """

    path: Path
    refusal: type[W2VError]
    metadata: dict[str, str]
    size: int
    _tensors: dict[str, _Tensor]
    _checksums: dict[str, str]
    _stream: IO[bytes]  # the file of the header, though another one may have its name by now
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def open(cls, path: Path, refusal: type[W2VError]) -> SafetensorsFile:
        """Read the header; the arrays are read when asked for.

        Raises:
            W2VError: a `refusal`: the file is no safetensors file, or is damaged or cut short.
            OSError: the file can't be opened or read.
        """
        with ExitStack() as stack:
            stream = stack.enter_context(path.open("rb"))
            size = os.fstat(stream.fileno()).st_size
            try:
                header, start = _read_header(stream, size)
                metadata, tensors = _parsed(header, start, size)
                checksums = dict(json.loads(metadata.pop(_CHECKSUMS, "{}")))
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                raise refusal(
                    f"{path}: is damaged or cut short, or no safetensors file; get it again, or an older copy"
                ) from error
            stack.pop_all()
        file = cls(path, refusal, metadata, size, tensors, checksums, stream)
        weakref.finalize(file, _close, stream)
        return file

    @property
    def names(self) -> list[str]:
        """The names of the arrays."""
        return list(self._tensors)

    def kind(self, name: str) -> str:
        """Return the type of an array as the format calls it, such as "F32".

        Raises:
            W2VError: a `refusal`: there is no such array.
        """
        return self._tensor(name).kind

    def shape(self, name: str) -> tuple[int, ...]:
        """Return the shape of an array.

        Raises:
            W2VError: a `refusal`: there is no such array.
        """
        return self._tensor(name).shape

    def array(self, name: str) -> npt.NDArray[Any]:
        """Read a whole array; one of BF16 comes back as float32.

        Raises:
            W2VError: a `refusal`: there is no such array, or it can't be read.
        """
        tensor = self._tensor(name)
        if tensor.kind == _BFLOAT16:
            halves = np.empty(tensor.shape, "<u2")
            self._fill_from(name, halves)
            singles: npt.NDArray[Any] = (halves.astype(np.uint32) << np.uint32(16)).view(np.float32)
            return singles
        array = np.empty(tensor.shape, self._dtype(name))
        self._fill_from(name, array)
        return array

    def rows(self, name: str) -> Iterator[npt.NDArray[Any]]:
        """Read a matrix some rows at a time, in order; they are valid until the next ones are asked for.

        Raises:
            W2VError: a `refusal`: there is no such matrix, or it can't be read.
        """
        tensor, dtype = self._tensor(name), self._dtype(name)
        count, width = tensor.shape
        block = np.empty((max(1, min(count, _BYTES_AT_ONCE // (width * dtype.itemsize))), width), dtype)
        checksum = Checksum()
        for start in range(0, count, len(block)):
            rows = block[: count - start]
            self._fill(rows, tensor.start + start * width * dtype.itemsize)
            checksum.update(_bytes_of(rows))
            yield rows
        self._check(name, checksum)

    def mapped(self) -> dict[str, npt.NDArray[Any]]:
        """Map all arrays into memory, after comparing their checksums; changes stay in this process.

        Raises:
            W2VError: a `refusal`: an array is damaged, or of a type that NumPy doesn't know.
            OSError: the file can't be mapped.
        """
        mapping = mmap.mmap(self._stream.fileno(), 0, access=mmap.ACCESS_COPY)
        arrays = {}
        for name, tensor in self._tensors.items():
            array = np.frombuffer(mapping, self._dtype(name), math.prod(tensor.shape), tensor.start)
            arrays[name] = array.reshape(tensor.shape)
            self._compare(name, array)
        return arrays

    def _tensor(self, name: str) -> _Tensor:
        if name not in self._tensors:
            raise self.refusal(f"{self.path}: has no array {name}")
        return self._tensors[name]

    def _dtype(self, name: str) -> np.dtype[Any]:
        kind = self._tensors[name].kind
        if kind not in _KINDS:
            raise self.refusal(
                f"{self.path}: the array {name} has values of type {in_one_line(kind)}, which can't be read here"
            )
        return _KINDS[kind]

    def _fill_from(self, name: str, array: npt.NDArray[Any]) -> None:
        self._fill(array, self._tensor(name).start)
        self._compare(name, array)

    def _compare(self, name: str, array: npt.NDArray[Any]) -> None:
        checksum = Checksum()
        checksum.update(_bytes_of(array))
        self._check(name, checksum)

    def _check(self, name: str, checksum: Checksum) -> None:
        if self._checksums.get(name) not in (None, checksum.digest()):
            raise self.refusal(f"{self.path}: is damaged in the array {name}; get it again, or an older copy")

    def _fill(self, array: npt.NDArray[Any], place: int) -> None:
        view = array.reshape(-1).view(np.uint8).data
        with self._lock:
            self._stream.seek(place)
            n = self._stream.readinto(view)  # type: ignore[attr-defined]
        if n != len(view):
            raise self.refusal(f"{self.path}: has changed or been cut short while it was read")


def _close(stream: IO[bytes]) -> None:
    """Close a file that was read; an error of that changes nothing for the reader."""
    with suppress(OSError):
        stream.close()


def write_safetensors(
    stream: BinaryIO, arrays: Mapping[str, npt.NDArray[Any]], metadata: Mapping[str, str] | None = None
) -> None:
    """Write arrays of numbers, texts about them, and checksums; rows may lie apart in memory.

    The first array starts at a multiple of 64 bytes, and the others follow without a gap.
    """
    kinds = {dtype: kind for kind, dtype in _KINDS.items()}
    checksums = {name: _checksum_of(array) for name, array in arrays.items()}
    header: dict[str, Any] = {"__metadata__": {**(metadata or {}), _CHECKSUMS: json.dumps(checksums)}}
    end = 0
    for name, array in arrays.items():
        start, end = end, end + array.size * array.itemsize
        kind = kinds[array.dtype.newbyteorder("<")]
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [start, end]}
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-(8 + len(text)) % _ALIGNMENT)
    stream.write(len(text).to_bytes(8, "little") + text)
    for array in arrays.values():
        for block in _blocks_of(array):
            stream.write(block.data)


def _checksum_of(array: npt.NDArray[Any]) -> str:
    checksum = Checksum()
    for block in _blocks_of(array):
        checksum.update(_bytes_of(block))
    return checksum.digest()


def _blocks_of(array: npt.NDArray[Any]) -> Iterator[npt.NDArray[Any]]:
    """Yield some rows after the other, as they lie in a file."""
    rows = max(1, _BYTES_AT_ONCE // max(1, array.itemsize * math.prod(array.shape[1:])))
    for start in range(0, len(array), rows):
        block = array[start : start + rows]
        yield np.ascontiguousarray(block, block.dtype.newbyteorder("<"))


def _bytes_of(array: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """Return a view of the bytes of a contiguous array."""
    return array.reshape(-1).view(np.uint8)


def _read_header(stream: IO[bytes], size: int) -> tuple[dict[str, Any], int]:
    """Return the header, and where the arrays start.

    Raises:
        ValueError: it is no header, or is longer than the file.
    """
    length = int.from_bytes(stream.read(8), "little")
    if length > min(size - 8, LONGEST_HEADER):
        raise ValueError("header too long")
    header = json.loads(stream.read(length))
    if not isinstance(header, dict):
        raise TypeError("header is no object")
    return header, 8 + length


def _parsed(header: dict[str, Any], start: int, size: int) -> tuple[dict[str, str], dict[str, _Tensor]]:
    """Return the metadata and the arrays that a header describes.

    Raises:
        ValueError, KeyError, TypeError: the header is malformed, or its arrays don't fill the file from `start` to its
            end without gaps.
    """
    metadata = header.pop("__metadata__", {})
    if not all(isinstance(text, str) for text in metadata.values()):
        raise TypeError("metadata that is no text")
    tensors = {}
    for name, about in header.items():
        kind, shape, (first, last) = about["dtype"], tuple(about["shape"]), about["data_offsets"]
        if not isinstance(kind, str) or not all(type(n) is int and n >= 0 for n in (*shape, first, last)):
            raise TypeError("malformed array")
        if len(shape) > _MOST_DIMENSIONS:
            raise ValueError("too many dimensions")
        if math.prod(max(n, 1) for n in shape) > _MOST_VALUES:
            raise ValueError("shape too large, although a dimension may be 0")
        item_size = 2 if kind == _BFLOAT16 else _KINDS[kind].itemsize if kind in _KINDS else None
        if last < first or (item_size is not None and last - first != math.prod(shape) * item_size):
            raise ValueError("array of another size than its shape")
        tensors[name] = _Tensor(kind, shape, start + first, last - first)
    end = start
    for tensor in sorted(tensors.values(), key=lambda tensor: (tensor.start, tensor.size)):
        if tensor.start != end:
            raise ValueError("arrays that overlap, or leave a gap")
        end += tensor.size
    if end != size:
        raise ValueError("cut short, or something after the arrays")
    return metadata, tensors
