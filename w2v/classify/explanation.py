"""Which features of a text push a classifier towards a label: gradient times input."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from w2v.classify.features import run_names
from w2v.classify.text_classifier import TextClassifier
from w2v.documents.token_rows import joined_lines
from w2v.errors import UsageError
from w2v.networks import Node, Parameter, backward
from w2v.networks.graph import matrix_product


class Push(NamedTuple):
    """How a feature changes the score of a label: more than 0 speaks for it."""

    feature: str
    push: float


class Explanation(NamedTuple):
    """Why a text has a label.

    Attributes:
        label: the label; empty for a regression.
        output: its probability, or the predicted number.
        pushes: of each feature of the text, in the order of their rows. With the label's bias they sum to the score,
            where the network has no hidden layers.
    """

    label: str
    output: float
    pushes: list[Push]


def explain(classifier: TextClassifier, text: str, label: str | None = None) -> Explanation:
    """Return how much each feature of a text pushes towards a label.

    The sum h = sum_k w_k v_k goes into the network, so that the push of feature k is w_k v_k . ds/dh, with the score s.

    Args:
        classifier: the classifier.
        text: the text.
        label: the label; None is the likeliest one.

    Raises:
        UsageError: there is no such label, or the text has no known word.
    """
    labels = classifier.names
    if label is not None and label not in labels:
        raise UsageError(f"there is no label {label!r}; there are {', '.join(labels[:20]) or 'none'}")
    bags = classifier.features.reader().bags(joined_lines([text]))
    if not len(bags.rows):
        raise UsageError("the classifier knows no word of this text")
    output = classifier.outputs_of(bags)[0]
    place = int(output.argmax()) if label is None else labels.index(label)
    first = classifier.network.first
    assert first is not None
    assert bags.weights is not None
    rows = first.table[bags.rows]
    hidden = Parameter((bags.weights @ rows)[None])
    scores: Node = hidden
    for layer in classifier.network.layers:
        scores = layer(scores, training=False)
    one_hot = np.zeros((scores.value.shape[1], 1), scores.value.dtype)
    one_hot[place] = 1
    backward(matrix_product(scores, Node(one_hot)))
    assert hidden.gradient is not None
    pushes = bags.weights * (rows @ hidden.gradient[0]) * classifier.scale
    names = run_names(classifier.features, text)
    found = [Push(names.get(row, "?"), float(push)) for row, push in zip(bags.rows.tolist(), pushes, strict=True)]
    return Explanation(labels[place] if labels else "", float(output[place]), found)
