"""Where w2v keeps what it could make again: copies of vectors files, and compiled code."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from w2v.errors import OutputError


def cache_folder() -> Path:
    """Return the folder `w2v` in the place where the system keeps a user's caches; it need not exist.

    Raises:
        OutputError: the user has no home folder.
    """
    try:
        return _folder()
    except RuntimeError as error:
        raise OutputError("there is no home folder to keep copies in; name a folder with W2V_CACHE_DIR") from error


def _folder() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local", "w2v", "Cache")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "w2v"
    base = os.environ.get("XDG_CACHE_HOME", "")
    return Path(base if os.path.isabs(base) else Path.home() / ".cache", "w2v")  # noqa: PTH117 - XDG's rule
