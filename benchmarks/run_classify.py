"""Worker: one measurement of w2v's classifier."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from benchmarks.processes import answer


def prepare(train: str, test: str, folder: str, lines: int) -> dict[str, Any]:
    """Unpack labelled texts, and write lines of 20 words made of the test texts, without labels."""
    from w2v.compression import decompressed

    for source, name in ((train, "train.txt"), (test, "test.txt")):
        with Path(source).open("rb") as stream:
            Path(folder, name).write_bytes(decompressed(stream).read())
    text = Path(folder, "test.txt").read_text(encoding="utf-8")
    words = [word for word in text.split() if not word.startswith("__label__")]
    parts = [" ".join(words[place : place + 20]) + "\n" for place in range(0, len(words) - 19, 20)]
    with Path(folder, "lines.txt").open("w", encoding="utf-8") as stream:
        for first in range(0, lines, len(parts)):
            stream.writelines(parts[: lines - first])
    return {"texts": sum(1 for line in Path(folder, "train.txt").open(encoding="utf-8") if line.strip())}


def train(train: str, test: str, model: str, vectors: str | None, **options: Any) -> dict[str, Any]:
    """Time training after the labelled texts are read, save the classifier, and score it."""
    import w2v

    options["hidden"] = tuple(options["hidden"])
    texts, labels = _read(train)
    start = None if vectors is None else w2v.load(vectors)
    w2v.Classifier(**{**options, "epochs": 1}).fit(texts[:200], labels[:200])  # compiles
    started, used = perf_counter(), process_time()
    classifier = w2v.Classifier(vectors=start, **options).fit(texts, labels)
    seconds, cpu_seconds = perf_counter() - started, process_time() - used
    classifier.save(model)
    return {
        "training_seconds": seconds,
        "training_cpu_seconds": cpu_seconds,
        "accuracy": classifier.score(*_read(test)),
    }


def encode(train: str, lines: str) -> dict[str, Any]:
    """Time the vectors of texts on one thread, after they are read; the word vectors are trained on some of them."""
    import w2v

    vectors = w2v.train(train, epochs=1)
    texts = Path(lines).read_text(encoding="utf-8").splitlines()
    vectors.encode(texts[:200])  # compiles
    started, used = perf_counter(), process_time()
    vectors.encode(texts, threads=1)
    seconds, cpu_seconds = perf_counter() - started, process_time() - used
    return {"seconds": seconds, "cpu_seconds": cpu_seconds, "texts": len(texts)}


def _read(path: str) -> tuple[list[str], list[str]]:
    from w2v.classify.labelled_texts import read_labelled
    from w2v.options.classify import LabelledOptions

    examples = list(read_labelled([path], LabelledOptions(), task="multiclass"))
    return [example.text for example in examples], [str(example.target[0]) for example in examples]  # type: ignore[index]


if __name__ == "__main__":
    answer({"prepare": prepare, "train": train, "encode": encode})
