"""The newcomer's first commands, on the corpus that comes with the project: `w2v train`, then `w2v similar king`."""

import json
from pathlib import Path

import pytest
from console import w2v

import w2v as library
from w2v.evaluation import evaluate_analogies

CORPORA = Path(__file__).parents[1] / "corpora"
QUESTIONS = CORPORA / "english-questions.txt"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the vectors that `w2v train` makes of the bundled corpus with all defaults."""
    folder = tmp_path_factory.mktemp("bundled")
    process = w2v("train", CORPORA / "english.txt", cwd=folder)
    assert process.returncode == 0, process.stderr
    assert b"try: w2v similar " in process.stderr
    return folder


def test_the_words_closest_to_king(folder):
    process = w2v("similar", "king", "-n", 5, "--json", cwd=folder)
    assert {"queen", "prince"} <= {neighbour["word"] for neighbour in json.loads(process.stdout)}


def test_four_analogies_in_five_hold(folder):
    score = evaluate_analogies(library.load(folder / "vectors.txt"), QUESTIONS)
    assert score.total.used > 10_000
    assert score.total.skipped == 0
    assert score.total.accuracy >= 0.80


def test_cbow_learns_too(tmp_path):
    """CBOW makes one prediction where skip-gram makes several, so it learns less from a small text; gensim's: 48 %."""
    process = w2v("train", CORPORA / "english.txt", "--model", "cbow", "-q", cwd=tmp_path)
    assert process.returncode == 0, process.stderr
    vectors = library.load(tmp_path / "vectors.txt")
    assert "queen" in [word for word, _ in vectors.similar("king", 3)]
    assert evaluate_analogies(vectors, QUESTIONS).total.accuracy >= 0.50
