"""`w2v convert`: vectors from one file format to another."""

from __future__ import annotations

import dataclasses
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from w2v.cli.commands import Command
from w2v.cli.console_progress import ConsoleProgress
from w2v.cli.estimate import show_need
from w2v.cli.outputs import STANDARD_OUTPUT
from w2v.cli.shared_options import FILE_NAME, build, dry_run_option, encoding_options, option, quiet_option
from w2v.cli.vectors_output import no_counts_option, to_option
from w2v.errors import UsageError, VectorsError
from w2v.options.checks import require_between, require_count
from w2v.options.encoding import EncodingOptions
from w2v.vectors.formats import compressed_described, described
from w2v.word_list import chosen_words, left_out, read_word_list
from w2v.wording import counted

if TYPE_CHECKING:
    from w2v.memory_need import MemoryNeed
    from w2v.vectors.formats.format import Format
    from w2v.vectors.vectors_size import VectorsSize

_HELP = f"""Write the vectors of IN to OUT in another format.

IN has any of these formats, or is a model; text and word2vec-binary may be compressed, or in a ZIP archive. The ending
of OUT selects its format:

{described()}

{compressed_described()} An unknown ending is an error, and --to chooses the format where there is none.
Word counts are kept if they are known.

Examples:
  w2v convert vectors.txt vectors.bin
  w2v convert GoogleNews-vectors-negative300.bin.gz news.txt --top 100000 --precision 4
  w2v convert vectors.txt words.tsv --top 10000
"""


@click.command("convert", cls=Command, help=_HELP)
@click.argument("source", metavar="IN", type=FILE_NAME)
@click.argument("target", metavar="OUT", type=FILE_NAME)
@to_option
@no_counts_option
@option(
    "--top",
    type=int,
    metavar="N",
    heading="Words",
    help="Take only the first N words, usually the most frequent.  [default: all]",
)
@option(
    "--words",
    "words_path",
    type=FILE_NAME,
    metavar="FILE",
    heading="Words",
    help="Take only the words in FILE, one per line; - is standard input.",
)
@option("--normalize", is_flag=True, heading="Values", help="Give each vector the length 1.")
@option(
    "--precision",
    type=int,
    metavar="N",
    heading="Values",
    help="Round values to N decimal places.  [default: as many as read back the same]",
)
@encoding_options
@dry_run_option
@quiet_option
def convert_command(
    source: Path,
    target: Path,
    file_format: str | None,
    no_counts: bool,
    top: int | None,
    words_path: Path | None,
    normalize: bool,
    precision: int | None,
    dry_run: bool,
    quiet: bool,
    **encoding: Any,
) -> None:
    """Convert one file."""
    from w2v.vectors import Vectors
    from w2v.vectors.formats import check_format, vectors_size
    from w2v.vectors.rounding import MOST_DECIMALS, rounded

    if target == STANDARD_OUTPUT:
        raise UsageError("OUT: give the name of a file; to see the vectors of a word, use w2v vector")
    if target.exists() and source.exists() and target.samefile(source):
        raise UsageError(f"{target}: is both IN and OUT; choose another name for OUT")
    if top is not None:
        require_count("top", top)
    if precision is not None:
        require_between("precision", precision, 0, MOST_DECIMALS)
    chosen_format = check_format(target, file_format, counts=not no_counts)
    copies = normalize + (precision is not None)
    need = _need(vectors_size(source, top), chosen_format, top, copies)
    if dry_run:
        show_need(need)
        return
    need.require(f"{source}: converting it needs about", partial(_advice, source, chosen_format, copies), VectorsError)
    lines = None if words_path is None else read_word_list(words_path, VectorsError)
    with ConsoleProgress(quiet=quiet) as progress:
        reading = dataclasses.asdict(build(EncodingOptions, encoding))
        vectors = Vectors.load(source, top=top, cache=False, progress=progress, **reading)
        unknown: list[str] = []
        if lines is not None:
            words, unknown = chosen_words(lines, vectors)
            vectors = vectors.select(words or unknown)
        vectors = vectors.normalized() if normalize else vectors  # one name, so that earlier values are not kept
        vectors = vectors if precision is None else rounded(vectors, precision)
        errors = reading["encoding_errors"]
        vectors.save(target, file_format, counts=not no_counts, encoding_errors=errors)
        if lines is not None and unknown:
            progress.note(left_out(unknown, len(lines), str(source)))
        size = f"{counted(len(vectors), 'word')} x {vectors.dim}"
        progress.say(f"wrote {size} to {target}, in the format {chosen_format.name}")


def _advice(source: Path, target: Format, copies: int, room: int) -> str:
    """Return which `top` would fit, or other options."""
    from w2v.memory_need import largest
    from w2v.vectors.formats import vectors_size

    size = vectors_size(source)
    fitting = largest(size.rows, lambda top: _need(vectors_size(source, top), target, top, copies).total <= room)
    if fitting:
        return f"`top={fitting}` would fit"
    return "end other programs" + (", or leave out `normalize` and `precision`" if copies else "")


def _need(size: VectorsSize, target: Format, top: int | None, copies: int) -> MemoryNeed:
    """Return what it takes to read vectors, to change the first `top` of them so many times, and to write them."""
    need, chosen = size.reading, size.first(top)
    for _ in range(copies):
        need = need.then(chosen.copying)
    return need.then(target.writing(chosen) if target.writing else chosen.writing)
