"""The training loop: threads over blocks of the corpus, with the global interpreter lock released."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from w2v.corpus import EncodedCorpus
from w2v.errors import TrainingError
from w2v.kernels import cbow, skipgram
from w2v.kernels.tiles import static
from w2v.kernels.windows import MAX_GROUP, Sampling, Scratch, Windows
from w2v.options import TrainingOptions
from w2v.progress import Progress, Silent
from w2v.sampling import keep_probabilities, keep_thresholds
from w2v.simd import aligned_zeros
from w2v.training.checkpoint import Keeper
from w2v.training.layers import OutputLayer
from w2v.training.model import Model
from w2v.training.private_rows import FrequentRows
from w2v.training.report import Report
from w2v.training.schedule import LinearSchedule

_TELL_SECONDS = 0.1
_PARTS = 2  # of the text that blocks are taken from in turn
_PAUSE_SECONDS = 0.001

# Is told the seconds since the start of the run, and of a block its words, learning rate, bits and predictions.
Observer = Callable[[float, int, float, float, int], None]


class _Tally:
    """What all threads have done so far. All but `taken` is guarded by `lock`.

    Args:
        start: where the run starts.
        observer: is told of each block, under the lock.

    Attributes:
        taken: blocks handed to threads, those before the start included; guarded by the lock of the turns.
        error: the first failure of a thread.
    """

    def __init__(self, start: Report, observer: Observer | None) -> None:
        self.lock = threading.Lock()
        self.blocks = self.taken = start.blocks
        self.words = start.words
        self.error: BaseException | None = None
        self._observer = observer
        self._lr = 0.0
        self._before, self._began = start.seconds, time.perf_counter()
        self._bits, self._predictions = list(start.bits), list(start.predictions)  # of each epoch that has begun

    def add(self, epoch: int, words: int, lr: float, bits: float, predictions: int) -> None:
        with self.lock:
            while len(self._bits) <= epoch:
                self._bits.append(0.0)
                self._predictions.append(0)
            self.blocks += 1
            self.words += words
            self._lr = lr
            self._bits[epoch] += bits
            self._predictions[epoch] += predictions
            if self._observer is not None:
                self._observer(self._seconds(), words, lr, bits, predictions)

    def report(self) -> Report:
        with self.lock:
            return Report(self.blocks, self.words, self._seconds(), tuple(self._bits), tuple(self._predictions))

    def _seconds(self) -> float:
        return self._before + time.perf_counter() - self._began

    def facts(self) -> dict[str, str]:
        losses = self.report().losses
        return {"lr": f"{self._lr:.5f}", **({"loss": f"{losses[-1]:.4f}"} if losses else {})}


def stream_key(seed: int, epoch: int, block: int) -> np.uint64:
    """Return where the random stream of one block in one epoch starts, whichever thread trains it."""
    key: np.uint64 = np.random.SeedSequence(seed, spawn_key=(epoch, block)).generate_state(1, np.uint64)[0]
    return key


def make_sampling(counts: npt.NDArray[np.int64], options: TrainingOptions) -> Sampling:
    """Return the table and the window that kernels draw with, for words with these counts (V,)."""
    return Sampling(
        keep=keep_thresholds(keep_probabilities(counts, options.sample, options.subsample_rule)),
        window=options.window,
        soft=options.window_mode == "soft",
    )


def train(
    model: Model,
    corpus: EncodedCorpus,
    options: TrainingOptions,
    progress: Progress | None = None,
    *,
    start: Report | None = None,
    epochs_before: int = 0,
    observer: Observer | None = None,
    keeper: Keeper | None = None,
) -> Report:
    """Train a model's matrices in place.

    Blocks are handed to threads epoch after epoch (see `_turns`). A block has a random stream of its own for each seed
    and epoch. With one thread the result is the same every time; more threads write to shared rows as they
    please (Niu et al. 2011, "Hogwild!"), except for private copies of the most frequent ones.

    Args:
        model: what to train; one that was trained up to `start` already, if that is given.
        corpus: the text.
        options: how.
        progress: is told where the work stands.
        start: what the run has done before, on the same text with the same options; None is nothing. One that goes on
            this way with one thread ends with the same matrices as one that was never interrupted.
        epochs_before: epochs that the model was trained in earlier runs, so that this one draws other random numbers.
        observer: is told of each block as it is done, by one thread at a time.
        keeper: keeps the model now and then, and when training is interrupted.

    Raises:
        TrainingError: the loss is not a finite number any more.
    """
    progress = progress or Silent()
    start = start or Report()
    turns = _turns(corpus, options, start.blocks)
    turn = threading.Lock()
    stop = threading.Event()
    counts = model.vocabulary.counts
    sampling = make_sampling(counts, options)
    matrices = model.input_vectors, model.output_vectors
    threads = min(options.threads, corpus.n_blocks)
    layer = OutputLayer(counts, options)
    touched = layer.touched(float(corpus.block_tokens.mean()))
    merging = threading.Lock()

    def make_step() -> _Step:
        return _Step(FrequentRows(matrices, touched, threads, merging), sampling, layer, corpus, options)

    def work(ended: threading.Event) -> None:
        try:
            buffer = np.empty(corpus.max_block_ids, np.int32)
            step = make_step()
            while not stop.is_set():
                with turn:
                    epoch, block, lr = next(turns, (-1, -1, 0.0))
                    tally.taken += epoch >= 0
                if epoch < 0:
                    return
                key = stream_key(options.seed, epochs_before + epoch, block)
                bits, predictions = step(corpus.read(block, buffer), lr, key)
                _require_finite(bits, epoch, lr, options)
                tally.add(epoch, int(corpus.block_tokens[block]), lr, bits, predictions)
        except BaseException as error:  # handed to the thread that called train
            tally.error = tally.error or error
            stop.set()
        finally:
            ended.set()

    make_step()(np.empty(0, np.int32), 0.0, np.uint64(0))  # compiles, or loads what was compiled before
    progress.start("training", options.epochs * int(corpus.block_tokens.sum()), "words", start.words)
    tally = _Tally(start, observer)
    # Events, since a join that a signal interrupts makes Python take the thread for ended (bpo-45274).
    started: list[threading.Event] = []
    try:
        for _ in range(threads):
            ended = threading.Event()
            threading.Thread(target=work, args=(ended,), daemon=True).start()
            started.append(ended)
        while working := [ended for ended in started if not ended.is_set()]:
            working[-1].wait(_TELL_SECONDS)
            progress.update(tally.words, tally.facts())
            if keeper is not None and keeper.is_due():
                with turn:  # so that no thread begins another block
                    _keep_between_blocks(keeper, tally)
        if tally.error is not None:
            raise tally.error
        progress.update(tally.words, tally.facts())
    except (KeyboardInterrupt, SystemExit):
        _end(started, stop)
        if keeper is not None and tally.error is None:
            keeper.keep_interrupted(tally.report())
        raise
    finally:
        _end(started, stop)
        progress.finish()
    return tally.report()


def _keep_between_blocks(keeper: Keeper, tally: _Tally) -> None:
    """Keep the model once all threads have finished the blocks they took, while nobody takes another."""
    while tally.blocks < tally.taken and tally.error is None:
        time.sleep(_PAUSE_SECONDS)
    if tally.error is None:
        keeper.keep_now_and_then(tally.report())


def _end(started: list[threading.Event], stop: threading.Event) -> None:
    """Let all threads finish the block they are at."""
    stop.set()
    for ended in started:
        ended.wait()


class _Step:
    """One thread's buffers, and the kernel that trains a block with them."""

    def __init__(
        self,
        frequent: FrequentRows,
        sampling: Sampling,
        layer: OutputLayer,
        corpus: EncodedCorpus,
        options: TrainingOptions,
    ) -> None:
        floats = frequent.rows.row_bytes // 4
        self._frequent, self._sampling, self._options = frequent, sampling, options
        self._spare_rows = aligned_zeros(2 * (MAX_GROUP + 1), floats)
        self._windows = Windows.create(corpus.max_block_ids, options.window)
        self._scratch = Scratch.create(options.window, layer.tile, self._spare_rows)
        self._layer, self._layer_rows = layer.create(floats)
        self._tile = static(layer.tile)

    def __call__(self, ids: npt.NDArray[np.int32], lr: float, key: np.uint64) -> tuple[float, int]:
        """Train on a block; return the losses' sum in bits and the number of predictions."""
        options, rows = self._options, self._frequent.rows
        arguments = (
            ids, self._sampling, self._layer, rows, self._windows, self._scratch, np.float32(lr), key, self._tile,
        )  # fmt: skip
        bits: float
        predictions: int
        if options.model == "cbow":
            divide = options.cbow_mean and options.cbow_gradient == "mean"
            bits, predictions = cbow.train_block(*arguments, options.cbow_mean, divide)
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


def _turns(corpus: EncodedCorpus, options: TrainingOptions, first: int) -> Iterator[tuple[int, int, float]]:
    """Yield every block of every epoch with its learning rate, from turn `first` on.

    They come from two parts of the text in turn. What stands side by side is about the same things, so that two threads
    would fight for the rows of the same words; and the words at the end of the text would have the last say.
    """
    schedule = LinearSchedule(options.initial_lr, options.final_lr)
    words = int(corpus.block_tokens.sum())
    step = -(-corpus.n_blocks // _PARTS)
    order = [block for first_part in range(step) for block in range(first_part, corpus.n_blocks, step)]
    tokens = corpus.block_tokens[order]
    before = np.cumsum(tokens) - tokens
    for turn in range(first, options.epochs * corpus.n_blocks):
        epoch, place = divmod(turn, corpus.n_blocks)
        yield epoch, order[place], schedule.rate((epoch * words + int(before[place])) / (options.epochs * words))
