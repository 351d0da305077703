"""Measures loading vectors from text with w2v, gensim, polars and pyarrow, and `w2v similar` the first time and later.

python -m benchmarks.loading VECTORS.txt
"""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Any

import click

from benchmarks.processes import MeasurementError, ask, run

_PACKAGES = {"w2v": "numba", "gensim": "gensim", "polars": "polars", "pyarrow": "pyarrow"}
_SETTLED = 2.5  # seconds; w2v keeps no copy of a file that changed a moment ago


@click.command(context_settings={"show_default": True})
@click.argument("vectors", type=click.Path(exists=True, dir_okay=False, path_type=Path, resolve_path=True))
@click.option("--repeat", type=click.IntRange(min=1), default=3, help="Measurements of each kind.")
@click.option("--contenders", default=",".join(_PACKAGES), metavar="NAMES", help="Tools to measure.")
@click.option("--word", default="king", help="Word to query.")
def main(vectors: Path, repeat: int, contenders: str, word: str) -> None:
    """Measure how fast VECTORS, in word2vec's text format, becomes words and a float32 matrix of shape (V, d).

    Each measurement is a process of its own, and the tools take turns. The file is in the system's page cache.
    """
    names = [name for name in contenders.split(",") if importlib.util.find_spec(_PACKAGES[name])]
    size = vectors.stat().st_size / 1e6
    try:
        with tempfile.TemporaryDirectory(prefix="w2v-loading-") as folder:
            environment = {"NUMBA_CACHE_DIR": str(Path(folder, "numba"))}
            ask("benchmarks.run_loading", "load", {"name": "w2v", "path": str(vectors)}, environment)  # compiles
            measured: dict[str, list[dict[str, float]]] = {name: [] for name in names}
            for _ in range(repeat):
                for name in names:
                    measured[name].append(
                        ask("benchmarks.run_loading", "load", {"name": name, "path": str(vectors)}, environment)
                    )
                    click.echo(f"{name}: {measured[name][-1]['seconds']:.2f} s", err=True)
            click.echo(f"{vectors.name}, {size:.0f} MB\n\n| | seconds | MB a second | seconds of CPU |")
            click.echo("| :-- | --: | --: | --: |")
            for name in names:
                seconds, cpu = (median(one[key] for one in measured[name]) for key in ("seconds", "cpu_seconds"))
                click.echo(f"| {name} | {seconds:.2f} | {size / seconds:.0f} | {cpu:.2f} |")
            click.echo("\n| `w2v similar` | seconds | private memory, MB |\n| :-- | --: | --: |")
            for title, figures in _queries(vectors, word, repeat, environment, Path(folder, "copies")):
                click.echo(f"| {title} | {figures['seconds']:.2f} | {figures['private_bytes'] / 1e6:.0f} |")
    except MeasurementError as error:
        raise click.ClickException(str(error)) from error


def _queries(
    vectors: Path, word: str, repeat: int, environment: Mapping[str, str], copies: Path
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the cost of the first query, and the median of later ones."""
    time.sleep(max(0.0, _SETTLED - (time.time() - vectors.stat().st_mtime)))
    command = [sys.executable, "-m", "benchmarks.run_loading", "similar", f'{{"path": "{vectors}", "word": "{word}"}}']
    environment = {**environment, "W2V_CACHE_DIR": str(copies), "W2V_CACHE_LIMIT": "1T"}
    runs = [run(command, environment) for _ in range(repeat + 1)]
    private = [float(one.output.rsplit(":", 1)[1].strip(" }\n")) for one in runs]
    yield "first", {"seconds": runs[0].seconds, "private_bytes": private[0]}
    yield "later", {"seconds": median(one.seconds for one in runs[1:]), "private_bytes": max(private[1:])}


if __name__ == "__main__":
    os.environ.pop("W2V_CACHE_DIR", None)
    main()
