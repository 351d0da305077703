"""What a kernel asks of an output layer, whichever it is; the layer's type decides, at compile time, what answers.

An output layer is a NamedTuple of tables and buffers. Its module provides each of these functions with `provides`, so
that the kernels hold the only loops over windows, and adding a layer adds a module.

    group_size(layer)      how many neighbouring centers are trained together, known when compiling
    plan_targets(...)      draws or looks up the target rows of one stretch of centers
    weigh_words(...)       says which rows of a group predict what: each word of the windows (skip-gram)
    weigh_means(...)       likewise, where row k is the mean of the k-th center's context (CBOW)
    learn(...)             scores a group's rows against its targets and changes both
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import types
from numba.extending import overload

from w2v.kernels.windows import INLINED


def group_size(layer: Any) -> Any:
    """Return static(how many neighbouring centers make a group)."""
    raise NotImplementedError


def plan_targets(layer: Any, words: Any, start: Any, stop: Any, rows: Any, state: Any) -> Any:
    """Plan the targets of the centers words[start:stop]; return the random state after what was drawn."""
    raise NotImplementedError


def weigh_words(layer: Any, windows: Any, start: Any, group: Any, n: Any, begin: Any, end: Any, tile: Any) -> Any:
    """Say what each of words[begin:end] predicts, the rows of a planned group: the centers whose windows it is in."""
    raise NotImplementedError


def weigh_means(layer: Any, windows: Any, start: Any, group: Any, n: Any, tile: Any) -> Any:
    """Say what each center's mean context predicts: the center, if it has a context."""
    raise NotImplementedError


def learn(
    layer: Any, group: Any, ahead: Any, inputs: Any, sums: Any, first: Any, count: Any, rows: Any, scratch: Any,
    lr: Any, tile: Any, together: Any,
) -> Any:  # fmt: skip
    """Train a planned and weighed group, one step of gradient descent; add its losses to the scratch's tally.

    Of the block inputs[first:], `count` rows are read, and the same of sums[first:] changed; they are the same rows for
    skip-gram. `together` is static(number of rows whose scores are taken together). `ahead` says whether the stretch
    has another group, whose targets may be asked for.
    """
    raise NotImplementedError


def provides(generic: Any, layer_class: type) -> Callable[[Any], Any]:
    """Return a decorator: a function is what `generic` does when its first argument is a layer_class."""

    def register(function: Any) -> Any:
        def choose(layer: Any, *_: Any) -> Any:
            return function if isinstance(layer, types.NamedTuple) and layer.instance_class is layer_class else None

        overload(generic, strict=False, jit_options=INLINED)(choose)
        return function

    return register
