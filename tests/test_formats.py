import bz2
import gzip
import lzma
import re
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from optional import optional

from w2v.errors import MissingExtraError, OutputError, VectorsError
from w2v.vectors import Vectors, load
from w2v.vectors.formats import save
from w2v.vectors.formats import text_lines as reader
from w2v.vectors.formats.decimals import numpy_parser
from w2v.vectors.formats.decimals.numpy_printer import format_value
from w2v.vectors.packed_words import PackedWords

ZSTD_FRAME = bytes.fromhex("28b52ffd2010810000312031 0a612030 2e350a".replace(" ", ""))

IN_PLACE = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FLOATS = st.integers(0, 2**32 - 1).map(lambda bits: np.uint32(bits).view(np.float32)).filter(lambda x: abs(x) < 1e38)
USUAL = st.floats(-10, 10, width=32).map(np.float32)
MATRICES = hnp.arrays(np.float32, st.tuples(st.integers(1, 12), st.integers(1, 6)), elements=st.one_of(FLOATS, USUAL))
# what could be mistaken for something else: numbers, points, signs, odd spaces, marks of other formats
ODD_WORDS = [
    "1", "-1.5", "0.5", "1e5", "nan", ".", "...", "-", "+", "--", "a-b", "u.s.", "it's", ",", "/", "</s>", "3.14.15",
    "no\u00a0break", "\u00a0", "\u3000", "\u2028", "\u0085", "\u0301", "王様", "король", "😀", "\ufeff", "\x00", "\x1f",
]  # fmt: skip
NAN = np.float32(np.nan).tobytes()
LETTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Zs", "Zl", "Zp"])
WORDS = st.one_of(st.sampled_from(ODD_WORDS), st.text(LETTERS, min_size=1, max_size=8))


@pytest.fixture(params=["NumPy", "compiled"])
def either_reader(request, monkeypatch):
    """Run a test with each of the two readers of plain lines, which must agree."""
    monkeypatch.setattr(reader, "LEAST_COMPILED", 0 if request.param == "compiled" else 1 << 40)


def bits(matrix):
    return np.ascontiguousarray(matrix, dtype=np.float32).view(np.uint32).tolist()


def some_vectors(count=50, dim=7, seed=1):
    words = [f"w{number}" for number in range(count)]
    return Vectors(words, np.random.default_rng(seed).normal(size=(count, dim)))


def check_equal(found, expected):
    assert list(found.words) == list(expected.words)
    assert bits(found.matrix) == bits(expected.matrix)


