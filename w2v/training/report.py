"""What a training run returns: the vectors, and a report of the run."""

from __future__ import annotations

from dataclasses import dataclass

from w2v.errors import OutputError
from w2v.memory import Room
from w2v.memory_need import MemoryNeed
from w2v.training.run_state import RunState
from w2v.training.timing import Timing
from w2v.vectors import Vectors


@dataclass(frozen=True)
class Report:
    """What a training run did.

    Attributes:
        losses: mean loss per prediction of each epoch, in nats.
        words: tokens trained on, over all epochs, before subsampling.
        seconds: time that training took, without reading the text; of a resumed run, all parts together.
        predictions: how many predictions were trained, over all epochs.
        tokens: tokens of the text, those left out of the vocabulary included.
        vocabulary_size: words that have a vector.
    """

    losses: tuple[float, ...]
    words: int
    seconds: float
    predictions: int
    tokens: int
    vocabulary_size: int

    @classmethod
    def of(cls, state: RunState, tokens: int, vocabulary_size: int) -> Report:
        """Return the report of a run that ended in `state`, on a text of `tokens` tokens."""
        predictions = sum(state.predictions)
        return cls(tuple(state.losses), state.words, state.seconds, predictions, tokens, vocabulary_size)

    @property
    def words_per_second(self) -> float:
        """Speed of training in tokens per second, all threads together."""
        return self.words / self.seconds if self.seconds else 0.0


@dataclass(frozen=True)
class Estimate:
    """What a run would do and need, as far as that is known before it trains.

    Attributes:
        sentences: the first ones, as tokens, those left out of the vocabulary included.
        tokens: tokens of the text, those left out of the vocabulary included.
        epoch_words: tokens of an epoch.
        epochs: passes over the text.
        vocabulary_size: words that would have a vector.
        resident: bytes that the process takes already.
        need: what the run needs besides.
        room: what it may have besides; None where the system doesn't say.
        model_bytes: about the size of the model file.
        reading: seconds that reading the text took.
        timing: how long training takes; None where that was not asked for, or the memory is too small.
    """

    sentences: list[list[str]]
    tokens: int
    epoch_words: int
    epochs: int
    vocabulary_size: int
    resident: int
    need: MemoryNeed
    room: Room | None
    model_bytes: int
    reading: float
    timing: Timing | None

    @property
    def lacking(self) -> int:
        """Bytes that the run needs and may not have."""
        return 0 if self.room is None else max(0, self.need.total - self.room.bytes)


@dataclass(frozen=True)
class TrainingResult:
    """The vectors that a run trained, and its report.

    Attributes:
        vectors: the vectors.
        report: what the run did.
        failure: why `save_model` could not be written in the end; None if it could.
    """

    vectors: Vectors
    report: Report
    failure: OutputError | None = None
