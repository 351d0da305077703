"""The number of threads."""

from __future__ import annotations

import os

MOST_THREADS = 4096  # far beyond use


def available_cpus() -> int:
    """Return the number of CPUs that this process may use; a container or `taskset` can limit it."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
