"""Progress as a tqdm bar, in terminals and notebooks: the one module of the library that shows anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from w2v.errors import UsageError
from w2v.options.checks import shown
from w2v.progress import Progress, Silent
from w2v.wording import as_python

if TYPE_CHECKING:
    from tqdm import tqdm

_METHODS = ("start", "update", "finish", "note")


def listener(progress: Progress | bool | None) -> Progress:
    """Return what receives progress: tqdm's bars for True, nothing for False and None, a Progress as it is.

    Raises:
        UsageError: `progress` is none of these.
    """
    if progress is None or progress is False:
        return Silent()
    if progress is True:
        return TqdmProgress()
    if all(callable(getattr(progress, name, None)) for name in _METHODS):
        return progress
    raise UsageError(f"`progress` must be True, False or a w2v.progress.Progress, not {shown(progress)}")


class TqdmProgress:
    """A bar for each task, and a line for each note, where tqdm writes them: standard error, or below the cell."""

    def __init__(self) -> None:
        self._bar: tqdm[None] | None = None

    def start(self, task: str, total: int | None, unit: str, before: int = 0) -> None:
        """Open a bar."""
        self.finish()  # of a task that an error ended
        self._bar = _bar_class()(desc=task, total=total, unit=unit, initial=before, unit_scale=True)

    def update(self, done: int, facts: dict[str, str] | None = None) -> None:
        """Move the bar."""
        if self._bar is not None:
            if facts:
                self._bar.set_postfix(facts, refresh=False)
            self._bar.update(done - self._bar.n)

    def finish(self) -> None:
        """Close the bar and leave it as it is."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def note(self, text: str) -> None:
        """Write a line where the bars are, above one that is open."""
        bar = self._bar
        if bar is None:
            bar = _bar_class()(delay=1)  # it is never shown, but says where bars go
            bar.close()
        bar.write(f"note: {as_python(text)}", file=bar.fp)


def _bar_class() -> type[tqdm[None]]:
    from tqdm.auto import tqdm  # takes time to import

    class Bar(tqdm):  # type: ignore[misc]
        monitor_interval = 0  # updates come often enough without a thread that asks for them

    return Bar
