"""NumPy archives, written array by array: the same bytes from every version of Python and NumPy."""

from __future__ import annotations

import contextlib
import io
import math
import zipfile
from collections.abc import Iterator
from typing import IO

import numpy as np

_LARGEST = (1 << 31) - 1  # bytes of a member without the extension ZIP64, as zipfile has it


def array_header(shape: tuple[int, ...], dtype: np.dtype[np.generic]) -> bytes:
    """Return what precedes the values of an array, in C order, in a file of NumPy."""
    header = io.BytesIO()
    described = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(header, described)
    return header.getvalue()


@contextlib.contextmanager
def added_array(
    archive: zipfile.ZipFile, name: str, shape: tuple[int, ...], dtype: np.dtype[np.generic]
) -> Iterator[IO[bytes]]:
    """Add an array to an archive; the block writes its values, in C order, after the header.

    `np.savez` uses ZIP64 for all arrays. Python 3.10 then writes headers that contradict themselves for small ones:
    https://github.com/python/cpython/issues/103861

    Example:
        >>> with zipfile.ZipFile("a.npz", "w") as archive:
        ...     with added_array(archive, "vectors", (2, 3), np.dtype("<f4")) as values:
        ...         _ = values.write(bytes(24))
        >>> np.load("a.npz")["vectors"].shape
        (2, 3)
    """
    header = array_header(shape, dtype)
    size = len(header) + math.prod(shape) * dtype.itemsize
    with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=size > _LARGEST) as member:
        member.write(header)
        yield member
