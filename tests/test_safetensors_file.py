"""Files of named arrays: the reference implementation reads ours, we read its, and what is malformed is reported."""

import contextlib
import json
import math
import struct

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from w2v import checksum
from w2v.checksum import Checksum
from w2v.errors import ModelError, VectorsError
from w2v.safetensors_file import SafetensorsFile, write_safetensors
from w2v.vectors import Vectors, load

IN_PLACE = settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
KINDS = [np.dtype(kind) for kind in ("?", "u1", "i1", "<u2", "<i2", "<f2", "<u4", "<i4", "<f4", "<u8", "<i8", "<f8")]
ARRAYS = st.sampled_from(KINDS).flatmap(lambda kind: hnp.arrays(kind, hnp.array_shapes(max_dims=3, min_side=0)))
NAMES = st.text(min_size=1, max_size=5).filter(lambda name: name != "__metadata__" and name.isprintable())


def written(path, arrays, metadata=None):
    with path.open("wb") as stream:
        write_safetensors(stream, arrays, metadata)
    return path


def opened(path, content=None):
    if content is not None:
        path.write_bytes(content)
    return SafetensorsFile.open(path, VectorsError)


@IN_PLACE
@given(st.dictionaries(NAMES, ARRAYS, max_size=4))
def test_the_reference_implementation_reads_ours(tmp_path, arrays):
    found = safetensors.numpy.load(written(tmp_path / "x", arrays, {"a": "b"}).read_bytes())
    assert found.keys() == arrays.keys()
    for name, array in arrays.items():
        assert (found[name].dtype, found[name].shape, found[name].tobytes()) == (
            array.dtype,
            array.shape,
            array.tobytes(),
        )


@IN_PLACE
@given(st.dictionaries(NAMES, ARRAYS, max_size=4))
def test_we_read_files_of_the_reference_implementation(tmp_path, arrays):
    (tmp_path / "x").write_bytes(safetensors.numpy.save(arrays))
    found = opened(tmp_path / "x")
    assert set(found.names) == arrays.keys()
    assert found.metadata == {}
    for name, array in arrays.items():
        assert found.shape(name) == array.shape
        assert found.array(name).dtype == array.dtype
        assert found.array(name).tobytes() == array.tobytes()


def test_arrays_are_mapped_and_read_by_rows(tmp_path):
    matrix = np.arange(12, dtype=np.float32).reshape(4, 3)
    arrays = {"m": matrix[:, ::2], "n": np.arange(2), "none": np.empty((0, 2), np.uint8)}
    file = opened(written(tmp_path / "x", arrays, {"about": "ü"}))
    assert file.metadata == {"about": "ü"}
    assert file.mapped()["m"].tolist() == matrix[:, ::2].tolist()
    assert file.mapped()["none"].shape == (0, 2)
    assert [rows.tolist() for rows in file.rows("m")] == [matrix[:, ::2].tolist()]
    with pytest.raises(VectorsError, match=r"x: has no array o$"):
        file.array("o")


def safetensors_bytes(header, data=b"", length=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def test_bfloat16_is_read(tmp_path):
    vectors = np.array([[1, -2.5], [0.5, 3]], np.float32)
    halves = (vectors.view(np.uint32) >> 16).astype("<u2").tobytes()
    header = {
        "words": {"dtype": "U8", "shape": [4], "data_offsets": [8, 12]},
        "vectors": {"dtype": "BF16", "shape": [2, 2], "data_offsets": [0, 8]},
    }
    (tmp_path / "v.safetensors").write_bytes(safetensors_bytes(header, halves + b"a\nb\n"))
    assert load(tmp_path / "v.safetensors").matrix.tolist() == vectors.tolist()


def array(**changes):
    return {"x": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]} | changes}


@pytest.mark.parametrize(
    "content",
    [
        b"", b"1234567", b"\xff" * 100, safetensors_bytes({}, length=100), safetensors_bytes(b"[]"),
        safetensors_bytes(b"[" * 100_000), safetensors_bytes(b"\xff"), safetensors_bytes({"__metadata__": {"a": 1}}),
        safetensors_bytes({"__metadata__": []}), safetensors_bytes({"x": 1}, bytes(8)), safetensors_bytes({}, bytes(8)),
        safetensors_bytes({"x": {"dtype": "F32"}}, bytes(8)),
        *(
            safetensors_bytes(array(**changes), bytes(8))
            for changes in (
                {"shape": [3]}, {"shape": [-2]}, {"shape": 2}, {"shape": [2.0]}, {"shape": [True, 2]},
                {"shape": [10**30, 0], "data_offsets": [0, 0]},
                {"dtype": "I8"}, {"dtype": 7}, {"dtype": []}, {"data_offsets": [0, 16]},
                {"data_offsets": [8, 16]}, {"data_offsets": [8, 0]}, {"data_offsets": [-8, 0]}, {"data_offsets": [0]},
                {"data_offsets": None}, {"data_offsets": [0, 8, 8]},
            )
        ),
        safetensors_bytes(array() | {"y": array()["x"]}, bytes(8)),  # two arrays in one place
        safetensors_bytes(array(), bytes(7)), safetensors_bytes(array(), bytes(9)),
    ],
)  # fmt: skip
def test_malformed_headers_are_reported_in_one_line(tmp_path, content):
    with pytest.raises(VectorsError, match="x: is damaged or cut short, or no safetensors file") as caught:
        opened(tmp_path / "x", content)
    assert "\n" not in str(caught.value)


