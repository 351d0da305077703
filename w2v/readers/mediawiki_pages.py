"""Dumps of MediaWiki, such as Wikipedia: the prose of each article.

The dump is read by expat, as a stream, since mwxml reads it as a tree. The markup is read by mwparserfromhell, which
the bots of Wikipedia use and whose tokenizer is compiled: it reads 2 MB/s. wikitextparser is written in Python alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from xml.parsers import expat

from w2v.errors import MissingExtraError
from w2v.readers.line_ends import PARAGRAPH_END, as_utf8
from w2v.readers.opened_text import MOST_AT_ONCE, OpenedText
from w2v.readers.recognition import document_start

_ROOT = b"<mediawiki"
_AT_ONCE = 1 << 16
_ARTICLES = "0"  # the namespace of articles
_FILES, _CATEGORIES = "6", "14"
_ALWAYS = ("file", "image", "media", "category")  # names of those namespaces that every wiki knows
_INTERWIKI = re.compile(r":?[a-z]{2,3}(?:-[a-z]+)?:", re.IGNORECASE)
# Tags whose text is no prose: notes, tables, formulas, code.
_SKIPPED = frozenset({
    "ce", "chem", "code", "gallery", "graph", "imagemap", "includeonly", "indicator", "inputbox", "mapframe", "maplink",
    "math", "poem-number", "pre", "ref", "references", "score", "source", "syntaxhighlight", "table", "templatedata",
    "templatestyles", "timeline",
})  # fmt: skip
_LINES = frozenset({"br", "dd", "div", "dl", "dt", "hr", "li", "p", "blockquote", "center"})
_STYLE = re.compile("''+|__[A-Z]+__")
_EMPTY_BRACKETS = re.compile(r"[(（]\s*[,;:，；、]*\s*[)）]")


def recognises(head: bytes) -> bool:
    """Say whether a text starts as a dump does."""
    return document_start(head).startswith(_ROOT)


def read(source: OpenedText) -> Iterator[bytes]:
    """Yield the text of each article, without templates, tables, notes and categories; redirects are left out.

    Raises:
        CorpusError: the dump is not well-formed; the text names the line.
        MissingExtraError: mwparserfromhell is not installed.
    """
    try:
        from mwparserfromhell import parse
        from mwparserfromhell.parser import ParserError
    except ImportError:
        raise MissingExtraError("reading dumps of MediaWiki", "mediawiki") from None
    dump = _Dump(source)
    for line, markup in dump.articles():
        try:
            code = parse(markup, skip_style_tags=True)
        except ParserError:
            source.problems.bad(f"{source.name}:{line}", "has markup that mwparserfromhell can't read")
            continue
        text = "".join(_prose(code.nodes, dump.hidden))
        lines = (" ".join(line.split()) for line in _EMPTY_BRACKETS.sub("", _STYLE.sub("", text)).split("\n"))
        yield as_utf8("".join([line + PARAGRAPH_END for line in lines if any(map(str.isalnum, line))]))


def _prose(nodes: Iterable[Any], hidden: frozenset[str]) -> Iterator[str]:
    """Yield the text of parsed markup; `hidden` are the namespaces, in lower case, whose links are no text."""
    for node in nodes:
        kind = type(node).__name__
        if kind == "Text":
            yield node.value
        elif kind == "Wikilink":
            title = str(node.title)
            space = title.partition(":")[0].strip().lower() if ":" in title else ""
            if space not in hidden and not (node.text is None and _INTERWIKI.match(title)):
                yield from _prose((node.title if node.text is None else node.text).nodes, hidden)
        elif kind == "ExternalLink":
            if node.title is not None:
                yield from _prose(node.title.nodes, hidden)
        elif kind == "Heading":
            yield "\n"
            yield from _prose(node.title.nodes, hidden)
            yield "\n"
        elif kind == "HTMLEntity":
            yield node.normalize() or " "
        elif kind == "Tag":
            name = str(node.tag).strip().lower()
            if name in _LINES:
                yield "\n"
            if name not in _SKIPPED and node.contents is not None:
                yield from _prose(node.contents.nodes, hidden)


class _Dump:
    """A dump, read as a stream.

    Attributes:
        hidden: the names of the namespaces of files and categories, in lower case; complete when articles come.
    """

    def __init__(self, source: OpenedText) -> None:
        self._source = source
        self.hidden = frozenset(_ALWAYS)
        self._found: list[tuple[int, str]] = []
        self._parts: list[str] | None = None  # of the element that is being read
        self._size = 0
        self._page: dict[str, str] = {}
        self._line = 0
        self._parser = parser = expat.ParserCreate("utf-8" if source.is_converted else None)
        parser.buffer_text = True
        parser.buffer_size = _AT_ONCE
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._add

    def articles(self) -> Iterator[tuple[int, str]]:
        """Yield the markup of each article, and the line in which its page starts."""
        while True:
            data = self._source.stream.read(_AT_ONCE)
            try:
                self._parser.Parse(data, not data)
            except expat.ExpatError as error:
                reason = expat.ErrorString(error.code)
                self._source.problems.bad(f"{self._source.name}:{error.lineno}", f"is not well-formed XML ({reason})")
                data = b""
            yield from self._found
            self._found.clear()
            if not data:
                return

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "page":
            self._page, self._line = {}, self._parser.CurrentLineNumber
        elif name == "redirect":
            self._page["redirect"] = ""
        elif name in ("ns", "text", "namespace"):
            self._parts, self._size = [], 0
            self._page["key"] = attributes.get("key", "")

    def _add(self, text: str) -> None:
        if self._parts is not None:
            self._size += len(text)
            if self._size > MOST_AT_ONCE:
                self._source.problems.bad(
                    f"{self._source.name}:{self._line}", f"has a page of more than {MOST_AT_ONCE >> 20} MB"
                )
                self._parts = None
                return
            self._parts.append(text)

    def _end(self, name: str) -> None:
        if self._parts is not None and name in ("ns", "text", "namespace"):
            value, self._parts = "".join(self._parts), None
            if name == "namespace":
                if self._page["key"] in (_FILES, _CATEGORIES):
                    self.hidden |= {value.strip().lower()}
            else:
                self._page[name] = value  # of several revisions, the last
        elif name == "page" and self._page.get("ns", _ARTICLES) == _ARTICLES and "redirect" not in self._page:
            if text := self._page.get("text", ""):
                self._found.append((self._line, text))
            self._page = {}
