"""Running `w2v` as a user does: in a process of its own, in a folder of its own."""

import os
import subprocess
import sys

W2V = [sys.executable, "-m", "w2v"]


def environment(**extra):
    """Return the variables to run with: the user's, without what would change w2v's answers."""
    kept = {name: value for name, value in os.environ.items() if name not in ("W2V_VECTORS", "COLUMNS", "LC_ALL")}
    return kept | {"PYTHONUTF8": "1"} | extra


def w2v(*arguments, cwd, stdin=b"", **extra):
    """Run `w2v ARGUMENTS...` in folder `cwd`, with more environment variables, and return the finished process."""
    return subprocess.run(
        [*W2V, *map(str, arguments)],
        cwd=cwd, input=stdin, capture_output=True, env=environment(**extra), timeout=120, check=False,
    )  # fmt: skip


def error_line(process):
    """Return the one line that a failed process left on standard error, having printed nothing."""
    lines = process.stderr.decode().splitlines()
    assert len(lines) == 1, process.stderr.decode()
    assert lines[0].startswith("w2v: error: ")
    assert process.stdout == b""
    return lines[0].removeprefix("w2v: error: ")
