import copy
import pickle
import re
import subprocess
import sys
from xml.etree import ElementTree

import numpy as np
import pytest

from w2v.errors import MissingExtraError, UnknownWordError, UsageError, VectorsError
from w2v.vectors import Vectors, load


@pytest.fixture
def vectors():
    return Vectors(["king", "queen", "apple", "pear"], [[1, 0.1], [1, 0.2], [0, 1], [0.1, 1]])


def test_words_are_looked_up_by_name(vectors):
    assert len(vectors) == 4
    assert vectors.dim == 2
    assert "queen" in vectors
    assert "Queen" not in vectors
    assert vectors["queen"].dtype == np.float32
    assert vectors["queen"].tolist() == [1, np.float32(0.2)]


def test_accents_are_found_however_they_are_written():
    vectors = Vectors(["caf\u00e9", "nai\u0308f", "e\u0301te\u0301", "\u00e9t\u00e9"], np.eye(4))
    assert vectors["cafe\u0301"].argmax() == 0
    assert vectors["na\u00eff"].argmax() == 1
    assert "na\u00eff" in vectors
    assert vectors["e\u0301te\u0301"].argmax() == 2  # as it is written, if both stand there
    assert vectors["\u00e9t\u00e9"].argmax() == 3
    assert "cafe" not in vectors


def test_vectors_do_not_change_so_that_norms_stay_right(vectors):
    before = vectors.norms.copy()
    for change in (vectors.matrix, vectors["king"], vectors.norms, vectors.top(2).matrix, np.asarray(vectors)):
        with pytest.raises(ValueError, match="read-only"):
            change[...] = 7
    for copied in (copy.copy(vectors), copy.deepcopy(vectors), pickle.loads(pickle.dumps(vectors))):
        assert copied == vectors
        with pytest.raises(ValueError, match="read-only"):
            copied.matrix[0] = 7
    doubled = Vectors(vectors.words, vectors.matrix * 2)
    np.testing.assert_allclose(doubled.norms, 2 * before)


def test_a_matrix_of_the_right_kind_is_not_copied():
    matrix = np.ones((2, 3), dtype=np.float32)
    assert np.shares_memory(Vectors(["a", "b"], matrix).matrix, matrix)
    assert matrix.flags.writeable


@pytest.mark.parametrize("matrix", [np.ones((3, 2)), np.ones(2), np.ones((2, 2, 2))])
def test_a_matrix_must_have_a_row_for_each_word(matrix):
    with pytest.raises(VectorsError, match="2 words: a matrix must have as many rows, not the shape"):
        Vectors(["a", "b"], matrix)


def test_an_unknown_word_gets_suggestions(vectors):
    with pytest.raises(UnknownWordError) as caught:
        vectors["Qeen"]
    assert caught.value.word == "Qeen"
    assert caught.value.suggestions == ["queen"]
    assert str(caught.value) == "'Qeen' is not in the vocabulary; did you mean queen?"
    with pytest.raises(KeyError):
        vectors.similar(["king", "zzzzzzzz"])


def test_the_first_row_of_a_repeated_word_counts():
    assert Vectors(["a", "a"], [[1], [2]])["a"].tolist() == [1]


def test_similar_leaves_the_query_out_and_is_ordered(vectors):
    assert [word for word, _ in vectors.similar("king")] == ["queen", "pear", "apple"]
    assert [word for word, _ in vectors.similar(["king", "apple"])] == ["pear", "queen"]


def test_similar_takes_the_mean_of_directions_not_of_vectors():
    vectors = Vectors(["long", "short", "middle", "near long"], [[100, 0], [0, 0.01], [1, 1], [1, 0.1]])
    assert vectors.similar(["long", "short"])[0].word == "middle"


@pytest.mark.parametrize("n", [0, -1])
def test_similar_refuses_less_than_one(vectors, n):
    with pytest.raises(UsageError, match="at least 1"):
        vectors.similar("king", n)


def test_similar_refuses_no_words(vectors):
    with pytest.raises(UsageError, match="the query is empty; give at least one word"):
        vectors.similar([])


