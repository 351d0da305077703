"""`w2v classify predict`: labels or numbers for new texts."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from w2v.cli.classify_options import (
    json_option,
    loaded_classifier,
    model_argument,
    table_options,
    use_one_thread_of_blas,
)
from w2v.cli.commands import Command
from w2v.cli.shared_options import build, option, threads_option
from w2v.errors import UsageError
from w2v.options import EncodingOptions
from w2v.options.checks import require_between
from w2v.options.classify import DEFAULT_THRESHOLD, LabelledOptions
from w2v.word_list import STANDARD_INPUT

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from w2v.classify import TextClassifier


@click.command("classify predict", cls=Command)
@model_argument
@click.argument("corpus", nargs=-1, metavar="[TEXT...]")
@option("-k", "count", type=int, default=None, metavar="N", heading="Output", help="Print the N likeliest labels.")
@option("--proba", is_flag=True, heading="Output", help="Print the probability of each label too.")
@option(
    "--threshold",
    type=float,
    default=None,
    metavar="X",
    heading="Output",
    help=f"Print only labels with at least this probability.  [default: {DEFAULT_THRESHOLD} with several labels]",
)
@json_option
@table_options
@threads_option
def classify_predict_command(
    model: Path,
    corpus: tuple[str, ...],
    count: int | None,
    proba: bool,
    threshold: float | None,
    as_json: bool,
    threads: int,
    **parameters: Any,
) -> None:
    """Print the label of each text, a line each, or the number of a regression.

    TEXT is a file with a text a line, or a .tsv, .csv or .json file with a column of texts; the default, -, is
    standard input. Several labels, and probabilities, are separated by tabs.

    Examples:
      w2v classify predict reviews.model new.txt > labels.txt
      echo "a good film" | w2v classify predict reviews.model -k 3 --proba
    """
    use_one_thread_of_blas()
    if count is not None and count < 1:
        raise UsageError(f"-k must be at least 1, not {count}")
    files = list(corpus or ("-",))
    labelled, encoding = build(LabelledOptions, parameters), build(EncodingOptions, parameters)
    if threshold is not None:
        require_between("threshold", threshold, 0, 1)
    trained = loaded_classifier(model)
    if trained.task == "regression" and (count is not None or proba or threshold is not None):
        raise UsageError(f"{model}: predicts numbers, not labels; leave out -k, --proba and --threshold")
    from w2v.documents.record_files import is_regular, is_table, read_text_blocks

    def printed(outputs: npt.NDArray[np.float32]) -> bytes:
        return _text(outputs, trained, count, threshold, proba, as_json).encode()

    for name in files:
        fields = labelled.field if is_table(name, labelled.format) else ()
        # On one thread, the labels of a line in a pipe are printed before the next line is there.
        pauses = name == STANDARD_INPUT and not is_regular(sys.stdin.buffer)
        blocks = read_text_blocks([name], fields, encoding, labelled.format)
        with closing(trained.predict_blocks(blocks, printed, 1 if pauses else threads)) as found:
            for lines in found:
                sys.stdout.buffer.write(lines)
                sys.stdout.buffer.flush()


def _text(
    outputs: npt.NDArray[np.float32],
    trained: TextClassifier,
    count: int | None,
    threshold: float | None,
    proba: bool,
    as_json: bool,
) -> str:
    """Return a line for each text."""
    from w2v.classify.text_classifier import given_labels

    if trained.task == "regression":
        numbers = outputs[:, 0].tolist()
        return "".join(json.dumps({"value": x}) + "\n" if as_json else f"{x:.6g}\n" for x in numbers)
    labels, single = trained.names, trained.task == "multiclass"
    if single and count in (None, 1) and threshold is None and not proba and not as_json:  # as nearly always
        return "".join([labels[place] + "\n" for place in outputs.argmax(axis=1).tolist()])
    given = given_labels(outputs, trained.task, threshold, count)
    order = (given * -outputs).argsort(axis=1, kind="stable")
    rows = zip(outputs.tolist(), order.tolist(), given.sum(axis=1).tolist(), strict=True)
    chosen = ([(labels[i], row[i]) for i in places[:size]] for row, places, size in rows)
    return "".join(_line(pairs, proba, as_json) + "\n" for pairs in chosen)


def _line(pairs: list[tuple[str, float]], proba: bool, as_json: bool) -> str:
    if as_json:
        return json.dumps({"labels": [label for label, _ in pairs], "probabilities": [round(p, 6) for _, p in pairs]},
                          ensure_ascii=False)  # fmt: skip
    return "\t".join(f"{label}\t{p:.4f}" if proba else label for label, p in pairs)
