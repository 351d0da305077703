"""The kernels' front end, which only compiled code can call, for tests to call."""

from numba import njit

from w2v.kernels import windows


@njit
def subsample(ids, keep, state, words, first, last):
    return windows.subsample(ids, keep, state, words, first, last)


@njit
def plan(buffers, start, n, sampling, rows, state):
    return windows.plan(buffers, start, n, sampling, rows, state)
