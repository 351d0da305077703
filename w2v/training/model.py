"""What is trained: an input vector for each word, and the output vectors of the output layer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.errors import TrainingError
from w2v.kernels.output_layer import output_layer_class
from w2v.memory import size_text
from w2v.options import TrainingOptions
from w2v.simd import aligned_zeros, row_floats
from w2v.vectors import Vectors
from w2v.vocabulary import Vocabulary

_VALUES_AT_ONCE = 1 << 20


class Model:
    """Both matrices; zeros pad their rows to whole cache lines.

    Attributes:
        vocabulary: the V words, most frequent first.
        dim: length d of the vectors.
        input_vectors: (V, padded d) float32; at the end of training these are the word vectors.
        output_vectors: (R, padded d) float32; R is what the output layer says: V, or V - 1 with hierarchical softmax.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        dim: int,
        input_vectors: npt.NDArray[np.float32],
        output_vectors: npt.NDArray[np.float32],
    ) -> None:
        self.vocabulary, self.dim = vocabulary, dim
        self.input_vectors, self.output_vectors = input_vectors, output_vectors

    @classmethod
    def create(cls, vocabulary: Vocabulary, options: TrainingOptions) -> Model:
        """Start input vectors uniform in +-0.5/d, output vectors at zero (as word2vec.c does).

        Raises:
            TrainingError: the matrices don't fit the memory.
        """
        words, floats = len(vocabulary), row_floats(options.dim)
        outputs = output_layer_class(options.loss).n_output_rows(words)
        try:
            input_vectors, output_vectors = aligned_zeros(words, floats), aligned_zeros(outputs, floats)
        except MemoryError as error:
            raise TrainingError(
                f"{words:,} words x {options.dim} need {size_text(4 * (words + outputs) * floats)} of memory, and the"
                " system has less; raise `min_count`, or lower `max_vocab` or `dim`"
            ) from error
        random = np.random.default_rng(options.seed)
        at_once = max(1, _VALUES_AT_ONCE // options.dim)  # no call takes long, so that Ctrl-C ends it soon
        for start in range(0, words, at_once):
            rows = input_vectors[start : start + at_once, : options.dim]
            rows[:] = (random.random(rows.shape, np.float32) - np.float32(0.5)) / np.float32(options.dim)
        return cls(vocabulary, options.dim, input_vectors, output_vectors)

    def require_finite(self) -> None:
        """Refuse a model with a value that is not finite, which the losses need not show yet.

        Raises:
            TrainingError: there is one.
        """
        for matrix in (self.input_vectors, self.output_vectors):
            at_once = max(1, _VALUES_AT_ONCE // matrix.shape[1])
            for start in range(0, len(matrix), at_once):
                if not np.isfinite(matrix[start : start + at_once]).all():
                    raise TrainingError("a value of the vectors is no longer a finite number; try a smaller `lr`")

    def drop_output_vectors(self) -> None:
        """Give up the output vectors, which take as much memory as the input vectors, when training is over."""
        self.output_vectors = np.empty((0, self.output_vectors.shape[1]), np.float32)

    def vectors(self, metadata: Mapping[str, Any] | None = None) -> Vectors:
        """Return the words with a copy of their input vectors, without padding, with counts and the given metadata."""
        matrix = self.input_vectors[:, : self.dim]
        return Vectors(self.vocabulary.words, matrix, counts=self.vocabulary.counts, metadata=metadata)
