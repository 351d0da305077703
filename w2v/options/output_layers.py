"""The output layers by their name for `loss`: the one list of them. Reading it imports none of them, nor Numba."""

from __future__ import annotations

from typing import NamedTuple


class OutputLayerEntry(NamedTuple):
    """Where an output layer is, and what the command line says of it."""

    place: str  # module:class, a subclass of w2v.kernels.output_layer.OutputLayer
    help: str


OUTPUT_LAYERS = {
    "ns": OutputLayerEntry("w2v.kernels.negative_sampling:NegativeSampling", "negative sampling"),
    "hs": OutputLayerEntry("w2v.kernels.hierarchical_softmax:HierarchicalSoftmax", "hierarchical softmax"),
    "softmax": OutputLayerEntry("w2v.kernels.full_softmax:FullSoftmax", "exact softmax over all words; slow with many"),
}
