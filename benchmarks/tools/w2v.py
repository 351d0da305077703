"""w2v itself. Commands that a user types are measured as such; the rest as calls of the library."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from benchmarks.cpus import CPUS
from benchmarks.tool import Tool

_W2V = [sys.executable, "-m", "w2v"]


class W2V(Tool):
    """See benchmarks/tool.py for what each method does."""

    name = title = module = package = "w2v"
    commands = frozenset({"vectors", "phrases", "similar", "labels"})

    def forced(self, cpu: str) -> dict[str, str] | None:
        """Numba compiles for the CPU that environment variables name."""
        return dict(CPUS[cpu].numba)

    def command(self, action: str, request: Mapping[str, Any]) -> list[str]:
        """Return what a user types, where that is what is measured."""
        if action == "vectors":
            options = {name: value for name, value in request.items() if name not in ("corpus", "output")}
            return [*_W2V, "train", request["corpus"], "--output", request["output"], "--quiet", *_options(options)]
        if action == "phrases":
            named = {name: request[name] for name in ("min_count", "threshold", "threads")}
            files = ["--output", request["output"], "--list", f"{request['output']}.tsv"]
            return [*_W2V, "phrases", "--quiet", "--score", "gensim", request["corpus"], *files, *_options(named)]
        if action == "similar":
            return [*_W2V, "similar", request["word"], "--vectors", request["path"]]
        if action == "labels":
            model, text, threads = request["model"], request["lines"], str(request["threads"])
            return [*_W2V, "classify", "predict", model, text, "--threads", threads]
        return super().command(action, request)

    def scan(self, corpus: str, warm_up: str, threads: int, min_count: int) -> dict[str, Any]:
        """Read a text and count its words."""
        from w2v.corpus import encode
        from w2v.options import CorpusOptions, VocabularyOptions

        options = CorpusOptions(threads=threads), VocabularyOptions(min_count=min_count)
        with encode([warm_up], *options):
            pass
        started = perf_counter()
        with encode([corpus], *options) as encoded:
            return {"seconds": perf_counter() - started, "words": encoded.total_tokens}

    def train(self, corpus: str, warm_up: str, threads: int, min_count: int, **options: Any) -> dict[str, Any]:
        """Train for one epoch, after the text is read; what is compiled is compiled before."""
        from w2v.corpus import encode
        from w2v.options import CorpusOptions, TrainingOptions, VocabularyOptions
        from w2v.training import Model
        from w2v.training import train as train_model

        reading = CorpusOptions(threads=threads), VocabularyOptions(min_count=min_count)
        training = TrainingOptions(**options, threads=threads, epochs=1)
        for text in (warm_up, corpus):
            with encode([text], *reading) as encoded:
                model = Model.create(encoded.vocabulary, training)
                started, used = perf_counter(), process_time()
                state = train_model(model, encoded, training)
                seconds, cpu_seconds = perf_counter() - started, process_time() - used
        return {
            "seconds": seconds,
            "cpu_seconds": cpu_seconds,
            "loss": state.loss,
            "vocabulary": len(encoded.vocabulary),
        }

    def rounds(self, replicas: int, **request: Any) -> dict[str, Any]:
        """Train with the same result on any number of threads, after training as usual."""
        usual = self.train(**request)["seconds"]
        found = self.train(**request, replicas=replicas, deterministic=True)
        return {**found, "share": usual / found["seconds"]}

    def cores(self, place: str, **request: Any) -> dict[str, Any]:
        """Train with one thread, with two and in rounds, on two CPUs that are near each other or far apart."""
        from benchmarks.ceilings import share_of_two
        from benchmarks.cores import distance, on_cpus, pair_of

        pair = pair_of(place)
        before = distance(pair)
        with on_cpus(pair):
            share = share_of_two()
            one = self.train(**request, threads=1)["seconds"]
            found = self.train(**request, threads=2)
            rounds = self.train(**request, threads=2, deterministic=True)["seconds"]
        seconds, apart = found["seconds"], {"distance": before, "distance_after": distance(pair)}
        return {**found, **apart, "speed_up": one / seconds, "peak_share": share, "rounds_share": seconds / rounds}

    def roofline(self, **request: Any) -> dict[str, Any]:
        """Measure a kernel on one thread, and the ceilings of the machine beside it."""
        from benchmarks.roofline import stand

        return stand(**request)

    def exchange(self, **request: Any) -> dict[str, Any]:
        """Train the replicas of a cluster in one process, and count what they would send."""
        from benchmarks.exchange import replicas_apart

        return replicas_apart(**request)

    def cluster_round(self, **request: Any) -> dict[str, Any]:
        """Train on two workers of this machine."""
        from benchmarks.exchange import dask_rounds

        return dask_rounds(**request)

    def load(self, path: str) -> dict[str, Any]:
        """Read a text file of vectors, and read it again from the cached copy."""
        import w2v

        started, used = perf_counter(), process_time()
        w2v.load(path, cache=False)
        seconds, cpu_seconds = perf_counter() - started, process_time() - used
        w2v.load(path)  # keeps a copy
        started = perf_counter()
        w2v.load(path)
        return {"seconds": seconds, "cpu_seconds": cpu_seconds, "again_seconds": perf_counter() - started}

    def save(self, path: str, output: str) -> dict[str, Any]:
        """Write vectors as text."""
        import w2v

        vectors = w2v.load(path)
        started = perf_counter()
        vectors.save(output)
        return {"seconds": perf_counter() - started}

    def queries(self, path: str, words: list[str], n: int) -> dict[str, Any]:
        """List the n nearest words of each word, one query at a time."""
        import w2v

        vectors = w2v.load(path)
        vectors.similar(words[0], n=n)
        started = perf_counter()
        answers = [vectors.similar(word, n=n)[0].word for word in words]
        return {"seconds": perf_counter() - started, "answers": answers}

    def batch(self, path: str, words: list[str], n: int) -> dict[str, Any]:
        """List the n nearest words of all words together."""
        import w2v

        vectors = w2v.load(path)
        vectors.similar_batch(words[:2], n=n)
        started = perf_counter()
        answers = [found[0].word for found in vectors.similar_batch(words, n=n)]
        return {"seconds": perf_counter() - started, "answers": answers}

    def analogies(self, path: str, questions: str, words: int) -> dict[str, Any]:
        """Answer a file of analogies over the most frequent words."""
        import w2v
        from w2v.evaluation import evaluate_analogies

        vectors = w2v.load(path)
        started = perf_counter()
        total = evaluate_analogies(vectors, Path(questions), restrict_vocab=words).total
        return {"seconds": perf_counter() - started, "questions": total.used, "accuracy": total.accuracy}

    def classify(self, train: str, test: str, model: str, **options: Any) -> dict[str, Any]:
        """Train a classifier after the texts are read, save it, and score it."""
        import w2v

        texts, labels = _labelled(train)
        w2v.Classifier(**{**options, "epochs": 1}).fit(texts[:200], labels[:200])  # compiles
        started, used = perf_counter(), process_time()
        classifier = w2v.Classifier(**options).fit(texts, labels)
        seconds, cpu_seconds = perf_counter() - started, process_time() - used
        classifier.save(model)
        return {"seconds": seconds, "cpu_seconds": cpu_seconds, "accuracy": classifier.score(*_labelled(test))}

    def facts(self, name: str, texts: int, **options: Any) -> dict[str, Any]:
        """Train a classifier on texts whose right labels are facts, and a linear model on the facts."""
        from benchmarks.known_tasks import compare, tasks

        task = next(task for task in tasks(texts) if task.name == name)
        result = compare(task, **options)
        return {"score": result.classifier, "linear": result.linear, "cpu_seconds": result.seconds}

    def encode(self, path: str, lines: str) -> dict[str, Any]:
        """Make a vector for each text, on one thread."""
        import w2v

        vectors = w2v.load(path)
        texts = Path(lines).read_text(encoding="utf-8").splitlines()
        vectors.encode(texts[:200])  # compiles
        started = perf_counter()
        vectors.encode(texts, threads=1)
        return {"seconds": perf_counter() - started, "texts": len(texts)}


def _options(options: Mapping[str, Any]) -> list[str]:
    return [text for name, value in options.items() for text in (f"--{name.replace('_', '-')}", str(value))]


def _labelled(path: str) -> tuple[list[str], list[str]]:
    from w2v.classify.labelled_texts import read_labelled
    from w2v.options.classify import LabelledOptions

    examples = list(read_labelled([path], LabelledOptions(), task="multiclass"))
    return [example.text for example in examples], [str(example.target[0]) for example in examples]  # type: ignore[index]


TOOL = W2V()
