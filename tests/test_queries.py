import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from w2v import cosines
from w2v.cosines import row_norms, unit
from w2v.suggestions import closest_spellings, edit_distances
from w2v.vectors import Vectors
from w2v.vectors.nearest import Candidates, multiplied, nearest

MATRICES = hnp.arrays(
    np.float32,
    st.tuples(st.integers(1, 30), st.integers(1, 5)),
    elements=st.one_of(st.just(0.0), st.floats(-100, 100, width=32).filter(lambda x: abs(x) > 1e-3)),
)
ROUNDING = 3e-7  # of a product of cosines in float32; twice the most found in 15,000 queries


def naive_cosine(a, b):
    a, b = a.astype(float), b.astype(float)
    length = np.sqrt((a * a).sum()) * np.sqrt((b * b).sum())
    return (a * b).sum() / length if length else 0.0


def definition(matrix, terms, queries, method):
    """Return the score of each row for each query, by the papers' formulas, in float64, and what 3CosMul divides by."""
    scores = np.empty((len(queries), len(matrix)))
    divisors = np.ones_like(scores)
    for place, (positive, negative) in enumerate(queries):
        for number, row in enumerate(matrix):
            good, bad = ([naive_cosine(row, terms[term]) for term in part] for part in (positive, negative))
            if method == "add":
                scores[place, number] = sum(good) - sum(bad)
            else:
                halves = [np.prod([(1 + cosine) / 2 for cosine in part]) for part in (good, bad)]
                divisors[place, number] = halves[1] + 1e-6
                scores[place, number] = halves[0] / divisors[place, number]
    return scores, divisors


def summed(queries):
    """Return a function that scores by the sum of the positive cosines minus that of the negative ones."""

    def combine(cosines, scores):
        for place, (positive, negative) in enumerate(queries):
            scores[place] = cosines[list(positive)].sum(axis=0) - cosines[list(negative)].sum(axis=0)

    return combine


@settings(deadline=None, max_examples=60)
@given(
    MATRICES,
    st.integers(1, 40),
    st.lists(st.tuples(st.lists(st.integers(0, 3), min_size=1, max_size=3), st.lists(st.integers(0, 3), max_size=2))),
    st.sampled_from(["add", "mul"]),
    st.integers(1, 200),
    st.data(),
)
def test_the_nearest_are_the_head_of_the_sorted_list(matrix, n, queries, method, at_once, data):
    terms = np.random.default_rng(len(matrix)).normal(size=(4, matrix.shape[1])).astype(np.float32)
    left_out = [data.draw(st.lists(st.integers(0, len(matrix) - 1), max_size=4)) for _ in queries]
    combine = {"add": summed, "mul": multiplied}[method](queries)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cosines, "_SCORES_AT_ONCE", at_once)  # so that there are many blocks
        found = nearest(Candidates(matrix, row_norms(matrix)), unit(terms), n, left_out, combine)
    scores, divisors = definition(matrix, terms, queries, method)
    # A divisor near 1e-6 enlarges the rounding errors of the cosines: those of the dividend by 1 / divisor, and
    # those of the divisor by the score.
    rounding = ROUNDING * (1 + abs(scores)) / divisors if method == "mul" else np.zeros_like(scores)
    tolerances = np.maximum(1e-4 * abs(scores) + 1e-5, rounding)
    assert len(found) == len(queries)
    for expected, tolerance, (rows, got), barred in zip(scores, tolerances, found, left_out, strict=True):
        allowed = [row for row in range(len(matrix)) if row not in barred]
        others = [row for row in allowed if row not in rows]
        assert len(set(rows.tolist())) == len(rows) == min(n, len(allowed))
        assert set(rows.tolist()) <= set(allowed)
        assert (abs(got - expected[rows]) <= tolerance[rows]).all()
        assert (np.diff(got) <= 0).all()
        assert not others or (expected[others] - tolerance[others] <= got[-1]).all()


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(-1, 2), min_size=1, max_size=60), st.integers(1, 8), st.integers(1, 60))
def test_equal_scores_come_in_order_of_rows_across_blocks(values, n, at_once):
    matrix = np.array([[value, 1] for value in values], dtype=np.float32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cosines, "_SCORES_AT_ONCE", at_once)
        ((rows, _),) = nearest(Candidates(matrix, row_norms(matrix)), np.eye(1, 2, dtype=np.float32), n, [[]])
    assert rows.tolist() == sorted(range(len(values)), key=lambda row: (-values[row], row))[:n]


