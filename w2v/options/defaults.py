"""Choices and defaults for querying and evaluating vectors."""

from __future__ import annotations

DEFAULT_VECTORS = "vectors.txt"
DEFAULT_CACHE_LIMIT = 10_000_000_000  # bytes, of all copies of vectors files together

DEFAULT_NEIGHBOURS = 10
METHODS = ("add", "mul")
DEFAULT_METHOD = "add"

DEFAULT_RESTRICT_VOCAB = 30_000
CASE_RULES = ("fold", "exact")
DEFAULT_CASE = "fold"
UNKNOWN_RULES = ("skip", "zero")
DEFAULT_UNKNOWN = "skip"
