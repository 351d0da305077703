"""Copies of vectors files: used only when they are right, and never the cause of an error."""

import json
import os
import shutil
import subprocess
import sys
import time

import numpy as np
import pytest
from console import environment, error_line
from console import inside as w2v
from hypothesis import given
from hypothesis import strategies as st

from w2v.errors import UsageError
from w2v.model_file import write_model
from w2v.vectors import Vectors, cache, load
from w2v.vectors.packed_words import PackedWords

DIM = 200
AN_HOUR = 3600


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("W2V_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("W2V_CACHE_LIMIT", raising=False)
    return tmp_path


def write(path, seed=1, end="\n"):
    """Write a text file just large enough to be copied, an hour old, and return it."""
    random = np.random.default_rng(seed)
    values = (b"%.4f" % value for value in random.normal(size=DIM))
    row = b" ".join(values)
    count = cache.LEAST_BYTES // len(row) + 1
    first = b" ".join(b"%.4f" % value for value in random.normal(size=DIM))
    lines = [b"%d %d" % (count, DIM), b"first " + first, *(b"w%d " % number + row for number in range(1, count))]
    path.write_bytes("".join(line.decode() + end for line in lines).encode())
    make_older(path)
    return path


def make_older(path, seconds=AN_HOUR):
    os.utime(path, (time.time() - seconds, time.time() - seconds))


def copies(folder):
    return sorted((folder / "cache").glob("*"))


def is_mapped(vectors):
    """Return whether the matrix is in a mapped file, as that of a copy is."""
    owner = vectors.matrix
    while isinstance(owner, np.ndarray):
        owner = owner.base
    return owner is not None


def check_equal(found, expected):
    assert found.words == expected.words
    assert found.matrix.tobytes() == expected.matrix.tobytes()
    assert found.norms.tobytes() == expected.norms.tobytes()


def test_the_second_time_a_copy_is_mapped(folder):
    path = write(folder / "v.txt")
    first = load(path)
    assert not is_mapped(first)
    assert len(copies(folder)) == 1
    second = load(path)
    assert is_mapped(second)
    check_equal(second, first)
    assert second.similar("first", n=3) == first.similar("first", n=3)
    assert "w7" in second
    assert "w" not in second


def test_with_a_copy_of_a_model_its_counts_and_options_are_still_known(folder):
    path, dim = folder / "m", cache.LEAST_BYTES // 8
    arrays = {"words": np.frombuffer(b"a\nb\n", np.uint8), "counts": np.array([3, 2]), "input_vectors": np.eye(2, dim)}
    arrays["input_vectors"] = arrays["input_vectors"].astype(np.float32)
    write_model(path, {"w2v": "1.0", "options": {"training": {"dim": dim}}}, arrays)
    make_older(path)
    for mapped in (False, True):
        vectors = load(path)
        assert is_mapped(vectors) == mapped
        assert vectors.counts.tolist() == [3, 2]
        assert vectors.metadata == {"w2v": "1.0", "options": {"dim": dim}}


def test_a_copy_is_mapped_without_importing_the_formats(folder):
    path = write(folder / "v.txt")
    load(path)
    code = "import sys, w2v; w2v.load('v.txt'); print('w2v.vectors.formats' in sys.modules)"
    command = [sys.executable, "-c", code]
    process = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, check=True)
    assert process.stdout == "False\n"


def test_mapped_arrays_are_aligned(folder):
    path = write(folder / "v.txt")
    load(path)
    vectors = load(path)
    lookup = vectors.words.lookup
    for array in (vectors.matrix, vectors.norms, vectors.words.utf8, vectors.words.bounds, lookup.hashes, lookup.rows):
        assert array.ctypes.data % 64 == 0


def test_a_mapped_matrix_can_only_be_read(folder):
    path = write(folder / "v.txt")
    load(path)
    with pytest.raises(ValueError, match="read-only"):
        load(path)["first"][:] = 7


