"""Vectors in ZIP archives: found when they are the only ones, chosen by name otherwise, and named in every error."""

import gzip
import io
import zipfile

import pytest
from console import error_line
from console import inside as w2v

from w2v.errors import VectorsError
from w2v.vectors import Vectors, cache, load

TWO = "king 0.5 0.25\nqueen 0.5 0.35\nthe 1 2\n"
THREE = "king 0.5 0.25 1\nqueen 0.5 0.35 1\nthe 1 2 3\n"
PROSE = "These are vectors of words.\nUse them as you like.\n"


def archive(path, members, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


@pytest.mark.parametrize(
    "members",
    [
        {"glove.txt": THREE},
        {"v.vec": "3 3\n" + THREE, "README": PROSE, "LICENSE.md": PROSE, "meta.json": '{"words": 3}'},
        {"folder/": "", "folder/v.vec": "3 3\n" + THREE, "__MACOSX/folder/._v.vec": "3 3\n" + THREE, ".v": THREE},
        {"v.txt.gz": gzip.compress(THREE.encode(), mtime=0)},
        {"wiki.bin": b"\xba\x16\x4f\x2f\x0c\0\0\0" * 20, "wiki.vec": "3 3\n" + THREE},
    ],
    ids=["alone", "with notes", "in a folder", "compressed", "with a model of fastText"],
)
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_the_only_vectors_are_read(tmp_path, members, method):
    vectors = load(archive(tmp_path / "v.zip", members, method))
    assert list(vectors) == ["king", "queen", "the"]
    assert vectors["the"].tolist() == [1, 2, 3]


def test_binary_vectors_and_zip64(tmp_path):
    Vectors(["king", "queen"], [[1, 2], [3, 4]]).save(tmp_path / "v.bin")
    content = (tmp_path / "v.bin").read_bytes().replace(b"queen", b"quern")
    with zipfile.ZipFile(tmp_path / "v.zip", "w") as file, file.open("v.bin", "w", force_zip64=True) as member:
        member.write(content)
    vectors = load(tmp_path / "v.zip")
    assert list(vectors) == ["king", "quern"]
    assert vectors.matrix.tolist() == [[1, 2], [3, 4]]


def test_one_of_several_is_named(tmp_path):
    path = archive(tmp_path / "glove.zip", {"a/glove.2d.txt": TWO, "a/glove.3d.txt": THREE, "README": PROSE})
    with pytest.raises(VectorsError) as caught:
        load(path)
    assert str(caught.value) == (
        f"{path}: has 2 files with vectors; name one, as in {path}:a/glove.2d.txt; it has a/glove.2d.txt,"
        " a/glove.3d.txt"
    )
    assert load(f"{path}:a/glove.2d.txt").dim == 2
    assert load(f"{path}:glove.3d.txt").dim == 3
    assert b"king" in w2v("similar", "queen", "--vectors", "glove.zip:glove.3d.txt", cwd=tmp_path).stdout
    assert b"glove.zip:a/glove.2d.txt" in w2v("info", "glove.zip:glove.2d.txt", cwd=tmp_path).stdout
    assert not w2v("convert", "glove.zip:glove.2d.txt", "v.bin", cwd=tmp_path).returncode
    assert load(tmp_path / "v.bin").dim == 2


def test_a_file_of_that_very_name_goes_first(tmp_path):
    archive(tmp_path / "v.zip", {"a.txt": TWO})
    (tmp_path / "v.zip:a.txt").write_text(THREE)
    assert load(tmp_path / "v.zip:a.txt").dim == 3


def damaged():
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as file:
        file.writestr("v.txt", THREE)
    return whole.getvalue().replace(b"0.35", b"0.36", 1)


def with_flag(offset, value):
    whole = bytearray(damaged())
    whole[offset : offset + 2] = value
    directory = whole.index(b"PK\x01\x02")
    whole[directory + offset + 2 : directory + offset + 4] = value
    return bytes(whole)


@pytest.mark.parametrize(
    "content, told",
    [
        (damaged(), "v.zip: the compressed data is damaged or cut short"),
        (damaged()[:-30], "v.zip: is a damaged ZIP archive, or cut short"),
        (with_flag(6, b"\1\0"), "v.zip:v.txt: is encrypted; unpack it first"),
        (with_flag(8, b"\x09\0"), "v.zip:v.txt: is compressed with deflate64, which Python can't read"),
    ],
    ids=["damaged", "cut", "encrypted", "deflate64"],
)
def test_archives_that_cannot_be_read(tmp_path, content, told):
    (tmp_path / "v.zip").write_bytes(content)
    process = w2v("info", "v.zip", cwd=tmp_path)
    assert told in error_line(process)
    assert process.returncode == 1


@pytest.mark.parametrize(
    "members, told",
    [
        ({}, "v.zip: is a ZIP archive without files"),
        ({"a.txt": PROSE, "b.txt": PROSE}, "v.zip: none of its 2 files holds vectors: a.txt, b.txt"),
        ({"a.txt": PROSE}, "v.zip:a.txt:1: neither a header such as '5000 100' nor a word and its values"),
        ({"a.txt": THREE + "bad 1 x 2\n"}, "v.zip:a.txt:4: 'x' in the vector of 'bad' is not a number"),
        ({"a\nb.txt": PROSE, "b.txt": PROSE}, "none of its 2 files holds vectors: a\\nb.txt, b.txt"),
        ({"v.npz": b"PK\x03\x04" + b"\0" * 50}, "v.zip:v.npz: is in an archive, which the format npz can't be"),
        ({"w.bin": b"\xba\x16\x4f\x2f\x0c\0\0\0" * 20}, "is a model of fastText; unpack it; then its vectors"),
    ],
)
def test_what_is_wrong_with_a_member_is_told_with_its_name(tmp_path, members, told):
    archive(tmp_path / "v.zip", members)
    assert told in error_line(w2v("info", "v.zip", cwd=tmp_path))


def test_members_and_archives_that_are_not_there(tmp_path):
    archive(tmp_path / "v.zip", {"a.txt": TWO})
    (tmp_path / "v.txt").write_text(TWO)
    assert "v.zip: has no file b.txt; it has a.txt" in error_line(w2v("info", "v.zip:b.txt", cwd=tmp_path))
    assert "v.txt is no ZIP archive" in error_line(w2v("info", "v.txt:b.txt", cwd=tmp_path))
    assert "w.zip:b.txt: no such file" in error_line(w2v("info", "w.zip:b.txt", cwd=tmp_path))


def test_copies_in_the_cache_are_of_one_member(tmp_path, monkeypatch):
    monkeypatch.setenv("W2V_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "LEAST_BYTES", 10)
    monkeypatch.setattr(cache, "_SETTLED", 0)
    path = archive(tmp_path / "v.zip", {"two.txt": TWO, "three.txt": THREE})
    for _ in range(2):
        assert load(f"{path}:two.txt").dim == 2
        assert load(f"{path}:three.txt").dim == 3
    assert len(list((tmp_path / "cache").iterdir())) == 2
    archive(path, {"two.txt": THREE})
    assert load(f"{path}:two.txt").dim == 3
