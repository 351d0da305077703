"""Neighbours with their counts, and only those that occur often."""

import json

import numpy as np
import pytest
from console import error_line
from console import inside as w2v

from w2v.errors import UnknownWordError, UsageError
from w2v.vectors import Vectors


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A folder with a model, whose counts are 60, 50, 40, 30, 20, 10 for w0 to w5 in some order of neighbours."""
    folder = tmp_path_factory.mktemp("counts")
    random = np.random.default_rng(3)
    lines = []
    for _ in range(10):
        words = [f"w{number}" for number in range(6) for _ in range(6 - number)]
        lines.append(" ".join(random.permutation(words)))
    (folder / "corpus.txt").write_text("\n".join(lines))
    options = ["--min-count", "1", "--dim", "8", "--epochs", "1", "--threads", "1", "--save-model", "m.model"]
    assert w2v("train", "corpus.txt", "-q", *options, cwd=folder).returncode == 0
    return folder


def run(*arguments, folder, stdin=b""):
    process = w2v(*arguments, cwd=folder, stdin=stdin, W2V_VECTORS="m.model")
    assert (process.returncode, process.stderr) == (0, b""), process.stderr
    return process.stdout.decode()


def test_counts_stand_beside_neighbours(trained):
    counts = {f"w{number}": 60 - 10 * number for number in range(6)}
    rows = [line.split() for line in run("similar", "w0", "--counts", folder=trained).splitlines()]
    assert {word: int(count) for word, _, count in rows} == {word: counts[word] for word in counts if word != "w0"}
    found = json.loads(run("analogy", "w0", "w1", "w2", "--counts", "--json", folder=trained))
    assert all(item == {**item, "count": counts[item["word"]]} for item in found)
    assert len(found) == 3
    lines = run("similar", "--counts", "-n", "2", folder=trained, stdin=b"w0\nw1\n").splitlines()
    assert [len(line.split("\t")) for line in lines] == [4] * 4
    assert all(counts[line.split("\t")[1]] == int(line.split("\t")[3]) for line in lines)
    assert "count" not in json.loads(run("similar", "w0", "--json", folder=trained))[0]


def test_only_frequent_neighbours_are_listed(trained):
    everywhere = [line.split()[0] for line in run("similar", "w5", folder=trained).splitlines()]
    often = [word for word in everywhere if word in ("w0", "w1", "w2")]
    assert [line.split()[0] for line in run("similar", "w5", "--min-count", "40", folder=trained).splitlines()] == often
    lines = run("similar", "--min-count", "40", folder=trained, stdin=b"w5\n").splitlines()
    assert [line.split("\t")[1] for line in lines] == often
    few = run("similar", "w5", "--min-count", "40", "--restrict-vocab", "2", folder=trained)
    assert {line.split()[0] for line in few.splitlines()} == {"w0", "w1"}
    process = w2v("similar", "w5", "--min-count", "61", "--vectors", "m.model", cwd=trained)
    assert process.returncode == 2
    assert error_line(process) == "--min-count must be at most 60, the count of the most frequent word"


def test_the_shell_takes_both(trained):
    lines = run("shell", "--counts", "--min-count", "50", folder=trained, stdin=b"w5\nsimilar w5 --min-count 60\n")
    assert [line.split()[2] for line in lines.splitlines()] in (["60", "50", "60"], ["50", "60", "60"])


@pytest.mark.parametrize("option", [["--counts"], ["--min-count", "5"]])
@pytest.mark.parametrize("stdin", [b"", b"king\nqueen\n"])
def test_counts_that_are_not_known_are_an_error(tmp_path, option, stdin):
    Vectors(["king", "queen"], np.eye(2)).save(tmp_path / "vectors.bin")
    words = [] if stdin else ["king"]
    process = w2v("similar", *words, *option, "--vectors", "vectors.bin", cwd=tmp_path, stdin=stdin)
    assert process.returncode == 2
    assert error_line(process) == (
        f"the counts of the words, which {option[0]} needs, are not known; w2v keeps them when it trains: in models,"
        " .npz and .safetensors, and beside other files, in NAME.counts"
    )


def test_the_count_of_a_word():
    vectors = Vectors(["king", "queen"], np.eye(2), counts=[7, 3])
    assert (vectors.count("queen"), type(vectors.count("queen"))) == (3, int)
    with pytest.raises(UnknownWordError):
        vectors.count("quen")
    with pytest.raises(UsageError, match="the counts of the words are not known; w2v keeps them when it trains"):
        Vectors(["king"], [[1]]).count("king")
    with pytest.raises(UsageError, match="which min_count needs, are not known"):
        Vectors(["king"], [[1]]).similar("king", min_count=2)


@pytest.mark.parametrize("method", ["add", "mul"])
@pytest.mark.parametrize("order", ["descending", "any"])
def test_min_count_leaves_out_rare_words_in_any_order(method, order):
    random = np.random.default_rng(8)
    counts = random.integers(1, 50, size=300)
    counts = np.sort(counts)[::-1] if order == "descending" else counts
    words = [f"w{row}" for row in range(300)]
    vectors = Vectors(words, random.normal(size=(300, 9)), counts=counts)
    for least in (1, 20, int(counts.max())):
        for restrict in (None, 150):
            if least > counts[:restrict].max():
                continue
            every = vectors.similar("w7", 300, negative="w9", method=method, restrict_vocab=restrict)
            expected = [near for near in every if vectors.count(near.word) >= least]
            found = vectors.similar("w7", 300, negative="w9", method=method, restrict_vocab=restrict, min_count=least)
            assert [near.word for near in found] == [near.word for near in expected]
            batch = vectors.similar_batch(["w7", "w8"], 5, method=method, min_count=least)
            alone = vectors.similar("w7", 5, method=method, min_count=least)
            assert [near.word for near in batch[0]] == [near.word for near in alone]
            assert all(vectors.count(near.word) >= least for found in batch for near in found)
    assert vectors.analogy("w1", "w2", "w3", 3, min_count=30) == vectors.similar(
        ["w1", "w3"], 3, negative="w2", min_count=30
    )
