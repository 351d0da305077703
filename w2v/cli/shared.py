"""What several commands declare alike: options that are fields of w2v.options, with the defaults written there."""

from __future__ import annotations

import contextlib
import dataclasses
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import click

from w2v.cli.commands import Option
from w2v.cli.progress import ConsoleProgress
from w2v.errors import UsageError, VectorsError
from w2v.files import check_target, replacing
from w2v.options.fields import default_of
from w2v.options.threads import available_cpus
from w2v.options.vectors import DEFAULT_VECTORS

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from w2v.vectors import Vectors

STANDARD_OUTPUT = Path("-")

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
OptionsT = TypeVar("OptionsT", bound="DataclassInstance")

_SLOW_TO_LOAD = 200_000_000  # bytes


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


def check_output(output: Path, name: str, corpus: Sequence[str], holds: Callable[[bytes], bool], kind: str) -> None:
    """Refuse, before any work, an output that can't be written or would cost the user what stands there.

    An earlier output of the same kind is replaced; in a folder of the corpus, it is not read as text.

    Args:
        output: where to write; - is standard output.
        name: the option that says so.
        corpus: the files and folders to read.
        holds: says of the start of a file whether it is an earlier output; see w2v.files.
        kind: what such a file holds, such as "vectors".

    Raises:
        UsageError: `output` is a file of the corpus.
        OutputError: it can't be written, or a file that holds something else stands there.
    """
    if output == STANDARD_OUTPUT:
        return
    for source in map(Path, corpus):
        if source.is_file() and output.is_file() and source.samefile(output):
            raise UsageError(f"{name} {output}: is the corpus itself; choose another name")
    check_target(output, holds, kind)


@contextlib.contextmanager
def writing(output: Path) -> Iterator[BinaryIO]:
    """Open what an --output names: a file, whole or not there, or standard output for -.

    Raises:
        OutputError: the file can't be written; what stood there is unchanged.
    """
    if output == STANDARD_OUTPUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    else:
        with replacing(output) as stream:
            yield stream


def require_vectors(path: Path, advice: str) -> None:
    """Refuse a vectors file that doesn't exist; `advice` says how to name another one.

    Raises:
        VectorsError: it doesn't.
    """
    if not path.exists():
        raise VectorsError(f"{path}: no such file; make one with 'w2v train corpus.txt', or {advice}")


def load_vectors(path: Path, *, cache: bool) -> Vectors:
    """Return the vectors that a command asks; loading a file that takes seconds shows progress.

    Args:
        path: the file that the user named, or the default.
        cache: keep a copy of a large file in the cache folder, or use the one that is there; see `no_cache_option`.

    Raises:
        W2VError: the file can't be read.
    """
    from w2v.vectors import Vectors

    require_vectors(path, "name one with --vectors FILE")
    with ConsoleProgress(quiet=path.stat().st_size < _SLOW_TO_LOAD) as progress:
        return Vectors.load(path, cache=cache, progress=progress)


vectors_argument = click.argument(
    "vectors",
    type=click.Path(path_type=Path),
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
