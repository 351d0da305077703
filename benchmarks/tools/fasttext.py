"""fastText, without character n-grams where it trains vectors, so that it trains what the others train."""

from __future__ import annotations

import itertools
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from benchmarks.tool import Tool

_LINES_AT_ONCE = 10_000


class FastText(Tool):
    """What fastText and its descendants have in common. See benchmarks/tool.py for what each method does."""

    note = "fastText and floret read the text in the call that trains; their training time includes it."

    def can_train(self, request: Any) -> bool:
        """Return whether the objective is one of fastText's: its hierarchical softmax is measured, too."""
        return request["loss"] in ("ns", "hs")

    def train(self, corpus: str, warm_up: str, **options: Any) -> dict[str, Any]:  # noqa: ARG002
        """Read a text and train for one epoch: the same call does both."""
        started = perf_counter()
        model = self._trained(corpus, **options)
        return {"seconds": perf_counter() - started, "vocabulary": len(model.get_words())}

    def vectors(self, corpus: str, output: str, **options: Any) -> dict[str, Any]:
        """Train on a text and write the vectors, which takes a loop of Python: fastText writes a format of its own."""
        model = self._trained(corpus, **options)
        words = model.get_words()
        with Path(output).open("w", encoding="utf-8") as stream:
            stream.write(f"{len(words)} {model.get_dimension()}\n")
            for word in words:
                stream.write(f"{word} {' '.join(map(str, model.get_word_vector(word).tolist()))}\n")
        return {}

    def _trained(self, corpus: str, **options: Any) -> Any:
        from importlib import import_module

        options.pop("seed", None)  # of vectors; fastText and floret draw the same numbers in each run on one thread
        names = {"sample": "t", "window": "ws", "negative": "neg", "min_count": "minCount", "threads": "thread"}
        renamed = {names.get(name, name): value for name, value in options.items()}
        renamed["epoch"] = renamed.pop("epochs", 1)
        return import_module(self.module).train_unsupervised(corpus, minn=0, maxn=0, verbose=0, **renamed)


class Own(FastText):
    """fastText itself, with its classifier."""

    name = module = "fasttext"
    title, package = "fastText", "fasttext-wheel"

    def classify(
        self, train: str, test: str, model: str, epochs: int, word_ngrams: int, threads: int, seed: int
    ) -> dict[str, Any]:
        """Train a classifier, save it, and score it; the same call reads the texts."""
        import fasttext

        started, used = perf_counter(), process_time()
        options = {"epoch": epochs, "wordNgrams": word_ngrams, "thread": threads, "seed": seed}
        classifier = fasttext.train_supervised(train, lr=0.5, dim=100, verbose=0, **options)
        seconds, cpu_seconds = perf_counter() - started, process_time() - used
        classifier.save_model(model)
        return {"seconds": seconds, "cpu_seconds": cpu_seconds, "accuracy": classifier.test(test)[1]}

    def labels(self, model: str, lines: str, threads: int) -> dict[str, Any]:  # noqa: ARG002 - it has one
        """Label texts."""
        import fasttext

        classifier, count = fasttext.load_model(model), 0
        with Path(lines).open(encoding="utf-8") as texts:
            while part := [
                line.rstrip("\n") for line in itertools.islice(texts, _LINES_AT_ONCE)
            ]:  # one by one is slower
                count += len(classifier.predict(part)[0])
        return {"texts": count}


TOOL = Own()
