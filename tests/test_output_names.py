"""The ending of an output's name is a promise: of its format, of compression, or that it is something else."""

import bz2
import gzip
import lzma
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from console import environment, error_line
from console import inside as w2v

import w2v as library
from w2v import file_kinds
from w2v.errors import MissingExtraError, OutputError, UsageError, VectorsError
from w2v.new_file import NewFile
from w2v.vectors import Vectors, load
from w2v.vectors.formats import WRITTEN, format_for

TEXT = "the king and the queen see the old castle in the new york of old\n" * 30
QUICK = ["-q", "--dim", "5", "--epochs", "1", "--min-count", "1", "--threads", "1"]
VECTORS = Vectors(["king", "queen", "王"], [[1, 0.5], [0.25, -1], [3, 4]])
UNKNOWN = [
    "v.json", "v.JSON", "v.jsonl", "v.parquet", "v.kv", "v.pkl", "v.pickle", "v.zip", "v.h5", "v.hdf5", "v.model",
    "v.wiki",
    "v.xlsx", "v.feather", "v.magnitude", "v.ftz", "v.pt", "v.7z", "v.tar.gz", "v.html", "v.safetensor", "v.text",
    "glove.json",
    "v.zip.gz", "v.txt.zip", "v.lz4", "v.Z", "v.tgz", "v.npz.bak", "v.mat", "v.db", "v.xml", "v.txt.tmp", "v.docx",
]  # fmt: skip


@pytest.fixture
def corpus(tmp_path):
    (tmp_path / "corpus.txt").write_text(TEXT)
    return tmp_path


@pytest.mark.parametrize(
    "name, expected",
    [
        *((f"v{ending}", known.name) for known in WRITTEN.values() for ending in known.endings),
        ("v", "word2vec"), ("v.gz", "word2vec"), ("news.2024", "word2vec"), ("vectors.100d", "word2vec"), ("v1.2",
        "word2vec"),
        ("v.txt~", "word2vec"), ("v.window-5", "word2vec"), (".hidden", "word2vec"), ("v.", "word2vec"),
        ("v.TXT.GZ", "word2vec"), ("v.vec.xz", "fasttext"), ("v.bin.gz", "word2vec-binary"), ("v.csv.zst", "csv"),
        ("glove.6B.100d", "glove"), ("glove.6B.100d.txt.gz", "glove"), ("glove.news", "glove"), ("glove.npz", "npz"),
        ("glove.vec", "fasttext"), ("x.glove.txt.bz2", "glove"), ("gloves.txt", "word2vec"), ("v.csv.txt", "word2vec"),
    ],
)  # fmt: skip
def test_a_known_ending_means_its_format(name, expected):
    assert format_for(Path(name)).name == expected


@pytest.mark.parametrize("name", UNKNOWN)
def test_unknown_endings_are_refused_with_the_list(tmp_path, name):
    with pytest.raises(UsageError) as caught:
        VECTORS.save(tmp_path / name)
    told = str(caught.value)
    assert told.startswith(f"{tmp_path / name}: no format of vectors has the ending .")
    assert "use .txt, .bin, .glove, .glove.txt, .vec, .npz, .safetensors, .tsv, .csv, .npy, or none for" in told
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("ending", [".gz", ".bz2", ".xz", ".zst"])
@pytest.mark.parametrize("name", ["v.npz", "v.npy", "v.safetensors", "v.tsv"])
def test_formats_that_are_not_compressed_say_so(tmp_path, name, ending):
    with pytest.raises(UsageError, match=f"{name}{ending}: the format .* can't be compressed; leave off {ending}"):
        VECTORS.save(tmp_path / (name + ending))


