"""How many threads work."""

from __future__ import annotations

import os

MOST_THREADS = 4096  # far beyond use


def available_cpus() -> int:
    """Return how many CPUs this process may use; a container or `taskset` can make them fewer than the machine's."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
