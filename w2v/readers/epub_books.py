"""EPUB: the chapters of a book, in the order of reading, each as a page of HTML.

The archive is read by Python's zipfile, and the chapters by the reader of HTML. EbookLib would bring the AGPL.
"""

from __future__ import annotations

import dataclasses
import io
import posixpath
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

from w2v.readers import html_pages
from w2v.readers.opened_text import NoTextError, OpenedText
from w2v.readers.whole_file import Archive, searchable
from w2v.zip_archive import ZIP

_TYPE = b"mimetypeapplication/epub+zip"  # name and content of the first member
_CONTAINER = "META-INF/container.xml"
_PAGES = frozenset({"application/xhtml+xml", "text/html"})


def recognises(head: bytes) -> bool:
    """Say whether a file starts as EPUB does."""
    return head.startswith(ZIP) and head[30 : 30 + len(_TYPE)] == _TYPE


def read(source: OpenedText) -> Iterator[bytes]:
    """Yield the text of each chapter.

    Raises:
        NoTextError: the file is damaged, encrypted or something else, or holds no text.
        CorpusError: a chapter is longer than MOST_AT_ONCE.
        MissingExtraError: selectolax is not installed.
    """
    archive = Archive(searchable(source, lambda head: head.startswith(ZIP), "EPUB"), source.name, "EPUB")
    has_text = False
    for part in _chapters(archive):
        stream = io.BufferedReader(io.BytesIO(archive.read(part)))
        page = dataclasses.replace(source, name=f"{source.name}:{part}", stream=stream)
        try:
            for text in html_pages.read(page):
                has_text = has_text or not text.isspace()
                yield text
        except NoTextError:  # not every chapter has the chosen elements
            continue
    source.require_elements(are_there=has_text)
    if not has_text:
        raise NoTextError(source.name, "holds no text")


def _chapters(archive: Archive) -> Iterator[str]:
    """Yield the names of the pages, in order."""
    container = _parsed(archive, _CONTAINER)
    package = next((found.get("full-path") for found in container.iter() if found.tag.endswith("}rootfile")), None)
    if package is None:
        raise archive.damaged()
    folder, content = posixpath.dirname(package), _parsed(archive, package)
    pages = {
        item.get("id"): item.get("href", "") for item in content.iter()
        if item.tag.endswith("}item") and item.get("media-type") in _PAGES
    }  # fmt: skip
    for place in content.iter():
        if place.tag.endswith("}itemref") and place.get("idref") in pages:
            href = unquote(pages[place.get("idref")]).partition("#")[0]
            yield posixpath.normpath(posixpath.join(folder, href))


def _parsed(archive: Archive, part: str) -> Any:
    try:
        return ElementTree.fromstring(archive.read(part))
    except ElementTree.ParseError as error:
        raise archive.damaged() from error
