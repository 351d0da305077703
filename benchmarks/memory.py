"""How far the memory that `--dry-run` shows is from the memory that commands take: a table of both.

    python -m benchmarks.memory [COMMAND...]

It makes vectors and texts of five sizes in a temporary folder, and runs each command on each of them, in a process of
its own. A cell has the peak of the resident memory in MB, and how far the estimate is from it, which should stay within
15 %. Commands without an estimate have the peak alone.
"""

from __future__ import annotations

import os
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
_SMALL = 40  # how many times fewer words the text for the softmax has, which scores all words each time
_ASKED, _ASKED_WORDS = 1000, 20_000  # pairs and analogies, of the first words
_UNITS = {"MB": 1e6, "GB": 1e9}
_W2V = [sys.executable, "-m", "w2v"]
_TRAIN = "train {text}.txt -q --epochs 1 --min-count 1 --dim {dim}"
_MAP = "map {v}.safetensors --no-cache -q --top {top}"
_COMMANDS = {
    "train": _TRAIN + " -o {out}.bin",
    "train, to text": _TRAIN + " -o {out}.txt",
    "train, CBOW": _TRAIN + " -o {out}.bin --model cbow",
    "train, hierarchical softmax": _TRAIN + " -o {out}.bin --loss hs",
    "train, softmax of fewer words": "train {small}.txt -q --epochs 1 --min-count 1 --dim {dim} --loss softmax"
    " --window 2 -o {out}.bin",
    "train, phrases": _TRAIN + " -o {out}.bin --phrases 1",
    "train, saved model": _TRAIN + " -o {out}.bin --save-model {out}.model",
    "convert, text": "convert {v}.txt {out}.safetensors -q",
    "convert, binary": "convert {v}.bin {out}.safetensors -q",
    "convert, npz": "convert {v}.npz {out}.safetensors -q",
    "convert, npy": "convert {v}.npy {out}.safetensors -q",
    "convert, safetensors": "convert {v}.safetensors {out}.bin -q",
    "convert, to text": "convert {v}.safetensors {out}.txt -q",
    "convert, to tsv": "convert {v}.safetensors {out}.tsv -q",
    "convert, to npz": "convert {v}.safetensors {out}.npz -q",
    "convert, --top": "convert {v}.bin {out}.safetensors -q --top 20000",
    "convert, --normalize": "convert {v}.safetensors {out}.bin -q --normalize",
    "convert, --precision": "convert {v}.safetensors {out}.bin -q --precision 3",
    "similar, text": "similar --vectors {v}.txt --no-cache word1",
    "similar": "similar --vectors {v}.bin --no-cache word1",
    "similar, cached": "similar --vectors {v}.bin word1",
    "analogy": "analogy --vectors {v}.safetensors --no-cache word1 word2 word3",
    "evaluate, pairs": "evaluate {v}.safetensors pairs {pairs}.txt --no-cache -q",
    "evaluate, analogies": "evaluate {v}.safetensors analogies {analogies}.txt --no-cache -q",
    "encode": "encode {text}.txt --vectors {v}.safetensors --no-cache -q -o {out}.npy",
    "encode, idf": "encode {text}.txt --vectors {v}.safetensors --no-cache -q --weighting idf -o {out}.npy",
    "cluster": "cluster {v}.safetensors --no-cache -k 100 -q -o {out}.txt",
    "map, PCA": _MAP + " --layout pca -o {out}.html",
    "map, t-SNE": _MAP + " --layout tsne -o {out}.html",
    "map, image": _MAP + " --layout pca -o {out}.png",
    "classify train": "classify train {labelled}.txt -q --epochs 1 --min-count 1 --dim {dim} -o {out}",
    "phrases": "phrases {text}.txt -q --list {out}.txt",
    "vocab": "vocab {text}.txt -q -o {out}.vocab",
}
_WITHOUT_ESTIMATE = ("phrases", "vocab")


