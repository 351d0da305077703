"""Users who can write nowhere, and read-only systems: every command works, compiles afresh, and says so once."""

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from console import W2V, environment

import w2v
from w2v.vectors import Vectors

LARGE = 15_000  # words whose vectors are worth a copy
STRANGER = "54321"  # a user without a home, or a line in /etc/passwd
UNSET = ("HOME", "XDG_CACHE_HOME", "NUMBA_CACHE_DIR", "W2V_CACHE_DIR", "TMPDIR")
COMPILING = "w2v: note: compiling for this CPU, as at every start: no folder for compiled code is writable"
IN_MEMORY = "w2v: note: no folder for temporary files is writable, so the text stays in memory"

# Reads what it may not read by its owner alone, as where the tests are in the folder of another user; writes nothing.
AS_STRANGER = (
    "setpriv", "--reuid", STRANGER, "--regid", STRANGER, "--clear-groups",
    "--inh-caps", "+dac_read_search", "--ambient-caps", "+dac_read_search",
)  # fmt: skip
ALL_READ_ONLY = """
while read -r _ place _; do mount -o remount,ro,bind "$place" 2> /dev/null; done < /proc/mounts
touch /tmp/w2v-probe 2> /dev/null && echo '/tmp is still writable' && exit 77
exec "$@"
"""
READ_ONLY = ("unshare", "--mount", "sh", "-c", ALL_READ_ONLY, "sh")


@functools.cache
def works(*wrapper):
    """Say whether this machine can run a program in this way."""
    if shutil.which(wrapper[0]) is None:
        return False
    return subprocess.run([*wrapper, "true"], capture_output=True, check=False).returncode == 0


def needs(wrapper):
    return pytest.mark.skipif(not works(*wrapper), reason=f"{wrapper[0]} is missing, or needs root")


WAYS = [
    pytest.param(AS_STRANGER, id="another user", marks=needs(AS_STRANGER)),
    pytest.param(READ_ONLY, id="read-only system", marks=needs(READ_ONLY)),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a text, vectors, and w2v without compiled code, that nobody else can write to."""
    folder = tmp_path_factory.mktemp("read-only")
    folder.chmod(0o755)
    package = Path(w2v.__file__).parent
    shutil.copytree(package, folder / "package" / "w2v", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "text.txt").write_text("the king and the queen see the old castle\n" * 500)
    words = ["the", "king", "and", "queen", "see", "old", "castle", *(f"w{i}" for i in range(LARGE))]
    Vectors(words, np.random.default_rng(1).standard_normal((len(words), 40))).save(folder / "large.txt")
    os.utime(folder / "large.txt", (1e9, 1e9))
    return folder


def run(folder, wrapper, *arguments, **extra):
    """Run `w2v ARGUMENTS...` without a writable folder; return the lines of its result and its notes."""
    variables = {name: value for name, value in environment().items() if name not in UNSET}
    with (folder / "text.txt").open("rb") as text:
        done = subprocess.run(
            [*wrapper, *W2V, *arguments], cwd=folder, stdin=text, capture_output=True, timeout=240, check=False,
            env=variables | {"PYTHONPATH": str(folder / "package")} | extra,
        )  # fmt: skip
    errors = done.stderr.decode()
    assert done.returncode == 0, done.stdout.decode() + errors
    notes = [line for line in errors.splitlines() if line.startswith("w2v: note: ")]
    assert "Traceback" not in errors
    assert "error" not in errors
    return done.stdout.decode().splitlines(), notes


@pytest.mark.parametrize("wrapper", WAYS)
def test_vectors_are_queried(folder, tmp_path, wrapper):
    found, notes = run(
        folder, wrapper, "similar", "king", "-n", "3", "--vectors", "large.txt", TMPDIR=str(tmp_path / "none")
    )
    assert (len(found), notes) == (3, [])


@needs(READ_ONLY)
def test_texts_of_standard_input_are_read_twice_on_a_read_only_system(folder):
    found, notes = run(folder, READ_ONLY, "encode", "-q", "--vectors", "large.txt", "--weighting", "idf")
    assert [len(found), len(set(found))] == [500, 1]
    assert notes == []


@needs(AS_STRANGER)
def test_another_user_trains_in_the_folder_for_temporary_files(folder, tmp_path):
    before = sorted(folder.iterdir())
    tmp_path.chmod(0o777)
    command = ("vocab", "text.txt")
    found, notes = run(folder, AS_STRANGER, *command, TMPDIR=str(tmp_path))
    assert found[0] == "the 1500"
    place = tmp_path / f"w2v-compiled-{STRANGER}"
    assert [note.split("; ")[1] for note in notes] == [f"the compiled code goes to {place}, which may not last"]
    assert run(folder, AS_STRANGER, *command, TMPDIR=str(tmp_path)) == (found, [])
    assert sorted(folder.iterdir()) == before


@needs(READ_ONLY)
def test_a_read_only_system_trains_in_memory(folder):
    command = ("train", "text.txt", "--dim", "4", "--epochs", "1", "-o", "-")
    found, notes = run(folder, READ_ONLY, *command, NUMBA_CACHE_DIR="/dev/null/none")
    assert found[0] == "7 4"
    assert len(found) == 8
    assert [sum(note.startswith(start) for note in notes) for start in (COMPILING, IN_MEMORY)] == [1, 1]
    assert sum(any(word in note for word in ("writable", "read-only", "can't")) for note in notes) == 2


def test_a_file_in_memory_stands_in_for_one_on_disk(tmp_path, monkeypatch):
    """Without a folder for temporary files, on any system that can do that."""
    import tempfile

    from w2v.temporary_file import named_copy, temporary_folder

    def none():
        raise FileNotFoundError

    monkeypatch.setattr(tempfile, "gettempdir", none)
    if not hasattr(os, "memfd_create"):
        with pytest.raises(FileNotFoundError):
            temporary_folder()
        return
    assert temporary_folder() is None
    (tmp_path / "text.txt").write_bytes(b"text")
    with (tmp_path / "text.txt").open("rb") as stream, named_copy(stream) as name:
        assert [Path(name).read_bytes() for _ in range(2)] == [b"text", b"text"]
    options = {"dim": 4, "epochs": 1, "threads": 1, "min_count": 1, "seed": 1}
    sentences = [["a", "rose", "is", "a", "rose"]] * 20
    found = w2v.train(sentences=sentences, **options)
    monkeypatch.undo()
    np.testing.assert_array_equal(found.matrix, w2v.train(sentences=sentences, **options).matrix)


if sys.platform != "linux":
    pytestmark = pytest.mark.skip(reason="setpriv, unshare and memfd_create are Linux's")
