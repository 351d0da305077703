"""A trained classifier in a file: a safetensors file whose metadata says what its arrays mean."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.classify.features import Features
from w2v.classify.targets import Label
from w2v.classify.text_classifier import OBJECTIVE_OF, TextClassifier
from w2v.documents.document_vectors import TEXT_OPTIONS
from w2v.errors import ModelError, UsageError
from w2v.file_kinds import CLASSIFIER, check_output
from w2v.files import replacing
from w2v.model_file import refuse_later_version
from w2v.networks import EpochLosses, feed_forward
from w2v.networks.fitting import all_finite
from w2v.networks.row_sums import RowTable
from w2v.options import CorpusOptions
from w2v.options.classify import ClassifyOptions
from w2v.safetensors_file import SafetensorsFile, write_safetensors
from w2v.version import installed_version

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
        "w2v": installed_version(),
        "task": classifier.task,
        "labels": classifier.labels,
        "options": {name: value for name, value in dataclasses.asdict(classifier.options).items() if name != "threads"},
        "corpus": {name: corpus[name] for name in TEXT_OPTIONS if name in corpus},
        "longest": features.longest,
        "baseline": classifier.baseline,
        "center": classifier.center,
        "scale": classifier.scale,
        "losses": [list(losses) for losses in classifier.losses],
        "examples": classifier.examples,
        "tokens_by": classifier.tokens_by,
    }
    arrays: dict[str, Any] = {
        "words": np.frombuffer("".join(f"{word}\n" for word in features.words).encode(), np.uint8),
        "ngrams": features.ngrams,
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
    refuse_later_version(file, VERSION)
    try:
        return _assembled(file, json.loads(file.metadata["facts"]))
    except (UsageError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise ModelError(f"{path}: is damaged; get it again, or train it anew") from error


def _assembled(file: SafetensorsFile, facts: dict[str, Any]) -> TextClassifier:
    """Return the classifier of facts and arrays.

    Raises:
        UsageError, ValueError, KeyError, TypeError: they make no sense, or don't fit together.
    """
    words = file.array("words").tobytes().decode().split("\n")[:-1]
    _require(0 < len(words) == len(set(words)), "words that are missing or doubled")
    ngrams = _checked(file.array("ngrams"), np.uint64, 1)
    _require(bool((ngrams[1:] > ngrams[:-1]).all()), "hashes that are not ascending")
    options = ClassifyOptions(**{**facts["options"], "hidden": tuple(facts["options"]["hidden"])})
    _require(options.weighting != "auto", "a weighting that is open")
    features = Features(
        CorpusOptions(**facts["corpus"], encoding_errors="replace"),
        words, ngrams, _whole(facts["longest"], 1), _checked(file.array("idf"), np.float32, 1), options.weighting,
    )  # fmt: skip
    task, labels = facts["task"], _labels(facts["labels"], facts["task"])
    table = _checked(file.array("layer0"), np.float32, 2)
    _require(len(words) + len(ngrams) == len(features) == len(table), "a table of another size")
    network = feed_forward(
        table.shape[1], max(1, len(labels)), OBJECTIVE_OF[task], options.network, first=RowTable.of(table)
    )
    for number, array in enumerate(network.arrays):
        stored = _checked(file.array(f"layer{number}"), np.float32, array.ndim)
        _require(stored.shape == array.shape, "a layer of another size")
        array[...] = stored
    center, scale = float(facts["center"]), float(facts["scale"])
    _require(math.isfinite(center) and 0 < scale < math.inf, "a scale that is not finite")
    baseline = facts["baseline"] if labels else float(facts["baseline"])
    _require(_whole(baseline, 0) < len(labels) if labels else math.isfinite(baseline), "an odd baseline")
    losses = [EpochLosses(*pair) for pair in facts["losses"]]
    _require(all(isinstance(loss, float | int) for pair in losses for loss in pair if loss is not None), "odd losses")
    return TextClassifier(
        task,
        labels,
        features,
        network,
        options,
        baseline,
        center,
        scale,
        losses,
        _whole(facts["examples"], 1),
        facts.get("tokens_by"),
    )


def _require(condition: bool, otherwise: str) -> None:
    if not condition:
        raise ValueError(otherwise)


def _whole(value: Any, least: int) -> int:
    _require(type(value) is int and value >= least, "a number that is not whole, or too small")
    return int(value)


def _labels(labels: Any, task: str) -> list[Label]:
    """Return labels after checking that they are those of a task: of one type, each once, in order."""
    _require(isinstance(labels, list) and {type(label) for label in labels} in (set(), {str}, {int}, {bool}), "labels")
    _require(labels == sorted(set(labels)), "labels that are doubled, or not in order")
    least, most = {"multiclass": (2, math.inf), "multilabel": (1, math.inf), "regression": (0, 0)}[task]
    _require(least <= len(labels) <= most, "another number of labels")
    return list(labels)


def _checked(array: npt.NDArray[Any], dtype: npt.DTypeLike, dimensions: int) -> npt.NDArray[Any]:
    """Return an array after checking its type, its number of dimensions, and that all values are finite."""
    _require(array.dtype == dtype and array.ndim == dimensions and all_finite(array), "an odd array")
    return array
