"""Run `w2v` while its operations on files are recorded, and while one of them fails; see faults.c."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from console import W2V, environment

SOURCE = Path(__file__).with_suffix(".c")
COMPILER = shutil.which("cc")
STRACE = shutil.which("strace")
KINDS = (
    "open",
    "write",
    "rename",
    "link",
    "ftruncate",
    "mmap",
    "fsync",
    "close",
    "chmod",
    "mkdir",
    "unlink",
    "allocate",
)

_CALLS = {"openat": "open", "pwrite64": "write", "renameat": "rename", "renameat2": "rename", "linkat": "link",
          "unlinkat": "unlink", "fchmod": "chmod"}  # fmt: skip
_TRACED = "open,openat,write,pwrite64,rename,renameat,renameat2,link,linkat,unlink,unlinkat,fsync,fchmod"


# The process stops at these calls alone, where strace can do that; at every call, it takes a second more to start.
_CAN_FILTER = STRACE and b"--seccomp-bpf" in subprocess.run([STRACE, "--help"], capture_output=True, check=False).stdout
_ONLY_TRACED = ["--seccomp-bpf"] if _CAN_FILTER else []


class Operation(NamedTuple):
    """One operation: its kind, and the file; of a rename or link, the new name."""

    kind: str
    path: str


def library() -> Path:
    """Return the compiled library; it is compiled when the source has changed."""
    folder = Path(tempfile.gettempdir(), f"w2v-tests-faults-{os.geteuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{SOURCE.stat().st_mtime_ns}.so"
    if not path.exists():
        made = path.with_suffix(f".{os.getpid()}")
        subprocess.run([COMPILER, "-O2", "-shared", "-fPIC", "-o", made, SOURCE, "-ldl"], check=True)
        made.rename(path)
    return path


def preloaded(folders, log, kinds=KINDS):
    """Return environment variables that record operations on files in some folders in the file `log`."""
    return {
        "LD_PRELOAD": str(library()),
        "W2V_FAULTS_UNDER": ":".join(str(Path(folder).resolve()) for folder in folders),
        "W2V_FAULTS_LOG": str(log),
        "W2V_FAULTS_KINDS": f",{','.join(kinds)},",
    }


def recorded_by_library(arguments, cwd, log) -> tuple[subprocess.CompletedProcess, list[Operation]]:
    """Run `w2v ARGUMENTS...` and return the process, and its operations on files in `cwd`."""
    process = subprocess.run(
        [*W2V, *map(str, arguments)], cwd=cwd, capture_output=True, check=False,
        env=environment(**preloaded([cwd], log)),
    )  # fmt: skip
    return process, list(operations(log))


def operations(log) -> Iterator[Operation]:
    """Yield the operations that the library recorded."""
    for line in Path(log).read_text().splitlines():
        _, kind, path = line.split(" ", 2)
        yield Operation(kind, path)  # a kind with ! before it has failed


def recorded_by_strace(arguments, cwd, log) -> tuple[subprocess.CompletedProcess, list[Operation]]:
    """Do what `recorded_by_library` does, by the system calls themselves."""
    process = subprocess.run(
        [STRACE, "-f", *_ONLY_TRACED, "-y", "-qq", "-s", "0", "-e", f"trace={_TRACED}", "-o", log, *W2V,
         *map(str, arguments)],
        cwd=cwd, capture_output=True, check=False, env=environment(),
    )  # fmt: skip
    found = []
    for line in Path(log).read_text().splitlines():
        call = re.match(r"\d+ +(\w+)\((.*)\) += \d", line)
        if not call:
            continue
        paths = re.findall(r'"([^"]*)"', call[2]) or re.findall(r"\d+<([^>]*)>", call[2])
        path = str(Path(cwd, paths[-1])) if paths else ""
        if call[1] in ("write", "pwrite64"):
            path = re.match(r"\d+<([^>]*)>", call[2])[1]
        if path.startswith(str(cwd)):
            found.append(Operation(_CALLS.get(call[1], call[1]), path))
    return process, found
