"""One small block of a corpus, trained by the compiled kernel and by its twin on the same draws."""

from dataclasses import dataclass, replace

import numpy as np
import reference
from front_end import plan, subsample

from w2v.kernels.blocks import train_block
from w2v.kernels.buffers import MAX_GROUP, STRETCH, RowAddresses, Sampling, Scratch, WindowBuffers, Workspace
from w2v.kernels.cbow import Cbow
from w2v.kernels.output_layer import Block as KernelBlock
from w2v.kernels.output_layer import output_layer_class
from w2v.kernels.private_rows import Merging
from w2v.kernels.skipgram import SkipGram
from w2v.kernels.tiles import BATCH_ROWS, MAX_TILE
from w2v.options import TrainingOptions
from w2v.sampling import alias_table, huffman_tree, keep_probabilities, keep_thresholds
from w2v.simd import aligned_zeros, row_floats

GUARD = 64  # values before and behind a buffer that must not change


def guarded(array):
    """Return a copy of an array that starts at a whole cache line between two guards, and a function to check them.

    What is no array comes back as it is.
    """
    if not isinstance(array, np.ndarray):
        return array, lambda: None
    item = array.dtype.itemsize
    guard = array.dtype.type(99)
    raw = np.full((array.nbytes + (2 * GUARD + 16) * 8) // item, guard)
    start = GUARD + (-(raw.ctypes.data + GUARD * item) % 64) // item
    inside = raw[start : start + array.size]
    inside[:] = array.ravel()

    def check():
        assert (raw[:start] == guard).all()
        assert (raw[start + array.size :] == guard).all()

    return inside.reshape(array.shape), check


@dataclass
class Trained:
    """Both matrices after training, the loss in nats, and the number of predictions."""

    input_vectors: np.ndarray
    output_vectors: np.ndarray
    loss: float
    predictions: int


@dataclass
class Block:
    """Token ids, where -1 ends a sentence, two float32 matrices, and how to train them.

    The matrices are (V, d); with hierarchical softmax, the output vectors are the V - 1 of the inner nodes.
    """

    ids: np.ndarray
    input_vectors: np.ndarray
    output_vectors: np.ndarray
    model: str = "skipgram"
    loss: str = "ns"
    window: int = 5
    soft: bool = True
    negative: int = 5
    lr: float = 0.05
    sample: float = 0.0
    negatives: np.ndarray | None = None  # their distribution (V,); None is that of the words
    rule: str = "mean"  # CBOW's, as in reference.py
    n_private: int = 0  # rows of both matrices
    key: int = 1

    @classmethod
    def random(cls, seed, sentences, words, dim, **options):
        """Make sentences of the given lengths from Zipf-distributed words, and matrices whose scores are near 1."""
        random = np.random.default_rng(seed)
        shares = 1 / np.arange(1, words + 1)
        ids = [[*random.choice(words, length, p=shares / shares.sum()), -1] for length in sentences]
        inputs, outputs = random.normal(0, dim**-0.25, (2, words, dim)).astype(np.float32)
        outputs = outputs[: output_layer_class(options.get("loss", "ns")).n_output_rows(words)]
        return cls(np.concatenate([*ids, []]).astype(np.int32), inputs, outputs, key=seed, **options)

    @property
    def words(self):
        return len(self.input_vectors)

    def counts(self):
        """Return how often words occur, at least once each, with the most frequent one first."""
        return np.sort(np.maximum(np.bincount(self.ids[self.ids >= 0], minlength=self.words), 1))[::-1]

    def sampling(self):
        counts = np.bincount(self.ids[self.ids >= 0], minlength=self.words)
        return Sampling(keep_thresholds(keep_probabilities(counts, self.sample)), self.window, self.soft)

    def method(self):
        return Cbow(self.rule != "sum", self.rule == "mean") if self.model == "cbow" else SkipGram()

    def windows(self):
        return WindowBuffers.create(len(self.ids), self.window)

    def output_layer(self):
        options = TrainingOptions(model=self.model, loss=self.loss, window=self.window, negative=self.negative)
        return output_layer_class(self.loss)(self.counts(), options)

    def layer(self, floats=16):
        """Return the output layer's buffers for rows of so many floats."""
        layer = self.output_layer().create_buffers(floats)
        return layer if self.negatives is None else layer._replace(alias=alias_table(self.negatives))

    def plan(self, rows):
        """Yield the windows and the layer of each stretch, as the kernels plan them, with its first and last center."""
        sampling, windows, layer = self.sampling(), self.windows(), self.layer()
        workspace = Workspace(sampling, rows, windows, Scratch.create(self.window, len(layer.tile), 16))
        state, n = subsample(self.ids, sampling.keep_thresholds, np.uint64(self.key), windows)
        block = KernelBlock(rows, windows, workspace.scratch, np.float32(self.lr), n)
        for start in range(0, n, STRETCH):
            state = plan(workspace, layer, block, start, np.uint64(state))
            yield windows, layer, start, min(n, start + STRETCH), n

    def draws(self):
        """Return what the kernels' own front end draws for this block."""
        words, groups = np.zeros(0, np.int32), []
        for windows, layer, start, stop, n in self.plan(RowAddresses(0, 0, 0, 0, 0, 64, 0)):
            words, size = windows.words[:n].copy(), len(layer.group)
            for group in range(-(-(stop - start) // size)):
                places = slice(group * size, min((group + 1) * size, n - start))
                groups.append(
                    reference.Group(
                        size,
                        list(range(start, n)[places]),
                        windows.left[places].tolist(),
                        windows.right[places].tolist(),
                        layer.negatives[group].tolist() if self.loss == "ns" else [],
                    )
                )
        return reference.Draws(words, groups)

    def trained(self, guarded=guarded):
        """Train copies of the matrices with the compiled kernel, watching every byte around its buffers."""
        floats = row_floats(self.input_vectors.shape[1])
        shared, private, checks = [], [], []
        for matrix in (self.input_vectors, self.output_vectors):
            padded = np.zeros((len(matrix), floats), np.float32)
            padded[:, : matrix.shape[1]] = matrix
            elsewhere = padded[: self.n_private].copy()
            padded[: self.n_private] = np.nan  # nothing may come from where a private row stands in for
            for rows, matrices in ((padded, shared), (elsewhere, private)):
                inside, check = guarded(rows)
                matrices.append(inside)
                checks.append(check)
        padding = aligned_zeros(1, floats)
        addresses = [matrix.ctypes.data for pair in zip(shared, private, strict=True) for matrix in pair]
        rows = RowAddresses(*addresses, self.n_private, floats * 4, padding.ctypes.data)
        own = self.layer(floats)
        own_scratch = Scratch.create(self.window, len(own.tile), floats)  # both hold rows that addresses point to
        bundles = []
        for bundle in (own, self.windows(), own_scratch):
            insides, bundle_checks = zip(*map(guarded, bundle), strict=True)
            bundles.append(type(bundle)(*insides))
            checks += bundle_checks
        layer, windows, scratch = bundles
        workspace = Workspace(self.sampling(), rows, windows, scratch)
        never = Merging(0, 0, np.zeros(1, np.int64), np.zeros((2, 1), np.int64), np.zeros((2, self.n_private), "f4"))
        lr, key = np.float32(self.lr), np.uint64(self.key)
        bits, predictions = train_block(self.ids, self.method(), layer, workspace, never, lr, key)
        for check in checks:
            check()
        assert np.isnan([matrix[: self.n_private] for matrix in shared]).all()
        for matrix, rows in zip(shared, private, strict=True):
            matrix[: self.n_private] = rows
        if np.isfinite(bits):
            assert not padding.any()
            assert not own_scratch.mean_rows[MAX_GROUP + 1 :].any(), "changes are handed on"
            assert not getattr(own, "change_rows", np.zeros(1)).any(), "changes are handed on"
            assert not any(matrix[:, self.input_vectors.shape[1] :].any() for matrix in shared), "padding stays zero"
        found = (matrix[:, : self.input_vectors.shape[1]] for matrix in shared)
        return Trained(*found, bits * np.log(2), predictions)

    def twin(self):
        """Return the loss of the reference."""
        if self.loss == "ns":
            return reference.NegativeSampling(len(self.layer().tile), BATCH_ROWS)
        if self.loss == "hs":
            tree = huffman_tree(self.counts())
            bounds = [slice(*pair) for pair in zip(tree.starts[:-1], tree.starts[1:], strict=True)]
            return reference.HierarchicalSoftmax([(tree.nodes[b], tree.signs[b]) for b in bounds], MAX_TILE, BATCH_ROWS)
        return reference.ExactSoftmax()

    def reference(self):
        """Train float64 copies of the matrices with the twin."""
        matrices = [matrix.astype(np.float64) for matrix in (self.input_vectors, self.output_vectors)]
        return Trained(*matrices, *self.train_twin(matrices, self.draws()))

    def stretches(self):
        """Yield the draws of each stretch."""
        draws = self.draws()
        for start in range(0, len(draws.groups), step := STRETCH // draws.groups[0].size):
            yield replace(draws, groups=draws.groups[start : start + step])

    def train_twin(self, matrices, draws):
        """Train matrices in place with the twin; return the loss and the number of predictions."""
        if self.model == "cbow":
            return reference.train_cbow(self.twin(), *matrices, draws, self.lr, self.rule)
        return reference.train_skipgram(self.twin(), *matrices, draws, self.lr)
