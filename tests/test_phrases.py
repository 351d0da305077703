"""Phrases against gensim's, and against a few lines of Python that do the same."""

import gzip
import io
import math
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optional import optional

import w2v
from w2v.corpus import Sentences
from w2v.errors import PhraseError, UsageError
from w2v.options import CorpusOptions, PhraseOptions, TrainingOptions
from w2v.options.phrases import DEFAULT_THRESHOLD, PHRASE_SCORES
from w2v.phrases import ENGLISH_CONNECTOR_WORDS, NumberedText, Phrase, Phrases, find_in, join_in, write_text
from w2v.phrases.pair_counts import count_all
from w2v.phrases.scoring import SCORES
from w2v.progress import Silent

CORPORA = Path(__file__).parents[1] / "corpora"
ENGLISH = [line.split() for line in (CORPORA / "english.txt").read_text(encoding="utf-8").splitlines()[:6_000]]


def pairs_in(sentence, connectors):
    """Yield the words of each pair, connectors between included."""
    for start, word in enumerate(sentence):
        if word not in connectors:
            end = start + 1
            while end < len(sentence) and sentence[end] in connectors:
                end += 1
            if end < len(sentence):
                yield tuple(sentence[start : end + 1])


def scores_of(sentences, score, min_count, connectors):
    """Return the score of each pair that is frequent enough."""
    words = Counter(word for sentence in sentences for word in sentence)
    pairs = Counter(pair for sentence in sentences for pair in pairs_in(sentence, connectors))
    tokens, n_types = words.total(), len(pairs) + len(words.keys() - connectors)
    size = {"word2phrase": tokens, "gensim": n_types}
    scores = {}
    for pair, n in pairs.items():
        a, b = words[pair[0]], words[pair[-1]]
        if n >= min_count:
            if score == "npmi":
                scores[pair] = math.log(n * tokens / (a * b)) / -math.log(n / tokens)
            else:
                scores[pair] = (n - min_count) / (a * b) * size[score]
    return scores, pairs


def joined(sentence, phrases, connectors, delimiter):
    result, done = [], 0
    by_start = {}
    for start, word in enumerate(sentence):
        if word not in connectors:
            pair = next(pairs_in(sentence[start:], connectors), None)
            if pair in phrases:
                by_start[start] = pair
    while done < len(sentence):
        pair = by_start.get(done, (sentence[done],))
        result.append(delimiter.join(pair))
        done += len(pair)
    return result


def twin(sentences, options, connectors=frozenset()):
    """Return the phrases found, and the sentences with them joined."""
    found = []
    for number in range(1, options.passes + 1):
        scores, counts = scores_of(sentences, options.score, options.min_count, connectors)
        scores = {pair: score for pair, score in scores.items() if score > options.least_score}
        found += [
            Phrase(options.delimiter.join(pair), pair, pytest.approx(score, rel=1e-9), counts[pair], number)
            for pair, score in sorted(scores.items(), key=lambda item: (-item[1], item[0]))
        ]
        sentences = [joined(sentence, scores, connectors, options.delimiter) for sentence in sentences]
    return found, sentences


def read(sentences, connectors=(), threads=2, text_bytes=1 << 20):
    options = CorpusOptions(threads=threads)
    return NumberedText.read_from(Sentences(sentences), options, connectors, text_bytes=text_bytes)


def lines_of(text):
    stream = io.BytesIO()
    write_text(text, stream)
    return [line.split(" ") for line in stream.getvalue().decode().split("\n")[:-1]]


def check_counts(text):
    """Check that the counts are those of the text."""
    lines = lines_of(text)
    ids = np.arange(len(text.table))
    kept = {word: n for word, n in zip(text.spell(ids).values(), text.table.counts.tolist(), strict=True) if n}
    assert kept == Counter(word for line in lines for word in line)
    assert text.tokens == sum(map(len, lines))
    assert text.longest_sentence == max(map(len, lines))


WORDS = ["a", "b", "c", "of", "the", "a_b", "x" * 9, "é"]
SENTENCES = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=30), min_size=1, max_size=8)


@settings(deadline=None, max_examples=60)
@given(
    sentences=SENTENCES,
    connectors=st.sampled_from([frozenset(), frozenset({"of"}), frozenset({"of", "the", "unseen"})]),
    options=st.builds(
        PhraseOptions,
        score=st.sampled_from(["word2phrase", "gensim", "npmi"]),
        min_count=st.integers(1, 3),
        threshold=st.floats(0.05, 0.7),
        passes=st.integers(1, 3),
        delimiter=st.sampled_from(["_", "", "::"]),
    ),
    threads=st.integers(1, 3),
    text_bytes=st.sampled_from([1, 5, 30, 1 << 20]),
)
def test_phrases_agree_with_a_few_lines_of_python(sentences, connectors, options, threads, text_bytes):
    found, expected = twin(sentences, options, connectors)
    with read(sentences, connectors, threads, text_bytes) as text:
        phrases = find_in(text, options)
        assert [(p.words, p.pass_number) for p in phrases if p not in found] == []
        assert len(phrases) == len(found)
        assert lines_of(text) == expected
        check_counts(text)
    assert [phrases.join(sentence) for sentence in sentences] == expected


