"""Every format reads back bit for bit, and the tools that it is made for read it, too."""

import gzip
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
from console import error_line
from console import inside as w2v
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from optional import optional

from w2v.errors import OutputError, UsageError, VectorsError
from w2v.model_file import write_model
from w2v.vectors import Vectors, load
from w2v.vectors.formats import WRITTEN, format_for, save
from w2v.vectors.packed_words import PackedWords
from w2v.vectors.rounding import rounded

NAMES = {
    "word2vec": "v.txt", "word2vec-binary": "v.bin", "glove": "v.glove.txt", "fasttext": "v.vec", "npz": "v.npz",
    "safetensors": "v.safetensors", "projector": "v.tsv", "csv": "v.csv", "npy": "v.npy",
}  # fmt: skip
WORDS = ["king", "</s>", "no\u00a0break", "王様", "😀", "1", "-0.5", ".", "a_b"]
FLOATS = st.integers(0, 2**32 - 1).map(lambda bits: np.uint32(bits).view(np.float32)).filter(lambda x: abs(x) < 1e38)
TOKENS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=5)
IN_PLACE = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def vectors():
    return Vectors(WORDS, np.random.default_rng(1).normal(size=(len(WORDS), 5)))


def bits(matrix):
    return np.ascontiguousarray(matrix, dtype=np.float32).view(np.uint32).tolist()


def check_equal(found, expected):
    assert list(found.words) == list(expected.words)
    assert bits(found.matrix) == bits(expected.matrix)


def test_every_format_is_named(vectors):
    assert set(NAMES) == set(WRITTEN)


@pytest.mark.parametrize(
    "name, expected",
    [
        *((name, file_format) for file_format, name in NAMES.items()),
        ("V.BIN", "word2vec-binary"),
        ("vectors", "word2vec"),
        ("glove.6B.100d.txt", "glove"),
        ("x.glove", "glove"),
        ("glove.npz", "npz"),
        ("gloves.txt", "word2vec"),
    ],
)
def test_the_name_selects_the_format(name, expected):
    assert format_for(Path(name)).name == expected


@pytest.mark.parametrize("file_format, name", NAMES.items())
@IN_PLACE
@given(data=st.data())
def test_every_format_reads_back_bit_for_bit(tmp_path, file_format, name, data):
    matrix = data.draw(
        hnp.arrays(np.float32, st.tuples(st.integers(1, 6), st.integers(2, 4)), elements=FLOATS), label="matrix"
    )
    words = data.draw(st.lists(TOKENS, min_size=len(matrix), max_size=len(matrix), unique=True), label="words")
    expected = Vectors(words, matrix)
    expected.save(tmp_path / name)
    check_equal(load(tmp_path / name), expected)
    expected.save(tmp_path / f"other{(tmp_path / name).suffix}", file_format)
    assert (tmp_path / name).read_bytes() == (tmp_path / f"other{(tmp_path / name).suffix}").read_bytes()


@pytest.mark.parametrize("file_format", ["npz", "safetensors", "projector", "csv", "npy"])
def test_words_with_spaces_survive_where_they_can(tmp_path, file_format):
    expected = Vectors(["new york", " x", "a"], [[1, 2], [3, 4], [5, 6]])
    expected.save(tmp_path / NAMES[file_format])
    check_equal(load(tmp_path / NAMES[file_format]), expected)


@pytest.mark.parametrize("file_format", WRITTEN)
def test_large_files_are_written_in_blocks(tmp_path, file_format):
    expected = Vectors([f"w{row}" for row in range(20_000)], np.random.default_rng(2).normal(size=(20_000, 300)))
    matrix = expected.matrix if file_format in ("word2vec-binary", "npz", "npy") else expected.matrix[:, :20]
    Vectors(expected.words, matrix).save(tmp_path / NAMES[file_format])
    check_equal(load(tmp_path / NAMES[file_format]), Vectors(expected.words, matrix))


# What other tools read and write


TWO = Vectors(["king", "王"], [[1, -0.5], [0.1, 1e-5]])