@pytest.mark.parametrize(
    "name, file_format, told",
    [
        ("v.npz", "word2vec", "the ending .npz means the format npz, not word2vec; end the name in .txt, or leave out"),
        ("v.txt", "word2vec-binary",
        "the ending .txt means the format word2vec, not word2vec-binary; end the name in .bin"),
        ("v.bin", "word2vec", "the ending .bin means the format word2vec-binary"),
        ("v.txt", "npz", "the ending .txt means the format word2vec, not npz"),
        ("v.glove.txt", "word2vec", "the ending .txt means the format glove"),
        ("v.vec", "glove", "the ending .vec means the format fasttext"),
        ("v.csv", "projector", "the ending .csv means the format csv"),
        ("v.tsv.gz", "csv", "the ending .tsv means the format projector"),
        ("v.json", "word2vec", "no format of vectors has the ending .json"),
        ("v.zip", "npz", "no format of vectors has the ending .zip"),
        ("v", "projector", "is recognised by its name; end it in .tsv"),
        ("v.gz", "npz", "the format npz can't be compressed"),
        ("v", "xml", "file_format must be one of word2vec, "),
        ("v", ["csv"], "file_format must be one of word2vec, "),
    ],
)  # fmt: skip
def test_a_format_that_the_name_contradicts_is_refused(tmp_path, name, file_format, told):
    with pytest.raises(UsageError) as caught:
        VECTORS.save(tmp_path / name, file_format)
    assert told in str(caught.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "name, file_format",
    [
        ("v", "npz"), ("v.wiki", "csv"), ("v.2024", "npy"), ("v.txt", "glove"), ("v.txt", "fasttext"), ("v.vec",
        "word2vec"),
        ("glove.6B.word2vec.txt", "word2vec"), ("v.emb", "word2vec-binary"), ("v.emb.gz", "word2vec"), ("v.csv", "csv"),
    ],
)  # fmt: skip
def test_a_format_may_be_named_where_the_name_leaves_it_open(tmp_path, name, file_format):
    for _ in range(2):
        VECTORS.save(tmp_path / name, file_format)
    assert load(tmp_path / name) == VECTORS


@pytest.mark.parametrize("name", ["v.txt", "v.bin", "v.csv", "v.glove", "v.vec", "v"])
@pytest.mark.parametrize("ending, open_one", [(".gz", gzip.open), (".bz2", bz2.open), (".xz", lzma.open)])
def test_compressed_files_hold_the_same_bytes_and_are_always_the_same(tmp_path, name, ending, open_one):
    VECTORS.save(tmp_path / name)
    VECTORS.save(tmp_path / (name + ending))
    first = (tmp_path / (name + ending)).read_bytes()
    with open_one(tmp_path / (name + ending)) as stream:
        assert stream.read() == (tmp_path / name).read_bytes()
    VECTORS.save(tmp_path / (name + ending))
    assert (tmp_path / (name + ending)).read_bytes() == first
    (tmp_path / "text").with_name(name + ending).write_bytes(gzip.compress(b"my only copy"))
    with pytest.raises(OutputError, match="holds no vectors"):
        VECTORS.save(tmp_path / (name + ending))


def test_zstd_is_written_or_its_extra_is_named_before_any_work(corpus):
    if zstd_is_known():
        VECTORS.save(corpus / "v.txt.zst")
        assert (corpus / "v.txt.zst").read_bytes().startswith(b"\x28\xb5\x2f\xfd")
        assert load(corpus / "v.txt.zst") == VECTORS
        return
    told = re.escape("writing zstd needs an extra package: pip install 'w2v[zstd]'")
    with pytest.raises(MissingExtraError, match=told):
        VECTORS.save(corpus / "v.txt.zst")
    process = w2v("train", "corpus.txt", *QUICK, "-o", "v.txt.zst", cwd=corpus)
    assert "w2v[zstd]" in error_line(process)
    assert process.returncode == 1
    assert not (corpus / "v.txt.zst").exists()


