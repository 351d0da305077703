"""How far the memory that `--dry-run` shows is from the memory that commands take: a table of both.

    python -m benchmarks.memory [COMMAND...]

It makes vectors and texts of five sizes in a temporary folder, and runs each command on each of them, in a process of
its own. The last column is the error of the estimate; it should stay within 15 %.
"""

from __future__ import annotations

import re
import sys
import tempfile
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from benchmarks.processes import run
from w2v.vectors import Vectors

_SIZES = [(20_000, 100), (50_000, 300), (200_000, 100), (100_000, 300), (200_000, 300)]  # words, dimensions
_MAPPED = [500, 1000, 2000, 4000, 8000]  # words of a map; t-SNE of more takes minutes
_UNITS = {"MB": 1e6, "GB": 1e9}
_W2V = [sys.executable, "-m", "w2v"]
_COMMANDS = {
    "text": "convert {v}.txt {out}.safetensors -q",
    "binary": "convert {v}.bin {out}.safetensors -q",
    "npz": "convert {v}.npz {out}.safetensors -q",
    "npy": "convert {v}.npy {out}.safetensors -q",
    "safetensors": "convert {v}.safetensors {out}.bin -q",
    "to text": "convert {v}.safetensors {out}.txt -q",
    "to npz": "convert {v}.safetensors {out}.npz -q",
    "top": "convert {v}.bin {out}.safetensors -q --top 20000",
    "normalize": "convert {v}.safetensors {out}.bin -q --normalize",
    "precision": "convert {v}.safetensors {out}.bin -q --precision 3",
    "cluster": "cluster {v}.safetensors --no-cache -k 100 -q -o {out}.txt",
    "map": "map {v}.safetensors --no-cache -q --top {top} --layout pca -o {out}.html",
    "t-SNE": "map {v}.safetensors --no-cache -q --top {top} --layout tsne -o {out}.html",
    "train": "train {text}.txt -q --epochs 1 --min-count 1 --dim {dim} -o {out}.bin",
    "train, hs": "train {text}.txt -q --epochs 1 --min-count 1 --dim {dim} --loss hs -o {out}.bin",
    "train, softmax": "train {small}.txt -q --epochs 1 --min-count 1 --dim {dim} --loss softmax -o {out}.bin",
}


def main(chosen: list[str]) -> None:
    """Measure the commands of these names, or all, and print a line for each size."""
    print(f"{'command':<16}{'size':>14}{'estimate':>10}{'measured':>10}{'error':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for number, (words, dim) in enumerate(_SIZES):
            # In a process of its own: what this one takes would count as taken by those that it starts
            with get_context("spawn").Pool(1) as pool:
                pool.apply(_write_inputs, (Path(folder), words, dim))
            names = {name: Path(folder) / name for name in ("v", "out", "text", "small")}
            places = {**names, "top": _MAPPED[number], "dim": dim}
            for name in chosen or _COMMANDS:
                command = _COMMANDS[name].format_map(places).split()
                if not number:
                    _peak(command, Path(folder))  # compiles
                estimate, measured = _estimate(command), _peak(command, Path(folder))
                sizes = f"{estimate / 1e6:>7,.0f} MB{measured / 1e6:>7,.0f} MB{estimate / measured - 1:>8.1%}"
                print(f"{name:<16}{f'{words:,}x{dim}':>14}{sizes}", flush=True)
            for path in Path(folder).iterdir():
                path.unlink()


def _estimate(command: list[str]) -> float:
    """Return how many bytes a command should take."""
    said = re.search(r"^memory +([\d.,]+) (MB|GB)", run([*_W2V, *command, "--dry-run"], {}).output, re.MULTILINE)
    assert said, command
    return float(said[1].replace(",", "")) * _UNITS[said[2]]


def _peak(command: list[str], folder: Path) -> int:
    """Run a command, remove what it writes, and return how many bytes it takes."""
    peak = run([*_W2V, *command], {}).peak_bytes
    for path in folder.glob("out*"):
        path.unlink()
    return peak


def _write_inputs(folder: Path, words: int, dim: int) -> None:
    """Write vectors in all formats, and texts with as many words and with a hundredth."""
    random = np.random.default_rng(1)
    values = random.standard_normal((words, dim), dtype=np.float32)
    vectors = Vectors([f"word{i}" for i in range(words)], values)
    for ending in ("txt", "bin", "npz", "npy", "safetensors"):
        vectors.save(folder / f"v.{ending}")
    for name, n in (("text", words), ("small", words // 100)):
        ids = np.concatenate([np.arange(n), random.integers(0, n, n)])
        random.shuffle(ids)
        lines = (" ".join(f"word{i}" for i in ids[start : start + 20]) for start in range(0, len(ids), 20))
        (folder / f"{name}.txt").write_text("\n".join(lines))


if __name__ == "__main__":
    main(sys.argv[1:])
