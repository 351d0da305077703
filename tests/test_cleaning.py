"""Words cleaned and left out, and repeated sentences."""

import re
import unicodedata

import numpy as np
import pytest
from console import error_line
from console import inside as w2v
from hypothesis import example, given, settings
from hypothesis import strategies as st
from optional import optional

import w2v as library
from w2v.corpus import count, encode, first_sentences
from w2v.corpus.encoded import BlockSizes
from w2v.corpus.repeated_sentences import RepeatedSentences
from w2v.corpus.sources import Sentences
from w2v.corpus.word_dropper import WordDropper
from w2v.errors import CorpusError, MissingExtraError, UsageError
from w2v.options import CorpusOptions, VocabularyOptions
from w2v.tokens.arrays import padded
from w2v.tokens.cleaning import is_number, without_accents, word_cleaner, word_filter
from w2v.tokens.scanner import SENTENCE_END, WordTable

stopwordsiso = optional("stopwordsiso")

ALL = VocabularyOptions(min_count=1)


def words_of(path, **options):
    vocabulary = count(path, CorpusOptions(**options), ALL)
    return dict(zip(vocabulary.words, vocabulary.counts.tolist(), strict=True))


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("The café of 1,000 cafés\nthe cafe\u0301 is 42 I\nthe CAFE of 3.14\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "word, bare",
    [
        ("Crème", "Creme"),
        ("cre\u0300me", "creme"),
        ("Ångström", "Angstrom"),
        ("Việt", "Viet"),
        ("ἀγάπη", "αγαπη"),
        ("naïve-café", "naive-cafe"),
        ("ёж", "ёж"),
        ("йод", "йод"),
        ("हिन्दी", "हिन्दी"),
        ("שָׁלוֹם", "שָׁלוֹם"),
        ("กิน", "กิน"),
        ("が", "が"),
        ("\u0301", "\u0301"),
        ("1\u0301", "1\u0301"),
        ("øß", "øß"),
    ],
)
def test_accents(word, bare):
    assert without_accents(word) == unicodedata.normalize("NFC", bare) or word == "1\u0301"
    assert without_accents(without_accents(word)) == without_accents(word)


@settings(deadline=None)
@given(st.text())
def test_words_stay_words_without_accents(word):
    assert bool(without_accents(word)) == bool(word)


def test_numbers():
    assert all(map(is_number, ["0", "3.14", "1,000", "12:30", "50%", "-5", "$5", "1980/81", "٣٤", "५"]))
    assert not any(map(is_number, ["a", "1980s", "x2", "...", "½", "第3", ""]))


def test_cleaning_changes_words_and_their_counts(text):
    assert words_of(text, strip_accents=True, lowercase=True)["cafe"] == 3
    assert words_of(text, strip_accents=True)["cafe"] == 2
    found = words_of(text, numbers="NUM")
    assert found["NUM"] == 3
    assert not found.keys() & {"42", "3.14", "1,000"}
    found = words_of(text, numbers="drop")
    assert not found.keys() & {"42", "3.14", "1,000", "drop"}
    assert words_of(text, min_token_length=3).keys() == {
        "The",
        "the",
        "café",
        "cafés",
        "cafe\u0301",
        "CAFE",
        "1,000",
        "3.14",
    }
    assert words_of(text, tokens="words", stopwords=["the", "of", "i"]).keys() == {
        "café",
        "1,000",
        "cafés",
        "is",
        "42",
        "cafe",
        "3.14",
    }
    assert words_of(text, stopwords={"the"})["of"] == 2
    assert "The" not in words_of(text, stopwords=("the",))
    assert words_of(text, stopwords=["CAFÉ", "num"], strip_accents=True, numbers="NUM")["NUM"] == 3


def test_contexts_close_over_what_is_left_out(text):
    options = CorpusOptions(tokens="words", stopwords=("the", "of", "is", "i"), numbers="drop", threads=1)
    expected = [["café", "cafés"], ["café"], ["cafe"]]
    assert first_sentences(text, options, 9) == expected
    with encode(text, options, ALL) as encoded:
        assert encoded.total_tokens == 4
        ids = encoded.read(0, np.empty(encoded.max_block_ids, np.int32)).tolist()
        words = ["." if i < 0 else encoded.vocabulary.words[i] for i in ids]
    assert words == ["café", "cafés", ".", "café", ".", "cafe", "."]


