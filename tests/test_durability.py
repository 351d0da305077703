"""What replaces a file is on the disk before it gets the name, and a name is on the disk before the command ends."""

import errno
import fcntl
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import faults
import numpy as np
import pytest
from console import W2V, environment, error_line, w2v

from w2v import new_file
from w2v.errors import OutputError
from w2v.files import check_writable, replacing, replacing_all
from w2v.new_file import NewFile, leftovers
from w2v.vectors import Vectors, load

QUICK = ("-q", "--dim", "4", "--epochs", "1", "--min-count", "1", "--threads", "1")
OUTPUTS = {
    ("train", "text.txt", *QUICK, "-o", "t.txt", "--save-model", "m.model", "--save-vocab", "c.txt"): (
        "t.txt", "t.txt.counts", "m.model", "c.txt",
    ),
    ("train", "text.txt", *QUICK, "-o", "t.txt.gz", "--no-counts"): ("t.txt.gz",),
    ("convert", "v.txt", "v.tsv"): ("v.tsv", "v_metadata.tsv", "v.tsv.counts"),
    ("convert", "v.txt", "v.npz"): ("v.npz",),
    ("phrases", "text.txt", "-q", "-o", "j.txt", "--list", "p.tsv", "--min-count", "1", "--threshold", "0.1"): (
        "j.txt", "p.tsv",
    ),
    ("vocab", "text.txt", "-o", "c.txt"): ("c.txt",),
    ("cluster", "v.txt", "-k", "2", "-o", "g.txt"): ("g.txt",),
    ("map", "v.txt", "-o", "map.html"): ("map.html",),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "text.txt").write_text("the king and the queen see new york and the old new york\n" * 40)
    Vectors(["king", "queen", "new", "york"], np.eye(4), counts=[4, 3, 2, 1]).save(tmp_path / "v.txt")
    return tmp_path


def names(folder):
    return [path.name for path in folder.iterdir()]


def write_both(folder):
    """Replace the files a and b."""
    with replacing_all([folder / "a", folder / "b"]) as streams:
        for stream in streams:
            stream.write(b"new")


RECORDERS = [
    pytest.param(faults.recorded_by_strace, marks=pytest.mark.skipif(not faults.STRACE, reason="needs strace")),
    pytest.param(
        faults.recorded_by_library,
        marks=pytest.mark.skipif(bool(faults.STRACE) or not faults.COMPILER, reason="needs cc, and strace is better"),
    ),
]


def require_order(found, target):
    """Assert that a target was written under another name, flushed and renamed, and its folder flushed after that."""
    (renamed,) = (i for i, operation in enumerate(found) if operation == ("rename", str(target)))
    hidden = re.compile(re.escape(f"{target.parent}/.{target.name}.") + r"\w{8}\.w2v-new")
    of_new = {i: kind for i, (kind, path) in enumerate(found) if hidden.fullmatch(path)}
    written = [i for i, kind in of_new.items() if kind == "write"]
    flushed = [i for i, kind in of_new.items() if kind == "fsync"]
    assert written
    assert len(flushed) == 1
    assert max(written) < flushed[0] < renamed
    assert ("fsync", str(target.parent)) in found[renamed:]
    assert not [path for kind, path in found if kind == "write" and path == str(target)]


@pytest.mark.parametrize("recorder", RECORDERS)
@pytest.mark.parametrize("arguments", OUTPUTS, ids=" ".join)
def test_all_files_are_flushed_before_the_first_rename_and_folders_after_the_last(
    folder, tmp_path_factory, recorder, arguments
):
    targets = [folder / name for name in OUTPUTS[arguments]]
    process, found = recorder(arguments, folder, tmp_path_factory.mktemp("log") / "log")
    assert process.returncode == 0, process.stderr.decode()
    for target in targets:
        require_order(found, target)
        assert target.is_file()
    if arguments[0] in ("convert", "phrases"):
        kinds = [kind for kind, path in found if kind in ("fsync", "rename")]
        assert kinds == ["fsync"] * len(targets) + ["rename"] * len(targets) + ["fsync"]


@pytest.mark.parametrize("recorder", RECORDERS)
def test_copies_and_compiled_code_are_flushed_too(folder, tmp_path_factory, monkeypatch, recorder):
    words = [f"w{i}" for i in range(20_000)]
    Vectors(words, np.random.default_rng(1).standard_normal((20_000, 30))).save(folder / "large.txt")
    os.utime(folder / "large.txt", (1e9, 1e9))
    log = tmp_path_factory.mktemp("log") / "log"
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(folder / "compiled"))
    monkeypatch.setenv("W2V_CACHE_DIR", str(folder / "copies"))
    process, found = recorder(("similar", "w1", "--vectors", "large.txt"), folder, log)
    assert process.returncode == 0, process.stderr.decode()
    (copy,) = (folder / "copies").glob("*.vectors")
    require_order(found, copy)
    log.unlink()
    process, found = recorder(("vocab", "text.txt"), folder, log)
    assert process.returncode == 0, process.stderr.decode()
    compiled = list((folder / "compiled").rglob("*.nbc"))
    assert compiled
    for path in compiled:
        require_order(found, path)


