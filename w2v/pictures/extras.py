"""The packages that pictures need beside w2v's own."""

from __future__ import annotations

from importlib import import_module

from w2v.errors import MissingExtraError


def require(package: str, feature: str) -> None:
    """Make sure before long work that a package of the extra `plot` is there.

    Raises:
        MissingExtraError: it is not; the text says that `feature` needs the extra.
    """
    try:
        import_module(package)
    except ImportError:
        raise MissingExtraError(feature, "plot") from None
