"""Every option with its default, written here and nowhere else: the command line and the Python API both read it."""

from __future__ import annotations

import dataclasses
import math
import os
from dataclasses import dataclass
from pathlib import Path

from w2v.errors import UsageError

MODELS = ("skipgram", "cbow")
TOKEN_RULES = ("whitespace", "words")
ENCODING_ERRORS = ("strict", "replace", "ignore")
SUBSAMPLE_RULES = ("word2vec", "paper")
WINDOW_MODES = ("soft", "full")
CBOW_GRADIENTS = ("mean", "word2vec")
DEFAULT_LR = {"skipgram": 0.03, "cbow": 0.1}
DEFAULT_VECTORS = "vectors.txt"
DEFAULT_NEIGHBOURS = 10

# Far beyond use, but each could otherwise take all memory, or leave the range of a float32, before anything is checked.
MOST_THREADS = 4096
MOST_WINDOW = 1_000_000
MOST_LR = 1_000_000
DEFAULT_RESTRICT_VOCAB = 30_000


def available_cpus() -> int:
    """Return how many CPUs this process may use; a container or `taskset` can make them fewer than the machine's."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _require(condition: bool, name: str, value: object, rule: str) -> None:
    if not condition:
        raise UsageError(f"--{name.replace('_', '-')} must be {rule}, not {value}")


def _require_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    _require(value in choices, name, repr(value), f"one of {', '.join(choices)}")


@dataclass(frozen=True)
class CorpusOptions:
    """How text becomes tokens.

    Attributes:
        tokens: `whitespace` splits at Unicode white space; `words` takes case-folded runs of letters, digits and
            inner apostrophes out of raw text.
        lowercase: lower-case every token (`whitespace` only; `words` folds case anyway).
        encoding_errors: for bytes that are not UTF-8: `strict` stops, `replace` puts U+FFFD, `ignore` drops them.
        work_dir: folder for the temporary file of token ids; None is the system's temporary folder.
        threads: threads that scan text.
    """

    tokens: str = "whitespace"
    lowercase: bool = False
    encoding_errors: str = "strict"
    work_dir: Path | None = None
    threads: int = dataclasses.field(default_factory=available_cpus)

    def __post_init__(self) -> None:
        """Refuse what can't be used, naming the option.

        Raises:
            UsageError: an option is out of range.
        """
        _require_choice("tokens", self.tokens, TOKEN_RULES)
        _require_choice("encoding_errors", self.encoding_errors, ENCODING_ERRORS)
        _require(self.threads >= 1, "threads", self.threads, "at least 1")
        _require(self.threads <= MOST_THREADS, "threads", self.threads, f"at most {MOST_THREADS}")


@dataclass(frozen=True)
class VocabularyOptions:
    """Which words are kept.

    Attributes:
        min_count: drop words that occur less often.
        max_vocab: keep at most this many words, the most frequent; None keeps all.
    """

    min_count: int = 5
    max_vocab: int | None = None

    def __post_init__(self) -> None:
        """Refuse what can't be used, naming the option.

        Raises:
            UsageError: an option is out of range.
        """
        _require(self.min_count >= 1, "min_count", self.min_count, "at least 1")
        _require(self.max_vocab is None or self.max_vocab >= 2, "max_vocab", self.max_vocab, "at least 2")


@dataclass(frozen=True)
class TrainingOptions:
    """What is trained, and how.

    Attributes:
        model: `skipgram` or `cbow`.
        dim: length of the vectors.
        window: most places between a center word and its context.
        window_mode: `soft` draws the reach from 1..window for each center, `full` always uses window.
        negative: negative samples drawn for each window.
        ns_exponent: negatives are drawn with probability proportional to count ** ns_exponent.
        epochs: passes over the text.
        sample: subsampling threshold for frequent words; 0 keeps every token.
        subsample_rule: `word2vec` or `paper`.
        lr: learning rate at the start; it falls linearly to a ten-thousandth. None is DEFAULT_LR of the model.
        cbow_gradient: `mean` divides the gradient by the number of context words, as differentiating the mean gives;
            `word2vec` leaves that out, as word2vec.c and gensim do.
        threads: threads that train.
        seed: where all random streams start.
    """

    model: str = "skipgram"
    dim: int = 100
    window: int = 5
    window_mode: str = "soft"
    negative: int = 5
    ns_exponent: float = 0.75
    epochs: int = 5
    sample: float = 1e-3
    subsample_rule: str = "word2vec"
    lr: float | None = None
    cbow_gradient: str = "mean"
    threads: int = dataclasses.field(default_factory=available_cpus)
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse what can't be used, naming the option.

        Raises:
            UsageError: an option is out of range.
        """
        _require_choice("model", self.model, MODELS)
        _require_choice("window_mode", self.window_mode, WINDOW_MODES)
        _require_choice("subsample_rule", self.subsample_rule, SUBSAMPLE_RULES)
        _require_choice("cbow_gradient", self.cbow_gradient, CBOW_GRADIENTS)
        for name in ("dim", "window", "negative", "epochs", "threads"):
            _require(getattr(self, name) >= 1, name, getattr(self, name), "at least 1")
        for name, most in (("threads", MOST_THREADS), ("window", MOST_WINDOW), ("lr", MOST_LR)):
            value = getattr(self, name)
            _require(value is None or not value > most, name, value, f"at most {most}")
        _require(math.isfinite(self.sample) and self.sample >= 0, "sample", self.sample, "0 or more")
        _require(math.isfinite(self.ns_exponent), "ns_exponent", self.ns_exponent, "a finite number")
        _require(self.lr is None or self.lr > 0, "lr", self.lr, "more than 0")
        _require(0 <= self.seed < 2**63, "seed", self.seed, "from 0 to 2**63 - 1")

    @property
    def initial_lr(self) -> float:
        """The learning rate at the start: `lr`, or the model's default."""
        return DEFAULT_LR[self.model] if self.lr is None else self.lr


def default(options: type[CorpusOptions] | type[VocabularyOptions] | type[TrainingOptions], name: str) -> object:
    """Return the default of one option, for the command line to declare and to show."""
    field = next(f for f in dataclasses.fields(options) if f.name == name)
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default
