"""All steps from text to vectors, in order."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Set
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

from w2v.corpus import PROSE_NOTE, EncodedCorpus, Sources, encode, opening_of
from w2v.corpus.id_file import IdFile
from w2v.corpus.parallel_scan import Scan
from w2v.errors import UsageError
from w2v.file_kinds import MODEL, TRAINING_LOG, WORD_COUNTS, check_output
from w2v.kernels.output_layer import output_layer_class
from w2v.memory import memory_room, resident, return_freed
from w2v.options import CorpusOptions, PhraseOptions, RunOptions, TrainingOptions, VocabularyOptions
from w2v.options.continuing import CLUSTER_MERGE_EVERY, LOCAL
from w2v.options.foreign_names import HS_ALONE
from w2v.options.output_layers import OUTPUT_LAYERS
from w2v.phrases import phrase_joiner
from w2v.progress import Progress, Silent
from w2v.tokens.token_rules import tokens_by
from w2v.training.checkpoint import CheckpointWriter, facts_of, fingerprint, options_of
from w2v.training.kernel_setup import most_block_ids
from w2v.training.model import Model
from w2v.training.report import Estimate, Report, TrainingResult
from w2v.training.run_state import RunState
from w2v.training.starting_point import Start, choose_start
from w2v.training.timing import time_training
from w2v.training.trainer import train
from w2v.training.training_corpus import ReadText
from w2v.training.training_need import model_bytes, require_training, training_need
from w2v.training.whole_sentences import least_block_ids, notes_on_whole, with_baskets, with_reach
from w2v.training.workers import Scheme
from w2v.training_log import TrainingLog
from w2v.vectors.provenance import training_metadata
from w2v.version import installed_version
from w2v.wording import counted

_FEW_TOKENS = 10_000  # with less to train on, closest words come out by chance


class Machines(Protocol):
    """Other processes that read the text and train; w2v.machines has them."""

    def read(self, sources: Sources, start: Start, progress: Progress) -> ReadText:
        """Read a text, count its words, and make blocks of it."""

    def scheme(self, model: Model, corpus: Any, options: TrainingOptions, epochs_before: int) -> Scheme[Any]:
        """Return how they train on what `read` returned."""


def train_vectors(
    sources: Sources,
    *,
    corpus: CorpusOptions,
    vocabulary: VocabularyOptions,
    training: TrainingOptions,
    run: RunOptions | None = None,
    given: Set[str] = frozenset(),
    read_vocab: Path | None = None,
    save_vocab: Path | None = None,
    progress: Progress | None = None,
    machines: Machines | None = None,
) -> TrainingResult:
    """Read text, count its words, train, and return the vectors with a report of the run.

    Each file it writes replaces only an earlier one of its kind; this is the place that checks so, before it reads.

    Args:
        sources: files, folders and "-", or Sentences; see w2v.corpus.encode.
        corpus: how text becomes tokens.
        vocabulary: which words are kept.
        training: what is trained, and how.
        run: where to start from, and what to write beside the vectors.
        given: the names of the options that the caller gave; a model to start from says what the others are.
        read_vocab: file with the words and counts to use instead of those of the text.
        save_vocab: file to write words and counts to, before training starts.
        progress: receives progress and notes.
        machines: what reads the text and trains instead of this process.

    Raises:
        W2VError: anything that keeps the text from becoming vectors; the message says what to do.
    """
    progress = progress or Silent()
    run = run or RunOptions()
    _check_targets(run, save_vocab)
    corpus, training, given = with_baskets(corpus, training, given)
    if run.cluster is not None:
        training = _in_long_rounds(training, given)
    start = choose_start(run, corpus, vocabulary, training, given=given, read_vocab=read_vocab, progress=progress)
    training = start.training
    _note_options(training, given, progress)
    read = _encoded if machines is None else machines.read
    with contextlib.closing(read(sources, start, progress)) as encoded:
        words = encoded.vocabulary
        epoch_words = int(encoded.block_tokens.sum())
        _note_text(encoded, epoch_words, start, progress)
        for note in notes_on_whole(training, start.corpus, encoded, given):
            progress.note(note)
        windowed = with_reach(training, start.corpus, encoded)
        if save_vocab is not None:
            words.save(save_vocab)
        text = fingerprint(encoded)
        start.check_text(text)
        start.note_progress(training.epochs * epoch_words, progress)
        if not run.yes:
            output_layer_class(training.loss).require_feasible(words.counts, epoch_words, windowed)
            require_training(len(words), _on_threads(encoded, windowed), workers=_workers_here(run, training))
        return_freed()
        model = start.model(words, progress)
        checkpoints = None
        if run.save_model is not None:
            facts = facts_of(start.corpus, start.vocabulary, training, text, start.epochs_before)
            checkpoints = CheckpointWriter(run.save_model, model, facts, run.save_every, progress)
            checkpoints.saved = start.state if start.interrupted is not None else None
            checkpoints.require_space()
        with _log(run.log, start.state, epoch_words, training, progress) as log:
            state = train(
                model,
                encoded,
                windowed,
                progress,
                start=start.state,
                epochs_before=start.epochs_before,
                observer=None if log is None else log.add,
                checkpoints=checkpoints,
                make_scheme=None if machines is None else machines.scheme,
            )
    report = Report.of(state, encoded.total_tokens, len(words))
    if start.is_from_scratch and report.predictions < len(words):
        progress.note(
            f"only {counted(report.predictions, 'prediction')} for {counted(len(words), 'word')}: the vectors are"
            " little more than their random start; use more text, longer sentences or a higher `sample`"
        )
    chosen = options_of(start.corpus, start.vocabulary, training)
    failure = None if checkpoints is None else checkpoints.failure
    metadata = training_metadata(installed_version(), chosen, tokens_by(start.corpus))
    model.drop_output_vectors()  # before the input vectors are copied
    return_freed()
    return TrainingResult(model.vectors(metadata), report, failure)


def estimate_run(
    sources: Sources,
    *,
    corpus: CorpusOptions,
    vocabulary: VocabularyOptions,
    training: TrainingOptions,
    run: RunOptions | None = None,
    given: Set[str] = frozenset(),
    read_vocab: Path | None = None,
    save_vocab: Path | None = None,
    progress: Progress | None = None,
    sentences: int = 0,
    trial: float = 0,
) -> Estimate:
    """Read text and count its words as `train_vectors` does, and return what the run would need; write nothing.

    Args:
        sources: the text; it and the following are as for `train_vectors`.
        corpus: how text becomes tokens.
        vocabulary: which words are kept.
        training: what is trained, and how.
        run: where to start from, and what to write beside the vectors.
        given: the names of the options that the caller gave.
        read_vocab: file with the words and counts to use.
        save_vocab: file that words and counts would go to.
        progress: receives progress and notes.
        sentences: how many of the first sentences to return.
        trial: seconds of training by which to judge how long the run takes; with 0, that stays open.

    Raises:
        W2VError: anything that would keep the run from starting, except a lack of memory.
    """
    progress = progress or Silent()
    run = run or RunOptions()
    _check_targets(run, save_vocab)
    corpus, training, given = with_baskets(corpus, training, given)
    if run.cluster is not None:
        require_parts_apart(corpus, training)
        training = _in_long_rounds(training, given)
    start = choose_start(run, corpus, vocabulary, training, given=given, read_vocab=read_vocab, progress=progress)
    _note_options(start.training, given, progress)
    opening: list[list[str]] = []

    def look(file: IdFile, found: Scan) -> None:
        opening.extend(opening_of(file, found, sentences))

    began = perf_counter()
    with _encoded(sources, start, progress, look) as encoded:
        reading = perf_counter() - began
        epoch_words = int(encoded.block_tokens.sum())
        _note_text(encoded, epoch_words, start, progress)
        start.check_text(fingerprint(encoded))
        for note in notes_on_whole(start.training, start.corpus, encoded, given):
            progress.note(note)
        windowed = with_reach(start.training, start.corpus, encoded)
        return_freed()
        workers = _workers_here(run, start.training)
        need = training_need(len(encoded.vocabulary), _on_threads(encoded, windowed), workers)
        estimate = Estimate(
            sentences=opening,
            tokens=encoded.total_tokens,
            epoch_words=epoch_words,
            epochs=start.training.epochs,
            vocabulary_size=len(encoded.vocabulary),
            resident=resident(),
            need=need,
            room=memory_room(),
            model_bytes=model_bytes(len(encoded.vocabulary), start.training),
            reading=reading,
            timing=None,
        )
        if not trial or estimate.lacking:
            return estimate
        model = start.model(encoded.vocabulary, progress)
        timing = time_training(model, encoded, windowed, trial, start=start.state)
        return dataclasses.replace(estimate, timing=timing)


def _on_threads(encoded: ReadText, training: TrainingOptions) -> TrainingOptions:
    """Return the options with as many threads as have work."""
    return dataclasses.replace(training, threads=min(training.threads, encoded.n_blocks))


def _workers_here(run: RunOptions, training: TrainingOptions) -> int | None:
    """Return how many processes on this machine train instead of this one; None if this one does."""
    if run.cluster is None:
        return None
    return training.threads if run.cluster == LOCAL else 0


def require_parts_apart(corpus: CorpusOptions, training: TrainingOptions) -> None:
    """Refuse options that workers of a cluster can't have, each of which reads a part of the text.

    Raises:
        UsageError: an option needs the whole text in one process.
    """
    for name, value in (("phrases", training.phrases), ("dedup", corpus.dedup)):
        if value:
            raise UsageError(
                f"`{name}` needs the whole text in one process, so `cluster` can't be used with it; prepare the text"
                " first, or leave it out"
            )


def _in_long_rounds(training: TrainingOptions, given: Set[str]) -> TrainingOptions:
    """Return the options with what a cluster implies."""
    merge_every = training.merge_every if "merge_every" in given else CLUSTER_MERGE_EVERY
    return dataclasses.replace(training, deterministic=True, merge_every=merge_every)


def _note_options(training: TrainingOptions, given: Set[str], progress: Progress) -> None:
    if "negative" in given and training.negative and not OUTPUT_LAYERS[training.loss].draws_negatives:
        progress.note(HS_ALONE if training.loss == "hs" else f"`negative` has no effect with `loss={training.loss}`")
    if not training.deterministic:
        for name in sorted({"replicas", "merge_every"} & given):
            progress.note(f"`{name}` has no effect without `deterministic`")


def _check_targets(run: RunOptions, save_vocab: Path | None) -> None:
    for path, kind in ((save_vocab, WORD_COUNTS), (run.save_model, MODEL), (run.log, TRAINING_LOG)):
        if path is not None:
            check_output(path, kind)


def _encoded(
    sources: Sources, start: Start, progress: Progress, look: Callable[[IdFile, Scan], None] | None = None
) -> EncodedCorpus:
    """Return the text as token ids, with its phrases joined if the options say so; `look` sees them with all words."""
    passes, threads = start.training.phrases, start.corpus.threads
    join = phrase_joiner(PhraseOptions(passes=passes), threads, progress) if passes else None

    def rewrite(file: IdFile, found: Scan) -> Scan:
        found = found if join is None else join(file, found)
        if look is not None:
            look(file, found)
        return found

    return encode(
        sources, start.corpus, start.words, rewrite=rewrite, progress=progress,
        most_ids=lambda n_words: most_ids(n_words, start), apart=start.training.deterministic,
    )  # fmt: skip


def most_ids(n_words: int, start: Start) -> int:
    """Return the most ids of a block, with a vocabulary of `n_words`."""
    return max(most_block_ids(n_words, start.training), least_block_ids(start.training, start.corpus))


def _note_text(encoded: ReadText, epoch_words: int, start: Start, progress: Progress) -> None:
    """Note how large the text is, and what may be wrong with it."""
    progress.note(
        f"{encoded.total_tokens:,} tokens, {len(encoded.vocabulary):,} words kept, which make up"
        f" {epoch_words / encoded.total_tokens:.1%} of the text"
    )
    if encoded.looks_like_prose:
        progress.note(PROSE_NOTE)
    if epoch_words < _FEW_TOKENS and start.is_from_scratch:
        progress.note(f"{epoch_words:,} tokens are few: similar words need more text, or more `epochs`")


def _log(
    path: Path | None, state: RunState, epoch_words: int, training: TrainingOptions, progress: Progress
) -> contextlib.AbstractContextManager[TrainingLog | None]:
    if path is None:
        return contextlib.nullcontext()
    return TrainingLog(
        path, state.words, state.seconds, epoch_words, training.epochs, training.objective, progress.note
    )  # fmt: skip
