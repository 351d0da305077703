"""The kernels' front end, which only compiled code can call, for tests to call."""

from numba import njit

from w2v.kernels import output_layer, windows
from w2v.kernels.buffers import STRETCH


@njit
def subsample(ids, keep_thresholds, state, windows_):
    return windows.subsample(ids, keep_thresholds, state, windows_)


@njit
def plan(workspace, layer, block, start, state):
    n = block.n_words
    state = windows.plan_windows(workspace, start, n, state)
    return output_layer.plan_targets(layer, block, start, min(n, start + STRETCH), state)