def test_queries_need_no_numba(vectors, tmp_path):
    vectors.save(tmp_path / "v.txt")
    program = (
        "import sys; from w2v.vectors import load; load(sys.argv[1]).similar('king');"
        "sys.exit('numba' in sys.modules or 'llvmlite' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program, tmp_path / "v.txt"], check=False).returncode == 0


@pytest.mark.parametrize(
    "ask, told",
    [
        (lambda vectors: vectors[5], "a word must be a str, not 5; rows by number are in .matrix and .words"),
        (lambda vectors: vectors[["king", 5]], "words must hold nothing but str, not 5"),
        (lambda vectors: vectors.similarity("king", None), "words must hold nothing but str, not None"),
        (lambda vectors: vectors.index(("king",)), "a word must be a str, not ('king',); rows"),
        (lambda vectors: vectors.similar(5), "a query takes words (str) and vectors (NumPy arrays), not 5"),
        (lambda vectors: vectors.similar(["king", 5]), "a query takes words (str) and vectors (NumPy arrays), not 5"),
        (lambda vectors: vectors.similar(b"king"), "a query takes words (str) and vectors (NumPy arrays), not b'king'"),
        (lambda vectors: vectors.similar("king", n="5"), "n must be a whole number, not '5'"),
        (lambda vectors: vectors.similar("king", n=True), "n must be a whole number, not True"),
        (lambda vectors: vectors.similar("king", n=0), "n must be at least 1, not 0"),
        (lambda vectors: vectors.similar("king", topn=0), "topn must be at least 1, not 0"),
        (lambda vectors: vectors.similar("king", 3, topn=2), "n and topn are the same; leave out one of them"),
        (lambda vectors: vectors.similar("king", topm=2), "no option topm; did you mean topn?"),
        (lambda vectors: vectors.similar("king", restrict_vocab=1.5), "restrict_vocab must be a whole number, not 1"),
        (lambda vectors: vectors.similar("king", method=np.ones(2)), "method must be one of add, mul, not array([1"),
        (lambda vectors: vectors.similar_batch("king"), "queries must be a list, not 'king'"),
        (lambda vectors: vectors.similar_batch(5), "queries must be a list, not 5"),
        (lambda vectors: vectors.odd_one_out("king"), "words must be a list, not 'king'"),
        (lambda vectors: vectors.centrality(5), "words must be a list, not 5"),
        (lambda vectors: vectors.similarity_batch([("king",)]), "pairs must be pairs of words, not ['king']"),
        (lambda vectors: vectors.mean_vector([]), "give at least one word"),
        (lambda vectors: vectors.mean_vector(["king"], [0]), "weights must not all be zero"),
        (lambda vectors: vectors.mean_vector(["king"], [1, 2]), "weights must be 1 number, one for each word, not [1"),
        (lambda vectors: vectors.top(0), "n must be at least 1, not 0"),
        (lambda vectors: Vectors.from_gensim(vectors), "keyed_vectors must be gensim's KeyedVectors, not <Vectors: 4"),
        (lambda vectors: Vectors("ab", np.eye(2)), "words must be a list, not 'ab'"),
        (lambda vectors: Vectors([1, 2], np.eye(2)), "words must hold nothing but str, not 1"),
        (
            lambda vectors: Vectors(["a", "b"], [[1], [1, 2]]),
            "must be numbers, and rows of the same length, not [[1], [",
        ),
        (lambda vectors: Vectors(["a"], [["x"]]), "the values of a matrix must be numbers"),
        (
            lambda vectors: Vectors(["a"], [[1]], counts=[0.5]),
            "counts must be 1 whole number, one for each word, not [0.",
        ),
        (lambda vectors: Vectors(["a"], [[1]], counts=[-1]), "counts must be from 0"),
        (lambda vectors: Vectors(["a"], [[1]], metadata=[1]), "metadata must be a dict, not [1]"),
        (lambda vectors: load("v.txt", cache=1), "cache must be True or False, not 1"),
        (lambda vectors: load("v.txt", progress=1), "progress must be True, False or a w2v.progress.Progress, not 1"),
        (lambda vectors: vectors.save(5), "path must be the name of a file or folder, not 5"),
        (lambda vectors: load(5), "path must be the name of a file or folder, not 5"),
        (lambda vectors: load(None), "path must be the name of a file or folder, not None"),
        (lambda vectors: load("a\0b"), "path must be the name of a file or folder, not 'a\\x00b'"),
    ],
)
def test_wrong_types_are_reported_with_the_right_one(vectors, ask, told):
    with pytest.raises(UsageError, match=re.escape(told)):
        ask(vectors)


def test_numbers_of_numpy_count_as_numbers(vectors):
    assert vectors.similar("king", n=np.int64(1)) == vectors.similar("king", n=1)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300, 3e38])
