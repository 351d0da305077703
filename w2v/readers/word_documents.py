"""DOCX, the documents of Word, LibreOffice and Google Docs: the paragraphs, those in tables and text boxes, too.

The package is python-docx, which opens the file and finds its main part. Its own text of a paragraph leaves out what
was inserted with changes tracked, and fields to fill in, so the elements are walked here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from w2v.errors import MissingExtraError
from w2v.readers.line_ends import PARAGRAPH_END, as_utf8, on_one_line
from w2v.readers.opened_text import NoTextError, OpenedText
from w2v.readers.whole_file import Archive, searchable
from w2v.zip_archive import ZIP

_MAIN_PART = b"word/"  # the folder of the main part, named within the first bytes
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # repeats a text box
_TEXT, _PARAGRAPH = f"{_W}t", f"{_W}p"
_SPACES = {f"{_W}tab": " ", f"{_W}br": " ", f"{_W}cr": " ", f"{_W}noBreakHyphen": "-"}


def recognises(head: bytes) -> bool:
    """Say whether a file starts as DOCX does."""
    return head.startswith(ZIP) and _MAIN_PART in head


def read(source: OpenedText) -> Iterator[bytes]:
    """Yield the text of each paragraph, without notes and what is deleted.

    Raises:
        NoTextError: the file is damaged, encrypted or something else, or holds no text.
        CorpusError: a part of it is longer than MOST_AT_ONCE.
        MissingExtraError: python-docx is not installed.
    """
    try:
        from docx import Document
        from lxml import etree
    except ImportError:
        raise MissingExtraError("reading DOCX", "documents") from None
    file = searchable(source, lambda head: head.startswith(ZIP), "DOCX")
    archive = Archive(file, source.name, "DOCX")
    archive.require_short_parts()
    file.seek(0)
    try:
        body = Document(file).element.body
    except (OSError, MemoryError):
        raise
    except Exception as error:  # of zipfile, lxml and python-docx
        raise archive.damaged() from error
    has_text = False
    for text in _paragraphs(etree.iterwalk(body, events=("start", "end"))):
        has_text = True
        yield as_utf8(on_one_line(text) + PARAGRAPH_END)
    if not has_text:
        raise NoTextError(source.name, "holds no text")


def _paragraphs(walk: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """Yield the text of each paragraph that has some; one of a text box stands within another."""
    found: list[str] = []
    skipping = False
    for event, element in walk:
        if element.tag == _FALLBACK:
            skipping = event == "start"
        elif skipping:
            continue
        elif element.tag == _PARAGRAPH:
            text = "".join(found)
            found.clear()
            if text.strip():
                yield text
        elif event == "start":
            found.append(_SPACES.get(element.tag, "") if element.tag != _TEXT else element.text or "")
