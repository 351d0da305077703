"""The corpus that comes with the project: reproduced by its script, and such that its questions can be answered."""

import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

CORPORA = Path(__file__).resolve().parent.parent / "corpora"
CORPUS = CORPORA / "english.txt"
QUESTIONS = CORPORA / "english-questions.txt"
MIN_COUNT = 5


def make_corpus(*arguments):
    command = [sys.executable, str(CORPORA / "make_corpus.py"), *map(str, arguments)]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def read_questions(path):
    """Return {section: [[a, b, c, d], ...]} in file order."""
    sections = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(": "):
            questions = sections.setdefault(line[2:], [])
        else:
            questions.append(line.split(" "))
    return sections


@pytest.fixture(scope="module")
def sentences():
    return CORPUS.read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def counts(sentences):
    return Counter(word for sentence in sentences for word in sentence.split(" "))


def test_script_reproduces_both_files_byte_for_byte(tmp_path):
    corpus, questions = tmp_path / "corpus.txt", tmp_path / "questions.txt"
    done = make_corpus("-o", corpus, "--questions", questions)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert corpus.read_bytes() == CORPUS.read_bytes()
    assert questions.read_bytes() == QUESTIONS.read_bytes()


def test_seed_and_sentences_change_the_corpus_only(tmp_path):
    questions = tmp_path / "questions.txt"
    texts = []
    for seed in (1, 2):
        corpus = tmp_path / f"{seed}.txt"
        assert make_corpus("-o", corpus, "--questions", questions, "--sentences", 300, "--seed", seed).returncode == 0
        texts.append(corpus.read_text(encoding="utf-8").splitlines())
        assert questions.read_bytes() == QUESTIONS.read_bytes()
    assert [len(text) for text in texts] == [300, 300]
    assert texts[0] != texts[1]
    assert texts[0] == CORPUS.read_text(encoding="utf-8").splitlines()[:300]


def test_unwritable_output_is_one_clear_error(tmp_path):
    done = make_corpus("-o", tmp_path / "missing" / "corpus.txt", "--questions", tmp_path / "questions.txt")
    assert done.returncode == 2
    assert "missing" in done.stderr
    assert "Traceback" not in done.stderr


def test_corpus_is_small_clean_and_varied(sentences, counts):
    assert CORPUS.stat().st_size <= 3_000_000
    assert all(word.isascii() and word.isalpha() and word.islower() for word in counts)
    assert all(4 <= len(sentence.split(" ")) <= 30 for sentence in sentences)
    assert len(set(sentences)) > 0.98 * len(sentences)
    assert 1_500 < len([word for word in counts if counts[word] >= MIN_COUNT]) < 3_000


def test_articles_agree_with_the_next_word(sentences):
    pairs = {pair for sentence in sentences for pair in pairwise(sentence.split(" ")) if pair[0] in ("a", "an")}
    assert all(noun[0] in "aeiou" for article, noun in pairs if article == "an")
    assert {noun for article, noun in pairs if article == "a" and noun[0] in "aeiou"} <= {"useful"}


def test_every_question_word_is_frequent(counts):
    words = {word for questions in read_questions(QUESTIONS).values() for question in questions for word in question}
    assert {word: counts[word] for word in words if counts[word] < 5 * MIN_COUNT} == {}


def test_questions_are_well_formed_and_unique():
    sections = read_questions(QUESTIONS)
    assert len(sections) >= 15
    for section, questions in sections.items():
        assert len(questions) >= 20, section
        assert all(len(set(question)) == 4 for question in questions), section
        assert len(set(map(tuple, questions))) == len(questions), section


@pytest.mark.parametrize(
    ("section", "question"),
    [
        ("gender", "king queen man woman"),
        ("country-capital", "france paris japan tokyo"),
        ("country-currency", "japan yen france euro"),
        ("animal-young", "dog puppy cat kitten"),
        ("verb-past", "walk walked sing sang"),
        ("adjective-comparative", "big bigger good better"),
        ("cardinal-ordinal", "three third ten tenth"),
        ("thing-plural", "book books tooth teeth"),
    ],
)
def test_known_questions_are_asked(section, question):
    assert question.split() in read_questions(QUESTIONS)[section]
