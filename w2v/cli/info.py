"""`w2v info`: describe a file of vectors or a model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from w2v.cli.commands import Command
from w2v.cli.console_progress import amount
from w2v.cli.output_text import json_text
from w2v.cli.shared_options import FILE_NAME, build, encoding_options, no_cache_option
from w2v.cli.vectors_file import load_vectors
from w2v.errors import ModelError
from w2v.file_kinds import CLASSIFIER
from w2v.files import HEAD
from w2v.options.encoding import EncodingOptions
from w2v.wording import counted, first_few
from w2v.zip_archive import place_of

if TYPE_CHECKING:
    from w2v.model_file import ModelFile

_WORDS_SHOWN = 10


@click.command("info", cls=Command)
@click.argument("path", metavar="FILE", type=FILE_NAME)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@no_cache_option
@encoding_options
def info_command(path: Path, as_json: bool, no_cache: bool, **encoding: Any) -> None:
    """Describe FILE: vectors in any format that 'w2v similar' reads, a model that 'w2v train' saved, or a classifier.

    Prints the format, the number of words and of dimensions, the first words, the length of the vectors, and word
    counts and options of training if they are known. Of a model, also prints the state of its training and the loss of
    each epoch; of a classifier, its labels and layers.

    Examples:
      w2v info vectors.txt
      w2v info english.model --json
      w2v info glove.6B.zip:glove.6B.100d.txt
    """
    if _holds_classifier(path):
        _show_classifier(path, as_json)
        return
    vectors = load_vectors(path, cache=not no_cache, encoding=build(EncodingOptions, encoding))
    from w2v.vectors.formats import chosen_member, file_format

    place = place_of(path)
    member = chosen_member(path)
    found: dict[str, Any] = {
        "file": f"{place.file}:{member}" if member else str(path),
        "bytes": place.file.stat().st_size,
        "format": file_format(path),
        "words": len(vectors),
        "dim": vectors.dim,
        "first_words": vectors.words[:_WORDS_SHOWN],
        "norms": {
            "min": float(vectors.norms.min()),
            "mean": float(vectors.norms.mean(dtype="f8")),
            "max": float(vectors.norms.max()),
        },
        "counted": None if vectors.counts is None else int(vectors.counts.sum()),
    }
    if vectors.counts is not None:
        found["first_counts"] = vectors.counts[:_WORDS_SHOWN].tolist()
    if found["format"] == "model":
        from w2v.model_contents import open_model

        found |= _of_model(open_model(path), len(vectors))
    elif vectors.metadata:
        found["metadata"] = vectors.metadata
    if as_json:
        click.echo(json_text(found, indent=2))
        return
    lines = _lines(found)
    width = max(map(len, lines))
    for name, text in lines.items():
        click.echo(f"{name:<{width}}  {text}")


def _of_model(file: ModelFile, n_words: int) -> dict[str, Any]:
    from w2v.model_contents import counts_of

    if len(counts_of(file)) != n_words:
        raise ModelError(f"{file.path}: is damaged: a word is given twice; get it again")
    facts = file.facts
    run, text, options = facts["run"], facts["text"], facts["options"]
    epochs = options["training"]["epochs"]
    return {
        "output_rows": file.shape("output_vectors")[0],
        "done": run["blocks"] / (text["blocks"] * epochs),
        "epochs": epochs,
        "epochs_before": facts["epochs_before"],
        "trained_words": run["words"],
        "seconds": run["seconds"],
        "losses": facts["losses"],
        "options": options,
        "w2v": facts["w2v"],
    }


def _lines(found: dict[str, Any]) -> dict[str, str]:
    """Return the text of each line to print, by its label."""
    first = found["first_words"]
    norms = ", ".join(f"{name} {value:.4g}" for name, value in found["norms"].items())
    lines = {
        "file": f"{found['file']}, {amount(found['bytes'], 'B')}",
        "format": f"{found['format']}, written by w2v {found['w2v']}" if "w2v" in found else found["format"],
        "words": f"{found['words']:,}",
        "dimensions": str(found["dim"]),
        "first words": " ".join(first),
        "vector norms": norms,
    }
    if "first_counts" in found:
        lines["words"] += f", counted {counted(found['counted'], 'time')}"
        lines["first words"] = ", ".join(f"{word} {n:,}" for word, n in zip(first, found["first_counts"], strict=True))
    else:
        lines["words"] += ", without counts"
    if found["format"] != "model":
        if options := found.get("metadata", {}).get("options"):
            lines["options"] = _spelled(options)
        return lines
    before = f", after {counted(found['epochs_before'], 'epoch')} of earlier runs" if found["epochs_before"] else ""
    state = "complete" if found["done"] == 1 else f"{found['done']:.1%} done; 'w2v train --resume' continues"
    lines["words"] += f"; {counted(found['output_rows'], 'row')} in the output layer"
    lines["training"] = f"{counted(found['epochs'], 'epoch')}, {state}{before}"
    lines["trained on"] = f"{amount(found['trained_words'], 'words')} in {found['seconds']:.1f} s"
    lines["losses"] = " ".join(f"{loss:.4f}" for loss in found["losses"])
    for owner, options in found["options"].items():
        lines[f"{owner} options"] = _spelled(options)
    return lines


def _spelled(options: dict[str, Any]) -> str:
    return " ".join(f"{name}={value}" for name, value in options.items() if value is not None)


def _holds_classifier(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return CLASSIFIER.recognises(stream.read(HEAD))


def _show_classifier(path: Path, as_json: bool) -> None:
    from w2v.classify.classifier_file import load_classifier

    classifier = load_classifier(path)
    features, losses = classifier.features, classifier.losses
    found = {
        "file": str(path),
        "bytes": path.stat().st_size,
        "format": "classifier",
        "task": classifier.task,
        "labels": classifier.labels,
        "words": len(features.words),
        "ngrams": len(features.ngrams),
        "tokens": features.options.tokens,
        "layers": [features.idf.size, *(layer.value.shape[1] for layer in classifier.network.weights)],
        "dim": int(classifier.network.arrays[0].shape[1]),
        "texts": classifier.examples,
        "losses": [loss.training for loss in losses],
        "validation_losses": [loss.validation for loss in losses],
    }
    if as_json:
        click.echo(json_text(found, indent=2))
        return
    lines = {
        "file": f"{path}, {amount(path.stat().st_size, 'B')}",
        "format": f"classifier, {classifier.task}",
        "labels": f"{len(classifier.labels)}: {first_few(classifier.names, 20)}" if classifier.labels else "numbers",
        "features": f"{counted(len(features.words), 'word')}, {counted(len(features.ngrams), 'n-gram')}",
        "dimensions": str(found["dim"]),
        "hidden layers": ", ".join(map(str, classifier.options.hidden)) or "none",
        "trained on": counted(classifier.examples, "text"),
        "loss by epoch": " ".join(f"{loss.training:.4f}" for loss in losses),
    }
    width = max(map(len, lines))
    for name, text in lines.items():
        click.echo(f"{name:<{width}}  {text}")
