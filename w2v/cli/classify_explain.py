"""`w2v classify explain`: how much each word contributes to the score of a label."""

from __future__ import annotations

import json
from pathlib import Path

import click

from w2v.cli.classify_options import json_option, loaded_classifier, model_argument
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
    """Print how much each word of a text contributes to the score of a label.

    More than 0 speaks for the label. The contribution of a word is the gradient of the label's score by its weight,
    times that weight. Without hidden layers, the bias and all contributions add up to the score.

    Examples:
      w2v classify explain reviews.model "not a good film"
      w2v classify explain reviews.model "not a good film" --label bad
    """
    if not texts:
        raise UsageError("no text given; write it in quotes")
    if count < 1:
        raise UsageError(f"`n` must be at least 1, not {count}")
    trained = loaded_classifier(model)
    from w2v.classify.explanation import explain

    found = explain(trained, " ".join(texts), label)
    contributions = sorted(found.contributions, key=lambda feature: -abs(feature.contribution))[:count]
    if as_json:
        facts = {**found._asdict(), "contributions": [feature._asdict() for feature in contributions]}
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    click.echo(f"{found.label or 'value'}  {found.output:.4f}")
    rows = [[feature.feature, f"{feature.contribution:+.4f}"] for feature in contributions]
    rows += [["(bias)", f"{found.bias:+.4f}"], ["(score)", f"{found.score:+.4f}"]]
    for line in aligned([["feature", "contribution"], *rows]):
        click.echo(line)
