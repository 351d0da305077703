"""Control groups that limit the memory of a process, where this system lets us make them."""

import contextlib
import uuid
from pathlib import Path

import pytest

_ROOT = Path("/sys/fs/cgroup")


@contextlib.contextmanager
def control_group(limit):
    """Make a control group with `limit` bytes of memory, and yield its file of processes.

    Skips the test where no group can be made: that takes a writable tree of version 1 or 2, as for root.
    """
    place, limit_file = _parent()
    group = place / f"w2v-test-{uuid.uuid4().hex[:12]}"
    try:
        group.mkdir()
    except OSError as error:
        pytest.skip(f"no control group can be made in {place}: {error.strerror}")
    try:
        try:
            (group / limit_file).write_text(str(limit))
        except OSError as error:
            pytest.skip(f"the memory of a control group can't be limited in {place}: {error.strerror}")
        yield str(group / "cgroup.procs")
    finally:
        group.rmdir()


def _parent():
    """Return the group that this process is in, where groups limit memory, and the name of the file of the limit."""
    for line in _lines(Path("/proc/self/cgroup")):
        _, controllers, name = line.split(":", 2)
        if "memory" in controllers.split(","):
            return _existing(_ROOT / "memory", name), "memory.limit_in_bytes"
    for line in _lines(Path("/proc/self/cgroup")):
        _, controllers, name = line.split(":", 2)
        if not controllers and (_ROOT / "cgroup.controllers").exists():
            # A group of version 2 that has processes gives its controllers to no group in it; the one around it may
            return _existing(_ROOT, name.rpartition("/")[0]), "memory.max"
    return pytest.skip("this system has no control groups for memory")


def _existing(root, name):
    place = root / name.strip("/")
    return place if place.exists() else root


def _lines(path):
    try:
        return path.read_text().splitlines()
    except OSError:
        return []
