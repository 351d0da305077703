"""`w2v plot-training`: the curves of training runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from w2v.cli.commands import Command
from w2v.cli.messages import tell
from w2v.cli.outputs import check_picture
from w2v.cli.picture_options import picture_options, require_image
from w2v.cli.shared_options import FILE_NAME, build, option, quiet_option
from w2v.errors import UsageError
from w2v.options import PictureOptions
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
    help="Output file: .png, .svg, .pdf or .html.",
)
@option("--title", metavar="TEXT", heading="Output", help="Title.  [default: name of the log, or number of runs]")
@picture_options
@quiet_option
def plot_training_command(
    logs: tuple[Path, ...], output: Path, title: str | None, quiet: bool, **parameters: Any
) -> None:
    """Plot the loss, speed and learning rate in each LOG, written by 'w2v train --log'.

    The plot compares several logs; losses of different training objectives have a panel each. A log can be plotted
    while training runs.

    Examples:
      w2v plot-training train.jsonl
      w2v plot-training small.jsonl large.jsonl -o compared.svg
    """
    if not logs:
        raise UsageError("no log given; 'w2v train --log train.jsonl' writes one")
    picture = build(PictureOptions, parameters)
    check_picture(output)
    if output.suffix.lower() == ".html":
        require_image(output, picture)
    from w2v.pictures import draw_curves
    from w2v.training_log import read_training_log

    runs = [read_training_log(log) for log in logs]
    if len({run.name for run in runs}) < len(runs):
        runs = [replace(run, name=str(log)) for run, log in zip(runs, logs, strict=True)]
    usual = runs[0].name if len(runs) == 1 else f"{len(runs)} training runs"
    draw_curves(runs, output, usual if title is None else title, picture)
    if not quiet:
        lines = sum(len(run.words) for run in runs)
        tell(f"saved a plot of {counted(len(runs), 'log')} ({counted(lines, 'line')}) to {output}")
