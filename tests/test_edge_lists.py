"""Edge lists: what is read of which lines, and which lines are refused with which message."""

import gzip
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from w2v.errors import CorpusError, GraphError
from w2v.graphs.edge_fields import COMMAS, FINE, SEMICOLONS, TABS, WHITE, take_fields
from w2v.graphs.edge_list import EdgesInMemory, read_edges
from w2v.tokens.arrays import PADDING, padded


def read(sources, **options):
    """Return the edges as triples of names and weight, and the notes."""
    notes = Notes()
    edges = read_edges(sources, progress=notes, **options)
    names = edges.nodes.spelling().tobytes().decode().split(" ")[:-1]
    weights = np.ones(len(edges.sources)) if edges.weights is None else edges.weights
    triples = zip(edges.sources, edges.targets, weights, strict=True)
    return [(names[a], names[b], float(weight)) for a, b, weight in triples], notes.texts


class Notes:
    def __init__(self):
        self.texts = []

    def start(self, task, total, unit, before=0):
        self.total = total

    def update(self, done, facts=None):
        assert self.total is None or done <= self.total

    def finish(self):
        pass

    def note(self, text):
        self.texts.append(text)


def write(tmp_path, text, name="edges.txt"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    "text, edges",
    [
        ("a b\nb c\n", [("a", "b", 1), ("b", "c", 1)]),
        ("a b 2\nb c 0.25", [("a", "b", 2), ("b", "c", 0.25)]),
        ("a\tb\t1e-3\nb\tc\t+4.5E+2\n", [("a", "b", 0.001), ("b", "c", 450)]),
        ("a,b,.5\r\nb , c , 5.\r\n", [("a", "b", 0.5), ("b", "c", 5)]),
        ("# Nodes: 3\n% sym\n\n  1   2  \n \n2 3\n", [("1", "2", 1), ("2", "3", 1)]),
        ("New York\tLos Angeles\n", [("New_York", "Los_Angeles", 1)]),
        ('"Smith, J","Doe",3\nDoe,Poe,1\n', [("Smith,_J", "Doe", 3), ("Doe", "Poe", 1)]),
        ('"Smith, J",Doe\nDoe,Poe\n', [("Smith,_J", "Doe", 1), ("Doe", "Poe", 1)]),
        ('"Smith, J", "Doe" ,\nDoe,Poe\n', [("Smith,_J", "Doe", 1), ("Doe", "Poe", 1)]),
        ('"a","b","2"\n"b" , "c" , "0.5" \n', [("a", "b", 2), ("b", "c", 0.5)]),
        ('5" pipe,6" pipe\na,b\n', [('5"_pipe', '6"_pipe', 1), ("a", "b", 1)]),
        ("A;B;2\nNew York;c,d;.5\n", [("A", "B", 2), ("New_York", "c,d", 0.5)]),
        ('"a;b";c\n"d,e,f";g\n', [("a;b", "c", 1), ("d,e,f", "g", 1)]),
        ('"source","target","weight"\na,b,3\n', [("a", "b", 3)]),
        ("source;target\na;b\n", [("a", "b", 1)]),
        (f"{'a' * 200_000},b,2\n", [("a" * 200_000, "b", 2)]),
        ("source,target,weight\na,b,3\n", [("a", "b", 3)]),
        ("Source Target\na b\n", [("a", "b", 1)]),
        ("from\tto\na\tb\n", [("a", "b", 1)]),
        ("u v\na b\n", [("u", "v", 1), ("a", "b", 1)]),
        ("東京\t大阪\nä\u00a0b\tc\n", [("東京", "大阪", 1), ("ä_b", "c", 1)]),
        ("5 1\n6 1\n7 1\n", [("5", "1", 1), ("6", "1", 1), ("7", "1", 1)]),
        ("a b 12345678901234567890\n", [("a", "b", 12345678901234567890)]),
        ("a c 0.1234567890123456789\n", [("a", "c", 0.1234567890123456789)]),
        ("\ufeffa b\n", [("a", "b", 1)]),
    ],
)  # fmt: skip
def test_edges_are_read(tmp_path, text, edges):
    found, _ = read(write(tmp_path, text))
    assert [edge[:2] for edge in found] == [edge[:2] for edge in edges]
    assert [edge[2] for edge in found] == pytest.approx([edge[2] for edge in edges], rel=1e-15)


