"""Every option with its default, written here and nowhere else: the command line and the Python API both read it."""

from __future__ import annotations

import dataclasses
import math
import numbers
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from w2v.errors import UsageError

MODELS = ("skipgram", "cbow")
LOSSES = ("ns", "hs", "softmax")
TOKEN_RULES = ("whitespace", "words")
ENCODING_ERRORS = ("strict", "replace", "ignore")
SUBSAMPLE_RULES = ("word2vec", "paper")
WINDOW_MODES = ("soft", "full")
CBOW_GRADIENTS = ("mean", "word2vec")
FINAL_LR_SHARE = 1e-4  # of the first learning rate, as in word2vec.c
DEFAULT_LR = {"skipgram": 0.03, "cbow": 0.1}
DEFAULT_SUM_LR = 0.05  # of CBOW's sum, which is longer than the mean; at 0.1 it diverges
PHRASE_SCORES = ("word2phrase", "gensim", "npmi")
DEFAULT_THRESHOLD = {"word2phrase": 100.0, "gensim": 10.0, "npmi": 0.5}
VOCAB_MODES = ("keep", "extend")
DEFAULT_VECTORS = "vectors.txt"
DEFAULT_NEIGHBOURS = 10
METHODS = ("add", "mul")
DEFAULT_METHOD = "add"
CASE_RULES = ("fold", "exact")
DEFAULT_CASE = "fold"
UNKNOWN_RULES = ("skip", "zero")
DEFAULT_UNKNOWN = "skip"
VECTOR_FORMATS = ("word2vec", "word2vec-binary", "glove", "fasttext", "npz", "safetensors", "projector")
DEFAULT_CACHE_LIMIT = 10_000_000_000  # bytes of all copies of vectors files together

# Far beyond use, but each could otherwise take all memory, or leave the range of a float32, before anything is checked.
MOST_THREADS = 4096
MOST_WINDOW = 1_000_000
MOST_LR = 1_000_000
MOST_NS_EXPONENT = 1000
MOST_PASSES = 100
DEFAULT_RESTRICT_VOCAB = 30_000

LEAST_MAP_WORDS = 4
MOST_MAP_WORDS = 65_536  # which two bytes number
MOST_MAP_NEIGHBOURS = 100
MOST_MAP_CLUSTERS = 200
MOST_PERPLEXITY = 1000
DEFAULT_CLUSTER_WORDS = 8
DEFAULT_MAP = "map.html"
PICTURE_FORMATS = (".html", ".png", ".svg")
DEFAULT_TRAINING_PLOT = "training.png"


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


_TYPES: dict[str, tuple[type, str]] = {
    "int": (numbers.Integral, "a whole number"),
    "float": (numbers.Real, "a number"),
    "bool": (bool, "True or False"),
    "Path": (Path, "a path"),
}


def _check_types(options: Any) -> None:
    """Refuse a value of another type than its field has; NumPy's numbers become Python's, whole ones floats if need be.

    Texts are left to the checks of what they may say.

    Raises:
        UsageError: an option has a value of another type.
    """
    for field in dataclasses.fields(options):
        value = getattr(options, field.name)
        kind, _, otherwise = str(field.type).partition(" | ")
        if kind not in _TYPES or (value is None and otherwise == "None"):
            continue
        expected, rule = _TYPES[kind]
        fits = isinstance(value, expected) and (kind == "bool" or not isinstance(value, bool))
        _require(fits, field.name, repr(value), rule)
        if kind in ("int", "float"):
            try:
                object.__setattr__(options, field.name, int(value) if kind == "int" else float(value))
            except OverflowError:
                _require(False, field.name, value, "a number that a float can hold")


