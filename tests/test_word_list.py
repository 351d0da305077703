"""Lists of words in files: their words, and the files that w2v refuses."""

import gzip
import io
import sys
import zipfile

import pytest

from w2v.errors import PhraseError, UsageError, VectorsError
from w2v.phrases import load_connector_words
from w2v.word_list import chosen_words, first_field, left_out, read_word_list, whole_line

DATA = "\ufeffking 12\r\nnew york\n\n  queen\t7\n".encode()  # after a byte order mark


@pytest.mark.parametrize(
    "words_of, expected",
    [
        (whole_line, ["king 12", "new york", "queen\t7"]),
        (first_field, ["king", "new", "queen"]),
        (str.split, ["king", "12", "new", "york", "queen", "7"]),
    ],
)
@pytest.mark.parametrize("compress", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_the_caller_decides_what_the_words_of_a_line_are(tmp_path, monkeypatch, words_of, expected, compress):
    (tmp_path / "words").write_bytes(compress(DATA))
    assert read_word_list(tmp_path / "words", UsageError, words_of) == expected
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(compress(DATA))))
    assert read_word_list("-", UsageError, words_of) == expected


@pytest.mark.parametrize(
    "data, message",
    [
        (b"", "words: holds no words; write one a line"),
        (b" \n\n", "words: holds no words; write one a line"),
        (b"king\nqu\xffen\n", "words:2: not UTF-8; convert the file first"),
        (b"\xef\xbb\xbfking\n\xffen\n", "words:2: not UTF-8; convert the file first"),
        (
            gzip.compress(b"king\n" * 99, mtime=0)[:-9],
            "words: the compressed data is damaged or cut short; get the file again",
        ),
    ],
)
def test_a_list_that_holds_no_words_is_refused(tmp_path, monkeypatch, data, message):
    (tmp_path / "words").write_bytes(data)
    with pytest.raises(UsageError) as failure:
        read_word_list(tmp_path / "words", UsageError)
    assert str(failure.value) == f"{tmp_path}/{message}"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    with pytest.raises(UsageError) as failure:
        read_word_list("-", UsageError)
    assert str(failure.value) == message.replace("words", "standard input", 1)


def test_a_missing_list_raises_the_error_that_the_caller_chooses(tmp_path):
    with pytest.raises(PhraseError, match=r"none: can't be read \(No such file or directory\)"):
        read_word_list(tmp_path / "none", PhraseError)
    with pytest.raises(PhraseError, match=r"none: can't be read .*; name a file of words, or write english"):
        load_connector_words(str(tmp_path / "none"))


def test_only_ascii_white_space_ends_the_first_field():
    assert first_field("new\u00a0york 5") == ["new\u00a0york"]


def test_connector_words_stand_between_white_space(tmp_path):
    (tmp_path / "words").write_text("of the\nand\n")
    assert load_connector_words(str(tmp_path / "words")) == {"of", "the", "and"}


def test_lists_in_archives(tmp_path):
    path = tmp_path / "lists.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("birds.txt", "robin 3\nowl 2\n")
        archive.writestr("README", "Lists of birds.")
    assert read_word_list(path, VectorsError, first_field) == ["robin", "owl"]
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("more.txt", "wren\n")
    with pytest.raises(VectorsError, match=r"has 2 files with text; name one, as in .*lists\.zip:birds\.txt"):
        read_word_list(path, VectorsError)
    assert read_word_list(f"{path}:more.txt", VectorsError) == ["wren"]


def test_words_of_a_list_are_found_whole_or_before_what_follows():
    known = {"king", "new york", "12", "a b"}
    lines = ["king", "king 12", "new york", "new york\t7", "a b c", "12", "quen 3", "no one\t5"]
    assert chosen_words(lines, known) == (["king", "king", "new york", "new york", "12"], ["a b c", "quen", "no one"])
    assert chosen_words([], known) == ([], [])


def test_the_words_left_out_are_counted_and_the_first_named():
    assert left_out(["quen"], 1, "v.txt") == "left out 1 of 1 word, which is not in v.txt: quen"
    many = [f"w{number}" for number in range(2000)]
    told = "left out 2,000 of 3,000 words, which are not in v.txt: w0, w1, w2, w3, w4, ..."
    assert left_out(many, 3000, "v.txt") == told
    assert left_out(["x" * 99], 2, "v.txt").endswith(f": {'x' * 40}...")
