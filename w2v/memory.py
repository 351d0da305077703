"""How much memory this process may still take: what the machine, a container and `ulimit` leave."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

if sys.platform != "win32":
    import resource

_CONTROL_GROUPS = Path("/sys/fs/cgroup")
_UNLIMITED = 1 << 60  # a limit above this is none


class Room(NamedTuple):
    """Memory that is left.

    Attributes:
        bytes: how much.
        limit: what leaves no more, such as "on this machine".
    """

    bytes: int
    limit: str

    def __str__(self) -> str:
        return f"{size_text(self.bytes)} are free {self.limit}"


def memory_room(groups: Path = _CONTROL_GROUPS, process: Path = Path("/proc/self")) -> Room | None:
    """Return how much memory this process may still take, or None where the system doesn't say.

    Args:
        groups: where the system shows control groups, of version 1 or 2.
        process: where it describes this process.
    """
    rooms: list[Room] = []
    with contextlib.suppress(OSError, ValueError, IndexError):
        rooms.append(Room(_free(process.parent / "meminfo"), "on this machine"))
    for limit, used in _of_groups(groups, process):
        rooms.append(Room(max(0, limit - used), "in this container or control group"))
    if sys.platform != "win32":
        soft = resource.getrlimit(resource.RLIMIT_AS)[0]
        if soft != resource.RLIM_INFINITY:
            rooms.append(Room(max(0, soft - _pages(process, 0)), "under ulimit -v"))
    return min(rooms, default=None)


def resident(process: Path = Path("/proc/self")) -> int:
    """Return how many bytes this process takes now, 0 where the system doesn't say."""
    return _pages(process, 1)


def return_freed() -> None:
    """Return freed memory to the system, which the C library keeps for later; elsewhere than on Linux, do nothing.

    The arrays of one step of a long run would otherwise add to those of the next.
    """
    import ctypes

    with contextlib.suppress(OSError, AttributeError, TypeError):  # another C library than that of GNU
        ctypes.CDLL(None).malloc_trim(0)


def size_text(n_bytes: float) -> str:
    """Return a number of bytes in MB or GB.

    Example:
        >>> size_text(3_400_000), size_text(14_200_000_000)
        ('3 MB', '14.2 GB')
    """
    return f"{n_bytes / 1e9:,.1f} GB" if n_bytes >= 1e9 else f"{n_bytes / 1e6:,.0f} MB"


def _pages(process: Path, field: int) -> int:
    with contextlib.suppress(OSError, ValueError, IndexError, AttributeError):
        return int((process / "statm").read_text().split()[field]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def _free(meminfo: Path) -> int:
    lines = dict(line.split(":", 1) for line in meminfo.read_text().splitlines() if ":" in line)
    return 1024 * sum(int(lines[name].split()[0]) for name in ("MemAvailable", "SwapFree"))


def _of_groups(groups: Path, process: Path) -> Iterator[tuple[int, int]]:
    """Yield the limit and the use of each control group that this process is in, those that it is in as a part too."""
    try:
        lines = (process / "cgroup").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, name = line.split(":", 2)
        if not controllers:  # version 2
            root, files = groups, ("memory.max", "memory.current", "inactive_file")
        elif "memory" in controllers.split(","):
            root, files = groups / "memory", ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
        else:
            continue
        place = root / name.strip("/")
        while True:
            with contextlib.suppress(OSError, ValueError):
                yield from _of_group(place, *files)
            if place in (root, root.parent):
                break
            place = place.parent


def _of_group(place: Path, limit_file: str, use_file: str, cached: str) -> Iterator[tuple[int, int]]:
    text = (place / limit_file).read_text().strip()
    if text == "max" or int(text) >= _UNLIMITED:
        return
    used = int((place / use_file).read_text())
    with contextlib.suppress(OSError, ValueError):
        states = dict(line.split() for line in (place / "memory.stat").read_text().splitlines())
        used -= int(states.get(cached, 0))  # files in memory, which the system drops when it needs room
    yield int(text), max(0, used)
