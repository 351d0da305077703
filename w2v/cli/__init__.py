"""The command line: only code here parses arguments, prints, and sets the exit code.

This module imports next to nothing, so that Ctrl-C is handled before all else is imported.
"""

from __future__ import annotations

import os
from _signal import SIGINT, default_int_handler, getsignal, signal  # `signal` would take milliseconds to import

TYPE_CHECKING = False  # as in typing, which would take longer still
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType
    from typing import NoReturn


def main(args: Sequence[str] | None = None, prog_name: str = "w2v") -> NoReturn:
    """Run the command line and exit: 0 on success, 1 on failure, 2 on wrong usage, 130 on Ctrl-C.

    Args:
        args: the arguments after the name of the program; None takes those of the process.
        prog_name: the name of the program in its messages.
    """
    before = getsignal(SIGINT)
    try:
        if before is default_int_handler:  # else it is ignored, or whoever called this has a handler of its own
            signal(SIGINT, _leave)
    except ValueError:  # only the main thread can set signal handlers
        before = None
    try:
        from w2v.cli.program import run

        raise SystemExit(run(args, prog_name))
    finally:
        if args is not None and before is default_int_handler:  # the process goes on
            signal(SIGINT, before)


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    """End the process, which has not begun its work, or has finished it."""
    os._exit(128 + SIGINT)  # as shells report it
