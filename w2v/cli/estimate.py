"""What --dry-run prints: how much memory a command needs, and how much there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from w2v.cli.messages import one_line
from w2v.memory import Room, memory_room, resident, size_text
from w2v.memory_need import MemoryNeed
from w2v.wording import counted, shortened

if TYPE_CHECKING:
    from w2v.training.report import Estimate
    from w2v.vectors.vectors_size import VectorsSize

SHOWN_SENTENCES = 5
TRIAL_SECONDS = 2.0  # of training, which tell how long the run takes
_WIDTH = 100  # characters of a sentence


def show_estimate(estimate: Estimate) -> None:
    """Print what a run would read and need, a line for each thing."""
    sentences = [shortened(one_line(" ".join(tokens)), _WIDTH) for tokens in estimate.sentences]
    _show({
        "text": f"\n{'':<12}".join(sentences),
        "words": f"{estimate.vocabulary_size:,}",
        "tokens": f"{estimate.tokens:,}, of which {estimate.epoch_words:,} are trained in an epoch",
        "time": _time(estimate),
        **_memory(estimate.need, estimate.resident, estimate.room),
        "model file": size_text(estimate.model_bytes),
    })  # fmt: skip


def show_need(need: MemoryNeed, size: VectorsSize | None = None) -> None:
    """Print how much memory a command would need, and how much there is; `size` is that of the vectors it reads."""
    lines = _memory(need, resident(), memory_room())
    if size is not None and size.is_mapped:
        lines["mapped"] = (
            f"{size_text(size.mapped)} of the copy in the cache, which the system drops when it needs room"
        )
    _show(lines)


def _memory(need: MemoryNeed, taken: int, room: Room | None) -> dict[str, str]:
    parts = {"the process": taken, **need.parts}
    memory = f"{size_text(taken + need.total)}: " + ", ".join(f"{name} {size_text(n)}" for name, n in parts.items())
    if room is not None and need.total > room.bytes:
        memory += f"; {size_text(need.total - room.bytes)} too much"
    return {
        "memory": memory,
        "available": "unknown" if room is None else f"{size_text(taken + room.bytes)}; {room}",
    }


def _show(lines: dict[str, str]) -> None:
    for name, text in lines.items():
        click.echo(f"{name:<12}{text}")


def _time(estimate: Estimate) -> str:
    """Return how long the run takes, with what that is judged by."""
    timing = estimate.timing
    if timing is None:
        return "unknown, since there is too little memory to try"
    took = f"{duration(timing.seconds)} ({duration(timing.least)} to {duration(timing.most)})"
    return (
        f"{took if timing.most >= 1 else 'less than 1 s'} for {counted(estimate.epochs, 'epoch')}, judged by"
        f" {duration(timing.trial)} of training; reading the text took {duration(estimate.reading)}"
    )


def duration(seconds: float) -> str:
    """Return a time to two or three digits.

    Example:
        >>> duration(0.25), duration(42.4), duration(400), duration(5000), duration(200_000)
        ('0.2 s', '42 s', '6.7 min', '83 min', '56 h')
    """
    for unit, size, most in (("s", 1.0, 100.0), ("min", 60.0, 100.0), ("h", 3600.0, 100.0), ("days", 86400.0, 1e99)):
        if seconds < most * size:
            amount = seconds / size
            return f"{amount:.{0 if amount >= 9.95 else 1}f} {unit}"
    return "unknown"
