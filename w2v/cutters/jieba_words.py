"""Chinese words found by jieba, in its default mode."""

from __future__ import annotations

from collections.abc import Callable, Iterable

_ERRORS_ONLY = 40  # of the levels of Python's logging


def cutter(_name: str) -> Callable[[str], Iterable[str]]:
    """Return the function that cuts a line."""
    import jieba

    jieba.setLogLevel(_ERRORS_ONLY)
    jieba.initialize()
    cut: Callable[[str], Iterable[str]] = jieba.cut
    return cut


def made_by() -> str:
    """Return the package with its version."""
    from importlib.metadata import version

    return f"jieba {version('jieba')}"
