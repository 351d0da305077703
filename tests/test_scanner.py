"""The word table against a dictionary, and the white space and UTF-8 rules against Python's."""

import re
from collections import Counter

import numpy as np
import pytest
from fuzzed_scanner import valid_bytes
from hypothesis import given, settings
from hypothesis import strategies as st

from w2v.tokens.arrays import padded
from w2v.tokens.scanner import SENTENCE_END, WordTable
from w2v.tokens.utf8 import blank_wide_spaces

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
spaced = st.text(
    st.sampled_from("ab\x01\x1b\x1f\t\n\r\v\f \x7f\x80\x85\xa0é\u1680\u2003\u200b\u2028\u2029\u3000\ufeff漢😀")
)


LINE_ENDS = "\n\v\f\r\x85\u2028\u2029"  # where Unicode says that a line break is mandatory


def lines_of(content):
    """Return the tokens of each line of a text, also of empty ones."""
    return [line.split() for line in re.split(f"[{LINE_ENDS}]", content.replace("\ufeff", " "))]


def without_empty(lines):
    return [line for line in lines if line]


def scanned(table, data, in_sentence=False):
    ids = np.empty(len(data) + 1, np.int32)
    return ids[: table.scan(padded(data), len(data), ids, in_sentence)].tolist()


def all_words(table):
    return table.words(np.ones(len(table), np.bool_))


def ids_of(content):
    """Return the ids of a text, and its words in order of appearance: what a table does, in plain Python."""
    ids, numbers = [], {}
    *lines, rest = lines_of(content)
    for line in lines:
        ids += [numbers.setdefault(token, len(numbers)) for token in line]
        ids += [SENTENCE_END] if line else []
    ids += [numbers.setdefault(token, len(numbers)) for token in rest]
    return ids, list(numbers)


@settings(deadline=None)
@given(spaced | text)
def test_tokens_are_those_of_str_split(content):
    data = content.encode()
    blanked = padded(data)
    assert blank_wide_spaces(blanked, len(data)) == len(data)
    table = WordTable()
    ids = np.empty(len(data) + 1, np.int32)
    expected, words = ids_of(content)
    assert ids[: table.scan(blanked, len(data), ids)].tolist() == expected
    assert all_words(table) == words
    assert dict(zip(words, table.counts.tolist(), strict=True)) == Counter(content.replace("\ufeff", " ").split())


def test_every_white_space_of_unicode_separates():
    for code in (c for c in range(0x110000) if chr(c).isspace() or c == 0xFEFF):
        data = f"a{chr(code)}b".encode()
        blanked = padded(data)
        blank_wide_spaces(blanked, len(data))
        table = WordTable()
        expected = [0, SENTENCE_END, 1] if chr(code) in LINE_ENDS else [0, 1]
        assert scanned(table, blanked[: len(data)].tobytes()) == expected, hex(code)
        assert all_words(table) == ["a", "b"], hex(code)
        assert (chr(code) in LINE_ENDS) == (code in (10, 11, 12, 13, 0x85, 0x2028, 0x2029))


def test_zero_bytes_are_found_wherever_they_are():
    for before in ("", "\x01", "a", "\x01\x01é\x01", "é", "\x7f\x80" * 5, "a" * 100):
        for after in ("", "\x01", "\x01\0", "é", "a" * 9):
            data = f"{before}\0{after}".encode()
            assert blank_wide_spaces(padded(data), len(data)) == len(before.encode())
        data = before.encode()
        assert blank_wide_spaces(padded(data), len(data)) == len(data)


@settings(deadline=None)
@given(
    st.binary()
    | st.lists(st.sampled_from([b"\xc3\xa9", b"\xed\xa0\x80", b"\xe0\x80", b"\xf4\x90\x80\x80", b"\xf0", b"a"])).map(
        b"".join
    )
)
def test_utf8_is_valid_if_python_decodes_it(data):
    valid_bytes(data)


def test_every_lead_and_second_byte_is_judged_as_python_does():
    for lead in range(0x80, 0x100):
        for second in range(0x100):
            for tail in (b"", b"\x80", b"\x80\x80"):
                data = bytes([lead, second]) + tail
                try:
                    data.decode()
                    expected = len(data)
                except UnicodeDecodeError as error:
                    expected = error.start
                expected = min(expected, (data + b"\0").index(0))
                assert blank_wide_spaces(padded(data), len(data)) == expected, data


def test_a_table_grows_and_keeps_its_words():
    words = [f"{'w' * (i % 23)}{i}" for i in range(150_000)]
    table = WordTable()
    data = " ".join(words).encode()
    assert scanned(table, data) == list(range(len(words)))
    assert scanned(table, data) == list(range(len(words)))
    assert all_words(table) == words
    assert table.counts.tolist() == [2] * len(words)


def test_words_that_differ_only_in_the_middle_or_in_zero_bytes_are_different():
    words = [b"a", b"a\0", b"a\0\0", *(b"prefix--" + bytes([i]) * 20 + b"--suffix" for i in range(97, 123))]
    table = WordTable()
    assert scanned(table, b" ".join(words)) == list(range(len(words)))


@pytest.mark.parametrize("size", [1, 7, 8, 9, 15, 16, 17, 24, 25, 100_000])
def test_words_of_every_size_are_found_again(size):
    table = WordTable()
    word = b"x" * (size - 1)
    assert scanned(table, b"%sa %sb\n%sa" % (word, word, word)) == [0, 1, SENTENCE_END, 0]


def test_a_line_end_closes_a_sentence_of_the_text_before():
    assert scanned(WordTable(), b"\na\n", in_sentence=True) == [SENTENCE_END, 0, SENTENCE_END]
    assert scanned(WordTable(), b"\na\n", in_sentence=False) == [0, SENTENCE_END]


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=20), min_size=1, max_size=4))
def test_merging_adds_counts_and_maps_ids(parts):
    tables = []
    for part in parts:
        tables.append(WordTable())
        scanned(tables[-1], " ".join(part).encode())
    merged, *others = tables
    for other in others:
        mapping = merged.merge(other)
        assert [all_words(merged)[i] for i in mapping] == all_words(other)
    counts = dict(zip(all_words(merged), merged.counts.tolist(), strict=True))
    assert counts == Counter(word for part in parts for word in part)
