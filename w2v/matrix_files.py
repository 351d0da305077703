"""Vectors of texts in files, written block by block: NumPy arrays, tab-separated values, Parquet."""

from __future__ import annotations

import contextlib
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, BinaryIO

import numpy as np

from w2v.array_archive import added_array, array_header
from w2v.errors import MissingExtraError, UsageError
from w2v.networks.row_sums import Floats32
from w2v.temporary_file import temporary_file, temporary_folder

Add = Callable[[Floats32], None]
_COPIED_AT_ONCE = 1 << 20


@contextlib.contextmanager
def npy_file(stream: BinaryIO, dim: int) -> Iterator[Add]:
    """Write a NumPy array of shape (n, d), float32, when the block ends."""
    with _spooled() as (rows, add, count):
        yield add
        stream.write(array_header((count(), dim), np.dtype("<f4")))
        _write_rows(stream, rows)


@contextlib.contextmanager
def npz_file(stream: BinaryIO, dim: int) -> Iterator[Add]:
    """Write a NumPy archive with the array `vectors`, (n, d), when the block ends."""
    with _spooled() as (rows, add, count):
        yield add
        with (
            zipfile.ZipFile(stream, "w") as archive,
            added_array(archive, "vectors", (count(), dim), np.dtype("<f4")) as values,
        ):
            _write_rows(values, rows)


@contextlib.contextmanager
def tsv_file(stream: BinaryIO, dim: int) -> Iterator[Add]:  # noqa: ARG001
    """Write the values of a text in each line, with tabs between."""
    from w2v.vectors.formats.text_rows import formatted_rows

    def add(rows: Floats32) -> None:
        for block in formatted_rows([b""] * len(rows), rows):  # a space before each value, none elsewhere
            stream.write(bytes(block)[1:].replace(b"\n ", b"\n").replace(b" ", b"\t"))

    yield add


@contextlib.contextmanager
def parquet_file(stream: BinaryIO, dim: int) -> Iterator[Add]:
    """Write a Parquet file with the column `vector`, lists of d float32.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        feature = "writing Parquet"
        raise MissingExtraError(feature, "parquet") from None
    kind = pa.list_(pa.float32(), dim)
    with pq.ParquetWriter(stream, pa.schema([("vector", kind)])) as writer:

        def add(rows: Floats32) -> None:
            column = pa.FixedSizeListArray.from_arrays(pa.array(rows.reshape(-1)), dim)
            writer.write_table(pa.table({"vector": column}))

        yield add


WRITERS = {".npz": npz_file, ".npy": npy_file, ".tsv": tsv_file, ".parquet": parquet_file}


def writer_for(path: Path) -> Callable[[BinaryIO, int], contextlib.AbstractContextManager[Add]]:
    """Return what writes a file of this name; a name without an ending, such as -, is TSV.

    Raises:
        UsageError: the ending is none of a format.
    """
    if not path.suffix:
        return tsv_file
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise UsageError(f"{path}: the name must end in one of {', '.join(WRITERS)}")
    return writer


@contextlib.contextmanager
def _spooled() -> Iterator[tuple[IO[bytes], Add, Callable[[], int]]]:
    """Keep rows in a temporary file until their number is known, which comes first in a NumPy file."""
    with temporary_file(temporary_folder()) as rows:
        count = 0

        def add(block: Floats32) -> None:
            nonlocal count
            count += len(block)
            rows.write(np.ascontiguousarray(block, "<f4").data)

        yield rows, add, lambda: count


def _write_rows(stream: IO[bytes], rows: IO[bytes]) -> None:
    rows.seek(0)
    shutil.copyfileobj(rows, stream, _COPIED_AT_ONCE)