def test_rows_of_zeros_have_the_least_similarity():
    matrix = np.array([[1, 0], [0, 0], [1, 1], [0, 0]], dtype=np.float32)
    norms = row_norms(matrix)
    by_first, by_zero = nearest(Candidates(matrix, norms), unit(matrix[:2]), 3, [[0], [1]])
    assert by_first.rows.tolist() == [2, 1, 3]
    assert by_first.scores.tolist() == [pytest.approx(0.5**0.5), 0, 0]
    assert (by_zero.rows.tolist(), by_zero.scores.tolist()) == ([0, 2, 3], [0, 0, 0])


def test_without_rows_there_are_no_neighbours():
    (found,) = nearest(
        Candidates(np.empty((0, 2), np.float32), np.empty(0, np.float32)), np.eye(1, 2, dtype=np.float32), 3, [[]]
    )
    assert len(found.rows) == 0


def test_norms_do_not_overflow():
    assert row_norms(np.full((1, 4), 1e30, dtype=np.float32))[0] == pytest.approx(2e30)


def naive_distance(a, b):
    """Optimal string alignment, by its recursive definition."""
    table = {}
    for i in range(len(a) + 1):
        for j in range(len(b) + 1):
            if not i or not j:
                table[i, j] = i + j
                continue
            ways = [table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (a[i - 1] != b[j - 1])]
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                ways.append(table[i - 2, j - 2] + 1)
            table[i, j] = min(ways)
    return table[len(a), len(b)]


WORDS = st.text(alphabet="abcé王", max_size=7)


@settings(deadline=None)
@given(WORDS, st.lists(WORDS, max_size=8))
def test_edit_distances_are_those_of_the_definition(word, others):
    assert edit_distances(word, others).tolist() == [naive_distance(word, other) for other in others]


@pytest.mark.parametrize(
    "word, expected",
    [
        ("kign", ["king"]),
        ("KING", ["king"]),
        ("qeen", ["been", "queen"]),
        ("Paris", ["paris"]),
        ("strasse", ["straße"]),
        ("xyzzy", []),
        ("qqqqqqqqqqqq", []),
    ],
)
def test_the_closest_spellings_come_first(word, expected):
    known = ["the", "king", "been", "kings", "queen", "paris", "pairs", "straße"]
    assert closest_spellings(word, known) == expected


@pytest.mark.parametrize(
    "word, expected",
    [
        ("élève", ["l'élève", "D’ÉLÈVE", "elève"]),
        ("york", ["New_York", "new_york_city", "work"]),
        ("new-york", ["New_York", "new_york_city"]),
        ("l'élève", ["D’ÉLÈVE"]),
        ("well", ["well-known"]),
        ("know", []),  # which is no whole part
    ],
)
def test_words_that_contain_the_word_come_first(word, expected):
    known = ["work", "elève", "l'élève", "New_York", "new_york_city", "D’ÉLÈVE", "well-known"]
    known = [other for other in known if other != word]
    assert closest_spellings(word, known) == expected


def test_no_words_have_no_close_spelling():
    assert closest_spellings("king", []) == []


@pytest.mark.parametrize("method", ["add", "mul"])
def test_no_second_matrix_is_made(method):
    # 160 MB of vectors, all equal, which is the worst case; the memory beside them does not grow with their number
    vectors = Vectors([f"w{row}" for row in range(100_000)], np.ones((100_000, 400), dtype=np.float32))
    assert "w1" in vectors
    tracemalloc.start()
    try:
        vectors.similar("w1", method=method)
        vectors.similar_batch([[f"w{row}", f"w{row + 1}"] for row in range(100)], method=method)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 90e6