def written(tmp_path, file_format):
    TWO.save(tmp_path / NAMES[file_format])
    return (tmp_path / NAMES[file_format]).read_bytes()


def test_the_bytes_of_the_text_formats(tmp_path):
    assert written(tmp_path, "word2vec") == "2 2\nking 1 -0.5\n王 0.1 1e-05\n".encode()
    assert written(tmp_path, "fasttext") == "2 2\nking 1 -0.5\n王 0.1 1e-05\n".encode()
    assert written(tmp_path, "glove") == "king 1 -0.5\n王 0.1 1e-05\n".encode()
    assert written(tmp_path, "projector") == b"1\t-0.5\n0.1\t1e-05\n"
    assert (tmp_path / "v_metadata.tsv").read_bytes() == "king\n王\n".encode()


def test_the_bytes_of_the_binary_format_are_those_of_word2vec_c(tmp_path):
    rows = [struct.pack("<2f", 1, -0.5), struct.pack("<2f", 0.1, 1e-5)]
    assert written(tmp_path, "word2vec-binary") == b"2 2\nking " + rows[0] + b"\n" + "王 ".encode() + rows[1] + b"\n"


def as_distance_reads(data):
    """Read a file as word2vec.c's distance.c does: scanf for the header, then bytes up to a space, then floats."""
    header, rest = data.split(b"\n", 1)
    count, dim = map(int, header.split())
    rest = b"\n" + rest  # scanf leaves the line's end, and newlines are skipped in words
    words, rows = [], []
    for _ in range(count):
        word, rest = rest.split(b" ", 1)
        words.append(word.replace(b"\n", b"").decode())
        rows.append(struct.unpack(f"<{dim}f", rest[: 4 * dim]))
        rest = rest[4 * dim :]
    return Vectors(words, np.array(rows))


def test_word2vec_c_reads_our_binary(tmp_path, vectors):
    vectors.save(tmp_path / "v.bin")
    check_equal(as_distance_reads((tmp_path / "v.bin").read_bytes()), vectors)


@pytest.mark.parametrize("file_format, settings", [("word2vec-binary", {"binary": True}), ("fasttext", {}),
                                                   ("glove", {"no_header": True})])  # fmt: skip
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # gensim leaves a file open
def test_gensim_reads_our_files(tmp_path, vectors, file_format, settings):
    vectors.save(tmp_path / NAMES[file_format])
    keyed = optional("gensim.models").KeyedVectors.load_word2vec_format(tmp_path / NAMES[file_format], **settings)
    assert keyed.index_to_key == list(vectors.words)
    assert bits(keyed.vectors) == bits(vectors.matrix)


def test_the_loader_of_glove_reads_our_files(tmp_path, vectors):
    vectors.save(tmp_path / "v.glove.txt")
    found = {}  # the loop of eval/python/evaluate.py
    for line in (tmp_path / "v.glove.txt").read_text(encoding="utf-8").split("\n")[:-1]:
        vals = line.rstrip().split(" ")
        found[vals[0]] = [float(x) for x in vals[1:]]
    check_equal(Vectors(list(found), list(found.values())), vectors)


def test_fasttext_starts_from_our_vectors(tmp_path, vectors):
    vectors.save(tmp_path / "v.vec")
    (tmp_path / "text").write_text("\n".join(["king 王様 a_b"] * 5), encoding="utf-8")
    model = optional("fasttext", "fasttext-wheel").train_unsupervised(
        str(tmp_path / "text"), pretrainedVectors=str(tmp_path / "v.vec"),
        dim=5, minCount=1, maxn=0, lr=0.0, epoch=1, thread=1, verbose=0,
    )  # fmt: skip
    for word in ("king", "王様", "a_b"):
        assert bits(model.get_word_vector(word)) == bits(vectors[word])


def test_numpy_alone_reads_our_archive(tmp_path, vectors):
    vectors.save(tmp_path / "v.npz")
    with np.load(tmp_path / "v.npz") as archive:
        assert archive["words"].tolist() == WORDS
        assert bits(archive["vectors"]) == bits(vectors.matrix)


