"""The scanner, the cutter of blocks and the check of UTF-8 against `str.split` and `bytes.decode`, for `tests/fuzz.py`.

What a case is, since the counts are of cases:

    scanner         a text, and a place behind white space where it is cut in two: both parts together give the tokens
                    and sentence ends of the whole text, and these are those of `str.split`
    block cutter    one to three documents, a block size, and what a sentence is: the sentences in all blocks together
                    are those of plain Python
    UTF-8           bytes: valid up to where Python says
"""

import re
from collections import Counter

import numpy as np

from w2v.corpus.parallel_scan import Arrival
from w2v.corpus.text_blocks import BlockFiller
from w2v.options import CorpusOptions
from w2v.options.corpus import SENTENCE_UNITS
from w2v.readers.extracted_text import ExtractedText
from w2v.tokens.arrays import PADDING, padded
from w2v.tokens.scanner import SENTENCE_END, WordTable
from w2v.tokens.utf8 import blank_wide_spaces

LINE_END = "\r\n|[\n\v\f\r\x85\u2028\u2029]"
_ASCII_WHITE = b" \n\t\r\v\f\x1c\x1d\x1e\x1f"
_MOST_WORDS = 40_000  # in a table, which has grown once by then
_LONG = ["w" * 7, "w" * 8, "w" * 9, "w" * 15, "w" * 16, "w" * 17, "w" * 24, "é" * 12, "w" * 30 + "x", "w" * 30 + "y"]
_ODD = [
    "\x01", "\x1b", "\x7f", "\x80", "\xa0", "\u1680", "\u2003", "\u200b", "\u2028", "\u2029", "\u3000", "\ufeff",
    "\x85", "\x1c", "\x1f", "\t", "\v", "\f", "\r", "\r\n", "\U0010ffff", "\ufffe", "𐀀", "漢", "é", "e\u0301",
]  # fmt: skip
_COMMON = ["a", "b", "ab", "rose", " ", " ", " ", "  ", "\n", "\n", "\n\n"]
_BYTES = [
    b"\xc3\xa9", b"\xed\xa0\x80", b"\xe0\x80", b"\xf4\x90\x80\x80", b"\xf0", b"\xc0\x80", b"\0", b"\xff",
    b"\xe3\x80", b"\x80", b"a", b" ", b"\xf0\x9f\x98\x80", b"\xe2\x80\xa8", b"abcdefgh",
]  # fmt: skip


def sentences_of_text(text, unit):
    """Return the sentences of one document as lists of tokens: the twin of what blocks, scanner and sentences do."""
    text = text.replace("\ufeff", " ")
    if unit == "document":
        return [text.split()]
    lines = re.split(LINE_END, text.replace("\u2029", "\u2028\u2028"))
    if unit == "line":
        return [line.split() for line in lines]
    paragraphs = [[]]
    for line in lines:
        if line.split():
            paragraphs[-1] += line.split()
        else:
            paragraphs.append([])
    return paragraphs


def any_text(rng, most=24):
    """Return a text of up to so many pieces, with odd characters, and with tokens around multiples of eight bytes."""
    pieces = rng.choices([_COMMON, _ODD, _LONG], (6, 3, 1), k=rng.randint(1, most))
    text = "".join(rng.choice(known) for known in pieces)
    if rng.random() < 0.1:
        text += chr(rng.choice([rng.randrange(1, 0xD800), rng.randrange(0xE000, 0x110000)]))
    if rng.random() < 0.3:
        text += f" {rng.randrange(1 << 40)}"  # tables grow
    return text


class _Target:
    """What is fuzzed: `case` makes a case, `run` tries it, and the counts say what was tried."""

    seeds = ()

    def __init__(self):
        self.cases = self.accepted = self.refused = self.unwritten = 0


