"""Every way to write an option, turned into the one way Click is given, so that no token is ever misread.

Click reads `-output v.txt` as `-o utput`. Here each token is settled before Click sees it: an option of the command
(with one dash or two, with underscores or humps for dashes), an option that word2vec.c, fastText or gensim has under
another name, a value, or a positional argument. What is none of these is refused, naming the closest spelling.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import click

from w2v.errors import UsageError

_TYPOGRAPHIC_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212"


class Choices(NamedTuple):
    """Another tool's option whose values are not passed on as they are.

    Attributes:
        concerns: our option that it is about; a command without that one doesn't know this one.
        values: what each value becomes here: one token, or None for nothing because it is what we do anyway.
        advice: why any other value is refused, and what to do.
    """

    concerns: str
    values: dict[str, str | None]
    advice: str


class Absent(NamedTuple):
    """Another tool's option that can't be had here, whatever its value.

    Attributes:
        concerns: our option that it is about; a command without that one doesn't know this one.
        advice: why it is refused, and what to do.
    """

    concerns: str
    advice: str


def _numbered(concerns: str, when_0: str | None, when_1: str | None, advice: str) -> Choices:
    return Choices(concerns, {"0": when_0, "1": when_1, "false": when_0, "true": when_1}, advice)


def _only(value: str, concerns: str, advice: str) -> Choices:
    return Choices(concerns, {value: None}, advice)


# Sources: word2vec.c, word2phrase.c and fastText 0.9, which print their options when run without any; gensim 4. Names
# are spelled as `_normal` spells them. An option of the same name and meaning as ours needs no entry.
RENAMED = {
    "size": "dim",
    "vector-size": "dim",
    "ws": "window",
    "neg": "negative",
    "iter": "epochs",
    "epoch": "epochs",
    "alpha": "lr",
    "min-alpha": "min-lr",
    "max-sentence-length": "max-sentence",
    "-t": "sample",
    "thread": "threads",
    "workers": "threads",
    "max-final-vocab": "max-vocab",
    "common-terms": "connector-words",
    "pretrained-vectors": "pretrained",
}

# Options whose value is a positional argument here: the name of that argument.
POSITIONAL = {"train": "corpus", "input": "corpus", "sentences": "corpus", "corpus-file": "corpus"}

CHOICES = {
    "cbow": _numbered("model", "--model=skipgram", "--model=cbow", "write --model cbow or --model skipgram"),
    "sg": _numbered("model", "--model=cbow", "--model=skipgram", "write --model cbow or --model skipgram"),
    "shrink-windows": _numbered("window-mode", "--window-mode=full", "--window-mode=soft", "write --window-mode"),
    "debug": Choices("quiet", {"0": "--quiet", "1": None, "2": None}, "write --quiet, or leave it out"),
    "verbose": Choices("quiet", {"0": "--quiet", "1": None, "2": None}, "write --quiet, or leave it out"),
    "scoring": Choices("score", {"default": "--score=gensim", "npmi": "--score=npmi"}, "write --score"),
    "hs": _numbered("loss", None, "--loss=hs", "write --loss hs or --loss ns"),
    "binary": _only("0", "output", "vectors are written as text only; leave it out"),
    "classes": _only("0", "output", "leave it out, and group the words afterwards with 'w2v cluster -k N'"),
    "cbow-mean": _numbered("cbow-mean", "--cbow-sum", "--cbow-mean", "write --cbow-mean or --cbow-sum"),
    "sorted-vocab": _only("1", "max-vocab", "the vocabulary is always sorted by count; leave it out"),
    "minn": _only("0", "dim", "subwords are not offered; leave it out"),
    "maxn": _only("0", "dim", "subwords are not offered; leave it out"),
    "word-ngrams": _only("1", "dim", "word n-grams are not offered; leave it out"),
}

ABSENT = {
    "bucket": Absent("dim", "subwords are not offered; leave it out"),
    "max-vocab-size": Absent("max-vocab", "counting needs no limit; --max-vocab N keeps the N most frequent words"),
    "lr-update-rate": Absent("lr", "the learning rate is updated all the time; leave it out"),
}


class Speller:
    """Reads the tokens of one command.

    Args:
        command: the Click command whose options and arguments the tokens shall end up as.
        context: any context that knows the names of the help option.
        path: what the user calls the command, such as "w2v train".
    """

    def __init__(self, command: click.Command, context: click.Context, path: str) -> None:
        self._path = path
        self._dash_advice: str | None = getattr(command, "dash_advice", None)
        self._options: dict[str, tuple[str, click.Option]] = {}
        arguments = set()
        for parameter in command.get_params(context):
            if isinstance(parameter, click.Option):
                for declared in (*parameter.opts, *parameter.secondary_opts):
                    self._options[_normal(declared)] = declared, parameter
            else:
                arguments.add(parameter.name)
        self._renamed = {name: ours for name, ours in RENAMED.items() if ours in self._options}
        self._positional = {name for name, argument in POSITIONAL.items() if argument in arguments}
        self._choices = {name: choices for name, choices in CHOICES.items() if choices.concerns in self._options}
        self._absent = {name: absent for name, absent in ABSENT.items() if absent.concerns in self._options}

    def canonical(self, tokens: Sequence[str]) -> list[str]:
        """Return the same command line, with options spelled as declared, then `--`, then positional arguments.

        Raises:
            UsageError: a token is no option of the command, or an option's value is missing or has no equal here.
        """
        options: list[str] = []
        positional: list[str] = []
        remaining = iter(self._joined(tokens))
        for token in remaining:
            if token == "--":
                positional.extend(remaining)
            elif self._is_option(token):
                self._read_option(token, remaining, options, positional)
            else:
                positional.append(token)
        return [*options, "--", *positional] if positional else options

    def _joined(self, tokens: Sequence[str]) -> Iterator[str]:
        """Yield tokens; one that is a flag here and takes a value elsewhere, joined with such a value by `=`."""
        remaining = list(tokens)
        while remaining:
            token = remaining.pop(0)
            choices = (
                self._choices.get(_normal(token)) if token.startswith("-") and _normal(token) in self._options else None
            )
            if choices and remaining and (remaining[0].lower() in choices.values or _number(remaining[0]) is not None):
                token = f"{token}={remaining.pop(0)}"
            yield token
            if token == "--":
                yield from remaining
                return

    def _is_option(self, token: str) -> bool:
        name = token.lstrip(_TYPOGRAPHIC_DASHES)
        if name != token and self._knows(_normal(f"--{name.partition('=')[0]}")):
            raise UsageError(f"{token} starts with a typographic dash; write --{name}")
        return token.startswith("-") and token != "-"

    def _read_option(self, token: str, remaining: Iterator[str], options: list[str], positional: list[str]) -> None:
        """Read the option that `token` starts, with its value, and append what it means to either list."""
        written, equals, glued = token.partition("=")
        name = _normal(written)
        name = self._renamed.get(name, name) if name not in self._options else name
        if name in self._options:
            declared, option = self._options[name]
            if option.is_flag or option.count:
                if equals and name in self._choices:
                    options += _choose(written, glued, self._choices[name])
                    return
                if equals:
                    raise UsageError(f"{written} takes no value; leave out {equals}{glued}")
                options.append(declared)
                return
            value = _value(written, glued if equals else None, remaining)
            if written == "-t" and (_number(value) or 0.0) >= 1.0:  # fastText's name, easily taken for another
                raise UsageError(f"-t {value}: -t is --sample, and below 1; for threads, write --threads {value}")
            options += [f"{declared}={value}"] if declared.startswith("--") else [declared, value]
        elif name in self._positional:
            positional.append(_value(written, glued if equals else None, remaining))
        elif name in self._choices:
            value = _value(written, glued if equals else None, remaining)
            options += _choose(written, value, self._choices[name])
        elif name in self._absent:
            raise UsageError(f"{written}: {self._absent[name].advice}")
        elif (number := re.fullmatch(r"(-[A-Za-z])([0-9]+)", token)) and self._takes_integer(number[1]):
            options += [number[1], number[2]]
        else:
            raise UsageError(f"no such option {written}; {self._advice(token, name)}")

    def _knows(self, name: str) -> bool:
        return any(name in table for table in (self._options, self._renamed, self._positional, self._choices))

    def _takes_integer(self, short: str) -> bool:
        return short in self._options and isinstance(self._options[short][1].type, click.types.IntParamType)

    def _advice(self, token: str, name: str) -> str:
        short, value = token[:2], token[2:]
        visible = {known: declared for known, (declared, option) in self._options.items() if not option.hidden}
        known = visible | {name: self._options[ours][0] for name, ours in self._renamed.items()}
        close = difflib.get_close_matches(name.lower(), known, n=1)
        if len(name) > 2:
            close += [other for other in known if len(other) > 2 and (other.startswith(name) or name.startswith(other))]
        if close:
            return f"did you mean {known[close[0]]}?"
        if short in visible and value and not self._options[short][1].is_flag:
            return f"did you mean {short} {value}?"
        if self._dash_advice and not token.startswith("--"):
            return self._dash_advice
        return f"'{self._path} --help' lists them"


def _normal(written: str) -> str:
    """Return what `--min-count`, `-min-count`, `--min_count` and `-minCount` share; one letter keeps its dashes."""
    name = written[2:] if written.startswith("--") else written[1:]
    if len(name) <= 1 or name.startswith("_"):
        return written
    return re.sub("(?<=[a-z0-9])[A-Z]", lambda hump: f"-{hump[0].lower()}", name).replace("_", "-")


def _value(written: str, glued: str | None, remaining: Iterator[str]) -> str:
    """Return the value of an option: what `=` joined to it, or the next token if that can't be an option itself."""
    if glued is not None:
        value = glued
    else:
        value = next(remaining, "")
        if value.startswith("-") and value != "-" and _number(value) is None:
            raise UsageError(f"{written} needs a value before {value}; if that is the value, write {written}={value}")
    if not value:
        raise UsageError(f"{written} needs a value")
    return value


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _choose(written: str, value: str, choices: Choices) -> list[str]:
    if value.lower() not in choices.values:
        raise UsageError(f"{written} {value}: {choices.advice}")
    ours = choices.values[value.lower()]
    return [] if ours is None else [ours]
