"""Vectors without a direction, of extreme lengths, and numbers that callers pass."""

import json
import re
import warnings

import numpy as np
import pytest
from console import error_line
from console import inside as w2v

from w2v.errors import UsageError, VectorsError
from w2v.vectors import Query, Vectors

WORDS = ["king", "queen", "apple", "opposite", "zero"]
MATRIX = [[1, 0.1], [1, 0.2], [0, 1], [-2, -0.2], [0, 0]]
ZERO = "the vector of 'zero' is all zeros, so it has no direction"


@pytest.fixture
def vectors():
    return Vectors(WORDS, MATRIX)


@pytest.mark.parametrize(
    "ask",
    [
        lambda vectors: vectors.similar("zero"),
        lambda vectors: vectors.similar(["king", "zero"]),
        lambda vectors: vectors.similar("king", negative="zero"),
        lambda vectors: vectors.similar("zero", method="mul"),
        lambda vectors: vectors.analogy("king", "zero", "queen"),
        lambda vectors: vectors.similarity("king", "zero"),
        lambda vectors: vectors.similarity("zero", "zero"),
        lambda vectors: vectors.similarity_batch([("king", "queen"), ("zero", "king")]),
        lambda vectors: vectors.similarities(["king", "zero"]),
        lambda vectors: vectors.similarities(["king"], ["zero"]),
        lambda vectors: vectors.rank("zero", "king"),
        lambda vectors: vectors.mean_vector(["king", "zero"]),
        lambda vectors: vectors.centrality(["king", "zero"]),
        lambda vectors: vectors.odd_one_out(["king", "queen", "zero"]),
    ],
)
def test_a_vector_of_zeros_has_no_direction(vectors, ask):
    with pytest.raises(VectorsError) as failure:
        ask(vectors)
    assert str(failure.value) == ZERO


def test_a_query_that_is_wrong_is_named_among_others(vectors):
    for query, message in (
        ("zero", f"queries[1]: {ZERO}"),
        (np.zeros(2), "queries[1]: a vector of a query is all zeros, so it has no direction"),
        (np.array([1, np.nan]), "queries[1]: a vector of a query must be finite and fit a float32"),
        (Query(), "queries[1]: the query is empty; give at least one word"),
        (5, "queries[1]: a query takes words (str) and vectors (NumPy arrays), not 5"),
    ):
        with pytest.raises((UsageError, VectorsError), match=re.escape(message)):
            vectors.similar_batch(["king", query, "queen"])


@pytest.mark.parametrize(
    "query, text",
    [
        (Query("king", "king"), "king - king"),
        (Query(["king", "opposite"]), "king + opposite"),
        (Query(["king", "queen"], ["queen", "king"]), "king + queen - queen - king"),
        (Query([np.array([3.0, 0.3]), "queen"], ["king", "queen"]), "(a vector) + queen - king - queen"),
    ],
)
def test_vectors_that_cancel_each_other_out_are_refused(vectors, query, text):
    with pytest.raises(VectorsError) as failure:
        vectors.similar_batch(["king", query])
    assert str(failure.value) == f"the vectors of the query cancel each other out: {text}"
    if query.negative:
        with pytest.raises(VectorsError, match="cancel each other out"):
            vectors.similar_batch([query], method="mul")


def test_a_product_of_opposite_directions_has_a_meaning(vectors):
    found = vectors.similar(["king", "opposite"], method="mul", restrict_vocab=3)
    assert [near.word for near in found] == ["apple", "queen"]


def test_words_without_a_mean_direction_have_no_centre(vectors):
    with pytest.raises(VectorsError, match=re.escape("cancel each other out: ['king', 'opposite']")):
        vectors.centrality(["king", "opposite"])


def test_candidates_of_zeros_have_similarity_0(vectors):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = dict(vectors.similar("king"))
    assert list(found) == ["queen", "apple", "zero", "opposite"]
    assert found["zero"] == 0


