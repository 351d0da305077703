"""The keyword arguments of the entry points, for type checkers; tests compare them with the options classes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from w2v.progress import Progress


class TextOptions(TypedDict, total=False):
    """The options that say how text becomes tokens; `w2v.options.CorpusOptions` explains each."""

    tokens: str
    lowercase: bool
    language: str | None
    sentence_unit: str
    encoding: str
    encoding_errors: str
    max_sentence: int | None
    include: str | Sequence[str]
    exclude: str | Sequence[str]
    work_dir: str | os.PathLike[str] | None
    threads: int


class Options(TextOptions, total=False):
    """The options of `w2v.train`.

    `w2v.options` explains each, with its default: `CorpusOptions`, `VocabularyOptions` and `TrainingOptions`.
    """

    min_count: int
    max_vocab: int | None
    model: str
    loss: str
    dim: int
    window: int
    window_mode: str
    negative: int
    ns_exponent: float
    epochs: int
    sample: float
    subsample_rule: str
    lr: float | None
    min_lr: float | None
    cbow_mean: bool
    cbow_gradient: str
    phrases: int
    seed: int


class ForeignOptions(TypedDict, total=False):
    """Other names of options of `w2v.train`, as gensim, fastText and word2vec.c have them; see `foreign_names`."""

    alpha: float
    cbow: int
    corpus_file: str | os.PathLike[str]
    epoch: int
    hs: int
    input: str | os.PathLike[str]
    iter: int
    max_final_vocab: int | None
    max_sentence_length: int
    maxn: int
    minCount: int
    min_alpha: float
    minn: int
    neg: int
    pretrainedVectors: str | os.PathLike[str]
    pretrained_vectors: str | os.PathLike[str]
    sg: int
    shrink_windows: bool
    size: int
    sorted_vocab: int
    t: float
    thread: int
    train: str | os.PathLike[str]
    vector_size: int
    wordNgrams: int
    word_ngrams: int
    workers: int
    ws: int


class TrainKeywords(Options, ForeignOptions, total=False):
    """All keyword arguments of `w2v.train` but `return_report`."""

    sentences: Iterable[Sequence[str]] | None
    read_vocab: str | os.PathLike[str] | None
    save_vocab: str | os.PathLike[str] | None
    init: str | os.PathLike[str] | None
    vocab_mode: str | None
    pretrained: str | os.PathLike[str] | None
    save_model: str | os.PathLike[str] | None
    save_every: float | None
    resume: bool | None
    yes: bool | None
    log: str | os.PathLike[str] | None
    progress: Progress | bool | None


class FindPhrasesOptions(TextOptions, total=False):
    """The options of `w2v.find_phrases`; `w2v.options.PhraseOptions` explains those that are not about the text."""

    score: str
    min_count: int
    threshold: float | None
    passes: int
    delimiter: str
    memory: int


class ForeignEvaluationNames(TypedDict, total=False):
    """What gensim calls `casefold` of an evaluation and, with the opposite value, `skip_unknown`."""

    case_insensitive: bool
    dummy4unknown: bool
