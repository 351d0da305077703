"""Packages that some tests compare with, and that some versions of Python lack."""

import importlib
from importlib.metadata import requires

import pytest
from packaging.requirements import Requirement


def is_promised(package):
    """Return whether the extra `test` installs the package here, by the markers in pyproject.toml."""
    wanted = [Requirement(text) for text in requires("w2v")]
    return any(
        one.name == package and one.marker is not None and one.marker.evaluate({"extra": "test"}) for one in wanted
    )


def require(package, module=None):
    """Skip the test if the extra `test` doesn't install the package here; otherwise a missing package is an error."""
    if not is_promised(package):
        reason = f"{package} has no wheel for this Python"
        pytest.importorskip(module or package, reason=reason, exc_type=ImportError)


# Attributes of each global name, by which pytest knows fixtures and classes of tests while it collects them.
_ASKED_BY_PYTEST = ("__bases__", "__test__", "__wrapped__", "_mock_name")


class Optional:
    """A module that is imported when a test uses it, and skips the test if its package can't be installed here."""

    def __init__(self, module, package):
        self._module, self._package = module, package

    def __getattr__(self, name):
        if name in _ASKED_BY_PYTEST:
            raise AttributeError(name)
        require(self._package, self._module)
        return getattr(importlib.import_module(self._module), name)


def optional(module, package=None):
    """Return a module of a package, which is the first part of the module's name unless given."""
    return Optional(module, package or module.split(".")[0])
