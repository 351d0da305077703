"""The word that is suggested after training."""

import numpy as np
import pytest

from w2v.vectors import Vectors
from w2v.vectors.example_query import example_query

FILLERS = 3000


def vectors_of(groups, *, fillers="", capitals=0, loose=()):
    """Return vectors of groups of words that are close together, the tightest first, among words that are not close."""
    random = np.random.default_rng(6)
    words = [f"{fillers}{''.join(chr(97 + (row // 26**place) % 26) for place in range(4))}" for row in range(FILLERS)]
    words = [word.title() if row < capitals * FILLERS else word for row, word in enumerate(words)]
    matrix = random.normal(size=(FILLERS, 30))
    place = 160  # below the most frequent words, which are taken for function words
    for tightness, group in enumerate(groups):
        center = random.normal(size=30)
        for word in group:
            words[place] = word
            matrix[place] = center + random.normal(size=30) * (0.05 + 0.05 * tightness)
            place += 1
    for word in loose:
        words[place] = word
        place += 1
    return Vectors(words, matrix)


DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]


@pytest.mark.parametrize(
    "closer",
    [
        ["one", "two", "three", "four", "five", "six", "seven"],
        ["CHAPTER", "SCENE", "BOOK", "VERSE", "TITLE", "PROLOGUE"],
        ["chapter", "volume", "contents", "preface", "footnote", "illustration"],
        ["1815", "1816", "1817", "1818", "1819", "1820"],
        ["vii", "xii", "xi", "ix", "iv", "vi"],
        ["said,", "cried,", "asked,", "replied,", "added,", "thought,"],
        ["London", "Paris", "Berlin", "Madrid", "Rome", "Vienna"],
        ["drei", "vier", "fünf", "sechs", "sieben", "acht"],
        ["trois", "quatre", "cinq", "sept", "huit", "neuf"],
        ["три", "четыре", "пять", "шесть", "семь", "восемь"],
        ["iki", "üç", "dört", "beş", "altı", "yedi"],
    ],
)
def test_words_that_say_little_are_not_suggested_however_close(closer):
    assert example_query(vectors_of([closer, DAYS])) in DAYS


def test_words_near_numbers_are_not_suggested():
    assert example_query(vectors_of([["francs", "hundred", "thousand", "million", "twenty", "thirty"], DAYS])) in DAYS


def test_the_most_frequent_words_are_taken_for_function_words():
    vectors = vectors_of([DAYS])
    matrix = vectors.matrix.copy()
    matrix[:150] = matrix[0]
    assert example_query(Vectors(vectors.words, matrix)) in DAYS


def test_where_nouns_have_capitals_a_noun_is_suggested():
    nouns = ["Vater", "Mutter", "Schwester", "Bruder", "Tochter", "Tante"]
    small = ["nicht", "auch", "aber", "doch", "noch", "schon"]
    assert example_query(vectors_of([small, nouns], capitals=0.5)) in nouns


def test_other_scripts_have_words_too():
    days = ["понедельник", "вторник", "среда", "четверг", "пятница", "суббота"]
    assert example_query(vectors_of([days])) in days
    assert example_query(Vectors(["的", "星期", "一"], np.eye(3))) == "星期"


@pytest.mark.parametrize(
    "words, matrix, expected",
    [
        (["1", "2"], np.zeros((2, 3)), "1"),
        (["king"], [[0, 0]], "king"),
        (["king"], [[1, 0]], "king"),
        (["zero", "king"], [[0, 0], [1, 0]], "king"),
        (["\x1b", "x" * 99], np.eye(2), None),
        ([], np.empty((0, 3)), None),
        (["", "a b"], np.eye(2), "a b"),
    ],
)
def test_small_vocabularies(words, matrix, expected):
    assert example_query(Vectors(words, matrix)) == expected
