"""CPUs that this one can imitate, since it has all their features: narrower vectors, fewer registers."""

import os
import subprocess
import sys
from pathlib import Path

import llvmlite.binding

HERE = Path(__file__).parent
FORCED = {  # name: features to compile for, features needed to run it, lanes
    "haswell": ("+avx2,+fma", {"avx2", "fma", "bmi2"}, 8),
    "x86-64-v2": ("+sse4.2", {"sse4.2", "popcnt"}, 4),
}
HOST = {name for name, present in llvmlite.binding.get_host_cpu_features().items() if present}
PLAYABLE = [name for name, (_, needed, _) in FORCED.items() if needed <= HOST]


def run_on(cpu, *arguments, cwd, **extra):
    """Run Python with arguments, compiling for a PLAYABLE CPU or for the "host", with extra environment variables."""
    forced = {} if cpu == "host" else {"NUMBA_CPU_NAME": cpu, "NUMBA_CPU_FEATURES": FORCED[cpu][0]}
    paths = os.pathsep.join([str(HERE), str(HERE.parent)])
    done = subprocess.run(
        [sys.executable, *map(str, arguments)], cwd=cwd, env=os.environ | {"PYTHONPATH": paths} | forced | extra,
        check=False, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
