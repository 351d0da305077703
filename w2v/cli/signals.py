"""Signals that end a command raise an exception, so that temporary files are removed and a model is saved."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

INTERRUPTED = 128 + signal.SIGINT  # the exit code
_LATER = 0.002  # seconds
_ONCE = 1.0  # seconds in which a signal that comes again counts once: timeout(1) and terminals send it twice
_MACHINERY = "<frozen importlib._bootstrap>"
_came: list[tuple[float, int]] = []  # when the signal came that ends the command now, and its number


@contextlib.contextmanager
def raised_signals() -> Iterator[None]:
    """Raise KeyboardInterrupt on Ctrl-C in the block, and SystemExit on the other signals that would end the process.

    No exception is raised while a module is being imported: the import machinery and C extensions print what they
    can't pass on, and a module that is half imported stays broken. The exception comes soon after. So does one that
    was raised where Python must ignore exceptions, such as in a destructor. What the destructors of half-made objects
    complain about after the exception is not shown.

    After the exception, a model is saved and temporary files are removed. A signal that comes again within a second is
    ignored meanwhile; a later one ends the process at once.
    """
    forget_signal()
    before: dict[int, Any] = {}
    hook = sys.unraisablehook
    try:
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, _handle)
        sys.unraisablehook = _raised_again(hook)
    except ValueError:  # only the main thread can set signal handlers
        pass
    try:
        yield
    finally:
        if before:
            _forget_retry()
        forget_signal()
        sys.unraisablehook = hook
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def raised_over_errors(expected: tuple[type[Exception], ...]) -> Iterator[None]:
    """Raise the exception of a signal in place of an error that came after it, except for expected ones.

    Code that the first one ends may fail while it cleans up: Numba's compiler then finds its library unfinished.
    """
    try:
        yield
    except expected:
        raise
    except Exception:
        if _came:
            raise _exception(_came[0][1]) from None
        raise


def forget_signal() -> None:
    """Take the next signal for the first one, since the last one ended only a part of the work."""
    _came.clear()


def _handle(number: int, frame: FrameType | None) -> None:
    now = time.monotonic()
    if not _came:
        _came.append((now, number))
        _raise_when_possible(number, frame)
    elif now - _came[0][0] >= _ONCE:
        os._exit(128 + number)  # what is left behind, the next run removes


def _raise_when_possible(number: int, frame: FrameType | None) -> None:
    if _is_importing(frame) and _retry(number):
        return
    raise _exception(number)


def _exception(number: int) -> BaseException:
    return KeyboardInterrupt() if number == signal.SIGINT else SystemExit(128 + number)


def _is_importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename == _MACHINERY:
            return True
        frame = frame.f_back
    return False


def _retry(number: int) -> bool:
    """Handle a signal again in a moment, and say whether that can be done; Windows has no such timer."""
    if not hasattr(signal, "setitimer"):
        return False
    signal.signal(signal.SIGALRM, lambda _, frame: _raise_when_possible(number, frame))
    signal.setitimer(signal.ITIMER_REAL, _LATER)
    return True


def _forget_retry() -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)


def _raised_again(hook: Callable[[sys.UnraisableHookArgs], Any]) -> Callable[[sys.UnraisableHookArgs], None]:
    """Return a hook that handles a signal again whose exception Python could not raise.

    All else goes to `hook`, unless a signal has come: it may have ended the making of an object that can't be destroyed
    in order.
    """

    def raise_again(ignored: sys.UnraisableHookArgs) -> None:
        error = ignored.exc_value
        number = signal.SIGINT if isinstance(error, KeyboardInterrupt) else 0
        if isinstance(error, SystemExit) and isinstance(error.code, int):
            number = error.code - 128
        if number > 0 and _retry(number):
            return
        if not _came:
            hook(ignored)

    return raise_again
