"""The entry points for Python: keyword arguments become options, and the library is imported when called."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypedDict

from w2v.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from typing_extensions import Unpack

    from w2v.corpus import Sources
    from w2v.options import CorpusOptions, TrainingOptions, VocabularyOptions
    from w2v.progress import Progress
    from w2v.vectors import Vectors


class Options(TypedDict, total=False):
    """The options of `train`, with the meaning and the defaults that w2v.options and `w2v train --help` explain."""

    tokens: str
    lowercase: bool
    encoding_errors: str
    max_sentence: int | None
    work_dir: str | os.PathLike[str] | None
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
    threads: int
    seed: int


def train(
    sources: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] | None = None,
    *,
    sentences: Iterable[Sequence[str]] | None = None,
    read_vocab: str | os.PathLike[str] | None = None,
    save_vocab: str | os.PathLike[str] | None = None,
    init: str | os.PathLike[str] | None = None,
    vocab_mode: str | None = None,
    pretrained: str | os.PathLike[str] | None = None,
    save_model: str | os.PathLike[str] | None = None,
    save_every: float | None = None,
    resume: bool | None = None,
    yes: bool | None = None,
    log: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    **options: Unpack[Options],
) -> Vectors:
    """Train word vectors on text: in files, or in memory as `sentences`; exactly one of the two is given.

    Each file it writes replaces an earlier one of its kind, so that a program can run again. Anything else that stands
    there is left as it is, and refused before the text is read: remove it first, or choose another name.

    Args:
        sources: a file or folder, or several of them in a list; "-" is standard input. Plain or compressed UTF-8.
        sentences: sentences, each a list of tokens. Gone through once, so a generator will do.
        read_vocab: file with the words and counts to use instead of those of the text.
        save_vocab: file to write words and counts to, before training starts.
        init: model file to train on; options that are not given are those of the model.
        vocab_mode: whether to "keep" the words of that model as they are, which is the default, or to "extend" them by
            those of the text.
        pretrained: vectors file to start from, in any format that `load` reads; words missing there start at random.
        save_model: file to write the model to, for `init` and `resume`: every `save_every` minutes, when training is
            interrupted, and at the end.
        save_every: minutes between; 0 is at the end only. The default is 10.
        resume: go on where the run that wrote `save_model` was interrupted; from the start if there is no such file.
        yes: train even if one epoch may take longer than a day, as with `loss="softmax"` and many words.
        log: file to write a line of JSON to now and then, with epoch, words, seconds, words_per_second, lr and loss.
        progress: is told where the work stands; see w2v.progress.Progress.
        options: every option of `w2v train`, such as dim=300, with underscores for dashes; see `Options`.

    Returns:
        The V words, most frequent first, with a (V, dim) float32 matrix. The same text and seed give the same matrix
        with threads=1.

    Raises:
        UsageError: there is no such option, a value is of another type or out of range, or no text is given.
        W2VError: anything else that keeps the text from becoming vectors. The message is one line and says what to do.

    Examples:
        >>> w2v.train("corpus.txt", dim=300, threads=4)  # doctest: +SKIP
        <Vectors: 57043 words x 300>
        >>> w2v.train(["one.txt", "two.txt.gz", "folder/"], tokens="words")  # doctest: +SKIP
        <Vectors: 71804 words x 100>
        >>> w2v.train(sentences=[["a", "rose", "is", "a", "rose"]], min_count=1, dim=10)
        <Vectors: 3 words x 10>
        >>> w2v.train("corpus.txt", save_model="corpus.model")  # doctest: +SKIP
        <Vectors: 57043 words x 100>
        >>> w2v.train("more.txt", init="corpus.model", vocab_mode="extend", epochs=3)  # doctest: +SKIP
        <Vectors: 61122 words x 100>
    """
    corpus, vocabulary, training = _options(dict(options))
    run: dict[str, Any] = {
        "init": _path("init", init), "vocab_mode": vocab_mode, "pretrained": _path("pretrained", pretrained),
        "save_model": _path("save_model", save_model), "save_every": save_every, "resume": resume,
        "yes": yes, "log": _path("log", log),
    }  # fmt: skip
    text = _sources(sources, sentences)
    from w2v.options import RunOptions
    from w2v.training import train_vectors

    return train_vectors(
        text,
        corpus=corpus,
        vocabulary=vocabulary,
        training=training,
        run=RunOptions(**{name: value for name, value in run.items() if value is not None}),
        given=options.keys(),
        read_vocab=_path("read_vocab", read_vocab),
        save_vocab=_path("save_vocab", save_vocab),
        progress=progress,
    ).vectors


def load(path: str | os.PathLike[str], *, cache: bool = True) -> Vectors:
    """Read vectors from a file: word2vec's text or binary, GloVe, fastText .vec, .npz, .safetensors, or a pair of .tsv.

    Args:
        path: the file; text and binary may be compressed.
        cache: of a large file, keep a copy in the user's cache folder, and from the second time on map that into memory
            instead of reading the file, as long as that has not changed. The matrix can be changed all the same.

    Raises:
        UsageError: `path` is no name of a file.
        VectorsError: there is no such file, or it is malformed; the text names the line.
        MissingExtraError: a package is missing to read this format or compression.

    Example:
        >>> w2v.load("vectors.txt").similar("king", n=1)  # doctest: +SKIP
        [Neighbour(word='queen', similarity=0.98)]
    """
    from w2v.vectors import Vectors

    return Vectors.load(path, cache=cache)


def _sources(
    sources: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] | None,
    sentences: Iterable[Sequence[str]] | None,
) -> Sources:
    if (sources is None) == (sentences is None):
        raise UsageError("give either files and folders, as in train('corpus.txt'), or train(sentences=...)")
    if sentences is not None:
        if isinstance(sentences, str | bytes | os.PathLike):
            raise UsageError("sentences must be lists of tokens, not a text; to name a file, write train('corpus.txt')")
        from w2v.corpus import Sentences

        return Sentences(sentences)
    if isinstance(sources, str | os.PathLike):
        return [sources]
    if isinstance(sources, Sequence) and all(isinstance(source, str | os.PathLike) for source in sources):
        return sources
    raise UsageError("sources must be names of files and folders; for text in memory, write train(sentences=...)")


def _options(given: dict[str, Any]) -> tuple[CorpusOptions, VocabularyOptions, TrainingOptions]:
    """Return the options as the objects that take them; `threads` is for two of them.

    Raises:
        UsageError: there is no such option, or a value is of another type or out of range.
    """
    import dataclasses

    from w2v.options import CorpusOptions, TrainingOptions, VocabularyOptions

    owners = (CorpusOptions, VocabularyOptions, TrainingOptions)
    fields = [{field.name for field in dataclasses.fields(owner)} for owner in owners]
    known = sorted(set().union(*fields))
    for name in given.keys() - set(known):
        from difflib import get_close_matches

        close = get_close_matches(name, known, n=1)
        raise UsageError(
            f"no such option {name}; " + (f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}")
        )
    if "work_dir" in given:
        given["work_dir"] = _path("work_dir", given["work_dir"])
    corpus, vocabulary, training = ({name: value for name, value in given.items() if name in names} for names in fields)
    return CorpusOptions(**corpus), VocabularyOptions(**vocabulary), TrainingOptions(**training)


def _path(name: str, given: object) -> Path | None:
    from w2v.files import as_path

    return None if given is None else as_path(name, given)