@pytest.mark.skipif(not (faults.STRACE and faults.COMPILER), reason="needs strace and cc")
def test_both_ways_of_recording_see_the_same(folder, tmp_path_factory):
    def seen(recorder):
        process, found = recorder(("convert", "v.txt", "v.npz"), folder, tmp_path_factory.mktemp("log") / "log")
        assert process.returncode == 0, process.stderr.decode()
        return [(kind, re.sub(r"\.\w{8}\.", ".", path)) for kind, path in found if kind in ("fsync", "rename", "link")]

    first = seen(faults.recorded_by_library)
    assert len(first) == 3
    assert first == seen(faults.recorded_by_strace)


def test_a_file_system_that_cannot_flush_is_no_error(tmp_path, monkeypatch):
    def fsync(descriptor):
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(os, "fsync", fsync)
    with replacing(tmp_path / "a.txt") as stream:
        stream.write(b"new")
    assert (tmp_path / "a.txt").read_bytes() == b"new"


def test_a_folder_that_cannot_be_flushed_is_an_error_that_says_what_is_true(tmp_path, monkeypatch):
    real = os.fsync

    def fsync(descriptor):
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EIO, "Input/output error")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    path = tmp_path / "a.txt"
    text = (
        f"{path}: written, but {tmp_path} can't be flushed to the disk (Input/output error); a power cut may bring the"
        " earlier file back"
    )
    with pytest.raises(OutputError, match=re.escape(text)), replacing(path) as stream:
        stream.write(b"new")
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["a.txt"]


# Several files


@pytest.mark.parametrize("present", [(), ("a",), ("b",), ("a", "b")])
@pytest.mark.parametrize("has_links", [True, False])
@pytest.mark.parametrize("error", [OSError(errno.EIO, "Input/output error"), KeyboardInterrupt()])
def test_a_rename_that_fails_leaves_all_files_as_they_were(tmp_path, monkeypatch, present, has_links, error):
    for name in present:
        (tmp_path / name).write_text(f"earlier {name}")
    rename = NewFile.rename

    def failing(new):
        if new.target.name == "b":
            raise error
        rename(new)

    monkeypatch.setattr(NewFile, "rename", failing)
    if not has_links:
        monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError(errno.EPERM, "no links")))
    with pytest.raises((OutputError, KeyboardInterrupt)) as caught:
        write_both(tmp_path)
    if caught.type is OutputError:
        assert str(caught.value).endswith("can't be written (Input/output error); nothing was changed")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {name: f"earlier {name}" for name in present}


def test_an_interrupt_right_after_the_rename_of_one_file_keeps_the_new_one(tmp_path, monkeypatch):
    rename = NewFile.rename

    def interrupted(new):
        rename(new)
        raise KeyboardInterrupt

    (tmp_path / "a").write_text("earlier")
    monkeypatch.setattr(NewFile, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt), replacing(tmp_path / "a") as stream:
        stream.write(b"new")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "new"}


def test_what_cannot_be_restored_is_named(tmp_path, monkeypatch):
    for name in ("a", "b"):
        (tmp_path / name).write_text(f"earlier {name}")
    real, renamed = os.rename, []

    def failing(source, target):
        renamed.append(target)
        if len(renamed) > 1:
            raise OSError(errno.EIO, "Input/output error")
        real(source, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(OutputError) as caught:
        write_both(tmp_path)
    a, b = tmp_path / "a", tmp_path / "b"
    assert str(caught.value) == (
        f"{b}: can't be written (Input/output error), and {a} and {b} can't be restored; write all files again"
    )
    assert (a.read_text(), b.read_text()) == ("new", "earlier b")


def test_both_files_of_phrases_are_replaced_or_none(folder):
    command = ("phrases", "text.txt", "-q", "-o", "j.txt", "--list", "p.tsv", "--min-count", "1", "--threshold", "0.1")
    assert w2v(*command, cwd=folder).returncode == 0
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    other = (*command[:-1], "5")
    whole = w2v(*other[:4], "/dev/stdout", *other[5:], "--list", "/dev/null", cwd=folder)
    assert whole.returncode == 0
    assert whole.stdout != before["j.txt"]
    process = w2v(*other[:4], "/dev/full", *other[5:], cwd=folder)
    assert error_line(process) == "/dev/full: can't be written (No space left on device)"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_an_error_while_writing_names_the_file_that_it_is_about(tmp_path, monkeypatch):
    with (
        pytest.raises(OutputError, match=r"/dev/full: can't be written \(No space left on device\)"),
        replacing_all([tmp_path / "a", "/dev/full"]) as streams,
    ):
        streams[1].write(b"1" * 100_000)
    assert not names(tmp_path)


# What killed processes leave

WRITER = """
import os, signal, sys
from w2v.files import replacing_all
with replacing_all(sys.argv[1:]) as streams:
    for stream in streams:
        stream.write(b"half")
        stream.flush()
    print("!", flush=True)
    sys.stdin.read()
"""


def started_writer(folder, *names):
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, *names], cwd=folder, env=environment(),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout.read(1) == b"!"
    return process


