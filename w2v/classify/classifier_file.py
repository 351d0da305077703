"""A trained classifier in a file: a safetensors file whose metadata says what its arrays mean."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np

from w2v.classify.features import Features
from w2v.classify.text_classifier import OBJECTIVE_OF, TextClassifier
from w2v.documents.document_vectors import TEXT_OPTIONS
from w2v.errors import ModelError
from w2v.file_kinds import CLASSIFIER, check_output
from w2v.files import replacing
from w2v.networks import EpochLosses, feed_forward
from w2v.networks.row_sums import RowTable
from w2v.options import CorpusOptions
from w2v.options.classify import ClassifyOptions
from w2v.safetensors_file import SafetensorsFile, write_safetensors

CLASSIFIER_FORMAT = "w2v classifier"
VERSION = 1


def save_classifier(path: Path, classifier: TextClassifier) -> None:
    """Write a classifier; what stood there is unchanged until all is written.

    Raises:
        OutputError: the file can't be written, or holds something other than a classifier.
    """
    check_output(path, CLASSIFIER)
    features, network = classifier.features, classifier.network
    corpus = dataclasses.asdict(features.options)
    facts = {
        "task": classifier.task,
        "labels": classifier.labels,
        "options": {name: value for name, value in dataclasses.asdict(classifier.options).items() if name != "threads"},
        "corpus": {name: corpus[name] for name in TEXT_OPTIONS if name in corpus},
        "longest": features.longest,
        "center": classifier.center,
        "scale": classifier.scale,
        "losses": [list(losses) for losses in classifier.losses],
        "examples": classifier.examples,
    }
    arrays: dict[str, Any] = {
        "words": np.frombuffer("".join(f"{word}\n" for word in features.words).encode(), np.uint8),
        "runs": features.runs,
        "idf": features.idf,
    }
    arrays |= {f"layer{number}": array for number, array in enumerate(network.arrays)}
    metadata = {"format": CLASSIFIER_FORMAT, "version": str(VERSION), "facts": json.dumps(facts)}
    with replacing(path) as stream:
        write_safetensors(stream, arrays, metadata)


def load_classifier(path: Path) -> TextClassifier:
    """Read a classifier.

    Raises:
        ModelError: there is no such file, it holds no classifier, is damaged, or a later version of w2v wrote it.
    """
    try:
        with path.open("rb") as stream:
            if not CLASSIFIER.recognises(stream.read(1 << 10)):
                raise ModelError(f"{path}: is no classifier; 'w2v classify train' writes one")
        file = SafetensorsFile.open(path, ModelError)
    except FileNotFoundError:
        raise ModelError(f"{path}: no such file; 'w2v classify train' writes a classifier") from None
    except IsADirectoryError:
        raise ModelError(f"{path}: is a folder, not a classifier") from None
    except OSError as error:
        raise ModelError(f"{path}: can't be read ({error.strerror})") from error
    version = file.metadata.get("version", "")
    if version.isdigit() and int(version) > VERSION:
        raise ModelError(f"{path}: was written by a later version of w2v; upgrade with 'pip install -U w2v'")
    try:
        return _assembled(file, json.loads(file.metadata["facts"]))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise ModelError(f"{path}: is damaged; get it again, or train it anew") from error


def _assembled(file: SafetensorsFile, facts: dict[str, Any]) -> TextClassifier:
    """Return the classifier of facts and arrays.

    Raises:
        ValueError, KeyError, TypeError: they don't fit together.
    """
    words = file.array("words").tobytes().decode().split("\n")[:-1]
    features = Features(
        CorpusOptions(**facts["corpus"], encoding_errors="replace"),
        words, file.array("runs"), int(facts["longest"]), file.array("idf"),
    )  # fmt: skip
    labels, task = list(facts["labels"]), facts["task"]
    table = file.array("layer0")
    if table.ndim != 2 or len(table) != len(features) or len(words) + len(features.runs) != len(features):
        raise ValueError("a table of another size")
    options = ClassifyOptions(**{**facts["options"], "hidden": tuple(facts["options"]["hidden"])})
    network = feed_forward(
        table.shape[1], max(1, len(labels)), OBJECTIVE_OF[task], options.network, first=RowTable.of(table)
    )
    for number, array in enumerate(network.arrays):
        stored = file.array(f"layer{number}")
        if stored.shape != array.shape or not np.isfinite(stored).all():
            raise ValueError("a layer of another size, or values that are not finite")
        array[...] = stored
    losses = [EpochLosses(*pair) for pair in facts["losses"]]
    return TextClassifier(
        task, labels, features, network, options, float(facts["center"]), float(facts["scale"]), losses,
        int(facts["examples"]),
    )  # fmt: skip
