"""How much each feature of a text contributes to the score of a label: gradient times input."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from w2v.classify.features import feature_names
from w2v.classify.text_classifier import TextClassifier
from w2v.documents.token_rows import joined_lines
from w2v.errors import UsageError
from w2v.networks import Node, Parameter, backward
from w2v.networks.graph import matrix_product


class Contribution(NamedTuple):
    """How a feature changes the score of a label: more than 0 speaks for it."""

    feature: str
    contribution: float


class Explanation(NamedTuple):
    """Why a text has a label.

    Without hidden layers, the bias and all contributions sum to the score.

    Attributes:
        label: the label; empty for a regression.
        output: its probability, or the predicted number.
        score: the score of the label before softmax or sigmoid, or the predicted number.
        bias: the score of a text without known words.
        contributions: of each feature of the text, in the order of their rows.
    """

    label: str
    output: float
    score: float
    bias: float
    contributions: list[Contribution]


def explain(classifier: TextClassifier, text: str, label: str | None = None) -> Explanation:
    """Return how much each feature of a text contributes to the score of a label.

    The sum h = sum_k w_k v_k goes into the network, so that the contribution of feature k is w_k v_k . ds/dh, with the
    score s.

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
    scores = _scores(classifier, hidden)
    one_hot = np.zeros((scores.value.shape[1], 1), scores.value.dtype)
    one_hot[place] = 1
    backward(matrix_product(scores, Node(one_hot)))
    assert hidden.gradient is not None
    contributions = bags.weights * (rows @ hidden.gradient[0]) * classifier.scale
    center = classifier.center
    score, bias = (
        float(node.value[0, place]) * classifier.scale + center
        for node in (scores, _scores(classifier, Node(np.zeros_like(hidden.value))))
    )
    names = feature_names(classifier.features, text)
    found = [
        Contribution(names.get(row, "?"), float(value))
        for row, value in zip(bags.rows.tolist(), contributions, strict=True)
    ]
    return Explanation(labels[place] if labels else "", float(output[place]), score, bias, found)


def _scores(classifier: TextClassifier, hidden: Node) -> Node:
    """Return the node of the scores, (n, outputs), from that of the sums, (n, d)."""
    for layer in classifier.network.layers:
        hidden = layer(hidden, training=False)
    return hidden