def test_archives_are_plain_zip_so_that_every_python_writes_the_same_bytes(tmp_path, vectors):
    vectors.save(tmp_path / "v.npz")
    content = (tmp_path / "v.npz").read_bytes()
    with zipfile.ZipFile(tmp_path / "v.npz") as archive:
        members = archive.infolist()
    for member in members:
        needed, sizes = content[member.header_offset + 4 :][:2], content[member.header_offset + 18 :][:8]
        assert struct.unpack("<H", needed) == (20,)  # of ZIP, 2.0: the oldest version that all programs read
        assert struct.unpack("<II", sizes) == (member.compress_size, member.file_size)
        assert content[member.header_offset + 28 :][:2] == b"\0\0"  # no bytes of extensions


def test_large_arrays_in_archives_have_the_extension_for_them(tmp_path, vectors, monkeypatch):
    monkeypatch.setattr("w2v.array_archive._LARGEST", 100)
    vectors.save(tmp_path / "v.npz")
    check_equal(load(tmp_path / "v.npz"), vectors)
    assert (tmp_path / "v.npz").read_bytes()[4:6] == b"\x2d\0"  # of ZIP, 4.5


@pytest.mark.parametrize("write", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("texts", [np.array(["a", "bc"]), np.array([b"a", b"bc"])])
def test_archives_of_other_tools_are_read_with_any_names(tmp_path, kind, texts, write):
    write(tmp_path / "v.npz", tokens=texts, embedding=np.array([[1, 2], [3, 4]], dtype=kind))
    check_equal(load(tmp_path / "v.npz"), Vectors(["a", "bc"], [[1, 2], [3, 4]]))


def test_safetensors_alone_reads_ours(tmp_path, vectors):
    vectors.save(tmp_path / "v.safetensors")
    found = safetensors.numpy.load_file(tmp_path / "v.safetensors")
    assert found["words"].tobytes().decode().splitlines()[:2] == WORDS[:2]
    assert bits(found["vectors"]) == bits(vectors.matrix)


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_tensors_of_other_tools_are_read_in_any_order_and_size(tmp_path, kind):
    words = np.frombuffer(b"a\nbc\n", np.uint8)
    tensors = {"vectors": np.array([[1, 2], [3, 4]], dtype=kind), "words": words, "another": np.ones(3, np.int16)}
    (tmp_path / "v").write_bytes(safetensors.numpy.save(tensors))
    check_equal(load(tmp_path / "v"), Vectors(["a", "bc"], [[1, 2], [3, 4]]))


def test_a_pair_that_gensim_writes_is_read(tmp_path, vectors):
    vectors.save(tmp_path / "v.txt")
    optional("gensim.scripts.word2vec2tensor").word2vec2tensor(str(tmp_path / "v.txt"), str(tmp_path / "pair"))
    found = load(tmp_path / "pair_tensor.tsv")
    assert list(found.words) == WORDS
    np.testing.assert_allclose(found.matrix, vectors.matrix, rtol=1e-6)


@pytest.mark.parametrize(
    "name, content, expected",
    [
        ("metadata.tsv", "a\nb\n", ["a", "b"]),
        ("v_metadata.tsv", "a\nb", ["a", "b"]),
        ("v_metadata.tsv", "a\r\nb\r\n", ["a", "b"]),
        ("v_metadata.tsv", "Word\tCount\na\t1\nb\t2\n", ["a", "b"]),
        ("v_metadata.tsv", "id\tLabel\n1\ta\n2\tb\n", ["a", "b"]),
        ("v_metadata.tsv", "x\ty\na\t1\nb\t2\n", ["a", "b"]),
    ],
)
def test_metadata_of_others(tmp_path, name, content, expected):
    (tmp_path / "v.tsv").write_text("1\t2\n3\t4\n")
    (tmp_path / name).write_bytes(content.encode())
    check_equal(load(tmp_path / "v.tsv"), Vectors(expected, [[1, 2], [3, 4]]))


# What can't be written or read


@pytest.mark.parametrize(
    "file_format, word",
    [
        *((name, word) for name in ("word2vec-binary", "glove", "fasttext") for word in ("", "a b", "a\n")),
        ("glove", "\ud800"),
        ("projector", "a\tb"),
        ("projector", "a\nb"),
        ("projector", " "),
        ("npz", "a\0"),
        ("npz", "a" * 2000),
        ("safetensors", "a\nb"),
    ],
)  # fmt: skip
def test_words_that_would_not_survive_are_refused(tmp_path, file_format, word):
    with pytest.raises(VectorsError, match="the word"):
        Vectors(["a", word], [[1, 2], [3, 4]]).save(tmp_path / NAMES[file_format])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("file_format", WRITTEN)
def test_values_that_are_not_finite_are_refused(tmp_path, file_format):
    matrix = np.array([[1, 2], [3, np.nan]], np.float32)
    with pytest.raises(VectorsError, match=r"has (a|the) value"):
        save(tmp_path / NAMES[file_format], PackedWords.of(["a", "b"]), matrix, None)  # Vectors would refuse it
    assert not list(tmp_path.iterdir())


def archive(path, **arrays):
    np.savez(path, **arrays)
    return path.read_bytes()


@pytest.mark.parametrize(
    "name, content, told",
    [
        ("v.npz", lambda path: archive(path, a=np.ones(3)), "holds a float64[3]"),
        ("v.npz", lambda path: archive(path, w=np.array(["a"]), v=np.ones((2, 2))), "holds w <U1[1], v float64[2, 2]"),
        ("v.npz", lambda path: archive(path, w=np.array(["a"]), v=np.array([[1, 1e39]])), "not a finite float32"),
        ("v.npz", lambda path: archive(path, w=np.array(["a"], dtype=object), v=np.ones((1, 2))), "Python objects"),
        ("v.npz", lambda path: archive(path, w=np.array(["a"]), v=np.ones((1, 2)))[:-50], "damaged NumPy archive"),
        ("v.npz", lambda path: gzip.compress(archive(path, a=np.ones(3))), "is compressed, which the format npz"),
        ("v.npz", lambda path: b"", "is empty"),
        ("v.safetensors", lambda path: b"nothing", "or no safetensors file"),
        ("v.safetensors", lambda path: safetensors.numpy.save({"x": np.ones(1)}), "but holds x"),
        (
            "v.safetensors",
            lambda path: safetensors.numpy.save({"words": np.frombuffer(b"a\n", np.uint8), "vectors": np.ones((2, 2))}),
            "1 word, but vectors of shape (2, 2)",
        ),
        ("v.tsv", lambda path: b"1\t2\n", "has no words with it"),
    ],
)
def test_bad_files_are_refused_in_one_line(tmp_path, name, content, told):
    path = tmp_path / name
    path.write_bytes(content(path))
    with pytest.raises(VectorsError) as caught:
        load(path)
    assert str(caught.value).startswith(str(path))
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "content, told",
    [
        (b"a\n", "holds 2 vectors, and its words are 1"),
        (b"\xff\nb\n", "v_metadata.tsv:1: not UTF-8"),
        (b"id\tword\n1\ta\n2\n", "without the column 'word'"),
    ],
)
def test_bad_metadata_is_refused(tmp_path, content, told):
    (tmp_path / "v.tsv").write_text("1\t2\n3\t4\n")
    (tmp_path / "v_metadata.tsv").write_bytes(content)
    with pytest.raises(VectorsError, match=told):
        load(tmp_path / "v.tsv")


