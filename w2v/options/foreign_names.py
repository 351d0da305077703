"""Foreign names of options: what word2vec.c, fastText, gensim, GloVe and others call them, and their values.

The Python API and the command line read these tables. A name is spelled in the manner of Python, as `snake` spells
`--min-count`, `-minCount` and `min_count`. An option with the same name and meaning as ours needs no entry. Old scripts
should run: what would change nothing here is accepted with a note, and only what would change the result is refused.

Sources: word2vec.c, word2phrase.c, pWord2Vec, GloVe, koan and fastText 0.9 list their options when run without any; the
signatures of gensim 3 and 4 and of fastText's Python module; gensim.scripts.word2vec_standalone; `spacy init vectors`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from w2v.errors import UsageError
from w2v.options.checks import shown


class Converted(NamedTuple):
    """Another tool's option whose value is not passed on as it is.

    Attributes:
        option: our option that it sets.
        values: our value for each of theirs, in lower case; None keeps our default, which does the same.
        advice: what to do about any other value.
    """

    option: str
    values: dict[str, str | bool | None]
    advice: str


class Absent(NamedTuple):
    """An option of another tool or another command that has no counterpart here.

    Attributes:
        option: our option that it is closest to; a command without that one doesn't know this one either.
        advice: what to do instead.
    """

    option: str
    advice: str


class Needless(NamedTuple):
    """Another tool's option that would change nothing here, whatever its value: it is accepted, with a note.

    Attributes:
        option: our option that it is closest to; a command without that one doesn't know this one either.
        reason: why it changes nothing.
        unsaid: values, in lower case, that need no note, since the other tool does the same without the option.
        is_flag: whether no value needs to follow it on a command line.
    """

    option: str
    reason: str
    unsaid: tuple[str, ...] = ()
    is_flag: bool = False


def _flag(option: str, when_0: str | bool | None, when_1: str | bool | None, advice: str) -> Converted:
    return Converted(option, {"0": when_0, "1": when_1, "false": when_0, "true": when_1}, advice)


def _only(value: str, option: str, advice: str) -> Converted:
    return Converted(option, {value: None}, advice)


RENAMED = {
    "text_column": "field",  # as w2v 0.3.0 called it for encode, classify and similar
    "size": "dim",
    "vector_size": "dim",
    "ws": "window",
    "neg": "negative",
    "iter": "epochs",
    "epoch": "epochs",
    "alpha": "lr",
    "min_alpha": "min_lr",
    "max_sentence_length": "max_sentence",
    "t": "sample",
    "thread": "threads",
    "workers": "threads",
    "max_final_vocab": "max_vocab",
    "common_terms": "connector_words",
    "pretrained_vectors": "pretrained",
    "case_insensitive": "casefold",
    # gensim's build_vocab and train
    "corpus_iterable": "sentences",
    "start_alpha": "lr",
    "end_alpha": "min_lr",
    "topn": "count",
    # GloVe
    "window_size": "window",
    "vocab_file": "read_vocab",
    "save_file": "output",
    # koan
    "context_size": "window",
    "negatives": "negative",
    "learning_rate": "lr",
    "min_learning_rate": "min_lr",
    "downsample_threshold": "sample",
    # gensim's load_word2vec_format and `spacy init vectors`
    "limit": "top",
    "truncate": "top",
    "unicode_errors": "encoding_errors",
}

# The text itself, which has no option here: the first argument of `train`, the positional arguments of a command.
TEXT = frozenset({"train", "input", "sentences", "corpus_file", "files"})

_VERBOSITY: dict[str, str | bool | None] = {"0": True, "false": True} | dict.fromkeys(["true", *"123456789"])
_NO_SUBWORDS = "subwords are not supported; leave it out"
_FOR_CLASSIFIERS = "it is for classifiers, see 'w2v classify train'"

CONVERTED = {
    "cbow": _flag("model", "skipgram", "cbow", "use `model=cbow` or `model=skipgram`"),
    "sg": _flag("model", "cbow", "skipgram", "use `model=cbow` or `model=skipgram`"),
    "hs": _flag("loss", None, "hs", "use `loss=hs` or `loss=ns`"),
    "cbow_mean": _flag("cbow_mean", False, True, "use 1 for the mean, or 0 for the sum"),
    "shrink_windows": _flag("window_mode", "full", "soft", "use `window_mode=full` or `window_mode=soft`"),
    "dummy4unknown": _flag("skip_unknown", True, False, "use `skip_unknown=True` or `skip_unknown=False`"),
    "scoring": Converted("score", {"default": "gensim", "npmi": "npmi"}, "use `score=gensim` or `score=npmi`"),
    "debug": Converted("quiet", _VERBOSITY, "use `quiet`, or leave it out"),
    "verbose": Converted("quiet", _VERBOSITY, "use `quiet`, or leave it out"),
    "binary": _flag("file_format", "word2vec", "word2vec-binary", "use 1 for word2vec's binary format, or 0 for text"),
    "classes": _only("0", "output", "leave it out, and group the words afterwards with 'w2v cluster -k N'"),
    "sorted_vocab": _only("1", "max_vocab", "the vocabulary is always sorted by count; leave it out"),
    "maxn": _only("0", "dim", _NO_SUBWORDS),
    "max_n": _only("0", "dim", _NO_SUBWORDS),
    "null_word": Converted("dim", {"0": None, "false": None}, "there is no null word; leave it out"),
    "max_vocab_size": _only(
        "none", "max_vocab", "counting needs no limit; `max_vocab=N` keeps the N most frequent words"
    ),
    "trim_rule": _only("none", "max_vocab", "use `min_count` or `max_vocab`"),
    "callbacks": Converted("return_report", {"": None, "none": None}, "pass `progress`"),
    "update": _flag("vocab_mode", None, "extend", "use `vocab_mode=extend` or `vocab_mode=keep`"),
    "similarity_function": Converted(
        "method", {"most_similar": None, "most_similar_cosmul": "mul"}, "use `method=add` or `method=mul`"
    ),
    "symmetric": _only("1", "window", "a window has words on both sides; leave it out"),
    "autotune_validation": _only("", "dim", f"{_FOR_CLASSIFIERS}; leave it out"),
    "autotune_modelsize": _only("", "dim", f"{_FOR_CLASSIFIERS}; leave it out"),
}

ABSENT = {
    "x_max": Absent("lr", "w2v counts no co-occurrences, as GloVe does; leave it out"),
    "eta": Absent("lr", "the rates of GloVe and of w2v mean different things; leave it out, or use `lr`"),
    "input_file": Absent("lr", "w2v reads text, not GloVe's counts of co-occurrences; name files of text"),
    "load_init_param": Absent("pretrained", "use `init=MODEL` or `pretrained=VECTORS`"),
    "show_text": Absent(
        "pretrained", "'w2v train' shows the first sentences with `dry_run=True`, and 'w2v vocab' with `show_text=N`"
    ),
    "prune": Absent("top", "w2v gives no word the vector of another; `top=N` keeps the N most frequent words"),
}

_READS_ALL = "the text is read once, to its end"
_COUNTS_ALL = "everything is counted, in bounded memory"
_SUBWORDLESS = "there are no subwords"
_QUANTIZES = "it is for 'fasttext quantize'"
NEEDLESS = {
    # fastText
    "lr_update_rate": Needless("lr", "the rate is updated continuously"),
    "save_output": Needless("save_model", "`save_model` keeps the output vectors", ("0", "false"), is_flag=True),
    "word_ngrams": Needless("dim", _FOR_CLASSIFIERS, ("0", "1")),
    "label": Needless("dim", _FOR_CLASSIFIERS, ("__label__",)),
    "min_count_label": Needless("dim", _FOR_CLASSIFIERS, ("0",)),
    "autotune_metric": Needless("dim", _FOR_CLASSIFIERS, ("f1",)),
    "autotune_predictions": Needless("dim", _FOR_CLASSIFIERS, ("1",)),
    "autotune_duration": Needless("dim", _FOR_CLASSIFIERS, ("300",)),
    "cutoff": Needless("dim", _QUANTIZES, ("0",)),
    "dsub": Needless("dim", _QUANTIZES, ("2",)),
    "retrain": Needless("dim", _QUANTIZES, ("0", "false"), is_flag=True),
    "qnorm": Needless("dim", _QUANTIZES, ("0", "false"), is_flag=True),
    "qout": Needless("dim", _QUANTIZES, ("0", "false"), is_flag=True),
    "bucket": Needless("dim", _SUBWORDLESS, ("0",)),
    "minn": Needless("dim", _SUBWORDLESS, ("0",)),
    "min_n": Needless("dim", _SUBWORDLESS, ("0",)),
    # gensim
    "accuracy": Needless("dim", "score the vectors afterwards, with 'w2v evaluate VECTORS analogies FILE'", ("none",)),
    "batch_words": Needless("dim", "blocks of text need no size", ("10000",)),
    "comment": Needless("dim", "vectors and models have no comment", ("none",)),
    "compatible_hash": Needless("dim", "words are not hashed", is_flag=True),
    "compute_loss": Needless("dim", "the loss is always computed", ("0", "false"), is_flag=True),
    "hashfxn": Needless("dim", "the random start follows from `seed`"),
    "keep_raw_vocab": Needless("dim", "`save_vocab` keeps the counts", ("0", "false"), is_flag=True),
    "max_vocab_size": Needless("delimiter", _COUNTS_ALL, ("40000000", "none")),
    "progress_per": Needless("threads", "progress comes by time", ("10000",)),
    "recode_to_utf8": Needless("delimiter", "tokens are text as they are"),
    "queue_factor": Needless("dim", "threads wait for no queue", ("2",)),
    "report_delay": Needless("dim", "progress comes by time", ("1", "1.0")),
    "total_examples": Needless("dim", _READS_ALL, ("none",)),
    "total_words": Needless("dim", _READS_ALL, ("none",)),
    "word_count": Needless("dim", _READS_ALL, ("0",)),
    "verbose": Needless("progress", "work is silent unless you pass `progress=True`", ("0", "1", "2", "false")),
    "debug": Needless("progress", "work is silent unless you pass `progress=True`", ("0", "1", "2", "false")),
    # pWord2Vec and GloVe
    "batch_size": Needless("dim", "blocks of text need no size"),
    "delimiter": Needless("casefold", "the separator is recognised", ("\t",)),
    "disk": Needless("dim", "text is never held in memory", is_flag=True),
    "memory": Needless("dim", _COUNTS_ALL),
    "array_size": Needless("dim", _COUNTS_ALL),
    "max_product": Needless("dim", _COUNTS_ALL),
    "overflow_length": Needless("dim", _COUNTS_ALL),
    "overflow_file": Needless("dim", "`work_dir` names the folder of temporary files"),
    "temp_file": Needless("dim", "`work_dir` names the folder of temporary files"),
    "grad_clip": Needless("dim", "gradients are bounded as they are"),
    "save_gradsq": Needless("dim", "there are no squared gradients", ("0",)),
    "checkpoint_every": Needless("save_every", "`save_model` and `save_every` keep a model while it trains", ("0",)),
    "write_header": Needless("dim", "text files of vectors have their header"),
}


class Tables(NamedTuple):
    """The foreign names that a command understands, each table as above."""

    renamed: Mapping[str, str]
    converted: Mapping[str, Converted]
    needless: Mapping[str, Needless]
    absent: Mapping[str, Absent]


GENERAL = Tables(RENAMED, CONVERTED, NEEDLESS, ABSENT)
_NO_SUBWORDS_WANTED = (("maxn", "0"), ("max_n", "0"), ("bucket", "0"), ("word_ngrams", "0"))
_STRANGE = "\0"  # stands for a value that no table holds
EMPTY_IS_NONE = frozenset({"pretrained_vectors", "autotune_validation", "autotune_modelsize"})
HS_ALONE = "w2v trains hierarchical softmax only; word2vec.c and gensim would add negative sampling"

# What only Python code passes to gensim and fastText, and what to do here.
PYTHON_ADVICE = {
    "binary": "save the vectors under a name that ends in .bin",
    "output": "call save() of the vectors",
    "quiet": "training is silent unless you pass `progress=True`",
}


def snake(name: str) -> str:
    """Return a name of an option as Python spells it.

    Example:
        >>> snake("minCount"), snake("min-count"), snake("min_count")
        ('min_count', 'min_count', 'min_count')
    """
    return re.sub("(?<=[a-z0-9])[A-Z]", lambda hump: f"_{hump[0].lower()}", name).replace("-", "_")


def converted(name: str, value: object, tables: Tables = GENERAL) -> tuple[str, str | bool] | None:
    """Return our option and value for a converted option with its value, or None if our default does the same.

    Raises:
        UsageError: the value has no counterpart here.

    Example:
        >>> converted("sg", 0), converted("shrink_windows", True), converted("hs", "0")
        (('model', 'cbow'), ('window_mode', 'soft'), None)
    """
    option, values, advice = tables.converted[name]
    text = _text(value)
    if text not in values:
        raise UsageError(f"`{name}` can't be {shown(value)}; {advice}")
    ours = values[text]
    return None if ours is None else (option, ours)


def needless(name: str, value: object, others: Mapping[str, object], tables: Tables = GENERAL) -> str | None:
    """Return why a needless option with this value changes nothing, or None if that goes without saying.

    Args:
        name: the option.
        value: its value; "" for a flag.
        others: all options of other tools that are given, with their values: subwords depend on several.
        tables: the foreign names that the command understands.

    Raises:
        UsageError: it would ask for subwords.

    Example:
        >>> needless("bucket", 100_000, {"maxn": 0}), needless("min_n", 0, {})
        ('there are no subwords', None)
    """
    _, reason, unsaid, _ = tables.needless[name]
    if _text(value) in unsaid:
        return None
    if reason == _SUBWORDLESS and not any(
        other in others and _text(others[other]) == off for other, off in _NO_SUBWORDS_WANTED
    ):
        raise UsageError(f"{_NO_SUBWORDS}, or turn them off with `maxn=0`")
    return reason


def needless_note(found: Sequence[tuple[str, str]]) -> str:
    """Return one note for options, each as the user wrote it, that change nothing, and why.

    Example:
        >>> needless_note([("-lrUpdateRate 100", "the rate is updated continuously")])
        '-lrUpdateRate 100 changes nothing here: the rate is updated continuously'
        >>> needless_note([("-disk", "text is never held in memory"), ("-eta 1", "it is another rate")])
        'these change nothing here: -disk (text is never held in memory), -eta 1 (it is another rate)'
    """
    if len(found) == 1:
        ((written, reason),) = found
        return f"{written} changes nothing here: {reason}"
    return "these change nothing here: " + ", ".join(f"{written} ({reason})" for written, reason in found)


def _text(value: object) -> str:
    """Return a value as the tables hold it: in lower case, "none" for None, "" for an empty list."""
    if value is None:
        return "none"
    if isinstance(value, list | tuple) and not value:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).lower() if isinstance(value, str | int | float | bool) or hasattr(value, "dtype") else _STRANGE


def translated(
    given: dict[str, Any], known: frozenset[str], note: Callable[[str], None] = lambda _: None
) -> dict[str, Any]:
    """Return keyword arguments with foreign names and values replaced by ours.

    Args:
        given: names and values as the caller wrote them.
        known: our names.
        note: receives a line about arguments that change nothing here.

    Raises:
        UsageError: there is no such name, a value has no counterpart, or two names set the same option.

    Example:
        >>> translated({"vector_size": 50, "sg": 0, "window": 3}, frozenset({"dim", "model", "window"}))
        {'dim': 50, 'model': 'cbow', 'window': 3}
        >>> translated({"dim": 50, "batch_words": 99}, frozenset({"dim"}), print)
        batch_words=99 changes nothing here: blocks of text need no size
        {'dim': 50}
    """
    found: dict[str, tuple[str, Any]] = {}
    without_effect: list[tuple[str, str]] = []
    others = {snake(written): value for written, value in given.items()}
    for written, value in given.items():
        name = snake(written)
        if _is_needless(name, known):
            try:
                reason = needless(name, value, others)
            except UsageError as error:
                raise UsageError(f"no option {written}; {error.message}") from None
            if reason is not None:
                without_effect.append((f"{written}={shown(value)}", reason))
            continue
        pair = _translated(written, value, known)
        if pair is None:
            continue
        name, ours = pair
        if name in found:
            raise UsageError(f"{found[name][0]} and {written} both set `{name}`; leave out one of them")
        found[name] = written, ours
    if without_effect:
        note(needless_note(without_effect))
    if found.get("loss") == ("hs", "hs") and "negative" not in found:
        note(HS_ALONE)
    return {name: value for name, (_, value) in found.items()}


def _is_needless(name: str, known: frozenset[str]) -> bool:
    if name in known or name not in NEEDLESS or NEEDLESS[name].option not in known:
        return False
    return not (name in CONVERTED and CONVERTED[name].option in known)


def _translated(written: str, value: object, known: frozenset[str]) -> tuple[str, Any] | None:
    name = snake(written)
    if name == "delimiter" and isinstance(value, bytes):  # of gensim 3
        value = value.decode(errors="replace")
    if name in known and not (name in CONVERTED and not isinstance(value, bool)):
        return name, value
    if name in EMPTY_IS_NONE and isinstance(value, str) and not value:
        return None
    if RENAMED.get(name) in known:
        return RENAMED[name], value
    if name in TEXT and "sources" in known:
        return "sources", value
    if name in CONVERTED and CONVERTED[name].option in known:
        return converted(name, value)
    if name in ABSENT and ABSENT[name].option in known:
        raise UsageError(f"no option {written}; {ABSENT[name].advice}")
    if name in PYTHON_ADVICE:
        raise UsageError(f"no option {written}; {PYTHON_ADVICE[name]}")
    raise UsageError(f"no option {written}; {_advice(name, known)}")


def _advice(name: str, known: frozenset[str]) -> str:
    from w2v.suggestions import closest_spellings

    foreign = [theirs for theirs, ours in RENAMED.items() if ours in known]
    foreign += [theirs for theirs, (ours, *_) in CONVERTED.items() if ours in known]
    if close := closest_spellings(name, [*sorted(known), *foreign], 1):
        return f"did you mean `{close[0]}`?"
    return f"there are {', '.join(f'`{option}`' for option in sorted(known))}"