@pytest.mark.parametrize("scale", [1e-45, 3e-42, 1e-30, 1e-20, 1, 1e20, 1e38])
def test_rows_of_any_length_have_the_cosines_of_their_directions(scale):
    matrix = np.array([[1, 2], [2, -1], [1, 1], [2, 2]])
    words = ["a", "b", "c", "d"]
    small = np.float32(matrix * scale)
    exact = Vectors(words, small.astype(np.float64) / np.abs(small).max())  # as far as float32 can hold the values
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scaled = Vectors([*words, *map(str.upper, words)], np.concatenate([small, matrix]))
        for word in words:
            found = {near: value for near, value in scaled.similar(word, 9) if near in words}
            assert found == pytest.approx(dict(exact.similar(word)), abs=1e-6)
            assert scaled.similar(np.array(scaled[word]), 9)[0].similarity == pytest.approx(1)
            assert scaled.similarity(word, "c") == pytest.approx(exact.similarity(word, "c"))
            assert scale < 1e-40 or scaled.rank(word, word.upper()) <= 3  # c and d have the same direction
    assert dict(scaled.centrality(words)) == pytest.approx(dict(exact.centrality(words)), abs=1e-6)


def test_rows_longer_than_float32_can_hold_are_compared_by_direction(tmp_path):
    (tmp_path / "v.txt").write_text("a 3e38 3e38 3e38 3e38\nb 1 1 1 1\nc 1 -1 1 -1\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        vectors = Vectors.load(tmp_path / "v.txt")
        assert dict(vectors.similar("b")) == pytest.approx({"a": 1, "c": 0})
        assert vectors.similar("a")[0] == ("b", pytest.approx(1))


def test_no_cosine_is_beyond_1():
    random = np.random.default_rng(2)
    matrix = np.repeat(random.normal(size=(50, 7)), 2, axis=0) * random.uniform(1, 9, size=(100, 1))
    vectors = Vectors([f"w{row}" for row in range(100)], np.concatenate([matrix[:50], -matrix[50:]]))
    values = [near.similarity for found in vectors.similar_batch(list(vectors), 99) for near in found]
    assert max(values) <= 1
    assert min(values) >= -1
    assert abs(vectors.similarities(list(vectors))).max() <= 1
    assert abs(np.array([value for _, value in vectors.centrality(["w0", "w1", "w2"])])).max() <= 1


@pytest.mark.parametrize(
    "matrix, message",
    [
        ([[1, 2], [3, np.nan]], "row 1, the vector of 'b', must be finite and fit a float32"),
        ([[1, -np.inf], [3, 4]], "row 0, the vector of 'a', must be finite and fit a float32"),
        ([[1, 2], [1e300, 1]], "row 1, the vector of 'b', must be finite"),
        (np.array([[1, 2], [3, 1e10]]) * np.float64(1e30), "row 1, the vector of 'b', must be finite"),
        (np.ma.array([[1, 2], [3, 4]], mask=[[0, 0], [0, 1]]), "some are masked; fill them first"),
        (np.array([[1, 2], [3, None]], dtype=object), "the values of a matrix must be numbers"),
        ([[1, 2], [3, 10**400]], "the values of a matrix must be numbers"),
        ([[1, 2], [3, 4j]], "the values of a matrix must be numbers"),
        (np.array(["a", "b"]), "the values of a matrix must be numbers"),
        (np.ones((2, 2), dtype=bool), "the values of a matrix must be numbers"),
    ],
)
def test_a_matrix_is_checked_as_files_are(matrix, message):
    with pytest.raises((UsageError, VectorsError)) as failure:
        Vectors(["a", "b"], matrix)
    assert message in str(failure.value)
    assert "\n" not in str(failure.value)


@pytest.mark.parametrize(
    "vector",
    [
        np.array([np.nan, 1]), np.array([np.inf, 1]), np.array([1e300, 1]), np.array([1j, 1]), np.array([None, 1]),
        np.array(1.0), np.ones(3), np.ones((1, 3)), np.ones((2, 2, 2)), np.array([10**400, 1]),
        np.ma.array([1.0, 2.0], mask=[0, 1]), np.zeros(2), np.array([1e-300, 1e-300]), np.array([True, False]),
        np.array([0, 1], dtype="M8[D]"), None, 1.0, 10**400, float("nan"), 1j, [1.0, 2.0], [None], {"king": 2}, b"king",
        Query(Query("king")), Query("king", {"queen": 1}),
    ],
)  # fmt: skip
def test_what_is_no_vector_is_refused_in_one_line(vectors, vector):
    for ask in (
        lambda: vectors.similar(vector),
        lambda: vectors.similar("king", negative=vector),
        lambda: vectors.similar_batch(["king", vector]),
        lambda: vectors.analogy("king", vector, "queen"),
        lambda: vectors.similar(vector, method="mul"),
    ):
        with pytest.raises((UsageError, VectorsError)) as failure:
            ask()
        assert "\n" not in str(failure.value)
        assert len(str(failure.value)) < 200


@pytest.mark.parametrize("number", [0, -1, True, 1.5, float("nan"), None, "5", 2j, [1]])
def test_numbers_of_answers_are_whole_and_positive(vectors, number):
    with pytest.raises(UsageError, match=r"^n must be"):
        vectors.similar("king", number)
    for name in ("restrict_vocab", "min_count"):
        if number is not None:
            with pytest.raises(UsageError, match=f"^{name} must be"):
                vectors.similar("king", **{name: number})


def test_huge_numbers_of_answers_ask_for_all(vectors):
    assert len(vectors.similar("king", 10**30, restrict_vocab=10**30)) == 4


def test_a_whole_query_can_be_asked(vectors):
    query = Query(["king", "apple"], "queen")
    assert vectors.similar(query) == vectors.similar(["king", "apple"], negative="queen")
    with pytest.raises(UsageError, match="a query takes words"):
        vectors.similar(query, negative="king")


# the commands


def test_the_commands_say_which_vector_has_no_direction(tmp_path, vectors):
    vectors.save(tmp_path / "vectors.txt")
    for arguments in (
        ["similar", "zero"],
        ["similarity", "king", "zero"],
        ["analogy", "king", "zero", "queen"],
        ["odd", "king", "zero", "queen"],
    ):
        process = w2v(*arguments, cwd=tmp_path)
        assert (process.returncode, error_line(process)) == (1, ZERO)
    process = w2v("similar", "king", "-", "king", cwd=tmp_path)
    assert error_line(process) == "the vectors of the query cancel each other out: king - king"
    assert w2v("vector", "zero", cwd=tmp_path).stdout == b"zero 0 0\n"


def test_in_a_batch_the_other_lines_are_answered(tmp_path, vectors):
    vectors.save(tmp_path / "vectors.txt")
    lines = "".join(f"{line}\n" for line in ["king", "zero", "queen", "king - king", "kign", "apple"]).encode()
    process = w2v("similar", "-n", "1", cwd=tmp_path, stdin=lines)
    assert process.returncode == 1
    assert [line.split("\t")[0] for line in process.stdout.decode().splitlines()] == ["king", "queen", "apple"]
    assert process.stderr.decode().splitlines() == [
        f"w2v: line 2: {ZERO}",
        "w2v: line 4: the vectors of the query cancel each other out: king - king",
        "w2v: line 5: 'kign' is not in the vocabulary; did you mean king?",
        "w2v: error: 3 of 6 queries could not be answered",
    ]
    process = w2v("similarity", "--json", cwd=tmp_path, stdin=b"king zero\nking queen\n")
    first, second = map(json.loads, process.stdout.splitlines())
    assert first == {"question": "king zero", "error": ZERO}
    assert second["answer"] == pytest.approx(vectors.similarity("king", "queen"))
