"""Files of vectors that are damaged or hostile are read, or refused in one line, at once and in little memory."""

import bz2
import gzip
import io
import lzma
import os
import resource
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import numpy as np
import pytest
from console import environment

from w2v.errors import VectorsError, W2VError
from w2v.model_file import write_model
from w2v.safetensors_file import write_safetensors
from w2v.vectors import Vectors, load
from w2v.vectors.formats import text_lines
from w2v.vectors.formats.line_values import is_number, values_in

HANG = 100  # seconds, a thousand times as long as a file of this size takes
LOADS = """
import resource, sys, w2v
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 600_000_000,) * 2)
try:
    print(w2v.load(sys.argv[1], cache=False))
except w2v.W2VError as error:
    print(error)
"""
WORDS = ["the", "of", "é", "naïve", "東京", "king", "queen", "1984", "new_york", "-", "z" * 30]
VECTORS = Vectors(WORDS, np.random.default_rng(1).normal(size=(len(WORDS), 6)))


def loaded(path):
    """Load a file in a process with little memory, which must end by itself, and return the line that it prints."""
    process = subprocess.run(
        [sys.executable, "-c", LOADS, path],
        capture_output=True,
        text=True,
        env=environment(),
        timeout=HANG,
        check=False,
    )
    assert not process.returncode, process.stderr[-2000:]
    (line,) = process.stdout.splitlines()
    return line


DIGITS = "9" * 300_000


@pytest.mark.parametrize(
    "line",
    [
        f"of {DIGITS} 2",
        f"of {DIGITS}[ 2",
        f"of {DIGITS}{'[' * 1000} 2",
        f"of {DIGITS}.{DIGITS}x 2",
        f"of 1e{DIGITS} 2",
        f"of 1.5e-{DIGITS}x 2",
        f"of {'e' * 300_000} 2",
        f"of {'1e' * 150_000} 2",
        f"of {'[' * 300_000} 2",
        f"of 1 {'-' * 300_000}",
        f"{'a ' * 150_000}1 2",
        f"of {'1e-5 ' * 60_000}",
        f"of {'nan ' * 60_000}",
        f"{DIGITS}",
        f"{'(' * 300_000} 1 2",
        "\n" * 300_000,
    ],
    ids=lambda line: line[:20],
)
def test_no_line_takes_more_than_linear_time(tmp_path, line):
    for name, header in (("v.txt", "3 2\n"), ("v.glove.txt", "")):
        (tmp_path / name).write_text(f"{header}the 0.5 1e-3\n{line}\nking 1 2\n")
        told = loaded(tmp_path / name)
        assert len(told) < 400


def test_numbers_are_told_from_other_pieces_in_one_pass():
    for piece in (b"9" * 200_000, b"9" * 200_000 + b"[", b"." * 200_000, b"1e" + b"9" * 200_000 + b"e"):
        assert is_number(piece) == (piece == b"9" * 200_000)
        assert values_in(b"word " + piece + b" 1") == 1 + is_number(piece)


