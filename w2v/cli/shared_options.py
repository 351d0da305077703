"""Options that several commands share, and how an option is declared with the default that w2v.options gives it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from w2v.cli.commands import Option
from w2v.options.defaults import DEFAULT_VECTORS
from w2v.options.encoding import ENCODING_ERRORS, EncodingOptions
from w2v.options.fields import default_of
from w2v.options.threads import available_cpus

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
OptionsT = TypeVar("OptionsT", bound="DataclassInstance")


class _FileName(click.Path):
    """The name of a file or folder. Whether it can be read is checked on opening."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, readable=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("'' is not the name of a file", param, ctx)
        return super().convert(value, param, ctx)


FILE_NAME = _FileName()


def option(*declarations: str, **attributes: Any) -> Decorator:
    """Declare an option; `heading` is the section of the help that lists it."""
    return click.option(*declarations, cls=Option, **attributes)


def field_option(
    owner: type[OptionsT],
    name: str,
    *,
    declarations: tuple[str, ...] = (),
    default_text: str | None = None,
    **attributes: Any,
) -> Decorator:
    """Declare the option for one field of an options class, with the default of that field.

    The class checks the value, so that Python and the command line refuse the same values in the same words.

    Args:
        owner: the options class.
        name: the field; `--min-count` is the option for `min_count`.
        declarations: other spellings to use instead.
        default_text: the default as the help shows it, where the value itself says too little.
        attributes: as for `option`.
    """
    default = default_of(owner, name)
    if isinstance(default, bool):
        attributes["is_flag"] = True
    if default_text is not None:
        attributes["help"] += f"  [default: {default_text}]"
        attributes["show_default"] = False
    return option(*(declarations or [f"--{name.replace('_', '-')}"]), name, default=default, **attributes)


def build(owner: type[OptionsT], parameters: Mapping[str, Any]) -> OptionsT:
    """Return an options object, its fields taken from the parameters of a command.

    Raises:
        UsageError: an option is out of range.
    """
    names = {field.name for field in dataclasses.fields(owner)}
    return owner(**{name: value for name, value in parameters.items() if name in names})


def stacked(*decorators: Decorator) -> Decorator:
    """Return one decorator that declares several options, in the order given."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate


vectors_argument = click.argument(
    "vectors",
    type=FILE_NAME,
    metavar="[VECTORS]",
    envvar="W2V_VECTORS",
    default=DEFAULT_VECTORS,
)

encoding_options = stacked(
    field_option(
        EncodingOptions,
        "encoding",
        metavar="NAME",
        heading="Reading",
        help="Encoding of the words in files, such as latin-1.",
    ),
    field_option(
        EncodingOptions,
        "encoding_errors",
        type=click.Choice(ENCODING_ERRORS),
        metavar="RULE",
        heading="Reading",
        help="Invalid bytes. strict: stop. replace: insert U+FFFD. ignore: drop. surrogateescape: keep as they are.",
    ),
)

threads_option = option(
    "--threads",
    type=int,
    metavar="N",
    default=available_cpus(),
    show_default=False,
    heading="Running",
    help="Number of threads.  [default: number of CPUs]",
)

quiet_option = option("-q", "--quiet", is_flag=True, heading="Running", help="Print errors only.")

dry_run_option = option(
    "--dry-run",
    is_flag=True,
    heading="Running",
    help="Show how much memory this needs; write nothing.",
)

no_cache_option = option(
    "--no-cache",
    is_flag=True,
    heading="Running",
    help="Use no copy in the cache, and keep none; see 'w2v cache'.",
)
