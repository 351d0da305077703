"""The packages of the extra `plot`, which pictures need."""

from __future__ import annotations

from importlib import import_module

from w2v.errors import MissingExtraError


def require(package: str, feature: str) -> None:
    """Check, before long work, that a package of the extra `plot` is installed.

    Args:
        package: the package.
        feature: what needs it, for the message.

    Raises:
        MissingExtraError: it is not installed.
    """
    try:
        import_module(package)
    except ImportError:
        raise MissingExtraError(feature, "plot") from None
