"""Several processes use the same files at once, and none reads a mixture; folders that can't be used cost nothing."""

import subprocess
import sys
import time

import numpy as np
import pytest
from console import W2V, environment, w2v

from w2v.vectors import Vectors, load

LARGE = 15_000  # words whose vectors are worth a copy
BAD = "/dev/null/there-is-no-such-folder"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "text.txt").write_text("the king and the queen see the old castle\n" * 500)
    return tmp_path


def started(folder, *arguments, **extra):
    return subprocess.Popen(
        [*W2V, *map(str, arguments)],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(**extra),
    )


def test_two_runs_that_write_one_output_both_end_well(folder):
    runs = {
        dim: ("train", "text.txt", "-q", "--dim", dim, "--epochs", "3", "--threads", "1", "-o", "v.tsv")
        for dim in (8, 9)
    }
    for _ in range(2):
        processes = [started(folder, *arguments) for arguments in runs.values()]
        ended = [(process.communicate()[1], process.returncode) for process in processes]
        assert ended == [(b"", 0)] * 2
        assert load(folder / "v.tsv", cache=False).dim in runs
        assert not list(folder.glob(".*"))


WRITER = """
import sys, w2v
one, other = ([f"{word}{i}" for i in range(size)] for word, size in (("one", 300), ("other", 500)))
vectors = [w2v.Vectors(one, [[1] * 5] * 300, counts=[1] * 300), w2v.Vectors(other, [[2] * 7] * 500, counts=[2] * 500)]
print("!", flush=True)
while True:
    for each in vectors:
        each.save(sys.argv[1])
"""


@pytest.mark.parametrize("name", ["v.txt", "v.bin", "v.npz", "v.safetensors", "v.txt.gz"])
def test_a_reader_beside_a_writer_never_reads_a_mixture(folder, name):
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, name], cwd=folder, stdout=subprocess.PIPE, env=environment()
    )
    try:
        assert writer.stdout.read(1) == b"!"
        seen = set()
        deadline = time.monotonic() + 20
        while len(seen) < 2:
            assert time.monotonic() < deadline
            if not (folder / name).exists():
                continue
            found = load(folder / name, cache=False)
            seen.add(found.dim)
            assert (len(found), found.words[0], found.matrix.min(), found.matrix.max()) in (
                (300, "one0", 1, 1), (500, "other0", 2, 2),
            )  # fmt: skip
    finally:
        writer.kill()
        writer.communicate()


def test_processes_that_make_the_same_copy_all_answer(folder):
    numbers = np.random.default_rng(1).standard_normal((LARGE, 40))
    Vectors([f"w{i}" for i in range(LARGE)], numbers).save(folder / "v.txt")
    time.sleep(2.1)  # a file that has just changed is not copied
    command = ("similar", "w1", "--vectors", "v.txt")
    processes = [started(folder, *command, W2V_CACHE_DIR="copies") for _ in range(4)]
    answers = {process.communicate()[0] for process in processes}
    assert len(answers) == 1
    assert [process.returncode for process in processes] == [0] * 4
    assert [path.suffix for path in (folder / "copies").iterdir()] == [".vectors"]
    assert w2v(*command, cwd=folder, W2V_CACHE_DIR="copies").stdout in answers


def test_no_folder_but_the_output_needs_to_be_there(folder):
    Vectors([f"w{i}" for i in range(LARGE)], np.random.default_rng(1).standard_normal((LARGE, 40))).save(
        folder / "v.txt"
    )
    bad = dict.fromkeys(["HOME", "XDG_CACHE_HOME", "NUMBA_CACHE_DIR", "W2V_CACHE_DIR"], BAD)
    process = w2v("vocab", "text.txt", "-o", "t.txt", cwd=folder, **bad)
    assert process.returncode == 0, process.stderr
    notes = [line for line in process.stderr.decode().splitlines() if BAD in line]
    assert len(notes) <= 1
    assert b"Traceback" not in process.stderr
    process = w2v("similar", "w1", "-n", "1", "--vectors", "v.txt", cwd=folder, **bad)
    assert process.returncode == 0, process.stderr
    assert process.stdout
    assert sorted(path.name for path in folder.iterdir()) == ["t.txt", "text.txt", "v.txt"]