@dataclass(frozen=True)
class CorpusOptions:
    """How text becomes tokens and sentences.

    Attributes:
        tokens: `whitespace` splits at Unicode white space; `words` takes case-folded runs of letters, digits and
            inner apostrophes out of raw text.
        lowercase: lower-case every token (`whitespace` only; `words` folds case anyway).
        encoding_errors: for bytes that are not UTF-8: `strict` stops, `replace` puts U+FFFD, `ignore` drops them.
        max_sentence: cut a line into sentences of at most this many tokens with a vector each; None leaves it whole.
        work_dir: folder for the temporary file of token ids; None is the system's temporary folder.
        threads: threads that scan text.
    """

    tokens: str = "whitespace"
    lowercase: bool = False
    encoding_errors: str = "strict"
    max_sentence: int | None = None
    work_dir: Path | None = None
    threads: int = dataclasses.field(default_factory=available_cpus)

    def __post_init__(self) -> None:
        """Refuse what can't be used, naming the option.

        Raises:
            UsageError: an option is of another type, or out of range.
        """
        _check_types(self)
        _require_choice("tokens", self.tokens, TOKEN_RULES)
        _require_choice("encoding_errors", self.encoding_errors, ENCODING_ERRORS)
        _require(self.max_sentence is None or self.max_sentence >= 1, "max_sentence", self.max_sentence, "at least 1")
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
            UsageError: an option is of another type, or out of range.
        """
        _check_types(self)
        _require(self.min_count >= 1, "min_count", self.min_count, "at least 1")
        _require(self.max_vocab is None or self.max_vocab >= 2, "max_vocab", self.max_vocab, "at least 2")


@dataclass(frozen=True)
class PhraseOptions:
    """Which neighbouring words are joined into phrases.

    Attributes:
        score: what measures how much two words belong together. `word2phrase`: (n(ab) - min_count) / (n(a) n(b)) times
            the tokens of the text, as in word2phrase.c; `gensim`: that, times the number of different words and pairs
            instead, as gensim's default; `npmi`: normalised pointwise mutual information, from -1 to 1.
        min_count: never join a pair that occurs less often; the first two scores also take it off the pair's count.
        threshold: join pairs that score more. None is DEFAULT_THRESHOLD of the score.
        passes: how often to find and join pairs; each pass can make the phrases of the one before longer.
        delimiter: what stands between the words of a phrase.
        memory: most MB for counting pairs. With less, the ids of the text are gone through more often; the phrases
            found are the same.
    """

    score: str = "word2phrase"
    min_count: int = 5
    threshold: float | None = None
    passes: int = 1
    delimiter: str = "_"
    memory: int = 1024

    def __post_init__(self) -> None:
        """Refuse what can't be used, naming the option.

        Raises:
            UsageError: an option is of another type, or out of range.
        """
        _check_types(self)
        _require_choice("score", self.score, PHRASE_SCORES)
        _require(self.min_count >= 1, "min_count", self.min_count, "at least 1")
        if self.threshold is not None and self.score == "npmi":
            _require(-1 <= self.threshold <= 1, "threshold", self.threshold, "from -1 to 1 with --score npmi")
        elif self.threshold is not None:
            _require(
                0 < self.threshold < math.inf, "threshold", self.threshold, f"more than 0 with --score {self.score}"
            )
        _require(1 <= self.passes <= MOST_PASSES, "passes", self.passes, f"from 1 to {MOST_PASSES}")
        without_space = isinstance(self.delimiter, str) and not any(map(str.isspace, self.delimiter))
        _require(without_space, "delimiter", repr(self.delimiter), "a text without white space")
        _require(self.memory >= 1, "memory", self.memory, "at least 1")

    @property
    def least_score(self) -> float:
        """The score that a phrase exceeds: `threshold`, or the default of the score."""
        return DEFAULT_THRESHOLD[self.score] if self.threshold is None else self.threshold


@dataclass(frozen=True)
class TrainingOptions:
    """What is trained, and how.

    Attributes:
        model: `skipgram` or `cbow`.
        loss: `ns`, negative sampling; `hs`, hierarchical softmax; `softmax`, the exact softmax over all words.
        dim: length of the vectors.
        window: most places between a center word and its context.
        window_mode: `soft` draws the reach from 1..window for each center, `full` always uses window.
        negative: negative samples drawn for each window; only negative sampling draws any.
        ns_exponent: negatives are drawn with probability proportional to count ** ns_exponent.
        epochs: passes over the text.
        sample: subsampling threshold for frequent words; 0 keeps every token.
        subsample_rule: `word2vec` or `paper`.
        lr: learning rate at the start; it falls linearly. None is the default of the model.
        min_lr: learning rate at the end. None is FINAL_LR_SHARE of the one at the start.
        cbow_mean: CBOW predicts from the mean of the context; else from its sum.
        cbow_gradient: `mean` divides the gradient by the number of context words, as differentiating the mean gives;
            `word2vec` leaves that out, as word2vec.c and gensim do.
        phrases: passes over the text that join words which belong together, before any are counted; 0 joins none.
        threads: threads that train.
        seed: where all random streams start.
    """

    model: str = "skipgram"
    loss: str = "ns"
    dim: int = 100
    window: int = 5
    window_mode: str = "soft"
    negative: int = 5
    ns_exponent: float = 0.75
    epochs: int = 5
    sample: float = 1e-3
    subsample_rule: str = "word2vec"
    lr: float | None = None
    min_lr: float | None = None
    cbow_mean: bool = True
    cbow_gradient: str = "mean"
    phrases: int = 0
    threads: int = dataclasses.field(default_factory=available_cpus)
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse what can't be used, naming the option.

        Raises:
            UsageError: an option is of another type, or out of range.
        """
        _check_types(self)
        _require_choice("model", self.model, MODELS)
        _require_choice("loss", self.loss, LOSSES)
        _require_choice("window_mode", self.window_mode, WINDOW_MODES)
        _require_choice("subsample_rule", self.subsample_rule, SUBSAMPLE_RULES)
        _require_choice("cbow_gradient", self.cbow_gradient, CBOW_GRADIENTS)
        for name in ("dim", "window", "epochs", "threads"):
            _require(getattr(self, name) >= 1, name, getattr(self, name), "at least 1")
        least = 1 if self.loss == "ns" else 0
        _require(self.negative >= least, "negative", self.negative, f"at least {least} with --loss {self.loss}")
        for name, most in (("threads", MOST_THREADS), ("window", MOST_WINDOW), ("lr", MOST_LR)):
            value = getattr(self, name)
            _require(value is None or not value > most, name, value, f"at most {most}")
        _require(math.isfinite(self.sample) and self.sample >= 0, "sample", self.sample, "0 or more")
        _require(
            abs(self.ns_exponent) <= MOST_NS_EXPONENT,
            "ns_exponent",
            self.ns_exponent,
            f"from -{MOST_NS_EXPONENT} to {MOST_NS_EXPONENT}",
        )
        _require(self.lr is None or self.lr > 0, "lr", self.lr, "more than 0")
        if self.min_lr is not None:
            rule = f"from 0 to the learning rate at the start, {self.initial_lr:g}"
            _require(0 <= self.min_lr <= self.initial_lr, "min_lr", self.min_lr, rule)
        _require(0 <= self.phrases <= MOST_PASSES, "phrases", self.phrases, f"from 0 to {MOST_PASSES}")
        _require(0 <= self.seed < 2**63, "seed", self.seed, "from 0 to 2**63 - 1")

    @property
    def initial_lr(self) -> float:
        """The learning rate at the start: `lr`, or the default of the model."""
        if self.lr is not None:
            return self.lr
        return DEFAULT_SUM_LR if self.model == "cbow" and not self.cbow_mean else DEFAULT_LR[self.model]

    @property
    def final_lr(self) -> float:
        """The learning rate at the end: `min_lr`, or a share of the one at the start."""
        return FINAL_LR_SHARE * self.initial_lr if self.min_lr is None else self.min_lr


