"""Order of a vocabulary, and its file."""

import gzip

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from w2v.errors import OutputError, UsageError, VocabularyError
from w2v.vocabulary import Vocabulary

words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda word: word.split() == [word])
counted = st.dictionaries(words, st.integers(1, 2**40), max_size=20)


@given(counted)
def test_order_is_by_count_then_by_code_points(counts):
    vocabulary = Vocabulary.from_counts(list(counts), list(counts.values()))
    expected = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    assert list(zip(vocabulary.words, vocabulary.counts.tolist(), strict=True)) == expected
    assert vocabulary.total == sum(counts.values())
    assert [vocabulary.index[word] for word in vocabulary.words] == list(range(len(vocabulary)))


@given(counted.filter(bool))
@example({"</s>": 5, "a": 1})
@example({"</s>": 1})
@example({"PK\x03\x04": 2, "a": 1})
@example({"BZh91AY&SY": 1})
@example({"\ufeffa": 1})
def test_a_saved_vocabulary_reads_back(tmp_path_factory, counts):
    path = tmp_path_factory.mktemp("saved") / "vocab.txt"
    saved = Vocabulary.from_counts(list(counts), list(counts.values()))
    saved.save(path)
    loaded = Vocabulary.load(path)
    assert loaded.words == saved.words
    assert loaded.counts.tolist() == saved.counts.tolist()


def test_the_file_is_word2vecs_format(tmp_path):
    path = tmp_path / "vocab.txt"
    Vocabulary(["the", "naïve"], [3, 1]).save(path)
    assert path.read_bytes() == "the 3\nnaïve 1\n".encode()


def test_counts_cannot_be_changed():
    vocabulary = Vocabulary(["a", "b"], [2, 1])
    with pytest.raises(ValueError, match="read-only"):
        vocabulary.counts[0] = 5


@pytest.mark.parametrize(
    "data",
    [b"</s> 0\nb 1\na 7\n", b"a 7\nb 1", b"\xef\xbb\xbfa 7\r\nb 1\r\n", gzip.compress(b"b\t1\na 7\n", mtime=0)],
    ids=["word2vec.c", "no newline at the end", "BOM and CRLF", "gzip"],
)
def test_files_of_other_tools_are_read(tmp_path, data):
    path = tmp_path / "vocab.txt"
    path.write_bytes(data)
    loaded = Vocabulary.load(path)
    assert loaded.words == ["a", "b"]
    assert loaded.counts.dtype == np.int64
    assert loaded.counts.tolist() == [7, 1]


@pytest.mark.parametrize(
    "data, message",
    [
        (b"", r"vocab.txt:1: not a word and a count: ''"),
        (b"a 1\nb\n", r"vocab.txt:2: not a word and a count"),
        (b"a 1\nb x\n", r"vocab.txt:2: not a word and a count"),
        (b"a 1\nb -1\n", r"vocab.txt:2: not a word and a count"),
        ("a 1\nb ²\n".encode(), r"vocab.txt:2: not a word and a count"),
        (b"a 1\nb c 1\n", r"vocab.txt:2: not a word and a count"),
        (b"a 1\n\nb 1\n", r"vocab.txt:2: not a word and a count"),
        (b"a 1\nb 1\na 2\n", r"vocab.txt:3: the word 'a' occurs twice"),
        (b"a 9223372036854775808\n", r"vocab.txt:1: the count 9223372036854775808 is too large"),
        (b"a 1\nb " + b"9" * 5000 + b"\n", r"vocab.txt:2: the count 9{40}\.\.\. is too large"),
        (b"a 9223372036854775807\nb 1\n", r"vocab.txt:2: the sum of all counts is too large; it must be below 2\*\*63"),
        (b"a 1\nb 0\n", r"vocab.txt:2: the count is 0"),
        (b"a 1\nb\xff 1\n", r"vocab.txt:2: not UTF-8: 'b\ufffd'; name its encoding, as in encoding='latin-1', or use"),
        (gzip.compress(b"a 1\n" * 99, mtime=0)[:-9], r"vocab.txt: the compressed data is damaged or cut short"),
    ],
)
def test_a_bad_file_is_refused_by_line(tmp_path, data, message):
    path = tmp_path / "vocab.txt"
    path.write_bytes(data)
    with pytest.raises(VocabularyError, match=message) as refusal:
        Vocabulary.load(path)
    assert "\n" not in str(refusal.value)


def test_a_file_is_read_in_the_encoding_that_is_named_unless_it_is_utf8(tmp_path):
    path = tmp_path / "vocab.txt"
    for data in ("naïve 3\n".encode("latin-1"), "naïve 3\n".encode()):
        path.write_bytes(data)
        assert Vocabulary.load(path, encoding="latin-1").words == ["naïve"]
    path.write_bytes(b"a\xff 3\n")
    assert Vocabulary.load(path, encoding_errors="replace").words == ["a\ufffd"]
    assert Vocabulary.load(path, encoding_errors="ignore").words == ["a"]
    with pytest.raises(UsageError, match="latin-99"):
        Vocabulary.load(path, encoding="latin-99")


def test_counts_may_sum_up_to_the_largest_int64(tmp_path):
    path = tmp_path / "vocab.txt"
    path.write_text(f"a {2**63 - 2}\nb {'0' * 30}1\n")
    assert Vocabulary.load(path).total == 2**63 - 1


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(VocabularyError, match=r"none\.txt: can't be read"):
        Vocabulary.load(tmp_path / "none.txt")
    with pytest.raises(VocabularyError, match="can't be read"):
        Vocabulary.load(tmp_path)


def test_an_unwritable_place_is_refused(tmp_path):
    with pytest.raises(OutputError, match="there is no folder"):
        Vocabulary(["a", "b"], [1, 1]).save(tmp_path / "none" / "vocab.txt")


def test_bytes_of_ascii_can_be_words_of_another_encoding(tmp_path):
    path = tmp_path / "vocab.txt"
    path.write_bytes("王 5\nking 3\n".encode("iso2022_jp"))
    assert path.read_bytes().isascii()
    assert Vocabulary.load(path, encoding="iso2022_jp").words == ["王", "king"]
    path.write_text("王 5\n", encoding="utf-8")  # as w2v itself writes it
    assert Vocabulary.load(path, encoding="iso2022_jp").words == ["王"]
