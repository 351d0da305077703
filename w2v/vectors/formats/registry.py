"""The formats that w2v knows, looked up by name, by the name of a file, and by the start of a file."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from w2v.compression import ENDINGS, without_compression
from w2v.errors import UsageError
from w2v.file_endings import FOREIGN, ending_of
from w2v.options.checks import shown
from w2v.vectors.formats.format import Format

if TYPE_CHECKING:
    from w2v.vectors.formats.vectors_stream import FileStart

# The modules of this package that have a FORMAT, as help lists them. A file is in the last format that recognises it,
# so formats with a mark of their own stand below those that are only lines of words and numbers.
_MODULES = (
    "word2vec_text",
    "word2vec_binary",
    "glove",
    "fasttext_vec",
    "npz",
    "safetensors",
    "projector",
    "csv",
    "npy",
    "saved_model",
)

FORMATS: tuple[Format, ...] = tuple(import_module(f"w2v.vectors.formats.{name}").FORMAT for name in _MODULES)
WRITTEN = {file_format.name: file_format for file_format in FORMATS if file_format.write}
DEFAULT = FORMATS[0]
_CHOICE = (
    f"use {', '.join(ending for known in WRITTEN.values() for ending in known.endings)}, or none for word2vec's text"
)


def format_for(path: Path, file_format: str | None = None) -> Format:
    """Return the format to write a file in, by its name or as the user chose.

    A known ending means its format, also with .gz, .bz2, .xz or .zst after it where the format can be compressed. A
    name without an ending means the default; what starts with a digit, as in `news.2024`, is no ending.

    Args:
        path: the file.
        file_format: the name of a format that the user chose. It decides where the ending is unknown or missing.

    Raises:
        UsageError: there is no such format; or the ending means none, or another one than `file_format`.

    Example:
        >>> [format_for(Path(name)).name for name in ("news.bin", "glove.6B.txt", "news.csv.gz", "news.2024")]
        ['word2vec-binary', 'glove', 'csv', 'word2vec']
        >>> format_for(Path("news.2024"), "glove").name
        'glove'
    """
    chosen = _by_name(path) if file_format is None else _checked(path, format_named(file_format))
    _, compression = without_compression(path.name)
    if compression and not chosen.reads_compressed:
        raise UsageError(f"{path}: the format {chosen.name} can't be compressed; leave off {compression}")
    return chosen


def _by_name(path: Path) -> Format:
    ending, name = ending_of(path), path.name.lower()
    by_ending = _with_ending(path)
    by_beginning = next((known for known in WRITTEN.values() if name.startswith(known.beginnings)), None)
    if by_ending is not None and by_ending is not DEFAULT:
        return by_ending
    if by_beginning is not None and ending not in FOREIGN:
        return by_beginning
    if ending and by_ending is None:
        raise UsageError(
            f"{path}: no format of vectors has the ending {ending}; {_CHOICE}"
            + ("" if ending in FOREIGN else ", or choose the format with `file_format`")
        )
    return DEFAULT


def _checked(path: Path, chosen: Format) -> Format:
    """Return the format that the user chose, after checking that the ending of the file promises no other one."""
    ending, by_ending = ending_of(path), _with_ending(path)
    if by_ending is chosen or ending in chosen.other_endings:
        return chosen
    if by_ending is not None:
        raise UsageError(
            f"{path}: the ending {ending} means the format {by_ending.name}, not {chosen.name}; end the name in"
            f" {chosen.endings[0]}, or leave out `file_format={chosen.name}`"
        )
    if ending in FOREIGN:
        raise UsageError(f"{path}: no format of vectors has the ending {ending}; {_CHOICE}")
    if chosen.needs_ending:
        raise UsageError(
            f"{path}: a file in the format {chosen.name} is recognised by its name; end it in {chosen.endings[0]}"
        )
    return chosen


def _with_ending(path: Path) -> Format | None:
    """Return the format that has the ending of a name, the longest one if there are several."""
    name, _ = without_compression(path.name.lower())
    found = [
        (len(ending), known) for known in WRITTEN.values() for ending in known.endings if name[1:].endswith(ending)
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def format_named(name: str) -> Format:
    """Return the format of this name, which vectors can be written in.

    Raises:
        UsageError: there is none.
    """
    if not isinstance(name, str) or name not in WRITTEN:
        raise UsageError(f"`file_format` must be one of {', '.join(WRITTEN)}, not {shown(name)}")
    return WRITTEN[name]


def recognised(start: FileStart) -> Format:
    """Return the format that recognises a file; if none does, the default, whose reader says what is wrong.

    Raises:
        VectorsError: the first line looks like a header, but can't be one.
    """
    return next((known for known in reversed(FORMATS) if known.recognises(start)), DEFAULT)


def may_be_replaced(start: FileStart, *, only_certain: bool = False) -> bool:
    """Say whether a file holds vectors, so that other vectors may replace it.

    Args:
        start: the start of the file.
        only_certain: leave out the formats that can be taken for prose.
    """
    for known in FORMATS:
        holds_vectors = known.may_replace or known.recognises
        if known.write and (known.is_certain or not only_certain) and holds_vectors(start):
            return True
    return False


def described() -> str:
    """Return a table of the formats that vectors can be written in, a line each, for help."""
    rows = []
    for known in WRITTEN.values():
        names = [*known.endings, *(f"{beginning}*" for beginning in known.beginnings), *["none"] * (known is DEFAULT)]
        rows.append((", ".join(names), f"{known.name}: {known.description}"))
    width = max(len(names) for names, _ in rows)
    return "\n".join(f"  {names:<{width}}  {text}" for names, text in rows)


def compressed_described() -> str:
    """Return what to say about compressed output in help."""
    *names, last = (known.name for known in WRITTEN.values() if known.reads_compressed)
    *endings, other = ENDINGS
    return f"{', '.join(names)} and {last} are compressed if the name continues with {', '.join(endings)} or {other}."