def write(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# Writing


def test_the_text_is_as_plain_as_can_be(tmp_path):
    Vectors(["king", "王"], [[1, -0.5, 0.1], [-0.0, 1e-5, 1 / 3]]).save(tmp_path / "v.txt")
    assert (tmp_path / "v.txt").read_bytes() == "2 3\nking 1 -0.5 0.1\n王 -0 1e-05 0.33333334\n".encode()


@IN_PLACE
@given(MATRICES, st.data())
@example(np.array([[3.4028235e38, -3.4028235e38, 1e-45, -1.1754944e-38, -0.0, 16777216]], dtype=np.float32).T, None)
def test_every_float32_reads_back_bit_for_bit(tmp_path, matrix, data):
    words = data.draw(st.lists(WORDS, min_size=len(matrix), max_size=len(matrix), unique=True)) if data else "abcdef"
    vectors = Vectors(list(words), matrix)
    vectors.save(tmp_path / "v.txt")
    check_equal(load(tmp_path / "v.txt"), vectors)
    lines = (tmp_path / "v.txt").read_bytes().split(b"\n")[1:-1]
    assert bits([[np.float32(float(text)) for text in line.split(b" ")[1:]] for line in lines]) == bits(matrix)


def digits(text):
    mantissa = text.lstrip("-").lower().split("e")[0].replace(".", "").lstrip("0").rstrip("0")
    return len(mantissa)


@pytest.mark.parametrize("exponents", [(0, 255), (110, 140)])
def test_the_compiled_writer_agrees_with_the_naive_one(tmp_path, exponents):
    random = np.random.default_rng(5)
    pattern = (
        random.integers(0, 2**23, 1500) | random.integers(*exponents, 1500) << 23 | random.integers(0, 2, 1500) << 31
    )
    values = pattern.astype(np.uint32).view(np.float32)
    values = values[np.isfinite(values)]
    values = np.concatenate([values, np.arange(-2, 2, 0.0125, dtype=np.float32)])
    Vectors(map(str, range(len(values))), values[:, None]).save(tmp_path / "v.txt")
    written = [line.split()[1] for line in (tmp_path / "v.txt").read_text().splitlines()[1:]]
    assert written == [format_value(value) for value in values]


def test_powers_of_two_and_of_ten_are_written_like_the_naive_writer_writes_them(tmp_path):
    values = np.concatenate([2.0 ** np.arange(-149, 128), 10.0 ** np.arange(-45, 39)]).astype(np.float32)
    values = np.concatenate([values, np.nextafter(values, np.float32(0)), -values])
    Vectors(map(str, range(len(values))), values[:, None]).save(tmp_path / "v.txt")
    written = [line.split()[1] for line in (tmp_path / "v.txt").read_text().splitlines()[1:]]
    assert written == [format_value(value) for value in values]


@settings(deadline=None)
@given(FLOATS)
def test_no_fewer_digits_would_do(value):
    count = digits(format_value(value))
    for fewer in range(1, count):
        assert np.float32(f"{value:.{fewer - 1}e}") != value


@pytest.mark.parametrize("word", ["", " ", "new york", "a\tb", "a\n", "\ra", "a\x0bb", "a\x0cb"])
def test_words_that_would_not_survive_are_refused(tmp_path, word):
    write(tmp_path / "v.txt", "1 1\nold 1\n")
    with pytest.raises(VectorsError, match=re.escape(repr(word))):
        Vectors(["king", word], np.ones((2, 2))).save(tmp_path / "v.txt")
    assert (tmp_path / "v.txt").read_text() == "1 1\nold 1\n"
    assert [path.name for path in tmp_path.iterdir()] == ["v.txt"]


@pytest.mark.parametrize("word", ["\ud800", "a\udfff", "\udcc3\udca9"])
def test_words_that_are_not_unicode_are_refused(word):
    with pytest.raises(VectorsError, match="half of a surrogate pair"):
        Vectors([word], np.ones((1, 2)))
    assert word not in some_vectors()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_that_are_not_finite_are_refused(tmp_path, value):
    matrix = np.ones((5000, 50), np.float32)
    matrix[4321, 7] = value
    words = PackedWords.of(f"w{row}" for row in range(5000))
    with pytest.raises(VectorsError, match=f"'w4321' has the value {value}"):
        save(tmp_path / "v.txt", words, matrix, None)  # Vectors would refuse it
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_is_refused(tmp_path):
    with pytest.raises(OutputError, match="is a folder"):
        some_vectors().save(tmp_path)


def test_read_only_and_foreign_layouts_are_saved(tmp_path):
    matrix = np.arange(6, dtype=np.float32).reshape(3, 2).T
    vectors = Vectors(["a", "b"], matrix)
    vectors.matrix.flags.writeable = False
    vectors.save(tmp_path / "v.txt")
    check_equal(load(tmp_path / "v.txt"), vectors)


# Other tools


def gensim_vectors(vectors):
    keyed = optional("gensim.models").KeyedVectors(vectors.dim)
    keyed.add_vectors(vectors.words, vectors.matrix)
    return keyed


def test_gensim_reads_our_files(tmp_path):
    vectors = some_vectors(count=3000)
    vectors.save(tmp_path / "v.txt")
    keyed = optional("gensim.models").KeyedVectors.load_word2vec_format(tmp_path / "v.txt")
    assert keyed.index_to_key == vectors.words
    assert bits(keyed.vectors) == bits(vectors.matrix)


@pytest.mark.parametrize("binary", [False, True])
@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (3000, 7), (40, 300)])
def test_we_read_files_of_gensim(tmp_path, binary, shape):
    vectors = some_vectors(*shape)
    gensim_vectors(vectors).save_word2vec_format(tmp_path / "v", binary=binary)
    check_equal(load(tmp_path / "v"), vectors)


def word2vec_binary(vectors, end=b"\n"):
    rows = zip(vectors.words, vectors.matrix, strict=True)
    return b"%d %d\n" % vectors.matrix.shape + b"".join(w.encode() + b" " + row.tobytes() + end for w, row in rows)