def test_neither_file_of_a_pair_is_left_incomplete(tmp_path):
    (tmp_path / "v_metadata.tsv").mkdir()
    with pytest.raises(OutputError, match="is a folder"):
        TWO.save(tmp_path / "v.tsv")
    assert [path.name for path in tmp_path.iterdir()] == ["v_metadata.tsv"]


# The output of training


def test_the_name_of_the_output_of_training_selects_the_format(tmp_path):
    (tmp_path / "corpus.txt").write_text("the king and the queen see the old castle\n" * 20)

    def trained(output):
        options = ["-q", "--dim", 5, "--epochs", 1, "--min-count", 1, "--threads", 1]
        return w2v("train", "corpus.txt", *options, "-o", output, cwd=tmp_path)

    written = trained("-").stdout
    assert written.startswith(b"7 5\n")
    for name in NAMES.values():
        for _ in range(2):  # the second time, earlier vectors are replaced
            assert trained(name).returncode == 0
        load(tmp_path / name).save(tmp_path / "again.txt")
        assert (tmp_path / "again.txt").read_bytes() == written


def test_vectors_in_a_folder_of_text_are_skipped(tmp_path):
    (tmp_path / "corpus.txt").write_text("the king and the queen see the old castle\n" * 20)
    for name in ("v.txt", "v.bin", "v.vec", "v.npz", "v.safetensors"):
        TWO.save(tmp_path / name)
    process = w2v("vocab", ".", cwd=tmp_path)
    assert process.stdout.startswith(b"the 60\n")
    assert process.stderr.decode().count(", which holds vectors, not text") == 5


