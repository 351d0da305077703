"""Worker: one measurement of w2v. Each action returns the figures of its twin in run_gensim.py."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.plan import ANALOGY_FILE, EVALUATED_WORDS, MIN_COUNT, NEGATIVE, PAIR_FILES, WINDOW
from benchmarks.processes import answer

_SIMD_LEVELS = {"avx512f": "AVX-512", "avx2": "AVX2", "avx": "AVX", "neon": "NEON", "sse2": "SSE"}
_PACKAGES = ("w2v", "numba", "llvmlite", "numpy", "gensim", "scipy")


def read(corpus: str, threads: int, warm_up: str) -> dict[str, Any]:
    """Time reading the text and counting its words."""
    from numba.core import event

    from w2v.corpus import encode
    from w2v.options import CorpusOptions, VocabularyOptions

    options = CorpusOptions(threads=threads), VocabularyOptions(min_count=MIN_COUNT)
    with event.install_recorder("numba:compile") as compilations:
        with encode([warm_up], *options):
            pass
        started = perf_counter()
        with encode([corpus], *options):
            seconds = perf_counter() - started
    return {"seconds": seconds, "compiled": _count_ends(compilations)}


def train(
    corpus: str, model: str, dim: int, sample: float, loss: str, threads: int, seed: int, warm_up: str
) -> dict[str, Any]:
    """Time one epoch, after the text is read."""
    from numba.core import event

    from w2v.corpus import encode
    from w2v.options import CorpusOptions, TrainingOptions, VocabularyOptions
    from w2v.training import Model
    from w2v.training import train as train_model

    options = CorpusOptions(threads=threads), VocabularyOptions(min_count=MIN_COUNT)
    training = TrainingOptions(
        model=model,
        loss=loss,
        dim=dim,
        window=WINDOW,
        negative=NEGATIVE,
        epochs=1,
        sample=sample,
        threads=threads,
        seed=seed,
    )
    with event.install_recorder("numba:compile") as compilations:
        for text in (warm_up, corpus):
            with encode([text], *options) as encoded:
                trained = Model.create(encoded.vocabulary, training)
                started = perf_counter()
                train_model(trained, encoded, training)
                seconds = perf_counter() - started
    return {"seconds": seconds, "compiled": _count_ends(compilations)}


def load_and_save(source: str, target: str) -> dict[str, Any]:
    """Time reading vectors from text, reading them again from their cached copy, and writing them as text."""
    from w2v import load

    started = perf_counter()
    vectors = load(source, cache=False)
    seconds = {"load_seconds": perf_counter() - started}
    load(source)  # keeps a copy
    started = perf_counter()
    load(source)
    seconds["load_again_seconds"] = perf_counter() - started
    started = perf_counter()
    vectors.save(target)
    return {**seconds, "save_seconds": perf_counter() - started}


def score(vectors: str, eval_dir: str) -> dict[str, Any]:
    """Score the vectors in a file, of either tool."""
    from w2v import load
    from w2v.evaluation import evaluate_analogies, evaluate_pairs

    loaded = load(vectors)
    pairs = {name: evaluate_pairs(loaded, Path(eval_dir, file)) for name, file in PAIR_FILES.items()}
    analogies = evaluate_analogies(loaded, Path(eval_dir, ANALOGY_FILE))
    return {
        **{name: result.spearman for name, result in pairs.items()},
        "analogies": analogies.total.accuracy,
        "semantic": analogies.semantic.accuracy,
        "syntactic": analogies.syntactic.accuracy,
    }


def evaluate(vectors: str, eval_dir: str) -> dict[str, Any]:
    """Time answering analogies over the 30,000 most frequent words, after loading the vectors."""
    from w2v import load
    from w2v.evaluation import evaluate_analogies

    loaded = load(vectors)
    started = perf_counter()
    total = evaluate_analogies(loaded, Path(eval_dir, ANALOGY_FILE), restrict_vocab=EVALUATED_WORDS).total
    return {"seconds": perf_counter() - started, "questions": total.used, "accuracy": total.accuracy}


def machine() -> dict[str, Any]:
    """Describe the machine and the installed versions."""
    from w2v.options.threads import available_cpus
    from w2v.simd import host_features

    features = host_features()
    return {
        "cpu": _cpu_name(),
        "cores": available_cpus(),
        "simd": next((level for feature, level in _SIMD_LEVELS.items() if feature in features), "none known"),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "packages": {package: importlib.metadata.version(package) for package in _PACKAGES},
        "numba_settings": {name: value for name, value in os.environ.items() if name.startswith("NUMBA_CPU")},
    }


def _cpu_name() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _count_ends(recorder: Any) -> int:
    return sum(happening.is_end for _, happening in recorder.buffer)


if __name__ == "__main__":
    answer(
        {
            "read": read,
            "train": train,
            "load_and_save": load_and_save,
            "score": score,
            "evaluate": evaluate,
            "machine": machine,
        }
    )
