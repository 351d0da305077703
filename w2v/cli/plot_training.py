"""`w2v plot-training`: the curves of training runs."""

from __future__ import annotations

from pathlib import Path

import click

from w2v.cli.commands import Command
from w2v.cli.messages import tell
from w2v.cli.outputs import check_picture
from w2v.cli.shared_options import FILE_NAME, option, quiet_option
from w2v.errors import UsageError
from w2v.options.pictures import DEFAULT_TRAINING_PLOT
from w2v.wording import counted


@click.command("plot-training", cls=Command)
@click.argument("logs", nargs=-1, type=FILE_NAME, metavar="LOG...")
@option(
    "-o",
    "--output",
    type=FILE_NAME,
    metavar="FILE",
    default=DEFAULT_TRAINING_PLOT,
    heading="Output",
    help="Output file: .png, .svg or .html.",
)
@option("--title", metavar="TEXT", heading="Output", help="Title.  [default: names of the logs]")
@quiet_option
def plot_training_command(logs: tuple[Path, ...], output: Path, title: str | None, quiet: bool) -> None:
    """Plot the loss, speed and learning rate in each LOG, written by 'w2v train --log'.

    The plot compares several logs. A log can be plotted while training runs.

    Examples:
      w2v plot-training train.jsonl
      w2v plot-training small.jsonl large.jsonl -o compared.svg
    """
    if not logs:
        raise UsageError("no log given; 'w2v train --log train.jsonl' writes one")
    check_picture(output)
    from w2v.pictures import draw_curves
    from w2v.training_log import read_training_log

    runs = [read_training_log(log) for log in logs]
    draw_curves(runs, output, ", ".join(run.name for run in runs) if title is None else title)
    if not quiet:
        lines = sum(len(run.words) for run in runs)
        tell(f"saved a plot of {counted(len(runs), 'log')} ({counted(lines, 'line')}) to {output}")
