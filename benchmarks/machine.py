"""What was measured where: the machine, the versions, the commit, and how busy the machine was."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path
from typing import Any

from benchmarks.processes import ROOT

_SIMD_LEVELS = {"avx512f": "AVX-512", "avx2": "AVX2", "avx": "AVX", "neon": "NEON", "sse2": "SSE"}
_LIBRARIES = ("numba", "llvmlite", "numpy", "scipy")
BUSY = 0.3  # other processes that want a CPU, for each CPU, at which figures are not to be trusted


def describe(names: list[str]) -> dict[str, Any]:
    """Worker: return the machine, the commit, and the versions of these tools and of what they compute with."""
    from importlib.metadata import version

    from benchmarks.registry import tools

    present = features()
    chosen = [tools()[name] for name in names]
    return {
        "cpu": _cpu_name(),
        "cpus": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "simd": next((level for feature, level in _SIMD_LEVELS.items() if feature in present), "none known"),
        "features": sorted(present),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "system": platform.system(),
        "python": platform.python_version(),
        "versions": {tool.package: tool.version() for tool in chosen} | {name: version(name) for name in _LIBRARIES},
        "commit": _commit(),
    }


def features() -> frozenset[str]:
    """Return the features of this CPU, as llvmlite names them."""
    from llvmlite import binding

    return frozenset(name for name, present in binding.get_host_cpu_features().items() if present)


def waiting() -> float:
    """Return how many processes want a CPU now, this one not counted, for each CPU; 0 where nobody can tell."""
    path = Path("/proc/loadavg")
    running = int(path.read_text().split()[3].split("/")[0]) - 1 if path.exists() else 0
    return running / (os.cpu_count() or 1)


def _cpu_name() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _commit() -> str:
    """Return the commit of the source, with a plus sign if files changed since."""
    git = ["git", "-C", str(ROOT)]
    found = subprocess.run([*git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    if found.returncode:
        return "unknown"
    changed = subprocess.run([*git, "status", "--porcelain", "w2v"], capture_output=True, text=True, check=False)
    return found.stdout.strip() + ("+" if changed.stdout.strip() else "")
