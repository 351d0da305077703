"""`w2v similar`: the words closest to a word, or to several."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import click

from w2v.cli.commands import Command
from w2v.cli.shared import load_vectors, no_cache_option
from w2v.options import DEFAULT_NEIGHBOURS, DEFAULT_VECTORS


@click.command("similar", cls=Command)
@click.argument("words", metavar="WORD...", nargs=-1, required=True)
@click.option(
    "-n",
    "--count",
    "count",
    metavar="N",
    type=int,
    default=DEFAULT_NEIGHBOURS,
    show_default=True,
    help="How many to list.",
)
@click.option(
    "--vectors",
    "path",
    metavar="FILE",
    type=click.Path(path_type=Path),
    envvar="W2V_VECTORS",
    show_envvar=True,
    default=DEFAULT_VECTORS,
    show_default=True,
    help="Vectors to ask: word2vec text or binary, or GloVe, plain or compressed.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of objects with word and similarity.")
@no_cache_option
def similar_command(words: tuple[str, ...], count: int, path: Path, as_json: bool, no_cache: bool) -> None:
    """List the words closest in meaning to WORD, by the cosine of their vectors.

    Of several words, the mean of their directions is taken.

    Examples:
      w2v similar king
      w2v similar king queen -n 5 --json
    """
    neighbours = load_vectors(path, cache=not no_cache).similar(words, count)
    if as_json:
        click.echo(json.dumps([neighbour._asdict() for neighbour in neighbours], ensure_ascii=False, indent=2))
        return
    width = max((display_width(word) for word, _ in neighbours), default=0)
    for word, similarity in neighbours:
        click.echo(f"{word}{' ' * (width - display_width(word))}  {similarity:7.4f}")


def display_width(text: str) -> int:
    """Return the columns a terminal takes to show `text`: two for an East Asian wide character, none for a mark."""
    return sum(
        0 if unicodedata.category(char) in ("Mn", "Me", "Cf") else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )
