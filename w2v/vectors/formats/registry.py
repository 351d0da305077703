"""The formats that w2v knows, looked up by name, by the name of a file, and by the start of a file."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from w2v.compression import ENDINGS
from w2v.errors import UsageError
from w2v.vectors.formats.format import Format
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
    "saved_model",
)

FORMATS: tuple[Format, ...] = tuple(import_module(f"w2v.vectors.formats.{name}").FORMAT for name in _MODULES)
WRITTEN = {file_format.name: file_format for file_format in FORMATS if file_format.write}
DEFAULT = FORMATS[0]


def format_for(path: Path) -> Format:
    """Return the format that a file's name asks for, or the default if it asks for none.

    Example:
        >>> [format_for(Path(name)).name for name in ("news.bin", "glove.6B.txt", "news.glove.txt", "news")]
        ['word2vec-binary', 'glove', 'glove', 'word2vec']

    Raises:
        UsageError: the name is one of a compressed file.
    """
    name = path.name.lower()
    if name.endswith(ENDINGS):
        raise UsageError(
            f"{path}: vectors are not written compressed; leave off {path.suffix.lower()}, and compress the file then"
        )
    by_ending = next((known for known in WRITTEN.values() if name.endswith(known.endings)), None)
    by_beginning = next((known for known in WRITTEN.values() if name.startswith(known.beginnings)), None)
    return by_ending or by_beginning or DEFAULT


def format_named(name: str) -> Format:
    """Return the format of this name, which vectors can be written in.

    Raises:
        UsageError: there is none.
    """
    if name not in WRITTEN:
        raise UsageError(f"`file_format` must be one of {', '.join(WRITTEN)}, not {name!r}")
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
        names = ", ".join([*known.endings, *(f"{beginning}*" for beginning in known.beginnings)])
        rows.append((".txt, others" if known is DEFAULT else names, f"{known.name}: {known.description}"))
    width = max(len(names) for names, _ in rows)
    return "\n".join(f"  {names:<{width}}  {text}" for names, text in rows)