@IN_PLACE
@given(MATRICES, st.data(), st.sampled_from([b"", b"\n"]))
def test_binary_reads_back_bit_for_bit(tmp_path, matrix, data, end):
    words = data.draw(st.lists(WORDS, min_size=len(matrix), max_size=len(matrix), unique=True))
    vectors = Vectors(words, matrix)
    check_equal(load(write(tmp_path / "v.bin", word2vec_binary(vectors, end))), vectors)


def test_a_long_binary_file_is_read_in_blocks(tmp_path):
    vectors = some_vectors(count=10_000, dim=500)
    check_equal(load(write(tmp_path / "v.bin", word2vec_binary(vectors))), vectors)


def text_lines(vectors, end="\n"):
    rows = zip(vectors.words, vectors.matrix, strict=True)
    return "".join(f"{word} {' '.join(map(str, row))}{end}" for word, row in rows)


@pytest.mark.usefixtures("either_reader")
@pytest.mark.parametrize("end", ["\n", " \n", "\r\n", "\t\n", " \r\n"])
@pytest.mark.parametrize("header", [True, False])
def test_line_ends_of_other_tools(tmp_path, end, header):
    vectors = some_vectors()
    start = "50 7" + end if header else ""
    check_equal(load(write(tmp_path / "v.txt", start + text_lines(vectors, end))), vectors)


@pytest.mark.usefixtures("either_reader")
def test_glove_has_no_header(tmp_path):
    vectors = Vectors([*ODD_WORDS, "the"], np.random.default_rng(1).normal(size=(len(ODD_WORDS) + 1, 4)))
    check_equal(load(write(tmp_path / "v.txt", text_lines(vectors))), vectors)


def test_glove_whose_first_word_is_a_number(tmp_path):
    vectors = load(write(tmp_path / "v.txt", "2007 0.5\n2008 0.25\nking 0.75\n"))
    assert vectors.words == ["2007", "2008", "king"]
    assert vectors.matrix.tolist() == [[0.5], [0.25], [0.75]]


@pytest.mark.usefixtures("either_reader")
def test_words_with_spaces_survive(tmp_path):
    content = "4 2\nnew york 0.5 1.5\nroute 66 0.5 -1.5\n. . . 1e-3 2.0\nno\u00a0break 0.5 0.5\n"
    vectors = load(write(tmp_path / "v.txt", content))
    assert vectors.words == ["new york", "route 66", ". . .", "no\u00a0break"]
    assert vectors.matrix.tolist()[1] == [0.5, -1.5]


@pytest.mark.usefixtures("either_reader")
def test_blank_lines_and_a_missing_last_line_end_do_no_harm(tmp_path):
    vectors = load(write(tmp_path / "v.txt", "2 2\nking 0.5 1\n\nqueen 0.25 2\n \n\n"))
    assert vectors.words == ["king", "queen"]
    assert load(write(tmp_path / "v.txt", "\ufeff2 2\nking 0.5 1\nqueen 0.25 2")).words == ["king", "queen"]


def test_the_first_vector_of_a_repeated_word_counts(tmp_path):
    vectors = load(write(tmp_path / "v.txt", "4 2\na 1 1\nb 2 2\na 3 3\nc 4 4\n"))
    assert vectors.words == ["a", "b", "c"]
    assert vectors.matrix.tolist() == [[1, 1], [2, 2], [4, 4]]


NUMBERS = st.one_of(
    st.from_regex(rb"-?[0-9]{0,3}\.[0-9]{1,18}", fullmatch=True),
    st.from_regex(rb"[+-]?([0-9]{1,12}(\.[0-9]{0,20})?|\.[0-9]{1,9})([eE][+-]?[0-9]{1,2})?", fullmatch=True),
).filter(lambda text: abs(float(text)) < 3.4e38)


@pytest.mark.usefixtures("either_reader")
@IN_PLACE
@given(st.lists(st.lists(NUMBERS, min_size=3, max_size=3), min_size=1, max_size=20))
@example([[b"0.000000059604646", b"9007199254740993.0", b"0.50000002980232238769531250"], [b".5", b"5.", b"-.5"]])
@example([[b"0.5", b"-1.5e-05", b"0.25"], [b"1e-7", b"1E5", b"-0e1"], [b"0.5", b".5e-3", b"5.e-3"]])
@example([[b"16777217.0", b"1.00000017881393432617187499", b"1.00000017881393432617187501"]])
def test_every_decimal_is_read_as_float_reads_it(tmp_path, rows):
    content = b"%d 3\n" % len(rows) + b"".join(b"w%d %s\n" % (i, b" ".join(row)) for i, row in enumerate(rows))
    expected = [[np.float32(float(text)) for text in row] for row in rows]
    assert bits(load(write(tmp_path / "v.txt", content)).matrix) == bits(expected)


