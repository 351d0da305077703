"""Scores against computation by hand, gensim and SciPy on the same vectors; and good and bad files."""

import re
import subprocess
import sys
import tracemalloc

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from optional import optional
from scipy import special, stats

from w2v.cosines import row_norms
from w2v.errors import EvaluationError, NothingKnownError, UsageError
from w2v.evaluation import (
    SectionScore,
    analogies,
    answers,
    evaluate_analogies,
    evaluate_pairs,
    read_analogies,
    read_pairs,
)
from w2v.evaluation.significance import correlation_p_value, incomplete_beta
from w2v.vectors import Vectors


def write(folder, text, name="questions.txt"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def in_gensim(vectors):
    keyed = optional("gensim.models").KeyedVectors(vectors.matrix.shape[1])
    keyed.add_vectors(vectors.words, vectors.matrix)
    return keyed


@pytest.fixture
def royal():
    """Six words on three axes, royalty, gender and person, so that every answer can be seen."""
    words = ["the", "king", "queen", "man", "woman", "apple"]
    matrix = [[-1, 0, 0], [1, 1, 1], [1, -1, 1], [0, 1, 1], [0, -1, 1], [0, 0, -3]]
    return Vectors(words, np.array(matrix, dtype=np.float32))


@pytest.fixture(scope="module")
def noisy():
    """300 words, some in two spellings, whose vectors are sums of a stem and a form, so that some analogies hold."""
    random = np.random.default_rng(5)
    stems, forms = random.normal(size=(60, 12)), random.normal(size=(4, 12))
    names = [(stem, form) for stem in range(60) for form in range(4)]
    words = [f"s{stem}f{form}" for stem, form in names]
    matrix = np.array([stems[stem] + forms[form] for stem, form in names]) + random.normal(size=(240, 12)) * 0.6
    spellings = [(word.upper(), row + random.normal(size=12) * 0.3) for word, row in zip(words, matrix, strict=True)]
    everything = [*zip(words, matrix, strict=True), *spellings[::4]]
    order = random.permutation(len(everything))
    return Vectors([everything[i][0] for i in order], np.array([everything[i][1] for i in order], dtype=np.float32))


def test_pairs_by_hand(tmp_path):
    vectors = Vectors(["a", "b", "c"], np.array([[1, 0], [1, 1], [0, 2]], dtype=np.float32))
    path = write(tmp_path, "a\tb\t9\na\tc\t5\nb\tc\t2\na\ta\t10\nb\tb\t10\na\tmissing\t3\n")
    # Cosines 1/sqrt 2, 0, 1/sqrt 2, 1, 1 have ranks 2.5, 1, 2.5, 4.5, 4.5 and the scores 3, 2, 1, 4.5, 4.5.
    score = evaluate_pairs(vectors, path)
    assert score.spearman == pytest.approx(7.5 / np.sqrt(9 * 9.5))
    assert score.pearson == pytest.approx(np.corrcoef([0.5**0.5, 0, 0.5**0.5, 1, 1], [9, 5, 2, 10, 10])[0, 1])
    assert (score.used, score.skipped) == (5, 1)


def test_analogies_by_hand(royal, tmp_path):
    text = """: family
    king man queen woman
    king queen man woman
    king apple man woman
    king man emperor empress
    : gram1-made-up
    man woman king queen
    man king man king
    """
    score = evaluate_analogies(royal, write(tmp_path, text))
    assert score.sections == (SectionScore("family", 2, 3, 1, 1), SectionScore("gram1-made-up", 1, 2, 0, 0))
    assert score.semantic == SectionScore("semantic", 2, 3, 1, 1)
    assert score.syntactic == SectionScore("syntactic", 1, 2, 0, 0)
    assert score.total == SectionScore("total", 3, 5, 1, 1)
    assert score.total.accuracy == 0.6


def test_question_words_are_never_the_answer(tmp_path):
    # b - a + c points straight at b, and c is next; the expected word comes third.
    vectors = Vectors(["a", "b", "c", "d"], np.array([[0, 1], [1, 0.9], [1, 0.2], [1, -0.5]], dtype=np.float32))
    assert evaluate_analogies(vectors, write(tmp_path, "a b c d")).total == SectionScore("total", 1, 1, 0, 0)
    assert evaluate_analogies(vectors, write(tmp_path, "a b c b")).total == SectionScore("total", 0, 1, 0, 0)


def test_restricted_vocabulary_bounds_questions_and_answers(royal, tmp_path):
    path = write(tmp_path, "king queen man woman\n")
    assert evaluate_analogies(royal, path, restrict_vocab=5).total == SectionScore("total", 1, 1, 0, 0)
    wrong = evaluate_analogies(royal, path, restrict_vocab=4, skip_unknown=False).total
    assert wrong == SectionScore("total", 0, 1, 0, 1)
    with pytest.raises(NothingKnownError, match="raise restrict_vocab=4, which leaves out the rarer ones"):
        evaluate_analogies(royal, path, restrict_vocab=4)
    some = write(tmp_path, ": none\nking emperor man woman\n: all\nking queen man woman\n", "some.txt")
    assert np.isnan(evaluate_analogies(royal, some).sections[0].accuracy)
    assert evaluate_analogies(royal, path, restrict_vocab=None) == evaluate_analogies(royal, path, restrict_vocab=99)
    with pytest.raises(UsageError, match="restrict_vocab must be at least 1, not 0"):
        evaluate_analogies(royal, path, restrict_vocab=0)


@pytest.mark.parametrize(
    "words, arguments, reason",
    [
        ([], {}, "the vectors have no words"),
        (["TIGER", "CAT"], {"casefold": False}, "words differ in case; ignore case with casefold=True"),
        (["the", "Tiger", "Cat"], {"restrict_vocab": 1}, "raise restrict_vocab=1, which leaves out the rarer ones"),
        (["the", "tiger"], {}, r"unknown: cat \(1 of 2 words\)"),
        (["der", "Katze"], {}, "it has words such as tiger, the vectors such as Katze; check the language"),
        ([f"w{i}_NOUN" for i in range(999)], {}, "the vectors have words with tags, such as w0_NOUN"),
    ],
)
def test_a_test_set_of_unknown_words_says_why(tmp_path, words, arguments, reason):
    vectors = Vectors(words, np.ones((len(words), 3)))
    pairs, questions = write(tmp_path, "tiger cat 1", "pairs.txt"), write(tmp_path, "tiger cat tiger cat")
    for evaluate, path, noun in ((evaluate_pairs, pairs, "pair"), (evaluate_analogies, questions, "question")):
        told = rf"{path.name}: no {noun} has all its words in the vocabulary; {reason}\??$"
        with pytest.raises(NothingKnownError, match=told):
            evaluate(vectors, path, **arguments)


def test_numbers_in_place_of_words_are_named(tmp_path):
    vectors = Vectors(["tiger", "cat"], np.ones((2, 3)))
    with pytest.raises(NothingKnownError, match="most of its words are numbers; check the columns"):
        evaluate_pairs(vectors, write(tmp_path, "5 tiger 6 7\n9 cat 6 8\n"), columns="1,3,4")


def test_unknown_words_are_noted_once_with_their_count(royal, tmp_path):
    listener = Listener()
    path = write(tmp_path, "king queen 9\nking emperor 8\nnobody Nobody 7\nman child 3\nman a 1\nman woman 2\n")
    assert evaluate_pairs(royal, path, progress=listener).used == 2
    evaluate_pairs(royal, path, skip_unknown=False, progress=listener)
    evaluate_analogies(royal, write(tmp_path, "king queen man woman\nking man queen emperor\n"), progress=listener)
    evaluate_pairs(royal, write(tmp_path, "king queen 9\nman woman 1\n"), progress=listener)
    skipped, as_zero, questions = listener.notes
    assert skipped.endswith("4 of 6 pairs left out, with 5 unknown words: emperor, nobody, Nobody, ...")
    assert as_zero.endswith("4 of 6 pairs counted as similarity 0, with 5 unknown words: emperor, nobody, Nobody, ...")
    assert questions.endswith("questions.txt: 1 of 2 questions left out, with an unknown word: emperor")


def test_case_is_folded_only_on_request(royal, tmp_path):
    questions = write(tmp_path, "King Queen Man Woman\n")
    pairs = write(tmp_path, "King Queen 8\nMan apple 1\n", "pairs.txt")
    assert evaluate_analogies(royal, questions).total == SectionScore("total", 1, 1, 0, 0)
    assert evaluate_pairs(royal, pairs).used == 2
    for evaluate, path in ((evaluate_analogies, questions), (evaluate_pairs, pairs)):
        with pytest.raises(NothingKnownError, match="ignore case with casefold=True"):
            evaluate(royal, path, casefold=False)


@pytest.mark.parametrize("casefold", [True, False])
@pytest.mark.parametrize("skip_unknown", [True, False])
@pytest.mark.parametrize("restrict_vocab", [200, 1000])
def test_pairs_equal_gensim(noisy, tmp_path, casefold, skip_unknown, restrict_vocab):
    random = np.random.default_rng(6)
    chosen = random.permutation([*noisy.words, "unknown", *noisy.words[:99]]).reshape(200, 2)
    scores = random.integers(0, 20, size=200) / 2
    path = write(tmp_path, "".join(f"{a}\t{b}\t{s}\n" for (a, b), s in zip(chosen, scores, strict=True)))
    ours = evaluate_pairs(noisy, path, casefold=casefold, skip_unknown=skip_unknown, restrict_vocab=restrict_vocab)
    pearson, spearman, unknown = in_gensim(noisy).evaluate_word_pairs(
        str(path), case_insensitive=casefold, dummy4unknown=not skip_unknown, restrict_vocab=restrict_vocab
    )
    assert ours.spearman == pytest.approx(spearman.statistic, abs=1e-6)
    assert ours.pearson == pytest.approx(pearson.statistic, abs=1e-6)
    assert ours.spearman_p == pytest.approx(spearman.pvalue, rel=1e-4)
    assert ours.pearson_p == pytest.approx(pearson.pvalue, rel=1e-4)
    assert 100 * (1 - ours.coverage) == pytest.approx(unknown)
    assert (ours.pairs, ours.skipped) == (200, ours.unknown if skip_unknown else 0)


@pytest.fixture(params=[None, 60], ids=["at once", "in parts"])
def in_parts(request, monkeypatch):
    """Answer all questions at once, or few at a time over few rows, so that there are many parts."""
    if request.param:
        monkeypatch.setattr(analogies, "_QUESTIONS_AT_ONCE", request.param)
        monkeypatch.setattr(answers, "_QUESTIONS_AT_ONCE", 7)
        monkeypatch.setattr(answers, "_ROWS_AT_ONCE", 40)


@pytest.mark.usefixtures("in_parts")
@pytest.mark.parametrize("casefold", [True, False])
@pytest.mark.parametrize("skip_unknown", [True, False])
@pytest.mark.parametrize("restrict_vocab", [250, 1000])
def test_analogies_equal_gensim(noisy, tmp_path, casefold, skip_unknown, restrict_vocab):
    random = np.random.default_rng(7)
    lines = []
    for section in ("family", "gram1", "gram2"):
        lines.append(f": {section}")
        for _ in range(250):
            (stem, other), (form, another) = random.integers(0, 62, size=2), random.integers(0, 4, size=2)
            question = f"s{stem}f{form} s{stem}f{another} s{other}f{form} s{other}f{another}"
            lines.append(question.upper() if random.random() < 0.3 else question)
    path = write(tmp_path, "\n".join(lines))
    ours = evaluate_analogies(noisy, path, restrict_vocab=restrict_vocab, casefold=casefold, skip_unknown=skip_unknown)
    accuracy, sections = in_gensim(noisy).evaluate_word_analogies(
        str(path), restrict_vocab=restrict_vocab, case_insensitive=casefold, dummy4unknown=not skip_unknown
    )
    counts = [(len(s["correct"]), len(s["correct"]) + len(s["incorrect"])) for s in sections]
    assert [(s.correct, s.used) for s in (*ours.sections, ours.total)] == counts
    assert ours.total.accuracy == pytest.approx(accuracy)
    assert ours.total.questions == ours.total.used + ours.total.skipped == 750
    assert ours.total.skipped == (ours.total.unknown if skip_unknown else 0)
    assert ours.total.coverage == pytest.approx(1 - ours.total.unknown / 750)
    assert ours.total.unknown > 0
    assert 0.05 < accuracy < 0.9


@settings(deadline=None, max_examples=100)
@given(st.data(), st.sampled_from(["add", "mul"]), st.integers(1, 9), st.integers(1, 40), st.integers(1, 99))
def test_best_rows_are_those_of_the_definition(data, method, questions_at_once, rows_at_once, cosines_at_once):
    random = np.random.default_rng(data.draw(st.integers(0, 99)))
    count, size = data.draw(st.integers(1, 30)), data.draw(st.integers(0, 30))
    matrix = random.normal(size=(count, 4)).astype(np.float32)
    matrix[random.random(count) < 0.1] = 0
    words = random.permutation(count)[: random.integers(1, count + 1)]
    questions = random.integers(0, len(words), size=(size, 3))
    pairs = data.draw(st.lists(st.tuples(st.integers(0, max(0, size - 1)), st.integers(0, count - 1)), max_size=60))
    left_out = np.array(pairs if size else [], dtype=np.intp).reshape(-1, 2).T
    shares = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answers, "_QUESTIONS_AT_ONCE", questions_at_once)
        patch.setattr(answers, "_ROWS_AT_ONCE", rows_at_once)
        patch.setattr(answers, "_COSINES_AT_ONCE", cosines_at_once)
        best = answers.best_rows(
            matrix, row_norms(matrix), words, questions, tuple(left_out), answers.RULES[method], shares.append
        )
    norms = np.maximum(np.linalg.norm(matrix.astype(float), axis=1), 1e-30)
    cosines = (matrix / norms[:, None]) @ (matrix / norms[:, None]).T
    a, b, c = (cosines[words[part]] for part in questions.T)
    moved = [(1 + part) / 2 for part in (a, b, c)]
    scores = b - a + c if method == "add" else moved[1] * moved[2] / (moved[0] + 1e-6)
    scores[left_out[0], left_out[1]] = -np.inf
    assert best.shape == (size,)
    for row, expected in zip(best.tolist(), scores, strict=True):
        if row < 0:
            assert np.isneginf(expected).all()
        else:
            assert expected[row] >= expected.max() - 1e-4 * max(1, abs(expected.max()))
    assert shares == sorted(shares)
    assert shares[-1] == 1


