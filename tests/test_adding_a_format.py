"""The steps of docs/adding-a-format.md, followed literally in a copy of the package."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from console import environment

from w2v.vectors import Vectors
from w2v.vectors.formats import DEFAULT, FORMATS, WRITTEN, described

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs" / "adding-a-format.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^   ```python\n(.*?)^   ```$", re.MULTILINE | re.DOTALL)


def blocks():
    """Return the Python code of the guide, without the indentation that puts it into a list."""
    return [re.sub(r"^ {3}", "", block, flags=re.MULTILINE) for block in BLOCK.findall(GUIDE)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a copy of the package that has the new format, and vectors of two words."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "w2v", folder / "w2v", ignore=shutil.ignore_patterns("__pycache__"))
    module, line = blocks()
    (name,) = re.findall(r"Write the module `(\S+)`", GUIDE)
    (folder / name).write_text(module, encoding="utf-8")
    (registry,) = re.findall(r"Name the module in `(\S+)`", GUIDE)
    text = (folder / registry).read_text(encoding="utf-8")
    changed = re.sub(r"(_MODULES = \(\n.*?)(^\))", rf"\1{line}\2", text, count=1, flags=re.MULTILINE | re.DOTALL)
    assert len(changed) == len(text) + len(line)
    (folder / registry).write_text(changed, encoding="utf-8")
    Vectors(["king", "王"], [[1, -0.5], [0.1, 1e-5]]).save(folder / "v.bin")
    return folder


def python(folder, *arguments):
    process = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment(PYTHONPATH=str(folder)), capture_output=True,
        text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert process.returncode == 0, process.stderr
    return process.stdout


def test_vectors_are_converted_there_and_back(folder):
    python(folder, "-m", "w2v", "convert", "v.bin", "v.jsonl")
    first = (folder / "v.jsonl").read_text(encoding="utf-8").splitlines()[0]
    assert json.loads(first) == {"word": "king", "vector": [1.0, -0.5]}
    python(folder, "-m", "w2v", "convert", "v.jsonl", "again.bin")
    assert (folder / "again.bin").read_bytes() == (folder / "v.bin").read_bytes()
    python(folder, "-m", "w2v", "convert", "v.bin", "named", "--to", "json-lines")
    assert (folder / "named").read_bytes() == (folder / "v.jsonl").read_bytes()


def test_every_command_knows_the_format(folder):
    python(folder, "-m", "w2v", "convert", "v.bin", "w.jsonl")
    assert json.loads(python(folder, "-m", "w2v", "info", "w.jsonl", "--json"))["format"] == "json-lines"
    assert "queen" not in python(folder, "-m", "w2v", "similar", "king", "--vectors", "w.jsonl")
    told = " ".join(python(folder, "-m", "w2v", "convert", "--help").split())
    assert ".jsonl json-lines: JSON objects, each with a word and a vector" in told
    assert "npy, json-lines." in told
    program = (
        "import w2v; from w2v.vectors.formats import check_format; vectors = w2v.load('v.bin');"
        "vectors.save('x.jsonl'); vectors.save('x.jsonl'); print(w2v.load('x.jsonl').words);"
        "print(check_format('new.jsonl', None).name)"  # as train -o asks
    )
    assert python(folder, "-c", program).splitlines() == ["['king', '王']", "json-lines"]


# The registry


def test_names_and_endings_are_those_of_one_format():
    assert len({known.name for known in FORMATS}) == len(FORMATS)
    endings = [ending for known in FORMATS for ending in known.endings]
    assert len(set(endings)) == len(endings)
    assert all(ending == ending.lower() and ending.startswith(".") for ending in endings)


def test_the_help_lists_every_format():
    lines = described().splitlines()
    assert len(lines) == len(WRITTEN)
    for line, known in zip(lines, WRITTEN.values(), strict=True):
        assert f"{known.name}: {known.description}" in line
        assert known is DEFAULT or all(ending in line for ending in known.endings)


def test_listing_the_formats_imports_neither_numpy_nor_readers():
    program = (
        "import sys; from w2v.vectors.formats import described; described();"
        " slow = {'numpy', 'numba', 'w2v.vectors.formats.loading', 'w2v.vectors.formats.saving'};"
        " sys.exit(bool(slow & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
