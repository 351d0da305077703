"""What several commands declare alike: options with the defaults of w2v.options, and the vectors file they read."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from w2v.cli.commands import Option
from w2v.cli.console_progress import ConsoleProgress
from w2v.compression import decompressed
from w2v.errors import VectorsError
from w2v.file_kinds import WORD_COUNTS
from w2v.files import HEAD
from w2v.options.defaults import DEFAULT_VECTORS
from w2v.options.fields import default_of
from w2v.options.threads import available_cpus

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from w2v.vectors import Vectors

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
OptionsT = TypeVar("OptionsT", bound="DataclassInstance")

NAME_ANOTHER, NAME_BY_OPTION = "name another", "name one with --vectors FILE"  # what to do without a vectors file
_SLOW_TO_LOAD = 200_000_000  # bytes


class _FileName(click.Path):
    """The name of a file or folder. Whether that can be read is found out when it is, and told like all else."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, readable=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("'' is no name of a file", param, ctx)
        return super().convert(value, param, ctx)


FILE_NAME = _FileName()


def option(*declarations: str, **attributes: Any) -> Decorator:
    """Declare an option that can be given a `heading`."""
    return click.option(*declarations, cls=Option, **attributes)


def field_option(
    owner: type[OptionsT],
    name: str,
    *,
    declarations: tuple[str, ...] = (),
    default_text: str | None = None,
    **attributes: Any,
) -> Decorator:
    """Declare the option for field `name` of `owner`, with the field's default, shown as `default_text` if given.

    It is spelled as the field is, unless `declarations` spells it otherwise.

    Values are checked by `owner`, so that the command line and the Python API refuse the same ones in the same words.
    """
    default = default_of(owner, name)
    if isinstance(default, bool):
        attributes["is_flag"] = True
    if default_text is not None:
        attributes["help"] += f"  [default: {default_text}]"
        attributes["show_default"] = False
    return option(*(declarations or [f"--{name.replace('_', '-')}"]), name, default=default, **attributes)


def build(owner: type[OptionsT], parameters: Mapping[str, Any]) -> OptionsT:
    """Return the options object whose fields are among a command's parameters.

    Raises:
        UsageError: an option is out of range.
    """
    names = {field.name for field in dataclasses.fields(owner)}
    return owner(**{name: value for name, value in parameters.items() if name in names})


def stacked(*decorators: Decorator) -> Decorator:
    """Return one decorator that declares options in the order given."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate


def require_vectors(path: Path, advice: str = NAME_ANOTHER) -> None:
    """Refuse a vectors file that doesn't exist; `advice` says how to name another one.

    Raises:
        VectorsError: it doesn't.
    """
    if not path.exists():
        raise VectorsError(f"{path}: no such file; make one with 'w2v train corpus.txt', or {advice}")


def load_vectors(path: Path, *, cache: bool, advice: str = NAME_ANOTHER) -> Vectors:
    """Return the vectors that a command asks; loading a file that takes seconds shows progress.

    Args:
        path: the file that the user named, or the default.
        cache: keep a copy of a large file in the cache folder, or use the one that is there; see `no_cache_option`.
        advice: how to name another file.

    Raises:
        W2VError: the file can't be read, or holds words and counts.
    """
    from w2v.vectors import Vectors

    require_vectors(path, advice)
    with ConsoleProgress(quiet=path.stat().st_size < _SLOW_TO_LOAD) as progress:
        vectors = Vectors.load(path, cache=cache, progress=progress)
    if vectors.dim == 1 and path.is_file() and _holds_counts(path):
        raise VectorsError(
            f"{path}: holds words and counts, not vectors; make some with 'w2v train corpus.txt', or {advice}"
        )
    return vectors


def _holds_counts(path: Path) -> bool:
    """Say whether what reads as vectors of one value, without a header, is a vocabulary."""
    from w2v.vectors.formats import file_format

    with path.open("rb") as raw:
        head = decompressed(raw).read(HEAD)
    return WORD_COUNTS.recognises(head) and file_format(path) == "glove"


vectors_argument = click.argument(
    "vectors",
    type=FILE_NAME,
    metavar="[VECTORS]",
    envvar="W2V_VECTORS",
    default=DEFAULT_VECTORS,
)

threads_option = option(
    "--threads",
    type=int,
    metavar="N",
    default=available_cpus(),
    show_default=False,
    heading="Running",
    help="Threads to work with.  [default: as many as there are CPUs]",
)

quiet_option = option("-q", "--quiet", is_flag=True, heading="Running", help="Say nothing but errors.")

no_cache_option = option(
    "--no-cache",
    is_flag=True,
    heading="Running",
    help="Read the vectors file itself; neither use nor keep a copy in the cache folder (see 'w2v cache').",
)