@pytest.mark.parametrize("method", ["add", "mul"])
def test_the_first_of_equal_answers_counts(tmp_path, method):
    # 17 and 8999, in different blocks of rows, are the same, and 18 is close.
    matrix = np.tile(np.array([[-1, 0.1]], dtype=np.float32), (9000, 1))
    matrix[[0, 1, 2, 17, 8999, 18]] = [[0, 1], [1, 1], [1, 0.1], [1, -0.1], [1, -0.1], [1, 0.3]]
    vectors = Vectors([f"w{row}" for row in range(9000)], matrix)
    for answer, correct in ((17, 1), (8999, 0), (18, 0)):
        path = write(tmp_path, f"w0 w1 w2 w{answer}")
        assert evaluate_analogies(vectors, path, method=method).total.correct == correct


@pytest.mark.parametrize("method", ["add", "mul"])
def test_the_memory_of_analogies_does_not_grow_with_the_matrix(tmp_path, method):
    random = np.random.default_rng(9)
    vectors = Vectors([f"w{row}" for row in range(60_000)], random.normal(size=(60_000, 400)).astype(np.float32))
    path = write(tmp_path, "".join(f"w{a} w{b} w{c} w{a}\n" for a, b, c in random.integers(0, 60_000, size=(99, 3))))
    tracemalloc.start()
    try:
        evaluate_analogies(vectors, path, restrict_vocab=None, method=method)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < vectors.matrix.nbytes / 2


