"""Progress on standard error: a bar at a terminal, a line every ten seconds elsewhere."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from w2v.cli.messages import tell, with_dashes

if TYPE_CHECKING:
    from tqdm import tqdm

SECONDS_BETWEEN_LINES = 10.0
_BAR = "{desc} {percentage:3.0f}%|{bar}| {rate_fmt}{postfix}, {remaining} left"
_BAR_WITHOUT_END = "{desc} {n_fmt}{unit}, {rate_fmt}{postfix}, {elapsed} so far"


class _Task(NamedTuple):
    name: str
    total: int | None
    unit: str
    started: float
    before: int = 0


class ConsoleProgress:
    """Shows progress at a terminal, or writes it to a log; a w2v.progress.Progress.

    As a context manager, it leaves an unfinished bar on a line of its own, even after an error.

    Args:
        quiet: show nothing, not even notes.
        stream: where to write; None is standard error.
        clock: returns the time in seconds.

    Attributes:
        rates: the speed of each finished task, such as {"training": "3.26M words/s"}.
    """

    def __init__(
        self, *, quiet: bool = False, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.rates: dict[str, str] = {}
        self._stream = sys.stderr if stream is None else stream
        self._quiet = quiet
        self._terminal = self._stream.isatty() and os.environ.get("TERM") != "dumb"
        self._clock = clock
        self._task = _Task("", None, "", 0.0)
        self._done = 0
        self._facts = ""
        self._next_line = 0.0
        self._bar: tqdm[None] | None = None
        self._listening = contextlib.ExitStack()

    def __enter__(self) -> ConsoleProgress:
        """Show nothing yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave an unfinished bar, and move the cursor below it."""
        self._listening.close()
        self._close_bar(leave=True)

    def tell_compiling(self) -> None:
        """Note once that Numba compiles, when its cache is empty.

        Imports Numba, so call it only where that is imported anyway.
        """
        from numba.core import event

        from w2v.kernel_cache import outlook

        class Teller(event.Listener):
            def __init__(self, progress: ConsoleProgress) -> None:
                self._progress: ConsoleProgress | None = progress

            def on_start(self, event: Any) -> None:  # noqa: ARG002
                if self._progress is not None:
                    self._progress.note(outlook())
                    self._progress = None

            def on_end(self, event: Any) -> None:
                """Ignore the end."""

        self._listening.enter_context(event.install_listener("numba:compile", Teller(self)))

    def start(self, task: str, total: int | None, unit: str, before: int = 0) -> None:
        """Begin a task of `total` units, None if unknown, of which `before` are done already."""
        now = self._clock()
        self._task = _Task(task, total, unit, now, before)
        self._done, self._facts, self._next_line = before, "", now + SECONDS_BETWEEN_LINES
        if self._terminal and not self._quiet:
            self._bar = _new_bar(self._task, self._stream)

    def update(self, done: int, facts: dict[str, str] | None = None) -> None:
        """Report that `done` units are done; without new facts, the last ones stay."""
        self._done = done
        if facts is not None:
            self._facts = "".join(f", {name} {value}" for name, value in facts.items())
        if self._bar is not None:
            self._bar.set_postfix_str(self._facts[2:], refresh=False)
            self._bar.update(done - self._bar.n)
        elif (now := self._clock()) >= self._next_line:
            self._next_line = now + SECONDS_BETWEEN_LINES
            self.say(self._standing(now - self._task.started))

    def finish(self) -> None:
        """End the task with a line that says how long it took, except after an error."""
        if sys.exc_info()[0] is not None:
            return
        task, seconds = self._task, self._clock() - self._task.started
        done = self._done - task.before
        self.rates[task.name] = rate = _rate(done, seconds, task.unit)
        self._close_bar(leave=False)
        if done:
            self.say(f"{task.name}: {amount(done, task.unit)} in {seconds:.1f} s, {rate}{self._facts}")

    def note(self, text: str) -> None:
        """Show one line worth knowing."""
        self.say(f"note: {with_dashes(text)}")

    def say(self, text: str) -> None:
        """Write one line, above the bar if there is one."""
        if self._quiet:
            return
        if self._bar is not None:
            self._bar.clear()
        tell(text, self._stream)
        if self._bar is not None:
            self._bar.refresh()

    def _standing(self, seconds: float) -> str:
        task, done = self._task, self._done - self._task.before
        rate = _rate(done, seconds, task.unit)
        if not task.total:
            return f"{task.name}: {amount(self._done, task.unit)} so far, {rate}{self._facts}"
        text = f"{task.name}: {self._done / task.total:.0%}, {rate}{self._facts}"
        if not done:
            return text
        minutes, rest = divmod(round(seconds * (task.total - self._done) / done), 60)
        return f"{text}, {minutes:02d}:{rest:02d} left"

    def _close_bar(self, *, leave: bool) -> None:
        if self._bar is not None:
            self._bar.leave = leave
            self._bar.close()
            self._bar = None


def _new_bar(task: _Task, stream: TextIO) -> tqdm[None]:
    from tqdm import tqdm  # slow to import, and needed at a terminal only

    tqdm.monitor_interval = 0  # updates come often enough without a monitoring thread
    tqdm.set_lock(threading.RLock())  # the default lock serves several processes; we have one
    sized = all(os.get_terminal_size(stream.fileno()))  # tqdm shows nothing where the size is 0
    return tqdm(
        desc=f"w2v: {task.name}",
        total=task.total,
        initial=task.before,
        unit=_spaced(task.unit),
        unit_scale=True,
        bar_format=_BAR if task.total else _BAR_WITHOUT_END,
        dynamic_ncols=sized,
        ncols=None if sized else 80,
        nrows=None if sized else 24,
        miniters=1,
        file=stream,
    )


def _rate(done: int, seconds: float, unit: str) -> str:
    return f"{amount(done / max(seconds, 1e-9), unit)}/s"


def amount(number: float, unit: str) -> str:
    """Return a number in three digits with its unit.

    Example:
        >>> amount(90e6, "B"), amount(3.26e6, "words"), amount(1, "words")
        ('90.0MB', '3.26M words', '1 word')
    """
    for prefix in ("", "k", "M", "G"):
        if number < 999.5 or prefix == "G":
            break
        number /= 1000
    if not prefix and round(number) == 1:
        unit = unit.removesuffix("s")
    digits = 0 if number >= 99.95 or not prefix else 1 if number >= 9.995 else 2
    return f"{number:.{digits}f}{prefix}{_spaced(unit)}"


def _spaced(unit: str) -> str:
    return unit if unit == "B" else f" {unit}"