@pytest.mark.parametrize("compress", [bytes, gzip.compress, bz2.compress, lzma.compress])
@pytest.mark.parametrize(
    "header",
    [b"18 4294967296", b"4294967296 6", b"999999999999999 999999999999999", b"1 999999999999999", b"2 1000000000"],
)
@pytest.mark.parametrize("body", [b"\n\n\n", b"the 1 2 3\n", b"the " + b"\0\1\2\3" * 6 + b"\n"], ids=repr)
def test_headers_that_promise_too_much(tmp_path, compress, header, body):
    path = tmp_path / "v.txt"
    path.write_bytes(compress(header + b"\n" + body))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(VectorsError, match=r"value|cut short|header"):
        load(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # KB


def npz(path, **members):
    """Write an archive whose members are bytes, or arrays."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            stream = io.BytesIO()
            np.save(stream, content) if isinstance(content, np.ndarray) else stream.write(content)
            archive.writestr(f"{name}.npy", stream.getvalue())


def header(text):
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text


@pytest.mark.parametrize(
    "words, told",
    [
        (b"no array", "words.npy: is no NumPy array, or damaged"),
        (b"\x93NUMPY\x01\x00\xff\xff{", "words.npy: is no NumPy array, or damaged"),
        (header(b"{'descr': '<U1', \xf0: (2,)}\n"), "words.npy: is no NumPy array, or damaged"),
        (header(b"{'descr': '<U1', 'fortran_order': False, 'shape': (2,), }\n") + b"a\0\0\0", "need another size"),
        (header(b"{'descr': '<U1', 'fortran_order': False, 'shape': (2000000000,), }\n") + b"a\0\0\0", "another size"),
        (header(b"{'descr': '<U1', 'fortran_order': False, 'shape': (-1, -2), }\n") + b"a\0\0\0b\0\0\0", "damaged"),
        (header(b"{'descr': '<U1', 'fortran_order': False, 'shape': (%d, 0), }\n" % 10**40), "another size"),
        (header(b"{'descr': '|O', 'fortran_order': False, 'shape': (2,), }\n") + b"xx", "Python objects"),
        (header(b"[" * 900 + b"\n"), "words.npy: is no NumPy array, or damaged"),
        (np.array([0x110000, 65], "<u4").view("<U1"), "words that are no text"),
        (np.array([0xD800, 65], "<u4").view("<U1"), "words that are no text"),
        (np.array(["", "b"]), "word 1 is empty"),
        (np.array([b"a\xff", b"b"]), "word 1 is not UTF-8"),
        (np.array([[1, 2]]), "must hold V words as strings"),
    ],
)
def test_archives_with_one_bad_array(tmp_path, words, told):
    npz(tmp_path / "v.npz", words=words, vectors=np.ones((2, 3), np.float32))
    with pytest.raises(VectorsError) as caught:
        load(tmp_path / "v.npz")
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "words, matrix, told",
    [
        (b"a\nb\xff\n", np.ones((2, 3), "f4"), "word 2 is not UTF-8: 'b\ufffd'; use encoding_errors='replace'"),
        (b"a\n\n", np.ones((2, 3), "f4"), "word 2 is empty"),
        (b"a\nb", np.ones((2, 3), "f4"), "1 word"),
        (b"a\n", np.ones((2, 3), "f4"), "1 word"),
        (b"a\nb\n", np.ones((2, 3), "i4"), "2 words"),
        (b"a\nb\n", np.ones(6, "f4"), "v."),
        (b"a\nb\n", np.full((2, 3), np.nan, "f4"), "not a finite float32"),
    ],
)
@pytest.mark.parametrize("kind", ["safetensors", "model"])
def test_words_and_vectors_that_do_not_fit(tmp_path, kind, words, matrix, told):
    path = tmp_path / f"v.{kind}"
    text = np.frombuffer(words, np.uint8)
    if kind == "model":
        facts = {"w2v": "1", "options": {}}
        write_model(path, facts, {"words": text, "counts": np.ones(2, "i8"), "input_vectors": matrix})
    else:
        with path.open("wb") as stream:
            write_safetensors(stream, {"words": text, "vectors": matrix})
    with pytest.raises(W2VError) as caught:
        load(path)
    assert told in str(caught.value)
    if "UTF-8" in told:
        assert list(load(path, encoding_errors="ignore")) == ["a", "b"]


def test_names_in_files_stay_on_one_line(tmp_path):
    with (tmp_path / "v.safetensors").open("wb") as stream:
        write_safetensors(stream, {f"a\n{n}": np.ones(2) for n in range(1000)})
    np.savez(tmp_path / "v.npz", **{f"a\n{n}": np.ones(2) for n in range(100)})
    for name in ("v.safetensors", "v.npz"):
        with pytest.raises(VectorsError, match="but holds") as caught:
            load(tmp_path / name)
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 600


def test_white_space_at_the_ends_of_a_word_does_not_belong_to_it(tmp_path):
    path = tmp_path / "v.txt"
    path.write_bytes(b"2 2\no\t 1 2\n\x0cof 3 4\n")
    assert list(load(path)) == ["o", "of"]
    path.write_bytes(b"2 2\n\x0c 1 2\nof 3 4\n")
    with pytest.raises(VectorsError, match=r"v\.txt:2: 1 value, header says 2"):
        load(path)


def test_long_lines_are_put_together_in_linear_time(tmp_path, monkeypatch):
    monkeypatch.setattr(text_lines, "_LONGEST_LINE", 1 << 22)
    path = tmp_path / "v.txt"
    path.write_bytes(b"2 2\nthe 1 2\n" + b"x" * (1 << 24))
    with pytest.raises(VectorsError, match="has a line of more than"):
        load(path)


@pytest.mark.parametrize("name", ["v.tsv", "v.npy"])
@pytest.mark.parametrize("renamed", [0, 1, 2])
def test_vectors_whose_words_were_not_replaced_are_noticed(tmp_path, name, renamed):
    path = tmp_path / name
    VECTORS.save(path)
    script = f"""
import os, sys, w2v
from pathlib import Path
old = Path.replace
done = 0
def replace(self, target):
    global done
    if done == {renamed}:
        os._exit(9)
    done += 1
    return old(self, target)
Path.replace = replace
vectors = w2v.load(sys.argv[1])
w2v.Vectors([*vectors][::-1], vectors.matrix).save(sys.argv[1])
"""
    process = subprocess.run([sys.executable, "-c", script, path], env=environment(), check=False)
    assert process.returncode == (9 if renamed < 2 else 0)
    if renamed == 1:
        with pytest.raises(VectorsError, match="is newer than its words, since w2v was stopped") as caught:
            load(path)
        Path(str(caught.value).partition("rename ")[2].partition(" to ")[0]).replace(
            next(tmp_path.glob("v_metadata.tsv" if name == "v.tsv" else "v_words.txt"))
        )
    assert list(load(path)) == (WORDS if renamed == 0 else WORDS[::-1])


@pytest.mark.parametrize("name", ["v.txt", "v.bin", "v.txt.gz"])
def test_vectors_from_a_pipe(tmp_path, name):
    VECTORS.save(tmp_path / name)
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=lambda: (tmp_path / "pipe").write_bytes((tmp_path / name).read_bytes()))
    writer.start()
    assert load(tmp_path / "pipe") == load(tmp_path / name)
    writer.join()


@pytest.mark.parametrize("name", ["v.npy", "v.npz"])
def test_arrays_of_python_2_are_read_without_a_warning(tmp_path, name):
    array = header(b"{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L), }\n") + np.ones((2, 3), "f4").tobytes()
    if name == "v.npy":
        (tmp_path / name).write_bytes(array)
        (tmp_path / "v_words.txt").write_text("a\nb\n")
    else:
        npz(tmp_path / name, words=np.array(["a", "b"]), vectors=array)
    assert list(load(tmp_path / name)) == ["a", "b"]


@pytest.mark.parametrize("rows", [2**31, 2**61, 2**62, 2**63, 2**64, -1])
def test_a_numpy_header_that_promises_too_much(tmp_path, rows):
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, 4), }}".ljust(117) + "\n"
    (tmp_path / "v.npy").write_bytes(b"\x93NUMPY\x01\0\x76\0" + header.encode() + bytes(32))
    (tmp_path / "v_words.txt").write_text("king\nqueen\n")
    with pytest.raises(VectorsError, match=r"v\.npy: can't be read as a NumPy array"):
        load(tmp_path / "v.npy")