def test_analogies_by_products_equal_single_queries(noisy, tmp_path):
    random = np.random.default_rng(8)
    known = [word for word in noisy.words if word.islower()]
    questions = [random.choice(known, size=3, replace=False).tolist() for _ in range(60)]
    answers = [noisy.analogy(b, a, c, n=1, method="mul")[0].word for a, b, c in questions]
    lines = [" ".join([*question, answer]) for question, answer in zip(questions, answers, strict=True)]
    lines += [" ".join([*question, "s0f0"]) for question in questions]
    score = evaluate_analogies(noisy, write(tmp_path, "\n".join(lines)), casefold=False, method="mul")
    assert score.total.correct == 60 + answers.count("s0f0")
    with pytest.raises(UsageError, match="method must be one of add, mul, not 'max'"):
        evaluate_analogies(noisy, tmp_path / "questions.txt", method="max")


@given(st.floats(0.01, 2000), st.floats(0, 1))
@example(0.03125, 5e-324)
@example(0.01, 1e-310)
def test_the_incomplete_beta_function_equals_its_closed_form(a, x):
    """Where b is 2, it is x**a (1 + a (1 - x)); SciPy's is wrong by 1 % at the first example."""
    assert incomplete_beta(a, 2.0, x, 1 - x) == pytest.approx(x**a * (1 + a * (1 - x)), rel=1e-8, abs=1e-14)


