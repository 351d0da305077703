"""How much memory work takes, estimated before anything large is allocated."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import NamedTuple

from w2v.errors import W2VError
from w2v.memory import Room, memory_room, size_text

FIRST_KERNEL = 60_000_000  # bytes that the first compiled function takes besides Numba
LITTLE = 4_000_000  # bytes, for which nobody need be asked
_SAFE = 0.85  # of the memory that there is, for advice: estimates are a little wrong, and what is free changes
_PACKAGES = {  # bytes, as measured
    "numba": 65_000_000, "sklearn": 100_000_000, "openTSNE": 3_000_000,
    "pandas": 31_000_000, "pyarrow": 35_000_000,
}  # fmt: skip
_IMPORTED_WITH = {  # where they are installed
    "sklearn": ("pandas", "pyarrow"),
    "openTSNE": ("sklearn", "pandas", "pyarrow"),
}


class MemoryNeed(NamedTuple):
    """What some work takes besides what the process has when it begins, in bytes.

    Attributes:
        parts: what the memory is for, and how much that takes; not all of it at the same time.
        total: the most that is needed at a time.
        kept: what stays in use when the work is done.

    Example:
        >>> reading, copying = MemoryNeed({"vectors": 80}, 90, 80), MemoryNeed({"a copy": 80}, 80, 80)
        >>> reading.then(copying).total, copying.then(reading).total
        (160, 170)
    """

    parts: Mapping[str, int]
    total: int
    kept: int = 0

    @classmethod
    def of(cls, *, work: int = 0, **kept: int) -> MemoryNeed:
        """Return the need of what stays, by its name, and of what work takes besides for a time.

        Example:
            >>> MemoryNeed.of(the_copy=80, work=10)
            MemoryNeed(parts={'the copy': 80, 'work': 10}, total=90, kept=80)
        """
        parts = {name.replace("_", " "): size for name, size in kept.items()}
        return cls(parts | ({"work": work} if work else {}), sum(kept.values()) + work, sum(kept.values()))

    def then(self, later: MemoryNeed) -> MemoryNeed:
        """Return what this takes and work after it, while what this keeps stays in use."""
        parts = dict(self.parts)
        for name, size in later.parts.items():
            parts[name] = max(size, parts.get(name, 0)) if name == "work" else size + parts.get(name, 0)
        return MemoryNeed(parts, max(self.total, self.kept + later.total), self.kept + later.kept)

    def require(
        self, subject: str, advice: Callable[[int], str], kind: type[W2VError], *, room: Room | None = None
    ) -> None:
        """Refuse work that takes more memory than there is.

        Args:
            subject: what needs it, with its verb, such as "60,000 words x 300 need".
            advice: returns what would make it fit into so many bytes.
            kind: the error.
            room: what there is; None asks the system.

        Raises:
            W2VError: a `kind`: there is not enough.
        """
        if self.total < LITTLE:
            return
        room = room or memory_room()
        if room is not None and self.total > room.bytes:
            raise kind(
                f"{subject} {size_text(self.total)} of memory, but only {room}; {advice(int(_SAFE * room.bytes))}"
            )


def package_bytes(*names: str) -> int:
    """Return about how much memory packages take that were not imported yet."""
    others = [other for name in names for other in _IMPORTED_WITH.get(name, ())]
    missing = {*names, *others} - sys.modules.keys()
    return sum(_PACKAGES[name] for name in missing if name in names or find_spec(name))


def largest(most: int, fits: Callable[[int], bool]) -> int:
    """Return the largest number below `most` that fits, in two digits rounded down; 0 if none from 2 on does.

    Example:
        >>> largest(100_000, lambda n: 8 * n < 300_000)
        37000
    """
    low, high = 1, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    digits = 10 ** max(0, len(str(low)) - 2)
    return low // digits * digits if low > 1 else 0
