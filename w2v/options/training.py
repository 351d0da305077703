"""What is trained, and how."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

from w2v.options.checks import require, require_between, require_choice, require_seed
from w2v.options.fields import check_types
from w2v.options.output_layers import OUTPUT_LAYERS
from w2v.options.phrases import MOST_PASSES
from w2v.options.threads import MOST_THREADS, available_cpus

MODELS = ("skipgram", "cbow")
LOSSES = tuple(OUTPUT_LAYERS)
WINDOW_MODES = ("soft", "full")
SUBSAMPLE_RULES = ("word2vec", "paper")
CBOW_GRADIENTS = ("mean", "word2vec")
DEFAULT_LR = {"skipgram": 0.03, "cbow": 0.1}
DEFAULT_WIDE_LR = 0.025  # of skip-gram with more than WIDE_DIM values; at 0.03, 300 of them lose a point of analogies
WIDE_DIM = 200
DEFAULT_SUM_LR = 0.05  # of CBOW's sum, which is longer than the mean; at 0.1 it diverges
FINAL_LR_SHARE = 1e-4  # of the first learning rate, as in word2vec.c

# Far beyond use, but each could otherwise take all memory, or leave the range of a float32, before anything is checked.
MOST_WINDOW = 1_000_000
MOST_LR = 1_000_000
MOST_NS_EXPONENT = 1000


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
        lr: learning rate at the start; it falls linearly. None is the default of the model and dim.
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
        check_types(self)
        require_choice("model", self.model, MODELS)
        require_choice("loss", self.loss, LOSSES)
        require_choice("window_mode", self.window_mode, WINDOW_MODES)
        require_choice("subsample_rule", self.subsample_rule, SUBSAMPLE_RULES)
        require_choice("cbow_gradient", self.cbow_gradient, CBOW_GRADIENTS)
        for name in ("dim", "window", "epochs", "threads"):
            require(getattr(self, name) >= 1, name, getattr(self, name), "at least 1")
        least = 1 if self.loss == "ns" else 0
        require(self.negative >= least, "negative", self.negative, f"at least {least} with `loss={self.loss}`")
        for name, most in (("threads", MOST_THREADS), ("window", MOST_WINDOW), ("lr", MOST_LR)):
            value = getattr(self, name)
            require(value is None or not value > most, name, value, f"at most {most}")
        require(math.isfinite(self.sample) and self.sample >= 0, "sample", self.sample, "0 or more")
        require_between("ns_exponent", self.ns_exponent, -MOST_NS_EXPONENT, MOST_NS_EXPONENT)
        require(self.lr is None or self.lr > 0, "lr", self.lr, "more than 0")
        if self.min_lr is not None:
            rule = f"from 0 to the learning rate at the start, {self.initial_lr:g}"
            require(0 <= self.min_lr <= self.initial_lr, "min_lr", self.min_lr, rule)
        require_between("phrases", self.phrases, 0, MOST_PASSES)
        require_seed(self.seed)

    @property
    def initial_lr(self) -> float:
        """The learning rate at the start: `lr`, or the default of the model and the length of its vectors."""
        if self.lr is not None:
            return self.lr
        if self.model == "cbow" and not self.cbow_mean:
            return DEFAULT_SUM_LR
        return DEFAULT_WIDE_LR if self.model == "skipgram" and self.dim > WIDE_DIM else DEFAULT_LR[self.model]

    @property
    def final_lr(self) -> float:
        """The learning rate at the end: `min_lr`, or a share of the one at the start."""
        return FINAL_LR_SHARE * self.initial_lr if self.min_lr is None else self.min_lr