@settings(deadline=None)
@given(st.floats(0.01, 2000), st.floats(0.01, 2000), st.floats(0, 1, allow_subnormal=False))
def test_the_incomplete_beta_function_equals_scipy(a, b, x):
    assert incomplete_beta(a, b, x, 1 - x) == pytest.approx(special.betainc(a, b, x), rel=1e-8, abs=1e-14)


@pytest.mark.parametrize("n", [3, 4, 10, 353, 100_000])
@pytest.mark.parametrize("r", [0.0, 1e-9, 0.01, -0.3, 0.7, 0.999999, 1.0, -1.0])
def test_p_values_equal_scipy_however_small(r, n):
    degrees = n - 2
    t = abs(r) * np.sqrt(degrees / (1 - r * r)) if abs(r) < 1 else np.inf
    assert correlation_p_value(r, n) == pytest.approx(2 * stats.t.sf(t, degrees), rel=1e-7, abs=1e-300)


def test_p_values_of_undefined_correlations():
    assert correlation_p_value(1.0, 2) == 1.0
    assert np.isnan(correlation_p_value(np.nan, 50))


class Listener:
    """A w2v.progress.Progress that remembers how far the work came."""

    def __init__(self):
        self.done, self.notes = [], []

    def start(self, task, total, unit, before=0):
        self.total = total

    def update(self, done, facts=None):
        self.done.append(done)

    def finish(self):
        self.finished = True

    def note(self, text):
        self.notes.append(text)


def test_progress_ends_with_all_questions(royal, tmp_path):
    listener = Listener()
    text = ": a\nking man queen woman\nking man nobody woman\n: b\n" + "man woman king queen\n" * 50_000
    evaluate_analogies(royal, write(tmp_path, text), progress=listener)
    assert listener.total == listener.done[-1] == 50_001
    assert listener.done == sorted(listener.done)
    assert len(listener.done) > 3
    assert listener.finished
    assert len(listener.notes) == 1


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=3, max_size=40))
def test_correlations_equal_scipy_with_ties(tmp_path_factory, grid):
    people, angles = np.array(grid, dtype=np.float64).T
    matrix = np.array([[1, 0], *[[np.cos(angle / 2), np.sin(angle / 2)] for angle in angles]], dtype=np.float32)
    vectors = Vectors(["axis", *(f"w{i}" for i in range(len(grid)))], matrix)
    path = write(tmp_path_factory.mktemp("pairs"), "".join(f"axis w{i} {score}\n" for i, score in enumerate(people)))
    ours = evaluate_pairs(vectors, path)
    if np.ptp(people) == 0 or np.ptp(angles) == 0:
        assert np.isnan(ours.spearman)
        assert np.isnan(ours.pearson)
    else:
        assert ours.spearman == pytest.approx(stats.spearmanr(people, np.cos(angles / 2)).statistic, abs=1e-6)
        assert ours.pearson == pytest.approx(stats.pearsonr(people, np.cos(angles / 2)).statistic, abs=1e-6)


