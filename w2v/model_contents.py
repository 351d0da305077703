"""What a model file must hold to be trained further, checked before anything relies on it.

The arrays, for V words, d dimensions, and an output layer of R rows:

    words           their UTF-8, a newline after each
    counts          (V,) int64, the largest first
    input_vectors   (V, d) float32
    output_vectors  (R, d) float32

With subwords, a word would have several rows of input vectors; nothing else here would change.
"""

from __future__ import annotations

import math
import os
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.errors import ModelError
from w2v.model_file import ModelFile
from w2v.options.checks import MOST_COUNT
from w2v.wording import in_one_line

_KINDS = {"words": ("U8", 1), "counts": ("I64", 1), "input_vectors": ("F32", 2), "output_vectors": ("F32", 2)}

# A type stands for any value of it, numbers being neither negative nor too large; [type] for a list of such values.
_FACTS: dict[str, Any] = {
    "w2v": str,
    "options": {"corpus": dict, "vocabulary": dict, "training": {"dim": int, "epochs": int}},
    "text": {"tokens": int, "blocks": int, "checksum": int},
    "epochs_before": int,
    "run": {"blocks": int, "words": int, "seconds": float, "bits": [float], "predictions": [int]},
    "losses": [float],
}


def open_model(path: str | os.PathLike[str]) -> ModelFile:
    """Open a model file, and check its facts and the types and shapes of its arrays.

    Raises:
        ModelError: there is no such file, or it is no model file, damaged, or of another version.
    """
    file = ModelFile.open(path)
    for name, (kind, dimensions) in _KINDS.items():
        if file.kind(name) != kind or len(file.shape(name)) != dimensions:
            kind, shape = in_one_line(file.kind(name)), in_one_line(str(file.shape(name)))
            raise _damaged(file, f"its {name} have the type {kind} and the shape {shape}")
    if (wrong := _unfit(file.facts, _FACTS, "")) is not None:
        raise _damaged(file, f"{wrong} is missing or invalid")
    (words,), (rows, dim), (_, output_dim) = map(file.shape, ("counts", "input_vectors", "output_vectors"))
    run, training = file.facts["run"], file.facts["options"]["training"]
    sizes_fit = words == rows > 0 and dim == output_dim == training["dim"] > 0
    if not sizes_fit or len(run["bits"]) != len(run["predictions"]):
        raise _damaged(file, "its arrays are not of the same size")
    if file.facts["text"]["blocks"] == 0 or training["epochs"] == 0:
        raise _damaged(file, "it was trained on no words")
    return file


def words_of(file: ModelFile) -> list[str]:
    """Return the words of a model, one for each row.

    Raises:
        ModelError: they are damaged.
    """
    try:
        *words, end = file.array("words").tobytes().decode().split("\n")
    except UnicodeDecodeError as error:
        raise _damaged(file, "a word is not UTF-8") from error
    if end or len(words) != file.shape("counts")[0]:
        raise _damaged(file, "it does not have a word for each row")
    if len(set(words)) != len(words) or not all(word.split() == [word] for word in words):
        raise _damaged(file, "a word is given twice, is empty or has white space in it")
    return words


def counts_of(file: ModelFile) -> npt.NDArray[np.int64]:
    """Return how often each word of a model occurs, (V,) int64.

    Raises:
        ModelError: a count is negative, or greater than the one before, or their sum doesn't fit.
    """
    counts: npt.NDArray[np.int64] = file.array("counts")
    if counts[-1] < 0 or (counts[1:] > counts[:-1]).any() or sum(counts.tolist()) > MOST_COUNT:
        raise _damaged(file, "its counts are negative, too large or not in descending order")
    return counts


def require_finite(file: ModelFile, rows: npt.NDArray[np.float32]) -> None:
    """Refuse vectors with a value that is not finite.

    Raises:
        ModelError: there is one.
    """
    if not np.isfinite(rows).all():
        raise _damaged(file, "a value of its vectors is not a finite number")


def _damaged(file: ModelFile, what: str) -> ModelError:
    return ModelError(f"{file.path}: is damaged, or another version of w2v wrote it: {what}; get it again")


def _unfit(value: Any, form: Any, name: str) -> str | None:
    """Return the name of the first fact that doesn't have its form, or None."""
    if isinstance(form, dict):
        if not isinstance(value, dict):
            return name
        parts = ((value.get(key), part, f"{name}.{key}".lstrip(".")) for key, part in form.items())
        return next((wrong for part in parts if (wrong := _unfit(*part)) is not None), None)
    if isinstance(form, list):
        fits = isinstance(value, list) and all(_unfit(one, form[0], name) is None for one in value)
    elif form is int:
        fits = type(value) is int and 0 <= value <= MOST_COUNT
    elif form is float:
        fits = type(value) in (int, float) and -MOST_COUNT <= value <= MOST_COUNT and math.isfinite(value)
    else:
        fits = isinstance(value, form)
    return None if fits else name
