"""Options of `w2v train` for continuing and resuming training, and for its log."""

from __future__ import annotations

import click

from w2v.cli.shared_options import FILE_NAME, field_option, stacked
from w2v.options import RunOptions
from w2v.options.continuing import VOCAB_MODES

_HEADING = "Continue training"

run_options = stacked(
    field_option(
        RunOptions,
        "save_model",
        type=FILE_NAME,
        metavar="FILE",
        heading=_HEADING,
        help="Save the model to FILE during training, on Ctrl-C and at the end.",
    ),
    field_option(
        RunOptions,
        "save_every",
        type=float,
        metavar="MINUTES",
        heading=_HEADING,
        help="Time between two saves of --save-model; 0: save at the end only.",
    ),
    field_option(
        RunOptions,
        "resume",
        heading=_HEADING,
        help="Resume the run that wrote --save-model; without that file, start a new run.",
    ),
    field_option(
        RunOptions,
        "init",
        type=FILE_NAME,
        metavar="FILE",
        heading=_HEADING,
        help="Start from the model in FILE; options not given are those of the model.",
    ),
    field_option(
        RunOptions,
        "vocab_mode",
        type=click.Choice(VOCAB_MODES),
        metavar="RULE",
        heading=_HEADING,
        help="New words with --init. keep: skip them, and keep the counts. extend: train them, and add up counts.",
    ),
    field_option(
        RunOptions,
        "pretrained",
        type=FILE_NAME,
        metavar="FILE",
        heading=_HEADING,
        help="Start from the vectors in FILE, in any format; other words start at random.",
    ),
    field_option(
        RunOptions,
        "yes",
        heading=_HEADING,
        help="Start even if an epoch may take longer than a day, or if memory may not suffice.",
    ),
)

cluster_option = field_option(
    RunOptions,
    "cluster",
    type=str,
    metavar="ADDRESS",
    heading="Training",
    help="Train on the workers of a Dask cluster: the address of its scheduler, or its scheduler file; local: on this "
    "machine, with a process for each of --threads (or --workers).",
)

log_option = field_option(
    RunOptions,
    "log",
    type=FILE_NAME,
    metavar="FILE",
    heading="Output",
    help="Log file: JSON lines with epoch, words, seconds, words_per_second, lr and loss.",
)