@dataclass(frozen=True)
class RunOptions:
    """Where a run starts, and what it leaves beside the vectors.

    Attributes:
        init: model file to start from; options that are not given are those of the model.
        vocab_mode: of the words of the text that the model of `init` doesn't have: `keep` trains the model's words
            only, with their counts; `extend` adds new words, and adds their counts to those of the model.
        pretrained: vectors file to start the input vectors from.
        save_model: model file to write.
        save_every: minutes between two writings of it while training; 0 writes it at the end only.
        resume: go on with the run of `save_model`, if that was interrupted.
        log: file to tell how training goes.
        yes: train even if one epoch may take longer than a day, as the exact softmax does with many words.
    """

    init: Path | None = None
    vocab_mode: str = "keep"
    pretrained: Path | None = None
    save_model: Path | None = None
    save_every: float = 10.0
    resume: bool = False
    log: Path | None = None
    yes: bool = False

    def __post_init__(self) -> None:
        """Refuse what can't be used, naming the option.

        Raises:
            UsageError: an option is of another type or out of range, or options contradict each other.
        """
        _check_types(self)
        _require_choice("vocab_mode", self.vocab_mode, VOCAB_MODES)
        _require(0 <= self.save_every < math.inf, "save_every", self.save_every, "0 or more")
        if self.vocab_mode != "keep" and self.init is None:
            raise UsageError(f"--vocab-mode {self.vocab_mode} needs a model to start from: --init FILE")
        if self.init is not None and self.pretrained is not None:
            raise UsageError("--init and --pretrained both say where to start from; leave off one of them")
        if self.resume and self.save_model is None:
            raise UsageError("--resume needs the model file that the interrupted run wrote: --save-model FILE")
        if self.resume and self.init is not None and self.init == self.save_model:
            raise UsageError("with --resume, --init and --save-model must be different files")


