"""Twins of the training kernels, in plain NumPy and as precise as their arrays (float64 in the tests).

First the losses of one prediction, with gradients worked out by hand; then those of a window, with either model; then
the update of a whole block of the corpus, in the order in which the kernels make it. Losses are in nats.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np


def sigmoid(x):
    return np.where(x >= 0, 1 / (1 + np.exp(-np.abs(x))), np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))))


def log_sigmoid(x):
    return -np.logaddexp(0, -x)


def split_mix(key, count):
    """Return the first 64-bit numbers of SplitMix64 (Steele, Lea, Flood 2014, figure 17)."""
    mask, numbers = 2**64 - 1, []
    for _ in range(count):
        key = (key + 0x9E3779B97F4A7C15) & mask
        z = ((key ^ key >> 30) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ z >> 27) * 0x94D049BB133111EB) & mask
        numbers.append(z ^ z >> 31)
    return numbers


# One prediction: from a hidden vector (d,), a target word. A loss also says how the rows of a group are trained.


class NegativeSampling:
    """The target against negatives, none of which is the target."""

    def __init__(self, tile=8, batch=16):
        self.tile, self.batch = tile, batch

    def loss(self, hidden, output_vectors, target, negatives):
        """Return -log sigmoid(u_target h) - sum of log sigmoid(-u_negative h)."""
        return -log_sigmoid(output_vectors[target] @ hidden) - sum(
            log_sigmoid(-output_vectors[negative] @ hidden) for negative in negatives
        )

    def gradients(self, hidden, output_vectors, target, negatives):
        """Return the gradients of the loss by the hidden vector (d,) and by all output vectors (V, d)."""
        by_hidden, by_outputs = np.zeros_like(hidden), np.zeros_like(output_vectors)
        for word, label in [(target, 1), *((negative, 0) for negative in negatives)]:
            error = sigmoid(output_vectors[word] @ hidden) - label
            by_hidden += error * output_vectors[word]
            by_outputs[word] += error * hidden
        return by_hidden, by_outputs

    def train(self, block, group, words, lr):
        """Train a group's rows against its centers, then its negatives; a negative is none of a center it equals.

        A missing center's column holds any word, and weighs nothing.
        """
        centers = [words[group.centers[min(k, len(group.centers) - 1)]] for k in range(group.size)]
        others = np.array([[word != center for word in group.negatives] for center in centers], float)
        weights = np.hstack((block.made, -block.made @ others))
        return train_tiles(block, np.array([*centers, *group.negatives]), weights, lr, self.tile, self.batch)


class HierarchicalSoftmax:
    """The target is a leaf of a tree; paths holds for each word its inner nodes, and 1 for left or -1 for right."""

    def __init__(self, paths, tile=8, batch=16):
        self.paths, self.tile, self.batch = paths, tile, batch

    def loss(self, hidden, output_vectors, target, _negatives=()):
        """Return - sum of log sigmoid(+-u_node h) along the path."""
        return -sum(
            log_sigmoid(sign * output_vectors[node] @ hidden) for node, sign in zip(*self.paths[target], strict=True)
        )

    def gradients(self, hidden, output_vectors, target, _negatives=()):
        """Return the gradients of the loss by the hidden vector (d,) and by all output vectors (V - 1, d)."""
        by_hidden, by_outputs = np.zeros_like(hidden), np.zeros_like(output_vectors)
        for node, sign in zip(*self.paths[target], strict=True):
            error = -sign * sigmoid(-sign * output_vectors[node] @ hidden)
            by_hidden += error * output_vectors[node]
            by_outputs[node] += error * hidden
        return by_hidden, by_outputs

    def train(self, block, group, words, lr):
        """Train the rows that predict a group's one center against the nodes on its path, from the root on."""
        (center,) = group.centers
        nodes, signs = self.paths[words[center]]
        predict = block.made[:, 0] > 0
        context = replace(block, rows=block.rows[predict], made=block.made[predict])
        return train_tiles(context, np.array(nodes), context.made * signs, lr, self.tile, self.batch)


class ExactSoftmax:
    """The target against all words."""

    def loss(self, hidden, output_vectors, target, _negatives=()):
        """Return -log of the softmax of all scores at the target."""
        scores = output_vectors @ hidden
        return np.logaddexp.reduce(scores) - scores[target]

    def gradients(self, hidden, output_vectors, target, _negatives=()):
        """Return the gradients of the loss by the hidden vector (d,) and by all output vectors (V, d)."""
        errors = softmax(output_vectors @ hidden)
        errors[target] -= 1
        return errors @ output_vectors, np.outer(errors, hidden)

    def train(self, block, group, words, lr):
        """Train a group's rows at once, down the gradient of the sum of their losses."""
        hidden, old = block.inputs[block.rows], block.output_vectors.copy()
        centers = words[group.centers]
        scores = hidden @ old.T
        errors = -softmax(scores) * block.made.sum(axis=1)[:, None]
        np.add.at(errors.T, centers, block.made[:, : len(centers)].T)
        block.output_vectors += lr * errors.T @ hidden
        np.add.at(block.sums, block.rows, lr * errors @ old)
        losses = np.logaddexp.reduce(scores, axis=1)[:, None] - scores[:, centers]
        return (block.made[:, : len(centers)] * losses).sum()


