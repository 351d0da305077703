"""Training as a whole is reproducible, reports its true loss, and fails with one clear error and nothing left over."""

import gzip
import itertools
import math
import os
import pty
import re
import select
import signal
import subprocess
import sys
import threading
import tracemalloc
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from console import W2V, environment, error_line
from console import inside as w2v
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

import w2v as library
from w2v.corpus import BlockSizes, encode
from w2v.errors import TrainingError, W2VError
from w2v.kernels.random import stream_key
from w2v.options import CorpusOptions, TrainingOptions, VocabularyOptions
from w2v.options.output_layers import OUTPUT_LAYERS
from w2v.options.training import LOSSES, MODELS
from w2v.progress import Silent
from w2v.training import Model, train, train_vectors
from w2v.training.checkpoint import fingerprint
from w2v.training.schedule import LinearSchedule, block_order, turns
from w2v.vocabulary import Vocabulary

CORPORA = Path(__file__).parents[1] / "corpora"
BUNDLED = CORPORA / "english.txt"


@contextmanager
def encoded(path, **options):
    with encode(str(path), CorpusOptions(threads=2), VocabularyOptions(), **options) as corpus:
        yield corpus


@pytest.fixture(scope="module")
def text():
    """A part of it, as bytes: more than one block to train on."""
    data = BUNDLED.read_bytes()
    return data[: data.index(b"\n", 400_000) + 1]


@pytest.fixture(scope="module")
def small(text, tmp_path_factory):
    """That part, encoded as blocks enough for many threads."""
    path = tmp_path_factory.mktemp("small") / "corpus.txt"
    path.write_bytes(text)
    with encoded(path, sizes=BlockSizes(block_ids=1 << 11)) as corpus:
        assert corpus.n_blocks > 32
        yield corpus


def trained(corpus, progress=None, **options):
    """Return a model trained on a corpus, and the report."""
    chosen = TrainingOptions(**{"dim": 20, "epochs": 1, "threads": 1} | options)
    model = Model.create(corpus.vocabulary, chosen)
    return model, train(model, corpus, chosen, progress)


# one thread, one seed: the same vectors, byte for byte


def test_one_thread_and_one_seed_give_the_same_bytes_from_any_source(text, tmp_path):
    (tmp_path / "corpus.txt").write_bytes(text)
    (tmp_path / "corpus.gz").write_bytes(gzip.compress(text))
    quick = ["--threads", 1, "--dim", 30, "--epochs", 2, "-q"]
    for output, source, seed in [
        ("file", "corpus.txt", 7), ("again", "corpus.txt", 7), ("gzip", "corpus.gz", 7), ("pipe", "-", 7),
        ("other", "corpus.txt", 8),
    ]:  # fmt: skip
        process = w2v("train", source, "-o", output, "--seed", seed, *quick, cwd=tmp_path, stdin=text)
        assert process.returncode == 0, process.stderr
    first = (tmp_path / "file").read_bytes()
    for output in ("again", "gzip", "pipe"):
        assert (tmp_path / output).read_bytes() == first
    other = (tmp_path / "other").read_bytes()
    assert other != first
    assert [line.split()[0] for line in other.splitlines()] == [line.split()[0] for line in first.splitlines()]


@pytest.mark.parametrize("model", ["skipgram", "cbow"])
def test_one_thread_and_one_seed_give_the_same_matrices(small, model):
    first, again, other = (trained(small, model=model, seed=seed)[0] for seed in (3, 3, 4))
    assert_array_equal(first.input_vectors, again.input_vectors)
    assert_array_equal(first.output_vectors, again.output_vectors)
    assert (first.input_vectors[:, :20] != other.input_vectors[:, :20]).mean() > 0.99