def zstd_is_known():
    try:
        __import__("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
    except ImportError:
        return False
    return True


# Training


@pytest.mark.parametrize("name", ["v.json", "v.parquet", "v.npz.gz", "v.model", "v.wiki"])
def test_training_refuses_the_name_before_it_reads_any_text(corpus, name):
    process = w2v("train", "corpus.txt", "--dim", "5", "-o", name, cwd=corpus)
    assert process.returncode == 2
    assert error_line(process).startswith(f"{name}: ")
    assert [path.name for path in corpus.iterdir()] == ["corpus.txt"]


@pytest.mark.parametrize(
    "arguments, start",
    [
        (["-output", "vectors.bin", "-binary", "1"], b"11 5\n"), (["-output", "vectors", "-binary", "1"], b"11 5\n"),
        (["-output", "vec.txt", "-binary", "0"], b"11 5\nthe "), (["-o", "v.csv.gz", "--no-counts"], b"\x1f\x8b"),
        (["-o", "v.npy"], b"\x93NUMPY"), (["-o", "v.emb", "--to", "glove"], b"the "), (["-o", "v.xz"], b"\xfd7zXZ"),
    ],
)  # fmt: skip
def test_training_writes_what_the_name_and_the_options_say(corpus, arguments, start):
    process = w2v("train", "corpus.txt", *QUICK, *arguments, cwd=corpus)
    assert (process.returncode, process.stderr) == (0, b"")
    content = (corpus / arguments[1]).read_bytes()
    assert content.startswith(start)
    assert (b"the 0." in content or b"the -0." in content) == start.endswith(b"the ")
    assert len(load(corpus / arguments[1])) == 11
    assert ((corpus / f"{arguments[1]}.counts").exists()) == ("--no-counts" not in arguments)


@pytest.mark.parametrize(
    "arguments, told",
    [
        (["-output", "vec.txt", "-binary", "1"],
        "vec.txt: the ending .txt means the format word2vec, not word2vec-binary"),
        (["-output", "vec.bin", "-binary", "0"],
        "vec.bin: the ending .bin means the format word2vec-binary, not word2vec"),
        (["-o", "-", "--to", "npy"], "--to npy takes two files; write to a file instead of standard output"),
        (["-o", "v.npy", "--log", "v_words.txt"], "--log and the words of --output are both v_words.txt"),
        (["-o", "v.txt", "--save-vocab", "v.txt.counts"],
        "--save-vocab and the counts of --output are both v.txt.counts"),
        (["--save-model", "m.npz"], "m.npz: a model can't be written as .npz; end the name in .model"),
        (["--save-model", "m.model.gz"], "m.model.gz: a model can't be written compressed; leave off .gz"),
        (["--log", "run.csv"], "run.csv: a log of training can't be written as .csv; end the name in .jsonl"),
        (["--log", "run.jsonl.gz"], "run.jsonl.gz: a log of training can't be written compressed; leave off .gz"),
        (["--save-vocab", "v.csv"], "v.csv: word counts can't be written as .csv; end the name in .txt"),
        (["--save-vocab", "v.csv.gz"], "v.csv.gz: word counts can't be written as .csv; end the name in .txt"),
    ],
)  # fmt: skip
def test_training_refuses_names_that_contradict_what_is_written(corpus, arguments, told):
    process = w2v("train", "corpus.txt", *QUICK, *arguments, cwd=corpus)
    assert told in error_line(process)
    assert process.returncode == 2
    assert [path.name for path in corpus.iterdir()] == ["corpus.txt"]


def test_training_writes_any_stream_format_to_standard_output(corpus):
    found = w2v("train", "corpus.txt", *QUICK, "-o", "-", "--to", "word2vec-binary", cwd=corpus).stdout
    w2v("train", "corpus.txt", *QUICK, "-o", "v.bin", cwd=corpus)
    assert found == (corpus / "v.bin").read_bytes()


def test_counts_that_something_else_stands_in_the_way_of_are_refused_before_training(corpus):
    (corpus / "v.txt.counts").write_text("my only copy\n")
    process = w2v("train", "corpus.txt", *QUICK, "-o", "v.txt", cwd=corpus)
    assert "v.txt.counts: exists, holds no word counts, and would be overwritten" in error_line(process)
    assert not (corpus / "v.txt").exists()
    assert w2v("train", "corpus.txt", *QUICK, "-o", "v.txt", "--no-counts", cwd=corpus).returncode == 0
    assert (corpus / "v.txt.counts").read_text() == "my only copy\n"


# Other outputs


@pytest.mark.parametrize(
    "kind, fine, refused",
    [
        (file_kinds.MODEL, ["m", "m.model", "m.safetensors", "m.w2v", "en.wiki"], ["m.npz", "m.txt", "m.bin",
        "m.json", "m.gz"]),
        (file_kinds.WORD_COUNTS, ["v", "v.txt", "v.vocab", "v.txt.gz", "text8.counts.xz", "en.words"],
         ["v.csv", "v.tsv", "v.json", "v.npz", "v.npz.gz", "v.bin", "v.model", "v.html", "v.xlsx"]),
        (file_kinds.PHRASES, ["p", "p.tsv", "p.txt", "p.tsv.gz"], ["p.csv", "p.json", "p.npy", "p.pkl"]),
        (file_kinds.TRAINING_LOG, ["l", "l.jsonl", "l.log", "l.txt"], ["l.csv", "l.json", "l.jsonl.gz", "l.npz"]),
        (file_kinds.WORD_GROUPS, ["c", "c.txt", "c.txt.bz2", "classes.sorted"], ["c.csv", "c.tsv", "c.json",
        "c.bin", "c.pdf"]),
        (file_kinds.joined_text("_"), ["t", "t.txt", "train.en", "text.tok.gz"], ["t.csv", "t.json", "t.bin", "t.zip"]),
    ],
)  # fmt: skip
def test_no_output_is_written_under_a_name_that_promises_something_else(tmp_path, kind, fine, refused):
    for name in fine:
        file_kinds.check_output(tmp_path / name, kind)
    for name in refused:
        with pytest.raises(UsageError, match=f"{name}: .* can't be written (as|compressed)"):
            file_kinds.check_output(tmp_path / name, kind)


def test_lists_and_texts_are_written_compressed(corpus):
    for arguments in (
        ["vocab", "corpus.txt", "-o", "counts.txt.gz"],
        [
            "phrases",
            "corpus.txt",
            "--min-count",
            "1",
            "--threshold",
            "1",
            "--list",
            "list.tsv.gz",
            "-o",
            "joined.txt.gz",
        ],
        ["train", "joined.txt.gz", *QUICK, "--save-vocab", "vocab.txt.gz", "-o", "v.txt.gz"],
        ["cluster", "v.txt.gz", "-k", "2", "-o", "groups.txt.gz"],
        ["train", "corpus.txt", *QUICK, "--read-vocab", "counts.txt.gz", "-o", "again.txt"],
        ["phrases", "corpus.txt", "--use", "list.tsv.gz", "-o", "joined.txt.gz", "-q"],
    ):
        for _ in range(2):  # the second time, the earlier output is replaced
            process = w2v(*arguments, cwd=corpus)
            assert process.returncode == 0, process.stderr
    for path in corpus.glob("*.gz"):
        assert gzip.decompress(path.read_bytes())
        assert path.read_bytes()[4:8] == bytes(4)  # no time
    assert gzip.decompress((corpus / "counts.txt.gz").read_bytes()).startswith(b"the 120\n")


def test_python_refuses_the_same_names(corpus):
    for arguments, told in (
        ({"save_vocab": "v.csv"}, "word counts can't be written as .csv"),
        ({"save_model": "m.npz"}, "a model can't be written as .npz"),
        ({"log": "l.csv"}, "a log of training can't be written as .csv"),
    ):
        with pytest.raises(UsageError, match=told):
            library.train(corpus / "corpus.txt", **arguments)
    phrases = library.find_phrases(corpus / "corpus.txt", min_count=1, threshold=1)
    with pytest.raises(UsageError, match=r"phrases can't be written as \.json; end the name in \.tsv"):
        phrases.save(corpus / "p.json")
    phrases.save(corpus / "p.tsv.gz")
    assert list(type(phrases).load(corpus / "p.tsv.gz")) == list(phrases)


# Two files of one vectors


@pytest.mark.parametrize("name", ["v.tsv", "v.npy", "v.txt"])
@pytest.mark.parametrize("failing", [0, 1])
def test_all_files_of_vectors_are_replaced_or_none(tmp_path, monkeypatch, name, failing):
    first = Vectors(["a", "b"], [[1, 2], [3, 4]], counts=[2, 1])
    first.save(tmp_path / name)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert len(before) > 1
    renamed = []
    rename = NewFile.rename

    def failing_rename(new):
        if len(renamed) == failing:
            raise OSError(28, "No space left on device")
        renamed.append(new)
        rename(new)

    monkeypatch.setattr(NewFile, "rename", failing_rename)
    with pytest.raises(
        OutputError, match=f"{name}: can't be written \\(No space left on device\\); nothing was changed"
    ):
        Vectors(["c", "d"], [[5, 6], [7, 8]], counts=[4, 3]).save(tmp_path / name)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_vectors_go_to_a_device_without_other_files(tmp_path):
    code = (
        "import w2v; vectors = w2v.Vectors(['king'], [[1, 2]], counts=[3]);"
        "vectors.save('/dev/stdout'); vectors.save('/dev/stdout', 'glove')"
    )
    process = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment(), capture_output=True, check=False
    )
    assert (process.stdout, process.stderr) == (b"1 2\nking 1 2\nking 1 2\n", b"")
    assert not list(tmp_path.iterdir())


