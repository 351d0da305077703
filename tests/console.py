"""Run `w2v` in its own folder: in a process of its own, or inside this one."""

import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest import mock

from prepared import finished, started

# Where tests keep thousands of small files, since flushing them to a disk takes longer than all else; None: as usual.
IN_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
W2V = [sys.executable, "-m", "w2v"]


def environment(**extra):
    """Return environment variables: the user's, without those that change what w2v prints."""
    kept = {name: value for name, value in os.environ.items() if name not in ("W2V_VECTORS", "COLUMNS", "LC_ALL")}
    return kept | {"PYTHONUTF8": "1"} | extra


def w2v(*arguments, cwd, stdin=b"", **extra):
    """Run `w2v ARGUMENTS...` in folder `cwd` with extra environment variables; return the finished process.

    It starts with Numba imported, where the environment allows that.
    """
    if (prepared := started(arguments, cwd, environment(**extra))) is None:
        return fresh(*arguments, cwd=cwd, stdin=stdin, **extra)
    return subprocess.CompletedProcess(arguments, *finished(*prepared, stdin, timeout=120))


def fresh(*arguments, cwd, stdin=b"", **extra):
    """Do the same as `w2v`, but start from nothing, as a user does: for tests of starts and of memory."""
    return subprocess.run(
        [*W2V, *map(str, arguments)],
        cwd=cwd, input=stdin, capture_output=True, env=environment(**extra), timeout=120, check=False,
    )  # fmt: skip


def inside(*arguments, cwd, stdin=b"", **extra):
    """Run `w2v ARGUMENTS...` in this process, which takes a tenth of the time."""
    from w2v.cli import main

    back = Path.cwd()
    streams = [
        io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", errors=errors)
        for content, errors in ((stdin, "strict"), (b"", "strict"), (b"", "backslashreplace"))
    ]
    try:
        os.chdir(cwd)
        with (
            mock.patch.multiple(sys, stdin=streams[0], stdout=streams[1], stderr=streams[2]),
            mock.patch.dict(os.environ, environment(**extra), clear=True),
            mock.patch.object(tempfile, "tempdir", None),  # forget it, so that the environment decides
        ):
            try:
                main([str(argument) for argument in arguments])
            except SystemExit as stopped:
                code = stopped.code
    finally:
        os.chdir(back)
    for stream in streams[1:]:
        stream.flush()
    return subprocess.CompletedProcess(arguments, code, *(stream.buffer.getvalue() for stream in streams[1:]))


def error_line(process):
    """Return the one error line of a failed process that printed nothing else."""
    lines = process.stderr.decode().splitlines()
    assert len(lines) == 1, process.stderr.decode()
    assert lines[0].startswith("w2v: error: ")
    assert process.stdout == b""
    return lines[0].removeprefix("w2v: error: ")
