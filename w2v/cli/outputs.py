"""The output files of a command: checked before any work, then opened."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import BinaryIO

from w2v import file_kinds
from w2v.cli.shared_options import FILE_NAME, option
from w2v.errors import UsageError
from w2v.file_kinds import PICTURE
from w2v.files import FileKind, check_target, replacing_all
from w2v.options.pictures import PICTURE_FORMATS

STANDARD_OUTPUT = Path("-")

output_option = option(
    "-o",
    "--output",
    type=FILE_NAME,
    default=STANDARD_OUTPUT,
    show_default=False,
    metavar="FILE",
    heading="Output",
    help="Output file; - is standard output, the default.",
)


def check_output(output: Path, name: str, corpus: Sequence[str], kind: FileKind) -> None:
    """Refuse, before any work, an output that can't be written or would replace a file of another kind.

    An earlier output of the same kind is replaced. In a folder of the corpus, it is not read as text.

    Args:
        output: the file; - is standard output.
        name: the option that names it.
        corpus: the files and folders to read.
        kind: of the file to write; see w2v.file_kinds.

    Raises:
        UsageError: `output` is a file of the corpus, or its ending promises another kind of file.
        OutputError: it can't be written, or exists and holds something else.
    """
    if output == STANDARD_OUTPUT:
        return
    require_unread(output, name, corpus, "the corpus")
    file_kinds.check_output(output, kind)


def is_same_file(one: Path, other: Path) -> bool:
    """Return whether both names refer to the same existing file."""
    return one.is_file() and other.is_file() and one.samefile(other)


def check_picture(output: Path) -> None:
    """Refuse, before any work, a picture that can't be written or would replace a file of another kind.

    Raises:
        UsageError: the name does not end in .html, .png or .svg.
        OutputError: it can't be written, or exists and holds something else.
    """
    if output.suffix.lower() not in PICTURE_FORMATS:
        raise UsageError(f"--output {output}: the name must end in one of {', '.join(PICTURE_FORMATS)}")
    check_target(output, PICTURE)


def require_unread(output: Path, name: str, inputs: Iterable[str | Path], kind: str) -> None:
    """Refuse an output that is also an input; `kind` says what the inputs are, such as "the corpus".

    Raises:
        UsageError: `output`, the value of option `name`, is one of the inputs.
    """
    for source in map(Path, inputs):
        if is_same_file(source, output):
            raise UsageError(f"{name} {output}: is {kind} itself; choose another name")


def require_distinct(files: Mapping[str, Path | None]) -> None:
    """Refuse options that name the same file.

    Args:
        files: the files by the names of their options; None where an option is not given.

    Raises:
        UsageError: two options name the same file.
    """
    for (name, path), (other, its_path) in combinations(files.items(), 2):
        if path is not None and its_path is not None and path.resolve() == its_path.resolve():
            raise UsageError(f"{other} and {name} are both {path}; choose another name for one of them")


@contextlib.contextmanager
def writing(output: Path) -> Iterator[BinaryIO]:
    """Open the output: standard output for -, or a file that appears only when it is complete.

    Raises:
        OutputError: the file can't be written; an earlier one is unchanged.
    """
    with writing_all([output]) as (stream,):
        yield stream


@contextlib.contextmanager
def writing_all(outputs: Sequence[Path]) -> Iterator[list[BinaryIO]]:
    """Open several outputs as `writing` does: all files are replaced, or none is.

    Raises:
        OutputError: a file can't be written.
    """
    files = [output for output in outputs if output != STANDARD_OUTPUT]
    with contextlib.ExitStack() as stack:
        opened = iter(stack.enter_context(replacing_all(files)) if files else ())
        yield [sys.stdout.buffer if output == STANDARD_OUTPUT else next(opened) for output in outputs]
        if STANDARD_OUTPUT in outputs:
            sys.stdout.buffer.flush()
