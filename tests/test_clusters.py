"""Words in groups: spherical k-means, and `w2v cluster`."""

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import w2v.clusters
from w2v.cli import main
from w2v.clusters import cluster_rows
from w2v.cosines import unit
from w2v.errors import MissingExtraError, UsageError
from w2v.file_kinds import WORD_GROUPS
from w2v.files import HEAD
from w2v.options import ClusterOptions
from w2v.vectors import Vectors

rng = np.random.default_rng(7)
DIRECTIONS = np.eye(4, 6, dtype=np.float32)


def planted(count=240, noise=0.1):
    """Return rows around four directions, of any length, and which direction each is around."""
    groups = np.arange(count) % 4
    rows = DIRECTIONS[groups] + noise * rng.standard_normal((count, 6))
    return (rows * rng.uniform(0.01, 50, (count, 1))).astype(np.float32), groups


def test_planted_groups_are_found_with_rows_of_any_length():
    rows, groups = planted()
    found = cluster_rows(rows, ClusterOptions(4))
    pairs = set(zip(groups.tolist(), found.labels.tolist(), strict=True))
    assert len(pairs) == 4
    np.testing.assert_array_equal(found.sizes, [60] * 4)
    for group, label in pairs:
        assert found.centers[label] @ DIRECTIONS[group] > 0.99


def test_a_settled_grouping_follows_its_definition():
    rows = rng.standard_normal((400, 8)).astype(np.float32)
    found = cluster_rows(rows, ClusterOptions(12, seed=3))
    directions = rows.astype(np.float64) / np.linalg.norm(rows, axis=1, keepdims=True)
    cosines = directions @ found.centers.T
    np.testing.assert_array_equal(found.labels, cosines.argmax(axis=1))
    np.testing.assert_allclose(found.similarity, cosines.max(axis=1), atol=1e-5)
    for label, center in enumerate(found.centers):
        mean = directions[found.labels == label].mean(axis=0)
        np.testing.assert_allclose(center, mean / np.linalg.norm(mean), atol=1e-5)
    assert found.sizes.tolist() == sorted(found.sizes.tolist(), reverse=True)


def test_blocks_do_not_change_the_groups(monkeypatch):
    rows, _ = planted(noise=0.6)
    whole = cluster_rows(rows, ClusterOptions(9))
    monkeypatch.setattr(w2v.clusters, "_BLOCK_VALUES", 64)
    np.testing.assert_array_equal(cluster_rows(rows, ClusterOptions(9)).labels, whole.labels)


def test_the_seed_determines_the_groups():
    rows = rng.standard_normal((300, 5)).astype(np.float32)
    rows.flags.writeable = False  # as in a file mapped into memory
    first, again, other = (cluster_rows(rows, ClusterOptions(10, seed)).labels for seed in (1, 1, 2**40))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


@given(st.integers(1, 12), st.integers(1, 12), st.integers(1, 4))
@settings(max_examples=40, deadline=None)
def test_no_group_is_empty_even_among_equal_rows_and_zeros(count, clusters, different):
    rows = np.eye(4, dtype=np.float32)[np.arange(count) % different]
    rows[0] = 0
    if clusters > count:
        with pytest.raises(UsageError, match=f"{clusters} clusters need as many words, and there are {count}"):
            cluster_rows(rows, ClusterOptions(clusters))
        return
    found = cluster_rows(rows, ClusterOptions(clusters))
    assert found.sizes.min() >= 1
    assert found.sizes.sum() == count
    assert np.isfinite(found.similarity).all()


def test_the_number_of_groups_follows_the_number_of_words():
    assert ClusterOptions().clusters_for(10_000) == 100
    assert len(cluster_rows(planted(100)[0], ClusterOptions()).centers) == 10


def test_a_group_is_named_by_words_close_to_its_center_that_are_not_rare():
    rows = np.full((200, 2), 1, dtype=np.float32)
    rows[:, 1] = np.linspace(1, 0, 200)  # the rarest is the one with the greatest first value
    found = cluster_rows(rows, ClusterOptions(1))
    [names] = found.closest(3)
    assert max(names) < 50
    best = sorted(range(50), key=lambda row: -found.similarity[row])[:3]
    assert names == best


