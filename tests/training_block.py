"""One small block of a corpus, trained by the compiled kernel and by its twin on the same draws."""

from dataclasses import dataclass

import numpy as np
import reference
from front_end import plan, subsample
from numpy.testing import assert_array_equal

from w2v.kernels import cbow, skipgram
from w2v.kernels.blocks import BATCH_ROWS, static, tile_of
from w2v.kernels.negatives import GROUP, Negatives
from w2v.kernels.windows import MAX_GROUP, STRETCH, Rows, Sampling, Scratch, Windows
from w2v.sampling import alias_table, keep_probabilities, keep_thresholds, negative_probabilities
from w2v.simd import aligned_zeros, row_floats

GUARD = 64  # values before and behind a buffer that must not change


def guarded(array):
    """Return a copy of an array that starts at a whole cache line between two guards, and a function to check them.

    What is no array comes back as it is.
    """
    if not isinstance(array, np.ndarray):
        return array, lambda: None
    item = array.dtype.itemsize
    raw = np.full((array.nbytes + (2 * GUARD + 16) * 8) // item, 99, array.dtype)
    start = GUARD + (-(raw.ctypes.data + GUARD * item) % 64) // item
    inside = raw[start : start + array.size]
    inside[:] = array.ravel()

    def check():
        outside = np.concatenate((raw[:start], raw[start + array.size :]))
        assert_array_equal(outside, np.full_like(outside, 99))

    return inside.reshape(array.shape), check


@dataclass
class Trained:
    """Both matrices after training, (V, d), the loss in nats, and the number of predictions."""

    input_vectors: np.ndarray
    output_vectors: np.ndarray
    loss: float
    predictions: int


@dataclass
class Block:
    """Token ids, where -1 ends a sentence, two matrices (V, d) float32, and how to train them."""

    ids: np.ndarray
    input_vectors: np.ndarray
    output_vectors: np.ndarray
    model: str = "skipgram"
    window: int = 5
    soft: bool = True
    negative: int = 5
    lr: float = 0.05
    sample: float = 0.0
    negatives: np.ndarray | None = None  # their distribution (V,); None is that of the words
    rule: str = "mean"
    head: int = 0  # as many words have private rows
    key: int = 1

    @classmethod
    def random(cls, seed, sentences, words, dim, **options):
        """Make sentences of the given lengths from Zipf-distributed words, and matrices whose scores are near 1."""
        random = np.random.default_rng(seed)
        shares = 1 / np.arange(1, words + 1)
        ids = [[*random.choice(words, length, p=shares / shares.sum()), -1] for length in sentences]
        matrices = random.normal(0, dim**-0.25, (2, words, dim)).astype(np.float32)
        return cls(np.concatenate([*ids, []]).astype(np.int32), *matrices, key=seed, **options)

    @property
    def words(self):
        return len(self.input_vectors)

    @property
    def tile(self):
        return tile_of(GROUP + self.negative)

    def sampling(self):
        counts = np.bincount(self.ids[self.ids >= 0], minlength=self.words)
        return Sampling(keep_thresholds(keep_probabilities(counts, self.sample)), self.window, self.soft)

    def windows(self):
        return Windows.create(len(self.ids), self.window)

    def layer(self):
        counts = np.bincount(self.ids[self.ids >= 0], minlength=self.words)
        drawn = negative_probabilities(np.maximum(counts, 1), 0.75) if self.negatives is None else self.negatives
        return Negatives.create(alias_table(drawn), self.negative, self.window)

    def draws(self):
        """Return what the kernels' own front end draws for this block."""
        windows, layer, sampling, rows = self.windows(), self.layer(), self.sampling(), Rows(0, 0, 0, 0, 0, 64, 0)
        state, n = subsample(self.ids, sampling.keep, np.uint64(self.key), windows.words, windows.first, windows.last)
        groups = []
        for start in range(0, n, STRETCH):
            state = plan(windows, layer, start, n, sampling, rows, np.uint64(state))
            for group in range(-(-(min(n, start + STRETCH) - start) // GROUP)):
                places = slice(group * GROUP, min((group + 1) * GROUP, n - start))
                groups.append(
                    reference.Group(
                        GROUP,
                        list(range(start, n)[places]),
                        windows.left[places].tolist(),
                        windows.right[places].tolist(),
                        layer.negatives[group].tolist(),
                    )
                )
        return reference.Draws(windows.words[:n].copy(), groups)

    def trained(self):
        """Train copies of the matrices with the compiled kernel, watching every byte around its buffers."""
        floats = row_floats(self.input_vectors.shape[1])
        shared, private, checks = [], [], []
        for matrix in (self.input_vectors, self.output_vectors):
            padded = np.zeros((self.words, floats), np.float32)
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
        bundles = []
        for bundle in (self.layer(), self.windows(), Scratch.create(self.window, self.tile, spare_rows)):
            insides, bundle_checks = zip(*map(guarded, bundle), strict=True)
            bundles.append(type(bundle)(*insides))
            checks += bundle_checks
        layer, windows, scratch = bundles
        arguments = (
            self.ids, self.sampling(), layer, rows, windows, scratch, np.float32(self.lr), np.uint64(self.key),
            static(self.tile),
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
            assert not any(matrix[:, self.input_vectors.shape[1] :].any() for matrix in shared), "padding stays zero"
        found = (matrix[:, : self.input_vectors.shape[1]] for matrix in shared)
        return Trained(*found, bits * np.log(2), predictions)

    def reference(self):
        """Train float64 copies of the matrices with the twin."""
        matrices = [matrix.astype(np.float64) for matrix in (self.input_vectors, self.output_vectors)]
        if self.model == "cbow":
            counted = reference.train_cbow(*matrices, self.draws(), lr=self.lr, tile=self.tile, rule=self.rule)
        else:
            counted = reference.train_skipgram(*matrices, self.draws(), lr=self.lr, tile=self.tile, batch=BATCH_ROWS)
        return Trained(*matrices, *counted)