def test_each_seed_epoch_and_block_has_a_stream_of_its_own():
    keys = [int(stream_key(*where)) for where in itertools.product((0, 1, 2**63 - 1), range(5), range(200))]
    assert len(set(keys)) == len(keys)
    assert keys[0] == stream_key(0, 0, 0)
    bits = np.unpackbits(np.array(keys, np.uint64).view(np.uint8))
    assert abs(bits.mean() - 0.5) < 4 * 0.5 / math.sqrt(bits.size)


@pytest.mark.parametrize("model", ["skipgram", "cbow"])
def test_the_draws_for_a_block_do_not_depend_on_threads(small, model):
    """With hardly any learning the loss counts what was drawn, since a negative that is the target costs nothing."""
    losses = [trained(small, model=model, lr=1e-30, epochs=3, threads=threads)[1].losses for threads in (1, 2, 8)]
    assert_allclose(losses[1:], [losses[0]] * 2, rtol=1e-9)
    assert len({round(loss, 7) for loss in losses[0]}) == 3
    assert trained(small, model=model, lr=1e-30, seed=2)[1].loss != pytest.approx(losses[0][0], abs=1e-7)


# every word, with any number of threads


@pytest.mark.parametrize("model", ["skipgram", "cbow"])
@pytest.mark.parametrize("threads, dim", [(1, 10), (2, 100), (3, 7)])
def test_every_word_is_trained_and_the_padding_stays_zero(small, model, threads, dim):
    options = TrainingOptions(model=model, dim=dim, epochs=3, threads=threads, sample=0)
    fresh = Model.create(small.vocabulary, options)
    after, _ = trained(small, model=model, dim=dim, epochs=3, threads=threads, sample=0)
    assert after.input_vectors.shape[1] >= dim
    assert not after.input_vectors[:, dim:].any()
    assert not after.output_vectors[:, dim:].any()
    assert (after.input_vectors[:, :dim] != fresh.input_vectors[:, :dim]).any(axis=1).all()
    assert after.output_vectors.any(axis=1).all()


# the loss


@pytest.mark.parametrize("model, negative", [("skipgram", 5), ("skipgram", 1), ("cbow", 5), ("cbow", 12)])
def test_the_loss_is_the_mean_per_prediction_in_nats(small, model, negative):
    """Scores begin at zero, so each of 1 + negative outputs costs ln 2, unless a negative is the target itself."""
    report = trained(small, model=model, negative=negative, lr=1e-30)[1]
    assert 0.97 * (1 + negative) * math.log(2) < report.loss < (1 + negative) * math.log(2)


@pytest.mark.parametrize("model", ["skipgram", "cbow"])
def test_the_loss_falls_from_epoch_to_epoch(small, model):
    report = trained(small, model=model, epochs=6, threads=2)[1]
    assert len(report.losses) == 6
    assert all(later < earlier for earlier, later in itertools.pairwise(report.losses))
    assert report.loss == report.losses[-1] < 0.8 * 6 * math.log(2)


class Listener(Silent):
    """Remembers the progress it receives, and may raise an error."""

    def __init__(self, objection=None):
        self.told = []
        self.objection = objection
        self.finished = False

    def start(self, task, total, unit, before=0):
        self.task, self.total, self.unit = task, total, unit

    def update(self, done, facts=None):
        self.told.append((done, facts))
        if self.objection is not None and self.task == "training" and done:
            raise self.objection

    def finish(self):
        self.finished = True


def test_progress_ends_with_all_words_and_the_final_loss_and_rate(small):
    listener = Listener()
    report = trained(small, listener, epochs=2)[1]
    assert (listener.task, listener.unit) == ("training", "words")
    assert listener.total == 2 * small.block_tokens.sum() == report.words
    done = [words for words, _ in listener.told]
    assert done == sorted(done)
    last_words, last_facts = listener.told[-1]
    assert last_words == listener.total
    assert last_facts["loss"] == f"{report.loss:.4f}"
    assert 0 < float(last_facts["lr"]) < 0.05 * TrainingOptions().initial_lr
    assert listener.finished


