"""A trained classifier of texts.

    text -> features with weights -> sum of their vectors -> hidden layers -> scores -> labels, or a number

fastText (Joulin et al. 2017, "Bag of tricks for efficient text classification") has the mean of the vectors, and no
hidden layers. The weights (see w2v.classify.features) and leaving out words at random make this better than that.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from w2v.classify.features import Features
from w2v.classify.targets import Label
from w2v.documents.token_rows import line_blocks
from w2v.networks import Bags, EpochLosses, Network
from w2v.options.classify import DEFAULT_THRESHOLD, ClassifyOptions
from w2v.options.threads import available_cpus
from w2v.parallel import map_in_order

_T = TypeVar("_T")

OBJECTIVE_OF = {"multiclass": "classes", "multilabel": "labels", "regression": "regression"}


@dataclass
class TextClassifier:
    """A trained classifier.

    Attributes:
        task: `multiclass`, `multilabel` or `regression`.
        labels: the labels, in the order of the outputs; empty for a regression.
        features: what it knows of texts.
        network: from the features to the outputs.
        options: how it was trained.
        baseline: what to predict without a look at the text: the number of the label that is most frequent in training,
            or the median of a regression's targets.
        center: the mean of the targets (regression).
        scale: the standard deviation of the targets (regression).
        losses: of each epoch of training.
        examples: texts that it was trained on.
        tokens_by: what besides w2v cut these into tokens, with its version; None if nothing did.
    """

    task: str
    labels: list[Label]
    features: Features
    network: Network
    options: ClassifyOptions
    baseline: float = 0
    center: float = 0.0
    scale: float = 1.0
    losses: list[EpochLosses] = field(default_factory=list)
    examples: int = 0
    tokens_by: str | None = None

    @property
    def names(self) -> list[str]:
        """The labels as text."""
        return [str(label) for label in self.labels]

    def outputs(self, texts: Sequence[str], threads: int | None = None) -> npt.NDArray[np.float32]:
        """Return a probability for each label, (n, labels), or predicted numbers, (n, 1).

        Args:
            texts: n texts.
            threads: number of threads; None is one for each CPU.
        """
        parts = self.predict_blocks(line_blocks(texts), lambda outputs: outputs, threads or available_cpus())
        return np.concatenate([np.empty((0, max(1, len(self.labels))), np.float32), *parts])

    def predict_blocks(
        self, blocks: Iterable[bytes], function: Callable[[npt.NDArray[np.float32]], _T], threads: int
    ) -> Generator[_T, None, None]:
        """Yield what a function makes of the outputs of each block of texts, in order; both are computed on threads.

        Args:
            blocks: lines, one a text; see `joined_lines`.
            function: takes the outputs of a block, (n, labels) or (n, 1).
            threads: number of threads.
        """
        reader = self.features.reader()

        def found(lines: bytes) -> _T:
            return function(self.outputs_of(reader.bags(lines)))

        if threads == 1:
            return (found(lines) for lines in blocks)
        return map_in_order(found, blocks, threads)

    def outputs_of(self, bags: Bags) -> npt.NDArray[np.float32]:
        """Return the same for the features of n texts."""
        found = self.network.outputs(bags)
        return (found * self.scale + self.center).astype(np.float32) if self.task == "regression" else found


def given_labels(
    outputs: npt.NDArray[np.float32], task: str, threshold: float | None = None, count: int | None = None
) -> npt.NDArray[np.bool_]:
    """Return which labels each text is given, (n, labels).

    Args:
        outputs: the probability of each label, (n, labels).
        task: `multiclass` or `multilabel`.
        threshold: least probability; None is 0.5 for `multilabel` without `count`, else 0.
        count: the number of likeliest labels, of which those with that probability are given; None is 1 for
            `multiclass`, and all for `multilabel`.

    Example:
        >>> outputs = np.array([[0.5, 0.4, 0.7]], np.float32)
        >>> given_labels(outputs, "multilabel").tolist(), given_labels(outputs, "multiclass").tolist()
        ([[True, False, True]], [[False, False, True]])
    """
    single = task == "multiclass"
    if threshold is None:
        threshold = 0.0 if single or count is not None else DEFAULT_THRESHOLD
    given: npt.NDArray[np.bool_] = outputs >= threshold
    if single or count is not None:
        likeliest = (-outputs).argsort(axis=1, kind="stable")[:, : count or 1]
        kept = np.zeros_like(given)
        np.put_along_axis(kept, likeliest, True, axis=1)
        given &= kept
    return given
