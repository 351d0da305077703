"""Replicas trained in rounds: the kernel against its twin, and the same result with any number of threads."""

import hashlib
import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import reference
from console import inside as w2v
from cpus import PLAYABLE, run_on
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit
from numpy.testing import assert_allclose, assert_array_equal
from training_block import Block

import w2v.kernels.replica_rows as replica_rows_module
from w2v.corpus import encode
from w2v.errors import TrainingError
from w2v.kernels.barrier import Barrier, wait
from w2v.kernels.buffers import STRETCH, Scratch
from w2v.kernels.merges import MergingRoom
from w2v.kernels.private_rows import merge_weights
from w2v.kernels.replica_rows import replica_rows
from w2v.kernels.rounds import Replicas, train_rounds
from w2v.options import CorpusOptions, TrainingOptions, VocabularyOptions
from w2v.simd import aligned_zeros, row_floats
from w2v.training import Model, train, trainer
from w2v.training.synchronous import most_copies

CORPUS = Path(__file__).parents[1] / "corpora" / "english.txt"
KINDS = {
    "skipgram": {},
    "cbow": {"model": "cbow"},
    "skipgram-hs": {"loss": "hs"},
    "cbow-hs": {"model": "cbow", "loss": "hs"},
    "skipgram-softmax": {"loss": "softmax"},
}
LENGTHS = [[70, 1, 0, 80], [200], [3, 60, 120, 30]]  # of the sentences of each replica's block


class Together:
    """Blocks that replicas train at the same time, from the same matrices.

    Args:
        blocks: blocks that differ in their ids and keys only.
        merge_every: centers of a round.
        predictions: how many predictions of a replica touch each row of both matrices in a round.
    """

    def __init__(self, blocks, merge_every, predictions=0.0):
        self.blocks, self.merge_every = blocks, merge_every
        first = blocks[0]
        self.rows = len(first.input_vectors) + len(first.output_vectors)
        self.predictions = np.full(self.rows, predictions)

    @classmethod
    def random(cls, seed, lengths, merge_every=STRETCH, predictions=0.0, words=40, dim=20, **options):
        blocks = [Block.random(seed + r, some, words, dim, **options) for r, some in enumerate(lengths)]
        for block in blocks:
            block.input_vectors, block.output_vectors = blocks[0].input_vectors, blocks[0].output_vectors
            block.counts = blocks[0].counts  # a text has one tree
        return cls(blocks, merge_every, predictions)

    def trained(self, threads):
        """Train copies of the matrices with the kernel; return both, and each block's loss and predictions."""
        first, n = self.blocks[0], len(self.blocks)
        floats = row_floats(first.input_vectors.shape[1])
        matrices = []
        for matrix in (first.input_vectors, first.output_vectors):
            padded = aligned_zeros(len(matrix), floats)
            padded[:, : matrix.shape[1]] = matrix
            matrices.append(padded)
        options = TrainingOptions(
            model=first.model,
            loss=first.loss,
            window=first.window,
            negative=first.negative,
            merge_every=self.merge_every,
        )
        max_ids = max(len(block.ids) for block in self.blocks)
        most = most_copies(first.words, max_ids, options)
        copies, padding = aligned_zeros(n * most, floats).reshape(n, most, floats), aligned_zeros(1, floats)
        rows = replica_rows(*matrices, padding, copies, self.predictions.astype(np.float32), self.merge_every)
        replicas = Replicas.create(n, max_ids)
        for r, block in enumerate(self.blocks):
            replicas.set_block(r, block.ids, block.lr, np.uint64(block.key))
        barrier = Barrier.create(threads)

        def work(thread):
            layer = first.layer(floats)
            scratch = Scratch.create(first.window, len(layer.tile), floats)
            train_rounds(
                replicas, first.method(), layer, first.sampling(), first.windows(), scratch, rows,
                MergingRoom.create(rows), barrier, thread, self.merge_every,
            )  # fmt: skip

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, range(threads)))
        assert rows.n_copies[:, 0].max() <= most
        assert not padding.any()
        dim = first.input_vectors.shape[1]
        return [m[:, :dim] for m in matrices], replicas.bits * np.log(2), replicas.predictions

    def reference(self):
        """Do the same in float64 with the twin."""
        first = self.blocks[0]
        matrices = [m.astype(np.float64) for m in (first.input_vectors, first.output_vectors)]
        draws = [block.draws() for block in self.blocks]
        weights = merge_weights(self.predictions, first.lr, len(self.blocks))
        replicas = [
            reference.Replica(
                lambda copies, drawn, block=block: block.train_twin(copies, drawn),
                drawn,
                lambda groups, start, stop, block=block, drawn=drawn: self.touched(
                    block, drawn.words, groups, start, stop
                ),
            )
            for block, drawn in zip(self.blocks, draws, strict=True)
        ]
        return matrices, *reference.train_rounds(replicas, matrices, self.merge_every, weights)

    @staticmethod
    def touched(block, words, groups, start, stop):
        """Return which rows of both matrices a replica names when it plans a round."""
        inputs, outputs = (np.zeros(len(m), bool) for m in (block.input_vectors, block.output_vectors))
        if start >= stop:
            return inputs, outputs
        inputs[words[max(0, start - block.window) : stop + block.window]] = True
        twin = block.twin()
        if block.loss == "softmax":
            outputs[:] = True
        for group in groups:
            if block.loss == "hs":
                for center in group.centers:
                    outputs[twin.paths[words[center]][0]] = True
            else:
                outputs[words[group.centers]] = True
                outputs[np.array(group.negatives, int)] = True
        return inputs, outputs


