"""Words that are not UTF-8: read as the user says, printed as they are, and never mixed up in the cache."""

import json
import subprocess
import sys

import numpy as np
import pytest
from console import environment, error_line
from console import inside as w2v

from w2v.errors import UsageError, VectorsError
from w2v.options.encoding import EncodingOptions
from w2v.vectors import Vectors, cache, load

LATIN = "café 0.5 0.25\nqueen 0.5 0.35\nthé 1 2\n".encode("latin-1")
CUT = "東京 0.5 0.25\nqueen 0.5 0.35\n".encode() + "長い言葉".encode()[:-1] + b" 1 2\n"  # as word2vec.c cuts words


def binary(rows):
    lines = rows.split(b"\n")[:-1]
    parts = [line.split(b" ") for line in lines]
    body = b"".join(word + b" " + np.array(values, "<f4").tobytes() + b"\n" for word, *values in parts)
    return b"%d 2\n" % len(lines) + body


@pytest.fixture(params=["v.txt", "v.vec", "v.bin", "v.tsv"])
def latin(request, tmp_path):
    """The vectors of LATIN in one of the formats."""
    path = tmp_path / request.param
    if path.suffix == ".tsv":
        path.write_text("0.5\t0.25\n0.5\t0.35\n1\t2\n")
        (tmp_path / "v_metadata.tsv").write_bytes("café\nqueen\nthé\n".encode("latin-1"))
        return path
    path.write_bytes({".txt": LATIN, ".vec": b"3 2\n" + LATIN, ".bin": binary(LATIN)}[path.suffix])
    return path


def test_each_way(latin):
    with pytest.raises(VectorsError, match=r"not UTF-8: 'caf\ufffd'; name its encoding, as in encoding='latin-1', or"):
        load(latin)
    assert list(load(latin, encoding="latin-1")) == ["café", "queen", "thé"]
    assert list(load(latin, encoding="cp1252", encoding_errors="strict")) == ["café", "queen", "thé"]
    assert list(load(latin, encoding_errors="ignore")) == ["caf", "queen", "th"]
    assert list(load(latin, encoding_errors="replace")) == ["caf\ufffd", "queen", "th\ufffd"]
    assert list(load(latin, encoding_errors="surrogateescape")) == ["caf\udce9", "queen", "th\udce9"]
    assert list(load(latin, unicode_errors="ignore", binary=False)) == ["caf", "queen", "th"]


def test_a_word_that_was_cut_spoils_no_file(tmp_path):
    (tmp_path / "v.txt").write_bytes(CUT)
    assert "v.txt:3: the word is not UTF-8: '長い言\ufffd'" in error_line(w2v("info", "v.txt", cwd=tmp_path))
    assert list(load(tmp_path / "v.txt", encoding_errors="ignore")) == ["東京", "queen", "長い言"]


def test_a_message_shows_no_more_than_40_characters(tmp_path):
    (tmp_path / "v.txt").write_bytes(b"x" * 200 + b"\xe9 1 2\n")
    assert f"'{'x' * 40}...'; name" in error_line(w2v("info", "v.txt", cwd=tmp_path))


@pytest.mark.parametrize("name", ["foo", "utf-16", "", 5, "\0"])
def test_names_that_are_no_encoding_of_words(tmp_path, name):
    (tmp_path / "v.txt").write_bytes(LATIN)
    with pytest.raises(UsageError):
        load(tmp_path / "v.txt", encoding=name)
    with pytest.raises(UsageError, match="one of strict, replace, ignore, surrogateescape"):
        load(tmp_path / "v.txt", encoding_errors=name)
    with pytest.raises(UsageError, match="given twice"):
        load(tmp_path / "v.txt", encoding_errors="ignore", unicode_errors="ignore")


def test_words_that_become_equal_or_empty_are_left_out_with_one_note(tmp_path):
    (tmp_path / "v.txt").write_bytes(b"\xff 1 2\ncaf\xe9 3 4\ncaf\xe8 5 6\ntea 7 8\n")
    vectors = load(tmp_path / "v.txt", encoding_errors="ignore")
    assert list(vectors) == ["caf", "tea"]
    assert vectors.matrix.tolist() == [[3, 4], [7, 8]]
    process = w2v("info", "v.txt", "--encoding-errors", "ignore", cwd=tmp_path)
    assert process.stderr.count(b"note:") == 1
    assert b"left out 2 words that would be empty or repeated, in the file or by" in process.stderr
    (tmp_path / "v.txt").write_bytes(b"\xff 1 2\n\xfe 3 4\n")
    with pytest.raises(VectorsError, match="holds no words"):
        load(tmp_path / "v.txt", encoding_errors="ignore")


