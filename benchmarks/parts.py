"""The measurements. Within each, the contenders take turns, so that a slow moment of the machine affects all."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.plan import (
    CONFIGURATIONS,
    MIN_COUNT,
    NEGATIVE,
    PHRASE_THRESHOLD,
    WINDOW,
    Configuration,
    Measurement,
    Settings,
)
from benchmarks.processes import Run, ask, run

W2V = "w2v"
W2V_COLD = "w2v, first run"


def gensim(input_mode: str) -> str:
    """Name gensim with one of its input modes as a contender."""
    return f"gensim {input_mode}"


def warm_up(settings: Settings) -> None:
    """Fill the Numba cache that all later processes of w2v use."""
    for configuration in settings.configurations:
        _train_w2v(settings, configuration, settings.warm_up, settings.folder / "warm-up-vectors.txt", seed=1)


def train(settings: Settings) -> Iterator[Measurement]:
    """Measure one epoch of training, without reading the text."""
    for configuration in settings.configurations:
        request = {**_model(configuration), "seed": 1}
        yield from _text_work("train", configuration.name, request, settings)


def read(settings: Settings) -> Iterator[Measurement]:
    """Measure reading the text and counting its words."""
    yield from _text_work("read", "read", {}, settings)


def end_to_end(settings: Settings) -> Iterator[Measurement]:
    """Measure whole commands, from the start of Python to the saved file, with their peak memory."""
    configuration = CONFIGURATIONS["sg100"]
    output = settings.folder / "end-to-end.txt"

    def once(contender: str, seed: int) -> Run:
        if contender == W2V:
            return _train_w2v(settings, configuration, settings.corpus, output, seed)
        if contender == W2V_COLD:
            with tempfile.TemporaryDirectory(dir=settings.folder) as cache:
                return _train_w2v(settings, configuration, settings.corpus, output, seed, cache=Path(cache))
        return _train_gensim(settings, configuration, output, seed, contender.removeprefix("gensim "))

    for repeat in range(1, settings.repeat + 1):
        for contender in (W2V, W2V_COLD, *map(gensim, settings.gensim_inputs)):
            done = once(contender, repeat)
            values = {
                "seconds": done.seconds,
                "words_per_second": settings.words * settings.epochs / done.seconds,
                "peak_bytes": float(done.peak_bytes),
                "file_bytes": float(output.stat().st_size),
            }
            yield Measurement("end-to-end", configuration.name, contender, repeat, values)


def io(settings: Settings) -> Iterator[Measurement]:
    """Measure loading a text file of vectors and saving it again."""
    source, target = settings.folder / "vectors.txt", settings.folder / "saved.txt"
    _train_w2v(settings, CONFIGURATIONS["sg100"], settings.corpus, source, seed=1, epochs=1)
    request = {"source": str(source), "target": str(target)}
    for repeat in range(1, settings.repeat + 1):
        for contender, module in ((W2V, "benchmarks.run_w2v"), ("gensim", "benchmarks.run_gensim")):
            values = ask(module, "load_and_save", request, _environment(settings))
            yield Measurement("io", "vectors", contender, repeat, {**values, "file_bytes": source.stat().st_size})


def phrases(settings: Settings) -> Iterator[Measurement]:
    """Measure whole commands that find phrases and write the text with them joined."""
    folder = settings.folder
    common = ["--min-count", str(MIN_COUNT), "--threshold", str(PHRASE_THRESHOLD)]
    ours = [sys.executable, "-m", "w2v", "phrases", "--quiet", "--score", "gensim", "--threads", str(settings.threads)]
    files = ["--output", str(folder / f"{W2V}-phrases.txt"), "--list", str(folder / "phrases.tsv")]
    script = [sys.executable, str(Path(__file__).with_name("gensim_phrases.py"))]
    theirs = [*script, str(settings.corpus), str(folder / "gensim-phrases.txt"), *common]
    run([*ours, *common, *files, str(settings.warm_up)], _environment(settings))
    for repeat in range(1, settings.repeat + 1):
        for contender, command in ((W2V, [*ours, *common, *files, str(settings.corpus)]), ("gensim", theirs)):
            done = run(command, _environment(settings))
            text = ask("benchmarks.prepare", "describe", {"text": str(folder / f"{contender}-phrases.txt")}, {})
            values = {"seconds": done.seconds, "peak_bytes": float(done.peak_bytes), **text}
            yield Measurement("phrases", "phrases", contender, repeat, values)


def quality(settings: Settings) -> Iterator[Measurement]:
    """Score fully trained vectors of both tools by the same evaluation."""
    for configuration in settings.configurations:
        for seed in range(1, settings.seeds + 1):
            ours = settings.folder / f"w2v-{configuration.name}-s{seed}.txt"
            theirs = settings.baselines / f"gensim-{configuration.name}-s{seed}.txt"
            _train_w2v(settings, configuration, settings.corpus, ours, seed)
            if not theirs.exists():
                _train_gensim(settings, configuration, theirs, seed, settings.gensim_inputs[0])
            for contender, vectors in ((W2V, ours), ("gensim", theirs)):
                request = {"vectors": str(vectors), "eval_dir": str(settings.eval_dir)}
                values = ask("benchmarks.run_w2v", "score", request, _environment(settings))
                yield Measurement("quality", configuration.name, contender, seed, values)


def evaluate(settings: Settings) -> Iterator[Measurement]:
    """Measure answering all analogies of the test set with the same vectors."""
    source = settings.folder / "vectors.txt"
    _train_w2v(settings, CONFIGURATIONS["sg100"], settings.corpus, source, seed=1, epochs=1)
    request = {"vectors": str(source), "eval_dir": str(settings.eval_dir)}
    for repeat in range(1, settings.repeat + 1):
        for contender, module in ((W2V, "benchmarks.run_w2v"), ("gensim", "benchmarks.run_gensim")):
            values = ask(module, "evaluate", request, _environment(settings))
            yield Measurement("evaluate", "analogies", contender, repeat, values)


MEASURE: Mapping[str, Callable[[Settings], Iterator[Measurement]]] = {
    "train": train,
    "read": read,
    "end-to-end": end_to_end,
    "io": io,
    "phrases": phrases,
    "quality": quality,
    "evaluate": evaluate,
}


def _text_work(action: str, subject: str, request: Mapping[str, Any], settings: Settings) -> Iterator[Measurement]:
    """Let each contender do `action` on the corpus, in turn."""
    request = {
        **request,
        "corpus": str(settings.corpus),
        "warm_up": str(settings.warm_up),
        "threads": settings.threads,
    }
    for repeat in range(1, settings.repeat + 1):
        for input_mode in (None, *settings.gensim_inputs):
            if input_mode is None:
                contender, values = W2V, ask("benchmarks.run_w2v", action, request, _environment(settings))
            else:
                contender = gensim(input_mode)
                values = ask("benchmarks.run_gensim", action, {**request, "input_mode": input_mode}, {})
            values["words_per_second"] = settings.words / values["seconds"]
            yield Measurement(action, subject, contender, repeat, values)


def _train_w2v(
    settings: Settings,
    configuration: Configuration,
    corpus: Path,
    output: Path,
    seed: int,
    *,
    epochs: int | None = None,
    cache: Path | None = None,
) -> Run:
    command = [sys.executable, "-m", "w2v", "train", str(corpus), "--output", str(output), "--quiet"]
    return run([*command, *_options(settings, configuration, seed, epochs)], _environment(settings, cache))


def _train_gensim(settings: Settings, configuration: Configuration, output: Path, seed: int, input_mode: str) -> Run:
    script = Path(__file__).with_name("gensim_script.py")
    command = [sys.executable, str(script), str(settings.corpus), str(output), "--input", input_mode]
    return run([*command, *_options(settings, configuration, seed)], {})


def _options(settings: Settings, configuration: Configuration, seed: int, epochs: int | None = None) -> list[str]:
    """Return the options that `w2v train` and gensim_script.py have in common."""
    options = {
        **_model(configuration),
        "window": WINDOW,
        "negative": NEGATIVE,
        "min-count": MIN_COUNT,
        "epochs": settings.epochs if epochs is None else epochs,
        "threads": settings.threads,
        "seed": seed,
    }
    return [text for name, value in options.items() for text in (f"--{name}", str(value))]


def _model(configuration: Configuration) -> dict[str, Any]:
    return {name: value for name, value in asdict(configuration).items() if name != "name"}


def _environment(settings: Settings, cache: Path | None = None) -> dict[str, str]:
    """Keep compiled code in a cache that only this comparison uses, so that it is surely warm or cold."""
    return {"NUMBA_CACHE_DIR": str(cache or settings.folder / "numba-cache")}
