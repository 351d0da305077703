"""Words of any Unicode in vocabularies, phrases, classifiers and metadata read back, or are refused on writing."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from profiles import cases
from test_round_trips import ODD

import w2v
from w2v.errors import PhraseError, UsageError, VectorsError, VocabularyError
from w2v.phrases import Phrase, Phrases
from w2v.vectors import Vectors, load
from w2v.vocabulary import Vocabulary

WORDS = st.sampled_from(ODD) | st.text(st.characters(), max_size=3) | st.text("ab\"'\t_,;\ufeff \r", max_size=4)
COUNTS = st.integers(0, 2**40)


def is_refused(write, path, *refusals):
    """Write a file and say whether that was refused, which must be in one line and leave nothing behind."""
    told = ""
    try:
        write(path)
    except refusals as error:
        told = str(error)
    assert "\n" not in told
    assert path.exists() == (not told)
    return bool(told)


def in_folder(function, name):
    """Call a function with a path in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        function(Path(folder) / name)


@settings(max_examples=cases(60))
@given(st.lists(st.tuples(WORDS, COUNTS), max_size=4))
@example([("</s>", 7), ("a", 1)])
@example([("</s>", 7)])
@example([("a", 1), ("a", 1)])
def test_vocabularies(entries):
    def check(path):
        vocabulary = Vocabulary.from_counts([word for word, _ in entries], [count for _, count in entries])
        if is_refused(vocabulary.save, path, VocabularyError):
            return
        found = Vocabulary.load(path)
        assert (found.words, found.counts.tolist()) == (vocabulary.words, vocabulary.counts.tolist())

    in_folder(check, "words.txt")


PHRASES = st.builds(
    Phrase, WORDS, st.lists(WORDS, max_size=3).map(tuple), st.none() | st.floats(),
    st.none() | st.integers(-1, 2**64), st.integers(0, 3),
)  # fmt: skip


@settings(max_examples=cases(60))
@given(st.lists(PHRASES, max_size=3))
@example([Phrase('"a_b"', ('"a', 'b"'))])
@example([Phrase("a_b", ('"a', 'b"'), 1.0, 2)])
@example([Phrase('""', ('"', '"'), 1.0, 2)])
@example([Phrase("new york", ("new", "york"))])
@example([Phrase("\ufeffa_b", ("\ufeffa", "b"))])
@example([Phrase("\ud800_b", ("\ud800", "b"))])
def test_phrases(entries):
    def check(path):
        if is_refused(lambda path: Phrases(entries).save(path), path, PhraseError):
            return
        phrases = Phrases(entries)
        found = Phrases.load(path)
        assert [(one.token, one.words, one.count, one.pass_number) for one in found] == [
            (one.token, one.words, one.count, one.pass_number) for one in phrases
        ]
        for one, other in zip(found, phrases, strict=True):
            assert one.score == (None if other.score is None else float(f"{other.score:.6g}"))

    in_folder(check, "phrases.tsv")


@pytest.mark.parametrize("name", ["v.safetensors", "v.npz", "v.txt"])
@settings(max_examples=cases(10))
@given(st.dictionaries(WORDS, WORDS | st.lists(WORDS, max_size=2), max_size=2))
@example({"made": "\ud800"})
def test_metadata_of_vectors(name, metadata):
    def check(path):
        vectors = Vectors(["a"], np.ones((1, 2)), metadata=metadata)
        if is_refused(vectors.save, path, VectorsError):
            return
        assert load(path).metadata in (metadata, {})

    in_folder(check, name)


@settings(max_examples=cases(5))
@given(st.lists(WORDS.filter(lambda label: label.strip()), min_size=2, max_size=3, unique=True))
@example(["\ud800", "a"])
def test_labels(labels):
    def check(path):
        classifier = w2v.Classifier(dim=2, epochs=1, threads=1)
        if is_refused(lambda path: classifier.fit(["a good film"] * len(labels), labels).save(path), path, UsageError):
            return
        assert w2v.Classifier.load(path).classes_.tolist() == classifier.classes_.tolist()

    in_folder(check, "c.model")


def test_options_of_models_with_half_of_a_surrogate_pair(tmp_path):
    sentences = [["the", "king"], ["the", "queen"]] * 3
    w2v.train(sentences=sentences, dim=2, epochs=1, min_count=1, stopwords=["\ud800"], save_model=tmp_path / "m")
    assert list(load(tmp_path / "m"))
