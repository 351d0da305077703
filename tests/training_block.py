"""One small block of a corpus, trained by the compiled kernel and by its twin on the same draws."""

from dataclasses import dataclass

import numpy as np
import reference
from front_end import plan, subsample

from w2v.kernels import cbow, hierarchy, skipgram, softmax
from w2v.kernels.negatives import SHARING
from w2v.kernels.tiles import BATCH_ROWS, MAX_TILE, static, tile_of
from w2v.kernels.windows import MAX_GROUP, STRETCH, Rows, Sampling, Scratch, Windows
from w2v.options import TrainingOptions
from w2v.sampling import alias_table, huffman_tree, keep_probabilities, keep_thresholds
from w2v.simd import aligned_zeros, row_floats
from w2v.training.layers import OutputLayer

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
    """Token ids, where -1 ends a sentence, two matrices float32, and how to train them.

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
    head: int = 0  # as many rows of both matrices are private
    key: int = 1

    @classmethod
    def random(cls, seed, sentences, words, dim, **options):
        """Make sentences of the given lengths from Zipf-distributed words, and matrices whose scores are near 1."""
        random = np.random.default_rng(seed)
        shares = 1 / np.arange(1, words + 1)
        ids = [[*random.choice(words, length, p=shares / shares.sum()), -1] for length in sentences]
        inputs, outputs = random.normal(0, dim**-0.25, (2, words, dim)).astype(np.float32)
        if options.get("loss") == "hs":
            outputs = outputs[:-1]
        return cls(np.concatenate([*ids, []]).astype(np.int32), inputs, outputs, key=seed, **options)

    @property
    def words(self):
        return len(self.input_vectors)

    @property
    def group_size(self):
        return {"ns": SHARING[self.model], "hs": hierarchy.GROUP, "softmax": softmax.GROUP}[self.loss]

    def counts(self):
        """Return how often words occur, at least once each, with the most frequent one first."""
        return np.sort(np.maximum(np.bincount(self.ids[self.ids >= 0], minlength=self.words), 1))[::-1]

    def sampling(self):
        counts = np.bincount(self.ids[self.ids >= 0], minlength=self.words)
        return Sampling(keep_thresholds(keep_probabilities(counts, self.sample)), self.window, self.soft)

    def windows(self):
        return Windows.create(len(self.ids), self.window)

    def output_layer(self):
        options = TrainingOptions(model=self.model, loss=self.loss, window=self.window, negative=self.negative)
        return OutputLayer(self.counts(), options)

    def layer(self, floats=16):
        """Return the output layer for rows of so many floats, its tile, and memory that must outlive it, if any."""
        output_layer = self.output_layer()
        layer, memory = output_layer.create(floats)
        if self.negatives is not None:
            layer = layer._replace(alias=alias_table(self.negatives))
        return layer, output_layer.tile, memory

    def draws(self):
        """Return what the kernels' own front end draws for this block."""
        windows, sampling, rows, size = self.windows(), self.sampling(), Rows(0, 0, 0, 0, 0, 64, 0), self.group_size
        layer, *_ = self.layer()
        state, n = subsample(self.ids, sampling.keep, np.uint64(self.key), windows.words, windows.first, windows.last)
        groups = []
        for start in range(0, n, STRETCH):
            state = plan(windows, layer, start, n, sampling, rows, np.uint64(state))
            for group in range(-(-(min(n, start + STRETCH) - start) // size)):
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
        return reference.Draws(windows.words[:n].copy(), groups)

    def trained(self):
        """Train copies of the matrices with the compiled kernel, watching every byte around its buffers."""
        floats = row_floats(self.input_vectors.shape[1])
        shared, private, checks = [], [], []
        for matrix in (self.input_vectors, self.output_vectors):
            padded = np.zeros((len(matrix), floats), np.float32)
            padded[:, : matrix.shape[1]] = matrix
            elsewhere = padded[: self.head].copy()
            padded[: self.head] = np.nan  # nothing may come from where a private row stands in for
            for rows, matrices in ((padded, shared), (elsewhere, private)):
                inside, check = guarded(rows)
                matrices.append(inside)
                checks.append(check)
        padding = aligned_zeros(1, floats)
        spare_rows = aligned_zeros(2 * (MAX_GROUP + 1), floats)
        addresses = [matrix.ctypes.data for pair in zip(shared, private, strict=True) for matrix in pair]
        rows = Rows(*addresses, self.head, floats * 4, padding.ctypes.data)
        layer, tile, memory = self.layer(floats)
        bundles = []
        for bundle in (layer, self.windows(), Scratch.create(self.window, tile, spare_rows)):
            insides, bundle_checks = zip(*map(guarded, bundle), strict=True)
            bundles.append(type(bundle)(*insides))
            checks += bundle_checks
        layer, windows, scratch = bundles
        arguments = (
            self.ids, self.sampling(), layer, rows, windows, scratch, np.float32(self.lr), np.uint64(self.key),
            static(tile),
        )  # fmt: skip
        if self.model == "cbow":
            bits, predictions = cbow.train_block(*arguments, self.rule != "sum", self.rule == "mean")
        else:
            bits, predictions = skipgram.train_block(*arguments)
        for check in checks:
            check()
        assert np.isnan([matrix[: self.head] for matrix in shared]).all()
        for matrix, rows in zip(shared, private, strict=True):
            matrix[: self.head] = rows
        if np.isfinite(bits):
            assert not padding.any()
            assert not spare_rows[MAX_GROUP + 1 :].any(), "changes are handed on"
            assert memory is None or not memory.any(), "changes are handed on"
            assert not any(matrix[:, self.input_vectors.shape[1] :].any() for matrix in shared), "padding stays zero"
        found = (matrix[:, : self.input_vectors.shape[1]] for matrix in shared)
        return Trained(*found, bits * np.log(2), predictions)

    def twin(self):
        """Return the loss as the reference has it."""
        if self.loss == "ns":
            return reference.NegativeSampling(tile_of(self.group_size + self.negative), BATCH_ROWS)
        if self.loss == "hs":
            tree = huffman_tree(self.counts())
            bounds = [slice(*pair) for pair in zip(tree.starts[:-1], tree.starts[1:], strict=True)]
            return reference.HierarchicalSoftmax([(tree.nodes[b], tree.signs[b]) for b in bounds], MAX_TILE, BATCH_ROWS)
        return reference.ExactSoftmax()

    def reference(self):
        """Train float64 copies of the matrices with the twin."""
        matrices = [matrix.astype(np.float64) for matrix in (self.input_vectors, self.output_vectors)]
        if self.model == "cbow":
            counted = reference.train_cbow(self.twin(), *matrices, self.draws(), self.lr, self.rule)
        else:
            counted = reference.train_skipgram(self.twin(), *matrices, self.draws(), self.lr)
        return Trained(*matrices, *counted)
