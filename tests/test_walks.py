"""Graphs and walks on them: their probabilities, their order, and the command that writes them."""

import gzip
from collections import Counter, defaultdict

import numpy as np
import pytest
from console import inside
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

import w2v
from w2v.graphs import EdgesInMemory, Walks, WeightedGraph
from w2v.graphs.adjacency import adjacency, alias_tables
from w2v.options import WalkOptions
from w2v.sampling import alias_table

CLIQUES = [(a, b) for clique in ("abcde", "vwxyz") for a in clique for b in clique if a < b] + [("e", "v")]
LOPSIDED = [
    *(("hub", f"n{i}", 1 + i % 3) for i in range(40)), *((f"n{i}", f"n{i + 1}", 0.5) for i in range(0, 30, 2)),
    ("n1", "n1", 4), ("n1", "hub", 2), ("n2", "end", 0.01),
]  # fmt: skip
PARAMETERS = [(1, 1), (0.5, 2), (4, 0.25), (1e-3, 1), (1e3, 1), (1, 1e-3), (1, 1e3), (1e-3, 1e3), (1e6, 1e6)]


def neighbours_of(edges, directed):
    """Return the weight of the edge to each neighbour of each node."""
    found = defaultdict(lambda: defaultdict(float))
    for a, b, weight in edges:
        found[a][b] += weight
        found[b]  # a node, with or without edges out
        if not directed and a != b:
            found[b][a] += weight
    return found


def transitions(neighbours, before, node, p, q):
    """Return the probability of each node that a walk from `before` to `node` goes on to."""
    bias = {x: 1 / p if x == before else 1 if x in neighbours[before] else 1 / q for x in neighbours[node]}
    weights = {x: bias[x] * weight for x, weight in neighbours[node].items()}
    return {x: weight / sum(weights.values()) for x, weight in weights.items()}


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.sampled_from([0.5, 1, 3.0]))), st.booleans())
@settings(deadline=None)
def test_edges_are_sorted_and_parallel_ones_add_up(edges, directed):
    sources, targets = (np.array([edge[i] for edge in edges], np.int32) for i in range(2))
    weights = np.array([edge[2] for edge in edges])
    for given_weights in (weights, np.empty(0)):
        offsets, found, summed = adjacency(sources, targets, given_weights, 7, not directed)
        ones = [(a, b, 1) for a, b, _ in edges]
        expected = neighbours_of(edges if len(given_weights) else ones, directed)
        for node in range(7):
            here = slice(offsets[node], offsets[node + 1])
            assert found[here].tolist() == sorted(expected[node])
            assert summed[here].tolist() == [expected[node][x] for x in sorted(expected[node])]


@given(st.lists(st.lists(st.floats(1e-6, 1e6), max_size=20), min_size=1, max_size=4))
@settings(deadline=None)
def test_tables_draw_edges_by_weight(rows):
    offsets = np.cumsum([0, *map(len, rows)])
    entries = alias_tables(offsets, np.array([weight for row in rows for weight in row]))
    for i, row in enumerate(rows):
        if row:
            shares = np.array(row) / sum(row)
            table = entries[offsets[i] : offsets[i + 1]]
            np.testing.assert_allclose(probabilities(table), shares, atol=1e-8)
            np.testing.assert_allclose(probabilities(table), probabilities(alias_table(shares)), atol=1e-8)


def probabilities(table):
    """Return how likely each slot's owner is to be drawn from an alias table."""
    own, other = (table >> np.uint64(32)).astype(float) / 2**32, (table & np.uint64(2**32 - 1)).astype(int)
    return (own + np.bincount(other, 1 - own, len(table))) / len(table)


