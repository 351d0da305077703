"""What vectors are tested on."""

from __future__ import annotations

DEFAULT_RESTRICT_VOCAB = 30_000
CASE_RULES = ("fold", "exact")
DEFAULT_CASE = "fold"
UNKNOWN_RULES = ("skip", "zero")
DEFAULT_UNKNOWN = "skip"
