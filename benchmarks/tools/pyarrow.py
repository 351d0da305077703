"""pyarrow reads a file of vectors as a table: how fast could reading be?"""

from __future__ import annotations

from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from benchmarks.tool import Tool


class PyArrow(Tool):
    """See benchmarks/tool.py for what each method does."""

    name = title = module = package = "pyarrow"

    def load(self, path: str) -> dict[str, Any]:
        """Read words and a float32 matrix."""
        import numpy as np
        import pyarrow
        from pyarrow import csv

        started, used = perf_counter(), process_time()
        with Path(path).open("rb") as stream:
            dim = int(stream.readline().split()[1])
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
        return {"seconds": perf_counter() - started, "cpu_seconds": process_time() - used}


TOOL = PyArrow()