@pytest.mark.parametrize("p, q", PARAMETERS)
@pytest.mark.parametrize("directed", [False, True], ids=["undirected", "directed"])
@pytest.mark.parametrize("edges", [[(*edge, 1.0) for edge in CLIQUES], LOPSIDED], ids=["unweighted", "weighted"])
def test_steps_have_the_probabilities_of_node2vec(edges, directed, p, q):
    neighbours = neighbours_of(edges, directed)
    walks = w2v.walks(
        edges=edges, p=p, q=q, directed=directed, walk_length=50, walks_per_node=60, threads=1, seed=3
    )  # fmt: skip
    first, second = defaultdict(Counter), defaultdict(Counter)
    for walk in walks:
        if len(walk) > 1:
            first[walk[0]][walk[1]] += 1
        for before, node, following in zip(walk, walk[1:], walk[2:], strict=False):
            second[before, node][following] += 1
    observed = [(counts, transitions(neighbours, node, node, 1, 1)) for node, counts in first.items()]
    observed += [(counts, transitions(neighbours, *place, p, q)) for place, counts in second.items()]
    statistic = degrees = 0
    for counts, probabilities in observed:
        assert counts.keys() <= {x for x, probability in probabilities.items() if probability > 0}
        total = counts.total()
        cells = [(probabilities[x] * total, counts[x]) for x in sorted(probabilities)]
        cells.sort(key=lambda cell: cell[0])  # by no count: cells of equal mean stay in the order of their names
        groups, mean, count = [], 0.0, 0
        for cell_mean, cell_count in cells:  # small cells together
            mean, count = mean + cell_mean, count + cell_count
            if mean >= 5:
                groups.append((mean, count))
                mean, count = 0.0, 0
        if groups and mean:
            groups[-1] = groups[-1][0] + mean, groups[-1][1] + count
        if len(groups) > 1:
            statistic += sum((count - mean) ** 2 / mean for mean, count in groups)
            degrees += len(groups) - 1
    assert degrees > 20 or (p, q) != (1, 1)
    if degrees:
        assert 1e-4 < chi2.sf(statistic, degrees) < 1 - 1e-4


def test_walks_are_the_same_with_any_number_of_threads_and_each_time():
    edges = [(int(a), int(b)) for a, b in np.random.default_rng(1).integers(0, 3000, (9000, 2))]
    one, many = (w2v.walks(edges=edges, q=0.5, walk_length=9, walks_per_node=2, threads=n) for n in (1, 3))
    assert list(one) == list(many) == list(one)
    other = w2v.walks(edges=edges, q=0.5, walk_length=9, walks_per_node=2, seed=2)
    assert list(one) != list(other)


def test_each_node_starts_its_walks_in_another_order_each_time():
    walks = [walk[0] for walk in w2v.walks(edges=CLIQUES, walks_per_node=3)]
    turns = [walks[i : i + 10] for i in range(0, 30, 10)]
    assert all(sorted(turn) == sorted("abcdevwxyz") for turn in turns)
    assert len(set(map(tuple, turns))) == 3


def test_walks_end_where_no_edge_leads_out():
    walks = w2v.walks(edges=[("a", "b"), ("b", "c")], directed=True, walks_per_node=2)
    assert sorted(map("".join, walks)) == ["abc", "abc", "bc", "bc", "c", "c"]
    assert walks.graph.n_dead_ends == 1
    assert list(w2v.walks(edges=[("a", "b")], walk_length=1, walks_per_node=1)) in ([["a"], ["b"]], [["b"], ["a"]])


def test_parallel_edges_count_once_without_weights():
    edges = [("a", "b")] * 98 + [("a", "c"), ("a", "c", 1)]
    shares = [
        Counter(walk[1] for walk in w2v.walks(edges=edges, unweighted=flag, walks_per_node=3000) if walk[0] == "a")["b"]
        for flag in (False, True)
    ]
    assert 0.96 * 3000 < shares[0] < 3000
    assert 0.45 * 3000 < shares[1] < 0.55 * 3000


def test_a_graph_knows_its_size():
    graph = WeightedGraph.read(EdgesInMemory([("a", "b"), ("b", "a"), ("c", "c"), ("a", "c", 2)]), WalkOptions())
    assert (len(graph.nodes), graph.n_edges, graph.is_weighted) == (3, 3, True)
    walks = Walks(graph, WalkOptions())
    assert (len(walks), repr(walks)) == (30, "<Walks: 30 on 3 nodes and 3 edges>")
    graph = WeightedGraph.read(EdgesInMemory([("a", "b", 2), ("c", "c", 2)]), WalkOptions(directed=True))
    assert (graph.n_edges, graph.is_weighted, graph.n_dead_ends) == (2, False, 1)
    with pytest.raises(w2v.W2VError, match="add up to more than a float can hold"):
        WeightedGraph.read(EdgesInMemory([("a", "b", 1e308), ("b", "c", 1.5e308)]), WalkOptions())


def test_communities_of_a_graph_are_close_together():
    vectors = w2v.train(w2v.walks(edges=CLIQUES, walks_per_node=100), dim=8, min_count=1, epochs=3, threads=1, sample=0)
    for group in ("abcd", "wxyz"):
        for node in group:
            assert {near.word for near in vectors.similar(node, n=3)} < set(group + "ev")