def test_without_the_cache_no_copy_is_used_or_kept(folder):
    path = write(folder / "v.txt")
    assert not is_mapped(load(path, cache=False))
    assert copies(folder) == []
    load(path)
    assert not is_mapped(load(path, cache=False))


def test_small_files_are_not_copied(folder):
    path = folder / "v.txt"
    path.write_text("1 2\nking 0.5 0.5\n")
    make_older(path)
    load(path)
    assert copies(folder) == []


def test_a_file_of_another_name_for_the_same_one_shares_its_copy(folder):
    path = write(folder / "v.txt")
    load(path)
    (folder / "link.txt").symlink_to(path)
    assert is_mapped(load(folder / "link.txt"))


# Stale copies


def test_a_changed_file_is_read_again(folder):
    path = write(folder / "v.txt", seed=1)
    load(path)
    write(path, seed=2)
    again = load(path)
    assert not is_mapped(again)
    check_equal(again, load(path, cache=False))
    assert is_mapped(load(path))
    assert len(copies(folder)) == 1


def test_a_file_with_the_same_size_and_time_is_read_again_if_it_is_another(folder):
    path = write(folder / "v.txt", seed=1)
    load(path)
    state = path.stat()
    text = path.read_bytes()
    place = text.index(b".", text.index(b"first")) + 1
    path.write_bytes(text[:place] + (b"1" if text[place : place + 1] != b"1" else b"2") + text[place + 1 :])
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (state.st_size, state.st_mtime_ns)
    check_equal(load(path), load(path, cache=False))


def test_a_file_that_may_still_be_written_to_is_not_copied(folder):
    path = write(folder / "v.txt")
    make_older(path, seconds=0)
    load(path)
    assert copies(folder) == []


def test_a_file_that_changes_while_it_is_read_is_not_copied(folder):
    path = write(folder / "v.txt")
    stamp = cache.Stamp.of(path)
    assert cache.is_worth_keeping(stamp)
    make_older(path, seconds=2 * AN_HOUR)
    assert not cache.is_worth_keeping(stamp)


# Damaged copies


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: data[: len(data) // 2],
        lambda data: data[:100],
        lambda data: b"",
        lambda data: data + b"\0",
        lambda data: bytes([data[0] ^ 1]) + data[1:],
        lambda data: data.replace(b'"shape":[', b'"shape":[1', 1),
        lambda data: data.replace(b'"version":"3"', b'"version":"2"', 1),
        lambda data: b"w2v copy" + data[8:],  # as version 1 started
        lambda data: data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1 :],
        lambda data: data[:100_000] + bytes(4096) + data[104_096:],  # a page that was lost
        lambda data: data[:200_704] + data[204_800:208_896] + data[200_704:204_800] + data[208_896:],  # pages swapped
        lambda data: data[:-1] + b"?",
    ],
)
def test_a_damaged_copy_is_not_used_and_replaced(folder, damage):
    path = write(folder / "v.txt")
    expected = load(path)
    (copy,) = copies(folder)
    whole = copy.read_bytes()
    copy.write_bytes(damage(whole))
    found = load(path)
    assert not is_mapped(found)
    check_equal(found, expected)
    assert is_mapped(load(path))


def test_any_damage_of_the_header_is_noticed(folder):
    path = write(folder / "v.txt")
    expected = load(path)
    (copy,) = copies(folder)
    whole = copy.read_bytes()
    length = int.from_bytes(whole[:8], "little")
    random = np.random.default_rng(1)
    for place in random.integers(0, 8 + length, 100).tolist():
        with copy.open("r+b") as stream:
            stream.seek(place)
            stream.write(random.bytes(1))
        found = cache.open_copy(path)
        if found is not None:  # the damage was harmless
            check_equal(found, expected)
        with copy.open("r+b") as stream:
            stream.write(whole[: 8 + length])


def test_a_copy_of_another_file_is_not_used(folder):
    one, other = write(folder / "one.txt", seed=1), write(folder / "other.txt", seed=2)
    load(one)
    (copy,) = copies(folder)
    load(other)
    (copy_of_other,) = set(copies(folder)) - {copy}
    shutil.copyfile(copy, copy_of_other)
    check_equal(load(other), load(other, cache=False))


