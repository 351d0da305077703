"""Options for training."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

from w2v.options.checks import MOST_COUNT, require, require_at_least, require_between, require_choice, require_seed
from w2v.options.fields import check_types
from w2v.options.output_layers import OUTPUT_LAYERS
from w2v.options.phrases import MOST_PASSES
from w2v.options.threads import MOST_THREADS, available_cpus

MODELS = ("skipgram", "cbow")
LOSSES = tuple(OUTPUT_LAYERS)
WHOLE = "whole"  # window: the sentence
WINDOW_MODES = ("soft", "full", WHOLE)
SUBSAMPLE_RULES = ("word2vec", "paper")
CBOW_GRADIENTS = ("mean", "word2vec")
DEFAULT_LR = {"skipgram": 0.03, "cbow": 0.1}
DEFAULT_WIDE_LR = 0.025  # for skip-gram with more than WIDE_DIM dimensions; at 0.03, 300 lose a point of analogies
WIDE_DIM = 200
DEFAULT_SUM_LR = 0.05  # for CBOW's sum, which is longer than the mean; it diverges at 0.1
FINAL_LR_SHARE = 1e-4  # of the first learning rate, as in word2vec.c
STRETCH = 60  # center words that are planned together; a multiple of every output layer's group

# Far beyond use. Without these limits a value could take all memory, or leave the range of float32.
MOST_WINDOW = 1_000_000
MOST_NEGATIVE = 10_000
MOST_WHOLE = 1000  # tokens of a sentence that is a context as a whole, unless `max_sentence` says otherwise
MOST_REPLICAS = 256
MOST_MERGE_EVERY = 60_000
MOST_LR = 1_000_000
MOST_NS_EXPONENT = 1000


@dataclass(frozen=True)
class TrainingOptions:
    """What is trained, and how.

    Attributes:
        model: `skipgram` or `cbow`.
        loss: training objective: `ns` is negative sampling, `hs` hierarchical softmax, `softmax` the exact softmax over
            all words.
        dim: number of dimensions of the vectors.
        window: greatest distance between a center word and its context words.
        window_mode: `soft` draws the window of each center word from 1..window, `full` always uses window, and `whole`
            makes all other words of the sentence the context, in any order; it is the default for baskets.
        negative: number of negative samples for each window, with negative sampling.
        ns_exponent: negative samples are drawn with probability proportional to count ** ns_exponent.
        epochs: passes over the text.
        sample: subsampling threshold for frequent words; 0 keeps every token.
        subsample_rule: formula for subsampling: that of `word2vec` or that of the `paper`.
        lr: learning rate at the start; it falls linearly. None is the default of the model and dim.
        min_lr: learning rate at the end. None is FINAL_LR_SHARE of the one at the start.
        cbow_mean: CBOW predicts from the mean of the context; False uses the sum.
        cbow_gradient: `mean` divides the gradient by the number of context words, as the derivative of the mean does;
            `word2vec` does not, like word2vec.c and gensim.
        phrases: passes over the text that join words into phrases before words are counted; 0 joins none.
        threads: number of threads.
        deterministic: whether the result is the same with any number of threads: replicas of the model train blocks in
            rounds, and are merged after each.
        replicas: how many replicas train at the same time, and so the most threads that have work; for `deterministic`.
        merge_every: center words that each replica trains between two merges, a multiple of STRETCH; for
            `deterministic`. On a cluster, CLUSTER_MERGE_EVERY unless given.
        seed: random seed.
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
    deterministic: bool = False
    replicas: int = 8
    merge_every: int = 120
    seed: int = 1

    def __post_init__(self) -> None:
        """Check all values.

        Raises:
            UsageError: a value has another type, or is out of range.
        """
        check_types(self)
        require_choice("model", self.model, MODELS)
        require_choice("loss", self.loss, LOSSES)
        require_choice("window_mode", self.window_mode, WINDOW_MODES)
        require_choice("subsample_rule", self.subsample_rule, SUBSAMPLE_RULES)
        require_choice("cbow_gradient", self.cbow_gradient, CBOW_GRADIENTS)
        require_at_least("dim", self.dim, 1, MOST_COUNT)  # the memory sets the limit
        require_at_least("window", self.window, 1, MOST_WINDOW)
        require_at_least("epochs", self.epochs, 1)
        require_at_least("threads", self.threads, 1, MOST_THREADS)
        require_between("replicas", self.replicas, 1, MOST_REPLICAS)
        require_between("merge_every", self.merge_every, STRETCH, MOST_MERGE_EVERY)
        require(self.merge_every % STRETCH == 0, "merge_every", self.merge_every, f"a multiple of {STRETCH}")
        least = 1 if OUTPUT_LAYERS[self.loss].draws_negatives else 0
        require(self.negative >= least, "negative", self.negative, f"at least {least} with `loss={self.loss}`")
        require_at_least("negative", self.negative, least, MOST_NEGATIVE)
        require(self.lr is None or not self.lr > MOST_LR, "lr", self.lr, f"at most {MOST_LR}")
        require(math.isfinite(self.sample) and self.sample >= 0, "sample", self.sample, "0 or more")
        require_between("ns_exponent", self.ns_exponent, -MOST_NS_EXPONENT, MOST_NS_EXPONENT)
        require(self.lr is None or self.lr > 0, "lr", self.lr, "more than 0")
        if self.min_lr is not None:
            rule = f"from 0 to the learning rate at the start, {self.initial_lr:g}"
            require(0 <= self.min_lr <= self.initial_lr, "min_lr", self.min_lr, rule)
        require_between("phrases", self.phrases, 0, MOST_PASSES)
        require_seed(self.seed)

    @property
    def objective(self) -> str:
        """What the loss measures, such as "skipgram ns 5" with 5 negatives: only losses of the same one compare."""
        negative = f" {self.negative}" if OUTPUT_LAYERS[self.loss].draws_negatives else ""
        return f"{self.model} {self.loss}{negative}"

    @property
    def initial_lr(self) -> float:
        """The learning rate at the start: `lr`, or the default of the model and dim."""
        if self.lr is not None:
            return self.lr
        if self.model == "cbow" and not self.cbow_mean:
            return DEFAULT_SUM_LR
        return DEFAULT_WIDE_LR if self.model == "skipgram" and self.dim > WIDE_DIM else DEFAULT_LR[self.model]

    @property
    def final_lr(self) -> float:
        """The learning rate at the end: `min_lr`, or a share of the one at the start."""
        return FINAL_LR_SHARE * self.initial_lr if self.min_lr is None else self.min_lr
