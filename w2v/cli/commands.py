"""All commands of `w2v`: where each is defined, how its options are read, and how its help is laid out."""

from __future__ import annotations

import importlib
import inspect
import shlex
from pathlib import Path
from typing import Any, NamedTuple

import click

from w2v.cli.foreign_options import Speller
from w2v.cli.messages import tell, with_dashes
from w2v.errors import UsageError


class LazyCommand(NamedTuple):
    """Where a command is defined, and its line in `w2v --help`, which imports none of the commands."""

    module: str
    attribute: str
    summary: str


# The headings of `w2v --help` and their commands, in the order in which a newcomer needs them.
GROUPS = {
    "Train": {
        "train": LazyCommand("w2v.cli.train", "train_command", "Train word vectors on text."),
        "vocab": LazyCommand("w2v.cli.vocab", "vocab_command", "Count the words of a text."),
        "phrases": LazyCommand("w2v.cli.phrases", "phrases_command", "Find phrases such as new york, and join them."),
        "walks": LazyCommand("w2v.cli.walks", "walks_command", "Walk on a graph, for vectors of its nodes."),
    },
    "Query": {
        "similar": LazyCommand("w2v.cli.similar", "similar_command", "List the nearest neighbours of a word."),
        "analogy": LazyCommand("w2v.cli.analogy", "analogy_command", "Solve an analogy: king - man + woman."),
        "similarity": LazyCommand("w2v.cli.similarity", "similarity_command", "Print the similarity of two words."),
        "odd": LazyCommand("w2v.cli.odd", "odd_command", "Find the word that does not fit the others."),
        "vector": LazyCommand("w2v.cli.vector", "vector_command", "Print the vector of a word."),
        "shell": LazyCommand("w2v.cli.shell", "shell_command", "Answer queries line by line."),
    },
    "Texts": {
        "encode": LazyCommand("w2v.cli.encode", "encode_command", "Write a vector for each text."),
        "classify train": LazyCommand(
            "w2v.cli.classify_train", "classify_train_command", "Train a classifier on labelled texts."
        ),
        "classify test": LazyCommand("w2v.cli.classify_test", "classify_test_command", "Score a classifier."),
        "classify predict": LazyCommand(
            "w2v.cli.classify_predict", "classify_predict_command", "Print the labels of new texts."
        ),
        "classify explain": LazyCommand(
            "w2v.cli.classify_explain", "classify_explain_command", "Print how much each word counts for a label."
        ),
    },
    "Evaluate": {
        "evaluate": LazyCommand("w2v.cli.evaluate", "evaluate_command", "Score vectors on word pairs or analogies."),
    },
    "Convert": {
        "convert": LazyCommand("w2v.cli.convert", "convert_command", "Convert vectors to another file format."),
        "info": LazyCommand("w2v.cli.info", "info_command", "Describe a file of vectors or a model."),
        "cache": LazyCommand("w2v.cli.cache", "cache_command", "List or remove cached copies of vectors files."),
    },
    "Visualize": {
        "cluster": LazyCommand("w2v.cli.cluster", "cluster_command", "Group similar words."),
        "map": LazyCommand("w2v.cli.map", "map_command", "Draw a map of words, as a page or an image."),
        "plot-training": LazyCommand(
            "w2v.cli.plot_training", "plot_training_command", "Plot the loss, speed and learning rate of training."
        ),
    },
}
COMMANDS = {name: command for commands in GROUPS.values() for name, command in commands.items()}

ALIASES = {"odd-one-out": "odd", "supervised": "classify train"}  # other names of commands

# What users of other tools may type, and the command to suggest instead.
ELSEWHERE = {
    "skipgram": "train --model skipgram",
    "cbow": "train --model cbow",
    "word2vec": "train",
    "predict": "classify predict",
    "predict-prob": "classify predict --proba",
    "test": "classify test",
    "test-label": "classify test",
    "nn": "similar",
    "distance": "similar",
    "most-similar": "similar",
    "analogies": "analogy",
    "word-analogy": "analogy",
    "doesnt-match": "odd",
    "print-word-vectors": "vector",
    "compute-accuracy": "evaluate",
    "vocab-count": "vocab",
    "word2phrase": "phrases",
    "node2vec": "walks",
    "deepwalk": "walks",
    "pecanpy": "walks",
    "help": "--help",
}


# Commands of other tools that have no counterpart, and why.
NOT_HERE = {
    "quantize": "'w2v convert --to' lists the formats, of which safetensors and npz are small",
    "print-sentence-vectors": "use 'w2v encode', which writes a vector for each text",
    "print-ngrams": "subwords are not supported",
}
_LONGEST_ADVICE = 100  # characters of a command line that a message shows


