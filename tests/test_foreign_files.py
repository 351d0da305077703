"""Files of other programs are recognised by their first bytes, and the way out that the message names works."""

import gzip
import json
import pickle
import sqlite3

import numpy as np
import pytest
from console import error_line
from console import inside as w2v
from optional import optional

import w2v as library
from w2v.foreign_files import KINDS, foreign_kind, utf_of
from w2v.vectors import load

SENTENCES = [["the", "king", "rules"], ["the", "queen", "rules"], ["a", "cat", "sat"]] * 20
ROWS = "king 0.5 0.25\nqueen 0.5 0.35\n"


def told(folder, name="file"):
    """Return the message of `w2v info` about a foreign file, after checking that the file is named once."""
    line = error_line(w2v("info", name, cwd=folder))
    assert line.startswith(f"{name}: is ")
    return line


def run_advice(line, folder, monkeypatch, **names):
    """Run the Python that a message names, in the folder of the file."""
    monkeypatch.chdir(folder)
    exec(line.partition("in Python: ")[2], {"w2v": library, **names})


@pytest.mark.parametrize(
    "start, name",
    [
        (b"%PDF-1.7\n", "a PDF document, not vectors"),
        (b"\x89PNG\r\n\x1a\n", "an image, not vectors"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "an image"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "an image"),
        (b"\x89HDF\r\n\x1a\n" + bytes(20), "an HDF5 file; read it with h5py.File('file')"),
        (b"FiFu\0\0\0\0", "a file of finalfusion; convert it"),
        (b"PAR1\x15\0", "a Parquet file; read it with pandas.read_parquet('file')"),
        (b"ARROW1\0\0", "a file of Arrow or Feather"),
        (b"GGUF\x03\0\0\0", "a GGUF model, not vectors"),
        (
            b"PK\x03\x04" + bytes(22) + b"\x10\0\0\0archive/data.pkl",
            "a file of PyTorch; read it with torch.load(",
        ),
        (b"PK\x03\x04" + bytes(22) + b"\x13\0\0\0[Content_Types].xml", "a document of a word processor or a spreads"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n", "a pointer of Git LFS"),
        (b"<!DOCTYPE html>\n<html><head>", "a web page; the download may have failed; get the file again"),
        (b"\n <HTML>\n", "a web page"),
        (b'<?xml version="1.0"?>\n', "an XML document"),
        (b'{"king": [0.5, 0.25]}', "a JSON file"),
        (b"10 10 2 3 2 2166136261 < >\n0 -2.2 3.9 2.6\n", "a table of floret"),
        (ROWS.encode("utf-16"), "text in UTF-16; convert it: iconv -f UTF-16 -t UTF-8 file"),
        (ROWS.encode("utf-16-be"), "text in UTF-16"),
        (ROWS.encode("utf-32-le"), "text in UTF-32"),
        (b"7z\xbc\xaf'\x1c\0\4", "a 7z archive; unpack it"),
        (b"a.txt".ljust(257, b"\0") + b"ustar\x0000", "a tar archive; unpack it: tar -xf file"),
        (gzip.compress(b"v.txt".ljust(257, b"\0") + b"ustar\x0000", mtime=0), "a tar archive"),
        (gzip.compress(b"PK\x03\x04" + bytes(30), mtime=0), "a ZIP archive; decompress it; then unpack it"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old document of Microsoft Office, or thumbnails of Windows"),
        (b"RDX3\nX\n\0\0\0\3", "a file of R"),
    ],
)
def test_what_a_file_is(tmp_path, start, name):
    (tmp_path / "file").write_bytes(start)
    assert f"is {name}" in told(tmp_path)


@pytest.mark.parametrize("word", ["{", "[", "<html>", "{\\rtf", "%PDF-", "<?xml", "BM", "GGUF", "ID3", "PAR1", "RIFF"])
def test_vectors_whose_first_word_looks_like_another_file_are_read(tmp_path, word):
    for name, text in (("v.txt", f"2 2\n{word} 1 2\nking 3 4\n"), ("g.txt", f"{word} 1 2\nking 3 4\n")):
        (tmp_path / name).write_text(text)
        assert list(load(tmp_path / name)) == [word, "king"]


@pytest.mark.parametrize("protocol", range(6))
def test_pickles(tmp_path, protocol):
    (tmp_path / "file").write_bytes(pickle.dumps({"words": ["king"], "matrix": np.ones((1, 2))}, protocol))
    assert "pickle" in told(tmp_path) or not protocol


@pytest.mark.parametrize("attribute", ["", "wv"])
@pytest.mark.parametrize("kind", ["Word2Vec", "FastText", "Doc2Vec"])
def test_files_of_gensim(tmp_path, monkeypatch, kind, attribute):
    gensim = optional("gensim")
    from gensim.models.doc2vec import TaggedDocument

    texts = [TaggedDocument(text, [n]) for n, text in enumerate(SENTENCES)] if kind == "Doc2Vec" else SENTENCES
    options = {"bucket": 100} if kind == "FastText" else {}
    model = getattr(gensim.models, kind)(texts, vector_size=8, min_count=1, epochs=1, workers=1, **options)
    saved = getattr(model, attribute) if attribute else model
    saved.save(str(tmp_path / "file"))
    line = told(tmp_path)
    assert "is a file of gensim; in Python: w2v.Vectors.from_gensim(gensim.models.KeyedVectors.load('file'))" in line
    run_advice(line, tmp_path, monkeypatch, gensim=gensim)
    found = load(tmp_path / "vectors.txt")
    assert list(found) == model.wv.index_to_key
    assert np.array_equal(found.matrix, model.wv.vectors)


@pytest.mark.parametrize("supervised", [False, True])
def test_models_of_fasttext(tmp_path, monkeypatch, supervised):
    fasttext, gensim = optional("fasttext"), optional("gensim")
    load_facebook_vectors = optional("gensim.models.fasttext").load_facebook_vectors  # imports what the advice uses
    assert load_facebook_vectors

    label = "__label__a " if supervised else ""
    (tmp_path / "text").write_text("".join(f"{label}{' '.join(words)}\n" for words in SENTENCES))
    train = fasttext.train_supervised if supervised else fasttext.train_unsupervised
    model = train(str(tmp_path / "text"), dim=8, minCount=1, bucket=100, epoch=1, thread=1, verbose=0)
    model.save_model(str(tmp_path / "file"))
    line = told(tmp_path)
    assert ("a text classifier of fastText" if supervised else "a model of fastText") in line
    run_advice(line, tmp_path, monkeypatch, gensim=gensim, fasttext=fasttext)
    found = load(tmp_path / ("vectors.txt" if supervised else "vectors.bin"))
    assert sorted(found) == sorted(model.get_words())
    assert np.allclose(found["king"], model["king"], atol=1e-6)


def test_json_of_vectors(tmp_path, monkeypatch):
    (tmp_path / "file").write_text(json.dumps({"king": [0.5, 0.25], "queen": [0.5, 0.35]}))
    with (tmp_path / "file").open() as file:
        run_advice(told(tmp_path), tmp_path, monkeypatch, json=json, open=lambda _: file)
    assert list(load(tmp_path / "vectors.txt")) == ["king", "queen"]


def test_databases(tmp_path):
    with sqlite3.connect(tmp_path / "file") as database:
        database.execute("CREATE TABLE magnitude (key TEXT COLLATE NOCASE, dim_0 INTEGER, dim_1 INTEGER)")
        database.execute("CREATE TABLE magnitude_format (key TEXT COLLATE NOCASE, value INTEGER)")
        database.execute("INSERT INTO magnitude VALUES ('king', 5000000, 2500000), ('queen', 5000000, 3500000)")
    database.close()
    assert "a database of Magnitude; write its vectors with: sqlite3 -separator ' ' file 'SELECT" in told(tmp_path)
    with sqlite3.connect(tmp_path / "file") as database:
        rows = database.execute("SELECT * FROM magnitude").fetchall()
    database.close()
    (tmp_path / "vectors.glove.txt").write_text("".join(f"{' '.join(map(str, row))}\n" for row in rows))
    assert list(load(tmp_path / "vectors.glove.txt")) == ["king", "queen"]


@pytest.mark.parametrize(
    "file, name", [("vocab/vectors", "a pipeline of spaCy"), ("saved_model.pb", "a model of TensorFlow")]
)
def test_folders(tmp_path, file, name):
    (tmp_path / "file" / file).parent.mkdir(parents=True)
    (tmp_path / "file" / file).write_bytes(b"")
    assert name in told(tmp_path)


def test_a_compressed_file_is_recognised_by_its_content(tmp_path):
    (tmp_path / "v.bin.gz").write_bytes(gzip.compress(ROWS.encode("utf-16"), mtime=0))
    assert "is text in UTF-16; decompress it; then convert it: iconv -f UTF-16 -t UTF-8 v.bin >" in told(
        tmp_path, "v.bin.gz"
    )


def test_utf16_and_utf32_are_told_from_other_bytes():
    for text in (ROWS, "привет мир\n" * 20, "中文 字符\n" * 20, "हिन्दी पाठ\n" * 20, "é\n"):
        for size in (16, 32):
            for order in ("", "-le", "-be"):
                assert utf_of(text.encode(f"utf-{size}{order}")) == f"UTF-{size}"
        assert utf_of(text.encode()) is None
        assert utf_of(text.encode() + b"\0" + text.encode()) is None
    assert utf_of(np.random.default_rng(1).normal(size=100).astype("<f4").tobytes()) is None
    assert utf_of(bytes(100)) is None
    assert utf_of(b"") is None


def test_each_kind_says_what_it_is():
    for kind in KINDS:
        assert kind.name.split()[0] in ("a", "an", "compressed", "text")
        for message in (kind.without_vectors("it's.bin"), kind.without_text("it's.bin")):
            assert message.startswith(f"it's.bin: is {kind.name}")
            assert "{" not in message or "words" in message
    assert foreign_kind(b"") is None
    assert foreign_kind(b"the king of the land\n") is None


@pytest.mark.parametrize(
    "args",
    [
        ("evaluate", "v.glove.txt", "pairs", "file"),
        ("evaluate", "v.glove.txt", "analogies", "file"),
        ("phrases", "text.txt", "--use", "file", "-o", "out.txt"),
        ("train", "text.txt", "--read-vocab", "file", "-o", "out.txt"),
        ("convert", "v.glove.txt", "out.txt", "--words", "file"),
    ],
)
@pytest.mark.parametrize(
    "data, name",
    [
        (pickle.dumps(["gensim.models.keyedvectors"] * 9), "a file of gensim, not text"),
        (b"\x93NUMPY\x01\0", "a NumPy array, without words, not text"),
        (gzip.compress("the cat".encode("utf-32"), mtime=0), "text in UTF-32; convert it first: iconv -f UTF-32"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a PDF document; extract its text first: pdftotext file"),
    ],
)
def test_foreign_files_in_place_of_text_are_named_too(tmp_path, args, data, name):
    (tmp_path / "file").write_bytes(data)
    (tmp_path / "v.glove.txt").write_text(ROWS)
    (tmp_path / "text.txt").write_text("the cat sat\n" * 9)
    line = error_line(w2v(*args, cwd=tmp_path))
    assert line.startswith(f"file: is {name}")