@pytest.mark.parametrize(
    "text",
    [
        "tiger\tcat\t7.35\nbig dog\tcat\t5\n",
        "# a comment\n# word 1\tword 2\tscore\n\ntiger\tcat\t7.35\n  \nbig dog\tcat\t5\n",
        "\ufeffWord 1,Word 2,Human (mean)\r\ntiger,cat,7.35\r\nbig dog,cat,5\r\n",
        '"word1", "word2", "score"\n"tiger", "cat", "7.35"\n"big dog", "cat", "5"\n',
        "word1\tword2\tPOS\tSimLex999\tconc(w1)\ntiger\tcat\tN\t7.35\t4.5\nbig dog\tcat\tN\t5\t4.2\n",
        "tiger;cat;7.35\nbig dog;cat;5\n",
        "wort1;wort2;wert\r\ntiger;cat;7,35\r\nbig dog;cat;5,0\r\n",
        '"tiger";"cat";"7,35"\n"big dog";"cat";"5"\n',
        "tiger\tcat\t7,35\nbig dog\tcat\t5\n",
        "tiger | cat | 7.35\nbig dog | cat | 5\n",
        '"tiger" "cat" 7.35\n"big dog" "cat" 5\n',
        "1\ttiger\tcat\t7.35\n2\tbig dog\tcat\t5\n",
        "1.,tiger,cat,7.35\n2.,big dog,cat,5\n",
        "0;tiger;cat;7.35\n1;big dog;cat;5\n",
        "17\ttiger\tcat\t7.35\n3\tbig dog\tcat\t5\n",
        "7.35\ttiger\tcat\n5\tbig dog\tcat\n",
        "tiger\t7.35\tcat\nbig dog\t5\tcat\n",
        "t\ttiger\tcat\t7.35\ni\tbig dog\tcat\t5\n",  # WordSim-353, agreed
        "tiger\tcat\tN\t7.35\tCOHYPONYMS\nbig dog\tcat\tN\t5\tNONE\n",  # SimVerb-3500
        "tiger\tcat\t7.35\t9\t6\t7\nbig dog\tcat\t5\t4\t6\t5\n",  # Rare Words
        "Word 1,Word 2,s1,s2,Human (mean)\ntiger,cat,7,8,7.35\nbig dog,cat,4,6,5\n",
        (
            "pair_ID\tsentence_A\tsentence_B\trelatedness_score\tjudgment\n1\ttiger\tcat\t7.35\tNEUTRAL\n"
            "2\tbig dog\tcat\t5\tNEUTRAL\n"
        ),  # SICK
        "id,score,word_a,word_b\n9,7.35,tiger,cat\n4,5,big dog,cat\n",
    ],
)
def test_pair_files_of_all_kinds_read_alike(tmp_path, text):
    assert read_pairs(write(tmp_path, text)) == [("tiger", "cat", 7.35), ("big dog", "cat", 5.0)]


def test_columns_of_labels_are_told_from_words_in_long_files(tmp_path):
    labels = ["synonym", "antonym", "none"] * 30
    lines = "".join(f"{label} w{i} v{i} {i / 7:.3f}\n" for i, label in enumerate(labels))
    assert read_pairs(write(tmp_path, lines))[:2] == [("w0", "v0", 0.0), ("w1", "v1", 0.143)]


def test_the_columns_that_are_used_are_noted_where_there_are_others(tmp_path):
    notes = []
    read_pairs(write(tmp_path, "a b 1\nc d 2\n"), note=notes.append)
    assert notes == []
    read_pairs(write(tmp_path, "word1\tword2\tPOS\tSimLex999\na\tb\tN\t1\nc\td\tN\t2\n"), note=notes.append)
    (note,) = notes
    assert note.endswith("words from columns 1 and 2, scores from column 4 (SimLex999); `columns` chooses"
                         " others")  # fmt: skip


@pytest.mark.parametrize(
    "columns", ["1,2,5", "word1,word2,conc", "WORD1, Word2 ,Conc", [1, 2, 5], ("word1", 2, "conc"), "2,1,5", "1,2,4"]
)
def test_columns_can_be_chosen(tmp_path, columns):
    path = write(tmp_path, "word1\tword2\tPOS\tscore\tconc\na\tb\tN\t1\t6\nc\td\tN\t2\t7\n")
    words = [("b", "a"), ("d", "c")] if columns == "2,1,5" else [("a", "b"), ("c", "d")]
    scores = (1.0, 2.0) if columns == "1,2,4" else (6.0, 7.0)
    assert read_pairs(path, columns=columns) == [(*pair, score) for pair, score in zip(words, scores, strict=True)]


