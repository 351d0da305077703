"""Worker: load vectors with one tool, or run `w2v similar`."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np

from benchmarks.processes import answer


def load(name: str, path: str) -> dict[str, Any]:
    """Load words and a C-contiguous float32 matrix with one tool, and return the time, imports included."""
    started, used = perf_counter(), process_time()
    words, matrix = {"w2v": _w2v, "gensim": _gensim, "polars": _polars, "pyarrow": _pyarrow}[name](path)
    seconds, cpu_seconds = perf_counter() - started, process_time() - used
    assert matrix.shape == _shape(path) == (len(words), matrix.shape[1])
    assert matrix.dtype == np.float32
    assert matrix.flags.c_contiguous
    return {"seconds": seconds, "cpu_seconds": cpu_seconds}


def similar(path: str, word: str) -> dict[str, Any]:
    """Run `w2v similar WORD --vectors PATH`, and return the private memory of this process."""
    from w2v.cli import main

    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
        main(["similar", word, "--vectors", path])
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return {"private_bytes": int(status["RssAnon"].split()[0]) * 1024}


def _w2v(path: str) -> tuple[Any, Any]:
    import w2v

    vectors = w2v.load(path, cache=False)
    return vectors.words, vectors.matrix


def _gensim(path: str) -> tuple[Any, Any]:
    from gensim.models import KeyedVectors

    keyed = KeyedVectors.load_word2vec_format(path)
    return keyed.index_to_key, keyed.vectors


def _polars(path: str) -> tuple[Any, Any]:
    import polars

    _, dim = _shape(path)
    schema = {"word": polars.String, **{f"v{column}": polars.Float32 for column in range(dim)}}
    table = polars.read_csv(path, separator=" ", has_header=False, skip_rows=1, quote_char=None, schema=schema)
    words = table["word"].to_list()
    matrix = np.ascontiguousarray(table.drop("word").to_numpy())
    return words, matrix


def _pyarrow(path: str) -> tuple[Any, Any]:
    import pyarrow
    from pyarrow import csv

    _, dim = _shape(path)
    columns = ["word", *(f"v{column}" for column in range(dim))]
    table = csv.read_csv(
        path,
        csv.ReadOptions(skip_rows=1, column_names=columns),
        csv.ParseOptions(delimiter=" ", quote_char=False),
        csv.ConvertOptions(column_types={name: pyarrow.float32() for name in columns[1:]}),
    )
    words = table["word"].to_pylist()
    matrix = np.empty((len(words), dim), dtype=np.float32)
    for place, name in enumerate(columns[1:]):
        matrix[:, place] = table[name].to_numpy()
    return words, matrix


def _shape(path: str) -> tuple[int, int]:
    with Path(path).open("rb") as stream:
        count, dim = map(int, stream.readline().split())
    return count, dim


if __name__ == "__main__":
    answer({"load": load, "similar": similar})
