"""Obvious twins of the training kernels, in plain NumPy and as precise as their arrays (float64 in the tests).

First the losses, one window at a time, with gradients worked out by hand; then the update of a whole block of the
corpus, in the order in which the kernels make it. Losses are in nats.
"""

from dataclasses import dataclass

import numpy as np


def sigmoid(x):
    return np.where(x >= 0, 1 / (1 + np.exp(-np.abs(x))), np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))))


def log_sigmoid(x):
    return -np.logaddexp(0, -x)


# One window: a center word, its context words, and the negatives drawn for it. None of the negatives is the center.


def hidden_loss(hidden, output_vectors, target, negatives):
    """Return -log sigmoid(u_target h) - sum of log sigmoid(-u_negative h)."""
    return -log_sigmoid(output_vectors[target] @ hidden) - sum(
        log_sigmoid(-output_vectors[negative] @ hidden) for negative in negatives
    )


def hidden_gradients(hidden, output_vectors, target, negatives):
    """Return the gradients of hidden_loss by the hidden vector (d,) and by all output vectors (V, d)."""
    by_hidden, by_outputs = np.zeros_like(hidden), np.zeros_like(output_vectors)
    for word, label in [(target, 1), *((negative, 0) for negative in negatives)]:
        error = sigmoid(output_vectors[word] @ hidden) - label
        by_hidden += error * output_vectors[word]
        by_outputs[word] += error * hidden
    return by_hidden, by_outputs


def skipgram_loss(input_vectors, output_vectors, center, context, negatives):
    return sum(hidden_loss(input_vectors[word], output_vectors, center, negatives) for word in context)


def skipgram_gradients(input_vectors, output_vectors, center, context, negatives):
    """Return the gradients of skipgram_loss by the input and by the output vectors, (V, d) each."""
    by_inputs, by_outputs = np.zeros_like(input_vectors), np.zeros_like(output_vectors)
    for word in context:
        by_hidden, by_target = hidden_gradients(input_vectors[word], output_vectors, center, negatives)
        by_inputs[word] += by_hidden
        by_outputs += by_target
    return by_inputs, by_outputs


def cbow_loss(input_vectors, output_vectors, center, context, negatives):
    return hidden_loss(np.mean([input_vectors[word] for word in context], axis=0), output_vectors, center, negatives)


def cbow_gradients(input_vectors, output_vectors, center, context, negatives, rule="mean"):
    """Return the gradients of cbow_loss by the input and by the output vectors, (V, d) each.

    The rule `word2vec` gives what word2vec.c applies instead: each context word gets all of the mean's gradient.
    """
    mean = np.mean([input_vectors[word] for word in context], axis=0)
    by_mean, by_outputs = hidden_gradients(mean, output_vectors, center, negatives)
    by_inputs = np.zeros_like(input_vectors)
    for word in context:
        by_inputs[word] += by_mean / len(context) if rule == "mean" else by_mean
    return by_inputs, by_outputs


# A block: groups of neighbouring centers, each group with one set of negatives.


@dataclass
class Group:
    """What was drawn for up to `size` neighbouring centers; the last group of a block may have fewer."""

    size: int
    centers: list[int]  # places in words
    left: list[int]  # where each center's window begins in words
    right: list[int]  # where it ends (exclusive)
    negatives: list[int]  # words; a center that stands among them does without them

    def context(self, k):
        """Return the places of the k-th center's context."""
        return [place for place in range(self.left[k], self.right[k]) if place != self.centers[k]]

    def targets(self, words):
        """Return the target words, centers first; a missing center's column holds any word, and will weigh nothing."""
        centers = [words[self.centers[min(k, len(self.centers) - 1)]] for k in range(self.size)]
        return np.array([*centers, *self.negatives])