def test_values_must_be_finite_and_fit_float32(vectors, value):
    with pytest.raises(VectorsError, match=r"must be finite and fit a float32|it must be below 3\.4e38"):
        Vectors(["a", "b"], [[0, 0], [value, value]])
    with pytest.raises(VectorsError, match=r"must be finite and fit a float32|it must be below 3\.4e38"):
        vectors.similar(np.array([value, value]))


def test_large_values_that_fit_are_accepted():
    vectors = Vectors(["a", "b"], [[2e38, 2e38], [1, 1]])
    assert vectors.similar("a")[0].similarity == pytest.approx(1)
    assert vectors.rank("a", "b") == 1


def test_a_query_vector_has_as_many_values_as_the_vectors(vectors):
    with pytest.raises(VectorsError, match=re.escape("a vector of a query must have 2 values, not the shape (3,)")):
        vectors.similar(np.ones(3))
    assert vectors.similar(np.array(["king", "queen"]))[0].word == "pear"
    assert vectors.similar(vectors.matrix[:2], n=1) == vectors.similar([vectors["king"], vectors["queen"]], topn=1)


# parts and other forms


def test_several_words_give_a_matrix(vectors):
    np.testing.assert_array_equal(vectors[["pear", "king"]], vectors.matrix[[3, 0]])
    np.testing.assert_array_equal(vectors["pear", "king"], vectors.matrix[[3, 0]])
    assert vectors[[]].shape == (0, 2)
    with pytest.raises(UnknownWordError):
        vectors[["king", "zzz"]]


def test_words_and_rows_map_to_each_other(vectors):
    assert [vectors.index(word) for word in vectors] == list(range(4))
    assert [vectors.words[row] for row in range(4)] == list(vectors) == ["king", "queen", "apple", "pear"]
    assert vectors.get("pear").tolist() == vectors["pear"].tolist()
    assert (vectors.get("zzz"), vectors.get("zzz", 5), vectors.get(7)) == (None, 5, None)


def test_vectors_are_equal_by_content(vectors):
    same = Vectors(list(vectors), vectors.matrix.copy(), counts=[4, 3, 2, 1], metadata={"x": 1})
    assert vectors == same
    assert vectors != Vectors(["king", "queen", "apple", "fig"], vectors.matrix)
    assert vectors != Vectors(vectors.words, vectors.matrix * 2)
    assert vectors != vectors.top(3)
    assert vectors != vectors.matrix.tolist()
    with pytest.raises(TypeError, match="unhashable"):
        hash(vectors)


def test_vectors_are_an_array_to_numpy(vectors):
    assert np.asarray(vectors) is vectors.matrix
    assert np.asarray(vectors, dtype=np.float64).dtype == np.float64
    copied = np.array(vectors)
    copied[:] = 0
    assert vectors.matrix.any()
    with pytest.raises(ValueError, match="without a copy"):
        vectors.__array__(np.float64, copy=False)


def test_parts_and_copies_keep_counts_and_metadata():
    vectors = Vectors(["a", "b", "c"], np.eye(3), counts=np.array([5, 3, 1], np.uint8), metadata={"w2v": "1"})
    assert vectors.counts.dtype == np.int64
    for part, counts in (
        (vectors.top(2), [5, 3]),
        (vectors.select(["c", "x"]), [1]),
        (vectors.normalized(), [5, 3, 1]),
    ):
        assert part.counts.tolist() == counts
        assert part.metadata == {"w2v": "1"}
    with pytest.raises(ValueError, match="read-only"):
        vectors.counts[0] = 1


def test_parts_keep_the_order_of_the_matrix(vectors):
    vectors.norms  # noqa: B018 - known before, they are cut too
    chosen = vectors.select(["pear", "zzz", "king", "pear"])
    assert chosen.words == ["king", "pear"]
    np.testing.assert_array_equal(chosen.matrix, vectors.matrix[[0, 3]])
    np.testing.assert_array_equal(chosen.norms, vectors.norms[[0, 3]])
    assert vectors.top(2).words == ["king", "queen"]
    assert vectors.top(99) == vectors
    assert vectors.top(2).index("queen") == 1
    assert "pear" not in vectors.top(2)
    with pytest.raises(VectorsError, match="none of the words asked for is among the vectors"):
        vectors.select(["zzz"])


