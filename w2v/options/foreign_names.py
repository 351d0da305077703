"""Foreign names of options: what word2vec.c, word2phrase.c, fastText and gensim call them, and their values.

The Python API and the command line read this one table. A name is spelled in the manner of Python, as `snake` spells
`--min-count`, `-minCount` and `min_count`. An option with the same name and meaning as ours needs no entry.

Sources: word2vec.c, word2phrase.c and fastText 0.9 list their options when run without any; gensim 4.
"""

from __future__ import annotations

import re
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
    """Another tool's option that has no counterpart here.

    Attributes:
        option: our option that it is closest to; a command without that one doesn't know this one either.
        advice: what to do instead.
    """

    option: str
    advice: str


def _flag(option: str, when_0: str | bool | None, when_1: str | bool | None, advice: str) -> Converted:
    return Converted(option, {"0": when_0, "1": when_1, "false": when_0, "true": when_1}, advice)


def _only(value: str, option: str, advice: str) -> Converted:
    return Converted(option, {value: None}, advice)


RENAMED = {
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
    "unicode_errors": "encoding_errors",
}

# The text itself, which has no option here: the first argument of `train`, the positional arguments of a command.
TEXT = frozenset({"train", "input", "sentences", "corpus_file"})

CONVERTED = {
    "cbow": _flag("model", "skipgram", "cbow", "use `model=cbow` or `model=skipgram`"),
    "sg": _flag("model", "cbow", "skipgram", "use `model=cbow` or `model=skipgram`"),
    "hs": _flag("loss", None, "hs", "use `loss=hs` or `loss=ns`"),
    "cbow_mean": _flag("cbow_mean", False, True, "use 1 for the mean, or 0 for the sum"),
    "shrink_windows": _flag("window_mode", "full", "soft", "use `window_mode=full` or `window_mode=soft`"),
    "dummy4unknown": _flag("skip_unknown", True, False, "use `skip_unknown=True` or `skip_unknown=False`"),
    "scoring": Converted("score", {"default": "gensim", "npmi": "npmi"}, "use `score=gensim` or `score=npmi`"),
    "debug": Converted("quiet", {"0": True, "1": None, "2": None}, "use `quiet`, or leave it out"),
    "verbose": Converted("quiet", {"0": True, "1": None, "2": None}, "use `quiet`, or leave it out"),
    "binary": _flag("file_format", "word2vec", "word2vec-binary", "use 1 for word2vec's binary format, or 0 for text"),
    "classes": _only("0", "output", "leave it out, and group the words afterwards with 'w2v cluster -k N'"),
    "sorted_vocab": _only("1", "max_vocab", "the vocabulary is always sorted by count; leave it out"),
    "minn": _only("0", "dim", "subwords are not supported; leave it out"),
    "maxn": _only("0", "dim", "subwords are not supported; leave it out"),
    "word_ngrams": _only("1", "dim", "word n-grams are not supported; leave it out"),
}

ABSENT = {
    "bucket": Absent("dim", "subwords are not supported; leave it out"),
    "max_vocab_size": Absent("max_vocab", "counting needs no limit; `max_vocab=N` keeps the N most frequent words"),
    "lr_update_rate": Absent("lr", "not needed: the rate is updated continuously; leave it out"),
}

# What only Python code passes to gensim and fastText, and what to do here.
PYTHON_ADVICE = {
    "batch_words": "blocks of text need no size; leave it out",
    "binary": "save the vectors under a name that ends in .bin",
    "callbacks": "pass `progress`",
    "compute_loss": "use `return_report=True`",
    "debug": "training is silent unless you pass `progress=True`",
    "output": "call save() of the vectors",
    "quiet": "training is silent unless you pass `progress=True`",
    "trim_rule": "use `min_count` or `max_vocab`",
    "verbose": "training is silent unless you pass `progress=True`",
}


def snake(name: str) -> str:
    """Return a name of an option as Python spells it.

    Example:
        >>> snake("minCount"), snake("min-count"), snake("min_count")
        ('min_count', 'min_count', 'min_count')
    """
    return re.sub("(?<=[a-z0-9])[A-Z]", lambda hump: f"_{hump[0].lower()}", name).replace("-", "_")


def converted(name: str, value: object) -> tuple[str, str | bool] | None:
    """Return our option and value for a key of CONVERTED with its value, or None if our default does the same.

    Raises:
        UsageError: the value has no counterpart here.

    Example:
        >>> converted("sg", 0), converted("shrink_windows", True), converted("hs", "0")
        (('model', 'cbow'), ('window_mode', 'soft'), None)
    """
    option, values, advice = CONVERTED[name]
    text = str(value).lower() if isinstance(value, str | int | bool) or hasattr(value, "dtype") else ""
    if text not in values:
        raise UsageError(f"`{name}` can't be {shown(value)}; {advice}")
    ours = values[text]
    return None if ours is None else (option, ours)


def translated(given: dict[str, Any], known: frozenset[str]) -> dict[str, Any]:
    """Return keyword arguments with foreign names and values replaced by ours.

    Args:
        given: names and values as the caller wrote them.
        known: our names.

    Raises:
        UsageError: there is no such name, a value has no counterpart, or two names set the same option.

    Example:
        >>> translated({"vector_size": 50, "sg": 0, "window": 3}, frozenset({"dim", "model", "window"}))
        {'dim': 50, 'model': 'cbow', 'window': 3}
    """
    found: dict[str, tuple[str, Any]] = {}
    for written, value in given.items():
        pair = _translated(written, value, known)
        if pair is None:
            continue
        name, ours = pair
        if name in found:
            raise UsageError(f"{found[name][0]} and {written} both set `{name}`; leave out one of them")
        found[name] = written, ours
    return {name: value for name, (_, value) in found.items()}


def _translated(written: str, value: object, known: frozenset[str]) -> tuple[str, Any] | None:
    name = snake(written)
    if name in known and not (name in CONVERTED and not isinstance(value, bool)):
        return name, value
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