def test_the_next_run_removes_what_a_killed_one_left(folder):
    for names in (("t.txt", "t.txt.counts"), ("other.txt",)):
        with started_writer(folder, *names) as process:
            process.kill()
    assert len(list(folder.glob(".*.w2v-new"))) == 3
    (folder / ".t.txt.abcdef01.w2v-new.txt").touch()  # names that are not ours
    (folder / ".t.txt.abc.w2v-new").touch()
    (folder / ".t.txt.abcdef01.w2v-new").mkdir()
    assert w2v("train", "text.txt", *QUICK, "-o", "t.txt", cwd=folder).returncode == 0
    left = {re.sub(r"\.\w{8}\.w2v-new$", "", path.name) for path in folder.glob(".*") if path.is_file()}
    assert left == {".other.txt", ".t.txt.abcdef01.w2v-new.txt", ".t.txt.abc.w2v-new"}
    assert (folder / ".t.txt.abcdef01.w2v-new").is_dir()


def test_what_a_running_process_writes_stays(folder):
    with started_writer(folder, "t.txt") as process:
        assert not leftovers(folder)
        check_writable(folder / "t.txt")
        with replacing(folder / "t.txt") as stream:
            stream.write(b"first")
        assert len(list(folder.glob(".t.txt.*"))) == 1
        process.communicate(b"")
    assert (folder / "t.txt").read_text() == "half"
    assert not list(folder.glob(".*"))


KILLED_BETWEEN = """
import os, sys
import w2v
from w2v.new_file import NewFile
rename = NewFile.rename
done = []
def rename_and_die(new):
    rename(new)
    done.append(new)
    if len(done) == int(sys.argv[1]):
        os.kill(os.getpid(), 9)
NewFile.rename = rename_and_die
w2v.Vectors(["a", "b"], [[9, 9], [8, 8]], counts=[9, 8]).save("v.tsv")
"""


@pytest.mark.parametrize("renamed", [1, 2, 3])
def test_a_process_killed_between_two_renames_is_noticed_and_taken_back(folder, renamed):
    earlier = Vectors(["king", "queen"], [[1, 2], [3, 4]], counts=[2, 1])
    earlier.save(folder / "v.tsv")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    subprocess.run([sys.executable, "-c", KILLED_BETWEEN, str(renamed)], cwd=folder, env=environment(), check=False)
    is_complete = renamed == 3
    if renamed == 1:  # new vectors, earlier words
        told = error_line(w2v("similar", "king", "--vectors", "v.tsv", cwd=folder))
        assert told.startswith(
            "v.tsv: is newer than its words, since w2v was stopped while it replaced both; rename .v_"
        )
    check_writable(folder / "v.tsv")
    found = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert (found == before) == (not is_complete)
    assert not list(folder.glob(".*"))
    assert load(folder / "v.tsv").words == (["a", "b"] if is_complete else ["king", "queen"])


@pytest.mark.parametrize("stands", [True, False])
def test_an_earlier_file_that_a_killed_process_had_renamed_comes_back(tmp_path, stands):
    earlier = tmp_path / ".a.txt.abcdef01.w2v-old"
    earlier.write_text("earlier")
    if stands:
        (tmp_path / "a.txt").write_text("new")
    check_writable(tmp_path / "a.txt")
    assert names(tmp_path) == ["a.txt"]
    assert (tmp_path / "a.txt").read_text() == ("new" if stands else "earlier")


def test_a_name_that_another_process_took_for_a_leftover_is_not_used(tmp_path, monkeypatch):
    """It may remove a file between its creation and its lock."""
    flock, removed = fcntl.flock, []

    def late(descriptor, operation):
        if not removed:
            removed.append(Path(f"/proc/self/fd/{descriptor}").readlink())
            removed[0].unlink()
        flock(descriptor, operation)

    monkeypatch.setattr(new_file.fcntl, "flock", late)
    with replacing(tmp_path / "a.txt") as stream:
        stream.write(b"new")
    assert removed
    assert names(tmp_path) == ["a.txt"]


def test_links_with_hidden_names_are_left_alone(tmp_path):
    (tmp_path / "precious").write_text("mine")
    (tmp_path / ".a.txt.abcdef01.w2v-new").symlink_to(tmp_path / "precious")
    check_writable(tmp_path / "a.txt")
    assert (tmp_path / "precious").read_text() == "mine"
    assert (tmp_path / ".a.txt.abcdef01.w2v-new").is_symlink()


def test_the_probe_of_a_killed_process_is_removed(folder):
    command = (
        "import os; from w2v import new_file; new_file.NewFile.clean_up = lambda self: os.kill(os.getpid(), 9);"
        "from w2v.files import check_writable; check_writable('t.txt')"
    )
    subprocess.run([sys.executable, "-c", command], cwd=folder, env=environment(), check=False)
    assert len(list(folder.glob(".t.txt.*"))) == 1
    assert subprocess.run([*W2V, "vocab", "text.txt", "-o", "t.txt"], cwd=folder, env=environment(), check=False)
    assert not list(folder.glob(".*"))