@pytest.mark.parametrize(
    "text, place",
    [
        ("a b\nc\n", ":2: has only one name"),
        ("# x\n\na b\n\nc d e f\n", ":5: has more than two names and a weight; take columns out"),
        ("a b\nb c 3\n", ":2: has more than two names"),
        ("a b 1\r\nb c\r\n", ":2: has no weight, unlike the first edge"),
        ("a b 1\nb c 0\n", ":2: must have a finite weight of more than 0 behind two names, not '0'; correct it, or"),
        (
            "# x\nperson,friend,meetings\na,b,2\n",
            ":2: must have a finite weight of more than 0 behind two names, not 'meetings'; correct it, or",
        ),
        (
            "from,to,n\na,b,x\n",
            ":2: must have a finite weight of more than 0 behind two names, not 'x'; correct it, or use",
        ),
        ("a,b,1\nb,c,many times\n", ":2: must have a finite weight of more than 0 behind two names, not 'many times'"),
        ('a,b,1\nb,c,"1,5"\n', ":2: must have a finite weight of more than 0 behind two names, not '1,5'"),
        ('a,b,1\nb,c,"1\n', ":2: must have a finite weight of more than 0 behind two names, not '1'"),
        ("a;b;1,5\n", ":1: must have a finite weight of more than 0 behind two names, not '1,5'"),
        ("a,b,1\nb,c,,2\n", ":2: must have a finite weight of more than 0 behind two names, not ''"),
        ("a b 1\nb c -2\n", ":2: must have a finite weight"),
        ("a b 1\nb c nan\n", ":2: must have a finite weight"),
        ("a b 1\nb c inf\n", ":2: must have a finite weight"),
        ("a b 1\nb c 1e999\n", ":2: must have a finite weight"),
        ("a b 1\nb c 1e\n", ":2: must have a finite weight"),
        ("a b likes\n", ":1: must have a finite weight"),
        ("a,b\n,c\n", ":2: has an empty name"),
        ('a,b\n"c,d\n', ":2: has a quote that does not end"),
        ('a,b\n"c"d,e\n', ":2: has a quote that does not end"),
        (b"a b\nb \xff\n", ":2: not UTF-8 text"),
        ("", ": has no edges"),
        ("# nothing\n", ": has no edges"),
    ],
)
def test_malformed_lines_are_refused(tmp_path, text, place):
    path = write(tmp_path, text)
    with pytest.raises(GraphError) as failure:
        read(path)
    assert str(failure.value).startswith(f"{path}{place}")
    assert "\n" not in str(failure.value)


def test_a_header_of_other_names_gets_advice(tmp_path):
    advice = "; if the line names the columns, delete it or start it with #"
    for text, advised in [("person,friend,meetings\na,b,2\n", True), ("a,b,2\nc,d,x\n", False)]:
        with pytest.raises(GraphError) as failure:
            read(write(tmp_path, text))
        assert str(failure.value).endswith(advice) == advised


def test_the_line_of_an_error_is_right_far_into_a_file(tmp_path):
    path = write(tmp_path, "node1 node2 1\n" * 200_000 + "node1 node2 0\n")
    with pytest.raises(GraphError, match=r"edges\.txt:200001: must have a finite weight"):
        read(path)


def test_what_stands_behind_names_can_be_ignored(tmp_path):
    path = write(tmp_path, "a b -1 2004 x\nb c\n")
    assert read(path, unweighted=True)[0] == [("a", "b", 1), ("b", "c", 1)]


def test_files_may_be_compressed_several_and_laid_out_differently(tmp_path):
    one = write(tmp_path, gzip.compress(b"a b 2\n"), "one.gz")
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("two.csv", "b,c\n")
    assert read([one, tmp_path / "two.zip"])[0] == [("a", "b", 2), ("b", "c", 1)]


