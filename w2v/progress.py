"""How long work tells where it stands: one small interface, told by the library and shown by whoever called it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """What a caller of the library may listen to. All methods are called from the thread that called the library."""

    def start(self, task: str, total: int | None, unit: str, before: int = 0) -> None:
        """Begin a task of `total` units (None when unknown), such as ("reading", 90_000_000, "B").

        Of these, `before` were done earlier, as of an interrupted task that goes on.
        """

    def update(self, done: int, facts: dict[str, str] | None = None) -> None:
        """Say that `done` units are done in all, those done earlier too.

        Facts are to be shown with it, such as {"lr": "0.0213", "loss": "2.31"}.
        """

    def finish(self) -> None:
        """End the task."""

    def note(self, text: str) -> None:
        """Tell the user one thing worth knowing, in one line."""


class Silent:
    """Shows nothing."""

    def start(self, task: str, total: int | None, unit: str, before: int = 0) -> None:
        """Ignore the start."""

    def update(self, done: int, facts: dict[str, str] | None = None) -> None:
        """Ignore the update."""

    def finish(self) -> None:
        """Ignore the end."""

    def note(self, text: str) -> None:
        """Ignore the note."""
