"""The `w2v` command: one run of it, from the arguments to the exit code."""

from __future__ import annotations

import codecs
import io
import os
import sys
from collections.abc import Sequence
from typing import Any, TextIO

import click

from w2v.cli.commands import Commands
from w2v.cli.messages import tell, usage_text, with_dashes
from w2v.cli.output_text import keep_bytes
from w2v.cli.signals import INTERRUPTED, raised_over_errors, raised_signals
from w2v.errors import W2VError
from w2v.version import installed_version

# What takes less memory, by command.
_EXPECTED = W2VError, click.ClickException, click.exceptions.Exit, OSError, MemoryError
_LESS_MEMORY = {
    "train": "lower --dim, --max-vocab, --window or --negative",
    "phrases": "lower --memory",
}
_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100, "show_default": True}


def _show_version(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked:
        click.echo(f"w2v {installed_version()}")
        context.exit()


@click.group(cls=Commands, context_settings=_SETTINGS)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version and exit.",
)
def w2v_command() -> None:
    """Train word vectors on your own text, and query them.

    Start with:
      w2v train corpus.txt
      w2v similar king
    """


def run(args: Sequence[str] | None, prog_name: str) -> int:
    """Run one command and return the exit code.

    Args:
        args: the arguments after the name of the program; None takes those of the process.
        prog_name: the name of the program in its messages.
    """
    _open_closed_streams()
    if sys.stdout is sys.__stdout__:
        sys.stdout = _standard_output()
    if isinstance(sys.stdout, io.TextIOWrapper):
        codecs.register_error("w2v.keep_bytes", keep_bytes)
        sys.stdout.reconfigure(errors="w2v.keep_bytes")  # escape what the terminal can't show
    try:
        with raised_signals():
            return _run(sys.argv[1:] if args is None else list(args), prog_name)
    except KeyboardInterrupt:  # again, while the first one was handled
        return INTERRUPTED


def _run(args: list[str], prog_name: str) -> int:
    try:
        with w2v_command.make_context(prog_name, args or ["--help"]) as context, raised_over_errors(_EXPECTED):
            w2v_command.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as request:
        return request.exit_code
    except W2VError as error:
        return _fail(with_dashes(error.message), error.exit_code)
    except click.ClickException as error:
        return _fail(usage_text(error), error.exit_code)
    except KeyboardInterrupt:
        _discard_stdout()
        tell("interrupted")
        return INTERRUPTED
    except SystemExit:  # another signal
        _discard_stdout()
        raise
    except BrokenPipeError:  # the reader, such as head, has closed the pipe
        _discard_stdout()
        return 1
    except MemoryError:
        command = next((arg for arg in args if not arg.startswith("-")), "")
        return _fail(f"out of memory; {_LESS_MEMORY.get(command, 'close other programs, or use a smaller file')}", 1)
    except OSError as error:
        _discard_stdout()
        return _fail(f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error), 1)
    return 0


def _open_closed_streams() -> None:
    """Replace standard streams that were closed at the start, so that no other file gets their numbers.

    Reading standard input or writing standard output is then an error; messages are dropped.
    """
    for name, direction, mode in (
        ("stdin", os.O_WRONLY, "r"),
        ("stdout", os.O_RDONLY, "w"),
        ("stderr", os.O_RDWR, "w"),
    ):
        if getattr(sys, name) is None:
            stream = os.fdopen(os.open(os.devnull, direction), mode)  # gets the lowest free number
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)


class _StandardOutput(io.FileIO):
    """Standard output; its errors name it.

    Attributes:
        is_discarded: whether what is still to be written is dropped: it can't be, or it was written before an
            interrupt, which the buffer does not know.
    """

    is_discarded = False

    def write(self, data: Any) -> int:
        if self.is_discarded:
            return memoryview(data).nbytes
        try:
            return super().write(data)
        except OSError as error:
            error.filename = "standard output"
            raise


def _standard_output() -> TextIO:
    raw = _StandardOutput(sys.stdout.fileno(), "w", closefd=False)
    return io.TextIOWrapper(io.BufferedWriter(raw), encoding=sys.stdout.encoding, line_buffering=raw.isatty())


def _fail(text: str, exit_code: int) -> int:
    tell(f"error: {text}")
    return exit_code


def _discard_stdout() -> None:
    """Drop what the interpreter's last flush would write."""
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    if isinstance(raw, _StandardOutput):
        raw.is_discarded = True
