"""Sphinx: how the site is built; see contributing.md."""

from __future__ import annotations

import sys
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

project = "w2v"
author = "The w2v authors"
copyright = "2026, The w2v authors"  # noqa: A001
version = release = version_of("w2v")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "command_reference"]
exclude_patterns = ["_build"]
highlight_language = "text"
default_role = "code"  # the meaning of single backticks in docstrings
html_theme = "furo"
html_title = f"w2v {version}"
html_show_sphinx = False
html_copy_source = False

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
suppress_warnings = ["myst.strikethrough"]

napoleon_numpy_docstring = False
napoleon_use_ivar = True
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_default_options = {
    "members": True,
    "inherited-members": "BaseException,tuple,dict,object,Protocol,Generic",
    "show-inheritance": True,
}


def _leave_out(_app: Any, _kind: str, _name: str, thing: Any, _skip: bool, _options: Any) -> bool | None:
    """Leave out the fields of named tuples; the text of their class explains them."""
    return True if (getattr(thing, "__doc__", None) or "").startswith("Alias for field number") else None


def setup(app: Any) -> None:
    """Register the hook with Sphinx."""
    app.connect("autodoc-skip-member", _leave_out)