def test_exponents_do_not_send_a_line_to_the_slow_reader():
    lines = numpy_parser.parse(b"a1e2 0.5 1e-05\nb -2.5E+3 .5 \nc 1e5e3 0.5\nd 0.5 1e39\ne 0.5 3.4e38\r\n", 2)
    assert lines.plain.tolist() == [True, True, False, False, True]
    assert lines.values.tolist() == [[0.5, np.float32(1e-05)], [-2500, 0.5], [0.5, np.float32(3.4e38)]]


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
@pytest.mark.parametrize("binary", [False, True])
def test_compressed_files_are_known_by_their_content(tmp_path, compress, binary):
    vectors = some_vectors(count=2_000, dim=30)
    content = word2vec_binary(vectors) if binary else ("2000 30\n" + text_lines(vectors)).encode()
    check_equal(load(write(tmp_path / "v.txt", compress(content))), vectors)


def test_zstd_is_read_or_its_extra_is_named(tmp_path):
    path = write(tmp_path / "v.txt.zst", ZSTD_FRAME)
    try:
        import_zstd = __import__("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
    except ImportError:
        import_zstd = None
    if import_zstd:
        assert load(path).words == ["a"]
    else:
        with pytest.raises(MissingExtraError, match=re.escape("pip install 'w2v[zstd]'")):
            load(path)


# Bad files


@pytest.mark.usefixtures("either_reader")
@pytest.mark.parametrize(
    "content, told",
    [
        ("", "v.txt: is empty"),
        (" \n\n", "v.txt: is empty"),
        (b"\x00" * 100, "v.txt:1: neither a header such as '5000 100' nor a word and its values"),
        (b"\x00" * 9 + b"\n" + b"\x00" * 9, "v.txt:1: neither a header"),
        ("just some prose\n", "v.txt:1: neither a header"),
        ("0 5\n", "v.txt:1: the header says 0 words"),
        ("5 0\n", "v.txt:1: the header says 5 words and 0 values"),
        ("3 2\na 0.5 0.5\nb 0.5 0.5\n", "v.txt: is cut short: 2 words, header says 3"),
        ("3 2\n", "v.txt: is cut short: 0 words, header says 3"),
        ("3 2", "v.txt: is cut short: 0 words, header says 3"),
        ("1 2\na 0.5 0.5\nb 0.5 0.5\n", "v.txt: has more words than its header says, 1"),
        ("2 3\na 0.5 0.5\nb 0.5 0.5\n", "v.txt:2: 2 values, header says 3"),
        ("2 3\na 0.1 0.5 0.5\nb 0.1 0.5\n", "v.txt:3: 2 values, header says 3"),
        ("2 3\na 0.1 0.5 0.5\nb 0.1\n", "v.txt:3: 1 value, header says 3"),
        ("2 2\na 0.5 0.5 0.5\nb 0.5 0.5 0.5\n", "v.txt:2: 3 values, header says 2"),
        ("2 2\na 0.5 0.5\nb 0.5 0.5 0.5\n", "v.txt:3: 3 values, header says 2"),
        ("1 2\na 1 2 3\n", "v.txt:2: 3 values, header says 2"),
        ("2 2\na 0.5 0.5\n 0.5 0.5\n", "v.txt:3: 1 value, header says 2"),
        ("2 2\na 0.5 0.5\n\nb 0.5\n", "v.txt:4: 1 value, header says 2"),
        ("a 0.5 0.5\nb 0.5 0.5\nc 0.5\n", "v.txt:3: 1 value, other lines have 2"),
        ("2 2\na 0.5 0.5\nb 0.5 x\n", "v.txt:3: 'x' in the vector of 'b' is not a number"),
        ("2 2\na 0.5 0.5\nb 0.5 0.5.5\n", "v.txt:3: '0.5.5' in the vector of 'b' is not a number"),
        ("2 2\na 0.5 0.5\nb 0.5 0.5-5\n", "v.txt:3: '0.5-5' in the vector of 'b' is not a number"),
        ("2 2\na 0.5 0.5\nb 0.5 --0.5\n", "v.txt:3: '--0.5' in the vector of 'b' is not a number"),
        ("2 2\na 0.5 0.5\nb 0.5 .\n", "v.txt:3: '.' in the vector of 'b' is not a number"),
        ("2 2\na 0.5 0.5\nb 0.5 0,5\n", "v.txt:3: '0,5' in the vector of 'b' is not a number"),
        ("2 2\na 0.5 0.5\nb 1_0 0.5\n", "v.txt:3: '1_0' in the vector of 'b' is not a number"),
        ("2 2\na 0.5 0.5\nb ٣ 0.5\n", "v.txt:3: '٣' in the vector of 'b' is not a number"),
        ("2 2\na 0.5 0.5\nb 0.5 nan\n", "v.txt:3: the vector of 'b' has the value nan"),
        ("2 2\na 0.5 -inf\nb 0.5 0.5\n", "v.txt:2: the vector of 'a' has the value -inf"),
        ("2 2\na 0.5 0.5\nb 1e39 0.5\n", "v.txt:3: the vector of 'b' has the value 1e39"),
        (b"2 2\na 0.5 0.5\nb\xff 0.5 0.5\n", "v.txt:3: the word is not UTF-8: 'b\ufffd'; name its encoding"),
        ("99999999999 300\na" + " 0.5" * 300, "v.txt: is cut short: 1 word, header says 99999999999"),
        ("2 99999999999\na 0.5\n", "v.txt:2: 1 value, header says 99999999999"),
        (word2vec_binary(some_vectors())[:-9], "v.txt: is cut short: 49 words, header says 50"),
        (word2vec_binary(some_vectors())[:9], "v.txt:2: 1 value, header says 7"),
        ("2 9999999999999999\na 0.5\n", "v.txt:1: the header's numbers are too large"),
        (word2vec_binary(some_vectors()) + b"more", "v.txt: has more words than its header says, 50"),
        (
            word2vec_binary(some_vectors()).replace(b"w7 ", b"\xff7 "),
            "v.txt: word 8 is not UTF-8: '\ufffd7'; name its encoding",
        ),
        (
            word2vec_binary(Vectors(["a", "b"], [[1.0], [-1.5]])).replace(np.float32(-1.5).tobytes(), NAN),
            "v.txt: word 2, 'b', has a value that is not a finite",
        ),
        (
            gzip.compress(text_lines(some_vectors()).encode(), mtime=0)[:-40],
            "v.txt: the compressed data is damaged or cut short",
        ),
        (bz2.compress(text_lines(some_vectors()).encode())[:-40], "v.txt: the compressed data is damaged or cut short"),
        (
            lzma.compress(text_lines(some_vectors()).encode())[:-40],
            "v.txt: the compressed data is damaged or cut short",
        ),
        (b"\x1f\x8bnot gzip at all", "v.txt: the compressed data is damaged or cut short"),
        (b"BZh91AY&SYnot bzip2 at all", "v.txt: the compressed data is damaged or cut short"),
        (b"\xfd7zXZ\x00not xz at all", "v.txt: the compressed data is damaged or cut short"),
    ],
)
def test_bad_files_are_refused_in_one_line(tmp_path, content, told):
    with pytest.raises(VectorsError) as caught:
        load(write(tmp_path / "v.txt", content))
    text = str(caught.value)
    assert told in text
    assert "\n" not in text


@pytest.mark.usefixtures("either_reader")
def test_a_bad_line_far_down_is_named(tmp_path):
    lines = ("10000 30\n" + text_lines(some_vectors(10_000, 30))).split("\n")
    lines[7_431] = lines[7_431].rsplit(" ", 1)[0]
    with pytest.raises(VectorsError, match=r"v\.txt:7432: 29 values, header says 30$"):
        load(write(tmp_path / "v.txt", "\n".join(lines)))


def test_a_file_without_lines_is_not_read_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(reader, "_LONGEST_LINE", 1 << 16)
    with pytest.raises(VectorsError, match="a line of more than 65536 bytes"):
        load(write(tmp_path / "v.txt", "2 2\nking 0.5 0.5\n" + "x" * 10_000_000))


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(VectorsError, match=r"none\.txt: no such file$"):
        load(tmp_path / "none.txt")
    with pytest.raises(VectorsError, match="is a folder"):
        load(tmp_path)