@dataclass
class Draws:
    """What was drawn for a block: the words that subsampling kept, and their windows and negatives."""

    words: np.ndarray
    groups: list[Group]

    def windows(self):
        """Yield (center, context, negatives) of all windows that have a context, as words."""
        for group in self.groups:
            for k, place in enumerate(group.centers):
                center, context = self.words[place], [self.words[i] for i in group.context(k)]
                if context:
                    yield center, context, [word for word in group.negatives if word != center]


def train_tile(hidden, output_vectors, targets, weights, lr):
    """Score hidden rows (rows, d) against target words with old values; return errors, old targets, and the loss.

    A weight > 0 says that the target is right for the row, < 0 that it is a negative, its size for how many
    predictions.
    """
    old = output_vectors[targets]
    scores = np.sign(weights) * (hidden @ old.T)
    errors = lr * weights * sigmoid(-scores)
    return errors, old, -(np.abs(weights) * log_sigmoid(scores)).sum()


def _tiles(targets, weights, tile):
    for start in range(0, len(targets), tile):
        yield targets[start : start + tile], weights[:, start : start + tile]


def train_skipgram(input_vectors, output_vectors, draws, *, lr, tile, batch):
    """Train in place on a block; return the loss and the number of predictions.

    A group's input rows are all that stand in one of its windows, its targets the centers, then the negatives. They are
    trained tile by tile, `batch` rows at a time. A target that stands twice in a tile gets both its changes. An input
    row that stands twice is changed in turn, so that targets see its second standing changed already.
    """
    loss, predictions = 0.0, 0
    for group in draws.groups:
        begin, end = min(group.left), max(group.right)
        rows = draws.words[begin:end]
        targets = group.targets(draws.words)
        weights = np.zeros((len(rows), len(targets)))
        for k, center in enumerate(group.centers):
            for place in group.context(k):
                predictions += 1
                weights[place - begin, k] += 1
                for j, negative in enumerate(group.negatives):
                    if negative != draws.words[center]:
                        weights[place - begin, group.size + j] -= 1
        for some, theirs in _tiles(targets, weights, tile):
            for start in range(0, len(rows), batch):
                few, their_weights = rows[start : start + batch], theirs[start : start + batch]
                errors, old, batch_loss = train_tile(input_vectors[few], output_vectors, some, their_weights, lr)
                loss += batch_loss
                changes = np.zeros_like(old)
                for row, error in zip(few, errors, strict=True):
                    changes += np.outer(error, input_vectors[row])
                    input_vectors[row] += error @ old
                np.add.at(output_vectors, some, changes)
    return loss, predictions


def train_cbow(input_vectors, output_vectors, draws, *, lr, tile, rule="mean"):
    """Train in place on a block; return the loss and the number of predictions.

    The means of a group's contexts are taken from old values, predict the centers against the negatives tile by tile,
    and their changes are then handed to the context words.
    """
    loss, predictions = 0.0, 0
    for group in draws.groups:
        contexts = [draws.words[group.context(k)] for k in range(len(group.centers))]
        means = np.zeros((len(contexts), input_vectors.shape[1]), input_vectors.dtype)
        targets = group.targets(draws.words)
        weights = np.zeros((len(contexts), len(targets)))
        for k, (center, context) in enumerate(zip(group.centers, contexts, strict=True)):
            if len(context):
                predictions += 1
                means[k] = input_vectors[context].mean(axis=0)
                weights[k, k] = 1
                weights[k, group.size :] = -(np.array(group.negatives) != draws.words[center]).astype(float)
        changes = np.zeros_like(means)
        for some, theirs in _tiles(targets, weights, tile):
            errors, old, tile_loss = train_tile(means, output_vectors, some, theirs, lr)
            loss += tile_loss
            changes += errors @ old
            np.add.at(output_vectors, some, errors.T @ means)
        for context, change in zip(contexts, changes, strict=True):
            np.add.at(input_vectors, context, change / len(context) if rule == "mean" and len(context) else change)
    return loss, predictions
