"""`w2v similar`: the words closest to a word, or to several, and far from others."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from w2v.cli.answering import Kind, Search, ask, json_option, search_options, vectors_options, words_argument
from w2v.cli.commands import Command
from w2v.cli.tables import aligned
from w2v.errors import UsageError

if TYPE_CHECKING:
    from w2v.vectors import Neighbour, Query, Vectors


class Similar(Kind["Query", "list[Neighbour]"]):
    """The words closest to what is asked for.

    Args:
        search: how to look for them.
    """

    def __init__(self, search: Search) -> None:
        self._search = search

    def read(self, tokens: Sequence[str], vectors: Vectors) -> Query:
        """Return the question; words may have signs."""
        return signed(tokens, vectors)

    def words(self, question: Query) -> Sequence[str]:
        """Return all words, of either sign."""
        return [word for word in (*question.positive, *question.negative) if isinstance(word, str)]

    def answer(self, vectors: Vectors, questions: Sequence[Query]) -> Sequence[list[Neighbour]]:
        """Return the neighbours for each question."""
        search = self._search
        return vectors.similar_batch(
            questions, search.count, method=search.method, restrict_vocab=search.restrict_vocab
        )

    def lines(self, answer: list[Neighbour]) -> Iterator[str]:
        """Yield a table of words and similarities."""
        return aligned([(word, f"{similarity:7.4f}") for word, similarity in answer])

    def rows(self, tokens: Sequence[str], answer: list[Neighbour]) -> Iterator[str]:
        """Yield the question, a word and its similarity, with tabs between."""
        for word, similarity in answer:
            yield f"{' '.join(tokens)}\t{word}\t{similarity:.4f}"

    def plain(self, answer: list[Neighbour]) -> object:
        """Return a list of objects with word and similarity."""
        return [neighbour._asdict() for neighbour in answer]


def signed(tokens: Sequence[str], known: Container[str]) -> Query:
    """Read words with signs: `king - man + woman`, or `king -man +woman`; a word without a sign is wanted.

    After a sign that stands alone, the next token is a word whatever it begins with, and so is a single token that is
    a known word.

    Raises:
        UsageError: there is no word after the last sign.
    """
    from w2v.vectors import Query

    if len(tokens) == 1 and tokens[0] in known:
        return Query(tuple(tokens))
    words: dict[str, list[str]] = {"+": [], "-": []}
    sign = ""
    for token in tokens:
        if sign:
            words[sign].append(token)
            sign = ""
        elif token in words:
            sign = token
        elif token[0] in words:
            words[token[0]].append(token[1:])
        else:
            words["+"].append(token)
    if sign:
        raise UsageError(f"there is no word after the last {sign}; write for example: king - man + woman")
    return Query(tuple(words["+"]), tuple(words["-"]))


class SignedWordsCommand(Command):
    """A command some of whose words may follow a minus sign; without a space, that looks like an option."""

    dash_advice = "to take a word away, put a space after the dash, as in: king - man + woman"


@click.command("similar", cls=SignedWordsCommand)
@words_argument
@search_options
@json_option
@vectors_options
def similar_command(words: tuple[str, ...], path: Path, as_json: bool, no_cache: bool, **search: Any) -> None:
    """List the words closest in meaning to WORD, by the cosine of their vectors.

    Of several words, the mean of their directions is taken; what follows a minus sign is taken away from it. Without
    any, each line of standard input is a question of its own.

    Examples:
      w2v similar king
      w2v similar king queen -n 5 --json
      w2v similar king - man + woman
      w2v similar < questions.txt > answers.tsv

    A word that begins with a dash is read as such after --, and if it is the only one or follows a sign that stands
    alone: w2v similar -- king -man +woman.
    """
    ask(Similar(Search(**search)), words, path, as_json=as_json, no_cache=no_cache)
