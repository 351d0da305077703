"""Compiled functions are kept where that can be done, and a damaged file of them does no harm."""

import itertools
import os
import random
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from console import environment, w2v
from prepared import finished, started

import w2v as package_of_w2v
from w2v import kernel_cache
from w2v.cache_folder import cache_folder

PACKAGE = Path(package_of_w2v.__file__).parent
ORDINARY = "w2v: note: compiling for this CPU; later runs start faster"
COUNTS = b"the 3\nking 2\nqueen 1\n"
NOWHERE = {"NUMBA_CACHE_DIR": "", "HOME": "/proc/no-home", "XDG_CACHE_HOME": ""}  # where not even root can write


@pytest.fixture
def folder(tmp_path):
    """A folder with a text, and an empty one for temporary files."""
    (tmp_path / "text.txt").write_text("the king the queen the king\n")
    (tmp_path / "temporary").mkdir()
    return tmp_path


def vocab(folder, package=PACKAGE.parent, **extra):
    """Run `w2v vocab`, which compiles; return its notes after checking its result."""
    places = {"PYTHONPATH": str(package), "TMPDIR": str(folder / "temporary")}
    done = w2v("vocab", "text.txt", "--min-count", "1", cwd=folder, **places, **extra)
    assert (done.returncode, done.stdout) == (0, COUNTS), done.stderr.decode()
    return [line for line in done.stderr.decode().splitlines() if line.startswith("w2v: note: ")]


def read_only_copy(folder):
    """Copy the package to a place whose folders can't hold compiled code."""
    copy = shutil.copytree(PACKAGE, folder / "copy" / "w2v", ignore=shutil.ignore_patterns("__pycache__"))
    for source in {path.parent for path in copy.rglob("*.py")}:
        (source / "__pycache__").write_bytes(b"")
    return copy.parent


def zipped(folder):
    """Write the package to w2v.zip."""
    with zipfile.ZipFile(folder / "w2v.zip", "w") as archive:
        for path in PACKAGE.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                archive.write(path, path.relative_to(PACKAGE.parent))


def kept(place):
    return sorted(place.rglob("*.nbc"))


def test_a_read_only_package_without_a_home_compiles_into_a_temporary_folder(folder):
    package = read_only_copy(folder)
    (note,) = vocab(folder, package, **NOWHERE)
    place = folder / "temporary" / f"w2v-compiled-{os.geteuid()}"
    assert note == (
        f"w2v: note: compiling for this CPU; the compiled code goes to {place}, which may not last;"
        " set NUMBA_CACHE_DIR to a writable folder"
    )
    assert kept(place)
    assert vocab(folder, package, **NOWHERE) == []


def test_a_temporary_folder_that_others_can_write_to_is_not_believed(folder):
    place = folder / "temporary" / f"w2v-compiled-{os.geteuid()}"
    place.mkdir()
    place.chmod(0o777)
    (note,) = vocab(folder, read_only_copy(folder), **NOWHERE)
    assert note == (
        "w2v: note: compiling for this CPU, as at every start: no folder for compiled code is writable;"
        " set NUMBA_CACHE_DIR to a writable folder"
    )
    assert kept(folder) == []


@pytest.mark.parametrize("named", ["/dev/null/x", "/proc/no-folder", "/dev/full", "text.txt"])
def test_a_bad_numba_cache_dir_is_named_and_another_folder_is_used(folder, named):
    (note,) = vocab(folder, read_only_copy(folder), NUMBA_CACHE_DIR=named, HOME=str(folder), XDG_CACHE_HOME="")
    (place,) = {path.parent for path in kept(folder / ".cache" / "w2v") if path.name.startswith("scanner._scan")}
    assert note.startswith(f"w2v: note: compiling for this CPU; NUMBA_CACHE_DIR={named} is not writable; using ")
    assert place.name.startswith("tokens_")


def test_a_user_without_a_home_makes_no_folder_named_tilde(folder):
    vocab(folder, read_only_copy(folder), NUMBA_CACHE_DIR="", HOME="/proc/no-home", XDG_CACHE_HOME="somewhere")
    assert sorted(path.name for path in folder.iterdir()) == ["copy", "temporary", "text.txt"]


