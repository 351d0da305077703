"""The version of w2v, which pyproject.toml sets and pip records."""

from __future__ import annotations

UNKNOWN = "unknown"


def installed_version() -> str:
    """Return the version, or "unknown" of a copy that pip did not install, as in a ZIP archive."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("w2v")
    except PackageNotFoundError:
        return UNKNOWN
