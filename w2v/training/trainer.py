"""The training loop: threads over blocks of the corpus, with the global interpreter lock released."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from w2v.corpus import EncodedCorpus
from w2v.errors import TrainingError
from w2v.kernels import cbow, skipgram
from w2v.kernels.blocks import static, tile_of
from w2v.kernels.windows import GROUP, Plan, Sampling, Scratch
from w2v.options import TrainingOptions
from w2v.progress import Progress, Silent
from w2v.sampling import alias_table, keep_probabilities, keep_thresholds, negative_probabilities
from w2v.simd import aligned_zeros
from w2v.training.frequent import FrequentRows
from w2v.training.model import Model
from w2v.training.schedule import LinearSchedule

_TELL_SECONDS = 0.1
_NATS_PER_BIT = math.log(2)


@dataclass(frozen=True)
class Report:
    """What training did.

    Attributes:
        words: tokens trained on, over all epochs, before subsampling.
        seconds: wall time.
        losses: mean loss per prediction of each epoch, in nats.
    """

    words: int
    seconds: float
    losses: list[float]

    @property
    def loss(self) -> float:
        """The last epoch's mean loss per prediction, in nats."""
        return self.losses[-1]


@dataclass
class _Tally:
    """What all threads have done so far; guarded by `lock`."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    words: int = 0
    lr: float = 0.0
    bits: list[float] = field(default_factory=list)  # of each epoch that has begun
    predictions: list[int] = field(default_factory=list)
    error: BaseException | None = None

    def add(self, epoch: int, words: int, lr: float, bits: float, predictions: int) -> None:
        with self.lock:
            while len(self.bits) <= epoch:
                self.bits.append(0.0)
                self.predictions.append(0)
            self.words += words
            self.lr = lr
            self.bits[epoch] += bits
            self.predictions[epoch] += predictions

    def losses(self) -> list[float]:
        """Return the mean loss of each epoch that has begun, in nats."""
        with self.lock:
            return [_NATS_PER_BIT * b / p for b, p in zip(self.bits, self.predictions, strict=True) if p]

    def facts(self) -> dict[str, str]:
        losses = self.losses()
        return {"lr": f"{self.lr:.5f}", **({"loss": f"{losses[-1]:.4f}"} if losses else {})}


def stream_key(seed: int, epoch: int, block: int) -> np.uint64:
    """Return where the random stream of one block in one epoch starts, whichever thread trains it."""
    key: np.uint64 = np.random.SeedSequence(seed, spawn_key=(epoch, block)).generate_state(1, np.uint64)[0]
    return key


def make_sampling(counts: npt.NDArray[np.int64], options: TrainingOptions) -> Sampling:
    """Return the tables and the window that kernels draw with, for words with these counts (V,)."""
    return Sampling(
        keep=keep_thresholds(keep_probabilities(counts, options.sample, options.subsample_rule)),
        alias=alias_table(negative_probabilities(counts, options.ns_exponent)),
        window=options.window,
        soft=options.window_mode == "soft",
    )


def predictions_per_block(
    counts: npt.NDArray[np.int64], block_tokens: float, options: TrainingOptions
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Estimate how many predictions touch each word's input and output row while one block is trained, (V,) each."""
    kept = block_tokens * counts / counts.sum() * keep_probabilities(counts, options.sample, options.subsample_rule)
    context = options.window + 1 if options.window_mode == "soft" else 2 * options.window
    negatives = kept.sum() * options.negative * negative_probabilities(counts, options.ns_exponent)
    if options.model == "cbow":
        return kept * (1 + options.negative), kept + negatives
    return context * kept * (1 + options.negative), context * (kept + negatives)


