"""Parquet: tables by column, as Hugging Face publishes data sets. Read by pyarrow, the reader of the Arrow project."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from w2v.errors import CorpusError, MissingExtraError
from w2v.readers.opened_text import NoTextError, OpenedText
from w2v.readers.records import USUAL_FIELD, Record, texts_of
from w2v.readers.whole_file import searchable
from w2v.wording import first_few, in_one_line

_MAGIC = b"PAR1\x15"  # and the first byte of a page, by which no text goes on
_ROWS = 1024  # at once
_MOST_NAMED = 8  # columns that a message names


def recognises(head: bytes) -> bool:
    """Say whether a file starts as Parquet does."""
    return head.startswith(_MAGIC)


def read(source: OpenedText) -> Iterator[bytes]:
    """Yield the text of each row."""
    return texts_of(records(source), source)


def records(source: OpenedText) -> Iterator[Record]:
    """Yield the rows, with the chosen columns only.

    Raises:
        NoTextError: the table has not the chosen columns; or none is chosen, and several may hold the text.
        CorpusError: the file is damaged, or a long one in a pipe.
        MissingExtraError: pyarrow is not installed.
    """
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise MissingExtraError("reading Parquet", "parquet") from None
    raw = searchable(source, recognises, "Parquet")
    try:
        file = ParquetFile(raw)
        columns = _columns(file.schema_arrow, source)
        number = 0
        for group in range(file.num_row_groups):
            for batch in file.iter_batches(batch_size=_ROWS, row_groups=[group], columns=columns):
                for values in batch.to_pylist():
                    number += 1
                    yield Record(source.name, number, values)
            source.share_read = (group + 1) / file.num_row_groups
    except (ArrowException, OSError, UnicodeDecodeError) as error:  # the last of names of columns
        reason = in_one_line(" ".join(str(error).split()))
        raise CorpusError(f"{source.name}: is damaged, or no Parquet ({reason}); get the file again") from error


def _columns(schema: Any, source: OpenedText) -> list[str]:
    """Return the columns to read."""
    from pyarrow import types

    names = list(schema.names)
    chosen = [name if name in names else name.split(".")[0] for name in source.options.field]
    missing = next((name for name in chosen if name not in names), None)
    texts = [field.name for field in schema if types.is_string(field.type) or types.is_large_string(field.type)]
    if missing is not None:
        named = first_few(names, _MOST_NAMED)
        advice = "; choose among them with `field`"
        raise NoTextError(source.name, f"has no column {missing}; its columns are {named}", advice)
    if chosen:
        return chosen
    return [USUAL_FIELD] if USUAL_FIELD in names else texts or names
