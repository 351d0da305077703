"""polars reads a file of vectors as a table: how fast could reading be?"""

from __future__ import annotations

from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from benchmarks.tool import Tool


class Polars(Tool):
    """See benchmarks/tool.py for what each method does."""

    name = title = module = package = "polars"

    def load(self, path: str) -> dict[str, Any]:
        """Read words and a float32 matrix."""
        import numpy as np
        import polars

        started, used = perf_counter(), process_time()
        with Path(path).open("rb") as stream:
            dim = int(stream.readline().split()[1])
        schema = {"word": polars.String, **{f"v{column}": polars.Float32 for column in range(dim)}}
        table = polars.read_csv(path, separator=" ", has_header=False, skip_rows=1, quote_char=None, schema=schema)
        table["word"].to_list()
        np.ascontiguousarray(table.drop("word").to_numpy())
        return {"seconds": perf_counter() - started, "cpu_seconds": process_time() - used}


TOOL = Polars()