def main(chosen: list[str]) -> None:
    """Measure the commands of these names, or all, and print a table with a column for each size."""
    names = chosen or list(_COMMANDS)
    cells: dict[str, list[str]] = {name: [] for name in names}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["W2V_CACHE_DIR"] = str(Path(folder) / "cache")
        for number, (words, dim) in enumerate(_SIZES):
            # In a process of its own: what this one takes would count as taken by those that it starts
            with get_context("spawn").Pool(1) as pool:
                pool.apply(_write_inputs, (Path(folder), words, dim))
            files = ("v", "out", "text", "small", "labelled", "pairs", "analogies")
            places = {**{name: Path(folder) / name for name in files}, "top": _MAPPED[number], "dim": dim}
            for name in names:
                command = _COMMANDS[name].format_map(places).split()
                if not number or "cached" in name:
                    _peak(command, Path(folder))  # compiles, or makes the copy
                cells[name].append(_cell(command, Path(folder), has_estimate=name not in _WITHOUT_ESTIMATE))
                print(f"{words:,} x {dim} {name}: {cells[name][-1]}", file=sys.stderr, flush=True)
            for path in Path(folder).iterdir():
                if path.is_file():
                    path.unlink()
    print("| command |", " | ".join(f"{words:,} x {dim}" for words, dim in _SIZES), "|")
    print("| :-- |" + " --: |" * len(_SIZES))
    for name, row in cells.items():
        print(f"| {name} |", " | ".join(row), "|")


def _cell(command: list[str], folder: Path, *, has_estimate: bool) -> str:
    """Return the peak of a command in MB, and the error of its estimate."""
    estimate = _estimate(command) if has_estimate else None
    measured = _peak(command, folder)
    return f"{measured / 1e6:,.0f}" + ("" if estimate is None else f", {estimate / measured - 1:+.0%}")


def _estimate(command: list[str]) -> float:
    """Return how many bytes a command should take, with those of the copy that it maps."""
    shown = run([*_W2V, *command, "--dry-run"], {}).output
    sizes = re.findall(r"^(?:memory|mapped) +([\d.,]+) (MB|GB)", shown, re.MULTILINE)
    assert sizes, command
    return sum(float(size.replace(",", "")) * _UNITS[unit] for size, unit in sizes)


def _peak(command: list[str], folder: Path) -> int:
    """Run a command, remove what it writes, and return how many bytes it takes."""
    peak = run([*_W2V, *command], {}).peak_bytes
    for path in folder.glob("out*"):
        path.unlink()
    return peak


def _write_inputs(folder: Path, words: int, dim: int) -> None:
    """Write vectors in all formats, texts with as many words and with fewer, and what is asked."""
    random = np.random.default_rng(1)
    values = random.standard_normal((words, dim), dtype=np.float32)
    vectors = Vectors([f"word{i}" for i in range(words)], values)
    for ending in ("txt", "bin", "npz", "npy", "safetensors"):
        vectors.save(folder / f"v.{ending}")
    for name, n in (("text", words), ("small", words // _SMALL)):
        ids = np.concatenate([np.arange(n), random.integers(0, n, n)])
        random.shuffle(ids)
        lines = [" ".join(f"word{i}" for i in ids[start : start + 20]) for start in range(0, len(ids), 20)]
        (folder / f"{name}.txt").write_text("\n".join(lines))
        if name == "text":
            labelled = (f"__label__{number % 3} {line}\n" for number, line in enumerate(lines))
            (folder / "labelled.txt").write_text("".join(labelled))
    asked = random.integers(0, _ASKED_WORDS, (_ASKED, 4)).tolist()
    (folder / "pairs.txt").write_text("".join(f"word{a}\tword{b}\t{c}\n" for a, b, c, _ in asked))
    (folder / "analogies.txt").write_text(
        ": section\n" + "".join(f"word{a} word{b} word{c} word{d}\n" for a, b, c, d in asked)
    )


if __name__ == "__main__":
    main(sys.argv[1:])