@pytest.mark.parametrize(
    "columns, error, told",
    [
        (
            "1,2",
            UsageError,
            "columns must be three numbers or names of columns: first word, second word, score, not '1,2'",
        ),
        (5, UsageError, "columns must be three numbers or names"),
        ([1, 2, True], UsageError, "columns must be three numbers or names"),
        ("1,1,3", UsageError, "columns must be three different columns, not '1,1,3'"),
        ("1,2,4", EvaluationError, r"questions\.txt: has no column 4; its first line has 3 columns"),
        ("0,1,2", EvaluationError, r"questions\.txt: has no column 0"),
        ("1,2,mean", EvaluationError, r"questions\.txt: has no column 'mean'; its first line has a, b, 1"),
    ],
)
def test_columns_that_are_not_there_are_an_error(tmp_path, columns, error, told):
    with pytest.raises(error, match=told):
        read_pairs(write(tmp_path, "a b 1\n"), columns=columns)


def test_tags_of_words_are_left_out_where_they_hide_words(royal, tmp_path):
    text = "king-n queen-n 50.0\nman-n woman-n 40\nking-n apple-n 1\n"  # MEN
    listener = Listener()
    assert evaluate_pairs(royal, write(tmp_path, text), progress=listener).used == 3
    assert listener.notes[0].endswith("words without their tags: king for king-n")
    tagged = Vectors(["king-n", "queen-n", "man-n", "woman-n", "apple-n"], royal.matrix[1:])
    assert evaluate_pairs(tagged, write(tmp_path, text)).used == 3


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_questions_in_other_encodings(tmp_path, encoding):
    vectors = Vectors(["caf\u00e9", "th\u00e9", "\u00e9t\u00e9", "lait"], np.random.default_rng(1).normal(size=(4, 5)))
    pairs = "caf\u00e9 th\u00e9 9\n\u00e9t\u00e9 lait 2\n"
    questions = "caf\u00e9 th\u00e9 \u00e9t\u00e9 lait\n"
    for evaluate, text in ((evaluate_pairs, pairs), (evaluate_analogies, questions)):
        path = write(tmp_path, text.encode(encoding))
        with pytest.raises(EvaluationError, match=r"questions\.txt:1: not UTF-8: 'caf\ufffd'; name its encoding"):
            evaluate(vectors, path)
        score = evaluate(vectors, path, encoding=encoding)
        assert score == evaluate(vectors, write(tmp_path, text))
        assert score == evaluate(vectors, write(tmp_path, text), encoding=encoding)  # UTF-8 stays what it is
        ignored = evaluate(
            vectors, write(tmp_path, text.encode(encoding)), encoding_errors="ignore", skip_unknown=False
        )
        assert ignored != score


BATS = {
    "1_Inflectional/I01 [noun - plural].txt": "king\tqueens/kings\nman\twomen/men\n",
    "4_Lexicographic/L01 [hypernyms].txt": "king\truler/queen/person\nman\tperson/woman\napple\tfruit\n",
    "metadata.json": "{}",
    "README.txt": "How to read this",
    ".hidden.txt": "x",
}


def test_the_folder_of_bats_is_read_as_pairs_with_several_answers(royal, tmp_path):
    for name, text in BATS.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    notes = []
    assert read_analogies(tmp_path, note=notes.append) == [
        ("I01 [noun - plural]", [
            ("king", "queens/kings", "man", "women/men"), ("man", "women/men", "king", "queens/kings"),
        ]),
        ("L01 [hypernyms]", [
            ("king", "ruler/queen/person", "man", "person/woman"), ("king", "ruler/queen/person", "apple", "fruit"),
            ("man", "person/woman", "king", "ruler/queen/person"), ("man", "person/woman", "apple", "fruit"),
            ("apple", "fruit", "king", "ruler/queen/person"), ("apple", "fruit", "man", "person/woman"),
        ]),
    ]  # fmt: skip
    assert notes == [f"{tmp_path}: 5 pairs make 8 questions, each with each other pair of its section"]
    score = evaluate_analogies(royal, tmp_path)
    # Of the answers, queen and woman are known: king is to queen as man is to woman, and the reverse.
    assert [(section.correct, section.used, section.unknown) for section in score.sections] == [(0, 0, 2), (2, 2, 4)]
    assert (score.syntactic.questions, score.semantic.questions) == (2, 6)


def test_any_of_several_right_answers_counts(royal, tmp_path):
    for right, correct in (
        ("woman", 1),
        ("lady/woman", 1),
        ("woman/lady", 1),
        ("queen/apple", 0),
        ("Woman/apple", 1),
    ):
        path = write(tmp_path, f"king queen man {right}\n")
        assert evaluate_analogies(royal, path).total == SectionScore("total", correct, 1, 0, 0)
    slashed = Vectors(["king", "queen", "man", "and/or"], royal.matrix[1:5])
    assert evaluate_analogies(slashed, write(tmp_path, "king queen man and/or")).total.correct == 1


