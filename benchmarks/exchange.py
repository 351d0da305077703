"""What a cluster adds to training: what replicas merge and send, and how long Dask takes for a round."""

from __future__ import annotations

import functools
from itertools import islice
from math import ceil
from time import perf_counter, process_time
from typing import Any

import numpy as np


def replicas_apart(corpus: str, min_count: int, seed: int, lists: int, **options: Any) -> dict[str, float]:
    """Train the first lists of blocks as a worker with all replicas does, on one thread.

    Args:
        corpus: a file.
        min_count: of a word.
        seed: of training.
        lists: how many lists of blocks.
        options: of the model.

    Returns:
        For each token of the text: seconds of CPU to train it and to merge it, and bytes to send; words of the
        vocabulary; tokens that a replica trains in a round.
    """
    from w2v.corpus import encode
    from w2v.machines.peer import Peer
    from w2v.options import CorpusOptions, TrainingOptions, VocabularyOptions
    from w2v.training import Model
    from w2v.training.kernel_setup import most_block_ids
    from w2v.training.synchronous import together

    training = TrainingOptions(**options, threads=1, seed=seed, epochs=1, deterministic=True)
    words = VocabularyOptions(min_count=min_count)
    most_ids = functools.partial(most_block_ids, options=training)
    with encode([corpus], CorpusOptions(), words, most_ids=most_ids) as encoded:
        peer = Peer(Model.create(encoded.vocabulary, training), encoded, training, 0, threads=1)
        peer.compile()
        tokens = rounds = sent = 0
        train = merge = 0.0
        for turns in islice(together(encoded, training), lists):
            blocks = [encoded.read(turn.block, np.empty(encoded.max_block_ids, np.int32)) for turn in turns]
            kept = peer.begin(turns, dict(enumerate(blocks)))
            tokens += int(encoded.block_tokens[[turn.block for turn in turns]].sum())
            for first in range(0, max(kept), training.merge_every):
                started = process_time()
                copies = peer.train(range(len(turns)), first)
                trained = process_time()
                peer.merge(copies)
                train, merge = train + trained - started, merge + process_time() - trained
                sent += sum(one.nbytes for one in copies)
                rounds += len(turns)
        peer.close()
        found = {"train_seconds": train, "merge_seconds": merge, "sent_bytes": sent}
        return {
            **{name: value / tokens for name, value in found.items()},
            "vocabulary": len(encoded.vocabulary),
            "tokens": tokens / rounds,
        }


def dask_rounds(corpus: str, seed: int, replicas: int, merge_every: int) -> dict[str, float]:
    """Train a tiny model on two workers of this machine; return the seconds that a round takes."""
    from w2v.corpus import encode
    from w2v.machines.crew import Crew
    from w2v.machines.dask_pool import joined
    from w2v.machines.shared_text import SharedText
    from w2v.options import CorpusOptions, TrainingOptions, VocabularyOptions
    from w2v.options.continuing import LOCAL
    from w2v.progress import Silent
    from w2v.training import Model, train
    from w2v.training.synchronous import together

    training = TrainingOptions(
        dim=2, window=1, negative=1, sample=0, threads=1, seed=seed, epochs=1, deterministic=True, replicas=replicas,
        merge_every=merge_every,
    )  # fmt: skip
    reading, words = CorpusOptions(), VocabularyOptions(min_count=1)
    with encode([corpus], reading, words, apart=True) as encoded:
        longest = [
            max(int(encoded.block_tokens[turn.block]) for turn in turns) for turns in together(encoded, training)
        ]
        rounds = sum(ceil(tokens / merge_every) for tokens in longest)
        ids = encoded.max_block_ids
    with joined(LOCAL, 2, Silent()) as pool:
        text = SharedText(pool, [corpus], reading, words, Silent(), lambda _: ids)
        model = Model.create(text.vocabulary, training)
        crew = Crew(pool, model, text, training, 0, Silent())
        crew.compile()
        started = perf_counter()
        train(model, text, training, make_scheme=lambda *_: crew)
        return {"seconds": (perf_counter() - started) / rounds}