@dataclass(frozen=True)
class ClusterOptions:
    """How words are grouped.

    Attributes:
        clusters: how many groups; None is the square root of the number of words, rounded.
        seed: where random choices start.
    """

    clusters: int | None = None
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse what can't be used, naming the option.

        Raises:
            UsageError: an option is of another type, or out of range.
        """
        _check_types(self)
        _require(self.clusters is None or self.clusters >= 1, "clusters", self.clusters, "at least 1")
        _require(0 <= self.seed < 2**63, "seed", self.seed, "from 0 to 2**63 - 1")

    def clusters_for(self, words: int) -> int:
        """Return how many groups to make of that many words."""
        return round(math.sqrt(words)) if self.clusters is None else self.clusters


@dataclass(frozen=True)
class MapOptions:
    """What a map of words shows, and where it puts them.

    Attributes:
        top: how many words to show, the first ones of the vectors, which are the most frequent.
        neighbours: closest words kept for each word.
        clusters: how many groups to colour; None is a few dozen at most, depending on the number of words.
        perplexity: how many neighbours a word is kept near to: fewer show small groups, more the large shape.
        seed: where random choices start.
        threads: threads to work with.
    """

    top: int = 10_000
    neighbours: int = 10
    clusters: int | None = None
    perplexity: float = 30.0
    seed: int = 1
    threads: int = dataclasses.field(default_factory=available_cpus)

    def __post_init__(self) -> None:
        """Refuse what can't be used, naming the option.

        Raises:
            UsageError: an option is of another type, or out of range.
        """
        _check_types(self)
        _require(
            LEAST_MAP_WORDS <= self.top <= MOST_MAP_WORDS,
            "top",
            self.top,
            f"from {LEAST_MAP_WORDS} to {MOST_MAP_WORDS}",
        )
        _require(
            1 <= self.neighbours <= MOST_MAP_NEIGHBOURS,
            "neighbours",
            self.neighbours,
            f"from 1 to {MOST_MAP_NEIGHBOURS}",
        )
        _require(
            self.clusters is None or 1 <= self.clusters <= MOST_MAP_CLUSTERS,
            "clusters",
            self.clusters,
            f"from 1 to {MOST_MAP_CLUSTERS}",
        )
        _require(
            1 < self.perplexity <= MOST_PERPLEXITY,
            "perplexity",
            self.perplexity,
            f"more than 1, and at most {MOST_PERPLEXITY}",
        )
        _require(0 <= self.seed < 2**63, "seed", self.seed, "from 0 to 2**63 - 1")
        _require(1 <= self.threads <= MOST_THREADS, "threads", self.threads, f"from 1 to {MOST_THREADS}")

    def clusters_for(self, words: int) -> int:
        """Return how many groups to colour among that many words."""
        return min(40, max(1, round(math.sqrt(words) / 2))) if self.clusters is None else self.clusters


def default(
    options: type[CorpusOptions]
    | type[VocabularyOptions]
    | type[PhraseOptions]
    | type[TrainingOptions]
    | type[RunOptions]
    | type[ClusterOptions]
    | type[MapOptions],
    name: str,
) -> object:
    """Return the default of one option, for the command line to declare and to show."""
    field = next(f for f in dataclasses.fields(options) if f.name == name)
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default
