"""`w2v classify test`: how good a classifier is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from w2v.cli.classify_options import (
    json_option,
    labelled_options,
    loaded_classifier,
    model_argument,
    use_one_thread_of_blas,
)
from w2v.cli.commands import Command
from w2v.cli.messages import tell
from w2v.cli.outputs import check_picture, require_unread
from w2v.cli.picture_options import picture_options, require_image
from w2v.cli.shared_options import FILE_NAME, build, option
from w2v.cli.tables import aligned
from w2v.errors import CorpusError, UsageError
from w2v.options import EncodingOptions, PictureOptions
from w2v.options.classify import DEFAULT_THRESHOLD, LabelledOptions
from w2v.wording import counted

if TYPE_CHECKING:
    from w2v.classify.scores import ClassScores, NumberScores


@click.command("classify test", cls=Command)
@model_argument
@click.argument("corpus", nargs=-1, metavar="DATA...")
@option(
    "--threshold",
    type=float,
    default=DEFAULT_THRESHOLD,
    metavar="X",
    heading="Output",
    help="Multilabel: lowest probability of a label to give.",
)
@option(
    "-o",
    "--output",
    type=FILE_NAME,
    metavar="FILE",
    heading="Output",
    help="Draw how often each label was taken for each other: .html, .png, .svg or .pdf.",
)
@option("--confusion", is_flag=True, heading="Output", help="Print how often each label was taken for each other.")
@json_option
@labelled_options
@picture_options
def classify_test_command(
    model: Path,
    corpus: tuple[str, ...],
    threshold: float,
    output: Path | None,
    confusion: bool,
    as_json: bool,
    skip_bad_records: bool,
    **parameters: Any,
) -> None:
    """Score a classifier on labelled texts that it was not trained on.

    Prints accuracy, micro and macro F1, and for each label precision, recall, F1 and the number of texts. The baseline
    always gives the label most frequent in training. For a regression, prints R2 and the mean errors.

    Examples:
      w2v classify test reviews.model more-reviews.txt
      w2v classify test reviews.model more-reviews.txt --confusion --json
      w2v classify test reviews.model more-reviews.txt -o confusion.svg
    """
    use_one_thread_of_blas()
    if not corpus:
        raise UsageError("no data given; name files of labelled texts, or - for standard input")
    labelled, encoding = build(LabelledOptions, parameters), build(EncodingOptions, parameters)
    picture = build(PictureOptions, parameters)
    if output is not None:
        check_picture(output)
        require_unread(output, "--output", [*corpus, model], "an input")
        if output.suffix.lower() == ".html":
            require_image(output, picture)
        else:
            from w2v.pictures import require_matplotlib

            require_matplotlib(picture.font)
    trained = loaded_classifier(model)
    if output is not None and trained.task != "multiclass":
        raise UsageError(f"--output {output}: only a classifier with one label for each text has a confusion matrix")
    import numpy as np

    from w2v.classify.labelled_texts import read_labelled
    from w2v.classify.scores import class_scores, number_scores
    from w2v.classify.text_classifier import given_labels
    from w2v.readers.opened_text import Problems

    problems = Problems(skips=skip_bad_records)
    examples = list(read_labelled(corpus, labelled, task=trained.task, encoding=encoding, problems=problems))
    for note in problems.notes():
        tell(f"note: {note}")
    if not examples:
        raise CorpusError("the data is empty; give labelled texts")
    outputs = trained.outputs([example.text for example in examples])
    if trained.task == "regression":
        truth = np.array([example.target for example in examples], np.float64)
        _show_numbers(number_scores(truth, outputs[:, 0].astype(np.float64), trained.baseline), as_json)
        return
    # A label that occurs in the data only can't be given; it counts as missed
    labels = trained.names
    known = set(labels)
    for example in examples:
        assert isinstance(example.target, list)
        new = [label for label in example.target if label not in known]
        labels += new
        known.update(new)
    place = {label: i for i, label in enumerate(labels)}
    truth_table = np.zeros((len(examples), len(labels)), np.bool_)
    for row, example in enumerate(examples):
        assert isinstance(example.target, list)
        truth_table[row, [place[label] for label in example.target]] = True
    given = np.zeros_like(truth_table)
    least = threshold if trained.task == "multilabel" else None
    given[:, : len(trained.labels)] = given_labels(outputs, trained.task, least)
    scores = class_scores(truth_table, given, labels, int(trained.baseline))
    _show_labels(scores, labels, as_json, confusion)
    if output is not None:
        if scores.confusion is None:
            raise UsageError(f"--output {output}: a text of the data has several labels; there is no confusion matrix")
        from w2v.pictures import draw_confusion

        draw_confusion(scores.confusion, labels, output, f"{model.name}: accuracy {scores.accuracy:.1%}", picture)
        tell(f"saved the confusion matrix of {counted(scores.texts, 'text')} to {output}")


def _show_numbers(scores: NumberScores, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(scores._asdict(), indent=2))
        return
    for name, text in {
        "texts": f"{scores.texts:,}",
        "R2": f"{scores.r2:.4f}",
        "mean absolute error": f"{scores.mae:.4f}",
        "baseline": f"{scores.baseline_mae:.4f}  (always the median of training)",
        "root mean squared error": f"{scores.rmse:.4f}",
    }.items():
        click.echo(f"{name:<24} {text}")


def _show_labels(scores: ClassScores, labels: list[str], as_json: bool, confusion: bool) -> None:
    table = scores.confusion if confusion else None
    if as_json:
        facts = {**scores._asdict(), "labels": [label._asdict() for label in scores.labels]}
        facts["confusion"] = None if table is None else table.tolist()
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    summary = {
        "texts": f"{scores.texts:,}",
        "accuracy": f"{scores.accuracy:.4f}",
        "baseline": f"{scores.baseline:.4f}  (always the label most frequent in training)",
        "micro F1": f"{scores.micro_f1:.4f}",
        "macro F1": f"{scores.macro_f1:.4f}",
    }
    for name, text in summary.items():
        click.echo(f"{name:<10} {text}")
    click.echo()
    rows = [["label", "precision", "recall", "F1", "texts"]]
    rows += [
        [label.label, *(f"{value:.4f}" for value in (label.precision, label.recall, label.f1)), f"{label.support:,}"]
        for label in scores.labels
    ]
    for line in aligned(rows):
        click.echo(line)
    if table is not None:
        click.echo()
        for line in aligned(
            [
                ["true \\ given", *labels],
                *([name, *map(str, row)] for name, row in zip(labels, table.tolist(), strict=True)),
            ]
        ):
            click.echo(line)