def test_normalized_vectors_have_length_one_but_for_zeros():
    found = Vectors(["a", "b"], [[3, 4], [0, 0]]).normalized()
    np.testing.assert_allclose(found.matrix, [[0.6, 0.8], [0, 0]], rtol=1e-7)
    np.testing.assert_allclose(found.norms, [1, 0], rtol=1e-7)


@pytest.mark.parametrize("seed", range(5))
def test_rank_is_the_place_among_the_neighbours(seed):
    random = np.random.default_rng(seed)
    matrix = random.integers(-1, 2, size=(40, 3))  # with many ties, and zeros
    vectors = Vectors([f"w{row}" for row in range(40)], matrix)
    for place, (word, _) in enumerate(vectors.similar("w7", 99), 1):
        assert vectors.rank("w7", word) == place
    assert vectors.rank("w7", "w7") == 0


def test_several_to_several(vectors):
    found = vectors.similarities(["king", "pear"], ["queen", "apple", "king"])
    expected = [[vectors.similarity(a, b) for b in ("queen", "apple", "king")] for a in ("king", "pear")]
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert vectors.similarities(list(vectors)).shape == (4, 4)
    assert vectors.similarities([], ["king"]).shape == (0, 1)


def test_the_mean_vector_is_the_query_of_several_words(vectors):
    for words in (["king", "apple"], ["king", "queen", "pear"]):
        mean = vectors.mean_vector(words)
        found = [neighbour for neighbour in vectors.similar(mean, 9) if neighbour.word not in words]
        assert [word for word, _ in found] == [word for word, _ in vectors.similar(words, 9)]
    np.testing.assert_allclose(
        vectors.mean_vector(["king", "apple"], [3, -1]),
        (3 * vectors["king"] / vectors.norms[0] - vectors["apple"] / vectors.norms[2]) / 4,
        rtol=1e-6,
    )


def test_gensim_and_back(vectors):
    from gensim.models import KeyedVectors

    counted = Vectors(vectors.words, vectors.matrix, counts=[9, 7, 5, 3])
    keyed = counted.to_gensim()
    assert keyed.most_similar("king")[0][0] == "queen"
    assert keyed.get_vecattr("apple", "count") == 5
    back = Vectors.from_gensim(keyed)
    assert back == vectors
    assert back.counts.tolist() == [9, 7, 5, 3]
    assert Vectors.from_gensim(vectors.to_gensim()).counts is None
    assert len(Vectors.from_gensim(Vectors([], np.empty((0, 3))).to_gensim())) == 0
    assert Vectors(["a", "a"], [[1], [2]]).to_gensim()["a"].tolist() == [1]
    strange = KeyedVectors(2)
    strange.add_vectors([3], np.ones((1, 2)))
    with pytest.raises(UsageError, match="words must hold nothing but str, not 3"):
        Vectors.from_gensim(strange)


def test_without_gensim_the_extra_is_named(vectors, monkeypatch):
    monkeypatch.setitem(sys.modules, "gensim.models", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'w2v\[gensim\]'"):
        vectors.to_gensim()


def test_notebooks_show_a_table():
    words = ["<b>&", *(f"w{row}" for row in range(20))]
    vectors = Vectors(words, np.arange(21 * 9).reshape(21, 9), counts=range(2100, 0, -100))
    page = vectors._repr_html_()
    table = ElementTree.fromstring(page)
    rows = [["".join(cell.itertext()) for cell in row] for row in table.iter("tr")]
    assert table.find("caption").text == "21 words × 9 dimensions"
    assert rows[0] == ["word", "count", "0", "1", "2", "3", "4", "5", "…"]
    assert rows[1] == ["<b>&", "2,100", "0", "1", "2", "3", "4", "5", "…"]
    assert len(rows) == 12
    assert set(rows[-1]) == {"…"}
    empty = ElementTree.fromstring(Vectors([], np.empty((0, 2)))._repr_html_())
    assert empty.find("caption").text == "0 words × 2 dimensions"
