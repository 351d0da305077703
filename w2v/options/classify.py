"""Options for classifying texts."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, replace

from w2v.options.checks import (
    listed,
    require,
    require_at_least,
    require_between,
    require_choice,
    require_seed,
    shown,
)
from w2v.options.documents import RECORD_FORMATS
from w2v.options.fields import check_types
from w2v.options.networks import ACTIVATION_NAMES, OPTIMISER_NAMES, NetworkOptions
from w2v.options.text_formats import FIELD_EXAMPLE
from w2v.options.threads import MOST_THREADS, available_cpus

DEFAULT_THRESHOLD = 0.5  # probability from which on a text is given one of several labels
DEFAULT_EXPLAINED = 10  # features
TASKS = ("auto", "multiclass", "multilabel", "regression")
WEIGHTINGS = ("auto", "tfidf", "share")
# One word may be all that tells one of several labels, and leaving words out changes a number.
_WORD_DROPOUT = {"multiclass": 0.5, "multilabel": 0.2, "regression": 0.0}


@dataclass(frozen=True)
class LabelledOptions:
    """How files of labelled texts are read.

    Attributes:
        label_prefix: what marks a label in a line.
        field: fields of JSON or columns of a table whose texts are joined; none is `text`, or the only one with text.
        label_column: the column of a table, or the field, that holds labels or numbers.
        label_separator: what stands between labels in that column; None takes it as one label.
        format: what the files are: `plain` lines, `tsv`, `csv` or `json`; None goes by their names.
    """

    label_prefix: str = "__label__"
    field: tuple[str, ...] = ()
    label_column: str = "label"
    label_separator: str | None = None
    format: str | None = None

    def __post_init__(self) -> None:
        """Check all values.

        Raises:
            UsageError: a value is empty, or the prefix has white space in it.
        """
        prefix = self.label_prefix
        require(prefix.split() == [prefix], "label_prefix", shown(prefix), "a text without white space, not empty")
        object.__setattr__(self, "field", listed("field", self.field, FIELD_EXAMPLE))
        require(bool(self.label_column), "label_column", shown(self.label_column), "the name of a column")
        require(self.label_separator != "", "label_separator", "''", "a text, not empty")
        if self.format is not None:
            require_choice("format", self.format, RECORD_FORMATS)


@dataclass(frozen=True)
class ClassifyOptions:
    """How a classifier learns from labelled texts.

    Attributes:
        task: `multiclass` gives each text one label, `multilabel` any number of labels, `regression` a number; `auto`
            decides by the targets: floats are a regression; str, int and bool are labels.
        dim: d, the length of the vector of a word, and of a text; that of the vectors where these are given.
        hidden: neurons of each hidden layer, from the first to the last; none makes a linear model.
        activation: of the hidden layers: `sigmoid`, `tanh` or `relu`.
        dropout: share of each hidden layer's outputs that is dropped at random in training.
        word_dropout: share of the words of a text that is left out at random, each time the text is used; None is 0.5
            for one label, 0.2 for several, and 0 for numbers.
        weighting: how much each word of a text counts: `tfidf` or `share`, see w2v.classify.features; `auto` is
            `tfidf` for labels and `share` for numbers.
        word_ngrams: longest word n-gram that counts as one more feature; 1 uses words alone.
        min_count: leave out words and n-grams that occur in fewer texts.
        epochs: how often all texts are used, at most.
        lr: learning rate of gradient descent, on the scale of fastText's: 0.1 to 1 suit most data.
        optimizer: what makes a step of the layers above the word vectors: `descent`, `momentum` or `adam`.
        batch: texts of a minibatch.
        validation: share of the texts held out for early stopping.
        patience: stop after this many epochs without a better validation loss.
        fine_tune: whether to continue training the vectors that are given; else they are frozen.
        seed: random seed.
        threads: number of threads; the result is the same with any number.
    """

    task: str = "auto"
    dim: int = 100
    hidden: tuple[int, ...] = ()
    activation: str = "relu"
    dropout: float = 0.0
    word_dropout: float | None = None
    weighting: str = "auto"
    word_ngrams: int = 1
    min_count: int = 1
    epochs: int = 10
    lr: float = 0.5
    optimizer: str = "descent"
    batch: int = 64
    validation: float = 0.0
    patience: int = 3
    fine_tune: bool = True
    seed: int = 1
    threads: int = dataclasses.field(default_factory=available_cpus)

    def __post_init__(self) -> None:
        """Check all values.

        Raises:
            UsageError: a value has another type, or is out of range.
        """
        check_types(self)
        require_choice("task", self.task, TASKS)
        require_at_least("dim", self.dim, 1)
        sizes = isinstance(self.hidden, tuple) and all(isinstance(size, int) and size >= 1 for size in self.hidden)
        require(sizes, "hidden", shown(self.hidden), "whole numbers, at least 1 each")
        require_choice("activation", self.activation, ACTIVATION_NAMES)
        for name in ("dropout", "word_dropout"):
            share = getattr(self, name)
            require(share is None or 0 <= share < 1, name, share, "at least 0 and less than 1")
        require_choice("weighting", self.weighting, WEIGHTINGS)
        require_at_least("word_ngrams", self.word_ngrams, 1, 10)
        require_at_least("min_count", self.min_count, 1)
        require_at_least("epochs", self.epochs, 1)
        require(0 < self.lr < float("inf"), "lr", self.lr, "more than 0")
        require_choice("optimizer", self.optimizer, OPTIMISER_NAMES)
        require_at_least("batch", self.batch, 1)
        require_between("validation", self.validation, 0, 0.9)
        require_at_least("patience", self.patience, 1)
        require_seed(self.seed)
        require_at_least("threads", self.threads, 1, MOST_THREADS)

    @property
    def network(self) -> NetworkOptions:
        """What the layers above the word vectors are."""
        return NetworkOptions(self.hidden, self.activation, self.dropout, self.seed)

    def settled(self, task: str) -> ClassifyOptions:
        """Return these options with the values that they leave to the task, which is not `auto`.

        Example:
            >>> ClassifyOptions().settled("regression").weighting
            'share'
        """
        fitting = "share" if task == "regression" else "tfidf"
        weighting = fitting if self.weighting == "auto" else self.weighting
        word_dropout = _WORD_DROPOUT[task] if self.word_dropout is None else self.word_dropout
        return replace(self, task=task, weighting=weighting, word_dropout=word_dropout)