@pytest.mark.parametrize(
    "text",
    [
        ": a b\nking queen man woman\nman king woman queen\n",
        ": a b\r\nking\tqueen\tman\twoman\r\nman\tking\twoman\tqueen\r\n",
        "\ufeff: a b\nking,queen,man,woman\nman,king,woman,queen\n",
        ": a b\nking; queen; man; woman\nman; king; woman; queen\n",
        ':a b\n"king" "queen" "man" "woman"\n"man" "king" "woman" "queen"\n',
        ": a b\nking queen man woman\n\ufeffman king woman queen\n",
        "\ufeff\ufeff: a b\n\ufeff# joined by cat\nking queen man woman\nman king woman queen\n",
        ": a b\n1 king queen man woman\n2 man king woman queen\n",
        "a b,king,queen,man,woman\na b,man,king,woman,queen\n",
        "category;word1;word2;word3;word4\na b;king;queen;man;woman\na b;man;king;woman;queen\n",
        ": a b\nking : queen :: man : woman\nman:king::woman:queen\n",
        ": a b\n17. king queen man woman\n4. man king woman queen\n",
    ],
)
def test_analogy_files_of_all_kinds_read_alike(tmp_path, text):
    ((name, questions),) = read_analogies(write(tmp_path, text))
    assert name == "a b"
    assert questions[:2] == [("king", "queen", "man", "woman"), ("man", "king", "woman", "queen")]


def test_numbered_questions_are_noted(tmp_path):
    notes = []
    read_analogies(write(tmp_path, "1 a b c d\n2 e f g h\n"), note=notes.append)
    assert [note.partition(": ")[2] for note in notes] == ["the first column numbers the lines, and is left out"]


def test_a_bad_line_of_a_numbered_file_is_found(tmp_path):
    with pytest.raises(EvaluationError, match=r"questions\.txt:2: expected four words, got 'e f g'$"):
        read_analogies(write(tmp_path, "1 a b c d\n2 e f g\n3 h i j k\n"))


def test_questions_of_msr_are_read_with_their_answers(tmp_path):
    path = write(tmp_path, "good better rough\nrough rougher good\nyear years law\n", "word.questions")
    with pytest.raises(EvaluationError, match=r"word\.questions:1: expected four words, got 'good better rough'$"):
        read_analogies(path)
    write(tmp_path, "JJ_JJR rougher\nJJ_JJR better\nNN_NNS laws\n", "word.answers")
    expected = [
        ("JJ_JJR", [("good", "better", "rough", "rougher"), ("rough", "rougher", "good", "better")]),
        ("NN_NNS", [("year", "years", "law", "laws")]),
    ]
    assert read_analogies(path) == read_analogies(tmp_path) == expected
    write(tmp_path, "JJ_JJR rougher\n", "word.answers")
    with pytest.raises(EvaluationError, match=r"word\.answers: has 1 answer for 3 questions"):
        read_analogies(path)


def test_too_many_pairs_for_questions_are_an_error(tmp_path):
    path = write(tmp_path, "".join(f"a{i}\tb{i}\n" for i in range(1500)))
    with pytest.raises(EvaluationError, match=r"1,500 pairs would make 2,248,500 questions, each pair with each other"):
        read_analogies(path)
    path = write(tmp_path, "".join(": s\n" * (i % 9 == 0) + f"a{i}\tb{i}\n" for i in range(1500)))
    assert sum(len(found) for _, found in read_analogies(path)) == 166 * 72 + 30


def test_a_wide_header_or_a_narrow_one_is_no_trouble(tmp_path):
    notes = []
    path = write(tmp_path, "one two\na b N 1 7\nc d V 2 8\n")
    assert read_pairs(path, note=notes.append) == [("a", "b", 1.0), ("c", "d", 2.0)]
    assert notes[0].endswith("words from columns 1 and 2, scores from column 4; `columns` chooses others")