def softmax(scores):
    shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return shares / shares.sum(axis=-1, keepdims=True)


# One window: a center word, its context words, and the negatives drawn for it, with losses that draw any.


def skipgram_loss(loss, input_vectors, output_vectors, center, context, negatives):
    return sum(loss.loss(input_vectors[word], output_vectors, center, negatives) for word in context)


def skipgram_gradients(loss, input_vectors, output_vectors, center, context, negatives):
    """Return the gradients of skipgram_loss by the input and by the output vectors."""
    by_inputs, by_outputs = np.zeros_like(input_vectors), np.zeros_like(output_vectors)
    for word in context:
        by_hidden, by_target = loss.gradients(input_vectors[word], output_vectors, center, negatives)
        by_inputs[word] += by_hidden
        by_outputs += by_target
    return by_inputs, by_outputs


# CBOW's rules: `mean` is the mean of the context vectors; `sum` their sum; `word2vec` is what word2vec.c makes of the
# mean: each context word gets all of the mean's gradient.


def cbow_hidden(input_vectors, context, rule):
    return input_vectors[context].sum(axis=0) / (1 if rule == "sum" else max(1, len(context)))


def cbow_loss(loss, input_vectors, output_vectors, center, context, negatives, rule="mean"):
    return loss.loss(cbow_hidden(input_vectors, context, rule), output_vectors, center, negatives)


def cbow_gradients(loss, input_vectors, output_vectors, center, context, negatives, rule="mean"):
    """Return the gradients of cbow_loss by the input and by the output vectors, or those of the rule."""
    by_hidden, by_outputs = loss.gradients(cbow_hidden(input_vectors, context, rule), output_vectors, center, negatives)
    by_inputs = np.zeros_like(input_vectors)
    for word in context:
        by_inputs[word] += by_hidden / len(context) if rule == "mean" else by_hidden
    return by_inputs, by_outputs


# A block of the corpus: groups of neighbouring centers.


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


@dataclass
class Rows:
    """A group's hidden vectors inputs[rows], the sums[rows] that take their changes, and what each predicts.

    made (rows, group size) holds 1 where a row predicts a center of the group.
    """

    inputs: np.ndarray
    sums: np.ndarray
    rows: np.ndarray
    made: np.ndarray
    output_vectors: np.ndarray


def train_tiles(block, targets, weights, lr, tile, batch):
    """Train rows against targets tile by tile, `batch` rows at a time; return the loss.

    A weight is > 0 if the target is right for the row, and < 0 if it is a negative; its size is the number of
    predictions. A target that occurs twice in a tile gets both its changes. A row that occurs twice is changed in turn,
    so that targets see its first change at its second occurrence.
    """
    loss = 0.0
    for t in range(0, len(targets), tile):
        some = targets[t : t + tile]
        for start in range(0, len(block.rows), batch):
            few, w = block.rows[start : start + batch], weights[start : start + batch, t : t + tile]
            old = block.output_vectors[some]
            scores = np.sign(w) * (block.inputs[few] @ old.T)
            errors = lr * w * sigmoid(-scores)
            loss -= (np.abs(w) * log_sigmoid(scores)).sum()
            changes = np.zeros_like(old)
            for row, error in zip(few, errors, strict=True):
                changes += np.outer(error, block.inputs[row])
                block.sums[row] += error @ old
            np.add.at(block.output_vectors, some, changes)
    return loss


def train_skipgram(loss, input_vectors, output_vectors, draws, lr):
    """Train in place on a block; return the loss and the number of predictions.

    A group's rows are all words in its windows.
    """
    total, predictions = 0.0, 0
    for group in draws.groups:
        begin, end = min(group.left), max(group.right)
        made = np.zeros((end - begin, group.size))
        for k in range(len(group.centers)):
            made[np.array(group.context(k), int) - begin, k] = 1
        rows = Rows(input_vectors, input_vectors, draws.words[begin:end], made, output_vectors)
        total += loss.train(rows, group, draws.words, lr)
        predictions += int(made.sum())
    return total, predictions


