"""The file formats for vectors: a module for each, and a registry that everything else asks.

A module of a format says in its FORMAT what the format is called, which names of files mean it, how it is recognised,
read and written (see `w2v.vectors.formats.format.Format`). To add one, write such a module and name it in
`w2v.vectors.formats.registry`; docs/adding-a-format.md shows how, step by step. A module is imported when a command
shows its help, so it imports NumPy, and all else that takes time, where it reads and writes. For the same reason, the
names here are imported on first use.

The other modules are shared: `text_lines` reads and `text_rows` writes lines of a word and its values, `line_values`
recognises such lines, `decimals` reads and prints numbers, `growing_matrix` takes rows as they come, `writable_words`
and `tokens` check words, `finite` checks values, and `counts_file` keeps counts beside vectors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from w2v.vectors.formats.loading import (
        chosen_member,
        file_format,
        has_words_file,
        provenance_of,
        read_vectors,
        vectors_size,
    )
    from w2v.vectors.formats.registry import (
        DEFAULT,
        FORMATS,
        WRITTEN,
        compressed_described,
        described,
        format_for,
        format_named,
    )
    from w2v.vectors.formats.saving import (
        check_format,
        check_stream_format,
        files_beside,
        holds_vectors,
        save,
        write_stream,
    )

__all__ = [
    "DEFAULT",
    "FORMATS",
    "WRITTEN",
    "check_format",
    "check_stream_format",
    "chosen_member",
    "compressed_described",
    "described",
    "file_format",
    "files_beside",
    "format_for",
    "format_named",
    "has_words_file",
    "holds_vectors",
    "provenance_of",
    "read_vectors",
    "save",
    "vectors_size",
    "write_stream",
]

if not TYPE_CHECKING:  # a type checker would accept any name if it saw __getattr__

    def __getattr__(name: str) -> object:
        """Import a name on first use."""
        if name in __all__:
            from importlib import import_module

            for module in ("registry", "loading", "saving"):  # each imports those before it
                found = import_module(f"w2v.vectors.formats.{module}")
                if name in vars(found):
                    return vars(found)[name]
        raise AttributeError(f"module 'w2v.vectors.formats' has no attribute '{name}'")