def test_sections_without_questions_stay(tmp_path):
    text = ": empty\n: full\nking queen man woman\n: last\n"
    assert [(name, len(found)) for name, found in read_analogies(write(tmp_path, text))] == [
        ("empty", 0), ("full", 1), ("last", 0)
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_text_of_spreadsheets_in_utf16_is_read(tmp_path, encoding):
    text = "word1\tword2\tscore\r\ncaf\u00e9\tth\u00e9\t7,5\r\n"
    path = write(tmp_path, (text if encoding == "utf-16" else "\ufeff" + text).encode(encoding))
    assert read_pairs(path) == [("caf\u00e9", "th\u00e9", 7.5)]
    with pytest.raises(EvaluationError, match=r"questions\.txt:2: not UTF-16, as its byte order mark says"):
        read_pairs(write(tmp_path, path.read_bytes()[:-1]))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_only_line_ends_end_lines(tmp_path, end):
    text = end.join([": a\x0cb\u2028c", "", "king queen man\x0bwoman", "man king woman"])
    with pytest.raises(EvaluationError, match=r"questions\.txt:4: expected four words, got 'man king woman'$"):
        read_analogies(write(tmp_path, text))
    assert read_analogies(write(tmp_path, text + " queen"))[0] == (
        "a\x0cb\u2028c",
        [("king", "queen", "man", "woman"), ("man", "king", "woman", "queen")],
    )


def test_pairs_separated_by_spaces(tmp_path):
    assert read_pairs(write(tmp_path, "word1 word2 score\ntiger  cat 7.35\n7 8 9\n")) == [
        ("tiger", "cat", 7.35),
        ("7", "8", 9.0),
    ]


def test_questions_before_the_first_section_take_the_name_of_the_file(tmp_path):
    path = write(tmp_path, "# mine\nking queen man woman\r\n\r\n: family\nman king woman queen\n", "royal.txt")
    assert read_analogies(path) == [
        ("royal", [("king", "queen", "man", "woman")]),
        ("family", [("man", "king", "woman", "queen")]),
    ]


@pytest.mark.parametrize(
    "read, text, message",
    [
        (read_pairs, "a b 1\n\na b\n", r"questions\.txt:3: expected two words and a score, got 'a b'$"),
        (read_pairs, "a b 1\na b high\n", r"questions\.txt:2: expected two words and a score, got 'a b high'$"),
        (read_pairs, "a b nan\na b 1\n", r"questions\.txt:1: expected two words and a score, got 'a b nan'$"),
        (read_pairs, "a,b,n/a\na,b,1\n", r"questions\.txt:1: expected two words and a score, got 'a b n/a'$"),
        (read_pairs, "a b 1\na b nan\n", r"questions\.txt:2: expected two words and a score, got 'a b nan'$"),
        (read_pairs, "a b\n", r"questions\.txt:1: expected two words and a score, got 'a b'$"),
        (read_pairs, "one two score\nno number here\n", r"questions\.txt:2: expected two words and a score"),
        (read_pairs, "a b 1\n" + "x" * 500, r"questions\.txt:2: expected two words and a score, got 'x{57}\.\.\.'$"),
        (read_pairs, ": s\na b c d\n", r"questions\.txt:1: expected .* got ': s'; for analogies, evaluate analogies$"),
        (read_pairs, "# nothing\n", r"questions\.txt: holds no word pairs; expected lines such as"),
        (read_pairs, "word1 word2 score\n", r"questions\.txt: holds no word pairs"),
        (read_pairs, b"a b 1\nna\xefve b 2\n", r"questions\.txt:2: not UTF-8; convert the file first$"),
        (read_pairs, b"\xef\xbb\xbfa b 1\r\n\r\n\xef b 2\r\n", r"questions\.txt:3: not UTF-8; convert the file first$"),
        (read_analogies, ": s\na b c d\na b c\n", r"questions\.txt:3: expected four words, got 'a b c'$"),
        (read_analogies, ": s\na b c d e\n", r"questions\.txt:2: expected four words, got 'a b c d e'$"),
        (read_analogies, ": s\n: t\n", r"questions\.txt: holds no analogies; expected lines such as"),
        (read_analogies, "", r"questions\.txt: holds no analogies"),
    ],
)
def test_bad_files_end_in_one_line(tmp_path, read, text, message):
    with pytest.raises(EvaluationError, match=message) as caught:
        read(write(tmp_path, text))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("read", [read_pairs, read_analogies])
def test_unreadable_files_end_in_one_line(tmp_path, read):
    with pytest.raises(EvaluationError, match=r"missing\.txt: can't be read \(No such file or directory\)$"):
        read(tmp_path / "missing.txt")
    wrong = (
        r"can't be read \(Is a directory\)$" if read is read_pairs else "has no files of questions, such as .txt files"
    )
    with pytest.raises(EvaluationError, match=wrong):
        read(tmp_path)


def test_evaluation_does_not_import_numba():
    code = "import sys, w2v.evaluation; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_gensims_names_of_arguments_work(tmp_path):
    vectors = Vectors(["King", "queen", "apple"], [[1, 0.1], [1, 0.2], [0, 1]])
    pairs = tmp_path / "pairs.txt"
    pairs.write_text("king queen 9\nqueen apple 1\nqueen nobody 5\n")
    ours = evaluate_pairs(vectors, pairs, casefold=False, skip_unknown=False)
    assert evaluate_pairs(vectors, pairs, case_insensitive=False, dummy4unknown=True) == ours
    assert ours != evaluate_pairs(vectors, pairs)
    questions = tmp_path / "questions.txt"
    questions.write_text(": one\nking queen queen nobody\n")
    assert evaluate_analogies(vectors, questions, dummy4unknown=True).total.used == 1
    with pytest.raises(NothingKnownError, match="unknown: nobody"):
        evaluate_analogies(vectors, questions, dummy4unknown=False)
    questions.write_text(": one\nking queen queen apple\n")
    assert evaluate_analogies(vectors, questions, similarity_function="most_similar_cosmul").total.used == 1
    listener = Listener()
    evaluate_pairs(vectors, pairs, delimiter=";", progress=listener)
    assert listener.notes[0] == "delimiter=';' changes nothing here: the separator is recognised"


@pytest.mark.parametrize(
    ("evaluate", "name", "advice"),
    [
        (evaluate_pairs, "skip_unknwn", "did you mean skip_unknown?"),
        (evaluate_analogies, "case_insensitve", "did you mean case_insensitive?"),
        (evaluate_analogies, "metod", "did you mean method?"),
    ],
)
def test_a_wrong_name_of_an_argument_gets_the_closest_one(evaluate, name, advice):
    with pytest.raises(UsageError, match=f"no option {name}; {re.escape(advice)}"):
        evaluate(Vectors(["a"], [[1.0]]), "file", **{name: True})
