"""`w2v cache`: the copies of vectors files in the user's cache folder."""

from __future__ import annotations

from datetime import datetime

import click

from w2v.cli.commands import Command
from w2v.cli.console_progress import amount
from w2v.cli.messages import tell
from w2v.cli.output_text import json_text
from w2v.wording import counted


@click.command("cache", cls=Command)
@click.option("--clear", is_flag=True, help="Remove all copies.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of objects.")
def cache_command(clear: bool, as_json: bool) -> None:
    """List the cached copies of vectors files, or remove them.

    When a large vectors file is used again, w2v maps a binary copy of it into memory instead of reading it. It
    uses a copy only while the size and the time of the file stay the same. The environment variable W2V_CACHE_DIR names
    another folder for copies; W2V_CACHE_LIMIT limits their total size, such as 20G, and 0 keeps none.

    Examples:
      w2v cache
      w2v cache --clear
    """
    from w2v.vectors import cache

    if clear:
        tell(f"removed {amount(cache.clear(), 'B')} from {cache.folder()}")
        return
    copies = cache.copies()
    if as_json:
        rows = [{**copy._asdict(), "file": str(copy.file), "source": str(copy.source)} for copy in copies]
        click.echo(json_text(rows, indent=2))
        return
    for copy in copies:
        used = f"{datetime.fromtimestamp(copy.used):%Y-%m-%d %H:%M}"
        state = "" if copy.valid else "  (changed or gone: not used any more)"
        click.echo(f"{amount(copy.size, 'B'):>7}  {used}  {copy.words:>9,} x {copy.dim:<4} {copy.source}{state}")
    taken = amount(sum(copy.size for copy in copies), "B")
    tell(f"{counted(len(copies), 'copy')}, {taken} of at most {amount(cache.limit(), 'B')}, in {cache.folder()}")
