"""gensim with a file of text, its faster mode: compiled code reads the file, a part of it in each thread."""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.cpus import CPUS
from benchmarks.tool import Tool


class Gensim(Tool):
    """What all ways to use gensim have in common. See benchmarks/tool.py for what each method does."""

    module = package = "gensim"
    note = "For other CPUs, only w2v was forced; gensim comes compiled, and only its OpenBLAS can be (`--cpu`)."

    def forced(self, cpu: str) -> dict[str, str] | None:
        """OpenBLAS picks its functions by an environment variable."""
        return dict(CPUS[cpu].openblas)

    def can_train(self, request: Any) -> bool:
        """Gensim has no full softmax."""
        return bool(request["loss"] != "softmax")

    def text(self, corpus: str) -> dict[str, Any]:
        """Return the argument that hands over a text."""
        return {"corpus_file": corpus}

    def scan(self, corpus: str, warm_up: str, threads: int, min_count: int) -> dict[str, Any]:  # noqa: ARG002
        """Read a text and count its words."""
        from gensim.models import Word2Vec

        model = Word2Vec(min_count=min_count, workers=threads)
        started = perf_counter()
        model.build_vocab(**self.text(corpus))
        return {"seconds": perf_counter() - started, "words": model.corpus_total_words}

    def train(self, corpus: str, warm_up: str, **options: Any) -> dict[str, Any]:  # noqa: ARG002
        """Train for one epoch, after the vocabulary is built."""
        from gensim.models import Word2Vec

        model = Word2Vec(**_options(**options))
        model.build_vocab(**self.text(corpus))
        started = perf_counter()
        total = {"total_examples": model.corpus_count, "total_words": model.corpus_total_words}
        model.train(**self.text(corpus), **total, epochs=1)
        return {"seconds": perf_counter() - started, "vocabulary": len(model.wv)}

    def vectors(self, corpus: str, output: str, **options: Any) -> dict[str, Any]:
        """Train on a text and write the vectors."""
        from gensim.models import Word2Vec

        text = self.text(corpus)
        model = Word2Vec(text.get("corpus_iterable"), text.get("corpus_file"), **_options(**options))
        model.wv.save_word2vec_format(output)
        return {}


class CorpusFile(Gensim):
    """This mode, and all that doesn't depend on it."""

    name, title = "gensim-corpus-file", "gensim"

    def load(self, path: str) -> dict[str, Any]:
        """Read a text file of vectors."""
        from gensim.models import KeyedVectors

        started = perf_counter()
        KeyedVectors.load_word2vec_format(path)
        return {"seconds": perf_counter() - started}

    def save(self, path: str, output: str) -> dict[str, Any]:
        """Write vectors as text."""
        from gensim.models import KeyedVectors

        vectors = KeyedVectors.load_word2vec_format(path)
        started = perf_counter()
        vectors.save_word2vec_format(output)
        return {"seconds": perf_counter() - started}

    def queries(self, path: str, words: list[str], n: int) -> dict[str, Any]:
        """List the n nearest words of each word, one query at a time: gensim has no other way."""
        from gensim.models import KeyedVectors

        vectors = KeyedVectors.load_word2vec_format(path)
        vectors.most_similar(words[0], topn=n)
        started = perf_counter()
        answers = [vectors.most_similar(word, topn=n)[0][0] for word in words]
        return {"seconds": perf_counter() - started, "answers": answers}

    batch = queries

    def similar(self, path: str, word: str) -> dict[str, Any]:
        """Load vectors and answer one query."""
        from gensim.models import KeyedVectors

        KeyedVectors.load_word2vec_format(path).most_similar(word)
        return {}

    def analogies(self, path: str, questions: str, words: int) -> dict[str, Any]:
        """Answer a file of analogies over the most frequent words."""
        from gensim.models import KeyedVectors

        vectors = KeyedVectors.load_word2vec_format(path)
        started = perf_counter()
        accuracy, sections = vectors.evaluate_word_analogies(questions, restrict_vocab=words)
        seconds = perf_counter() - started
        asked = len(sections[-1]["correct"]) + len(sections[-1]["incorrect"])
        return {"seconds": seconds, "questions": asked, "accuracy": accuracy}

    def phrases(self, corpus: str, output: str, threads: int, **options: Any) -> dict[str, Any]:  # noqa: ARG002
        """Find phrases, and write the text with them joined; gensim does so on one thread."""
        from gensim.models.phrases import Phrases
        from gensim.models.word2vec import LineSentence

        sentences = LineSentence(corpus, max_sentence_length=sys.maxsize)
        phraser = Phrases(sentences, **options).freeze()
        with Path(output).open("w", encoding="utf-8") as stream:
            for sentence in sentences:
                stream.write(" ".join(phraser[sentence]) + "\n")
        return {}

    def encode(self, path: str, lines: str) -> dict[str, Any]:
        """Take the mean of the words of each text."""
        from gensim.models import KeyedVectors

        vectors = KeyedVectors.load_word2vec_format(path)
        texts = Path(lines).read_text(encoding="utf-8").splitlines()
        started = perf_counter()
        for text in texts:
            vectors.get_mean_vector(text.split(), ignore_missing=True)
        return {"seconds": perf_counter() - started, "texts": len(texts)}


def _options(
    model: str, loss: str, dim: int, negative: int, threads: int, epochs: int = 1, **others: Any
) -> dict[str, Any]:
    """Return gensim's names of the options."""
    return {
        "sg": int(model == "skipgram"),
        "hs": int(loss == "hs"),
        "negative": negative if loss == "ns" else 0,
        "vector_size": dim,
        "workers": threads,
        "epochs": epochs,
        **others,
    }


TOOL = CorpusFile()
