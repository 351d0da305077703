"""`w2v odd`: the word that does not go with the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from w2v.cli.answering import Kind, ask, json_option, vectors_options, words_argument
from w2v.cli.commands import Command
from w2v.errors import UsageError

if TYPE_CHECKING:
    from w2v.vectors import Neighbour, Vectors


class Odd(Kind["Sequence[str]", "list[Neighbour]"]):
    """The word farthest from the mean of all."""

    def read(self, tokens: Sequence[str], vectors: Vectors) -> Sequence[str]:  # noqa: ARG002
        """Return the words."""
        if len(tokens) < 3:
            raise UsageError(f"finding the odd one out takes three words or more, not {len(tokens)}")
        return tokens

    def words(self, question: Sequence[str]) -> Sequence[str]:
        """Return them all."""
        return question

    def answer(self, vectors: Vectors, questions: Sequence[Sequence[str]]) -> Sequence[list[Neighbour]]:
        """Return the words of each question, the most central first."""
        return [vectors.centrality(question) for question in questions]

    def lines(self, answer: list[Neighbour]) -> Iterator[str]:
        """Yield the odd one."""
        yield answer[-1].word

    def plain(self, answer: list[Neighbour]) -> object:
        """Return the odd one, and how similar each word is to the mean of all."""
        return {"odd": answer[-1].word, "words": [neighbour._asdict() for neighbour in answer]}


@click.command("odd", cls=Command)
@words_argument
@json_option
@vectors_options
def odd_command(words: tuple[str, ...], path: Path, as_json: bool, no_cache: bool) -> None:
    """Find the WORD that does not go with the others: the one farthest from the mean of their directions.

    Without words, each line of standard input is a question of its own.

    Examples:
      w2v odd lunch dinner supper car
      w2v odd lunch dinner supper car --json
    """
    ask(Odd(), words, path, as_json=as_json, no_cache=no_cache)
