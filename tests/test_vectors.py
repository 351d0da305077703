import re
import subprocess
import sys

import numpy as np
import pytest

from w2v.errors import UnknownWordError, UsageError, VectorsError
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


def test_a_vector_is_a_view_of_the_matrix(vectors):
    vectors["king"][0] = 7
    assert vectors.matrix[0, 0] == 7


def test_a_matrix_of_the_right_kind_is_not_copied():
    matrix = np.ones((2, 3), dtype=np.float32)
    assert Vectors(["a", "b"], matrix).matrix is matrix


@pytest.mark.parametrize("matrix", [np.ones((3, 2)), np.ones(2), np.ones((2, 2, 2))])
def test_a_matrix_must_have_a_row_for_each_word(matrix):
    with pytest.raises(VectorsError, match="2 words: a matrix must have as many rows, not the shape"):
        Vectors(["a", "b"], matrix)


def test_an_unknown_word_comes_with_the_closest_spellings(vectors):
    with pytest.raises(UnknownWordError) as caught:
        vectors["Qeen"]
    assert caught.value.word == "Qeen"
    assert caught.value.suggestions == ["queen"]
    assert str(caught.value) == "'Qeen' is not in the vocabulary; did you mean queen?"
    with pytest.raises(KeyError):
        vectors.similar(["king", "zzzzzzzz"])


def test_of_a_word_given_twice_the_first_row_counts():
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
    with pytest.raises(UsageError, match="at least one word"):
        vectors.similar([])


def test_queries_do_without_numba(vectors, tmp_path):
    vectors.save(tmp_path / "v.txt")
    program = (
        "import sys; from w2v.vectors import load; load(sys.argv[1]).similar('king');"
        "sys.exit('numba' in sys.modules or 'llvmlite' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program, tmp_path / "v.txt"], check=False).returncode == 0


@pytest.mark.parametrize(
    "ask, told",
    [
        (lambda vectors: vectors[5], "a word must be a str, not int; rows by number are in .matrix and .words"),
        (lambda vectors: vectors[["king"]], "a word must be a str, not list; rows by number"),
        (lambda vectors: vectors.similarity("king", None), "a word must be a str, not NoneType; rows"),
        (lambda vectors: vectors.similar(5), "neighbours are found of a str or a NumPy array, or several, not int"),
        (lambda vectors: vectors.similar(["king", 5]), "neighbours are found of a str or a NumPy array, or several"),
        (lambda vectors: vectors.similar(b"king"), "neighbours are found of a str or a NumPy array, or several"),
        (lambda vectors: vectors.similar("king", n="5"), "the number of neighbours must be a whole number, not '5'"),
        (lambda vectors: vectors.similar("king", n=0), "the number of neighbours must be at least 1, not 0"),
        (lambda vectors: vectors.similar("king", restrict_vocab=1.5), "--restrict-vocab must be a whole number, not 1"),
        (lambda vectors: vectors.similar_batch("king"), "questions must be given in a list, not as str"),
        (lambda vectors: vectors.similar_batch(5), "questions must be given in a list, not as int"),
        (lambda vectors: vectors.odd_one_out("king"), "words must be given in a list, not as str"),
        (lambda vectors: vectors.centrality(5), "words must be given in a list, not as int"),
        (lambda vectors: vectors.save(5), "path must be the name of a file or folder, not 5"),
        (lambda vectors: load(5), "path must be the name of a file or folder, not 5"),
        (lambda vectors: load(None), "path must be the name of a file or folder, not None"),
    ],
)
def test_what_is_of_the_wrong_type_is_told_with_what_is_right(vectors, ask, told):
    with pytest.raises(UsageError, match=re.escape(told)):
        ask(vectors)


def test_numbers_of_numpy_count_as_numbers(vectors):
    assert vectors.similar("king", n=np.int64(1)) == vectors.similar("king", n=1)
