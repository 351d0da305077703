"""How much memory a run takes, estimated before anything large is allocated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from w2v.errors import TrainingError
from w2v.kernels.buffers import MAX_GROUP, group_rows
from w2v.kernels.output_layer import output_layer_class
from w2v.kernels.tiles import MAX_TILE
from w2v.memory import Room, memory_room, size_text
from w2v.options import TrainingOptions
from w2v.simd import row_floats

_WORKING = 30_000_000  # bytes: compiled kernels, blocks of what is written
_BLOCK_BYTES = 16 << 15  # arrays with the ids of a block, in each thread


class MemoryNeed(NamedTuple):
    """What a run needs besides what the process takes when the vocabulary is known, in bytes.

    Attributes:
        matrices: the input and the output vectors.
        threads: the buffers of all threads.
        tables: what the output layer makes from the counts, at most.
        result: the vectors that the run returns, a copy without padding; nothing if there is none.
    """

    matrices: int
    threads: int
    tables: int
    result: int

    @property
    def total(self) -> int:
        """The most that is needed at a time; the tables are gone when the result is made."""
        return self.matrices + max(self.threads + self.tables, self.result) + _WORKING

    def require(self, n_words: int, options: TrainingOptions, room: Room | None = None) -> None:
        """Refuse a run that needs more than there is.

        Args:
            n_words: V.
            options: how the model is trained.
            room: what there is; None asks the system.

        Raises:
            TrainingError: it does; the message says what would fit.
        """
        room = room or memory_room()
        if room is None or self.total <= room.bytes:
            return
        raise TrainingError(
            f"{n_words:,} words x {options.dim} need {size_text(self.total)} of memory, but only {room};"
            f" {_advice(n_words, options, room.bytes)}, or add `yes=True` to start all the same"
        )


def memory_need(n_words: int, options: TrainingOptions) -> MemoryNeed:
    """Return what a run with a vocabulary of `n_words` needs."""
    layer, floats = output_layer_class(options.loss), row_floats(options.dim)
    rows = group_rows(options.window)
    scratch = 4 * floats * (2 * (MAX_GROUP + 1)) + 4 * rows * (MAX_TILE + 2 * MAX_GROUP + 4)
    thread = layer.thread_bytes(n_words, options) + scratch + _BLOCK_BYTES
    return MemoryNeed(
        matrices=4 * (n_words + layer.n_output_rows(n_words)) * floats,
        threads=options.threads * thread,
        tables=layer.table_bytes(n_words),
        result=0 if floats == options.dim else 4 * n_words * options.dim,
    )


def model_bytes(n_words: int, options: TrainingOptions) -> int:
    """Return the size of the matrices in a model file."""
    return 4 * (n_words + output_layer_class(options.loss).n_output_rows(n_words)) * options.dim


def _advice(n_words: int, options: TrainingOptions, room: int) -> str:
    """Return which lower `dim` or `max_vocab` would fit, rounded down."""
    fits = []
    dim = _largest(options.dim, lambda dim: memory_need(n_words, replace(options, dim=dim)).total <= room)
    if dim:
        fits.append(f"`dim={dim}`")
    words = _largest(n_words, lambda words: memory_need(words, options).total <= room)
    if words:
        fits.append(f"`max_vocab={words}`")
    if fits:
        return f"{' or '.join(fits)} would fit"
    return "lower `window`, `negative` or `threads`" if options.threads > 1 else "lower `window` or `negative`"


def _largest(most: int, fits: Callable[[int], bool]) -> int:
    """Return the largest number below `most` that fits, in two digits rounded down; 0 if none from 2 on does."""
    low, high = 1, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    digits = 10 ** max(0, len(str(low)) - 2)
    return low // digits * digits if low > 1 else 0