def test_stop_words_of_files_and_languages(text, tmp_path):
    (tmp_path / "stop.txt").write_text("the of | a comment of Snowball\n\nis\n")
    assert words_of(text, tokens="words", stopwords=str(tmp_path / "stop.txt")).keys().isdisjoint({"the", "of", "is"})
    assert words_of(text, tokens="words", stopwords=tmp_path / "stop.txt")["i"] == 1
    assert stopwordsiso.has_lang("en")
    assert words_of(text, tokens="words", stopwords="en").keys() == {"café", "cafés", "cafe", "1,000", "42", "3.14"}
    with pytest.raises(UsageError, match="there is no list for xx; name a file of words, or one of af, ar, bg"):
        words_of(text, stopwords="xx")
    with pytest.raises(UsageError, match=r"there is no file no\.txt; name a file of words, or a language, such as en"):
        words_of(text, stopwords="no.txt")
    (tmp_path / "empty.txt").write_text("\n")
    with pytest.raises(CorpusError, match=r"empty\.txt: holds no words"):
        words_of(text, stopwords=str(tmp_path / "empty.txt"))


def test_a_missing_package_is_named(text, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "stopwordsiso", None)
    with pytest.raises(MissingExtraError, match=r"a list of stop words for en needs .*pip install 'w2v\[stopwords\]'"):
        words_of(text, stopwords="en")


@pytest.mark.parametrize(
    "options, told",
    [
        ({"numbers": "a b"}, "numbers must be keep, drop, or a word without white space, such as NUM, not 'a b'"),
        ({"numbers": 5}, "numbers must be keep"),
        ({"stopwords": 5}, "stopwords must be a list of words, the name of a file, or a language such as en, not 5"),
        ({"stopwords": [5]}, "stopwords must be a list of words"),
        ({"min_token_length": 0}, "min_token_length must be at least 1, not 0"),
        ({"dedup": 1}, "dedup must be True or False"),
    ],
)
def test_wrong_values(options, told):
    with pytest.raises(UsageError, match=re.escape(told)):
        CorpusOptions(**options)


def test_the_commands(tmp_path, text):
    options = ["--tokens", "words", "--strip-accents", "--numbers", "NUM", "--min-token-length", "2", "--dedup"]
    (tmp_path / "stop.txt").write_text("of\n")
    options += ["--stopwords", "stop.txt"]
    text.write_text(text.read_text() * 2)
    found = w2v("vocab", "a.txt", "--min-count", "1", *options, cwd=tmp_path)
    assert found.stdout.decode() == "NUM 3\ncafe 3\nthe 3\ncafes 1\nis 1\n"
    assert b"left out 3 of 14 tokens (21.4%): stop words, numbers or short ones, as you chose" in found.stderr
    assert b"left out 3 repeated sentences" in found.stderr
    shown = w2v("vocab", "-q", "a.txt", "--show-text", "9", *options, cwd=tmp_path)
    assert shown.stdout.decode() == "the cafe NUM cafes\nthe cafe is NUM\nthe cafe NUM\n"
    joined = w2v("phrases", "-q", "a.txt", "--threshold", "999", *options, "-o", "-", cwd=tmp_path)
    assert joined.stdout == shown.stdout
    assert "no token was found" in error_line(w2v("vocab", "-q", "a.txt", "--min-token-length", "99", cwd=tmp_path))


def test_a_model_keeps_how_words_are_cleaned(tmp_path, text):
    model = tmp_path / "a.model"
    options = {"stopwords": ["the"], "numbers": "NUM", "strip_accents": True, "min_count": 1, "dim": 4, "epochs": 1}
    trained = library.train(text, save_model=model, **options)
    assert "the" not in trained
    again = library.train(text, save_model=model, resume=True, **options)
    assert again.words == trained.words
    with pytest.raises(UsageError, match="since numbers was NUM and is keep now; give the same options"):
        library.train(text, save_model=model, resume=True, **{**options, "numbers": "keep"})
    more = library.train(
        sentences=[["the", "7", "éclairs", "are", "new"]] * 3, init=model, vocab_mode="extend", epochs=1
    )
    assert "eclairs" in more
    assert "the" not in more


def tokens_left(ids, left_out, in_sentence):
    """Return the ids that stay: the twin of `_take_out`."""
    found = []
    for i in ids:
        if i == SENTENCE_END:
            found += [i] if in_sentence else []
            in_sentence = False
        elif i not in left_out:
            found.append(i)
            in_sentence = True
    return found


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["a", "bb", "c", "dd", "éé", "\n"])).map(" ".join),
    st.sets(st.sampled_from(["a", "bb", "éé"])),
    st.booleans(),
)
def test_words_are_taken_out_as_the_twin_does(text, unwanted, continues):
    table = WordTable()
    data = text.encode()
    ids = np.empty(len(data) + 1, np.int32)
    ids = ids[: table.scan(padded(data), len(data), ids, continues)]
    words = table.words(np.ones(len(table), np.bool_))
    expected = tokens_left(ids.tolist(), {i for i, word in enumerate(words) if word in unwanted}, continues)
    dropper = WordDropper(table, unwanted.__contains__)
    assert dropper.without_dropped(ids, continues=continues).tolist() == expected
    assert dropper.forget_dropped() == sum(text.split().count(word) for word in unwanted)
    assert all(
        n == (0 if word in unwanted else text.split().count(word)) for word, n in zip(words, table.counts, strict=True)
    )


