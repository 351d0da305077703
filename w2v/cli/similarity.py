"""`w2v similarity`: how close two words are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from w2v.cli.answering import Kind, ask, json_option, vectors_options, words_argument
from w2v.cli.commands import Command
from w2v.errors import UsageError

if TYPE_CHECKING:
    from w2v.vectors import Vectors


class Similarity(Kind["tuple[str, str]", float]):
    """The cosine of two words."""

    def read(self, tokens: Sequence[str], vectors: Vectors) -> tuple[str, str]:  # noqa: ARG002
        """Return the pair."""
        if len(tokens) != 2:
            raise UsageError(f"a similarity takes two words, not {len(tokens)}, such as: king queen")
        return tokens[0], tokens[1]

    def words(self, question: tuple[str, str]) -> Sequence[str]:
        """Return both."""
        return question

    def answer(self, vectors: Vectors, questions: Sequence[tuple[str, str]]) -> Sequence[float]:
        """Return the cosine of each pair."""
        cosines: list[float] = vectors.similarity_batch(questions).tolist()
        return cosines

    def lines(self, answer: float) -> Iterator[str]:
        """Yield the number."""
        yield f"{answer:.4f}"

    def plain(self, answer: float) -> object:
        """Return the number."""
        return answer


@click.command("similarity", cls=Command)
@words_argument
@json_option
@vectors_options
def similarity_command(words: tuple[str, ...], path: Path, as_json: bool, no_cache: bool) -> None:
    """Tell how close two WORDs are: the cosine of their vectors, at most 1.

    Without words, each line of standard input has two.

    Examples:
      w2v similarity king queen
      w2v similarity < pairs.txt > pairs.tsv
    """
    ask(Similarity(), words, path, as_json=as_json, no_cache=no_cache)
