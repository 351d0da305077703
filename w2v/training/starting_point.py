"""Where a run starts: from scratch, from a saved model, from vectors of any origin, or where it was interrupted."""

from __future__ import annotations

import dataclasses
from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from w2v.corpus import ExtendedVocabulary, WordChoice
from w2v.errors import ModelError, UsageError, VectorsError, W2VError
from w2v.options import CorpusOptions, RunOptions, TrainingOptions, VocabularyOptions
from w2v.progress import Progress
from w2v.tokens.token_rules import cut_otherwise
from w2v.training.checkpoint import Checkpoint, Fingerprint, options_of
from w2v.training.model import Model
from w2v.training.run_state import RunState
from w2v.vectors import Vectors
from w2v.version import installed_version
from w2v.vocabulary import Vocabulary
from w2v.wording import counted, in_one_line

_OF_THE_MATRICES = ("dim", "loss")  # options that a model can't change
_OptionsT = TypeVar("_OptionsT", CorpusOptions, VocabularyOptions, TrainingOptions)


@dataclass(frozen=True)
class Start:
    """Where a run starts, and the options that it has then.

    Attributes:
        corpus: how text becomes tokens.
        vocabulary: which words are kept.
        training: what is trained, and how.
        known: the words to train; None is those of the text.
        extend: whether to train the words of the text besides `known`.
        checkpoint: the model whose matrices to start from.
        pretrained: the vectors to start from, and their file.
        interrupted: identifies the text on which the run was interrupted.
        state: what the run has done before.
        epochs_before: epochs that earlier runs trained the model.
    """

    corpus: CorpusOptions
    vocabulary: VocabularyOptions
    training: TrainingOptions
    known: Vocabulary | None = None
    extend: bool = False
    checkpoint: Checkpoint | None = None
    pretrained: tuple[Path, Vectors] | None = None
    interrupted: Fingerprint | None = None
    state: RunState = dataclasses.field(default_factory=RunState)
    epochs_before: int = 0

    @property
    def is_from_scratch(self) -> bool:
        """Whether there is nothing to start from."""
        return self.checkpoint is None and self.pretrained is None

    @property
    def words(self) -> WordChoice:
        """Which words of a text to train."""
        if self.known is None:
            return self.vocabulary
        return ExtendedVocabulary(self.known, self.vocabulary) if self.extend else self.known

    def check_text(self, text: Fingerprint) -> None:
        """Check that an interrupted run resumes on the same text.

        Raises:
            ModelError: it is another text.
        """
        if self.checkpoint is not None and self.interrupted not in (None, text):
            before = self.checkpoint.text["tokens"]
            differs = f"{text['tokens']:,} tokens instead of {before:,}"
            if text["tokens"] == before:
                differs = f"{before:,} tokens as before, but others, or in another order"
            raise ModelError(
                f"{self.checkpoint.file.path}: can't resume, since the text has changed or is another one ({differs});"
                f" to train the model on this text, use `init={self.checkpoint.file.path}`"
            )

    def note_progress(self, words: int, progress: Progress) -> None:
        """Note how far an interrupted run came; `words` is the number of tokens in all its epochs together."""
        if self.checkpoint is None or self.interrupted is None:
            return
        path = self.checkpoint.file.path
        if self.state.words < words:
            progress.note(f"resuming from {path}, which has {self.state.words / words:.0%} of the run")
        else:
            progress.note(f"the run of {path} is already complete; to continue training its model, use `init={path}`")

    def model(self, vocabulary: Vocabulary, progress: Progress) -> Model:
        """Return the model to train.

        Raises:
            TrainingError: the matrices don't fit the memory.
            ModelError: the model to start from doesn't fit, or can't be read.
            VectorsError: the vectors to start from have none of the words.
        """
        model = Model.create(vocabulary, self.training)
        if self.checkpoint is not None:
            self.checkpoint.fill(model)
        elif self.pretrained is not None:
            _fill(model, *self.pretrained, progress)
        return model


def choose_start(
    run: RunOptions,
    corpus: CorpusOptions,
    vocabulary: VocabularyOptions,
    training: TrainingOptions,
    *,
    given: Set[str],
    read_vocab: Path | None,
    progress: Progress,
) -> Start:
    """Return where a run starts.

    Args:
        run: what the caller asked for.
        corpus: how text becomes tokens.
        vocabulary: which words are kept.
        training: what is trained, and how.
        given: the names of the options that the caller gave; the others come from the model to start from, if any,
            except those of the machine.
        read_vocab: file with the words and counts to train.
        progress: receives a note of what the run starts from.

    Raises:
        UsageError: options contradict each other, or what the run starts from.
        ModelError: a model file can't be read.
        VectorsError: a vectors file can't be read.
        VocabularyError: a vocabulary file can't be read.
    """
    start = Start(corpus, vocabulary, training)
    if run.init is not None:
        if read_vocab is not None:
            raise UsageError("`init` has words and counts of its own; leave out `read_vocab`")
        start = _from_model(Checkpoint.open(run.init), start, given, extend=run.vocab_mode == "extend")
    elif run.pretrained is not None:
        start = _from_vectors(run.pretrained, start, given, progress)
    if read_vocab is not None:
        start = dataclasses.replace(
            start, known=Vocabulary.load(read_vocab, encoding=corpus.encoding, encoding_errors=corpus.encoding_errors)
        )
    if run.resume and run.save_model is not None:
        if run.save_model.exists():
            start = _resumed(Checkpoint.open(run.save_model), start, read_vocab)
        else:
            progress.note(f"there is no {run.save_model} to resume from yet; starting from the beginning")
    if start.checkpoint is not None:
        _note_version(start.checkpoint, start.corpus, progress)
    return start


