"""How well every loss learns, with both models, from the bundled corpus."""

from pathlib import Path

import numpy as np
import pytest

from w2v.corpus import Sentences, encode
from w2v.evaluation import evaluate_analogies
from w2v.options import CorpusOptions, TrainingOptions, VocabularyOptions
from w2v.sampling import keep_probabilities
from w2v.training import Model, train

CORPORA = Path(__file__).parents[1] / "corpora"
TEXT = CORPORA / "english.txt"
REACH = 0.15  # of analogies; ns solves 0.95 of them, hs 0.86 and the exact softmax 0.92, give or take 0.02


@pytest.fixture(scope="module")
def whole():
    """The bundled corpus, encoded."""
    with encode(str(TEXT), CorpusOptions(threads=2), VocabularyOptions()) as corpus:
        yield corpus


@pytest.fixture(scope="module")
def half():
    """Every other line of it, since the exact softmax is slow."""
    lines = TEXT.read_text(encoding="utf-8").splitlines()[::2]
    with encode(Sentences(map(str.split, lines)), CorpusOptions(threads=2), VocabularyOptions()) as corpus:
        yield corpus


def learnt(corpus, **options):
    """Return the accuracy on analogies after training, and the last epoch's mean loss, in nats."""
    chosen = TrainingOptions(threads=2, **options)
    model = Model.create(corpus.vocabulary, chosen)
    report = train(model, corpus, chosen)
    return evaluate_analogies(model.vectors(), CORPORA / "english-questions.txt").total.accuracy, report.loss


def unigram_entropy(corpus):
    """Return the entropy, in nats, of the centers, as often as subsampling keeps them.

    No model does better that knows how often words come, but not near which others.
    """
    counts = corpus.vocabulary.counts
    kept = counts * keep_probabilities(counts, TrainingOptions().sample)
    shares = kept / kept.sum()
    return -(shares * np.log(shares)).sum()


@pytest.mark.parametrize("loss", ["ns", "hs"])
def test_skip_gram_solves_four_analogies_in_five(whole, loss):
    accuracy, _ = learnt(whole, loss=loss, lr=0.03)
    assert accuracy >= 0.80


@pytest.mark.parametrize("loss, epochs, accuracy", [("ns", 10, 0.80), ("hs", 5, 0.60)])
def test_cbow_solves_analogies_too(whole, loss, epochs, accuracy):
    """It makes one prediction where skip-gram makes several, and takes twice as long. Found are 0.89 with ns.

    With hs, 0.71 is found; more epochs, other rates, windows, sizes and gradients give 0.62 to 0.73. So it is with
    gensim 4.4, whose CBOW with hs solves 0.73, 0.71, 0.67 and 0.64 of them after 5 epochs at 0.025 and 5, 10 and 20 at
    0.05.
    """
    assert learnt(whole, model="cbow", loss=loss, lr=0.1, epochs=epochs)[0] >= accuracy


def test_the_sum_of_the_context_teaches_cbow_too(whole):
    assert learnt(whole, model="cbow", cbow_mean=False, lr=0.05)[0] >= 0.70


def test_the_exact_softmax_beats_word_frequencies_and_the_others_come_close(half):
    entropy = unigram_entropy(half)
    exact, loss = learnt(half, loss="softmax", dim=48, epochs=3, lr=0.05)
    assert loss < entropy - 1
    assert exact >= 0.80
    by_tree, loss = learnt(half, loss="hs", dim=48, epochs=10, lr=0.05)
    assert loss < entropy - 1  # it too is -log of a probability among all words
    assert by_tree >= exact - REACH
    by_negatives, _ = learnt(half, loss="ns", dim=48, epochs=10, lr=0.05)
    assert by_negatives >= exact - REACH


def test_cbow_beats_the_frequencies_of_words_with_the_exact_softmax_and_with_a_tree(half):
    entropy = unigram_entropy(half)
    for loss in ("softmax", "hs"):
        accuracy, mean = learnt(half, model="cbow", loss=loss, dim=32, epochs=2, lr=0.1)
        assert mean < entropy - 1
        assert accuracy >= 0.10
