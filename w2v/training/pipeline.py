"""All steps from text to vectors, in order."""

from __future__ import annotations

import contextlib
from collections.abc import Set
from pathlib import Path

from w2v.corpus import PROSE_NOTE, ExtendedVocabulary, Sources, WordChoice, encode
from w2v.file_kinds import MODEL, TRAINING_LOG, WORD_COUNTS
from w2v.files import check_target
from w2v.options import CorpusOptions, PhraseOptions, RunOptions, TrainingOptions, VocabularyOptions
from w2v.phrases import phrase_joiner
from w2v.progress import Progress, Silent
from w2v.training.checkpoint import Keeper, facts_of, text_mark
from w2v.training.layers import require_feasible
from w2v.training.starting_point import choose_start
from w2v.training.trainer import train
from w2v.training_log import TrainingLog
from w2v.vectors import Vectors
from w2v.wording import counted

_FEW_TOKENS = 10_000  # to train on: with less, closest words come out by chance


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
) -> Vectors:
    """Read text, count its words, train, and return the vectors.

    Each file to write replaces an earlier one of its kind, and no other; that is made sure of before anything is read.

    Args:
        sources: files, folders and "-", or Sentences; see w2v.corpus.encode.
        corpus: how text becomes tokens.
        vocabulary: which words are kept.
        training: what is trained, and how.
        run: where to start from, and what to leave beside the vectors.
        given: the names of the options that were chosen; a model to start from says what the others are.
        read_vocab: file with the words and counts to use instead of those of the text.
        save_vocab: file to write words and counts to, before training starts.
        progress: is told where the work stands.

    Raises:
        W2VError: anything that keeps the text from becoming vectors; the text says what to do.
    """
    progress = progress or Silent()
    run = run or RunOptions()
    for path, kind in ((save_vocab, WORD_COUNTS), (run.save_model, MODEL), (run.log, TRAINING_LOG)):
        if path is not None:
            check_target(path, kind)
    start = choose_start(run, corpus, vocabulary, training, given=given, read_vocab=read_vocab, progress=progress)
    corpus, vocabulary, training = start.corpus, start.vocabulary, start.training
    join = phrase_joiner(PhraseOptions(passes=training.phrases), corpus.threads, progress) if training.phrases else None
    choice: WordChoice = vocabulary if start.known is None else start.known
    if start.known is not None and start.extend:
        choice = ExtendedVocabulary(start.known, vocabulary)
    with (
        encode(sources, corpus, choice, rewrite=join, progress=progress) as encoded,
        contextlib.ExitStack() as stack,
    ):
        words = encoded.vocabulary
        epoch_words = int(encoded.block_tokens.sum())
        progress.note(
            f"{encoded.total_tokens:,} tokens, {len(words):,} words kept, which make up"
            f" {epoch_words / encoded.total_tokens:.1%} of the text"
        )
        if encoded.looks_like_prose:
            progress.note(PROSE_NOTE)
        if epoch_words < _FEW_TOKENS and start.is_afresh:
            progress.note(f"{epoch_words:,} tokens are few: words of like meaning need more text, or more --epochs")
        if save_vocab is not None:
            words.save(save_vocab)
        text = text_mark(encoded)
        start.check_text(text)
        start.tell(training.epochs * epoch_words, progress)
        if not run.yes:
            require_feasible(words.counts, epoch_words, training)
        model = start.model(words, progress)
        keeper = log = None
        if run.save_model is not None:
            facts = facts_of(corpus, vocabulary, training, text, start.epochs_before)
            keeper = Keeper(run.save_model, model, facts, run.save_every, progress)
            keeper.check_room()
        if run.log is not None:
            log = stack.enter_context(
                TrainingLog(run.log, start.report.words, start.report.seconds, epoch_words, training.epochs)
            )
        report = train(
            model,
            encoded,
            training,
            progress,
            start=start.report,
            epochs_before=start.epochs_before,
            observer=None if log is None else log.add,
            keeper=keeper,
        )
    if keeper is not None:
        keeper.keep(report)
    predictions = sum(report.predictions)
    if start.is_afresh and predictions < len(words):
        progress.note(
            f"only {counted(predictions, 'prediction')} for {counted(len(words), 'word')}: the vectors are"
            " hardly more than their random start; more text, longer sentences or a higher --sample give them more"
        )
    return model.vectors()
