"""Options that the commands of `w2v classify` share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from w2v.cli.document_options import format_option, skip_option, text_encoding_options, text_field_option
from w2v.cli.messages import tell
from w2v.cli.shared_options import FILE_NAME, field_option, option, stacked
from w2v.options.classify import LabelledOptions

if TYPE_CHECKING:
    from w2v.classify import TextClassifier

model_argument = click.argument("model", metavar="MODEL", type=FILE_NAME)

table_options = stacked(
    text_field_option,
    format_option,
    text_encoding_options,
)

labelled_options = stacked(
    field_option(
        LabelledOptions,
        "label_prefix",
        metavar="TEXT",
        heading="Data",
        help="What marks a label in a line of text.",
    ),
    field_option(
        LabelledOptions,
        "label_column",
        metavar="NAME",
        heading="Data",
        help="Column of labels or numbers, in .tsv, .csv and .json files.",
    ),
    field_option(
        LabelledOptions,
        "label_separator",
        metavar="TEXT",
        default_text="none: one label",
        heading="Data",
        help="What stands between several labels in that column.",
    ),
    table_options,
    skip_option,
)

json_option = option("--json", "as_json", is_flag=True, heading="Output", help="Print JSON.")


def use_one_thread_of_blas() -> None:
    """Let NumPy's matrix products use one thread, if NumPy is not imported yet.

    Those of a network are small, and their threads would wait for each other most of the time: with 484 labels and two
    busy cores, a product took 10 ms with two threads, and 0.1 ms with one. Texts are shared out among threads instead.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def loaded_classifier(model: Path) -> TextClassifier:
    """Read a classifier, and note if another version cuts texts now than cut those that it was trained on.

    Raises:
        ModelError: there is none, or it is damaged.
    """
    from w2v.classify.classifier_file import load_classifier
    from w2v.tokens.token_rules import cut_otherwise

    trained = load_classifier(model)
    corpus = trained.features.options
    if (note := cut_otherwise(str(model), trained.tokens_by, corpus.tokens, corpus)) is not None:
        tell(f"note: {note}")
    return trained
