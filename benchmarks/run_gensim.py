"""Worker: one measurement of gensim. Each action returns the figures of its twin in run_w2v.py."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Any

from gensim.models import KeyedVectors, Word2Vec
from gensim.models.word2vec import LineSentence

from benchmarks.plan import ANALOGY_FILE, EVALUATED_WORDS, MIN_COUNT, NEGATIVE, WINDOW
from benchmarks.processes import answer


def _source(corpus: str, input_mode: str) -> dict[str, Any]:
    return {"corpus_file": corpus} if input_mode == "corpus_file" else {"corpus_iterable": LineSentence(corpus)}


def read(corpus: str, input_mode: str, threads: int, warm_up: str) -> dict[str, Any]:
    """Time reading the text and counting its words."""
    del warm_up  # gensim needs none: it is compiled
    model = Word2Vec(min_count=MIN_COUNT, workers=threads)
    started = perf_counter()
    model.build_vocab(**_source(corpus, input_mode))
    return {"seconds": perf_counter() - started}


def train(
    corpus: str, input_mode: str, model: str, dim: int, sample: float, loss: str, threads: int, seed: int, warm_up: str
) -> dict[str, Any]:
    """Time one epoch, after the vocabulary is built."""
    del warm_up
    trained = Word2Vec(
        sg=int(model == "skipgram"),
        vector_size=dim,
        window=WINDOW,
        negative=NEGATIVE if loss == "ns" else 0,
        hs=int(loss == "hs"),
        min_count=MIN_COUNT,
        sample=sample,
        workers=threads,
        seed=seed,
    )
    trained.build_vocab(**_source(corpus, input_mode))
    started = perf_counter()
    trained.train(
        **_source(corpus, input_mode),
        total_examples=trained.corpus_count,
        total_words=trained.corpus_total_words,
        epochs=1,
    )
    return {"seconds": perf_counter() - started}


def load_and_save(source: str, target: str) -> dict[str, Any]:
    """Time reading vectors from text, and writing them as text."""
    started = perf_counter()
    vectors = KeyedVectors.load_word2vec_format(source)
    loaded = perf_counter()
    vectors.save_word2vec_format(target)
    seconds = {"load_seconds": loaded - started, "load_again_seconds": loaded - started}  # it keeps no copy
    return {**seconds, "save_seconds": perf_counter() - loaded}


def evaluate(vectors: str, eval_dir: str) -> dict[str, Any]:
    """Time answering analogies over the 30,000 most frequent words, after loading the vectors."""
    loaded = KeyedVectors.load_word2vec_format(vectors)
    started = perf_counter()
    accuracy, sections = loaded.evaluate_word_analogies(
        str(Path(eval_dir, ANALOGY_FILE)), restrict_vocab=EVALUATED_WORDS
    )
    seconds = perf_counter() - started
    questions = len(sections[-1]["correct"]) + len(sections[-1]["incorrect"])
    return {"seconds": seconds, "questions": questions, "accuracy": accuracy}


if __name__ == "__main__":
    answer({"read": read, "train": train, "load_and_save": load_and_save, "evaluate": evaluate})
