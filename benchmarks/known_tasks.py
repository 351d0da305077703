"""Tasks of classification whose right answers are facts of the bundled corpus, and what a linear model makes of these.

A text is one to eight lines of the corpus. The tasks on it:

    letters   number: the mean length of its words, in letters
    share     number: which share of its words are animals
    topics    several labels: of which of six lists it holds a word, such as a country or an animal

The linear model is given the fact that the answer is made of; `Classifier` is given the texts alone.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.classify import Classifier
from w2v.classify.scores import class_scores, number_scores

CORPORA = Path(__file__).parents[1] / "corpora"
TOPICS = ("adjective-adverb", "animal-young", "country-capital", "gender", "profession-workplace", "thing-plural")
ANIMALS = ("animal-young", "animal-plural")
_MOST_LINES = 8
_TESTED = 0.2  # share of the texts
_NOISE = 0.2  # standard deviations of the answers

Floats = npt.NDArray[np.float64]


class Task(NamedTuple):
    """Texts with answers.

    Attributes:
        name: of the task.
        texts: n texts.
        facts: what the answers are made of, (n, facts).
        targets: n numbers, or zeros and ones (n, labels).
    """

    name: str
    texts: list[str]
    facts: Floats
    targets: Floats


class Result(NamedTuple):
    """Scores on texts that were not trained on: R² of numbers, micro F1 of labels.

    Attributes:
        linear: of the linear model on the facts.
        classifier: of the classifier on the texts.
        seconds: of CPU time that training the classifier took.
    """

    linear: float
    classifier: float
    seconds: float


def tasks(count: int, seed: int = 1) -> list[Task]:
    """Return the tasks on at most `count` texts; those of numbers once as they are, and once with noise added."""
    texts = _texts(count, seed)
    words = [text.split() for text in texts]
    lists = _word_lists()
    animals = set().union(*(lists[name] for name in ANIMALS))
    letters = np.array([np.mean([len(word) for word in text]) for text in words])
    share = np.array([np.mean([word in animals for word in text]) for text in words])
    topics = np.array([[not lists[name].isdisjoint(text) for name in TOPICS] for text in words], np.float64)
    random = np.random.default_rng(seed)
    found = []
    for name, fact in (("letters", letters), ("share", share)):
        noise = random.normal(size=len(fact)) * _NOISE * fact.std()
        found.append(Task(name, texts, fact[:, None], fact))
        found.append(Task(f"{name}, noisy", texts, fact[:, None], fact + noise))
    return [*found, Task("topics", texts, topics, topics)]


def compare(task: Task, **options: Any) -> Result:
    """Train both models on most of the texts, and score them on the rest."""
    cut = round(len(task.texts) * (1 - _TESTED))
    truth, several = task.targets[cut:], task.targets.ndim == 2
    targets: Any = [_names(row) for row in task.targets] if several else task.targets.tolist()
    started = time.process_time()
    classifier = Classifier(**options).fit(task.texts[:cut], targets[:cut])
    seconds = time.process_time() - started
    given = classifier.predict(task.texts[cut:])
    if several:
        assert tuple(classifier.classes_) == TOPICS
    return Result(_score(truth, _linear(task, cut)), _score(truth, given), seconds)


def _texts(count: int, seed: int) -> list[str]:
    random = np.random.default_rng(seed)
    lines = (CORPORA / "english.txt").read_text(encoding="utf-8").splitlines()
    random.shuffle(lines)
    ends = np.cumsum(random.integers(1, _MOST_LINES + 1, count))
    ends = ends[ends <= len(lines)]
    return [" ".join(part) for part in (lines[a:b] for a, b in zip([0, *ends.tolist()], ends.tolist(), strict=False))]


def _word_lists() -> dict[str, set[str]]:
    """Return the words that each section of the bundled analogies is about: those of its first and third column."""
    lists: dict[str, set[str]] = {}
    for line in (CORPORA / "english-questions.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith(": "):
            words = lists[line[2:]] = set()
        else:
            first, _, third, _ = line.split()
            words |= {first, third}
    return lists


def _names(row: Sequence[float] | Floats) -> list[str]:
    return [name for name, holds in zip(TOPICS, row, strict=True) if holds]


def _linear(task: Task, cut: int) -> npt.NDArray[Any]:
    """Return what least squares on the facts predict; for labels, which of them are more than a half."""
    facts = np.column_stack([task.facts, np.ones(len(task.facts))])
    weights = np.linalg.lstsq(facts[:cut], task.targets[:cut], rcond=None)[0]
    predicted: Floats = facts[cut:] @ weights
    return predicted > 0.5 if predicted.ndim == 2 else predicted


def _score(truth: Floats, given: npt.NDArray[Any]) -> float:
    if truth.ndim == 1:
        return number_scores(truth, given.astype(np.float64), baseline=0.0).r2
    return class_scores(truth > 0, given > 0, list(TOPICS), baseline=0).micro_f1