def test_an_interrupted_copy_leaves_nothing(folder, monkeypatch):
    path = write(folder / "v.txt")
    stamp = cache.Stamp.of(path)
    vectors = load(path, cache=False)

    class InterruptedNorms:
        def __array__(self, dtype=None, copy=None):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cache.keep_copy(stamp, cache.CachedVectors(vectors.words, vectors.matrix, InterruptedNorms()))
    assert copies(folder) == []


# A cache folder that can't be used


def test_a_cache_folder_that_cannot_be_made_does_no_harm(folder, monkeypatch):
    path = write(folder / "v.txt")
    (folder / "file").write_text("")
    monkeypatch.setenv("W2V_CACHE_DIR", str(folder / "file" / "cache"))
    check_equal(load(path), load(path, cache=False))
    assert cache.copies() == []


def test_a_full_disk_does_no_harm(folder, monkeypatch):
    path = write(folder / "v.txt")
    size = len(load(path, cache=False).matrix.tobytes())
    usage = shutil.disk_usage(folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda where: usage._replace(free=size))
    load(path)
    assert copies(folder) == []


# The limit


def test_the_least_recently_used_copies_make_room(folder, monkeypatch):
    paths = [write(folder / f"{name}.txt", seed) for seed, name in enumerate("abc")]
    for path in paths[:2]:
        load(path)
    sizes = [copy.size for copy in cache.copies()]
    for copy in cache.copies():
        make_older(copy.file, 1000 if copy.source.name == "a.txt" else 500)
    load(paths[0])  # now the one used last
    monkeypatch.setenv("W2V_CACHE_LIMIT", str(sum(sizes) + 20_000))
    load(paths[2])
    assert [copy.source.name for copy in cache.copies()] == ["c.txt", "a.txt"]
    monkeypatch.setenv("W2V_CACHE_LIMIT", "0")
    cache.clear()
    load(paths[0])
    assert cache.copies() == []


def test_copies_of_missing_files_make_room_first(folder, monkeypatch):
    paths = [write(folder / f"{name}.txt", seed) for seed, name in enumerate("abc")]
    for path in paths[:2]:
        load(path)
    make_older(next(copy.file for copy in cache.copies() if copy.source.name == "a.txt"))
    paths[1].unlink()
    monkeypatch.setenv("W2V_CACHE_LIMIT", str(2 * cache.copies()[0].size + 20_000))
    load(paths[2])
    assert [copy.source.name for copy in cache.copies()] == ["c.txt", "a.txt"]


@pytest.mark.parametrize(
    "given, expected", [("", 10_000_000_000), ("0", 0), ("500M", 500_000_000), ("1.5 GB", 1_500_000_000), ("7k", 7000)]
)
def test_limits(monkeypatch, given, expected):
    monkeypatch.setenv("W2V_CACHE_LIMIT", given)
    assert cache.limit() == expected


@pytest.mark.parametrize("given", ["x", "-1", "1P", "G", "1e9"])
def test_wrong_limits(monkeypatch, given):
    monkeypatch.setenv("W2V_CACHE_LIMIT", given)
    with pytest.raises(UsageError, match="W2V_CACHE_LIMIT must be a size"):
        cache.limit()