# Other values


@pytest.mark.parametrize("precision", [0, 3, 9])
def test_rounding_leaves_the_vectors_as_they_were(vectors, precision):
    before = vectors.matrix.copy()
    assert bits(rounded(vectors, precision).matrix) == bits(np.round(before.astype(np.float64), precision))
    assert bits(vectors.matrix) == bits(before)


@pytest.mark.parametrize("precision", [-1, 10])
def test_a_precision_out_of_range_is_refused(vectors, precision):
    with pytest.raises(UsageError, match=f"precision must be from 0 to 9, not {precision}"):
        rounded(vectors, precision)


# From the command line


@pytest.fixture
def folder(tmp_path, vectors):
    vectors.save(tmp_path / "v.txt")
    return tmp_path


def converted(folder, *arguments):
    process = w2v("convert", *arguments, cwd=folder)
    assert (process.returncode, process.stdout) == (0, b""), process.stderr
    return process.stderr.decode()


def test_the_command_converts_there_and_back(folder):
    told = converted(folder, "v.txt", "v.npz")
    assert told.splitlines()[-1] == "w2v: wrote 9 words x 5 to v.npz, in the format npz"
    assert converted(folder, "v.npz", "again", "--to", "word2vec", "--quiet") == ""
    assert (folder / "again").read_bytes() == (folder / "v.txt").read_bytes()


def test_the_command_chooses_words_and_values(folder, vectors):
    (folder / "words").write_text("king 7\n\n王様 3\nnobody 1\n", encoding="utf-8")
    told = converted(folder, "v.txt", "few.txt", "--words", "words", "--top", "4", "--normalize", "--precision", "2")
    assert "note: left out 1 of 3 words, which is not in v.txt: nobody\n" in told
    found = load(folder / "few.txt")
    check_equal(found, rounded(vectors.top(4).select(["king", "王様"]).normalized(), 2))


def test_the_words_to_keep_may_come_from_standard_input(folder, vectors):
    process = w2v("convert", "v.txt", "few.bin", "--words", "-", "-q", cwd=folder, stdin="王様 3\nking 7\n".encode())
    assert (process.returncode, process.stderr) == (0, b"")
    check_equal(load(folder / "few.bin"), vectors.select(["king", "王様"]))


@pytest.mark.parametrize("name", NAMES.values())
def test_an_earlier_output_is_replaced(folder, name):
    for top in ("5", "9"):
        converted(folder, "v.txt", f"new-{name}", "--top", top)
    assert len(load(folder / f"new-{name}")) == 9


@pytest.mark.parametrize("content", ["some prose\nof two lines\n", "in 1984\n", "word\tcount\nthe\t7\n", '{"a": 1}\n'])
def test_files_that_hold_no_vectors_are_not_overwritten(folder, content):
    (folder / "text").write_text(content)
    process = w2v("convert", "v.txt", "text", cwd=folder)
    assert "holds no vectors" in error_line(process)
    assert (folder / "text").read_text() == content