# what stops training


@pytest.mark.parametrize("model, threads", [("skipgram", 1), ("skipgram", 2), ("cbow", 2)])
@pytest.mark.parametrize("matrix", ["input_vectors", "output_vectors"])
@pytest.mark.parametrize("row, value", [(0, np.inf), (100, np.nan), (-1, -np.inf)])
def test_a_loss_that_is_not_a_number_stops_training(small, model, threads, matrix, row, value):
    options = TrainingOptions(model=model, dim=20, threads=threads, sample=0, lr=0.04, epochs=1000)
    poisoned = Model.create(small.vocabulary, options)
    getattr(poisoned, matrix)[row, 3] = value
    before = threading.enumerate()
    with pytest.raises(TrainingError, match=r"in epoch 1 at learning rate 0\.0[34].*; try a smaller lr than 0\.04"):
        train(poisoned, small, options)
    assert set(threading.enumerate()) <= set(before)


@pytest.mark.parametrize("model", ["skipgram", "cbow"])
def test_a_learning_rate_far_too_large_ends_in_one_line_and_no_file(text, tmp_path, model):
    (tmp_path / "corpus.txt").write_bytes(text)
    (tmp_path / "work").mkdir()
    process = w2v("train", "corpus.txt", "--model", model, "--lr", 1e6, "--work-dir", "work", "-q", cwd=tmp_path)
    assert "try a smaller --lr than 1e+06" in error_line(process)
    assert process.returncode == 1
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["corpus.txt", "work"]


def test_an_error_in_a_thread_reaches_the_caller(text, tmp_path):
    path = tmp_path / "corpus.txt"
    path.write_bytes(text)
    with encoded(path) as corpus:
        pass
    before = threading.enumerate()
    with pytest.raises((ValueError, OSError), match=r"closed|descriptor"):  # its file is
        trained(corpus, threads=3)
    assert set(threading.enumerate()) <= set(before)


@pytest.mark.parametrize("objection", [KeyboardInterrupt(), ZeroDivisionError()])
def test_an_interruption_ends_all_threads_and_leaves_nothing(text, tmp_path, objection):
    (tmp_path / "corpus.txt").write_bytes(text)
    (tmp_path / "work").mkdir()
    before = threading.enumerate()
    with pytest.raises(type(objection)):
        train_vectors(
            [tmp_path / "corpus.txt"],
            corpus=CorpusOptions(work_dir=tmp_path / "work"),
            vocabulary=VocabularyOptions(),
            training=TrainingOptions(epochs=10**6, threads=3),
            progress=Listener(objection),
        )
    assert set(threading.enumerate()) <= set(before)
    assert list((tmp_path / "work").iterdir()) == []


def test_ctrl_c_while_the_bar_moves(text, tmp_path):
    (tmp_path / "corpus.txt").write_bytes(text)
    (tmp_path / "work").mkdir()
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*W2V, "train", "corpus.txt", "--epochs", "1000000", "--work-dir", "work"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=theirs, env=environment(TERM="xterm"),
    ) as process:  # fmt: skip
        os.close(theirs)
        shown = b""
        while not re.search(rb"training .*words/s, lr 0\.0\d+, loss", shown):
            assert select.select([ours], [], [], 60)[0], shown
            shown += os.read(ours, 1 << 16)
        process.send_signal(signal.SIGINT)
        shown = b"".join(iter(lambda: read_to_end(ours), b""))
        assert process.wait(timeout=60) == 130
        assert process.stdout.read() == b""
    os.close(ours)
    assert shown.endswith(b"\nw2v: interrupted\r\n")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["corpus.txt", "work"]


def read_to_end(terminal):
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # nobody is at the other side any more
        return b""


# the start


def vocabulary_of(size):
    return Vocabulary([f"w{i}" for i in range(size)], np.arange(size, 0, -1))


