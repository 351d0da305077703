"""The output layers by their name for `loss`: the one list of them. Reading it imports none of them, nor Numba."""

from __future__ import annotations

from typing import NamedTuple


class OutputLayerEntry(NamedTuple):
    """Where an output layer is, and what its options need to know of it."""

    place: str  # module:class, a subclass of w2v.kernels.output_layer.OutputLayer
    help: str  # for the command line
    draws_negatives: bool = False  # then `negative` must be at least 1


OUTPUT_LAYERS = {
    "ns": OutputLayerEntry("w2v.kernels.negative_sampling:NegativeSampling", "negative sampling", draws_negatives=True),
    "hs": OutputLayerEntry("w2v.kernels.hierarchical_softmax:HierarchicalSoftmax", "hierarchical softmax"),
    "softmax": OutputLayerEntry("w2v.kernels.full_softmax:FullSoftmax", "exact softmax over all words; slow with many"),
}
