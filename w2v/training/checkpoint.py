"""A model on disk with all that further training needs: both matrices, counts, options, and how far the run came.

w2v.model_contents says which arrays these are.
"""

from __future__ import annotations

import dataclasses
import shutil
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.errors import ModelError, OutputError, UsageError
from w2v.model_contents import counts_of, open_model, require_finite, words_of
from w2v.model_file import ModelFile, write_model
from w2v.options import CorpusOptions, TrainingOptions, VocabularyOptions
from w2v.progress import Progress
from w2v.tokens.token_rules import tokens_by
from w2v.training.model import Model
from w2v.training.run_state import RunState
from w2v.training.training_corpus import Corpus
from w2v.version import installed_version
from w2v.vocabulary import Vocabulary

# Options of the machine or of files, which the model does not need.
_OF_THE_MACHINE = {
    "threads", "work_dir", "encoding", "text_format", "field", "element", "skip_bad_records", "include", "exclude"
}  # fmt: skip
_BLOCKS_COMPARED = 64

_OWNERS = {"corpus": CorpusOptions, "vocabulary": VocabularyOptions, "training": TrainingOptions}

Fingerprint = dict[str, int]  # of a text
OptionValues = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Checkpoint:
    """A model as it was saved; `fill` reads its matrices.

    Attributes:
        file: the file it is in.
        vocabulary: its words.
        options: options by name under "corpus", "vocabulary" and "training", without those of the machine.
        text: identifies the text of the run; see `fingerprint`.
        state: what the run has done.
        epochs_before: epochs that earlier runs trained the model.
    """

    file: ModelFile
    vocabulary: Vocabulary
    options: OptionValues
    text: Fingerprint
    state: RunState
    epochs_before: int

    @classmethod
    def open(cls, path: Path) -> Checkpoint:
        """Read all but the matrices.

        Raises:
            ModelError: there is no such file, or it is no model file or damaged.
        """
        file = open_model(path)
        vocabulary = Vocabulary(words_of(file), counts_of(file))
        options, text, epochs_before = (file.facts[name] for name in ("options", "text", "epochs_before"))
        try:
            for owner, kind in _OWNERS.items():
                kind(**options[owner])
        except (UsageError, TypeError) as error:
            raise ModelError(
                f"{path}: was trained with options that this version of w2v doesn't know ({error}); upgrade with"
                " 'pip install -U w2v', or get the file again if it is damaged"
            ) from error
        state = RunState.of(file.facts["run"])
        return cls(file, vocabulary, options, text, state, epochs_before)

    @property
    def epochs(self) -> int:
        """Epochs that the model was trained in all, an unfinished one included."""
        return self.epochs_before + -(-self.state.blocks // self.text["blocks"])

    def fill(self, model: Model) -> None:
        """Copy into a model the rows of the words that both have.

        Raises:
            ModelError: their output layers don't have the same rows, or the file can't be read.
        """
        old, new = self.vocabulary.words, model.vocabulary
        rows = None if old == new.words else np.fromiter(map(new.index.__getitem__, old), np.int64, len(old))
        if rows is None and self.file.shape("output_vectors")[0] != len(model.output_vectors):
            raise ModelError(f"{self.file.path}: has another output layer; use the `loss` that it was trained with")
        if rows is not None and self.file.shape("output_vectors")[0] != len(old):
            raise ModelError(f"{self.file.path}: its output layer can't take new words; use `vocab_mode=keep`")
        for name, matrix in (("input_vectors", model.input_vectors), ("output_vectors", model.output_vectors)):
            start = 0
            for block in self.file.rows(name):
                require_finite(self.file, block)
                stop = start + len(block)
                matrix[slice(start, stop) if rows is None else rows[start:stop], : model.dim] = block
                start = stop


class CheckpointWriter:
    """Saves one run's model to a file, at intervals, when training is interrupted, and at the end.

    Args:
        path: the file.
        model: the model being trained.
        facts: what the file says of the run and training doesn't change; see `facts_of`.
        minutes: between two saves; 0 saves at the end only.
        progress: receives a note when training is interrupted or a save fails.

    Attributes:
        path: the file.
        saved: the state of this run that the file holds; None if it holds none.
        failure: why the model could not be saved at the end; None if it could.
    """

    saved: RunState | None = None
    failure: OutputError | None = None

    def __init__(self, path: Path, model: Model, facts: Mapping[str, Any], minutes: float, progress: Progress) -> None:
        self.path = path
        self._model, self._facts, self._progress = model, facts, progress
        self._seconds = 60 * minutes
        self._next = time.perf_counter() + self._seconds

    def require_space(self) -> None:
        """Check before training that the disk can hold the file, beside an earlier one.

        Raises:
            OutputError: it can't.
        """
        needed = sum(4 * len(matrix) * self._model.dim for matrix in self._matrices())
        free = shutil.disk_usage(self.path.resolve().parent).free
        if needed > free:
            raise OutputError(
                f"{self.path}: the model takes {needed / 1e9:.1f} GB, but only {free / 1e9:.1f} are free;"
                " choose another place for `save_model`"
            )

    def is_due(self) -> bool:
        """Return whether it is time to save the model again."""
        return self._seconds > 0 and time.perf_counter() >= self._next

    def save(self, state: RunState) -> None:
        """Write the model, trained up to `state`. Call this only while training is paused.

        Raises:
            TrainingError: a value of the model is not finite; the last good model is unchanged.
            OutputError: the file can't be written; what stood there is unchanged.
        """
        self._model.require_finite()
        vocabulary = self._model.vocabulary
        text = "".join(f"{word}\n" for word in vocabulary.words).encode()
        inputs, outputs = self._matrices()
        arrays: dict[str, npt.NDArray[Any]] = {
            "words": np.frombuffer(text, np.uint8), "counts": vocabulary.counts,
            "input_vectors": inputs, "output_vectors": outputs,
        }  # fmt: skip
        facts = {**self._facts, "run": dataclasses.asdict(state), "losses": state.losses}
        write_model(self.path, facts, arrays)
        self.saved = state
        self._next = time.perf_counter() + self._seconds

    def save_while_training(self, state: RunState) -> None:
        """Write the model; if that fails, note it and go on: the trained vectors are worth more than the file."""
        try:
            self.save(state)
        except OutputError as error:
            self._progress.note(f"{error.message}; training continues")
            self._next = time.perf_counter() + self._seconds

    def save_finished(self, state: RunState) -> None:
        """Write the model at the end of training; if that fails, keep the error, so that the vectors are not lost."""
        try:
            self.save(state)
        except OutputError as error:
            self.failure = error

    def save_interrupted(self, state: RunState) -> None:
        """Write the model, and note how to resume.

        Raises:
            OutputError: the file can't be written; what stood there is unchanged.
        """
        self.save(state)
        self._progress.note(f"saved the model to {self.path}; to continue, run the same again with `resume=True`")

    def _matrices(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        model = self._model
        return model.input_vectors[:, : model.dim], model.output_vectors[:, : model.dim]


def facts_of(
    corpus: CorpusOptions,
    vocabulary: VocabularyOptions,
    training: TrainingOptions,
    text: Fingerprint,
    epochs_before: int,
) -> dict[str, Any]:
    """Return what a model file says of a run, except how far it came."""
    chosen = options_of(corpus, vocabulary, training)
    return {
        "w2v": installed_version(), "options": chosen, "tokens_by": tokens_by(corpus), "text": text,
        "epochs_before": epochs_before,
    }  # fmt: skip


def options_of(corpus: CorpusOptions, vocabulary: VocabularyOptions, training: TrainingOptions) -> OptionValues:
    """Return the options that a model file holds."""
    owners = {
        "corpus": dataclasses.asdict(corpus),
        "vocabulary": dataclasses.asdict(vocabulary),
        "training": dataclasses.asdict(training),
    }
    return {
        owner: {
            name: list(value) if isinstance(value, tuple) else value  # as JSON has it
            for name, value in options.items()
            if name not in _OF_THE_MACHINE
        }
        for owner, options in owners.items()
    }


def fingerprint(corpus: Corpus) -> Fingerprint:
    """Return what identifies a text, encoded with a vocabulary: its size, and a checksum of parts of it."""
    checksum = zlib.crc32(np.ascontiguousarray(corpus.block_tokens, "<i8").tobytes())
    buffer = np.empty(corpus.max_block_ids, np.int32)
    for block in np.unique(np.linspace(0, corpus.n_blocks - 1, _BLOCKS_COMPARED).astype(np.int64)).tolist():
        checksum = zlib.crc32(corpus.read(block, buffer).astype("<i4").tobytes(), checksum)
    return {"tokens": corpus.total_tokens, "blocks": corpus.n_blocks, "checksum": checksum}
