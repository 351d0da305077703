"""What is written in any format reads back, whatever the words; what would not is refused, and nothing is written."""

import re
import tempfile
from pathlib import Path

import numpy as np
import pytest
from console import IN_MEMORY
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from w2v.compression import ENDINGS
from w2v.errors import MissingExtraError, VectorsError
from w2v.vectors import Vectors, load
from w2v.vectors.formats import WRITTEN

TARGETS = [
    known.endings[0] + compression
    for known in WRITTEN.values()
    for compression in ("", *(ENDINGS if known.reads_compressed else ()))
]
ODD = [
    "", " ", "  x", "x ", "new york", "a\tb", "a\nb", "\r", "a\r\nb", "a\fb", "a\x0bb", "a\x1cb", "\x85", "a\u2028b",
    "\u2029", "\u00a0", "a\u00a0b", "\u3000", "\ufeff", "\ufeffa", "a\ufeff", "\u200b", "\u00ad", "\0", "a\0", "\0a",
    "\x01", "\x7f", "</s>", "#", "#a", '"', '""', '"a"', '"a', "'", "a,b", ",", ";", "a;b", "word", "word,d1", "=1+1",
    "5", "2 3", "5 100", "0", "0 5", "-0.5", "1e5", ".", "nan", "inf", "-inf", "1_000", "+1", "-x", "c++", "\\", "\\n",
    "PK\x03\x04", "PK\x05\x06a", "{", "BZh91AY&SY", "\x1f\x8b", "\ud800", "\udc80", "a\udcff", "\ud83d\ude00", "😀",
    "王様", "e\u0301",
    "é", "İ", "ſ", "\U0010ffff", "\ufffe", "phrase\twords", "x" * 1000, "x" * 70_000, "é" * 501, "_", "_ 1", "id",
    "token",
]  # fmt: skip
WORDS = st.one_of(
    st.sampled_from(ODD),
    st.text(max_size=4),
    st.text(st.characters(), max_size=3),  # lone surrogates, too
    st.text("0123456789 .-e\n\r\t,;\"'\ufeff\0", max_size=5),
)
VALUES = st.one_of(
    st.integers(-300, 300).map(np.float32),
    st.integers(0, 2**32 - 1).map(lambda bits: np.uint32(bits).view(np.float32)).filter(lambda x: abs(x) < 1e30),
    st.sampled_from([b"0.50", b"1234", b"1 2\n", b"\n\n\n\n", b"    "]).map(lambda text: np.frombuffer(text, "<f4")[0]),
)


@st.composite
def contents(draw):
    """Return words, a matrix and counts, which may be None."""
    count, dim = draw(st.integers(0, 5)), draw(st.integers(1, 3))
    words = draw(st.lists(WORDS, min_size=count, max_size=count))
    matrix = draw(hnp.arrays(np.float32, (count, dim), elements=VALUES))
    counts = draw(st.none() | st.lists(st.integers(0, 2**40), min_size=count, max_size=count))
    return words, matrix, counts


def check_written_or_refused(words, matrix, counts, target, **options):
    """Save vectors twice, and load them; or make sure that the refusal is one line, and that nothing was written."""
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        path = Path(folder) / f"v{target}"
        try:
            vectors = Vectors(words, matrix, counts=counts)
            vectors.save(path, **options)
        except (VectorsError, MissingExtraError) as error:
            refusal = str(error)
        else:
            refusal = ""
        if refusal:
            assert "\n" not in refusal
            assert len(refusal) < 300 + len(folder)
            assert not list(Path(folder).iterdir())
            return None
        found = load(path)
        assert list(found.words) == words
        assert found.matrix.tobytes() == matrix.tobytes()
        if counts is None:
            assert found.counts is None
        elif not any(re.search("[\r\n]|^BZh|^PK", word) for word in words):  # which a list of counts can't hold
            assert found.counts.tolist() == counts
        # With one dimension, a line of GloVe's is like one of a vocabulary, which is never replaced
        if matrix.shape[1] > 1 and max(map(len, words)) < 2000 and (np.abs(matrix) > 0.01).all():
            written = {name: name.read_bytes() for name in Path(folder).iterdir()}
            vectors.save(path, **options)
            assert {name: name.read_bytes() for name in Path(folder).iterdir()} == written
        return found


@pytest.mark.parametrize("target", TARGETS)
@settings(deadline=None, max_examples=20)
@given(contents())
@example((["5"], np.array([[100]], np.float32), None))
@example((["2", "a"], np.array([[3], [1]], np.float32), [2, 1]))
@example((["a", "a"], np.ones((2, 2), np.float32), None))
@example(([], np.ones((0, 2), np.float32), None))
@example((["king"], np.ones((1, 1), np.float32), [3]))
@example((["\ufeffking", "b"], np.ones((2, 2), np.float32), None))
@example((["a"], np.frombuffer(b"0.50", np.float32).reshape(1, 1), None))
def test_any_words_read_back_or_are_refused(target, found):
    check_written_or_refused(*found, target)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("dim", [1, 2])
def test_each_odd_word_reads_back_or_is_refused(target, dim):
    for word in ODD if target.count(".") == 1 else ODD[::15]:
        for words in ([word], [word, "king"], ["king", word]):
            matrix = np.arange(1, 1 + len(words) * dim, dtype=np.float32).reshape(-1, dim)
            check_written_or_refused(words, matrix, None, target)
            check_written_or_refused(words, matrix - np.float32(0.5), [7, 5][: len(words)], target)


@pytest.mark.parametrize("target", TARGETS)
@settings(deadline=None, max_examples=10)
@given(st.lists(st.binary(min_size=1, max_size=4), min_size=1, max_size=4, unique=True))
@example([b"caf\xe9", b"tea"])
@example([b"\xe9", b"\xed\xa0\x80", b"\xff\xfe"])
@example([b"\x00\x00\x80", b"ftyp"])
def test_bytes_that_were_no_text_come_through_as_they_are(target, encoded):
    words = [word.decode(errors="surrogateescape") for word in encoded]
    matrix = np.arange(0.5, 2 * len(words), dtype=np.float32).reshape(-1, 2)
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        path = Path(folder) / f"v{target}"
        try:
            Vectors(words, matrix).save(path, encoding_errors="surrogateescape")
        except (VectorsError, MissingExtraError):
            assert not list(Path(folder).iterdir())
            return
        assert load(path, encoding_errors="surrogateescape").words == words
        if any("\udc80" <= character <= "\udcff" for word in words for character in word):
            with pytest.raises(VectorsError, match=r"UTF-8|: is an? "):  # such bytes can look like a video, say
                load(path)
            with pytest.raises(VectorsError, match=r"no valid Unicode.*encoding_errors='surrogateescape' to write"):
                Vectors(words, matrix).save(path)
