"""`w2v classify explain`: which words push towards which label."""

from __future__ import annotations

import json
from pathlib import Path

import click

from w2v.cli.classify_options import json_option, model_argument
from w2v.cli.commands import Command
from w2v.cli.shared_options import option
from w2v.cli.tables import aligned
from w2v.errors import UsageError
from w2v.options.classify import DEFAULT_EXPLAINED


@click.command("classify explain", cls=Command)
@model_argument
@click.argument("texts", nargs=-1, metavar="TEXT...")
@option("--label", metavar="LABEL", heading="Output", help="Explain this label.  [default: the likeliest]")
@option(
    "-n",
    "count",
    type=int,
    default=DEFAULT_EXPLAINED,
    metavar="N",
    heading="Output",
    help="Number of features to print.",
)
@json_option
def classify_explain_command(model: Path, texts: tuple[str, ...], label: str | None, count: int, as_json: bool) -> None:
    """Print which words of a text push towards a label, and which away from it.

    The push of a word is the gradient of the label's score by its weight, times that weight. Without hidden layers, all
    pushes and the bias of the label add up to the score.

    Examples:
      w2v classify explain reviews.model "not a good film"
      w2v classify explain reviews.model "not a good film" --label bad
    """
    if not texts:
        raise UsageError("no text given; write it in quotes")
    if count < 1:
        raise UsageError(f"`n` must be at least 1, not {count}")
    from w2v.classify.classifier_file import load_classifier

    trained = load_classifier(model)
    from w2v.classify.explanation import explain

    found = explain(trained, " ".join(texts), label)
    pushes = sorted(found.pushes, key=lambda push: -abs(push.push))[:count]
    if as_json:
        facts = {"label": found.label, "output": found.output, "pushes": [push._asdict() for push in pushes]}
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    click.echo(f"{found.label or 'value'}  {found.output:.4f}")
    for line in aligned([["feature", "push"], *([push.feature, f"{push.push:+.4f}"] for push in pushes)]):
        click.echo(line)
