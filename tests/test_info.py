"""`w2v info`: the description of a file of vectors or a model."""

import gzip
import json
import re
from pathlib import Path

import numpy as np
import pytest
from console import error_line
from console import inside as w2v

import w2v as library
from w2v.model_file import ModelFile
from w2v.vectors.formats import file_format

TEXT = "the king and the queen see the old castle\n" * 20
WORDS = ["ein", "wörtchen", "第三"]
MATRIX = np.array([[3, 4], [0.5, 0], [-5, 12]], np.float32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with vectors in several formats, and a model trained twice."""
    folder = tmp_path_factory.mktemp("info")
    (folder / "corpus.txt").write_text(TEXT)
    quick = {"dim": 5, "epochs": 2, "threads": 1, "sample": 0, "min_count": 1}
    library.train(folder / "corpus.txt", save_model=folder / "first", **quick)
    library.train(folder / "corpus.txt", save_model=folder / "m", init=folder / "first", threads=1, epochs=3)
    library.Vectors(WORDS, MATRIX).save(folder / "vectors.txt")
    for name in ("v.bin", "v.npz", "v.safetensors", "v.glove"):
        library.Vectors(WORDS, MATRIX).save(folder / name)
    return folder


@pytest.mark.parametrize(
    "name, told",
    [
        ("vectors.txt", "word2vec"), ("v.bin", "word2vec-binary"), ("v.npz", "npz"), ("v.safetensors", "safetensors"),
        ("v.glove", "glove"), ("m", "model"),
    ],
)  # fmt: skip
def test_every_format_is_named(folder, name, told):
    assert file_format(folder / name) == told


def test_vectors_as_json(folder):
    process = w2v("info", "v.glove", "--json", "--no-cache", cwd=folder)
    found = json.loads(process.stdout)
    assert found == {
        "file": "v.glove", "bytes": (folder / "v.glove").stat().st_size, "format": "glove", "words": 3, "dim": 2,
        "first_words": WORDS, "norms": {"min": 0.5, "mean": pytest.approx(18.5 / 3), "max": 13.0},
        "counted": None,
    }  # fmt: skip


def test_vectors_for_people(folder):
    process = w2v("info", "vectors.txt", cwd=folder)
    assert process.stderr == b""
    assert process.stdout.decode().splitlines() == [
        f"file          vectors.txt, {(folder / 'vectors.txt').stat().st_size} B".replace(" B", "B"),
        "format        word2vec",
        "words         3, without counts",
        "dimensions    2",
        "first words   ein wörtchen 第三",
        "vector norms  min 0.5, mean 6.167, max 13",
    ]


@pytest.mark.parametrize("name", ["counted.txt", "counted.npz", "counted.safetensors"])
def test_counts_and_options_that_are_known(folder, name):
    metadata = {"w2v": "1", "options": {"tokens": "words", "dim": 2}}
    library.Vectors(WORDS, MATRIX, counts=[9, 1, 1], metadata=metadata).save(folder / name)
    lines = w2v("info", name, cwd=folder).stdout.decode().splitlines()
    assert "words         3, counted 11 times" in lines
    assert "first words   ein 9, wörtchen 1, 第三 1" in lines
    assert ("options       tokens=words dim=2" in lines) == (name != "counted.txt")
    found = json.loads(w2v("info", name, "--json", cwd=folder).stdout)
    assert (found["counted"], found["first_counts"]) == (11, [9, 1, 1])
    assert found.get("metadata") == (None if name == "counted.txt" else metadata)


def test_a_model_as_json(folder):
    found = json.loads(w2v("info", "m", "--json", cwd=folder).stdout)
    facts = ModelFile.open(folder / "m").facts
    assert found["words"] == found["output_rows"] == 7
    assert (found["dim"], found["format"], found["counted"]) == (5, "model", 180)
    assert found["first_words"][:2] == ["the", "and"]
    assert found["first_counts"] == [60, 20, 20, 20, 20, 20, 20]
    assert (found["done"], found["epochs"], found["epochs_before"]) == (1.0, 3, 2)
    assert found["trained_words"] == 3 * 180
    assert found["losses"] == facts["losses"]
    assert len(found["losses"]) == 3
    assert found["options"]["training"]["sample"] == 0
    assert found["options"]["vocabulary"]["min_count"] == 1
    assert not {"threads", "work_dir"} & found["options"]["corpus"].keys() | found["options"]["training"].keys() & {
        "threads"
    }


def test_a_model_for_people(folder):
    lines = dict(
        re.split(r"  +", line, maxsplit=1) for line in w2v("info", "m", cwd=folder).stdout.decode().splitlines()
    )
    assert lines["words"] == "7, counted 180 times; 7 rows in the output layer"
    assert lines["first words"].startswith("the 60, and 20, castle 20")
    assert lines["training"] == "3 epochs, complete, after 2 epochs of earlier runs"
    assert lines["trained on"].startswith("540 words in ")
    assert re.fullmatch(r"\d\.\d{4} \d\.\d{4} \d\.\d{4}", lines["losses"])
    assert "model=skipgram" in lines["training options"]


@pytest.mark.parametrize(
    "name, told",
    [
        ("nowhere", "nowhere: no such file; train vectors with 'w2v train corpus.txt', or name another file"),
        ("corpus.txt", "corpus.txt:1: neither a header such as"),
        (".", ".: is a folder, not a vectors file"),
        ("cut", "cut: is damaged or cut short"),
    ],
)
def test_files_that_hold_neither(folder, name, told):
    Path(folder, "cut").write_bytes((folder / "m").read_bytes()[:-1])
    process = w2v("info", name, cwd=folder)
    assert told in error_line(process)
    assert process.returncode == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["info", "words.txt"], ["info", "words.gz"], ["similar", "king", "--vectors", "words.txt"],
        ["cluster", "words.txt", "-k", "2"], ["evaluate", "words.txt", "pairs", "pairs.txt"],
    ],
)  # fmt: skip
def test_words_and_counts_are_not_mistaken_for_vectors(folder, arguments):
    assert w2v("vocab", "corpus.txt", "--min-count", 1, "-o", "words.txt", cwd=folder).returncode == 0
    (folder / "words.gz").write_bytes(gzip.compress((folder / "words.txt").read_bytes()))
    (folder / "pairs.txt").write_text("king queen 8\nking castle 5\n")
    process = w2v(*arguments, cwd=folder)
    name = next(argument for argument in arguments if argument.startswith("words"))
    told = f"{name}: holds words and counts, not vectors; train vectors with 'w2v train corpus.txt', or name"
    assert told in error_line(process)
    assert process.returncode == 1


@pytest.mark.parametrize(
    "text, words",
    [
        ("3 1\na 1\nb 1\nc 0\n", ["a", "b", "c"]),
        ("a 1\nb 2\n", ["a", "b"]),
        ("a 2\nb 1.0\n", ["a", "b"]),
        ("a 2\nb -1\n", ["a", "b"]),
        ("a 2 2\nb 1 1\n", ["a", "b"]),
    ],
)
def test_vectors_are_not_mistaken_for_words_and_counts(tmp_path, text, words):
    (tmp_path / "v.txt").write_text(text)
    found = json.loads(w2v("info", "v.txt", "--json", cwd=tmp_path).stdout)
    assert found["first_words"] == words
