"""The entry points for Python: keyword arguments become options, and the library is imported when called."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast, overload

from w2v.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from _typeshed import DataclassInstance
    from typing_extensions import Unpack

    from w2v.clusters import WordClusters
    from w2v.corpus import Source, Sources
    from w2v.graphs import Walks
    from w2v.options.keywords import FindPhrasesOptions, TrainKeywords, WalkKeywords
    from w2v.phrases import Phrases
    from w2v.progress import Progress
    from w2v.training import Report
    from w2v.vectors import Vectors

    OptionsT = TypeVar("OptionsT", bound=DataclassInstance)
    Text = str | os.PathLike[str] | Source | Sequence[str | os.PathLike[str] | Source]


@overload
def train(
    sources: Text | None = None, *, return_report: Literal[False] = False, **keywords: Unpack[TrainKeywords]
) -> Vectors: ...
@overload
def train(
    sources: Text | None = None, *, return_report: Literal[True], **keywords: Unpack[TrainKeywords]
) -> tuple[Vectors, Report]: ...
def train(
    sources: Text | None = None,
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
    cluster: str | None = None,
    progress: Progress | bool | None = None,
    return_report: bool = False,
    **options: Any,
) -> Vectors | tuple[Vectors, Report]:
    """Train word vectors on text: either `sources`, such as files, or `sentences` in memory.

    Each output file replaces an earlier one of the same kind, so that a program can run again. A file that holds
    anything else is an error, raised before the text is read: remove it first, or choose another name.

    Args:
        sources: a file, a folder or a ZIP archive of texts, or a list of them; "-" is standard input. A pattern such as
            `texts/*.txt` stands for files, `@files.txt` for those named in a file, and an address such as
            `s3://bucket/a.txt` for a file elsewhere. Plain or compressed text, UTF-8 unless `encoding` names another.
            Text from anywhere else can come as a w2v.corpus.Source.
        sentences: sentences, each a list of tokens or of whole numbers. They are read once, so a generator will do.
            A column of pandas, polars, pyarrow or Hugging Face datasets may also hold texts, which become tokens as
            those of files do. With `text_format="baskets"`, each may be a set, and white space inside an item becomes
            `_`.
        read_vocab: file with words and counts to use instead of those of the text.
        save_vocab: file to write words and counts to, before training starts.
        init: model file to continue from; options that are not given are those of the model.
        vocab_mode: "keep" trains the words of that model only, the default; "extend" adds the words of the text.
        pretrained: vectors file to start from, in any format that `load` reads; words missing there start at random.
        save_model: file to write the model to, for `init` and `resume`: every `save_every` minutes, when training is
            interrupted, and at the end.
        save_every: minutes between two writings; 0 writes at the end only. The default is 10.
        resume: resume the interrupted run that wrote `save_model`; if there is no such file, start from the beginning.
        yes: train even if an epoch may take longer than a day, as with loss="softmax" and many words, or if memory may
            not suffice.
        log: file to write lines of JSON to while training, with epoch, words, seconds, words_per_second, lr and loss.
        cluster: address of a Dask scheduler whose workers train, or the name of its scheduler file; "local" starts a
            worker on this machine for each of `threads`. A script that uses it needs `if __name__ == "__main__":`.
        progress: True for a bar, in a terminal or a notebook; or a w2v.progress.Progress. Silent by default.
        return_report: return the vectors and a w2v.training.Report: the loss of each epoch, words, seconds, speed.
        options: every option of `w2v train`, such as dim=300; `w2v.Options` lists them, and `w2v.options` explains
            them. The names that gensim, fastText and word2vec.c have for them work too, such as vector_size=300 or
            sg=1.

    Returns:
        The V words, most frequent first, with a (V, dim) float32 matrix; and the report, if asked for. The same text
        and seed give the same matrix with threads=1 or deterministic=True.

    Raises:
        UsageError: there is no such option, a value has another type or is out of range, or no text is given.
        OutputError: the model can't be saved at the end; then the error has the vectors as its `vectors`.
        W2VError: anything else that prevents training. The message is one line and says what to do.

    Examples:
        >>> import w2v
        >>> sentences = [["the", "king", "rules"], ["the", "queen", "rules"]] * 50
        >>> w2v.train(sentences=sentences, dim=10)
        <Vectors: 4 words x 10>
        >>> w2v.train(sentences=sentences, vector_size=10, sg=0, workers=1, iter=1)  # gensim's names
        <Vectors: 4 words x 10>
        >>> w2v.train("corpus.txt", dim=300, threads=4)  # doctest: +SKIP
        <Vectors: 57043 words x 300>
        >>> w2v.train(["one.txt", "two.txt.gz", "folder/"], tokens="words")  # doctest: +SKIP
        <Vectors: 71804 words x 100>
        >>> w2v.train("corpus.txt", save_model="corpus.model")  # doctest: +SKIP
        <Vectors: 57043 words x 100>
        >>> w2v.train("more.txt", init="corpus.model", vocab_mode="extend", epochs=3)  # doctest: +SKIP
        <Vectors: 61122 words x 100>
    """
    given: dict[str, Any] = {
        "sources": sources, "sentences": sentences, "read_vocab": read_vocab, "save_vocab": save_vocab, "init": init,
        "vocab_mode": vocab_mode, "pretrained": pretrained, "save_model": save_model, "save_every": save_every,
        "resume": resume, "yes": yes, "log": log, "cluster": cluster, "progress": progress,
        "return_report": return_report,
    }  # fmt: skip
    run_names = ("init", "vocab_mode", "pretrained", "save_model", "save_every", "resume", "yes", "log", "cluster")
    notes: list[str] = []
    options = _ours(options, given, note=notes.append)
    from w2v.options import CorpusOptions, RunOptions, TrainingOptions, VocabularyOptions
    from w2v.options.checks import require_bool
    from w2v.options.text_formats import BASKETS
    from w2v.tqdm_progress import listener

    require_bool("return_report", return_report)
    corpus, vocabulary, training = _built((CorpusOptions, VocabularyOptions, TrainingOptions), options)
    (run,) = _built((RunOptions,), {name: given[name] for name in run_names if given[name] is not None})
    text = _text(given["sources"], given["sentences"], are_baskets=corpus.text_format == BASKETS)
    shown_to = listener(given["progress"])
    for note in notes:
        shown_to.note(note)
    files = {name: _path(name, given[name]) for name in ("read_vocab", "save_vocab")}
    from w2v.machines import train_where

    trained = train_where(
        text, corpus=corpus, vocabulary=vocabulary, training=training, run=run, given=options.keys(),
        progress=shown_to, **files,
    )  # fmt: skip
    if trained.failure is not None:
        trained.failure.vectors = trained.vectors
        raise trained.failure
    return (trained.vectors, trained.report) if return_report else trained.vectors


def find_phrases(
    sources: Text | None = None,
    *,
    sentences: Iterable[Sequence[str]] | None = None,
    connector_words: str | os.PathLike[str] | Iterable[str] | None = None,
    progress: Progress | bool | None = None,
    **options: Unpack[FindPhrasesOptions],
) -> Phrases:
    """Find words that belong together in a text, such as new york.

    Args:
        sources: files, folders and other sources, as for `train`.
        sentences: sentences in memory instead, each a list of tokens.
        connector_words: words that may stand inside a phrase, as in bank_of_america: a list, the name of a file of
            words, or "english" for a built-in list.
        progress: True for a bar, in a terminal or a notebook; or a w2v.progress.Progress.
        options: those of `w2v phrases`, such as min_count=10; `w2v.options.PhraseOptions` and
            `w2v.options.CorpusOptions` explain them.

    Returns:
        The phrases, the best first. Their `join` joins the tokens of a sentence, and `save` writes a table.

    Raises:
        UsageError: there is no such option, a value has another type or is out of range, or no text is given.
        W2VError: the text can't be read.

    Example:
        >>> import w2v
        >>> sentences = [["she", "likes", "new", "york"], ["new", "york", "likes", "her"], ["she", "likes", "her"]] * 50
        >>> phrases = w2v.find_phrases(sentences=sentences, threshold=4)
        >>> [phrase.token for phrase in phrases], phrases.join(["new", "york", "is", "new"])
        (['new_york'], ['new_york', 'is', 'new'])
    """
    given: dict[str, Any] = {
        "sources": sources, "sentences": sentences, "connector_words": connector_words, "progress": progress,
    }  # fmt: skip
    from w2v.options import CorpusOptions, PhraseOptions
    from w2v.options.text_formats import BASKETS
    from w2v.tqdm_progress import listener

    notes: list[str] = []
    owners = (CorpusOptions, PhraseOptions)
    corpus, chosen = _built(owners, _ours(dict(options), given, owners, notes.append))
    text = _text(given["sources"], given["sentences"], are_baskets=corpus.text_format == BASKETS)
    shown_to = listener(given["progress"])
    for note in notes:
        shown_to.note(note)
    from w2v.phrases import NumberedText, find_in

    with NumberedText.read_from(text, corpus, _connectors(given["connector_words"]), shown_to) as numbered:
        return find_in(numbered, chosen, shown_to, join_last=False)


def walks(
    sources: Text | None = None,
    *,
    edges: Iterable[Sequence[object]] | None = None,
    progress: Progress | bool | None = None,
    **options: Unpack[WalkKeywords],
) -> Walks:
    """Read a graph, and return random walks on it as node2vec makes them: text for `train`.

    Args:
        sources: an edge list, or several: lines of `from to` or `from to weight`, as for `w2v walks`. The weights of
            edges that are listed twice add up.
        edges: edges in memory instead: pairs of nodes, or pairs and a weight of more than 0, such as
            `graph.edges(data="weight")` of networkx. They are read once, so a generator will do.
        progress: True for a bar, in a terminal or a notebook; or a w2v.progress.Progress.
        options: those of `w2v walks`, such as p=0.5; `w2v.options.WalkOptions` explains them.

    Returns:
        The walks. `train` takes them as its `sources`; iterating over them gives lists of names, and their `write`
        writes a line for each.

    Raises:
        UsageError: there is no such option, a value has another type or is out of range, or no edges are given.
        W2VError: the edges can't be read; the message names file and line.

    Example:
        >>> import w2v
        >>> walks = w2v.walks(edges=[("ann", "bob"), ("bob", "cem"), ("cem", "ann", 2.5)], p=0.5, seed=7)
        >>> walks
        <Walks: 30 on 3 nodes and 3 edges>
        >>> w2v.train(walks, dim=10)
        <Vectors: 3 words x 10>
    """
    from w2v.options import WalkOptions
    from w2v.tqdm_progress import listener

    given: dict[str, Any] = {"sources": sources, "edges": edges, "progress": progress}
    (chosen,) = _built((WalkOptions,), _ours(dict(options), given, (WalkOptions,)))
    if (sources is None) == (edges is None):
        raise UsageError("give either files as `sources`, or pairs of nodes as `edges`")
    from w2v.graphs import EdgesInMemory, Walks, WeightedGraph

    if edges is None:
        text = _text(sources, None)
    elif isinstance(edges, str | bytes | dict) or not isinstance(edges, Iterable):
        from w2v.options.checks import shown

        raise UsageError(f"`edges` must be pairs of nodes, not {shown(edges)}")
    else:
        text = EdgesInMemory(edges)
    return Walks(WeightedGraph.read(text, chosen, listener(given["progress"])), chosen)


def cluster(
    vectors: Vectors,
    clusters: int | None = None,
    *,
    seed: int | None = None,
    progress: Progress | bool | None = None,
) -> WordClusters:
    """Group words of similar meaning by spherical k-means.

    Args:
        vectors: the words and their vectors; `vectors.top(10_000)` groups only the most frequent.
        clusters: how many groups to make; None is the square root of the number of words.
        seed: random seed; the same seed gives the same groups.
        progress: True for a bar, in a terminal or a notebook; or a w2v.progress.Progress.

    Raises:
        UsageError: there are fewer words than groups, or an argument has another type.
        MissingExtraError: scikit-learn is not installed.

    Example:
        >>> import w2v
        >>> vectors = w2v.Vectors(["king", "queen", "apple"], [[1, 0.1], [1, 0.2], [0, 1]])
        >>> groups = w2v.cluster(vectors, 2)
        >>> list(groups), groups.label("apple")
        ([['king', 'queen'], ['apple']], 1)
    """
    from w2v.clusters import WordClusters, cluster_rows
    from w2v.options import ClusterOptions
    from w2v.options.checks import shown
    from w2v.tqdm_progress import listener
    from w2v.vectors import Vectors

    if not isinstance(vectors, Vectors):
        raise UsageError(f"`vectors` must be Vectors, such as w2v.load returns, not {shown(vectors)}")
    options = ClusterOptions(clusters) if seed is None else ClusterOptions(clusters, seed)
    return WordClusters(vectors, cluster_rows(vectors.matrix, options, progress=listener(progress)))


def _text(sources: object, sentences: object, *, are_baskets: bool = False) -> Sources:
    """Return the text to read.

    Raises:
        UsageError: there is none, or one of another type.
        CorpusError: the sources are text instead of names.
    """
    if (sources is None) == (sentences is None):
        raise UsageError("give either files and folders as `sources`, or lists of tokens as `sentences`")
    if sentences is not None:
        return _in_memory(sentences, are_baskets=are_baskets)
    from w2v.corpus import Source
    from w2v.options.checks import shown

    single = isinstance(sources, str | bytes) or not isinstance(sources, Sequence)
    listed: list[Any] = [sources] if single else [*cast("Sequence[object]", sources)]
    for source in listed:
        if not isinstance(source, str | os.PathLike | Source):
            raise UsageError(
                f"`sources` must be names of files and folders, not {shown(source)}; pass text in memory as"
                " `sentences`, lists of tokens"
            )
    _require_names(listed)
    return listed


def _in_memory(sentences: object, *, are_baskets: bool) -> Sources:
    """Return sentences as a source.

    Raises:
        UsageError: they are no iterable of lists of tokens, or an iterator at its end.
    """
    from w2v.corpus import Sentences, Source
    from w2v.corpus.table_columns import table_complaint
    from w2v.options.checks import shown

    if isinstance(sentences, Source):  # such as walks on a graph
        return sentences
    if isinstance(sentences, str) and any(map(str.isspace, sentences)) and not _may_be_named(sentences):
        raise UsageError(
            "`sentences` must be lists of tokens, not one text; split it: sentences=[line.split() for line in lines]"
        )
    if isinstance(sentences, str | bytes | os.PathLike):
        raise UsageError("`sentences` must be lists of tokens; pass the names of files as `sources`")
    if (complaint := table_complaint(sentences)) is not None:
        raise UsageError(f"`sentences` {complaint}")
    if not isinstance(sentences, Iterable) or isinstance(sentences, dict):
        raise UsageError(f"`sentences` must be lists of tokens, not {shown(sentences)} ({type(sentences).__name__})")
    if not isinstance(sentences, Iterator):
        return Sentences(sentences, are_baskets)
    from itertools import chain

    for first in sentences:
        return Sentences(chain([first], sentences), are_baskets)
    raise UsageError("`sentences` is an iterator that is used up; make a new one")


def _require_names(sources: list[Any]) -> None:
    """Refuse text where names of files belong, which is easily confused.

    Raises:
        CorpusError: there is no such file, and it looks like text.
    """
    names = [source for source in sources if isinstance(source, str)]
    missing = [name for name in names if not _may_be_named(name)]
    are_tokens = len(names) == len(missing) > 1 and not any(set(name) & {".", "/", os.sep} for name in names)
    text = next((name for name in missing if any(map(str.isspace, name.strip())) or are_tokens), None)
    if text is not None:
        from w2v.errors import CorpusError
        from w2v.options.checks import shown

        raise CorpusError(
            f"there is no file or folder {shown(text)}; if it is text, pass lists of tokens:"
            " sentences=[line.split() for line in lines]"
        )


def _may_be_named(name: str) -> bool:
    """Say whether a name is one of a file or folder, or of something else that w2v knows."""
    try:
        return not name or name == "-" or "://" in name or os.path.lexists(name)
    except ValueError:  # a zero byte
        return False


def _ours(
    written: dict[str, Any],
    given: dict[str, Any],
    owners: tuple[type[DataclassInstance], ...] | None = None,
    note: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Return the options under our names; what is an argument of its own goes to `given`.

    Args:
        written: options as the caller wrote them.
        given: the other arguments; changed.
        owners: the classes whose fields are options; None for those of training.
        note: receives a line about options of other tools that change nothing here.

    Raises:
        UsageError: there is no such option, or it is given twice.
    """
    import dataclasses

    from w2v.options import CorpusOptions, TrainingOptions, VocabularyOptions
    from w2v.options.foreign_names import translated

    owners = owners or (CorpusOptions, VocabularyOptions, TrainingOptions)
    fields = {field.name for owner in owners for field in dataclasses.fields(owner)}
    options = translated(written, frozenset(fields | given.keys()), note)
    for name in given.keys() & options.keys():
        if given[name] is not None:
            raise UsageError(f"`{name}` is given twice, once under another name; leave out one of them")
        given[name] = options.pop(name)
    return options


def _built(owners: Sequence[type[OptionsT]], given: dict[str, Any]) -> list[Any]:
    """Return an object of each options class with the values that are its fields.

    Raises:
        UsageError: a value has another type or is out of range.
    """
    import dataclasses

    built = []
    for owner in owners:
        fields = {field.name: str(field.type) for field in dataclasses.fields(owner) if field.name in given}
        paths = {name for name, kind in fields.items() if kind.startswith("Path")}
        built.append(owner(**{name: _path(name, given[name]) if name in paths else given[name] for name in fields}))
    return built


def _connectors(words: object) -> frozenset[str]:
    """Return connector words: given in a list, in a file, or those for English.

    Raises:
        UsageError: they are none of these.
        PhraseError: the file can't be read.
    """
    from w2v.phrases import load_connector_words
    from w2v.vectors.arguments import word_list

    if isinstance(words, str | os.PathLike):
        return load_connector_words(os.fspath(words))
    return frozenset(() if words is None else word_list(words, "connector_words"))


def _path(name: str, given: object) -> Path | None:
    from w2v.options.checks import as_path

    return None if given is None else as_path(name, given)
