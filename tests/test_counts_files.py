"""Word counts stay with vectors: in the file where it has room for them, or in a list beside it."""

import os
import pickle
import subprocess
import sys
import time

import numpy as np
import pytest
import safetensors.numpy
from console import environment, error_line
from console import inside as w2v

import w2v as library
from w2v.errors import OutputError, UsageError, VectorsError
from w2v.vectors import Vectors, load
from w2v.vectors.formats import WRITTEN
from w2v.vectors.formats.npz import FORMAT as NPZ

TEXT = "the king and the queen see the old castle\n" * 20
METADATA = {"w2v": "1", "options": {"tokens": "words", "dim": 2}}
VECTORS = Vectors(["the", "king", "王"], [[1, 0.5], [0.25, -1], [3, 4]], counts=[9, 0, 5], metadata=METADATA)
NAMES = [f"v{known.endings[0]}" for known in WRITTEN.values()]
BESIDE = [f"v{known.endings[0]}" for known in WRITTEN.values() if known.provenance is None]


@pytest.mark.parametrize("name", [*NAMES, "v.txt.gz", "v.csv.xz", "v", "news.2024"])
def test_counts_come_back_in_every_format(tmp_path, name):
    for _ in range(2):
        VECTORS.save(tmp_path / name)
    found = load(tmp_path / name)
    assert found == VECTORS
    assert found.counts.tolist() == [9, 0, 5]
    assert not found.counts.flags.writeable
    assert found.metadata == ({} if (tmp_path / f"{name}.counts").exists() else METADATA)
    assert found.top(2).counts.tolist() == [9, 0]
    assert found.select(["王"]).counts.tolist() == [5]
    assert found.normalized().counts.tolist() == [9, 0, 5]
    assert pickle.loads(pickle.dumps(load(tmp_path / name))).counts.tolist() == [9, 0, 5]


@pytest.mark.parametrize("name", BESIDE)
def test_a_list_of_counts_is_a_vocabulary(tmp_path, name):
    VECTORS.save(tmp_path / name)
    assert (tmp_path / f"{name}.counts").read_text(encoding="utf-8") == "the 9\n王 5\nking 0\n"


def test_numpy_and_safetensors_alone_read_counts(tmp_path):
    VECTORS.save(tmp_path / "v.npz")
    with np.load(tmp_path / "v.npz") as archive:
        assert (archive["counts"].tolist(), archive["counts"].dtype) == ([9, 0, 5], np.int64)
    VECTORS.save(tmp_path / "v.safetensors")
    assert safetensors.numpy.load_file(tmp_path / "v.safetensors")["counts"].tolist() == [9, 0, 5]


@pytest.mark.parametrize("name", NAMES)
def test_counts_are_left_out_if_asked_for_and_earlier_ones_go(tmp_path, name):
    VECTORS.save(tmp_path / name)
    VECTORS.save(tmp_path / name, counts=False)
    assert load(tmp_path / name).counts is None
    assert not (tmp_path / f"{name}.counts").exists()
    with pytest.raises(UsageError, match="counts must be True or False"):
        VECTORS.save(tmp_path / name, counts=[1])


@pytest.mark.parametrize(
    "content",
    [
        b"the 9\nking 5\n", b"the 9\nking 5\nqueen 1\n", b"the 9\nking 5\n\xe7\x8e\x8b x\n",
        b"the 9\nking 5\n\xe7\x8e\x8b -1\n", b"",
        b"the 9\nking 5\n\xe7\x8e\x8b 1\nmore 1\n", b"\0\xff",
        b"the 9\nking 5\n\xe7\x8e\x8b 99999999999999999999\n", b"the 9\n" * 3,
        b"9\n9\n9\n",
    ],
)  # fmt: skip
def test_counts_of_other_words_and_damaged_ones_are_ignored(tmp_path, content):
    VECTORS.save(tmp_path / "v.txt")
    (tmp_path / "v.txt.counts").write_bytes(content)
    assert load(tmp_path / "v.txt").counts is None


def test_counts_may_be_in_any_order(tmp_path):
    VECTORS.save(tmp_path / "v.txt", counts=False)
    (tmp_path / "v.txt.counts").write_text("王 5\nking 7\nthe 9\n", encoding="utf-8")
    assert load(tmp_path / "v.txt").counts.tolist() == [9, 7, 5]


def test_counts_are_those_of_the_file_that_was_loaded(tmp_path):
    VECTORS.save(tmp_path / "v.txt")
    found = load(tmp_path / "v.txt")
    Vectors(VECTORS.words, VECTORS.matrix, counts=[3, 2, 1]).save(tmp_path / "v.txt")
    os.utime(tmp_path / "v.txt", (1, 1))
    assert found.counts is None
    assert load(tmp_path / "v.txt").counts.tolist() == [3, 2, 1]


def test_a_list_never_replaces_another_file(tmp_path):
    (tmp_path / "v.txt.counts").write_text("my only copy\n")
    with pytest.raises(OutputError, match=r"v\.txt\.counts: exists, holds no word counts, and would be overwritten"):
        VECTORS.save(tmp_path / "v.txt")
    Vectors(["a"], [[1, 2]]).save(tmp_path / "v.txt")
    assert (tmp_path / "v.txt.counts").read_text() == "my only copy\n"


