"""The `w2v` command and how its commands are found, read and shown: imported only when run, options under headings."""

from __future__ import annotations

import importlib
import inspect
from typing import Any, NamedTuple

import click

from w2v.cli.foreign_options import Speller
from w2v.errors import UsageError


class Entry(NamedTuple):
    """Where a command is defined, and its line in `w2v --help`, which imports none of them."""

    module: str
    attribute: str
    summary: str


# By the headings that `w2v --help` shows them under, in the order in which a newcomer needs them.
GROUPS = {
    "Train": {
        "train": Entry("w2v.cli.train", "train_command", "Train word vectors on text."),
        "vocab": Entry("w2v.cli.vocab", "vocab_command", "Count the words of a text."),
        "phrases": Entry("w2v.cli.phrases", "phrases_command", "Find words that belong together, and join them."),
    },
    "Ask": {
        "similar": Entry("w2v.cli.similar", "similar_command", "List the words closest to a word."),
        "analogy": Entry("w2v.cli.analogy", "analogy_command", "Answer what is to a word as another is to a third."),
        "similarity": Entry("w2v.cli.similarity", "similarity_command", "Tell how close two words are."),
        "odd": Entry("w2v.cli.odd", "odd_command", "Find the word that does not go with the others."),
        "vector": Entry("w2v.cli.vector", "vector_command", "Print the vector of a word."),
        "shell": Entry("w2v.cli.shell", "shell_command", "Ask one question after the other."),
    },
    "Evaluate": {
        "evaluate": Entry("w2v.cli.evaluate", "evaluate_command", "Score vectors on word pairs or analogies."),
    },
    "Convert": {
        "convert": Entry("w2v.cli.convert", "convert_command", "Write vectors in another file format."),
        "info": Entry("w2v.cli.info", "info_command", "Tell what a file of vectors or a model holds."),
        "cache": Entry("w2v.cli.cache", "cache_command", "List or remove cached copies of vectors files."),
    },
    "Look": {
        "cluster": Entry("w2v.cli.cluster", "cluster_command", "Group words of like meaning."),
        "map": Entry("w2v.cli.map", "map_command", "Draw a map of words, as a page or an image."),
        "plot-training": Entry("w2v.cli.plot_training", "plot_training_command", "Draw how training went."),
    },
}
COMMANDS = {name: entry for entries in GROUPS.values() for name, entry in entries.items()}

# What users of other tools type first, and what to type instead.
ELSEWHERE = {
    "skipgram": "train --model skipgram",
    "cbow": "train --model cbow",
    "word2vec": "train",
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
    "help": "--help",
}


class Option(click.Option):
    """An option with the heading that the help shows it under."""

    def __init__(self, *args: Any, heading: str = "Options", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.heading = heading


class _Described(click.Command):
    """Shows the help text as it is written: a paragraph with indented lines keeps its lines."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the help text, wrapping only what is not indented."""
        with formatter.indentation():
            for paragraph in inspect.cleandoc(self.help or "").split("\n\n"):
                verbatim = "\b\n" if "\n " in paragraph or paragraph.startswith(" ") else ""
                formatter.write_paragraph()
                formatter.write_text(verbatim + paragraph)


class Command(_Described):
    """A command whose help lists options under their headings, in the order in which headings first appear."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write one section for each heading, all with the same column for the explanations."""
        sections: dict[str, list[tuple[str, str]]] = {}
        heading = "Options"
        for parameter in self.get_params(ctx):
            if isinstance(parameter, click.Option) and (record := parameter.get_help_record(ctx)):
                heading = getattr(parameter, "heading", heading)  # --help comes last, and has none
                sections.setdefault(heading, []).append(record)
        width = max(len(spec) for records in sections.values() for spec, _ in records)
        for heading, records in sections.items():
            with formatter.section(heading):
                formatter.write_dl([(spec.ljust(width), text) for spec, text in records], col_max=width + 2)


class Commands(_Described, click.Group):
    """The commands in COMMANDS, each imported when it runs or shows its help."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names, in the order of GROUPS."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import one command."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command: click.Command = getattr(importlib.import_module(entry.module), entry.attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the summaries, without importing anything."""
        width = max(map(len, COMMANDS))
        for heading, entries in GROUPS.items():
            with formatter.section(heading):
                formatter.write_dl([(name.ljust(width), entry.summary) for name, entry in entries.items()])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read what stands before the command."""
        first = next((i for i, arg in enumerate(args) if not arg.startswith("-")), len(args))
        speller = Speller(self, ctx, ctx.command_path)
        return super().parse_args(ctx, [*speller.canonical(args[:first]), *args[first:]])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command named first, and what follows it in the spelling that Click reads.

        Raises:
            UsageError: there is no such command, or a token of it can't be read.
        """
        name, *rest = args
        command = self.get_command(ctx, name)
        if command is None:
            raise UsageError(f"no such command {name}; {self._advice(ctx, name)}")
        return name, command, Speller(command, ctx, f"{ctx.command_path} {name}").canonical(rest)

    def _advice(self, ctx: click.Context, name: str) -> str:
        path = ctx.command_path
        known = {command: command for command in COMMANDS} | ELSEWHERE
        from w2v.suggestions import closest_spellings

        if close := closest_spellings(name.replace("_", "-"), list(known), 1):
            return f"did you mean '{path} {known[close[0]]}'?"
        return f"'{path} --help' lists them"
