"""Options of `w2v train` that say where a run starts, and what it leaves for the next one."""

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
        help="Save the model to FILE during and after training, and on Ctrl-C; twice the size of the vectors.",
    ),
    field_option(
        RunOptions,
        "save_every",
        type=float,
        metavar="MINUTES",
        heading=_HEADING,
        help="Minutes between two saves of --save-model; 0: save at the end only.",
    ),
    field_option(
        RunOptions,
        "resume",
        heading=_HEADING,
        help="Resume the interrupted run that wrote --save-model; without that file, start a new run.",
    ),
    field_option(
        RunOptions,
        "init",
        type=FILE_NAME,
        metavar="FILE",
        heading=_HEADING,
        help="Start from the model in FILE, written by --save-model; options not given are those of the model.",
    ),
    field_option(
        RunOptions,
        "vocab_mode",
        type=click.Choice(VOCAB_MODES),
        metavar="RULE",
        heading=_HEADING,
        help="How to treat words that the model of --init lacks. keep: skip them, and keep the model's counts. extend:"
        " train them too, and add up counts.",
    ),
    field_option(
        RunOptions,
        "pretrained",
        type=FILE_NAME,
        metavar="FILE",
        heading=_HEADING,
        help="Start from the vectors in FILE, in any format that 'w2v similar' reads; other words start at random.",
    ),
    field_option(
        RunOptions,
        "yes",
        heading=_HEADING,
        help="Start even if an epoch may take longer than a day, as with --loss softmax and many words.",
    ),
)

log_option = field_option(
    RunOptions,
    "log",
    type=FILE_NAME,
    metavar="FILE",
    heading="Output",
    help="Log of training: JSON lines with epoch, words, seconds, words_per_second, lr and loss.",
)