def train_cbow(loss, input_vectors, output_vectors, draws, lr, rule="mean"):
    """Train in place on a block; return the loss and the number of predictions.

    The hidden vectors of a group's contexts come from the old values. They predict the centers, and the context words
    receive their changes at the end.
    """
    total, predictions = 0.0, 0
    for group in draws.groups:
        contexts = [draws.words[group.context(k)] for k in range(len(group.centers))]
        hidden = np.array([cbow_hidden(input_vectors, context, rule) for context in contexts])
        made = np.zeros((len(contexts), group.size))
        for k, context in enumerate(contexts):
            made[k, k] = len(context) > 0
        changes = np.zeros_like(hidden)
        rows = Rows(hidden, changes, np.arange(len(contexts)), made, output_vectors)
        total += loss.train(rows, group, draws.words, lr)
        for context, change in zip(contexts, changes, strict=True):
            np.add.at(input_vectors, context, change / len(context) if rule == "mean" and len(context) else change)
        predictions += int(made.sum())
    return total, predictions


def merge(before, copies, touched, weights):
    """Return a matrix that replicas trained copies of (float64).

    Args:
        before: (rows, d) as it was before the round.
        copies: (replicas, rows, d) as each replica left its own.
        touched: (replicas, rows) whether a replica touched a row; only copies of these count.
        weights: (rows,) of each replica's change, where several replicas touched a row.
    """
    changes = np.where(touched[:, :, None], copies - before, 0.0).sum(axis=0)
    return before + np.where(touched.sum(axis=0) > 1, weights, 1.0)[:, None] * changes


def merge_steps(shared, private, before, predictions, lr, threads):
    """Return what shared rows become when a thread merges its private ones (float64).

    Args:
        shared: (rows, d).
        private: (rows, d) as the thread trained them.
        before: (rows, d) as they were after its last merge.
        predictions: how many touched each row since then.
        lr: learning rate.
        threads: how many share the rows.
    """
    one_thread_goes = 1 - np.exp(-predictions * lr / 4)  # this share of the way to the optimum
    return shared + min(1.0, 1 / (threads * one_thread_goes)) * (private - before)


class PrivateRows:
    """One thread's copies of the first rows of two matrices, each merged when it is due.

    Args:
        matrices: both, (rows, d).
        predictions: for each matrix, how many predictions touch each private row in a stretch.
        lr: learning rate.
        threads: how many share the matrices.
    """

    def __init__(self, matrices, predictions, lr, threads):
        self.matrices, self.predictions, self.lr, self.threads = matrices, predictions, lr, threads
        self.private = [matrix[: len(touched)].copy() for matrix, touched in zip(matrices, predictions, strict=True)]
        self.before = [private.copy() for private in self.private]
        self.stretches = 0

    def period(self, touched):
        """Return the power of two nearest, by its logarithm, to the stretches that take a row half of its way."""
        stretches = np.log(2) / (touched * self.lr / 4)  # exp(-predictions lr / 4) = 1 / 2
        return 2 ** min(10, max(0, int(np.rint(np.log2(stretches)))))

    def train(self, train):
        """Let `train` change both matrices, given with the private rows in place of the shared ones, in a stretch."""
        own = [
            np.concatenate([private, matrix[len(private) :]])
            for private, matrix in zip(self.private, self.matrices, strict=True)
        ]
        train(own)
        self.stretches += 1
        parts = zip(own, self.matrices, self.private, self.before, self.predictions, strict=True)
        for trained, shared, private, before, predictions in parts:
            n = len(private)
            private[:], shared[n:] = trained[:n], trained[n:]
            for row, touched in enumerate(predictions):
                period = self.period(touched)
                if self.stretches % period == 0:
                    some = shared[row], private[row], before[row]
                    merged = merge_steps(*some, period * touched, self.lr, self.threads)
                    shared[row] = private[row] = before[row] = merged


@dataclass
class Replica:
    """What one replica of a model trains.

    Args:
        train: trains both matrices in place on draws; returns the loss and the number of predictions.
        draws: of its block.
        touched: returns which rows of both matrices the plan of a round names, given its groups and which of the
            block's words, from start to stop, are its centers.
    """

    train: Callable
    draws: Draws
    touched: Callable


def train_rounds(replicas, matrices, merge_every, weights):
    """Train matrices in place, with a merge after every merge_every centers; return losses and predictions.

    `weights` are those of all rows, as for `merge`, first of the input and then of the output matrix.
    """
    losses, predictions = np.zeros(len(replicas)), np.zeros(len(replicas), np.int64)
    for start in range(0, max(len(replica.draws.words) for replica in replicas), merge_every):
        copies, touched = [], []
        for r, replica in enumerate(replicas):
            words = replica.draws.words
            stop = min(start + merge_every, len(words))
            groups = [group for group in replica.draws.groups if start <= group.centers[0] < stop]
            copies.append([matrix.copy() for matrix in matrices])
            loss, made = replica.train(copies[-1], Draws(words, groups))
            losses[r] += loss
            predictions[r] += made
            touched.append(replica.touched(groups, start, stop))
        for i, (matrix, own) in enumerate(zip(matrices, np.split(weights, [len(matrices[0])]), strict=True)):
            matrix[:] = merge(matrix, np.array([c[i] for c in copies]), np.array([t[i] for t in touched]), own)
    return losses, predictions