@pytest.mark.parametrize(
    "platform, variables, expected",
    [
        ("linux", {"XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/x/w2v"),
        ("linux", {"XDG_CACHE_HOME": "relative", "HOME": "/h"}, "/h/.cache/w2v"),
        ("linux", {"HOME": "/h"}, "/h/.cache/w2v"),
        ("darwin", {"HOME": "/h", "XDG_CACHE_HOME": "/x"}, "/h/Library/Caches/w2v"),
        ("win32", {"LOCALAPPDATA": "/l", "HOME": "/h"}, "/l/w2v/Cache"),
        ("linux", {"W2V_CACHE_DIR": "/own", "XDG_CACHE_HOME": "/x"}, "/own"),
    ],
)
def test_the_folder_follows_the_rules_of_the_system(monkeypatch, platform, variables, expected):
    for name in ("W2V_CACHE_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert cache.folder().as_posix() == expected


# From the command line


def test_the_command_lists_and_clears(folder):
    path = write(folder / "v.txt")
    settings = {"W2V_CACHE_DIR": str(folder / "cache")}
    asked = [w2v("similar", "first", "--vectors", "v.txt", cwd=folder, **settings) for _ in range(2)]
    assert asked[0].stdout == asked[1].stdout != b""
    assert w2v("similar", "first", "--vectors", "v.txt", "--no-cache", cwd=folder, **settings).stdout == asked[0].stdout
    (entry,) = json.loads(w2v("cache", "--json", cwd=folder, **settings).stdout)
    assert entry["source"] == str(path)
    assert entry["dim"] == DIM
    assert entry["valid"]
    listed = w2v("cache", cwd=folder, **settings)
    assert str(path) in listed.stdout.decode()
    assert "1 copy, " in listed.stderr.decode()
    path.unlink()
    assert "not used any more" in w2v("cache", cwd=folder, **settings).stdout.decode()
    cleared = w2v("cache", "--clear", cwd=folder, **settings)
    assert (cleared.returncode, cleared.stdout) == (0, b"")
    assert "removed" in cleared.stderr.decode()
    assert copies(folder) == []


def test_without_cache_the_command_keeps_nothing(folder):
    write(folder / "v.txt")
    process = w2v("similar", "first", "--vectors", "v.txt", "--no-cache", cwd=folder, W2V_CACHE_DIR=str(folder / "c"))
    assert process.returncode == 0
    assert not (folder / "c").exists()


def test_a_wrong_limit_is_reported(folder):
    assert "W2V_CACHE_LIMIT must be" in error_line(w2v("cache", cwd=folder, W2V_CACHE_LIMIT="much"))


def test_a_query_maps_a_copy_without_numba(folder):
    path = write(folder / "v.txt")
    load(path)
    program = (
        "import sys, mmap; from w2v.vectors import load; vectors = load(sys.argv[1]); vectors.similar('first');"
        "owner = vectors.matrix\nwhile hasattr(owner, 'base'): owner = owner.base\n"
        "sys.exit(not isinstance(getattr(owner, 'obj', owner), mmap.mmap) or 'numba' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program, path], check=False).returncode == 0


# Words


@given(st.lists(st.text(max_size=6)), st.text(max_size=3))
def test_words_are_found_as_a_list_finds_them(words, other):
    held = PackedWords.of(words)
    assert held == words
    assert list(held) == words
    assert [held[row] for row in range(-len(words), len(words))] == words + words
    assert [held.find(word) for word in words] == [words.index(word) for word in words]
    assert (other in held) == (other in words)
    first = held.first_of_each()
    expected = [row for row, word in enumerate(words) if words.index(word) == row]
    assert (list(range(len(words))) if first is None else first.tolist()) == expected
    assert PackedWords.concatenated([held, held.take(expected)]) == words + [words[row] for row in expected]


@given(st.lists(st.text(max_size=4)), st.slices(8))
def test_words_are_sliced_as_a_list_is(words, part):
    assert PackedWords.of(words)[part] == words[part]


def test_words_with_equal_hashes_are_distinguished(monkeypatch):
    monkeypatch.setattr("w2v.vectors.packed_words.GOLDEN", 0)  # then the last letter is all that counts
    words = ["ab", "cb", "b", "cb", "a"]
    held = PackedWords.of(words)
    assert [held.find(word) for word in words] == [0, 1, 2, 1, 4]
    assert held.find("xb") is None
    assert held.first_of_each().tolist() == [0, 1, 2, 4]


def test_words_of_bytes_that_are_not_utf8_read_back():
    assert Vectors(["caf\udce9", "a"], np.ones((2, 1))).words == ["caf\udce9", "a"]