def gensim_twin(sentences, scoring, threshold, connectors, passes=1):
    """Return the phrases that gensim finds, with scores, and the sentences that it joins."""
    found = {}
    for _ in range(passes):
        model = optional("gensim.models.phrases").Phrases(
            sentences, min_count=5, threshold=threshold, scoring=scoring, connector_words=connectors
        )
        found |= model.find_phrases(sentences)
        sentences = [model[sentence] for sentence in sentences]
    return found, sentences


@pytest.mark.parametrize("passes", [1, 2])
@pytest.mark.parametrize("connectors", [frozenset(), ENGLISH_CONNECTOR_WORDS])
@pytest.mark.parametrize(("score", "scoring", "threshold"), [("gensim", "default", 10), ("npmi", "npmi", 0.4)])
def test_phrases_are_gensims(score, scoring, threshold, connectors, passes):
    found, expected = gensim_twin(ENGLISH, scoring, threshold, connectors, passes)
    with read(ENGLISH, connectors) as text:
        phrases = find_in(text, PhraseOptions(score=score, threshold=threshold, passes=passes))
        assert lines_of(text) == expected
    scores = {phrase.token: phrase.score for phrase in phrases}
    assert len(found) > 20
    assert {token: scores[token] for token in found} == pytest.approx(found, rel=1e-12)


def test_connector_words_for_english_are_gensims():
    assert ENGLISH_CONNECTOR_WORDS == optional("gensim.models.phrases").ENGLISH_CONNECTOR_WORDS


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("memory", [0, 1 << 16, 1 << 30])
def test_counts_are_exact_with_any_memory_limit(memory, threads):
    words = [f"w{i}" for i in range(150)]
    tokens = np.random.default_rng(1).choice(words, 30_000).tolist()
    expected = Counter(pairwise(tokens))
    with read([tokens], threads=threads, text_bytes=5000) as text:
        pairs, n_pairs = count_all(text, 2, memory, Silent())
        spelling = text.spell(np.arange(len(words)))
    assert n_pairs == len(expected)
    found = {
        (spelling[first], spelling[second]): count
        for first, second, count in np.stack([pairs.first, pairs.second, pairs.counts], axis=1).tolist()
    }
    assert found == {pair: n for pair, n in expected.items() if n >= 2}


@pytest.mark.parametrize(("connectors", "longest"), [(1, 32), (2, 20), (21, 7), (255, 4), (256, 3), (70_000, 1)])
def test_so_many_connectors_can_stand_in_a_row(connectors, longest):
    words = [f"c{i:05}" for i in range(connectors)]
    options = PhraseOptions(min_count=1, score="npmi", threshold=-1)
    for n, becomes in ((longest, 1), (longest + 1, longest + 3)):
        inside = [words[-1 - i % len(words)] for i in range(n)]
        with read([["a", *inside, "b"], ["z"]], words) as text:
            find_in(text, options)
            assert len(lines_of(text)[0]) == becomes
            check_counts(text)


def test_training_with_phrases_is_training_on_the_text_with_them_joined():
    options = {"dim": 10, "epochs": 1, "threads": 1, "progress": Silent()}
    _, sentences = twin(ENGLISH, PhraseOptions(passes=2))
    assert len(sentences) == len(ENGLISH)
    expected = w2v.train(sentences=sentences, **options)
    vectors = w2v.train(sentences=ENGLISH, phrases=2, **options)
    assert vectors.words == expected.words
    assert sum("_" in word for word in vectors.words) > 100
    np.testing.assert_array_equal(vectors.matrix, expected.matrix)


def test_every_score_that_can_be_chosen_is_registered():
    assert tuple(SCORES) == PHRASE_SCORES == tuple(DEFAULT_THRESHOLD)


@pytest.mark.parametrize("phrases", [-1, 101])
def test_training_takes_zero_passes_or_more(phrases):
    with pytest.raises(UsageError, match="phrases must be from 0 to 100"):
        TrainingOptions(phrases=phrases)


# lists of phrases


LIST = Phrases(
    [
        Phrase("new_york", ("new", "york"), 12.5, 7),
        Phrase("bank_of_america", ("bank", "of", "america"), 99.0, 5),
        Phrase("new_york_city", ("new_york", "city"), 200.0, 3, 2),
        Phrase("U.S.", ("united", "states")),
    ]
)


