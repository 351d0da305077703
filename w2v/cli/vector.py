"""`w2v vector`: the numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

from w2v.cli.answering import Kind, ask, json_option, vectors_options, words_argument
from w2v.cli.commands import Command

if TYPE_CHECKING:
    from w2v.vectors import Vectors

Formatted: TypeAlias = "list[tuple[str, str]]"

_WORTH_COMPILING = 1 << 16  # values; fewer are written in less time than it takes to import Numba


class Vector(Kind["Sequence[str]", Formatted]):
    """The vectors of words, as word2vec's text format has them."""

    def read(self, tokens: Sequence[str], vectors: Vectors) -> Sequence[str]:  # noqa: ARG002
        """Return the words."""
        return tokens

    def words(self, question: Sequence[str]) -> Sequence[str]:
        """Return them all."""
        return question

    def answer(self, vectors: Vectors, questions: Sequence[Sequence[str]]) -> Sequence[Formatted]:
        """Return each word with its values, in the fewest digits that read back as they are."""
        words = [word for question in questions for word in question]
        values = _values(vectors, words)
        return [[(word, next(values)) for word in question] for question in questions]

    def lines(self, answer: Formatted) -> Iterator[str]:
        """Yield a line of a vectors file for each word."""
        for word, values in answer:
            yield f"{word} {values}"

    def rows(self, tokens: Sequence[str], answer: Formatted) -> Iterator[str]:  # noqa: ARG002
        """Yield the same: the word stands first anyway."""
        return self.lines(answer)

    def plain(self, answer: Formatted) -> object:
        """Return an object with a list of numbers for each word."""
        return {word: [float(value) for value in values.split()] for word, values in answer}


def _values(vectors: Vectors, words: Sequence[str]) -> Iterator[str]:
    from w2v.vectors.formats.decimals.numpy_printer import format_value
    from w2v.vectors.formats.text_rows import formatted_rows

    rows = vectors.matrix[[vectors.index(word) for word in words]]
    if rows.size < _WORTH_COMPILING:
        for row in rows:
            yield " ".join(map(format_value, row))
        return
    for block in formatted_rows([b""] * len(rows), rows):
        yield from bytes(block).decode().replace("\n ", "\n")[1:].splitlines()


@click.command("vector", cls=Command)
@words_argument
@json_option
@vectors_options
def vector_command(words: tuple[str, ...], path: Path, as_json: bool, no_cache: bool) -> None:
    """Print the vector of each WORD: a line with the word and its values, as in a vectors file.

    Without words, those of standard input are taken. For a whole file of them, 'w2v convert --words' is quicker.

    Examples:
      w2v vector king
      w2v vector king queen --json
      w2v vector < words.txt > vectors-of-words.txt
    """
    ask(Vector(), words, path, as_json=as_json, no_cache=no_cache)