def _note_version(model: Checkpoint, corpus: CorpusOptions, progress: Progress) -> None:
    """Note that another version of what cuts the text is installed than cut the text of the model."""
    tokens = model.options["corpus"].get("tokens")
    note = cut_otherwise(str(model.file.path), model.file.facts.get("tokens_by"), tokens, corpus)
    if note is not None:
        progress.note(note)


def _from_model(model: Checkpoint, start: Start, given: Set[str], *, extend: bool) -> Start:
    for name in _OF_THE_MATRICES:
        old = model.options["training"].get(name)
        new = getattr(start.training, name, old)
        if name in given and new != old:
            raise UsageError(f"`{name}={new}`: {model.file.path} was trained with `{name}={old}`, which can't change")
    return dataclasses.replace(
        start,
        corpus=_inherited(start.corpus, model.options["corpus"], given),
        vocabulary=_inherited(start.vocabulary, model.options["vocabulary"], given),
        training=_inherited(start.training, model.options["training"], given),
        known=model.vocabulary,
        extend=extend,
        checkpoint=model,
        epochs_before=model.epochs,
    )


def _inherited(options: _OptionsT, inherited: dict[str, Any], given: Set[str]) -> _OptionsT:
    """Return options with another run's values for all that were not given."""
    return dataclasses.replace(options, **{name: value for name, value in inherited.items() if name not in given})


def _from_vectors(path: Path, start: Start, given: Set[str], progress: Progress) -> Start:
    vectors = _loaded(path, start.corpus, progress)
    if "dim" in given and start.training.dim != vectors.dim:
        raise UsageError(
            f"`dim={start.training.dim}`: the vectors of {path} have {counted(vectors.dim, 'dimension')};"
            " leave out `dim`"
        )
    return dataclasses.replace(
        start, training=dataclasses.replace(start.training, dim=vectors.dim), pretrained=(path, vectors)
    )


def _loaded(path: Path, corpus: CorpusOptions, progress: Progress) -> Vectors:
    """Load vectors, whose words are UTF-8, as nearly always, or in the encoding of the text."""
    try:
        return Vectors.load(path, progress=progress, encoding_errors=corpus.encoding_errors)
    except VectorsError:
        if corpus.is_utf8:
            raise
        return Vectors.load(path, progress=progress, encoding=corpus.encoding, encoding_errors=corpus.encoding_errors)


def _resumed(interrupted: Checkpoint, start: Start, read_vocab: Path | None) -> Start:
    path, version = interrupted.file.path, str(interrupted.file.facts.get("w2v"))
    wanted = options_of(start.corpus, start.vocabulary, start.training)
    differences = [
        f"`{name}` was {in_one_line(str(value))} and is {in_one_line(str(wanted[owner].get(name)))} now"
        for owner, options in interrupted.options.items()
        for name, value in options.items()
        if wanted[owner].get(name) != value
    ]
    if read_vocab is not None and start.known is not None and not start.known.equals(interrupted.vocabulary):
        differences.append(f"`read_vocab={read_vocab}` has other words or counts")
    remedy = "give the same options"
    error: type[W2VError] = UsageError
    if version != installed_version():
        remedy, error = "resume with that version" + (" and the same options" if differences else ""), ModelError
        differences.insert(0, f"w2v {in_one_line(version, 40)} wrote it, and this is {installed_version()}")
    if differences:
        raise error(
            f"{path}: can't resume, since {'; '.join(differences)}; {remedy}, or use `init={path}` to continue training"
            " its model"
        )
    return dataclasses.replace(
        start,
        known=interrupted.vocabulary,
        extend=False,
        checkpoint=interrupted,
        pretrained=None,
        interrupted=interrupted.text,
        state=interrupted.state,
        epochs_before=interrupted.epochs_before,
    )


def _fill(model: Model, path: Path, vectors: Vectors, progress: Progress) -> None:
    """Start each word that has a vector from it; the others stay random."""
    found = [
        (row, other)
        for row, word in enumerate(model.vocabulary.words)
        if (other := vectors.words.find(word)) is not None
    ]
    if not found:
        raise VectorsError(f"{path}: has no word of the text; check that both have the same language and case")
    rows, others = np.asarray(found, np.int64).T
    model.input_vectors[rows, : model.dim] = vectors.matrix[others]
    counts = model.vocabulary.counts
    share = f"{len(rows):,} of {len(model.vocabulary):,} words ({counts[rows].sum() / counts.sum():.1%} of the text)"
    progress.note(f"{share} start from {path}" + (", the others at random" if len(rows) < len(counts) else ""))
