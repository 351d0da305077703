"""Damaged files of every kind, for every reader; and any text, for the scanner: see `fuzz_harness.py`.

`python tests/fuzz.py` does the same for as long as you like; what it finds becomes a line of `FINDS`, or a test of the
reader.
"""

import random

import pytest
from fuzz_harness import Harness, pack
from fuzzed_readers import READERS
from fuzzed_scanner import TARGETS
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import cases

SEEDS = st.integers(0, 2**64 - 1).map(random.Random)

# By reader: the number of the way to read, a file that once was misread or badly refused, and whether it can be read.
FINDS = {
    "HTML": [
        (0, b'<html><meta charset="ut">caf\xe9', False),  # no such encoding
        (0, b'<html><meta charset="' + b"9" * 900 + b'">caf\xe9', False),  # a long name in the message
        (0, b'<html><meta charset="undefined">a', True),  # encodings that are none of text
        (2, b'<html><meta charset="idna">a', True),
        (0, b'<html><meta charset="unicode_escape">\\]', True),
    ],
    "TSV": [(0, b"x" * 2000 + b"\tb\ta\nx\ty\tz\n", False)],  # a long name in the message
    "labelled CSV": [
        (0, b"\x15abel,text\na,b\n", False),  # a control character in the message
        (0, b'a\tb\n"a"x\tb\n', False),  # a tab in the message
        (0, b"te!\x10,label\n ,b\n", False),  # a control character in the message about an empty text
    ],
    "labelled JSON lines": [
        (0, '{"\ufefftext": "a", "label": "b"}\n{"text": "a", "label": "b"}\n'.encode(), False),  # likewise
    ],
    "documents in TSV": [(0, "1\ta \x85se\n1\t2\n".encode(), False)],
    "pairs": [(0, b"a,b,c\x01\nx,y,1\n", True)],
    "vocabulary": [
        (0, b"</s> 0\n", False),  # no words: it was read, but the empty file could not be read again
        (0, b"</s> 0\n</s> 7\na 1\n", True),  # the first word of a saved file was left out
        (0, b"a 1\nPK\x03\x04 7\n", True),  # was taken for a ZIP archive
    ],
    "word list": [(2, b"\xff\xfea\0\n\0\r", False)],  # half a character of UTF-16, and white space at that
    "phrases": [
        (0, '\x85"big apple"\t3\n'.encode(), True),  # quotes that are part of the words were left out
    ],
}


@pytest.fixture(scope="module")
def harness_of(tmp_path_factory):
    """Return a function that returns the harness of a reader, the same each time."""
    made = {}

    def harness(name):
        if name not in made:
            made[name] = Harness(name, tmp_path_factory.mktemp("fuzz"))
        return made[name]

    return harness


@pytest.mark.parametrize("name", READERS)
def test_whole_files_are_read(harness_of, name):
    harness = harness_of(name)
    by_content = {case[:-1] for case in harness.seeds if harness.run(case)}
    assert by_content == {case[:-1] for case in harness.seeds}


@pytest.mark.parametrize("name", READERS)
def test_damaged_files_are_read_or_refused(harness_of, name):
    harness = harness_of(name)

    @settings(max_examples=cases(20))
    @given(SEEDS)
    def try_one(rng):
        harness.run(harness.damaged(rng.choice(harness.seeds), rng))

    try_one()


@pytest.mark.parametrize(
    "name, way, content, is_read", [(name, *find) for name, finds in FINDS.items() for find in finds], ids=repr
)
def test_what_was_found_before(harness_of, name, way, content, is_read):
    assert harness_of(name).run(pack(way, [content])) == is_read


@pytest.mark.parametrize("name", TARGETS)
def test_texts(name):
    target = TARGETS[name]()

    @settings(max_examples=cases(100))
    @given(SEEDS)
    def try_one(rng):
        target.run(target.case(rng))

    try_one()
    assert target.accepted > 0
