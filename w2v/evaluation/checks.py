"""The arguments that all evaluations have."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from w2v.errors import UsageError
from w2v.options.checks import as_path, require_bool, require_count, shown
from w2v.vectors import Vectors


class Conventions(NamedTuple):
    """How words of a test set are compared with words of vectors.

    Attributes:
        path: the test set.
        restrict_vocab: how many of the first words to use; None uses all.
        casefold: whether to ignore case.
        skip_unknown: whether to leave out what has an unknown word.
    """

    path: Path
    restrict_vocab: int | None
    casefold: bool
    skip_unknown: bool


def check_arguments(
    vectors: object, path: object, *, foreign: dict[str, Any], others: tuple[str, ...] = (), **given: Any
) -> Conventions:
    """Return the arguments that all evaluations have, checked.

    Args:
        vectors: must be Vectors.
        path: file of the test set.
        foreign: arguments under other names.
        others: names of further arguments, to suggest.
        given: restrict_vocab, casefold and skip_unknown.

    Raises:
        UsageError: one has another type, `restrict_vocab` is below 1, or there is no such argument.
    """
    if not isinstance(vectors, Vectors):
        raise UsageError(f"`vectors` must be Vectors, such as w2v.load returns, not {shown(vectors)}")
    if foreign:
        from w2v.options.foreign_names import translated

        given |= translated(foreign, frozenset({*given, *others}))
    if given["restrict_vocab"] is not None:
        require_count("restrict_vocab", given["restrict_vocab"])
    require_bool("casefold", given["casefold"])
    require_bool("skip_unknown", given["skip_unknown"])
    return Conventions(as_path("path", path), **given)
