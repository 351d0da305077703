"""Which format a text has: by its content where that is certain, or else by the ending of its name."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from w2v.file_endings import ending_of
from w2v.options.text_formats import ANY_FORMAT, FORMATS, PLAIN, TextFormat

_LEADING = b"\xef\xbb\xbf \t\r\n"


def format_of(text_format: str, name: str, head: bytes) -> TextFormat | None:
    r"""Return the format of a source; None for plain text.

    Args:
        text_format: the value of the option.
        name: of the source.
        head: its first bytes, decompressed, as UTF-8.

    Example:
        >>> format_of("auto", "page", b"<!doctype html>\n<p>a rose") is FORMATS["html"]
        True
        >>> format_of("auto", "words.tsv.gz", b"word\ttext\n") is FORMATS["tsv"]
        True
        >>> print(format_of("plain", "words.tsv", b"word\ttext\n"))
        None
    """
    if text_format == PLAIN:
        return None
    if text_format != ANY_FORMAT:
        return FORMATS[text_format]
    start = head.lstrip(_LEADING)
    for known in FORMATS.values():
        if known.by_content and import_module(known.place).recognises(start):
            return known
    ending = ending_of(Path(name))
    return next((known for known in FORMATS.values() if ending in known.endings), None)


def document_start(head: bytes) -> bytes:
    """Return the start of a document of markup, from its type or first element on.

    Example:
        >>> document_start(b'<?xml version="1.0"?> <!-- A rose --> <TEI>')
        b'<TEI>'
    """
    while head.startswith((b"<?", b"<!--")):
        end = b"?>" if head.startswith(b"<?") else b"-->"
        head = head.partition(end)[2].lstrip()
    return head
