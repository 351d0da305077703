"""What `w2v train --dry-run` shows of the text and the time; tests/test_memory.py checks the memory."""

import re
from contextlib import closing

import numpy as np
import pytest
from console import inside as w2v

from w2v.cli.estimate import SHOWN_SENTENCES, duration
from w2v.corpus import Sentences, encode, first_sentences, opening_of
from w2v.corpus.block_reader import BlockReader
from w2v.corpus.id_file import IdFile
from w2v.corpus.parallel_scan import scan
from w2v.options import CorpusOptions, TrainingOptions, VocabularyOptions
from w2v.progress import Silent
from w2v.training.model import Model
from w2v.training.run_state import RunState
from w2v.training.timing import time_training

TEXT = "A Rose is 1\n\nthe rose 2 3\n4\nthe the Café\nlast line of all\n" * 30
OPTIONS = [
    {}, {"lowercase": True, "strip_accents": True}, {"tokens": "words"}, {"numbers": "drop"}, {"dedup": True},
    {"stopwords": ["the"]}, {"sentence_unit": "paragraph"}, {"sentence_unit": "document"}, {"tokens": "chars"},
    {"tokens": "regex:[A-Za-z]+"},
]  # fmt: skip


def scanned_opening(path, options, number, block_bytes=1 << 20):
    with closing(IdFile(None)) as file:
        found = scan(BlockReader(path, block_bytes, options), options, file, Silent())
        return opening_of(file, found, number)


@pytest.mark.parametrize("given", OPTIONS, ids=str)
@pytest.mark.parametrize("block_bytes", [16, 1 << 20])
@pytest.mark.parametrize("number", [1, 4, 1000])
def test_the_opening_of_a_scanned_text_is_what_training_reads(tmp_path, given, block_bytes, number):
    (tmp_path / "a.txt").write_text(TEXT)
    options = CorpusOptions(**given, threads=2)
    if options.dedup:
        block_bytes = 1 << 20  # sentences that cross blocks are not compared
    expected = first_sentences(tmp_path / "a.txt", options, number)
    assert scanned_opening(tmp_path / "a.txt", options, number, block_bytes) == expected
    assert len(expected) <= number


def test_of_an_endless_sentence_the_opening_is_a_part(tmp_path):
    (tmp_path / "a.txt").write_text("a b " * 200_000)
    (sentence,) = scanned_opening(tmp_path / "a.txt", CorpusOptions(), 3)
    assert sentence == ["a", "b"] * (len(sentence) // 2)
    assert 1000 < len(sentence) < 400_000


@pytest.mark.parametrize("piped", [False, True], ids=["file", "standard input"])
def test_a_dry_run_shows_the_first_sentences_as_vocab_does(tmp_path, piped):
    (tmp_path / "a.txt").write_text("A Rose is 1\nthe \x1brose\n" + "word " * 90 + "\n" + "x y\n" * 9)
    text = (tmp_path / "a.txt").read_bytes()
    options = ["-" if piped else "a.txt", "-q", "--lowercase", "--min-count", "2"]
    shown = w2v("vocab", *options, "--show-text", "9", cwd=tmp_path, stdin=text).stdout.decode().splitlines()
    process = w2v("train", *options, "--dry-run", cwd=tmp_path, stdin=text)
    assert process.returncode == 0, process.stderr
    first, *others = process.stdout.decode().splitlines()
    assert first == "text        a rose is 1"
    assert shown[0] == "a rose is 1"  # with "1", which is too rare for a vector
    assert others[0] == "            the \\x1brose"
    assert others[1] == " " * 12 + shown[2][:100] + "..."
    assert others[2 : SHOWN_SENTENCES - 1] == [" " * 12 + line for line in shown[3:SHOWN_SENTENCES]]
    assert others[SHOWN_SENTENCES - 1].startswith("words  ")
    assert list(tmp_path.iterdir()) == [tmp_path / "a.txt"]


def test_a_dry_run_shows_phrases_and_the_time(tmp_path):
    (tmp_path / "a.txt").write_text("new york is far\n" * 40 + "it is far away\n" * 2000)
    options = ["a.txt", "--phrases", "1", "--epochs", "1000000", "--dim", "10"]
    process = w2v("train", "-q", *options, "--dry-run", cwd=tmp_path)
    lines = process.stdout.decode().splitlines()
    assert lines[0].startswith("text        new_york ")
    (line,) = (line for line in lines if line.startswith("time "))
    amount = r"\d+(\.\d)? (s|min|h|days)"
    assert re.fullmatch(
        rf"time        {amount} \({amount} to {amount}\) for 1,000,000 epochs, judged by \d\.\d s of training; reading"
        rf" the text took {amount}",
        line,
    )


@pytest.fixture(scope="module")
def corpus():
    words = np.random.default_rng(1).integers(50, size=(200, 10)).astype(str).tolist()
    with encode(Sentences(words), CorpusOptions(), VocabularyOptions(min_count=1)) as encoded:
        yield encoded


@pytest.mark.parametrize("loss", ["ns", "hs", "softmax"])
def test_a_trial_stops_a_long_run_and_judges_the_rest(corpus, loss):
    options = TrainingOptions(loss=loss, epochs=10_000_000, threads=2, dim=20)  # 20 billion words
    timing = time_training(Model.create(corpus.vocabulary, options), corpus, options, 0.3)
    assert timing.least <= timing.seconds <= timing.most
    assert timing.trial < timing.seconds / 10
    half = RunState(blocks=options.epochs * corpus.n_blocks - 10, words=options.epochs * corpus.total_tokens - 10)
    rest = time_training(Model.create(corpus.vocabulary, options), corpus, options, 0.3, start=half)
    assert rest.seconds < timing.seconds / 1000


def test_a_short_run_is_its_own_trial(corpus):
    options = TrainingOptions(epochs=2, threads=1, dim=20)
    model = Model.create(corpus.vocabulary, options)
    before = model.input_vectors.copy()
    timing = time_training(model, corpus, options, 100)
    assert timing.seconds == pytest.approx(timing.trial)
    assert not np.array_equal(model.input_vectors, before)


def test_a_dry_run_without_enough_memory_times_nothing(tmp_path):
    (tmp_path / "a.txt").write_text("a rose is a rose\n" * 9)
    process = w2v("train", "-q", "a.txt", "--dim", "100000000000", "--dry-run", cwd=tmp_path)
    assert process.returncode == 0, process.stderr
    assert "time        unknown, since there is too little memory to try" in process.stdout.decode().splitlines()


def test_durations_have_a_unit_that_fits():
    assert [duration(seconds) for seconds in (0, 99, 100, 6001, 359_000, 400_000)] == [
        "0.0 s", "99 s", "1.7 min", "1.7 h", "100 h", "4.6 days",
    ]  # fmt: skip