def test_a_list_reads_back(tmp_path):
    LIST.save(tmp_path / "phrases.tsv")
    assert (tmp_path / "phrases.tsv").read_text() == (
        "phrase\twords\tscore\tcount\tpass\n"
        "bank_of_america\tbank of america\t99\t5\t1\n"
        "new_york\tnew york\t12.5\t7\t1\n"
        "U.S.\tunited states\t\t\t1\n"
        "new_york_city\tnew_york city\t200\t3\t2\n"
    )
    assert list(Phrases.load(tmp_path / "phrases.tsv")) == list(LIST)


def test_a_list_needs_only_phrases_and_words(tmp_path):
    path = tmp_path / "phrases.tsv.gz"
    path.write_bytes(gzip.compress("\ufeffwords\tphrase\nnew york\tnew_york\n\nat home\tat_home\n".encode()))
    phrases = Phrases.load(path)
    assert list(phrases) == [Phrase("at_home", ("at", "home")), Phrase("new_york", ("new", "york"))]
    assert phrases[0].token == "at_home"
    assert repr(phrases) == "<Phrases: 2>"


def test_given_phrases_are_joined_with_their_words_and_as_their_tokens():
    sentences = [
        ["the", "bank", "of", "america", "in", "new", "york", "city"],
        ["united", "states", "of", "new", "york"],
        ["new"],
        ["york"],
    ]
    with read(sentences, LIST.connector_words) as text:
        join_in(text, LIST)
        assert lines_of(text) == [
            ["the", "bank_of_america", "in", "new_york_city"],
            ["U.S.", "of", "new_york"],
            ["new"],
            ["york"],
        ]
        check_counts(text)
    assert [LIST.join(sentence) for sentence in sentences] == [
        ["the", "bank_of_america", "in", "new_york_city"], ["U.S.", "of", "new_york"], ["new"], ["york"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("newyork\n", "phrases.tsv:1: the first line must name the columns"),
        ("new york\n\nnewyork\n", "phrases.tsv:1: the first line must name the columns"),
        ("one two three four five six seven eight nine\n", "phrases.tsv:1: the first line must name the columns"),
        ("", "phrases.tsv:1: the first line must name the columns"),
        (
            "phrase\twords\nx\ta b\nnew york\tnew york\n",
            "phrases.tsv:3: not a phrase, its words and numbers: 'new york",
        ),
        ("phrase\twords\nnew_york\n", "phrases.tsv:2: not a phrase"),
        ("phrase\twords\tscore\nx\ta b\thigh\n", "phrases.tsv:2: not a phrase"),
        ("phrase\twords\tpass\nx\ta b\tfirst\n", "phrases.tsv:2: not a phrase"),
        ("phrase\twords\nx\ta\n", "the phrase 'x' has fewer than two words"),
        ("phrase\twords\nx\ta b\ny\ta b\n", "the words of the phrase 'y' are given twice"),
        ("phrase\twords\nx\ta of b\ny\tof course\n", "'of' is inside the phrase 'x' and at an end of 'y'"),
        (b"phrase\twords\nx\ta \xff\n", ":2: not UTF-8"),
        (b"\x1f\x8b\x08\x00cut", "damaged or cut short"),
    ],
)
def test_a_list_that_can_not_be_used_is_refused(tmp_path, content, message):
    path = tmp_path / "phrases.tsv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(PhraseError) as raised:
        Phrases.load(path)
    assert message in str(raised.value)
    assert str(path) in str(raised.value)
    with pytest.raises(PhraseError, match=r"missing\.tsv: can't be read"):
        Phrases.load(tmp_path / "missing.tsv")


def test_more_words_inside_a_phrase_than_fit_are_refused():
    long = Phrases([Phrase("long", tuple(f"w{i}" for i in range(40)))])
    with read([["w0", "w39"]], long.connector_words) as text, pytest.raises(PhraseError, match="'long' has too many"):
        join_in(text, long)


@pytest.mark.parametrize(
    "wrong",
    [
        {"score": "pmi"},
        {"min_count": 0},
        {"threshold": 0},
        {"threshold": math.nan},
        {"threshold": 1.5, "score": "npmi"},
        {"passes": 0},
        {"delimiter": " "},
        {"memory": 0},
    ],
)
def test_options_out_of_range_are_refused(wrong):
    with pytest.raises(UsageError, match=f"{min(wrong, key=lambda name: name == 'score')} must be"):
        PhraseOptions(**wrong)


@pytest.mark.parametrize("tokens", ["new york", 3, None, ["new", 1]])
def test_only_tokens_are_joined(tokens):
    with pytest.raises(UsageError, match="tokens must"):
        Phrases([]).join(tokens)


def test_a_list_is_loaded_from_a_file_only():
    with pytest.raises(UsageError, match="path must be"):
        Phrases.load(3)
