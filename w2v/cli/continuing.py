"""What `w2v train` says about a run as a whole: where it starts, and what it leaves beside the vectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from w2v.cli.declaring import FILE_NAME, build, field_option, stacked
from w2v.cli.outputs import STANDARD_OUTPUT, require_distinct, require_unread
from w2v.errors import UsageError
from w2v.options import RunOptions
from w2v.options.continuing import VOCAB_MODES

_HEADING = "Going on"

run_options = stacked(
    field_option(
        RunOptions,
        "save_model",
        type=FILE_NAME,
        metavar="FILE",
        heading=_HEADING,
        help="Write the whole model to FILE too, to train it on later: while training, when interrupted, and at the"
        " end. It takes twice the memory of the vectors.",
    ),
    field_option(
        RunOptions,
        "save_every",
        type=float,
        metavar="MINUTES",
        heading=_HEADING,
        help="How often to write --save-model while training; 0 writes it at the end only.",
    ),
    field_option(
        RunOptions,
        "resume",
        heading=_HEADING,
        help="Go on where the run that wrote --save-model was interrupted; from the beginning if there is no such"
        " file yet.",
    ),
    field_option(
        RunOptions,
        "init",
        type=FILE_NAME,
        metavar="FILE",
        heading=_HEADING,
        help="Start from the model in FILE, as --save-model wrote it. Options that are not given are those of the"
        " model.",
    ),
    field_option(
        RunOptions,
        "vocab_mode",
        type=click.Choice(VOCAB_MODES),
        metavar="RULE",
        heading=_HEADING,
        help="What to do about words that the model of --init doesn't have. keep: leave them out, and the counts of"
        " others as they are. extend: train them too, and add up counts.",
    ),
    field_option(
        RunOptions,
        "pretrained",
        type=FILE_NAME,
        metavar="FILE",
        heading=_HEADING,
        help="Start from the vectors in FILE, in any format that 'w2v similar' reads; words that it doesn't have start"
        " at random. It is replaced only if --output names it.",
    ),
    field_option(
        RunOptions,
        "yes",
        heading=_HEADING,
        help="Start even if one epoch may take longer than a day, as with --loss softmax and many words.",
    ),
)

log_option = field_option(
    RunOptions,
    "log",
    type=FILE_NAME,
    metavar="FILE",
    heading="Output",
    help="Write a line of JSON to FILE now and then, with epoch, words, seconds, words_per_second, lr and loss.",
)


def check_run(parameters: Mapping[str, Any], corpus: Sequence[str], outputs: Mapping[str, Path | None]) -> RunOptions:
    """Return what the command line says about the run; train_vectors checks that its files can be written.

    Args:
        parameters: those of the command.
        corpus: the files and folders to read.
        outputs: other files that the command writes, by the option that names them.

    Raises:
        UsageError: an option is out of range, options contradict each other, two of them name the same file, or one
            names a file of the corpus.
    """
    run = build(RunOptions, parameters)
    ours = {"--save-model": run.save_model, "--log": run.log}
    for name, path in ours.items():
        if path == STANDARD_OUTPUT:
            raise UsageError(f"{name} -: needs the name of a file")
    require_distinct({**outputs, **ours})
    if run.save_model is not None:
        require_unread(run.save_model, "--save-model", corpus, "the corpus")
    if run.log is not None:
        require_unread(run.log, "--log", corpus, "the corpus")
    return run