def test_many_words_are_judged_as_they_come():
    table = WordTable()
    dropper = WordDropper(table, lambda word: word.endswith("7"))
    for start in range(0, 50_000, 5000):
        data = " ".join(f"w{i}" for i in range(start, start + 5000)).encode()
        ids = np.empty(len(data) + 1, np.int32)
        ids = ids[: table.scan(padded(data), len(data), ids)]
        assert len(dropper.without_dropped(ids)) == 4500
    assert dropper.forget_dropped() == 5000


def distinct(lines, most=None):
    """Return lines without those that came before: the twin of `_blank`; at most `most` are remembered."""
    seen, found = set(), []
    for line in lines:
        key = line.strip()
        found.append(line if not key or key not in seen else " " * len(line))
        if key and (most is None or len(seen) < most):
            seen.add(key)
    return found


lines = st.lists(st.text(st.sampled_from("ab \té"), max_size=20))


@settings(deadline=None)
@given(lines, st.sampled_from([None, 4]))
@example(["", " ", "a", "a "], None)
@example(["a" * 8, "a" * 16, "a" * 8, "a" * 9, "a" * 16], None)
def test_repeated_lines_are_blanked_as_the_twin_does(lines, most):
    data = "".join(f"{line}\n" for line in lines).encode()
    repeated = RepeatedSentences() if most is None else RepeatedSentences(2 * most)
    text = padded(data)
    repeated.blank(text, len(data))
    found = text[: len(data)].tobytes().decode()
    assert [line.strip() for line in found.split("\n")[:-1]] == [line.strip() for line in distinct(lines, most)]
    assert len(text) == len(padded(data))


def test_the_set_of_sentences_grows_and_remembers():
    numbers = np.random.default_rng(1).integers(0, 200_000, 400_000).tolist()
    repeated = RepeatedSentences()
    left = 0
    for start in range(0, len(numbers), 50_000):
        data = "".join(f"sentence {number}\n" for number in numbers[start : start + 50_000]).encode()
        text = padded(data)
        repeated.blank(text, len(data))
        left += len([line for line in text.tobytes().split(b"\n") if line.strip()])
    assert left == len(set(numbers))
    assert repeated.count == len(numbers) - left
    assert not repeated.is_full
    full = RepeatedSentences(1 << 10)
    data = "".join(f"{i}\n" for i in range(1000)).encode() * 2
    full.blank(padded(data), len(data))
    assert full.is_full
    assert full.note() == (
        "left out 512 repeated sentences; those behind the first 512 were compared with these only"
    )  # fmt: skip


@pytest.mark.parametrize(
    "unit, text_bytes",
    [
        ("line", 16),
        ("line", 1 << 20),
        ("paragraph", 64),
        ("paragraph", 1 << 20),
        ("document", 64),
        ("document", 1 << 20),
    ],
)
def test_repeated_sentences_of_each_kind(tmp_path, unit, text_bytes):
    place = tmp_path / "texts"
    place.mkdir()
    (place / "1").write_text("a b\nc\n\nd e\n\na b\nc\n")
    (place / "2").write_text("a b\nf")
    (place / "3").write_text("a b\nf")
    options = CorpusOptions(dedup=True, sentence_unit=unit, threads=1)
    with encode(place, options, ALL, sizes=BlockSizes(text_bytes)) as encoded:
        blocks = [encoded.read(i, np.empty(encoded.max_block_ids, np.int32)).copy() for i in range(encoded.n_blocks)]
        words = encoded.vocabulary.words
    found = " ".join("\n" if i < 0 else words[i] for i in np.concatenate(blocks)).split("\n")
    expected = {
        "line": ["a b", "c", "d e", "f"],
        "paragraph": ["a b c", "d e", "a b f"],
        "document": ["a b c d e a b c", "a b f"],
    }[unit]
    assert [" ".join(line.split()) for line in found if line.strip()] == expected


@pytest.mark.parametrize("unit", ["line", "paragraph", "document"])
def test_sentences_longer_than_a_block_are_left_alone(tmp_path, unit):
    (tmp_path / "a.txt").write_text("it is a long line\n" * 3 + "\n" + "it is a long line\n" * 3)
    options = CorpusOptions(dedup=True, sentence_unit=unit, threads=1)
    with encode(tmp_path / "a.txt", options, ALL, sizes=BlockSizes(12)) as encoded:
        assert encoded.total_tokens == 30


def test_what_is_clean_is_left_alone():
    assert word_cleaner(CorpusOptions()) is None
    assert word_filter(CorpusOptions(strip_accents=True, numbers="NUM")) is None
    assert count(Sentences([["a", "b"]]), CorpusOptions(dedup=True), ALL).words == ["a", "b"]
