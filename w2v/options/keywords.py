"""The keyword arguments of the entry points, for type checkers; tests compare them with the options classes."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from w2v.progress import Progress


class TextOptions(TypedDict, total=False):
    """The options that say how text becomes tokens; `w2v.options.CorpusOptions` explains each."""

    tokens: str
    lowercase: bool
    strip_accents: bool
    numbers: str
    stopwords: str | os.PathLike[str] | Collection[str] | None
    min_token_length: int
    dedup: bool
    language: str | None
    sentence_unit: str
    encoding: str
    encoding_errors: str
    max_sentence: int | None
    text_format: str
    field: str | Sequence[str]
    element: str | Sequence[str]
    take: str
    skip_bad_records: bool
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
    deterministic: bool
    replicas: int
    merge_every: int
    seed: int


class ForeignOptions(TypedDict, total=False):
    """Other names of options of `w2v.train`, as gensim, fastText and word2vec.c have them; see `foreign_names`.

    Some change nothing here, and are accepted so that old code runs.
    """

    alpha: float
    batch_words: int
    bucket: int
    callbacks: Sequence[object]
    cbow: int
    comment: str | None
    compatible_hash: bool
    compute_loss: bool
    corpus_file: str | os.PathLike[str]
    corpus_iterable: Iterable[Sequence[str]]
    end_alpha: float
    epoch: int
    hashfxn: object
    hs: int
    input: str | os.PathLike[str]
    iter: int
    keep_raw_vocab: bool
    label: str
    lrUpdateRate: int
    max_final_vocab: int | None
    max_n: int
    max_sentence_length: int
    max_vocab_size: int | None
    maxn: int
    minCount: int
    minCountLabel: int
    min_alpha: float
    min_n: int
    minn: int
    neg: int
    null_word: int
    pretrainedVectors: str | os.PathLike[str]
    pretrained_vectors: str | os.PathLike[str]
    progress_per: int
    queue_factor: int
    report_delay: float
    sg: int
    shrink_windows: bool
    size: int
    sorted_vocab: int
    start_alpha: float
    t: float
    thread: int
    total_examples: int | None
    total_words: int | None
    train: str | os.PathLike[str]
    trim_rule: object
    update: bool
    vector_size: int
    verbose: int
    wordNgrams: int
    word_count: int
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
    cluster: str | None
    progress: Progress | bool | None


class FindPhrasesOptions(TextOptions, total=False):
    """The options of `w2v.find_phrases`; `w2v.options.PhraseOptions` explains those that are not about the text."""

    score: str
    min_count: int
    threshold: float | None
    passes: int
    delimiter: str
    memory: int


class WalkKeywords(TypedDict, total=False):
    """The options of `w2v.walks`; `w2v.options.WalkOptions` explains each."""

    walk_length: int
    walks_per_node: int
    p: float
    q: float
    directed: bool
    unweighted: bool
    threads: int
    seed: int


class ForeignEvaluationNames(TypedDict, total=False):
    """Other names of arguments of evaluations, as gensim has them; see `foreign_names`."""

    case_insensitive: bool
    delimiter: str
    dummy4unknown: bool
    similarity_function: str


class ForeignLoadNames(TypedDict, total=False):
    """Other names of arguments of `load`, as gensim has them; `binary` and `no_header` are ignored."""

    binary: bool
    no_header: bool
    unicode_errors: str
