"""Options of the commands that write vectors, and the files that they write."""

from __future__ import annotations

from pathlib import Path

import click

from w2v.cli.shared_options import option
from w2v.vectors.formats import WRITTEN

ENDINGS = ", ".join(known.endings[0] for known in WRITTEN.values())

to_option = option(
    "--to",
    "file_format",
    metavar="FORMAT",
    type=click.Choice(tuple(WRITTEN)),
    heading="Output",
    help=f"Format of the vectors: {', '.join(WRITTEN)}.  [default: by the name of the file]",
)

no_counts_option = option(
    "--no-counts",
    is_flag=True,
    heading="Output",
    help="Don't write word counts. By default, they are kept in the file, or in OUT.counts beside it.",
)


def companions(output: Path, file_format: str | None, *, counts: bool) -> dict[str, Path | None]:
    """Return the files that are written beside vectors, by what they hold.

    Raises:
        UsageError: the name of the file has no format, or another one than `file_format`.
    """
    from w2v.vectors.formats import files_beside

    return {f"the {held} of --output": path for held, path in files_beside(output, file_format, counts=counts).items()}