def test_compressed_input_is_converted(folder, vectors):
    (folder / "v.txt.gz").write_bytes(gzip.compress((folder / "v.txt").read_bytes()))
    converted(folder, "v.txt.gz", "v.bin")
    check_equal(load(folder / "v.bin"), vectors)


@pytest.mark.parametrize(
    "arguments, told",
    [
        (["v.txt", "v.txt"], "is both IN and OUT"),
        (["v.txt", "-"], "OUT: give the name of a file"),
        (["none.txt", "v.bin"], "none.txt: no such file"),
        (["v.txt", "none/v.bin"], "there is no folder none"),
        (["v.txt", "v.npz.gz"], "v.npz.gz: the format npz can't be compressed; leave off .gz"),
        (["v.txt", "v.json"], "v.json: no format of vectors has the ending .json; use .txt, .bin, "),
        (["v.txt", "v.words"], "or none for word2vec's text, or choose the format with --to"),
        (["v.txt", "v.npz", "--to", "word2vec"], "the ending .npz means the format npz, not word2vec; end"),
        (["v.txt", "v", "--to", "projector"], "is recognised by its name; end it in .tsv"),
        (["v.txt", "v.bin", "--top", "0"], "--top must be at least 1"),
        (["v.txt", "v.bin", "--precision", "10"], "--precision must be from 0 to 9, not 10"),
        (["v.txt", "v.bin", "--words", "none"], "none: can't be read"),
        (["v.txt", "v.bin", "--words", "others"], "none of the words asked for"),
        (["v.txt", "v.bin", "--words", "blank"], "blank: holds no words"),
        (["v.txt", "v.bin", "--words", "latin"], "latin:1: not UTF-8"),
        (["v.txt", "v.bin", "--to", "xml"], "'xml' is not one of"),
    ],
)
def test_errors_are_one_line(folder, arguments, told):
    (folder / "others").write_text("nobody\n")
    (folder / "blank").write_text(" \n\n")
    (folder / "latin").write_bytes(b"k\xf6nig\n")
    process = w2v("convert", "-q", *arguments, cwd=folder)
    assert process.returncode in (1, 2)
    assert told in error_line(process)
    assert not (folder / "v.bin").exists()


@pytest.mark.parametrize("name", ["v.txt", "v.bin", "v.vec", "glove.txt", "v.npz", "v.safetensors", "v.tsv"])
def test_saving_replaces_vectors_of_any_format_and_nothing_else(tmp_path, vectors, name):
    others = [tmp_path / other for other in ("w.txt", "w.bin", "glove.w", "w.npz", "w.safetensors", "w.tsv")]
    for other in others:
        vectors.save(other)
        other.replace(tmp_path / name)
        vectors.save(tmp_path / name)
        check_equal(load(tmp_path / name), vectors)
    with zipfile.ZipFile(tmp_path / "report.docx", "w") as archive:
        archive.writestr("word/document.xml", "my only copy")
    safetensors.numpy.save_file({"layer.weight": np.ones((2, 2), np.float32)}, tmp_path / "weights")
    write_model(tmp_path / "model", {}, {"input_vectors": np.ones((2, 2), np.float32)})
    (tmp_path / "notes").write_text("int main{ my only copy; }\n")
    for other in ("report.docx", "weights", "model", "notes"):
        content = (tmp_path / other).read_bytes()
        (tmp_path / other).replace(tmp_path / name)
        with pytest.raises(OutputError, match=f"{name}: exists, holds no vectors, and would be overwritten; choose"):
            vectors.save(tmp_path / name)
        assert (tmp_path / name).read_bytes() == content


def test_words_are_not_written_over_a_file_of_another_pair(tmp_path, vectors):
    (tmp_path / "v_metadata.tsv").write_text("my only copy\n")
    with pytest.raises(
        OutputError, match=r"v_metadata\.tsv: exists, holds no words of .*v\.tsv, which is not there, and"
    ):
        vectors.save(tmp_path / "v.tsv")
    assert not (tmp_path / "v.tsv").exists()