def test_unit_rows_have_length_1_but_for_zeros():
    np.testing.assert_allclose(unit(np.array([[3, 4], [0, 0]], dtype=np.float32)), [[0.6, 0.8], [0, 0]])


def test_without_scikit_learn_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.cluster", None)
    with pytest.raises(MissingExtraError, match=r"pip install .*\[cluster\]'"):
        cluster_rows(planted()[0], ClusterOptions(4))


# the command

KINDS = ("red", "two", "cat", "run")


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run `w2v cluster ARGUMENTS...` in a folder with vectors.txt; return exit code, output and errors."""
    rows, groups = planted(80)
    Vectors([f"{KINDS[group]}{row}" for row, group in enumerate(groups)], rows).save(tmp_path / "vectors.txt")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("W2V_VECTORS", raising=False)

    def run(*arguments):
        with pytest.raises(SystemExit) as stopped:
            main(["cluster", *arguments])
        return stopped.value.code, *capsys.readouterr()

    return run


def test_words_are_written_with_their_group_as_word2vec_does(run):
    code, out, err = run("vectors.txt", "-k", "4", "--seed", "5")
    assert code == 0
    assert err.startswith("w2v: clustering: ")
    lines = [line.split(" ") for line in out.splitlines()]
    assert [word for word, _ in lines[:5]] == ["red0", "two1", "cat2", "run3", "red4"]
    assert len({(word[:3], label) for word, label in lines}) == 4
    assert {label for _, label in lines} == {"0", "1", "2", "3"}


def test_groups_can_be_shown_by_name(run):
    code, out, err = run("--names", "-k", "4", "-q")
    assert (code, err) == (0, "")
    for label, line in enumerate(out.splitlines()):
        number, size, *words = line.split()
        assert (number, size) == (str(label), "20")
        assert len(words) == 8
        assert len({word[:3] for word in words}) == 1


def test_the_output_can_be_a_file_and_the_words_fewer(run, tmp_path):
    assert run("-o", "classes.txt", "--top", "10", "-k", "2", "-q") == (0, "", "")
    assert len((tmp_path / "classes.txt").read_text().splitlines()) == 10


@pytest.mark.parametrize("options", [["-k", "2"], ["-k", "1"], ["-k", "40"], ["--names"], ["--names", "-k", "1"]])
def test_only_earlier_groups_are_replaced(run, tmp_path, options):
    assert run("-q", *options, "-o", "groups.txt")[0] == 0
    assert run("-q", "-k", "3", "-o", "groups.txt") == (0, "", "")
    written = (tmp_path / "groups.txt").read_text()
    assert run("-q", "-k", "3", "-o", "-") == (0, written, "")
    for content in ("my only copy\n", "the 5\nof 3\n", "alice 31\nbob 45\n", "0 chapter one\n", "no line end"):
        (tmp_path / "notes.txt").write_text(content)
        told = (
            "notes.txt: exists, holds no groups of words, and would be overwritten; choose another name, or remove it"
        )
        assert run("-q", *options, "-o", "notes.txt") == (1, "", f"w2v: error: {told} first\n")
        assert (tmp_path / "notes.txt").read_text() == content


def test_groups_in_a_long_file_are_distinguished_from_counts():
    labels = rng.integers(1, 900, 20_000)
    heads = ["".join(f"w{row} {number}\n" for row, number in enumerate(numbers)).encode()[:HEAD]
             for numbers in (labels, np.sort(labels)[::-1])]  # fmt: skip
    assert [WORD_GROUPS.recognises(head) for head in heads] == [True, False]


@pytest.mark.parametrize(
    "arguments, code, text",
    [
        (["-k", "0"], 2, "--clusters must be at least 1, not 0"),
        (["-k", "81"], 2, "81 clusters need as many words, and there are 80; lower --clusters"),
        (["--top", "0"], 2, "--top must be at least 1, not 0"),
        (["-o", "vectors.txt"], 2, "--output vectors.txt: is the vectors file itself; choose another name"),
        (["none.txt"], 1, "none.txt: no such file; train vectors with 'w2v train corpus.txt', or name another file"),
    ],
)
def test_errors_are_one_line(run, arguments, code, text):
    assert run(*arguments) == (code, "", f"w2v: error: {text}\n")
