"""Measures random walks on a graph with `w2v walks` and PecanPy: CPU seconds of a thread, in all and walking alone.

python -m benchmarks.walks [EDGES] --pecanpy PYTHON

PecanPy needs an older NumPy, so PYTHON is that of an environment in which `pip install pecanpy` has run. Without EDGES,
graphs are made by preferential attachment (Barabási and Albert 1999).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.processes import ROOT, run

SIZES = ((10_000, 30), (100_000, 10))  # nodes, and edges of each new node
PARAMETERS = ((1.0, 1.0), (0.5, 2.0), (4.0, 0.25))
LENGTH, PER_NODE = 80, 10
_FIRST_ORDER = {False: "FirstOrderUnweighted", True: "PreCompFirstOrder"}

PECANPY = f"""
import json, sys, time
import numba
numba.set_num_threads(1)
from pecanpy import pecanpy
path, output, mode, p, q, weighted, again = json.loads(sys.argv[1])
graph = getattr(pecanpy, mode)(p=p, q=q, workers=1, random_state=1)
graph.read_edg(path, weighted=weighted, directed=False)
random_walks, seconds = graph._random_walks, []
def timed(*arguments):
    for _ in range(1 + again):  # the first call compiles
        started = time.process_time()
        walks = random_walks(*arguments)
        seconds.append(time.process_time() - started)
    return walks
graph._random_walks = timed
walks = graph.simulate_walks({PER_NODE}, {LENGTH})
with open(output, "w") as file:
    file.writelines(" ".join(walk) + "\\n" for walk in walks)
print(seconds[-1])
"""

W2V_ALONE = f"""
import json, sys, time
import numpy as np
from w2v.graphs import WeightedGraph
from w2v.graphs.node2vec import Bias, take_steps
from w2v.options import WalkOptions
path, p, q = json.loads(sys.argv[1])
graph = WeightedGraph.read(path, WalkOptions())
nodes, walks = np.arange(len(graph.nodes), dtype=np.int32), np.empty((1024, {LENGTH} + 2), np.int32)
for _ in range(2):  # the first round loads what was compiled
    started = time.process_time()
    for turn in range({PER_NODE}):
        for first in range(0, len(nodes), len(walks)):
            starts = nodes[first : first + len(walks)]
            take_steps(graph.arrays, Bias(1 / p, 1 / q), starts, np.uint64(turn << 32 | first), walks[: len(starts)])
print(time.process_time() - started)
"""


def make_graph(path: Path, nodes: int, edges_each: int, *, weighted: bool) -> None:
    """Write a graph by preferential attachment, with weights from an exponential distribution if it is weighted."""
    random = np.random.default_rng(1)
    ends, known = np.zeros(2 * nodes * edges_each + 2, np.int64), 1
    with path.open("w") as file:
        for node in range(1, nodes):
            for other in np.unique(ends[random.integers(0, known, edges_each)]).tolist():
                weight = f"\t{random.exponential() + 0.01:.3f}" if weighted else ""
                file.write(f"{node}\t{other}{weight}\n")
                ends[known : known + 2] = node, other
                known += 2


def measure(edges: Path, folder: Path, pecanpy: str | None, *, weighted: bool) -> None:
    """Print the CPU seconds for one edge list."""
    warm = [
        sys.executable,
        "-m",
        "w2v",
        "walks",
        str(edges),
        "-q",
        "--walks-per-node",
        "1",
        "-o",
        str(folder / "w.txt"),
    ]
    run([*warm, "--p", "0.5"], {})  # compiles
    print(f"{edges.name}\n  p     q     tool                   end to end    walking alone")
    for p, q in PARAMETERS:
        options = [
            "--p", str(p), "--q", str(q), "--threads", "1",
            "--walk-length", str(LENGTH + 1), "--walks-per-node", str(PER_NODE),  # PecanPy counts steps
        ]  # fmt: skip
        whole = run([sys.executable, "-m", "w2v", "walks", str(edges), "-q", *options, "-o", str(folder / "w.txt")], {})
        alone = run([sys.executable, "-c", W2V_ALONE, json.dumps([str(edges), p, q])], {"PYTHONPATH": str(ROOT)})
        _show(p, q, "w2v", whole.cpu_seconds, float(alone.output))
        if pecanpy is None:
            continue
        for mode in [_FIRST_ORDER[weighted]] if p == q == 1 else ["PreComp", "SparseOTF"]:
            given = [str(edges), str(folder / "p.txt"), mode, p, q, weighted]
            once = run([pecanpy, "-c", PECANPY, json.dumps([*given, False])], {})
            again = run([pecanpy, "-c", PECANPY, json.dumps([*given, True])], {})
            _show(p, q, f"PecanPy {mode}", once.cpu_seconds, float(again.output))


def _show(p: float, q: float, tool: str, whole: float, alone: float) -> None:
    print(f"  {p:<5g} {q:<5g} {tool:<28} {whole:7.1f} s      {alone:7.1f} s", flush=True)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description="Measure random walks on a graph.")
    parser.add_argument("edges", nargs="?", type=Path, help="an edge list; without it, graphs are made")
    parser.add_argument("--weighted", action="store_true", help="EDGES has weights")
    parser.add_argument("--pecanpy", metavar="PYTHON", help="the Python of an environment with PecanPy")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="w2v-walks-") as name:
        folder = Path(name)
        if arguments.edges is not None:
            measure(arguments.edges.absolute(), folder, arguments.pecanpy, weighted=arguments.weighted)
            return
        for nodes, edges_each in SIZES:
            for weighted in (False, True):
                edges = folder / f"{nodes}-nodes-{'weighted' if weighted else 'unweighted'}.tsv"
                make_graph(edges, nodes, edges_each, weighted=weighted)
                measure(edges, folder, arguments.pecanpy, weighted=weighted)


if __name__ == "__main__":
    main()
