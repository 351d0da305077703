"""Where tests keep compiled code and caches, and the folder that the examples in docstrings run in.

Each version of the sources has a folder of its own, so that no copy that another one made is read.
"""

import hashlib
import os
import signal
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

ROOT = Path(__file__).parent
SOURCES = sorted(ROOT.joinpath("w2v").rglob("*.py"))
DIGEST = hashlib.sha256(b"".join(source.read_bytes() for source in SOURCES)).hexdigest()[:16]
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(tempfile.gettempdir(), f"w2v-tests-{DIGEST}", "compiled")))

# Many tests start Python. It starts a fifth faster if it need not compile w2v, whatever this machine is set to.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# `fast` is as Hypothesis chooses for this machine: in CI, the same cases each time. tests/profiles.py uses both.
settings.register_profile("fast", deadline=None)
settings.register_profile("thorough", deadline=None, max_examples=10_000, derandomize=False)
settings.load_profile("fast")

# A shell ignores Ctrl-C for what it starts in the background, and so would the programs that the tests interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The user's own copies of vectors files stay as they are.
os.environ["W2V_CACHE_DIR"] = str(Path(tempfile.gettempdir(), f"w2v-tests-{DIGEST}", "vectors"))


@pytest.fixture
def example_folder(tmp_path, monkeypatch):
    """An empty folder to run an example in, with the bundled corpus, on one CPU: vectors are the same every time."""
    tmp_path.joinpath("corpora").symlink_to(ROOT / "corpora")
    monkeypatch.chdir(tmp_path)
    pinned = hasattr(os, "sched_setaffinity")
    if pinned:
        cpus = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cpus[int(WORKER.removeprefix("gw") or 0) % len(cpus)]})
    yield tmp_path
    if pinned:
        os.sched_setaffinity(0, cpus)


@pytest.fixture(autouse=True)
def _examples_of_docstrings(request):
    """Run an example of a docstring in a folder of its own, with `w2v` and `np` imported."""
    if isinstance(request.node, pytest.DoctestItem):
        request.getfixturevalue("example_folder")


@pytest.fixture(autouse=True, scope="session")
def _names_in_examples(doctest_namespace):
    import w2v

    doctest_namespace.update(w2v=w2v, np=np)