# Tables of other programs


@pytest.mark.parametrize(
    "content",
    [
        "word,d1,d2\nking,0.5,-1\nnew york,2,1e-3\n", "king,0.5,-1\r\nnew york,2,1e-3\r\n",
        "\ufeffking;0,5;-1\nnew york;2;0,001\n",
        "Token;a;b\nking;0.5;-1\nnew york;2;0.001", '"word","0","1"\n"king","0.5","-1"\n"new york","2","0.001"\n',
        ",0,1\nking,0.5,-1\nnew york,2,0.001\n", ",word,0,1\n0,king,0.5,-1\n1,new york,2,0.001\n",
        "word\tx\ty\nking\t0.5\t-1\n\nnew york\t2\t0.001\n", "id,Word,x,y\n7,king,.5,-1.\n8,new york,2.0,0.001\n",
    ],
)  # fmt: skip
def test_tables_of_other_programs_are_read(tmp_path, content):
    (tmp_path / "v.csv").write_text(content, newline="")
    found = load(tmp_path / "v.csv")
    assert found.words == ["king", "new york"]
    assert found.matrix.tolist() == [[0.5, -1], [2, np.float32(0.001)]]


@pytest.mark.parametrize(
    "content, told",
    [
        ("word,d1,d2\nking,0.5,-1\nqueen,0.5\n", "v.csv:3: 1 value, other lines have 2"),
        ("word,d1,d2\nking,0.5,-1\nqueen,0.5,x\n", "v.csv:3: 'x' in the vector of 'queen' is not a number"),
        ('word,d1,d2\n"a\nb",0.5,-1\nqueen,0.5,nan\n', "v.csv:4: the vector of 'queen' has the value nan"),
        ('word,d1,d2\n"king,0.5,-1\n', "v.csv:2: a quote has no end"),
        ('word,d1,d2\n"king"s,0.5,-1\n', "v.csv:2: has text after a quoted word"),
        ("word,d1,d2\n,0.5,-1\n", "v.csv:2: has no word"),
        ("word,d1,d2\n", "v.csv"), ("a,b\nc,d\n", "v.csv"), ("some, prose\nand, more\n", "v.csv"),
        (b"word,d1,d2\nk\xf6nig,0.5,-1\n", "v.csv:2: "), (b"word,d1,d2\nk\xf6nig x,0.5,-1\n", "v.csv:2: "),
        (b"\0\1,\2\n" * 20, "v.csv"),
    ],
)  # fmt: skip
def test_bad_tables_are_refused_in_one_line(tmp_path, content, told):
    (tmp_path / "v.csv").write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(VectorsError) as caught:
        load(tmp_path / "v.csv")
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_other_programs_read_our_tables(tmp_path):
    vectors = Vectors(['say "no", 王', "a\nb", "=1+1"], [[1, -0.5], [0.1, 1e-5], [3, 4]])
    vectors.save(tmp_path / "v.csv")
    assert (tmp_path / "v.csv").read_bytes() == (
        b'\xef\xbb\xbfword,d1,d2\n"say ""no"", \xe7\x8e\x8b",1,-0.5\n"a\nb",0.1,1e-05\n=1+1,3,4\n'
    )
    import csv

    with (tmp_path / "v.csv").open(newline="", encoding="utf-8-sig") as stream:
        names, *rows = csv.reader(stream)
    assert names == ["word", "d1", "d2"]
    assert [row[0] for row in rows] == list(vectors.words)
    Vectors(["a"], [[1]]).save(tmp_path / "ascii.csv")
    assert (tmp_path / "ascii.csv").read_bytes() == b"word,d1\na,1\n"


