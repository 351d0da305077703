"""Checks of the arguments that all evaluations have."""

from __future__ import annotations

from pathlib import Path

from w2v.errors import UsageError
from w2v.options.checks import as_path, require_bool, require_count, shown
from w2v.vectors import Vectors


def check_arguments(
    vectors: object, path: object, restrict_vocab: object, *, casefold: object, skip_unknown: object
) -> Path:
    """Check the arguments that all evaluations have, and return the path.

    Raises:
        UsageError: one has another type, or `restrict_vocab` is below 1.
    """
    if not isinstance(vectors, Vectors):
        raise UsageError(f"`vectors` must be Vectors, such as w2v.load returns, not {shown(vectors)}")
    if restrict_vocab is not None:
        require_count("restrict_vocab", restrict_vocab)
    require_bool("casefold", casefold)
    require_bool("skip_unknown", skip_unknown)
    return as_path("path", path)
