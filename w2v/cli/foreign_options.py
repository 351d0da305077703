"""Every way to write an option on the command line, turned into the one way that Click reads.

Click reads `-output v.txt` as `-o utput`. Here each token is understood before Click sees it: as an option of the
command (with one dash or two, with underscores or capitals for dashes), as an option that word2vec.c, fastText or
gensim has under another name (see w2v.options.foreign_names), as a value, or as a positional argument. Anything else
is an error that names the closest spelling.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence

import click

from w2v.cli.messages import with_dashes
from w2v.errors import UsageError
from w2v.options.classifier_names import tables_for
from w2v.options.foreign_names import (
    EMPTY_IS_NONE,
    HS_ALONE,
    TEXT,
    converted,
    needless,
    needless_note,
    snake,
)

_TRUTHS = ("0", "1", "true", "false")
_TYPOGRAPHIC_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212"


class Speller:
    """Reads the tokens of one command.

    Args:
        command: the Click command whose options and arguments the tokens become.
        context: any context that knows the names of the help option.
        path: how the user calls the command, such as "w2v train".

    Attributes:
        notes: lines about options of the last command line that change nothing here, as the user should see them.
    """

    def __init__(self, command: click.Command, context: click.Context, path: str) -> None:
        self._path = path
        self._dash_advice: str | None = getattr(command, "dash_advice", None)
        self._options: dict[str, tuple[str, click.Option]] = {}
        by_name: dict[str, click.Option] = {}
        arguments = set()
        for parameter in command.get_params(context):
            if isinstance(parameter, click.Option):
                by_name[parameter.name or ""] = parameter
                for declared in (*parameter.opts, *parameter.secondary_opts):
                    self._options[_normal(declared)] = declared, parameter
            else:
                arguments.add(parameter.name)
        self._by_name = by_name
        tables = self._tables = tables_for(by_name)
        self._renamed = {_dashed(name): _normal(by_name[ours].opts[-1]) for name, ours in tables.renamed.items()
                         if ours in by_name}  # fmt: skip
        self._positional = {_dashed(name) for name in TEXT if "corpus" in arguments}
        self._converted = {_dashed(name): name for name, (ours, *_) in tables.converted.items() if ours in by_name}
        self._needless = {_dashed(name): name for name, other in tables.needless.items() if other.option in by_name
                          and _dashed(name) not in self._converted}  # fmt: skip
        self._empty_is_none = {_dashed(name) for name in EMPTY_IS_NONE}
        self._given: set[str] = set()  # our options of this command line, as Click calls them
        self._foreign: dict[str, tuple[str, str]] = {}  # other tools' options: how they are written, and their values
        self._texts: list[tuple[str, str, click.Option]] = []  # values of our options taken for files of text
        self.notes: list[str] = []
        self._absent = {_dashed(name): absent for name, absent in tables.absent.items() if absent.option in by_name}

    def canonical(self, tokens: Sequence[str]) -> list[str]:
        """Return the same command line, with options spelled as declared, then `--`, then positional arguments.

        Raises:
            UsageError: a token is no option of the command, or an option's value is missing or not supported.
        """
        self._given, self._foreign, self._texts = set(), {}, []
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
        for written, value, option in self._texts:
            if positional != [value] and not os.path.lexists(value):  # the text is named elsewhere
                raise UsageError(f"{written} {value}: must be one of {', '.join(_choices(option))}, or a file of text")
        notes = list(self._remarks())
        self.notes = [] if "quiet" in self._given else notes
        return [*options, "--", *positional] if positional else options

    def knows(self, token: str) -> bool:
        """Say whether a token with a dash is an option of the command, under our name or another tool's."""
        return self._knows(_normal(token.partition("=")[0]))

    def _remarks(self) -> Iterator[str]:
        """Yield what to say about options of other tools.

        Raises:
            UsageError: one asks for a feature that w2v lacks.
        """
        others = {name: value for name, (_, value) in self._foreign.items()}
        without_effect = []
        for name, (written, value) in self._foreign.items():
            if _dashed(name) in self._needless:
                try:
                    reason = needless(name, value, others, self._tables)
                except UsageError as error:
                    raise UsageError(f"{written}: {with_dashes(error.message)}") from None
                if reason is not None:
                    without_effect.append((f"{written} {value}".strip(), reason))
        if without_effect:
            yield needless_note(without_effect)
        if "hs" in self._foreign and "loss" in self._given and "negative" not in self._given:
            yield HS_ALONE

    def _joined(self, tokens: Sequence[str]) -> Iterator[str]:
        """Yield tokens; one that is a flag here and takes a value elsewhere, joined with such a value by `=`."""
        remaining = list(tokens)
        while remaining:
            token = remaining.pop(0)
            name = _normal(token) if token.startswith("-") else ""
            if name in self._options and name in self._converted and remaining:
                values = self._tables.converted[self._converted[name]].values
                if remaining[0].lower() in values or _number(remaining[0]) is not None:
                    token = f"{token}={remaining.pop(0)}"
            elif remaining and self._takes_next(name, remaining[0]):
                token = f"{token}={remaining.pop(0)}"
            yield token
            if token == "--":
                yield from remaining
                return

    def _takes_next(self, name: str, following: str) -> bool:
        """Say whether an option without a counterpart here takes the next token, although that is no usual value."""
        if name in self._empty_is_none:
            return not following
        if name in self._needless and self._tables.needless[self._needless[name]].is_flag:
            return following.lower() in _TRUTHS
        return False

    def _is_option(self, token: str) -> bool:
        name = token.lstrip(_TYPOGRAPHIC_DASHES)
        if name != token and self._knows(_normal(f"--{name.partition('=')[0]}")):
            raise UsageError(f"{token} starts with a typographic dash; write --{name}")
        return token.startswith("-") and token != "-"

    def _read_option(self, token: str, remaining: Iterator[str], options: list[str], positional: list[str]) -> None:
        """Read the option that `token` starts, with its value, and append what it means to either list."""
        written, equals, glued = token.partition("=")
        name = _normal(written)
        if name in self._empty_is_none and equals and not glued:
            return
        name = self._renamed.get(name, name) if name not in self._options else name
        if name in self._options:
            self._read_own(written, name, glued if equals else None, remaining, options, positional)
        elif name in self._positional:
            positional.append(_value(written, glued if equals else None, remaining))
        elif name in self._converted:
            options += self._convert(written, name, _value(written, glued if equals else None, remaining))
        elif name in self._needless:
            is_flag = self._tables.needless[self._needless[name]].is_flag
            value = glued if equals or is_flag else _value(written, None, remaining)
            self._foreign[self._needless[name]] = written, value
        elif name in self._absent:
            raise UsageError(f"{written}: {self._absent[name].advice}")
        elif (number := re.fullmatch(r"(-[A-Za-z])([0-9]+)", token)) and self._takes_integer(number[1]):
            options += [number[1], number[2]]
        else:
            raise UsageError(f"no such option {written}; {self._advice(token, name)}")

    def _read_own(
        self, written: str, name: str, glued: str | None, remaining: Iterator[str], options: list[str],
        positional: list[str],
    ) -> None:  # fmt: skip
        """Read an option of the command; `glued` is its value if that is joined by `=`."""
        declared, option = self._options[name]
        if option.is_flag or option.count:
            if glued is None:
                options.append(declared)
                self._given.add(option.name or "")
            elif name in self._converted:
                options += self._convert(written, name, glued)
            else:
                raise UsageError(f"{written} takes no value; leave out ={glued}")
            return
        value = _value(written, glued, remaining)
        if name in self._positional and _is_text(value, option):
            self._texts.append((written, value, option))
            positional.append(value)
            return
        if written == "-t" and (_number(value) or 0.0) >= 1.0:  # fastText's name, easily taken for another
            raise UsageError(f"-t {value}: -t is --sample, and below 1; for threads, write --threads {value}")
        self._given.add(option.name or "")
        options += [f"{declared}={value}"] if declared.startswith("--") else [declared, value]

    def _convert(self, written: str, name: str, value: str) -> list[str]:
        """Return the tokens of our option for another tool's option with a value."""
        self._foreign[self._converted[name]] = written, value
        try:
            pair = converted(self._converted[name], value, self._tables)
        except UsageError:
            advice = with_dashes(self._tables.converted[self._converted[name]].advice)
            raise UsageError(f"{written} {value}: {advice}") from None
        if pair is None:
            return []
        option, ours = self._by_name[pair[0]], pair[1]
        self._given.add(pair[0])
        if isinstance(ours, bool):
            return [(option.opts if ours else option.secondary_opts)[-1]]
        return [f"{option.opts[-1]}={ours}"]

    def _knows(self, name: str) -> bool:
        tables = (self._options, self._renamed, self._positional, self._converted, self._needless)
        return any(name in table for table in tables)

    def _takes_integer(self, short: str) -> bool:
        return short in self._options and isinstance(self._options[short][1].type, click.types.IntParamType)

    def _advice(self, token: str, name: str) -> str:
        short, value = token[:2], token[2:]
        visible = {known: declared for known, (declared, option) in self._options.items() if not option.hidden}
        known = visible | {name: self._options[ours][0] for name, ours in self._renamed.items()}
        from w2v.suggestions import closest_spellings

        close: list[str] = []
        if len(name) > 2:
            close = closest_spellings(name.lstrip("-"), [other for other in known if not other.startswith("-")], 1)
            close += [other for other in known if len(other) > 2 and (other.startswith(name) or name.startswith(other))]
        if close:
            return f"did you mean {known[close[0]]}?"
        if short in visible and value and not self._options[short][1].is_flag:
            return f"did you mean {short} {value}?"
        if self._dash_advice and not token.startswith("--"):
            return self._dash_advice
        return f"'{self._path} --help' lists them"


def _is_text(value: str, option: click.Option) -> bool:
    """Say whether a value of an option that other tools have for the text is that text."""
    choices = _choices(option)
    if not choices or value in choices:
        return False
    from w2v.suggestions import closest_spellings

    return os.path.lexists(value) or not closest_spellings(value, choices, 1)


def _choices(option: click.Option) -> list[str]:
    return list(option.type.choices) if isinstance(option.type, click.Choice) else []


def _normal(written: str) -> str:
    """Return `min-count` for `--min-count`, `-min-count`, `--min_count` or `-minCount`; one letter keeps its dash."""
    name = written[2:] if written.startswith("--") else written[1:]
    if len(name) <= 1 or name.startswith("_"):
        return written
    return snake(name).replace("_", "-")


def _dashed(name: str) -> str:
    return name.replace("_", "-") if len(name) > 1 else f"-{name}"


def _value(written: str, glued: str | None, remaining: Iterator[str]) -> str:
    """Return the value of an option: joined by `=`, or else the next token, unless that may be an option itself."""
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
