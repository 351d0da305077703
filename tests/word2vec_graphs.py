"""The word2vec models as computational graphs, of the nodes that w2v.networks has: a readable reference.

A window is a center word and its context words. With input vectors V (words, d) and output vectors U, CBOW predicts the
center from the mean of the context words' rows of V, skip-gram from each context word's row alone:

    one-hot rows of V -> mean h (1, d) -> scores h Uᵀ of some rows of U -> loss
"""

import numpy as np

from w2v.networks.graph import Bags, Node, matrix_product, mean_of_rows, scaled, transposed
from w2v.networks.objectives import binary_cross_entropy, cross_entropy


def rows_of(table, rows):
    """Return the node of some rows of a table, (k, d): each is the mean of itself."""
    return mean_of_rows(table, Bags.of([[row] for row in rows]))


def full_softmax(hidden, outputs, target):
    """Return the loss of the target word against all words."""
    return cross_entropy(matrix_product(hidden, transposed(outputs)), np.array([target]))


def labelled_rows(hidden, outputs, rows, labels):
    """Return the sum of -log σ(s) of rows labelled 1 and of -log σ(-s) of rows labelled 0, with s = u h."""
    scores = matrix_product(hidden, transposed(rows_of(outputs, rows)))
    mean = binary_cross_entropy(scores, np.array([labels]))
    return scaled(mean, np.array(float(len(rows))))


def negative_sampling(hidden, outputs, target, negatives):
    """Return the loss of the target word against some others."""
    return labelled_rows(hidden, outputs, [target, *negatives], [1] + [0] * len(negatives))


def hierarchical_softmax(hidden, outputs, nodes, signs):
    """Return the loss of the branches on a word's path, 1 for left and -1 for right; `outputs` are of inner nodes."""
    return labelled_rows(hidden, outputs, nodes, [int(sign > 0) for sign in signs])


def cbow_hidden(inputs, context):
    return mean_of_rows(inputs, Bags.of([list(context)]))


def one_hot_mean(inputs: Node, context, words):
    """Return the same as `cbow_hidden`, by the product of the mean of one-hot rows with the whole table."""
    one_hot = np.eye(words)[list(context)]
    return matrix_product(Node(one_hot.mean(axis=0, keepdims=True)), inputs)
