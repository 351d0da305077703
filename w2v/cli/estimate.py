"""What `w2v train --dry-run` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from w2v.memory import size_text

if TYPE_CHECKING:
    from w2v.training.report import Estimate


def show_estimate(estimate: Estimate) -> None:
    """Print what a run would need, a line for each thing."""
    need, room = estimate.need, estimate.room
    parts = {"the process": estimate.resident, **need.parts}
    lines = {
        "words": f"{estimate.vocabulary_size:,}",
        "tokens": f"{estimate.tokens:,}, of which {estimate.epoch_words:,} are trained in an epoch",
        "memory": f"{size_text(estimate.resident + need.total)}: "
        + ", ".join(f"{name} {size_text(size)}" for name, size in parts.items()),
        "available": "unknown" if room is None else f"{size_text(estimate.resident + room.bytes)}; {room}",
        "model file": size_text(estimate.model_bytes),
    }
    if room is not None and need.total > room.bytes:
        lines["memory"] += f"; {size_text(need.total - room.bytes)} too much"
    for name, text in lines.items():
        click.echo(f"{name:<12}{text}")
