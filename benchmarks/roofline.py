"""Where a kernel stands below the ceilings: its useful arithmetic on one thread."""

from __future__ import annotations

from time import process_time
from typing import Any

import numpy as np

from benchmarks.ceilings import SIZES, bandwidth, peak_flops
from benchmarks.useful_work import work

_SAMPLED_BLOCKS = 24  # of the text, whose work stands for all of it


def stand(corpus: str, warm_up: str, min_count: int, seed: int, **options: Any) -> dict[str, float]:
    """Train for one epoch on one thread, and return figures: see benchmarks/tasks/roofline.py."""
    from w2v.corpus import encode
    from w2v.kernels.output_layer import output_layer_class
    from w2v.options import CorpusOptions, TrainingOptions, VocabularyOptions
    from w2v.simd import row_floats
    from w2v.training import Model, train

    reading = CorpusOptions(), VocabularyOptions(min_count=min_count)
    training = TrainingOptions(**options, threads=1, seed=seed, epochs=1)
    for text in (warm_up, corpus):
        with encode([text], *reading) as encoded:
            model = Model.create(encoded.vocabulary, training)
            before = peak_flops()
            started = process_time()
            train(model, encoded, training)
            seconds = process_time() - started
            peak = max(before, peak_flops())
            layer = output_layer_class(training.loss)(encoded.vocabulary.counts, training)
            group = len(layer.create_buffers(row_floats(training.dim)).group)
            chosen = np.linspace(0, encoded.n_blocks - 1, min(_SAMPLED_BLOCKS, encoded.n_blocks)).astype(int)
            buffer = np.empty(encoded.max_block_ids, np.int32)
            ids = np.concatenate([encoded.read(int(block), buffer).astype(np.int64) for block in chosen])
            scale = encoded.block_tokens.sum() / encoded.block_tokens[chosen].sum()
            needed = work(ids, encoded.vocabulary, training, group)
            words = int(encoded.block_tokens.sum())
    speed = float(needed.useful * scale / seconds)
    return {
        "seconds": seconds,
        "words_per_second": words / seconds,
        "peak": peak,
        "flops_per_second": speed,
        "share": speed / peak,
        "pair_share": float(needed.pairs * scale / seconds) / peak,
        "intensity": needed.useful / needed.bytes,
        **{f"bytes_per_second_{name}": bandwidth(size) for name, size in SIZES.items()},
    }
