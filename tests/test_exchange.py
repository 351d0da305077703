"""Replicas that train on models of their own and exchange copies of rows end as rounds in one process do."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from w2v.corpus import BlockSizes, encode
from w2v.kernels.exchange import begin_replica, train_copies
from w2v.machines.peer import Peer, StaleError
from w2v.options import CorpusOptions, TrainingOptions, VocabularyOptions
from w2v.training import Model, train
from w2v.training.schedule import Turn
from w2v.training.synchronous import ReplicaMemory, together

BUNDLED = Path(__file__).parents[1] / "corpora" / "english.txt"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """A text of blocks enough for an odd number of lists."""
    path = tmp_path_factory.mktemp("exchange") / "corpus.txt"
    data = BUNDLED.read_bytes()
    path.write_bytes(data[: data.index(b"\n", 150_000) + 1])
    with encode(
        str(path), CorpusOptions(threads=1), VocabularyOptions(), sizes=BlockSizes(block_ids=1 << 11)
    ) as corpus:
        assert corpus.n_blocks % 4
        yield corpus


def trained_apart(corpus, options, owners, threads=1):
    """Return the models of peers that trained the replicas they own, and the losses of all blocks."""
    peers = {name: Peer(Model.create(corpus.vocabulary, options), corpus, options, 0, threads) for name in set(owners)}
    losses = []
    for turns in together(corpus, options):
        blocks = {r: corpus.read(turn.block, np.empty(corpus.max_block_ids, np.int32)) for r, turn in enumerate(turns)}
        words = []
        for name, peer in peers.items():
            mine = {r: ids for r, ids in blocks.items() if owners[r] == name}
            words += peer.begin(turns, mine)
        for first in range(0, max(words), options.merge_every):
            copies = [
                one
                for name, peer in peers.items()
                for one in peer.train([r for r in blocks if owners[r] == name], first)
            ]
            for peer in peers.values():
                peer.merge(copies)
        losses += [peer.standing().bits.tolist() for peer in peers.values()][:1]
    for peer in peers.values():
        peer.close()
    return [peer.model for peer in peers.values()], losses


@pytest.mark.parametrize("loss", ["ns", "hs"])
@pytest.mark.parametrize("model", ["skipgram", "cbow"])
def test_replicas_apart_end_with_the_bytes_of_rounds_in_one_process(corpus, model, loss):
    options = TrainingOptions(
        model=model, loss=loss, dim=20, epochs=2, threads=2, deterministic=True, replicas=4, merge_every=300
    )
    expected = Model.create(corpus.vocabulary, options)
    state = train(expected, corpus, options)
    models, losses = trained_apart(corpus, options, "abbc", threads=2)
    assert len(models) == 3
    for apart in models:
        assert_array_equal(apart.input_vectors, expected.input_vectors)
        assert_array_equal(apart.output_vectors, expected.output_vectors)
    assert sum(map(sum, losses)) == pytest.approx(sum(state.bits), rel=1e-12)


def test_a_round_is_halted_after_any_stretch(corpus):
    options = TrainingOptions(loss="softmax", dim=300, deterministic=True, replicas=1, merge_every=60_000)
    memory = ReplicaMemory(Model.create(corpus.vocabulary, options), corpus, options)
    replicas, rows = memory.first(1)
    layer, windows, scratch = memory.setup.buffers()
    room = memory.merging_room()
    replicas.set_block(0, corpus.read(0, np.empty(corpus.max_block_ids, np.int32)), 0.05, np.uint64(1))

    def predictions(halted):
        begin_replica(replicas, memory.setup.sampling, windows, 0)
        train_copies(
            replicas, memory.setup.method, layer, memory.setup.sampling, windows, scratch, rows, room, 0,
            0, options.merge_every, halted,
        )  # fmt: skip
        return replicas.predictions[0]

    halted = np.zeros(1, np.int64)
    whole = predictions(halted)
    replicas.predictions[0] = 0
    with ThreadPoolExecutor(1) as thread:
        done = thread.submit(predictions, halted)
        while replicas.predictions[0] == 0:
            pass
        halted[0] = 1
        assert 0 < done.result() < whole
    assert predictions(halted) == 0


def test_a_peer_that_is_halted_trains_the_next_list(corpus):
    options = TrainingOptions(dim=20, deterministic=True, replicas=1, merge_every=300)
    peer = Peer(Model.create(corpus.vocabulary, options), corpus, options, 0, threads=1)
    block = {0: corpus.read(0, np.empty(corpus.max_block_ids, np.int32))}
    peer.begin([Turn(0, 0, 0.05)], block)
    peer.halt()
    with pytest.raises(StaleError):
        peer.train([0], 0)
    assert peer.standing().predictions.tolist() == [0]
    peer.begin([Turn(0, 0, 0.05)], block)
    (copies,) = peer.train([0], 0)
    assert copies.predictions > 0
    peer.close()