def test_old_files_and_those_of_other_programs_are_read(tmp_path):
    np.savez(tmp_path / "v.npz", words=np.array(["a", "b"]), vectors=np.ones((2, 2)), counts=np.array(["x", "y"]))
    with pytest.raises(VectorsError, match="must hold V words as strings"):
        load(tmp_path / "v.npz")
    for counts in (np.array([1, 2, 3]), np.array([1, -2]), np.array([0.5, 1])):
        np.savez(tmp_path / "v.npz", words=np.array(["a", "b"]), vectors=np.ones((2, 2)), counts=counts)
        assert load(tmp_path / "v.npz").counts is None
    assert NPZ.provenance is not None
    with pytest.raises(VectorsError, match="can't be written as JSON"):
        Vectors(["a"], [[1, 2]], metadata={"x": object()}).save(tmp_path / "w.npz")
    assert not (tmp_path / "w.npz").exists()


@pytest.mark.parametrize("name", ["v.txt", "v.bin", "v.npz"])
def test_a_copy_in_the_cache_knows_its_counts(tmp_path, monkeypatch, name):
    monkeypatch.setenv("W2V_CACHE_DIR", str(tmp_path / "cache"))
    words = [f"w{number}" for number in range(12_000)]
    counts = np.arange(len(words))[::-1]
    Vectors(words, np.random.default_rng(1).normal(size=(len(words), 100)), counts=counts).save(tmp_path / name)
    os.utime(tmp_path / name, (time.time() - 3600,) * 2)
    for _ in range(2):
        assert load(tmp_path / name).counts.tolist() == counts.tolist()
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_loading_and_queries_read_no_counts(tmp_path):
    VECTORS.save(tmp_path / "v.txt")
    code = (
        "import w2v, pathlib; vectors = w2v.load('v.txt'); vectors.similar('king');"
        "pathlib.Path('v.txt.counts').unlink(); print(vectors.counts)"
    )
    process = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True
    )
    assert process.stdout == "None\n"


# From the command line


@pytest.fixture
def corpus(tmp_path):
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "corpus.txt").write_text(TEXT)
    return tmp_path


def test_training_and_conversion_keep_counts(corpus):
    quick = ["-q", "--dim", "5", "--epochs", "1", "--min-count", "1", "--threads", "1"]
    train = w2v("train", "text", *quick, "-o", "text/v.txt", "--save-model", "m.model", cwd=corpus)
    assert train.returncode == 0, train.stderr
    expected = [60, 20, 20, 20, 20, 20, 20]
    for source, target in (
        ("text/v.txt", "v.npz"),
        ("v.npz", "text/v.csv"),
        ("m.model", "v.npy"),
        ("v.npy", "v.bin.gz"),
    ):
        assert w2v("convert", "-q", source, target, cwd=corpus).returncode == 0
        assert load(corpus / target).counts.tolist() == expected
    assert w2v("convert", "-q", "m.model", "v.safetensors", "--top", "2", cwd=corpus).returncode == 0
    top = load(corpus / "v.safetensors")
    assert top.counts.tolist() == expected[:2]
    assert top.metadata["options"]["dim"] == 5
    assert w2v("convert", "-q", "m.model", "few.txt", "--no-counts", cwd=corpus).returncode == 0
    assert not (corpus / "few.txt.counts").exists()
    again = w2v("train", "text", *quick, "--read-vocab", "text/v.txt.counts", "-o", "again.txt", cwd=corpus)
    assert again.returncode == 0
    assert (corpus / "again.txt").read_bytes() == (corpus / "text" / "v.txt").read_bytes()


def test_a_folder_of_text_leaves_counts_out(corpus):
    library.train(corpus / "text", dim=5, epochs=1, min_count=1, threads=1).save(corpus / "text" / "v.txt")
    VECTORS.save(corpus / "text" / "w.bin")
    process = w2v("vocab", "text", cwd=corpus)
    assert process.stdout.startswith(b"the 60\n")


def test_bytes_that_are_no_text_are_converted(tmp_path):
    (tmp_path / "v.txt").write_bytes(b"2 2\ncaf\xe9 1 2\ntea 3 4\n")
    process = w2v("convert", "v.txt", "v.bin", cwd=tmp_path)
    assert "not UTF-8" in error_line(process)
    process = w2v("convert", "-q", "v.txt", "v.bin", "--encoding-errors", "surrogateescape", cwd=tmp_path)
    assert process.returncode == 0, process.stderr
    assert (tmp_path / "v.bin").read_bytes().startswith(b"2 2\ncaf\xe9 ")
    assert w2v("convert", "-q", "v.txt", "w.txt", "--encoding", "latin-1", cwd=tmp_path).returncode == 0
    assert (tmp_path / "w.txt").read_bytes() == "2 2\ncafé 1 2\ntea 3 4\n".encode()
