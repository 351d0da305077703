"""`w2v walks`: random walks on a graph, as text to train on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from w2v import file_kinds
from w2v.cli.commands import Command
from w2v.cli.console_progress import ConsoleProgress
from w2v.cli.outputs import STANDARD_OUTPUT, output_option, require_unread, writing
from w2v.cli.shared_options import build, field_option, quiet_option, stacked, threads_option
from w2v.errors import UsageError
from w2v.file_kinds import walks_text
from w2v.files import check_replaceable
from w2v.options import WalkOptions
from w2v.wording import counted

_walk_options = stacked(
    field_option(
        WalkOptions,
        "walk_length",
        type=int,
        metavar="N",
        heading="Walks",
        help="Nodes of a walk; it ends sooner at a node without edges out.",
    ),
    field_option(
        WalkOptions,
        "walks_per_node",
        declarations=("--walks-per-node", "--num-walks"),
        type=int,
        metavar="N",
        heading="Walks",
        help="Number of walks that start at each node.",
    ),
    field_option(
        WalkOptions,
        "p",
        type=float,
        metavar="X",
        heading="Walks",
        help="Return parameter of node2vec: a greater one makes steps back to the node before less likely.",
    ),
    field_option(
        WalkOptions,
        "q",
        type=float,
        metavar="X",
        heading="Walks",
        help="In-out parameter of node2vec: a greater one keeps walks near, a smaller one leads them away.",
    ),
    field_option(
        WalkOptions,
        "directed",
        heading="Graph",
        help="Follow edges only from their first node to their second.",
    ),
    field_option(
        WalkOptions,
        "unweighted",
        heading="Graph",
        help="Ignore weights, and how often an edge is listed.",
    ),
)


@click.command("walks", cls=Command)
@click.argument("edges", nargs=-1, metavar="EDGES...")
@output_option
@_walk_options
@field_option(WalkOptions, "seed", type=int, metavar="N", heading="Running", help="Random seed.")
@threads_option
@quiet_option
def walks_command(edges: tuple[str, ...], output: Path, quiet: bool, **parameters: Any) -> None:
    """Write random walks on a graph, for 'w2v train' to learn vectors of its nodes.

    Walks as node2vec does. EDGES are edge lists: lines of `from to` or `from to weight`, with tabs, commas,
    semicolons or white space between; - is standard input. The weights of edges that are listed twice add up.

    Examples:
      w2v walks edges.tsv | w2v train - -o nodes.txt
      w2v walks edges.csv --p 0.25 --q 4 -o walks.txt
      w2v walks follows.tsv.gz --directed --num-walks 20 -o walks.txt.gz
    """
    if not edges:
        raise UsageError("no edge list given; name files, or - for standard input")
    options = build(WalkOptions, parameters)
    if output != STANDARD_OUTPUT:
        require_unread(output, "--output", edges, "the edge list")
        file_kinds.check_output(output, walks_text())  # again when the names of the nodes are known
    with ConsoleProgress(quiet=quiet) as progress:
        from w2v.graphs import Walks, WeightedGraph  # imports Numba

        progress.tell_compiling()
        graph = WeightedGraph.read(edges, options, progress)
        if output != STANDARD_OUTPUT:
            check_replaceable(output, walks_text(graph.nodes.spelling().tobytes()))
        progress.note(str(graph))
        if graph.n_dead_ends:
            have = "node has" if graph.n_dead_ends == 1 else "nodes have"
            progress.note(f"{graph.n_dead_ends:,} {have} no edges out; walks end there")
        walks = Walks(graph, options)
        with writing(output) as stream:
            walks.write(stream, progress)
        place = "written to standard output" if output == STANDARD_OUTPUT else f"saved to {output}"
        progress.say(f"{counted(len(walks), 'walk')} {place}")