def test_too_large_matrices_are_refused_before_memory_is_allocated():
    tracemalloc.start()
    try:
        with pytest.raises(
            TrainingError, match=r"^2 words x 1000000000 need 1\d\d\.\d GB of memory, but only .* are free"
        ):
            library.train(sentences=[["a", "b"]] * 9, dim=10**9, min_count=1)
        assert tracemalloc.get_traced_memory()[1] < 1 << 24
    finally:
        tracemalloc.stop()


def test_memory_that_the_system_refuses_is_reported():
    script = (
        "import resource, numpy as np\n"
        "from w2v.training import Model\n"
        "from w2v.options import TrainingOptions\n"
        "from w2v.vocabulary import Vocabulary\n"
        "resource.setrlimit(resource.RLIMIT_AS, (1 << 33, 1 << 33))\n"
        "Model.create(Vocabulary([str(i) for i in range(1000)], np.ones(1000)), TrainingOptions(dim=1200000))\n"
    )
    process = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert re.search(
        r"TrainingError: 1,000 words x 1200000 need 9\.6 GB of memory, and the system has less; .* dim\n$",
        process.stderr,
    )


@pytest.mark.parametrize("dim", [1, 16, 100])
def test_a_model_starts_small_even_and_at_zero(dim):
    words = 200_000 // dim
    model = Model.create(vocabulary_of(words), TrainingOptions(dim=dim, seed=5))
    values = model.input_vectors[:, :dim] * dim
    assert model.input_vectors.dtype == model.output_vectors.dtype == np.float32
    assert model.input_vectors.ctypes.data % 64 == model.output_vectors.ctypes.data % 64 == 0
    assert not model.output_vectors.any()
    assert not model.input_vectors[:, dim:].any()
    assert np.abs(values).max() <= 0.5
    places = np.histogram(values, 10, (-0.5, 0.5))[0]
    expected = values.size / 10
    assert ((places - expected) ** 2 / expected).sum() < 27.9  # 99.9 % of chi squared with 9 degrees of freedom
    again, other = (Model.create(vocabulary_of(words), TrainingOptions(dim=dim, seed=seed)) for seed in (5, 6))
    assert_array_equal(model.input_vectors, again.input_vectors)
    assert (model.input_vectors[:, :dim] != other.input_vectors[:, :dim]).mean() > 0.99


def test_the_vectors_of_a_model_are_its_input_vectors_without_padding():
    model = Model.create(vocabulary_of(7), TrainingOptions(dim=3))
    vectors = model.vectors()
    assert vectors.words == model.vocabulary.words
    assert_array_equal(vectors.matrix, model.input_vectors[:, :3])
    model.input_vectors[:] = 9
    assert not (vectors.matrix == 9).any()


# the schedule