def train(model: Model, corpus: EncodedCorpus, options: TrainingOptions, progress: Progress | None = None) -> Report:
    """Train a model's matrices in place.

    Blocks are handed to threads in order, epoch after epoch. A block's random stream depends on the seed, the epoch and
    the block only. With one thread the result is the same every time; more threads write to shared rows as they please
    (Niu et al. 2011, "Hogwild!"), except for private copies of the most frequent ones.

    Raises:
        TrainingError: the loss is not a finite number any more.
    """
    progress = progress or Silent()
    tally = _Tally()
    turns = _turns(corpus, options)
    turn = threading.Lock()
    stop = threading.Event()
    counts = model.vocabulary.counts
    sampling = make_sampling(counts, options)
    matrices = model.input_vectors, model.output_vectors
    threads = min(options.threads, corpus.n_blocks)
    touched = predictions_per_block(counts, float(corpus.block_tokens.mean()), options)
    merging = threading.Lock()

    def make_step() -> _Step:
        return _Step(matrices, FrequentRows(matrices, touched, threads, merging), sampling, corpus, options)

    def work() -> None:
        try:
            buffer = np.empty(corpus.max_block_ids, np.int32)
            step = make_step()
            while not stop.is_set():
                with turn:
                    epoch, block, lr = next(turns, (-1, -1, 0.0))
                if epoch < 0:
                    return
                bits, predictions = step(corpus.read(block, buffer), lr, stream_key(options.seed, epoch, block))
                _require_finite(bits, epoch, lr, options)
                tally.add(epoch, int(corpus.block_tokens[block]), lr, bits, predictions)
        except BaseException as error:  # handed to the thread that called train
            tally.error = tally.error or error
            stop.set()

    make_step()(np.empty(0, np.int32), 0.0, np.uint64(0))  # compiles, or loads what was compiled before
    progress.start("training", options.epochs * int(corpus.block_tokens.sum()), "words")
    started = time.perf_counter()
    workers = [threading.Thread(target=work, daemon=True) for _ in range(threads)]
    try:
        for worker in workers:
            worker.start()
        while any(worker.is_alive() for worker in workers):
            workers[-1].join(_TELL_SECONDS) if workers[-1].is_alive() else time.sleep(_TELL_SECONDS / 10)
            progress.update(tally.words, tally.facts())
        if tally.error is not None:
            raise tally.error
        progress.update(tally.words, tally.facts())
    finally:
        stop.set()
        for worker in workers:
            worker.join()
        progress.finish()
    return Report(tally.words, time.perf_counter() - started, tally.losses())


class _Step:
    """One thread's buffers, and the kernel that trains a block with them."""

    def __init__(
        self,
        matrices: tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]],
        frequent: FrequentRows,
        sampling: Sampling,
        corpus: EncodedCorpus,
        options: TrainingOptions,
    ) -> None:
        tile = tile_of(GROUP + options.negative)
        self._frequent, self._sampling, self._options = frequent, sampling, options
        self._spare_rows = aligned_zeros(2 * (GROUP + 1), matrices[0].shape[1])
        self._plan = Plan.create(corpus.max_block_ids, options.window, options.negative, tile)
        self._scratch = Scratch.create(options.window, tile, self._spare_rows)
        self._tile = static(tile)

    def __call__(self, ids: npt.NDArray[np.int32], lr: float, key: np.uint64) -> tuple[float, int]:
        """Train on a block; return the losses' sum in bits and the number of predictions."""
        rows = self._frequent.rows
        arguments = ids, self._sampling, rows, self._plan, self._scratch, np.float32(lr), key, self._tile
        bits: float
        predictions: int
        if self._options.model == "cbow":
            bits, predictions = cbow.train_block(*arguments, self._options.cbow_gradient == "mean")
        else:
            bits, predictions = skipgram.train_block(*arguments)
        self._frequent.merge(lr)
        return bits, predictions


def _require_finite(bits: float, epoch: int, lr: float, options: TrainingOptions) -> None:
    if not math.isfinite(bits):
        raise TrainingError(
            f"the loss is not a finite number any more, in epoch {epoch + 1} at learning rate {lr:.4g};"
            f" try a smaller --lr than {options.initial_lr:g}"
        )


def _turns(corpus: EncodedCorpus, options: TrainingOptions) -> Iterator[tuple[int, int, float]]:
    """Yield every block of every epoch with its learning rate."""
    schedule = LinearSchedule(options.initial_lr, options.final_lr)
    total = options.epochs * int(corpus.block_tokens.sum())
    done = 0
    for epoch in range(options.epochs):
        for block in range(corpus.n_blocks):
            yield epoch, block, schedule.rate(done / total)
            done += int(corpus.block_tokens[block])
