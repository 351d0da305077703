"""Arrays beside memory that can't be touched: access past their end, or before their start, ends the process.

Numba's checks see indices of arrays, but not rows that kernels find by address, nor loads of eight bytes at a time.
"""

import contextlib
import ctypes
import mmap
from unittest import mock

import numpy as np
import training_block

from w2v.kernels import buffers, full_softmax

PAGE = mmap.PAGESIZE
_LIBC = ctypes.CDLL(None, use_errno=True)


def fenced(array, *, at_end):
    """Return a copy of an array that ends, or else starts, where memory does that can't be touched."""
    size = array.nbytes
    pages = -(-max(size, 1) // PAGE)
    mapping = mmap.mmap(-1, (pages + 2) * PAGE)
    start = ctypes.addressof(ctypes.c_char.from_buffer(mapping))
    for fence in (start, start + (pages + 1) * PAGE):
        if _LIBC.mprotect(ctypes.c_void_p(fence), ctypes.c_size_t(PAGE), 0):
            raise OSError(ctypes.get_errno(), "mprotect")
    place = PAGE + (pages * PAGE - size if at_end else 0)
    inside = np.frombuffer(mapping, np.uint8, size, place).view(array.dtype).reshape(array.shape)
    inside[...] = array
    return inside


@contextlib.contextmanager
def fenced_rows(*, at_end):
    """Fence the rows of buffers that kernels make room for, since kernels find them by address."""

    def aligned_zeros(rows, floats):
        return fenced(np.zeros((rows, floats), np.float32), at_end=at_end)

    with (
        mock.patch.object(buffers, "aligned_zeros", aligned_zeros),
        mock.patch.object(full_softmax, "aligned_zeros", aligned_zeros),
        mock.patch.object(training_block, "aligned_zeros", aligned_zeros),
    ):
        yield
