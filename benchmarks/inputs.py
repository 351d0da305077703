"""Worker: the inputs of some tasks, written once to a folder; and the scores of vectors that any tool wrote."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

from benchmarks.bench import PAIR_FILES, QUESTIONS

_WORDS = 20  # words of a line to label or encode


def random_vectors(folder: str, words: int, dim: int) -> dict[str, Any]:
    """Write random vectors of made-up words as text, with king among them."""
    import numpy as np

    import w2v
    from benchmarks.corpora import spelling

    path = Path(folder, f"random-{words}x{dim}.txt")
    if not path.exists():
        names = ["king", *(name for name in map(spelling, range(words)) if name != "king")][:words]
        matrix = np.random.default_rng(1).normal(size=(words, dim)).astype(np.float32)
        w2v.Vectors(names, matrix).save(path)
    return {"path": str(path)}


def query_words(folder: str, path: str, count: int) -> dict[str, Any]:  # noqa: ARG001
    """Return words to query, spread over a vocabulary."""
    import w2v

    words = w2v.load(path).words
    step = max(1, len(words) // count)
    return {"words": list(words[::step])[:count]}


def labelled(folder: str, train: str, test: str, lines: int) -> dict[str, Any]:
    """Unpack labelled texts, and write lines of `_WORDS` words made of the test texts, without labels."""
    from w2v.compression import decompressed

    Path(folder).mkdir(parents=True, exist_ok=True)
    places = {}
    for source, name in ((train, "train"), (test, "test")):
        places[name] = str(Path(folder, f"labelled-{name}.txt"))
        with Path(source).open("rb") as stream:
            Path(places[name]).write_bytes(decompressed(stream).read())
    text = Path(places["test"]).read_text(encoding="utf-8")
    words = [word for word in text.split() if not word.startswith("__label__")]
    parts = [" ".join(words[place : place + _WORDS]) + "\n" for place in range(0, len(words) - _WORDS + 1, _WORDS)]
    places["lines"] = str(Path(folder, "lines.txt"))
    with Path(places["lines"]).open("w", encoding="utf-8") as stream:
        for first in range(0, lines, len(parts)):
            stream.writelines(parts[: lines - first])
    return places


def bundled_labels(folder: str) -> dict[str, Any]:
    """Write texts of the bundled corpus with a topic as label, for a run without labelled texts of its own."""
    from benchmarks.known_tasks import tasks

    Path(folder).mkdir(parents=True, exist_ok=True)
    topics = next(task for task in tasks(3_000) if task.name == "topics")
    rows = [(text, row.nonzero()[0]) for text, row in zip(topics.texts, topics.targets, strict=True)]
    lines = [f"__label__{found[0]} {text}\n" for text, found in rows if len(found) == 1]
    cut = len(lines) * 4 // 5
    paths = {"train": Path(folder, "topics-train.txt"), "test": Path(folder, "topics-test.txt")}
    paths["train"].write_text("".join(lines[:cut]), encoding="utf-8")
    paths["test"].write_text("".join(lines[cut:]), encoding="utf-8")
    return {name: str(path) for name, path in paths.items()}


def text_facts(folder: str, path: str) -> dict[str, Any]:  # noqa: ARG001
    """Return the number of words of a text, and its checksum."""
    words = checksum = 0
    with Path(path).open("rb") as lines:
        for line in lines:
            words += len(line.split())
            checksum = zlib.crc32(line, checksum)
    return {"words": words, "crc32": checksum}


def scores(folder: str, path: str, questions: str, evaluation: str | None) -> dict[str, Any]:  # noqa: ARG001
    """Score vectors in a file, of any tool: word pairs where there are some, and analogies."""
    import w2v
    from w2v.evaluation import evaluate_analogies, evaluate_pairs

    vectors = w2v.load(path, cache=False)
    found = {"analogies": evaluate_analogies(vectors, Path(questions)).total.accuracy}
    if evaluation is None:
        return found
    assert Path(questions).name == QUESTIONS
    pairs = {name: evaluate_pairs(vectors, Path(evaluation, file)).spearman for name, file in PAIR_FILES.items()}
    return {**pairs, **found}
