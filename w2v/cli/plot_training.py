"""`w2v plot-training`: how a training run went, as curves."""

from __future__ import annotations

from pathlib import Path

import click

from w2v.cli.commands import Command
from w2v.cli.declaring import FILE_NAME, option, quiet_option
from w2v.cli.messages import tell
from w2v.cli.outputs import check_picture
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
    help="Where to draw: a name that ends in .png, .svg or .html.",
)
@option("--title", metavar="TEXT", heading="Output", help="What to write above.  [default: the names of the logs]")
@quiet_option
def plot_training_command(logs: tuple[Path, ...], output: Path, title: str | None, quiet: bool) -> None:
    """Draw loss, speed and learning rate from what 'w2v train --log' wrote.

    Of several logs, the curves are drawn together, to compare. A log can be drawn while it is being written.

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
        tell(f"drew {counted(lines, 'line')} of {counted(len(runs), 'log')}, saved to {output}")
