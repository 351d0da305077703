"""The arguments that all evaluations have."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from w2v.errors import UsageError
from w2v.options.checks import as_path, require_bool, require_count, shown
from w2v.options.encoding import EncodingOptions
from w2v.progress import Progress
from w2v.tqdm_progress import listener
from w2v.vectors import Vectors


class Conventions(NamedTuple):
    """How words of a test set are compared with words of vectors.

    Attributes:
        path: the test set.
        restrict_vocab: how many of the first words to use; None uses all.
        casefold: whether to ignore case.
        skip_unknown: whether to leave out what has an unknown word.
        encoding: how the bytes of the test set become text.
    """

    path: Path
    restrict_vocab: int | None
    casefold: bool
    skip_unknown: bool
    encoding: EncodingOptions


def check_arguments(
    vectors: object,
    path: object,
    *,
    foreign: dict[str, Any],
    others: dict[str, Any],
    progress: Progress | bool | None,
    **given: Any,
) -> tuple[Conventions, dict[str, Any], Progress]:
    """Return the arguments that all evaluations have, checked.

    Args:
        vectors: must be Vectors.
        path: file of the test set.
        foreign: arguments under other names.
        others: further arguments of the evaluation.
        progress: receives progress and notes.
        given: restrict_vocab, casefold, skip_unknown, encoding and encoding_errors.

    Returns:
        The conventions; `others`, as other names may have changed them; and what receives progress.

    Raises:
        UsageError: one has another type, `restrict_vocab` is below 1, or there is no such argument.
    """
    if not isinstance(vectors, Vectors):
        raise UsageError(f"`vectors` must be Vectors, such as w2v.load returns, not {shown(vectors)}")
    shown_to = listener(progress)
    if foreign:
        from w2v.options.foreign_names import translated

        ours = translated(foreign, frozenset({*given, *others, "progress"}), shown_to.note)
        given |= {name: value for name, value in ours.items() if name in given}
        others = others | {name: value for name, value in ours.items() if name in others}
    if given["restrict_vocab"] is not None:
        require_count("restrict_vocab", given["restrict_vocab"])
    require_bool("casefold", given["casefold"])
    require_bool("skip_unknown", given["skip_unknown"])
    reading = {name: given.pop(name) for name in ("encoding", "encoding_errors")}
    encoding = EncodingOptions(**{name: value for name, value in reading.items() if value is not None})
    return Conventions(as_path("path", path), **given, encoding=encoding), others, shown_to