class Scanner(_Target):
    """A text and all places where it can be cut."""

    def __init__(self):
        super().__init__()
        self._ids = np.empty(1 << 16, np.int32)
        self._begin()

    def _begin(self):
        self._table, self._numbers, self._counts = WordTable(), {}, Counter()

    def case(self, rng):
        """Return a text."""
        return any_text(rng).encode()

    def run(self, case):
        """Scan a text whole, and cut at each place."""
        text = case.decode()
        expected, words = [], text.replace("\ufeff", " ").split()
        for line in (lines := sentences_of_text(text, "line")):
            expected += [self._numbers.setdefault(word, len(self._numbers)) for word in line]
            expected += [SENTENCE_END] if line else []
        if lines[-1]:
            expected.pop()
        assert self._scanned(case, in_sentence=False) == expected
        times = 1
        for cut in range(1, len(case)):
            if case[cut - 1] in _ASCII_WHITE and case[cut - 1 : cut + 1] != b"\r\n":
                first = self._scanned(case[:cut], in_sentence=False)
                inside = bool(first) and first[-1] != SENTENCE_END
                assert first + self._scanned(case[cut:], in_sentence=inside) == expected, cut
                times += 1
        self.cases += times
        self.accepted += times
        for word in words:
            self._counts[word] += times
        if len(self._table) > _MOST_WORDS:
            self._check_table()
            self._begin()

    def _scanned(self, data, *, in_sentence):
        text = padded(data)
        assert blank_wide_spaces(text, len(data)) == len(data)
        return self._ids[: self._table.scan(text, len(data), self._ids, in_sentence)].tolist()

    def _check_table(self):
        words = self._table.words(np.ones(len(self._table), np.bool_))
        assert words == list(self._numbers)
        assert dict(zip(words, self._table.counts.tolist(), strict=True)) == self._counts


class BlockCutter(_Target):
    """Documents, a block size, and what a sentence is."""

    def case(self, rng):
        """Return the number of a unit, a block size, and documents."""
        texts = [any_text(rng).encode() for _ in range(rng.randint(1, 3))]
        return bytes([rng.randrange(len(SENTENCE_UNITS)), rng.choice([*range(1, 60), 255])]) + b"\xff".join(texts)

    def run(self, case):
        """Cut documents, scan the blocks, and compare the sentences."""
        unit, size, documents = SENTENCE_UNITS[case[0]], case[1], case[2:].split(b"\xff")
        options = CorpusOptions(sentence_unit=unit, threads=1)
        table, sentences, ids = WordTable(), [[]], np.empty(1 << 12, np.int32)
        for block in _blocks_of(documents, size, unit):
            assert bytes(block.text[block.length :][:PADDING]) == b" " * PADDING
            arrival = Arrival.of(block, options)
            for number in ids[: table.scan(arrival.text, arrival.length, ids, block.continues)].tolist():
                sentences[-1].append(number) if number != SENTENCE_END else sentences.append([])
        words = table.words(np.ones(len(table), np.bool_))
        found = [[words[number] for number in sentence] for sentence in sentences if sentence]
        texts = [document.decode() for document in documents]
        assert found == [sentence for text in texts for sentence in sentences_of_text(text, unit) if sentence]
        self.cases += 1
        self.accepted += 1


def _blocks_of(documents, size, unit):
    filler = BlockFiller(size, unit)
    for document in documents:
        filler.begin("document")
        text = ExtractedText([document])
        while filler.fill(text):
            while filler.is_full:
                yield from filler.cut(0)
    yield from filler.rest(0)


def valid_bytes(data):
    """Return how many bytes are valid UTF-8 without a zero byte, which the scanner and Python must agree on."""
    try:
        data.decode()
        valid = len(data)
    except UnicodeDecodeError as error:
        valid = error.start
    zero = data.find(0)
    expected = valid if zero < 0 else min(valid, zero)
    assert blank_wide_spaces(padded(data), len(data)) == expected
    return expected


class Utf8(_Target):
    """Bytes."""

    def case(self, rng):
        """Return bytes that are nearly UTF-8."""
        data = any_text(rng, 8).encode() if rng.random() < 0.5 else b""
        data += b"".join(rng.choices(_BYTES, k=rng.randint(0, 4))) + any_text(rng, 3).encode()
        return data if rng.random() < 0.7 else data + rng.randbytes(rng.randint(1, 8))

    def run(self, case):
        """Compare where the bytes are valid up to."""
        self.cases += 1
        self.accepted += valid_bytes(case) == len(case)
        self.refused = self.cases - self.accepted


TARGETS = {"scanner": Scanner, "block cutter": BlockCutter, "UTF-8": Utf8}
