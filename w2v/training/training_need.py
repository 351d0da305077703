"""How much memory the training of a model takes."""

from __future__ import annotations

from dataclasses import replace

from w2v.errors import TrainingError
from w2v.kernels.buffers import MAX_GROUP, group_rows
from w2v.kernels.output_layer import output_layer_class
from w2v.kernels.private_rows import private_bytes
from w2v.kernels.tiles import MAX_TILE
from w2v.memory import Room
from w2v.memory_need import MemoryNeed, largest
from w2v.options import TrainingOptions
from w2v.simd import row_floats
from w2v.training.synchronous import replicas_bytes
from w2v.vectors.vectors_size import VectorsSize, printing

_WORKING = 10_000_000  # bytes: compiled kernels, temporary arrays
_WORKER_BYTES = 170_000_000  # of a process that Dask starts, with Numba, the kernels, and what is on the way to it
_BLOCK_BYTES = 16 << 15  # arrays with the ids of a block, in each thread


def training_need(n_words: int, options: TrainingOptions, workers: int | None = None) -> MemoryNeed:
    """Return what training takes on this machine when the vocabulary is known.

    Its parts are the input and the output vectors, the buffers of all threads and replicas, what the output layer makes
    from the counts, at most, the vectors that the run returns, a copy without padding, and what work takes besides. The
    tables and the output vectors are gone when the copy is made, and both matrices when it is saved, as text at most.

    On a cluster, each worker has all that training takes, and the model once more while it gets or sends it.

    Args:
        n_words: V.
        options: how the model is trained.
        workers: processes on this machine that train instead of this one, each on one thread; None if there are none.
    """
    layer, floats, size = output_layer_class(options.loss), row_floats(options.dim), VectorsSize(n_words, options.dim)
    rows = group_rows(options.window)
    scratch = 4 * floats * (2 * (MAX_GROUP + 1)) + 4 * rows * (MAX_TILE + 2 * MAX_GROUP + 4)
    thread = layer.thread_bytes(n_words, options) + scratch + _BLOCK_BYTES
    inputs, outputs = 4 * n_words * floats, 4 * layer.n_output_rows(n_words) * floats
    if options.threads > 1 and not options.deterministic:
        thread += private_bytes(4 * floats)
    threads, tables = options.threads * thread + replicas_bytes(n_words, options), layer.table_bytes(n_words)
    result = 0 if floats == options.dim else size.values
    model, copying = inputs + outputs, inputs + result + size.words
    saving = size.values + size.words + printing(size, loaded=True).total
    if workers is None:
        parts, training = {"matrices": model, "threads": threads, "tables": tables}, model + threads + tables
    else:
        each = _WORKER_BYTES + 2 * model + thread + replicas_bytes(n_words, options) + tables
        parts, training = {"matrices": 2 * model, "workers": workers * each}, 2 * model + workers * each
    return MemoryNeed(parts | {"the result": result, "work": _WORKING}, total=max(training, copying, saving) + _WORKING)


def require_training(
    n_words: int, options: TrainingOptions, room: Room | None = None, *, workers: int | None = None
) -> None:
    """Refuse a run that needs more memory than there is.

    Args:
        n_words: V.
        options: how the model is trained.
        room: what there is; None asks the system.
        workers: see `training_need`.

    Raises:
        TrainingError: it does; the message says what would fit.
    """

    def advice(left: int) -> str:
        return f"{_advice(n_words, options, left, workers)}, or add `yes=True` to start all the same"

    subject = f"{n_words:,} words x {options.dim} need"
    training_need(n_words, options, workers).require(subject, advice, TrainingError, room=room)


def model_bytes(n_words: int, options: TrainingOptions) -> int:
    """Return the size of the matrices in a model file."""
    return 4 * (n_words + output_layer_class(options.loss).n_output_rows(n_words)) * options.dim


def _advice(n_words: int, options: TrainingOptions, room: int, workers: int | None) -> str:
    """Return which lower `dim` or `max_vocab` would fit, rounded down."""
    fits = []
    dim = largest(options.dim, lambda dim: training_need(n_words, replace(options, dim=dim), workers).total <= room)
    if dim:
        fits.append(f"`dim={dim}`")
    words = largest(n_words, lambda words: training_need(words, options, workers).total <= room)
    if words:
        fits.append(f"`max_vocab={words}`")
    if fits:
        return f"{' or '.join(fits)} would fit"
    return "lower `window`, `negative` or `threads`" if options.threads > 1 else "lower `window` or `negative`"
