"""CPUs that tools can be made to compute for: how fast would this machine be without its widest vectors?

Numba compiles w2v's kernels for the CPU that NUMBA_CPU_NAME and NUMBA_CPU_FEATURES name. gensim comes
compiled, and leaves its arithmetic to OpenBLAS, which picks its functions by OPENBLAS_CORETYPE. The other tools have
nothing that could be chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Cpu(NamedTuple):
    """A CPU to compute for.

    Attributes:
        title: its vector instructions, for tables.
        numba: environment variables for Numba.
        openblas: environment variables for OpenBLAS.
        needs: features, as llvmlite names them, that the machine must have.
    """

    title: str
    numba: Mapping[str, str]
    openblas: Mapping[str, str]
    needs: frozenset[str]


HOST = "host"
CPUS = {
    HOST: Cpu("", {}, {}, frozenset()),
    "haswell": Cpu(
        "AVX2",
        {"NUMBA_CPU_NAME": "haswell", "NUMBA_CPU_FEATURES": "+avx2,+fma"},
        {"OPENBLAS_CORETYPE": "Haswell"},
        frozenset({"avx2", "fma", "bmi2"}),
    ),
    "x86-64-v2": Cpu(
        "SSE4.2",
        {"NUMBA_CPU_NAME": "x86-64-v2", "NUMBA_CPU_FEATURES": "+sse4.2"},
        {"OPENBLAS_CORETYPE": "Nehalem"},
        frozenset({"sse4.2", "popcnt"}),
    ),
}