@pytest.mark.parametrize("name", ["v_words.txt", "v.words", "v.vocab", "v.txt"])
def test_arrays_of_other_programs_are_read_with_words_beside_them(tmp_path, name):
    np.save(tmp_path / "v.npy", np.array([[1.0, 2], [3, 4]], order="F"))
    (tmp_path / name).write_bytes(b"king\r\nnew york\r\n")
    assert load(tmp_path / "v.npy") == Vectors(["king", "new york"], [[1, 2], [3, 4]])


@pytest.mark.parametrize(
    "array, words, told",
    [
        (np.ones((2, 2), np.float32), None, "has no words with it; put them into"),
        (np.ones((2, 2), np.float32), "a\n", "holds 2 vectors, and its words are 1"),
        (np.ones((2, 2), np.float32), "a\n\n", "v_words.txt:2: there is no word in this line"),
        (np.ones(2, np.float32), "a\nb\n", "must hold floats of shape (V, d), but holds float32 of shape (2,)"),
        (np.ones((2, 2), np.int8), "a\nb\n", "must hold floats of shape (V, d)"),
        (np.array([["a"]], object), "a\n", "can't be read as a NumPy array"),
        (np.array([[1], [np.inf]]), "a\nb\n", "vector 2 has a value that is not a finite float32"),
    ],
)  # fmt: skip
def test_bad_arrays_are_refused_in_one_line(tmp_path, array, words, told):
    np.save(tmp_path / "v.npy", array)
    if words is not None:
        (tmp_path / "v_words.txt").write_text(words)
    with pytest.raises(VectorsError) as caught:
        load(tmp_path / "v.npy")
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_cut_array_is_refused(tmp_path):
    VECTORS.save(tmp_path / "v.npy")
    whole = (tmp_path / "v.npy").read_bytes()
    for size in (7, 20, 100, len(whole) - 1):
        (tmp_path / "v.npy").write_bytes(whole[:size])
        with pytest.raises(VectorsError, match=r"v\.npy: can't be read as a NumPy array"):
            load(tmp_path / "v.npy")
