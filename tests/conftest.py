"""Where compiled code is kept while tests run.

Numba asks only whether a kernel's own file has changed; this asks all of them, so that no stale code is tested. Test
processes side by side have a folder each: Numba loses track when two of them add to the same kernel's files at once.
"""

import hashlib
import os
import tempfile
from pathlib import Path

SOURCES = sorted(Path(__file__).parents[1].joinpath("w2v").rglob("*.py"))
DIGEST = hashlib.sha256(b"".join(source.read_bytes() for source in SOURCES)).hexdigest()[:16]
CACHE = os.environ.get("NUMBA_CACHE_DIR", Path(tempfile.gettempdir(), f"w2v-tests-{DIGEST}"))
os.environ["NUMBA_CACHE_DIR"] = str(Path(CACHE, os.environ.get("PYTEST_XDIST_WORKER", "")))

# The user's own copies of vectors files stay as they are.
os.environ["W2V_CACHE_DIR"] = str(Path(tempfile.gettempdir(), f"w2v-tests-{DIGEST}", "vectors"))
