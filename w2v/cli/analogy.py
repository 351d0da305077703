"""`w2v analogy`: what is to one word as another is to a third."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from w2v.cli.answering import Search, ask, json_option, search_options, vectors_options, words_argument
from w2v.cli.commands import Command
from w2v.cli.similar import Similar
from w2v.errors import UsageError

if TYPE_CHECKING:
    from w2v.vectors import Query, Vectors


class Analogy(Similar):
    """The words closest to a - b + c."""

    def read(self, tokens: Sequence[str], vectors: Vectors) -> Query:  # noqa: ARG002
        """Return the question that three words ask."""
        from w2v.vectors import Query

        if len(tokens) != 3:
            raise UsageError(
                f"an analogy takes three words, not {len(tokens)}: king man woman asks for king - man + woman"
            )
        a, b, c = tokens
        return Query((a, c), (b,))


@click.command("analogy", cls=Command)
@words_argument
@search_options
@json_option
@vectors_options
def analogy_command(words: tuple[str, ...], path: Path, as_json: bool, no_cache: bool, **search: Any) -> None:
    """List what is to the third WORD as the first is to the second: the words closest to A - B + C.

    So king man woman asks who is to woman as king is to man. Without words, each line of standard input has three.

    Examples:
      w2v analogy king man woman
      w2v analogy paris france italy -n 1 --method mul
      w2v analogy < questions.txt > answers.tsv
    """
    ask(Analogy(Search(**search)), words, path, as_json=as_json, no_cache=no_cache)
