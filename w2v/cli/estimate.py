"""What --dry-run prints: how much memory a command needs, and how much there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from w2v.memory import Room, memory_room, resident, size_text
from w2v.memory_need import MemoryNeed

if TYPE_CHECKING:
    from w2v.training.report import Estimate


def show_estimate(estimate: Estimate) -> None:
    """Print what a training run would need, a line for each thing."""
    _show({
        "words": f"{estimate.vocabulary_size:,}",
        "tokens": f"{estimate.tokens:,}, of which {estimate.epoch_words:,} are trained in an epoch",
        **_memory(estimate.need, estimate.resident, estimate.room),
        "model file": size_text(estimate.model_bytes),
    })  # fmt: skip


def show_need(need: MemoryNeed, **facts: str) -> None:
    """Print how much memory a command would need, and facts about it."""
    _show({**facts, **_memory(need, resident(), memory_room())})


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