@pytest.mark.parametrize(
    "command",
    [
        ["info", "v.txt"],
        ["similar", "queen", "--vectors", "v.txt"],
        ["vector", "queen", "--vectors", "v.txt"],
        ["cluster", "v.txt", "-k", "2"],
        ["convert", "v.txt", "o.txt"],
    ],
)
def test_every_command_takes_the_options(tmp_path, command):
    (tmp_path / "v.txt").write_bytes(LATIN)
    assert b"name its encoding, as in --encoding latin-1" in w2v(*command, cwd=tmp_path).stderr
    assert not w2v(*command, "--encoding", "latin-1", cwd=tmp_path).returncode
    assert not w2v(*command, "--encoding-errors", "replace", cwd=tmp_path).returncode
    assert w2v(*command, "--encoding", "foo", cwd=tmp_path).returncode == 2


def test_bytes_come_out_as_they_went_in(tmp_path):
    (tmp_path / "v.txt").write_bytes(LATIN)
    start = [sys.executable, "-m", "w2v"]
    options = ["--vectors", "v.txt", "--encoding-errors", "surrogateescape"]
    plain = subprocess.run(
        [*start, "similar", b"caf\xe9", *options], cwd=tmp_path, env=environment(), capture_output=True, check=True
    ).stdout
    assert b"th\xe9 " in plain
    found = subprocess.run(
        [*start, "similar", b"caf\xe9", *options, "--json"], cwd=tmp_path, env=environment(), capture_output=True,
        check=True,
    ).stdout  # fmt: skip
    assert {one["word"] for one in json.loads(found.decode())} == {"queen", "th\udce9"}


def test_copies_in_the_cache_are_of_one_encoding(tmp_path, monkeypatch):
    monkeypatch.setenv("W2V_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "LEAST_BYTES", 10)
    monkeypatch.setattr(cache, "_SETTLED", 0)
    (tmp_path / "v.txt").write_bytes(LATIN)
    for _ in range(2):
        assert list(load(tmp_path / "v.txt", encoding="latin-1")) == ["café", "queen", "thé"]
        assert list(load(tmp_path / "v.txt", encoding_errors="ignore")) == ["caf", "queen", "th"]
        assert list(load(tmp_path / "v.txt", encoding_errors="surrogateescape")) == ["caf\udce9", "queen", "th\udce9"]
    assert all(copy.valid for copy in cache.copies())
    assert len(cache.copies()) == 3
    with pytest.raises(VectorsError, match="not UTF-8"):
        load(tmp_path / "v.txt")


def test_words_that_are_bytes_are_found(tmp_path):
    vectors = Vectors(["caf\udce9", "café"], [[1, 2], [3, 4]])
    assert vectors.index("caf\udce9") == 0
    assert vectors.index("café") == 1
    assert "\udce9" not in vectors


def test_queries_are_utf8_or_in_the_encoding_of_the_vectors(tmp_path):
    (tmp_path / "v.txt").write_bytes(LATIN)
    query = ["similar", "-n", "1", "--vectors", "v.txt"]
    for options, line, answer in (
        (["--encoding", "latin-1"], "thé".encode(), "thé\tqueen\t0.8793\n".encode()),
        (["--encoding", "latin-1"], b"th\xe9", "thé\tqueen\t0.8793\n".encode()),
        (["--encoding-errors", "ignore"], b"th\xe9", b"th\tqueen\t0.8793\n"),
    ):
        assert w2v(*query, *options, cwd=tmp_path, stdin=line).stdout == answer
    process = w2v(*query, "--encoding-errors", "replace", cwd=tmp_path, stdin=b"\xff\n")
    assert process.returncode == 1
    assert "line 1: '\ufffd' is not in the vocabulary" in process.stderr.decode()


@pytest.mark.parametrize("encoding", ["idna", "unicode_escape", "raw_unicode_escape", "punycode", "utf-7", "hex"])
def test_encodings_that_are_not_for_text_are_refused(encoding):
    with pytest.raises(UsageError, match="one that holds ASCII"):
        EncodingOptions(encoding)