@pytest.mark.parametrize("predictions", [0.0, 40.0])
@pytest.mark.parametrize("merge_every", [STRETCH, 3 * STRETCH])
@pytest.mark.parametrize("kind", KINDS)
def test_rounds_agree_with_the_twin(kind, merge_every, predictions):
    together = Together.random(3, LENGTHS, merge_every, predictions, lr=0.02, **KINDS[kind])
    matrices, losses, made = together.trained(threads=2)
    expected, expected_losses, expected_made = together.reference()
    assert_array_equal(made, expected_made)
    assert_allclose(losses, expected_losses, rtol=2e-5)
    for matrix, twin in zip(matrices, expected, strict=True):
        assert_allclose(matrix, twin, atol=2e-5)


@given(
    lengths=st.lists(st.lists(st.integers(0, 90), max_size=4), min_size=1, max_size=5),
    words=st.integers(2, 2000),
    dim=st.integers(1, 40),
    negative=st.sampled_from([5, 12, 19]),  # one size of tiles; tests/test_kernels.py has the others
    window=st.integers(1, 9),
    merge_every=st.sampled_from([60, 120]),
    kind=st.sampled_from(list(KINDS)),
    seed=st.integers(0, 2**31),
    threads=st.integers(2, 6),
)
@settings(max_examples=60, deadline=None)
def test_any_rounds_are_the_same_with_any_number_of_threads(
    lengths, words, dim, negative, window, merge_every, kind, seed, threads
):
    together = Together.random(
        seed, lengths, merge_every, 3.0, words=words, dim=dim, negative=negative, window=window, **KINDS[kind]
    )
    one, several = together.trained(1), together.trained(threads)
    for matrix, other in zip(one[0], several[0], strict=True):
        assert_array_equal(matrix, other)
    assert_array_equal(one[1], several[1])
    assert_array_equal(one[2], several[2])


@pytest.mark.parametrize("kind", KINDS)
def test_rows_with_the_same_place_are_merged_each_by_itself(kind, monkeypatch):
    together = Together.random(5, [[150], [40, 90], [120]], predictions=3.0, words=300, **KINDS[kind])
    expected = together.trained(threads=2)
    monkeypatch.setattr(replica_rows_module, "_BITS_PER_CENTER", 1)  # 64 places for hundreds of rows
    matrices, losses, made = together.trained(threads=3)
    for matrix, other in zip(matrices, expected[0], strict=True):
        assert_array_equal(matrix, other)
    assert_array_equal(losses, expected[1])
    assert_array_equal(made, expected[2])


@njit(nogil=True)
def count_in_turns(barrier, thread, counts, turns):
    """Count one's own turns, and return how often another thread was not in the same turn."""
    wrong = 0
    for turn in range(turns):
        counts[thread] = turn
        wait(barrier)
        wrong += (counts != turn).sum()
        wait(barrier)
    return wrong


@pytest.mark.parametrize("threads", [1, 2, 3, 8])
def test_no_thread_passes_a_barrier_before_all_have_come(threads):
    barrier, counts = Barrier.create(threads), np.zeros(threads, np.int64)
    count_in_turns(Barrier.create(1), 0, np.zeros(1, np.int64), 1)  # compiles
    with ThreadPoolExecutor(threads) as pool:
        wrong = [pool.submit(count_in_turns, barrier, thread, counts, 2000) for thread in range(threads)]
        assert [count.result() for count in wrong] == [0] * threads


@pytest.fixture(scope="module")
def corpus():
    with encode(str(CORPUS), CorpusOptions(threads=2), VocabularyOptions(min_count=20)) as encoded:
        yield encoded


def learnt(corpus, so_far=None, start=None, longest=float("inf"), **options):
    """Return a model trained in rounds, from where another one came or from the beginning, with what the run did."""
    chosen = TrainingOptions(**{"deterministic": True, "dim": 24, "epochs": 1, **options})
    model = so_far or Model.create(corpus.vocabulary, chosen)
    return model, train(model, corpus, chosen, start=start, longest=longest)


