"""What `w2v train --dry-run` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from w2v.cli.messages import one_line
from w2v.memory import size_text
from w2v.wording import counted, shortened

if TYPE_CHECKING:
    from w2v.training.report import Estimate

SHOWN_SENTENCES = 5
TRIAL_SECONDS = 2.0  # of training, which tell how long the run takes
_WIDTH = 100  # characters of a sentence


def show_estimate(estimate: Estimate) -> None:
    """Print what a run would read and need, a line for each thing."""
    need, room = estimate.need, estimate.room
    parts = {"the process": estimate.resident, **need.parts}
    sentences = [shortened(one_line(" ".join(tokens)), _WIDTH) for tokens in estimate.sentences]
    lines = {
        "text": f"\n{'':<12}".join(sentences),
        "words": f"{estimate.vocabulary_size:,}",
        "tokens": f"{estimate.tokens:,}, of which {estimate.epoch_words:,} are trained in an epoch",
        "time": _time(estimate),
        "memory": f"{size_text(estimate.resident + need.total)}: "
        + ", ".join(f"{name} {size_text(size)}" for name, size in parts.items()),
        "available": "unknown" if room is None else f"{size_text(estimate.resident + room.bytes)}; {room}",
        "model file": size_text(estimate.model_bytes),
    }
    if estimate.lacking:
        lines["memory"] += f"; {size_text(estimate.lacking)} too much"
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
