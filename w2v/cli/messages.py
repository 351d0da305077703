"""Messages on standard error: each is one line that begins with `w2v: `."""

from __future__ import annotations

import contextlib
import re
from typing import TextIO

import click

from w2v.wording import spelled

# Of options that differ from their Python name.
_SPELLINGS = {
    "n": "-n",
    "file_format": "--to",
    "sources": "CORPUS",
    "casefold": "--case fold",
    "sentence_unit": "--sentences",
}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def one_line(text: str) -> str:
    """Return a text with its control characters escaped, such as those in a strange word or name of a file."""
    return text if text.isprintable() else _CONTROL.sub(lambda control: repr(control[0])[1:-1], text)


def tell(text: str, stream: TextIO | None = None) -> None:
    """Write one line to standard error or `stream`."""
    line = one_line(text)
    with contextlib.suppress(OSError):  # nobody reads standard error
        click.echo(f"w2v: {line}", file=stream, err=True)


def with_dashes(message: str) -> str:
    """Return a message of the library with its options as on the command line.

    Example:
        >>> with_dashes("`min_count` must be at least 1; use `loss=hs`")
        '--min-count must be at least 1; use --loss hs'
    """

    def option(name: str, value: str | None) -> str:
        spelling = _SPELLINGS.get(name, "--" + name.replace("_", "-"))
        return spelling if value in (None, "True") else f"{spelling} {value}"

    return spelled(message, option)


def usage_text(error: click.ClickException) -> str:
    """Return Click's message in our style: no capital, no full stop, and where to find the help."""
    text = error.format_message().rstrip(".")
    text = text[:1].lower() + text[1:]
    context = getattr(error, "ctx", None)
    return text if context is None else f"{text} (see '{context.command_path} --help')"