def test_changes_of_names_and_headers_are_noted(tmp_path):
    path = write(tmp_path, "source\ttarget\nNew York\tRio de Janeiro\n")
    assert read(path)[1] == [
        f"took the first line of {path} for the names of columns",
        "3 blanks inside names became _, since walks have blanks between names",
    ]


def test_files_of_other_kinds_are_refused(tmp_path):
    with pytest.raises(CorpusError, match=r"edges\.pdf: .*PDF"):
        read(write(tmp_path, b"%PDF-1.4\n%\xe2\xe3\n", "edges.pdf"))
    with pytest.raises(CorpusError, match="is UTF-16, not UTF-8"):
        read(write(tmp_path, "a b\nb c\n".encode("utf-16"), "wide.txt"))
    with pytest.raises(CorpusError, match="none: can't be read"):
        read(tmp_path / "none")


def test_edges_in_memory_are_read():
    edges = [("a", "b"), ["b", 3, 2], (3, "New York", None), (np.int64(5), "a", np.float32(0.5))]
    expected = [("a", "b", 1), ("b", "3", 2), ("3", "New_York", 1), ("5", "a", 0.5)]
    assert read(EdgesInMemory(iter(edges)))[0] == expected


@pytest.mark.parametrize(
    "edge, message",
    [
        ("ab", "edge 2: must be two nodes and perhaps a weight, not 'ab'"),
        (("a",), "edge 2: must be two nodes"),
        (("a", "b", 1, 2), "edge 2: must be two nodes"),
        (5, "edge 2: must be two nodes and perhaps a weight, not 5"),
        ((None, "b"), "edge 2: None can't be the name of a node"),
        ((float("nan"), "b"), "edge 2: nan can't be the name of a node"),
        (("", "b"), "edge 2: '' can't be the name of a node"),
        (("a\n", "b\tc"), "edge 2: 'b\\tc' can't be the name of a node"),
        (("a", "b", 0), "edge 2: the weight must be a finite number of more than 0, not 0"),
        (("a", "b", "x"), "edge 2: the weight must be a finite number of more than 0, not 'x'"),
        (("a", "b", float("nan")), "edge 2: the weight must be"),
    ],
)
def test_wrong_edges_in_memory_are_refused(edge, message):
    with pytest.raises(GraphError) as failure:
        read(EdgesInMemory([("a", "b"), edge]))
    assert str(failure.value).startswith(message)


names = st.text('ab1é,;"#_.- \t', min_size=1, max_size=5)
SEPARATORS = {WHITE: None, TABS: "\t", COMMAS: ",", SEMICOLONS: ";"}


def edges_of(text, separator):
    """Return the names and weights in lines that all have two names and a weight, or None if one has something else."""
    edges = []
    for line in text.split("\n"):
        if not line.strip() or line.lstrip(" " if separator == TABS else None)[:1] in ("#", "%"):
            continue
        fields = [field.split() for field in line.split(SEPARATORS[separator])]
        if len(fields) == 4 and not fields[3]:
            fields.pop()
        if len(fields) != 3 or not all(fields):
            return None
        edges.append((["_".join(words) for words in fields[:2]], float(fields[2][0])))
    return edges


@settings(deadline=None)
@given(st.lists(st.tuples(names, names, st.sampled_from([0.5, 1.0, 3e-7, 12.25]))), st.sampled_from([*SEPARATORS]))
def test_fields_are_those_that_python_finds(edges, separator):
    between = SEPARATORS[separator] or " "
    text = "".join(f"{a}{between}{b}{between}{weight!r}\n" for a, b, weight in edges)
    if separator in (COMMAS, SEMICOLONS):
        text = text.replace('"', "'")
    expected = _expected(text, separator)
    data = padded(text.encode() + b"\n")
    weights = np.empty(len(text) // 4 + 1)
    n, _, wrong, _ = take_fields(data, len(data) - PADDING, separator, True, False, weights)
    assert (wrong == FINE) == (expected is not None)
    if expected is not None:
        assert weights[:n].tolist() == [weight for _, weight in expected]
        lines = [line.split() for line in data.tobytes().decode().split("\n") if line.strip()]
        assert lines == [names for names, _ in expected]


def _expected(text, separator):
    try:
        return edges_of(text, separator)
    except ValueError:  # where a weight should be
        return None
