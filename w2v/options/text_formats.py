"""The formats of text by their name for `text_format`: the one list of them. Reading it imports none of them."""

from __future__ import annotations

from typing import NamedTuple

ANY_FORMAT, PLAIN = "auto", "plain"  # recognise it by content and name; read the text as it is
BASKETS = "baskets"  # sentences are sets
FIELD_EXAMPLE = "a name such as 'text'"
TAKEN = ("form", "lemma", "lemma_upos", "upos")


class TextFormat(NamedTuple):
    """A format of text.

    Attributes:
        place: the module with its reader, `read`.
        endings: of the names that such files usually have.
        option: the option that says what to take from it.
        by_content: whether the module has a function `recognises`, too.
        has_records: whether each piece that the reader gives is a text of its own.
        is_binary: whether it is text only when it is read.
    """

    place: str
    endings: tuple[str, ...]
    option: str
    by_content: bool = False
    has_records: bool = False
    is_binary: bool = False


# The first that recognises a file counts. HTML and dumps of MediaWiki come before XML, which they may be, too.
FORMATS = {
    "html": TextFormat("w2v.readers.html_pages", (".html", ".htm", ".xhtml"), "element", by_content=True),
    "mediawiki": TextFormat("w2v.readers.mediawiki_pages", (), "", by_content=True, has_records=True),
    "xml": TextFormat("w2v.readers.xml_elements", (".xml", ".tei"), "element", by_content=True),
    "json": TextFormat("w2v.readers.json_values", (".json", ".jsonl", ".ndjson"), "field", True, has_records=True),
    "csv": TextFormat("w2v.readers.comma_separated", (".csv",), "field", has_records=True),
    "tsv": TextFormat("w2v.readers.tab_separated", (".tsv", ".tab"), "field", has_records=True),
    "parquet": TextFormat("w2v.readers.parquet_rows", (".parquet",), "field", True, True, is_binary=True),
    "conllu": TextFormat("w2v.readers.conllu", (".conllu",), "take", by_content=True),
    "vertical": TextFormat("w2v.readers.vertical_text", (".vert", ".vrt"), "take"),
    BASKETS: TextFormat("w2v.readers.baskets", (), "field", has_records=True),
    "epub": TextFormat("w2v.readers.epub_books", (".epub",), "element", by_content=True, is_binary=True),
    "docx": TextFormat("w2v.readers.word_documents", (".docx",), "", by_content=True, is_binary=True),
    "pdf": TextFormat("w2v.readers.pdf_pages", (".pdf",), "", by_content=True, is_binary=True),
}
TEXT_FORMATS = (ANY_FORMAT, PLAIN, *FORMATS)


def users_of(option: str) -> str:
    """Return the formats that an option is for, for messages.

    Example:
        >>> users_of("take")
        'conllu and vertical'
    """
    *names, last = (name for name, known in FORMATS.items() if known.option == option)
    return f"{', '.join(names)} and {last}"
