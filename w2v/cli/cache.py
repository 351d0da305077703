"""`w2v cache`: the copies of vectors files in the user's cache folder."""

from __future__ import annotations

import json
from datetime import datetime

import click

from w2v.cli.commands import Command
from w2v.cli.console_progress import amount
from w2v.cli.messages import tell
from w2v.wording import counted


@click.command("cache", cls=Command)
@click.option("--clear", is_flag=True, help="Remove all copies.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of objects.")
def cache_command(clear: bool, as_json: bool) -> None:
    """List the copies of vectors files that w2v keeps, or remove them.

    The second time a large vectors file is used, it is not read: a binary copy of it is mapped into memory. A copy is
    used only while size and time of the file stay the same. The variable W2V_CACHE_DIR names another folder for copies,
    and W2V_CACHE_LIMIT what they may take together, such as 20G; with 0, none are kept.

    Examples:
      w2v cache
      w2v cache --clear
    """
    from w2v.vectors import cache

    if clear:
        tell(f"removed {amount(cache.clear(), 'B')} from {cache.folder()}")
        return
    entries = cache.entries()
    if as_json:
        rows = [{**entry._asdict(), "file": str(entry.file), "source": str(entry.source)} for entry in entries]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for entry in entries:
        used = f"{datetime.fromtimestamp(entry.used):%Y-%m-%d %H:%M}"
        state = "" if entry.valid else "  (changed or gone: not used any more)"
        click.echo(f"{amount(entry.size, 'B'):>7}  {used}  {entry.words:>9,} x {entry.dim:<4} {entry.source}{state}")
    taken = amount(sum(entry.size for entry in entries), "B")
    tell(f"{counted(len(entries), 'copy')}, {taken} of at most {amount(cache.limit(), 'B')}, in {cache.folder()}")
