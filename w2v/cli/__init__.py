"""The command line: only code here parses arguments, prints, and sets the exit code."""

from __future__ import annotations

import codecs
import contextlib
import io
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import Any, NoReturn, TextIO

import click

from w2v.cli.commands import Commands
from w2v.cli.messages import tell, usage_text, with_dashes
from w2v.cli.output_text import keep_bytes
from w2v.errors import W2VError

INTERRUPTED = 128 + signal.SIGINT
_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100, "show_default": True}


@click.group(cls=Commands, context_settings=_SETTINGS)
@click.version_option(package_name="w2v", message="w2v %(version)s")
def w2v_command() -> None:
    """Train word vectors on your own text, and query them.

    Start with:
      w2v train corpus.txt
      w2v similar king
    """


def main(args: Sequence[str] | None = None, prog_name: str = "w2v") -> NoReturn:
    """Run the command line and exit: 0 on success, 1 on failure, 2 on wrong usage, 130 on Ctrl-C.

    Args:
        args: the arguments after the name of the program; None takes those of the process.
        prog_name: the name of the program in its messages.
    """
    _open_closed_streams()
    with contextlib.suppress(ValueError):  # only the main thread can set signal handlers
        _exit_on_termination()
    if sys.stdout is sys.__stdout__:
        sys.stdout = _standard_output()
    if isinstance(sys.stdout, io.TextIOWrapper):
        codecs.register_error("w2v.keep_bytes", keep_bytes)
        sys.stdout.reconfigure(errors="w2v.keep_bytes")  # escape what the terminal can't show
    sys.exit(_run(sys.argv[1:] if args is None else list(args), prog_name))


def _run(args: list[str], prog_name: str) -> int:
    try:
        with w2v_command.make_context(prog_name, args or ["--help"]) as context:
            w2v_command.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as request:
        return request.exit_code
    except W2VError as error:
        return _fail(with_dashes(error.message), error.exit_code)
    except click.ClickException as error:
        return _fail(usage_text(error), error.exit_code)
    except KeyboardInterrupt:
        tell("interrupted")
        return INTERRUPTED
    except BrokenPipeError:  # the reader, such as head, has closed the pipe
        _discard_stdout()
        return 1
    except MemoryError:
        return _fail("out of memory; to train with less, lower --dim, --max-vocab, --window or --negative", 1)
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
    """Standard output; its errors name it."""

    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except OSError as error:
            error.filename = "standard output"
            raise


def _standard_output() -> TextIO:
    raw = _StandardOutput(sys.stdout.fileno(), "w", closefd=False)
    return io.TextIOWrapper(io.BufferedWriter(raw), encoding=sys.stdout.encoding, line_buffering=raw.isatty())


def _exit_on_termination() -> None:
    """Raise an exception on signals that would end the process at once, so that temporary files are removed."""

    def leave(number: int, _frame: FrameType | None) -> NoReturn:
        raise SystemExit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, leave)


def _fail(text: str, exit_code: int) -> int:
    tell(f"error: {text}")
    return exit_code


def _discard_stdout() -> None:
    """Send the interpreter's last flush to the null device, where it can't fail."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