@given(st.floats(1e-6, 10), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_the_learning_rate_falls_in_a_straight_line(initial, share, first, second):
    rate = LinearSchedule(initial, share * initial).rate
    assert rate(0) == initial
    assert rate(1) == rate(1.5) == pytest.approx(share * initial)
    assert rate((first + second) / 2) == pytest.approx((rate(first) + rate(second)) / 2)
    assert rate(max(first, second)) <= rate(min(first, second))


@given(st.integers(1, 50), st.integers(1, 4), st.data())
def test_turns_take_every_block_once_an_epoch_and_resume_anywhere(n_blocks, epochs, data):
    corpus = SimpleNamespace(n_blocks=n_blocks, block_tokens=np.arange(1, n_blocks + 1))
    options = TrainingOptions(epochs=epochs)
    every = list(turns(corpus, options))
    assert sorted((epoch, block) for epoch, block, _ in every) == list(
        itertools.product(range(epochs), range(n_blocks))
    )
    assert [block for _, block, _ in every[:n_blocks]] == block_order(n_blocks).tolist()
    rates = [lr for _, _, lr in every]
    assert rates[0] == options.initial_lr
    assert rates == sorted(rates, reverse=True)
    first = data.draw(st.integers(0, len(every)))
    assert list(turns(corpus, options, first)) == every[first:]


# another corpus


class InMemory:
    """A corpus that follows the protocol, and does no more."""

    def __init__(self, sentences):
        words, counts = np.unique([word for sentence in sentences for word in sentence], return_counts=True)
        self.vocabulary = Vocabulary.from_counts(words.tolist(), counts)
        index = self.vocabulary.index
        self._blocks = [
            np.array(
                [i for sentence in sentences[start : start + 10] for i in [*map(index.get, sentence), -1]], np.int32
            )
            for start in range(0, len(sentences), 10)
        ]
        self.n_blocks = len(self._blocks)
        self.block_tokens = np.array([np.count_nonzero(ids >= 0) for ids in self._blocks])
        self.max_block_ids = max(map(len, self._blocks))
        self.total_tokens = int(self.block_tokens.sum())

    def read(self, block, buffer):
        return self._blocks[block]


@pytest.mark.parametrize("threads", [1, 3])
def test_training_takes_any_corpus_that_follows_the_protocol(threads):
    corpus = InMemory([["the", "king", "met", "the", "queen"], ["a", "dragon", "slept"]] * 100)
    model, state = trained(corpus, threads=threads, epochs=4, sample=0)
    assert state.words == 4 * corpus.total_tokens == 4 * 800
    assert state.blocks == 4 * corpus.n_blocks
    assert state.losses[-1] < state.losses[0]
    assert fingerprint(corpus)["tokens"] == 800
    if threads == 1:
        assert_array_equal(model.input_vectors, trained(corpus, epochs=4, sample=0)[0].input_vectors)


def test_the_result_reports_the_run(text, tmp_path):
    (tmp_path / "corpus.txt").write_bytes(text)
    result = train_vectors(
        [tmp_path / "corpus.txt"],
        corpus=CorpusOptions(),
        vocabulary=VocabularyOptions(),
        training=TrainingOptions(dim=10, epochs=3, threads=1),
    )
    report = result.report
    assert report.tokens == len(text.split())
    assert report.vocabulary_size == len(result.vectors)
    assert len(report.losses) == 3
    assert report.losses[2] < report.losses[0]
    assert 0 < report.words < 3 * report.tokens
    assert report.predictions > report.words
    assert report.words_per_second == pytest.approx(report.words / report.seconds)


EXTREMES = [
    {"lr": 1_000_000, "min_lr": 1_000_000}, {"loss": "hs", "lr": 100}, {"loss": "softmax", "lr": 1000},
    {"model": "cbow", "cbow_mean": False, "lr": 100},
    *(
        {"model": model, "loss": loss, **extreme}
        for model, loss in itertools.product(MODELS, LOSSES)
        for extreme in ({"lr": 10}, {"dim": 1}, {"window": 1000}, {"negative": 1000})
        if "negative" not in extreme or OUTPUT_LAYERS[loss].draws_negatives
    ),
]  # fmt: skip
ODD_TEXTS = {
    "prose": "the king and the queen see the old castle in new york\n" * 300,
    "two words": "a b\n" * 300,
    "constant": "the king " * 2000,
    "one word": "a\n" * 300,
    "one word a line": "a\nb\nc\n" * 300,
}


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS)
@pytest.mark.parametrize("options", EXTREMES, ids=str)
def test_extremes_give_finite_vectors_or_a_clear_error(tmp_path, text, options):
    (tmp_path / "text.txt").write_text(text)
    told, matrix = "", np.zeros(1)
    try:
        matrix = library.train(tmp_path / "text.txt", epochs=2, min_count=1, threads=1, **options).matrix
    except W2VError as error:
        told = str(error)
    assert re.search(r"^$|no longer a finite number.*try a smaller lr|has one word only", told)
    assert np.isfinite(matrix).all()