@pytest.mark.parametrize(
    "options, message",
    [
        ({"p": 0}, "p must be more than 0"),
        ({"q": float("inf")}, "q must be more than 0, and finite"),
        ({"q": 1e-320}, "q must be more than 0"),
        ({"walk_length": 0}, "walk_length must be at least 1"),
        ({"walks_per_node": 0}, "walks_per_node must be at least 1"),
        ({"seed": -1}, "seed must be from 0"),
        ({"threads": 0}, "threads must be at least 1"),
        ({"directed": "yes"}, "directed must be True or False"),
        ({"walk_lenght": 5}, "walk_lenght"),
        ({"sources": "edges.tsv"}, "give either files"),
        ({"edges": "edges.tsv"}, "must be pairs of nodes"),
        ({"edges": None}, "give either files"),
    ],
)
def test_wrong_arguments_are_refused(options, message):
    with pytest.raises(w2v.UsageError, match=message):
        w2v.walks(**{"edges": [("a", "b")], **options})


def run(line, cwd, stdin=b"", code=0):
    """Run `w2v LINE` and return what it writes to standard output and to standard error."""
    done = inside(*line.split(), cwd=cwd, stdin=stdin)
    assert done.returncode == code, done.stderr.decode()
    return done.stdout.decode(), done.stderr.decode()


EDGES = "".join(f"{a}\t{b}\n" for a, b in CLIQUES)


def test_the_command_writes_what_python_gives(tmp_path):
    (tmp_path / "edges.tsv").write_text(EDGES)
    options = "--walk-length 7 --walks-per-node 2 --p 0.5 --q 2 --seed 5"
    _, notes = run(f"walks edges.tsv -o walks.txt {options} --threads 1", tmp_path)
    assert "w2v: note: 10 nodes and 21 edges, unweighted and undirected" in notes
    assert notes.splitlines()[-1] == "w2v: 20 walks saved to walks.txt"
    expected = w2v.walks(tmp_path / "edges.tsv", walk_length=7, walks_per_node=2, p=0.5, q=2, seed=5)
    lines = (tmp_path / "walks.txt").read_text().splitlines()
    assert [line.split(" ") for line in lines] == list(expected)
    piped = run(f"walks - -q {options} --threads 2", tmp_path, stdin=gzip.compress(EDGES.encode()))
    assert piped == ((tmp_path / "walks.txt").read_text(), "")


def test_the_command_says_what_it_read(tmp_path):
    (tmp_path / "edges.txt").write_text("a b 1\nb c 2\n")
    lines, notes = run("walks edges.txt --directed --num-walks 1", tmp_path)
    assert "note: 3 nodes and 2 edges, weighted and directed" in notes
    assert "note: 1 node has no edges out; walks end there" in notes
    assert sorted(lines.splitlines()) == ["a b c", "b c", "c"]
    lines, _ = run("walks edges.txt --unweighted -q", tmp_path)
    assert len(lines.splitlines()) == 30


def test_walks_replace_only_walks_on_the_same_nodes(tmp_path):
    (tmp_path / "edges.tsv").write_text(EDGES)
    for _ in range(2):
        run("walks edges.tsv -q -o walks.txt", tmp_path)
    (tmp_path / "prose.txt").write_text("a rose is a rose\n")
    _, error = run("walks edges.tsv -q -o prose.txt", tmp_path, code=1)
    assert "prose.txt: exists, holds no walks on this graph, and would be overwritten" in error
    assert (tmp_path / "prose.txt").read_text() == "a rose is a rose\n"
    (tmp_path / "table.txt").write_text("a\tb\nb\tc\n")
    _, error = run("walks edges.tsv -o table.txt", tmp_path, code=1)
    assert error == (  # before it reads the graph
        "w2v: error: table.txt: exists, holds no walks on this graph, and would be overwritten; choose another name,"
        " or remove it first\n"
    )
    assert "is the edge list itself" in run("walks edges.tsv -o edges.tsv", tmp_path, code=2)[1]
    assert "can't be written as .npy" in run("walks edges.tsv -o walks.npy", tmp_path, code=2)[1]


def test_the_help_has_plain_headings(tmp_path):
    headings = [line for line in run("walks --help", tmp_path)[0].splitlines() if line.endswith(":") and line[0] != " "]
    assert headings == ["Output:", "Walks:", "Graph:", "Running:"]


def test_errors_of_the_command_are_one_line(tmp_path):
    (tmp_path / "edges.tsv").write_text("a\tb\t1\nb\tc\t-1\n")
    _, error = run("walks edges.tsv", tmp_path, code=1)
    assert error.splitlines()[-1] == (
        "w2v: error: edges.tsv:2: must have a finite weight of more than 0 behind two names, not '-1'; correct"
        " it, or use --unweighted"
    )
    assert "no edge list given" in run("walks", tmp_path, code=2)[1]