def test_unknown_types_are_reported_when_they_are_read(tmp_path):
    file = opened(tmp_path / "x", safetensors_bytes(array(dtype="F8_E4M3"), bytes(8)))
    assert (file.names, file.kind("x"), file.shape("x")) == (["x"], "F8_E4M3", (2,))
    with pytest.raises(VectorsError, match="x: the array x has values of type F8_E4M3, which can't be read here"):
        file.array("x")


@IN_PLACE
@given(st.data())
def test_any_damage_is_reported_or_harmless(tmp_path, data):
    Vectors(["king", "queen"], [[1, 2], [3, 4]]).save(tmp_path / "whole.safetensors")
    content = bytearray((tmp_path / "whole.safetensors").read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    (tmp_path / "v.safetensors").write_bytes(content[: data.draw(st.integers(1, len(content)))])
    with contextlib.suppress(VectorsError, ModelError):  # and no other error
        load(tmp_path / "v.safetensors")


def test_arrays_start_at_a_multiple_of_64_bytes_and_leave_no_gap(tmp_path):
    path = written(tmp_path / "x", {"a": np.ones(3, np.uint8), "b": np.ones(2)}, {"a": "b" * 50})
    length = struct.unpack("<Q", path.read_bytes()[:8])[0]
    assert (8 + length) % 64 == 0
    assert path.stat().st_size == 8 + length + 3 + math.prod((2, 8))


@pytest.mark.parametrize("kind", ["<f4", "u1", "<f2", "<i8"])
@pytest.mark.parametrize("shape", [(7,), (3000, 37), (1, 200_000)])
def test_damage_of_an_array_is_found_however_it_is_read(tmp_path, kind, shape):
    path = tmp_path / "a.safetensors"
    array = np.random.default_rng(1).integers(0, 100, shape).astype(kind)
    with path.open("wb") as stream:
        write_safetensors(stream, {"a": array, "b": np.arange(5)}, {"format": "test"})
    whole = path.read_bytes()
    assert np.array_equal(SafetensorsFile.open(path, ModelError).array("a"), array)
    start = len(whole) - array.nbytes - 40
    for place in (start, start + array.nbytes // 2, start + array.nbytes - 1):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 8]) + whole[place + 1 :])
        file = SafetensorsFile.open(path, ModelError)
        assert file.metadata == {"format": "test"}
        assert file.array("b").tolist() == [0, 1, 2, 3, 4]
        with pytest.raises(ModelError, match="damaged in the array a"):
            file.array("a")
        with pytest.raises(ModelError, match="damaged in the array a"):
            file.mapped()
        if len(shape) == 2:
            with pytest.raises(ModelError, match="damaged in the array a"):
                list(file.rows("a"))


def test_files_without_checksums_are_read(tmp_path):
    path = tmp_path / "a.safetensors"
    header = b'{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}'
    path.write_bytes(len(header).to_bytes(8, "little") + header + b"abc")
    assert SafetensorsFile.open(path, ModelError).array("a").tobytes() == b"abc"


def test_a_checksum_does_not_depend_on_the_parts_that_it_is_made_of(monkeypatch):
    data = np.random.default_rng(1).integers(0, 256, 1_000_001).astype(np.uint8)
    whole = Checksum()
    whole.update(data)
    monkeypatch.setattr(checksum, "_PART", 1 << 14)
    parts = Checksum()
    for start, end in ((0, 3), (3, 4096), (4096, 50_000), (50_000, 50_000), (50_000, 1_000_001)):
        parts.update(data[start:end])
    expected = whole.digest()
    assert parts.digest() == expected
    for change in (slice(5, 6), slice(0, 100_000), slice(1_000_000, 1_000_001)):
        other = data.copy()
        other[change] ^= 1
        changed = Checksum()
        changed.update(other)
        assert changed.digest() != expected