class Option(click.Option):
    """An option with a heading, the section of the help that lists it."""

    def __init__(self, *args: Any, heading: str = "Options", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.heading = heading


class _Described(click.Command):
    """A command whose help keeps the lines of paragraphs with indented lines, such as examples."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the help text, and wrap only paragraphs without indented lines."""
        with formatter.indentation():
            for paragraph in inspect.cleandoc(self.help or "").split("\n\n"):
                verbatim = "\b\n" if "\n " in paragraph or paragraph.startswith(" ") else ""
                formatter.write_paragraph()
                formatter.write_text(verbatim + paragraph)


class Command(_Described):
    """A command whose help lists options under headings, in the order in which the headings first appear."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a section for each heading, all with the same column of explanations."""
        sections: dict[str, list[tuple[str, str]]] = {}
        heading = "Options"
        for parameter in self.get_params(ctx):
            if isinstance(parameter, click.Option) and (record := parameter.get_help_record(ctx)):
                heading = getattr(parameter, "heading", heading)  # --help comes last and has no heading
                sections.setdefault(heading, []).append(record)
        width = max(len(spec) for records in sections.values() for spec, _ in records)
        for heading, records in sections.items():
            with formatter.section(heading):
                formatter.write_dl([(spec.ljust(width), text) for spec, text in records], col_max=width + 2)


class Commands(_Described, click.Group):
    """The `w2v` command: imports one of COMMANDS when that runs or shows its help."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names, in the order of GROUPS."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import one command."""
        place = COMMANDS.get(_command_name(cmd_name))
        if place is None:
            return None
        command: click.Command = getattr(importlib.import_module(place.module), place.attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the summaries, without an import."""
        width = max(map(len, COMMANDS))
        for heading, commands in GROUPS.items():
            with formatter.section(heading):
                formatter.write_dl([(name.ljust(width), command.summary) for name, command in commands.items()])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse what precedes the name of the command."""
        first = next((i for i, arg in enumerate(args) if not arg.startswith("-")), len(args))
        speller = Speller(self, ctx, ctx.command_path)
        if args and args[0].startswith("-") and not speller.knows(args[0]):
            self._require_command(ctx, args)
        return super().parse_args(ctx, [*speller.canonical(args[:first]), *args[first:]])

    def _require_command(self, ctx: click.Context, args: list[str]) -> None:
        """Refuse options of `train` in front of it, or without it, as old scripts for word2vec.c have them.

        Raises:
            UsageError: the first argument is an option of `train`.
        """
        command = self.get_command(ctx, "train")
        if command is not None and Speller(command, ctx, "").knows(args[0]):
            line = shlex.join(["train", *(arg for arg in args if arg not in COMMANDS)])
            shown = line if len(line) <= _LONGEST_ADVICE else f"train {args[0]} ..."
            raise UsageError(f"the name of a command comes first; did you mean '{ctx.command_path} {shown}'?")

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that comes first, and its arguments as Click expects them.

        Raises:
            UsageError: there is no such command, or it has no such option.
        """
        name, *rest = args
        name = _command_name(name)
        if rest and f"{name} {rest[0]}" in COMMANDS:
            name, rest = f"{name} {rest[0]}", rest[1:]
        command = self.get_command(ctx, name)
        if command is None and (not rest or rest[0] in ctx.help_option_names):
            self._show_commands_below(ctx, name)
        if command is None:
            raise UsageError(f"no such command {name}; {self._advice(ctx, name)}")
        speller = Speller(command, ctx, f"{ctx.command_path} {name}")
        tokens = speller.canonical(rest)
        for note in speller.notes:
            tell(f"note: {with_dashes(note)}")
        return name, command, tokens

    def _show_commands_below(self, ctx: click.Context, name: str) -> None:
        """Show the commands of two words that begin with `name`, and end, if there are any."""
        below = {command: COMMANDS[command].summary for command in COMMANDS if command.startswith(f"{name} ")}
        if below:
            formatter = ctx.make_formatter()
            formatter.write_usage(ctx.command_path, f"{name} COMMAND [OPTIONS]")
            with formatter.section("Commands"):
                formatter.write_dl(list(below.items()))
            click.echo(formatter.getvalue().rstrip("\n"))
            ctx.exit()

    def _advice(self, ctx: click.Context, name: str) -> str:
        path = ctx.command_path
        if below := [command for command in COMMANDS if command.startswith(f"{name} ")]:
            return f"there are {', '.join(below)}; '{path} {below[0]} --help' explains the first"
        if name in NOT_HERE:
            return NOT_HERE[name]
        if Path(name).exists():
            return f"did you mean '{path} train {shlex.quote(name)}'?"
        known = {command: command for command in COMMANDS} | ALIASES | ELSEWHERE
        from w2v.suggestions import closest_spellings

        if close := closest_spellings(name.replace("_", "-"), list(known), 1):
            return f"did you mean '{path} {known[close[0]]}'?"
        return f"'{path} --help' lists them"


def _command_name(written: str) -> str:
    """Return the name of a command that is written under another one, with dashes or underscores; or `written`."""
    return ALIASES.get(written.replace("_", "-"), written)
