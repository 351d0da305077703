"""PDF: the text of each page, as PDFium finds it, by pypdfium2.

PDFium is the engine of Chromium. pypdf, in Python alone, takes some ten times as long, and poppler's bindings need its
library in the system.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from w2v.errors import MissingExtraError
from w2v.readers.line_ends import PARAGRAPH_END, as_utf8
from w2v.readers.opened_text import NoTextError, OpenedText
from w2v.readers.whole_file import searchable

_START = b"%PDF-"
_SPLIT_WORD = re.compile("[\ufffe\x02\xad]\\s*")  # PDFium marks hyphens at line ends by the first two


def recognises(head: bytes) -> bool:
    """Say whether a file starts as PDF does."""
    return head.startswith(_START)


def read(source: OpenedText) -> Iterator[bytes]:
    """Yield the text of each page as a paragraph in one line, since lines of a page end within sentences.

    Raises:
        NoTextError: the file is damaged or needs a password, or its pages hold no text, as if they were scanned.
        CorpusError: a page is damaged.
        MissingExtraError: pypdfium2 is not installed.
    """
    try:
        import pypdfium2
        from pypdfium2.raw import FPDF_ERR_PASSWORD
    except ImportError:
        raise MissingExtraError("reading PDF", "documents") from None
    file = searchable(source, recognises, "PDF")
    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == FPDF_ERR_PASSWORD:
            raise NoTextError(source.name, "is encrypted", "; remove the password first, as with qpdf") from error
        raise NoTextError(source.name, "is damaged, or no PDF", "; get the file again") from error
    has_text = False
    try:
        for number in range(len(document)):
            try:
                page = document[number]
                text = page.get_textpage().get_text_bounded()
                page.close()
            except pypdfium2.PdfiumError:
                source.problems.bad(f"{source.name}: page {number + 1}", "is damaged")
                continue
            words = " ".join(_SPLIT_WORD.sub("", text).split())
            source.share_read = (number + 1) / len(document)
            if words:
                has_text = True
                yield as_utf8(words + PARAGRAPH_END)
    finally:
        document.close()
    if not has_text:
        raise NoTextError(
            source.name, "holds no text, perhaps scanned pages", "; recognise their text first: ocrmypdf IN.pdf OUT.pdf"
        )
