import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from w2v.spelling import closest_spellings, edit_distances
from w2v.vectors.queries import cosines, nearest, row_norms

MATRICES = hnp.arrays(
    np.float32,
    st.tuples(st.integers(1, 30), st.integers(1, 5)),
    elements=st.one_of(st.just(0.0), st.floats(-100, 100, width=32).filter(lambda x: abs(x) > 1e-3)),
)


def naive_cosine(a, b):
    a, b = a.astype(float), b.astype(float)
    length = np.sqrt((a * a).sum()) * np.sqrt((b * b).sum())
    return (a * b).sum() / length if length else 0.0


@settings(deadline=None)
@given(MATRICES)
def test_cosines_are_those_of_the_definition(matrix):
    query = matrix[-1]
    expected = [naive_cosine(row, query) for row in matrix]
    np.testing.assert_allclose(cosines(matrix, row_norms(matrix), query), expected, atol=1e-5)


@settings(deadline=None)
@given(MATRICES, st.integers(1, 40), st.data())
def test_nearest_is_the_head_of_the_sorted_list(matrix, n, data):
    left_out = data.draw(st.lists(st.integers(0, len(matrix) - 1), max_size=4))
    norms = row_norms(matrix)
    similarity = cosines(matrix, norms, matrix[0])
    everything = sorted((-value, row) for row, value in enumerate(similarity.tolist()) if row not in left_out)
    expected = [(row, -value) for value, row in everything[:n]]
    assert nearest(matrix, norms, matrix[0], n, left_out) == expected


def test_rows_of_zeros_are_far_from_everything():
    matrix = np.array([[1, 0], [0, 0], [1, 1], [0, 0]], dtype=np.float32)
    norms = row_norms(matrix)
    assert nearest(matrix, norms, matrix[0], 3, [0]) == [(2, pytest.approx(0.5**0.5)), (1, 0.0), (3, 0.0)]
    assert cosines(matrix, norms, matrix[1]).tolist() == [0, 0, 0, 0]


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
        ("KING", ["king", "kings"]),
        ("qeen", ["been", "queen"]),
        ("Paris", ["paris", "pairs"]),
        ("strasse", ["straße"]),
        ("xyzzy", []),
        ("qqqqqqqqqqqq", []),
    ],
)
def test_the_closest_spellings_come_first(word, expected):
    known = ["the", "king", "been", "kings", "queen", "paris", "pairs", "straße"]
    assert closest_spellings(word, known) == expected


def test_no_words_have_no_close_spelling():
    assert closest_spellings("king", []) == []
