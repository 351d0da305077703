"""Wrappers that let tests call the front end of the kernels, which only compiled code can call."""

from numba import njit

from w2v.kernels import layers, windows


@njit
def subsample(ids, keep, state, words, first, last):
    return windows.subsample(ids, keep, state, words, first, last)


@njit
def plan(windows_, layer, start, n, sampling, rows, state):
    state = windows.plan_windows(windows_, start, n, sampling, rows, state)
    return layers.plan_targets(layer, windows_.words, start, min(n, start + windows.STRETCH), rows, state)