def same(one, other):
    assert_array_equal(one.input_vectors, other.input_vectors)
    assert_array_equal(one.output_vectors, other.output_vectors)


@pytest.mark.parametrize("kind", ["skipgram", "cbow", "skipgram-hs", "cbow-hs"])
def test_a_model_is_the_same_with_any_number_of_threads(corpus, kind):
    expected, state = learnt(corpus, threads=1, **KINDS[kind])
    for threads in (2, 3, 8):
        model, other = learnt(corpus, threads=threads, **KINDS[kind])
        same(model, expected)
        assert (other.bits, other.predictions, other.words) == (state.bits, state.predictions, state.words)


@pytest.mark.parametrize("kind", ["skipgram", "cbow-hs"])
def test_one_replica_is_what_one_thread_does(corpus, kind):
    model, state = learnt(corpus, threads=2, replicas=1, **KINDS[kind])
    expected, other = learnt(corpus, threads=1, deterministic=False, **KINDS[kind])
    same(model, expected)
    assert state.bits == other.bits


def test_replicas_and_merges_matter(corpus):
    models = [learnt(corpus, replicas=r, merge_every=m)[0] for r, m in [(1, 60), (2, 60), (4, 60), (4, 120)]]
    vectors = {model.input_vectors.tobytes() for model in models}
    assert len(vectors) == len(models)


def test_a_run_goes_on_where_it_stopped(corpus, monkeypatch):
    monkeypatch.setattr(trainer, "_UPDATE_SECONDS", 0.001)  # it stops more than once on a fast machine, too
    whole, done = learnt(corpus, threads=2, epochs=3)
    model, state = learnt(corpus, threads=2, epochs=3, longest=0.0)
    stops = 0
    while state.words < done.words:
        stops += 1
        model, state = learnt(corpus, model, state, threads=1 + stops % 3, epochs=3, longest=0.0)
    assert stops > 1
    same(model, whole)
    assert state.bits == done.bits


def test_a_thread_that_cannot_start_leaves_no_other_waiting(corpus, monkeypatch):
    started = itertools.count(1)
    start = threading.Thread.start

    def start_one(thread):
        if "ThreadPoolExecutor" in thread.name and next(started) > 1:
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", start_one)
    with pytest.raises(TrainingError, match=r"^the system can't start 3 threads; lower threads"):
        learnt(corpus, threads=3)


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_file_and_standard_input_give_the_same_vectors(tmp_path):
    text = CORPUS.read_bytes()[:2_000_000]
    (tmp_path / "text.txt").write_bytes(text)
    options = "-q", "--deterministic", "--dim", "16", "--epochs", "1", "--no-counts"
    w2v("train", "text.txt", *options, "-o", "a.txt", "--threads", "2", cwd=tmp_path)
    w2v("train", "-", *options, "-o", "b.txt", "--threads", "1", cwd=tmp_path, stdin=text)
    w2v("train", "text.txt", *options, "-o", "c.txt", "--replicas", "3", cwd=tmp_path)
    assert digest(tmp_path / "a.txt") == digest(tmp_path / "b.txt") != digest(tmp_path / "c.txt")


NARROW = """
import hashlib, sys, w2v
text = open(sys.argv[1]).read().splitlines()[:4000]
for threads in (1, 3):
    options = dict(deterministic=True, dim=40, epochs=1, min_count=1, threads=threads)
    print(hashlib.sha256(w2v.train(sentences=[line.split() for line in text], **options).matrix.tobytes()).hexdigest())
"""


@pytest.mark.parametrize("cpu", PLAYABLE)
@pytest.mark.long
def test_other_cpus_give_the_same_vectors_twice(tmp_path, cpu):
    found = {run_on(cpu, "-c", NARROW, CORPUS, cwd=tmp_path) for _ in range(2)}
    (lines,) = found
    assert len(set(lines.split())) == 1


def test_options_without_deterministic_are_noted(tmp_path):
    (tmp_path / "a.txt").write_text("a b c d\n" * 100)
    done = w2v("train", "a.txt", "--replicas", "4", "--merge-every", "120", "--dim", "4", cwd=tmp_path)
    notes = done.stderr.decode()
    assert "w2v: note: --merge-every has no effect without --deterministic\n" in notes
    assert "w2v: note: --replicas has no effect without --deterministic\n" in notes


@pytest.mark.parametrize(
    "option, value, rule",
    [
        ("--replicas", "0", "from 1 to 256"),
        ("--merge-every", "59", "from 60 to 60000"),
        ("--merge-every", "61", "a multiple of 60"),
    ],
)
def test_values_that_make_no_sense_are_refused(tmp_path, option, value, rule):
    (tmp_path / "a.txt").write_text("a b c d\n" * 100)
    done = w2v("train", "a.txt", "--deterministic", option, value, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.decode().rstrip() == f"w2v: error: {option} must be {rule}, not {value}"
