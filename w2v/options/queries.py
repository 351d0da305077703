"""How words are asked for."""

from __future__ import annotations

DEFAULT_NEIGHBOURS = 10
METHODS = ("add", "mul")
DEFAULT_METHOD = "add"