def test_a_zipped_package_compiles_and_keeps_its_code_for_the_user(folder):
    zipped(folder)
    places = {"NUMBA_CACHE_DIR": "", "HOME": str(folder), "XDG_CACHE_HOME": ""}
    assert vocab(folder, folder / "w2v.zip", **places) == [ORDINARY]
    assert kept(folder / ".cache" / "w2v")
    assert vocab(folder, folder / "w2v.zip", **places) == []


def test_a_copy_that_pip_did_not_install_has_no_version(folder):
    script = "import sys; sys.path.insert(0, 'w2v.zip'); from w2v.cli import main; main()"
    packages = [path for path in sys.path if path.endswith("site-packages")]
    links = folder / "packages"  # all packages but the record of this one
    links.mkdir()
    for path in (path for place in packages for path in Path(place).iterdir()):
        if "w2v" not in path.name and not (links / path.name).exists():
            links.joinpath(path.name).symlink_to(path)
    zipped(folder)
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path.append('packages'); {script}", "--version"],
        cwd=folder, check=False, capture_output=True, timeout=120, env=environment(PYTHONPATH=""),
    )  # fmt: skip
    assert (done.stdout, done.stderr) == (b"w2v unknown\n", b"")


def cut(content):
    return content[: len(content) // 2]


def scrambled(content):
    generator = random.Random(1)
    changed = bytearray(content)
    for place in generator.sample(range(len(changed)), 200):
        changed[place] ^= generator.randrange(1, 256)
    return bytes(changed)


def test_damaged_files_are_replaced(folder):
    place = {"NUMBA_CACHE_DIR": str(folder / "kept")}
    assert vocab(folder, **place) == [ORDINARY]
    good = {path: path.read_bytes() for path in kept(folder)}
    assert len(good) > 1
    damages = [cut, scrambled, lambda content: b"", lambda content: content[:32], lambda content: content + b"x"]
    for start in range(0, len(damages), 2):  # another one for each file
        damaged = {}
        for (path, content), damage in zip(good.items(), itertools.cycle(damages[start : start + 2]), strict=False):
            damaged[path] = damage(content)
            path.write_bytes(damaged[path])
        assert vocab(folder, **place) == [ORDINARY]
        assert all(path.read_bytes() != content for path, content in damaged.items())
        assert all(len(path.read_bytes()) > len(content) / 2 for path, content in good.items())
    assert vocab(folder, **place) == []
    for path in good:
        path.unlink()
        path.mkdir()
    assert vocab(folder, **place) == [ORDINARY]
    assert vocab(folder, **place) == []
    assert kept(folder) == sorted(good)


def test_code_of_another_version_and_of_a_module_that_is_gone_is_compiled_afresh(folder):
    package = shutil.copytree(PACKAGE, folder / "copy" / "w2v", ignore=shutil.ignore_patterns("__pycache__")).parent
    place = {"NUMBA_CACHE_DIR": str(folder / "kept")}
    vocab(folder, package, **place)
    (code,) = (path for path in kept(folder) if path.name.startswith("scanner._scan"))
    before = code.read_bytes()
    helper = package / "w2v" / "tokens" / "eight_bytes.py"  # which the kernels call, in a file of its own
    helper.write_text(helper.read_text() + "\n# changed\n")
    assert vocab(folder, package, **place) == [ORDINARY]
    assert code.read_bytes()[:32] != before[:32]
    assert vocab(folder, package, **place) == []


def test_eight_processes_at_once_keep_each_others_code(folder):
    command = ["vocab", "text.txt", "--min-count", "1"]
    variables = environment(PYTHONPATH=str(PACKAGE.parent), NUMBA_CACHE_DIR=str(folder / "kept"))
    for process in [started(command, folder, variables) for _ in range(8)]:  # at once
        code, output, errors = finished(*process, b"", timeout=240)
        assert (output, code) == (COUNTS, 0), errors.decode()
        assert [line for line in errors.decode().splitlines() if line.startswith("w2v: note: ")] in ([ORDINARY], [])
    assert {path.suffix for path in kept(folder)} == {".nbc"}
    assert vocab(folder, NUMBA_CACHE_DIR=str(folder / "kept")) == []


def test_compiled_code_of_the_user_is_for_the_user_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    before = os.umask(0)
    try:
        assert kernel_cache._can_write(cache_folder() / "compiled" / "package")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "caches" / "w2v").stat().st_mode) == 0o700
