"""How long work reports its progress: one small interface that the library calls and its caller implements."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Receives progress and notes. All methods are called from the thread that called the library."""

    def start(self, task: str, total: int | None, unit: str, before: int = 0) -> None:
        """Begin a task of `total` units (None when unknown), such as ("reading", 90_000_000, "B").

        Of these, `before` were done earlier, in a task that was interrupted and resumes.
        """

    def update(self, done: int, facts: dict[str, str] | None = None) -> None:
        """Report that `done` units are done in all, those done earlier included.

        Facts belong to it, such as {"lr": "0.0213", "loss": "2.31"}.
        """

    def finish(self) -> None:
        """End the task."""

    def note(self, text: str) -> None:
        """Show the user one line; it spells options as w2v.wording describes."""


class Silent:
    """Ignores all progress and notes."""

    def start(self, task: str, total: int | None, unit: str, before: int = 0) -> None:
        """Ignore the start."""

    def update(self, done: int, facts: dict[str, str] | None = None) -> None:
        """Ignore the update."""

    def finish(self) -> None:
        """Ignore the end."""

    def note(self, text: str) -> None:
        """Ignore the note."""
