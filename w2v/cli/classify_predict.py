"""`w2v classify predict`: labels or numbers for new texts."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from w2v.cli.classify import json_option, load, model_argument, table_options
from w2v.cli.commands import Command
from w2v.cli.outputs import output_option, require_unread, writing
from w2v.cli.shared_options import build, option
from w2v.errors import UsageError
from w2v.options import EncodingOptions
from w2v.options.classify import LabelledOptions


@click.command("predict", cls=Command)
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
    help="Print only labels with at least this probability.  [default: 0.5 where texts have several labels]",
)
@json_option
@output_option
@table_options
def classify_predict_command(
    model: Path,
    corpus: tuple[str, ...],
    count: int | None,
    proba: bool,
    threshold: float | None,
    as_json: bool,
    output: Path,
    **parameters: Any,
) -> None:
    """Print the label of each text, a line each, or the number of a regression.

    TEXT is a file with a text a line, or a .tsv, .csv or .jsonl file with a column of texts; the default, -, is
    standard input. Several labels, and probabilities, are separated by tabs.

    Examples:
      w2v classify predict reviews.model new.txt > labels.txt
      echo "a good film" | w2v classify predict reviews.model -k 3 --proba
    """
    if count is not None and count < 1:
        raise UsageError(f"-k must be at least 1, not {count}")
    files = list(corpus or ("-",))
    require_unread(output, "--output", files, "a text")
    labelled, encoding = build(LabelledOptions, parameters), build(EncodingOptions, parameters)
    trained = load(model)
    import numpy as np

    from w2v.classify.features import TEXTS_AT_ONCE
    from w2v.documents.records import is_table, read_records
    from w2v.documents.token_rows import in_batches

    texts = (
        record.text(labelled.text_column if is_table(name) else "text")
        for name in files
        for record in read_records([name], encoding)
    )
    reader = trained.features.reader()
    with writing(output) as stream:
        for batch in in_batches(texts, TEXTS_AT_ONCE):
            outputs = trained.outputs_of(reader.bags(batch))
            if trained.task == "regression":
                numbers = outputs[:, 0].tolist()
                lines = [json.dumps({"value": value}) if as_json else f"{value:.6g}" for value in numbers]
            else:
                least = (
                    0.5 if threshold is None and trained.task == "multilabel" and count is None else threshold or 0.0
                )
                most = count or (1 if trained.task == "multiclass" else len(trained.labels))
                order = np.argsort(-outputs, axis=1, kind="stable")[:, :most]
                lines = [
                    _line([(trained.labels[i], row[i]) for i in places if row[i] >= least], proba, as_json)
                    for row, places in zip(outputs.tolist(), order.tolist(), strict=True)
                ]
            stream.write("".join(f"{line}\n" for line in lines).encode())
            if stream is sys.stdout.buffer:
                stream.flush()


def _line(pairs: list[tuple[str, float]], proba: bool, as_json: bool) -> str:
    if as_json:
        return json.dumps({"labels": [label for label, _ in pairs], "probabilities": [round(p, 6) for _, p in pairs]},
                          ensure_ascii=False)  # fmt: skip
    return "\t".join(f"{label}\t{p:.4f}" if proba else label for label, p in pairs)
