"""XML: the text of elements. Of TEI, that is the body, without notes.

The parser is expat, which comes with Python: it reads 80 MB/s as a stream, as fast as lxml, and opens no other file
that a document names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from typing import Any
from xml.parsers import expat

from w2v.errors import CorpusError
from w2v.readers.line_ends import PARAGRAPH_END, as_utf8, on_one_line
from w2v.readers.opened_text import OpenedText
from w2v.readers.recognition import document_start

_DECLARATION = re.compile(rb"<\?xml\s+version\s*=")
_ROOT = re.compile(rb"<(?:[\w.-]+:)?(?:TEI|teiCorpus|TEI\.2)[\s>]")
_AT_ONCE = 1 << 16

_TEI = frozenset({"TEI", "teiCorpus", "TEI.2"})
_TEI_TEXT = frozenset({"body"})
# Elements of TEI that start on a line of their own, in the classes model.divLike, model.pLike, model.lLike and others.
_BLOCKS = frozenset({
    "ab", "argument", "back", "body", "byline", "castItem", "cell", "closer", "dateline", "def", "div", "div1", "div2",
    "div3", "div4", "div5", "div6", "div7", "docAuthor", "docDate", "docImprint", "docTitle", "entry", "epigraph",
    "floatingText", "front", "group", "head", "imprimatur", "item", "l", "label", "lg", "list", "listBibl", "bibl",
    "opener", "p", "postscript", "row", "s", "salute", "sense", "signed", "sp", "speaker", "stage", "table",
    "titlePart", "trailer", "u",
})  # fmt: skip
# Tokens, with a space around them; a c of TEI is a character, but one of the British National Corpus is a token.
_TEI_TOKENS, _TOKENS = frozenset({"w", "pc"}), frozenset({"w", "pc", "c", "t", "tok", "token", "word"})
_BREAKS = frozenset({"lb", "pb", "cb", "gb", "milestone", "br"})
# What an editor adds to a text, or what a page repeats.
_SKIPPED = frozenset({"note", "noteGrp", "footnote", "fn", "fw", "figDesc", "rdg", "indexterm", "script", "style"})
_OTHER_READINGS = frozenset({"sic", "orig", "abbr"})  # beside corr, reg and expan


def recognises(head: bytes) -> bool:
    """Say whether a text starts with a declaration of XML, or as TEI."""
    return _DECLARATION.match(head) is not None or _ROOT.match(document_start(head)) is not None


def read(source: OpenedText) -> Iterator[bytes]:
    """Yield the text of the elements, a line for each.

    Raises:
        CorpusError: the document is not well-formed, or its encoding is unknown; the text names the line.
    """
    document = _Document(source)
    has_text = False
    while True:
        data = source.stream.read(_AT_ONCE)
        goes_on = document.parse(data) and bool(data)
        text = document.taken()
        has_text = has_text or not text.isspace()
        if has_text:
            yield text
        if not goes_on:
            break
    source.require_elements(are_there=has_text)


class _Document:
    """What has been found in a document so far."""

    def __init__(self, source: OpenedText) -> None:
        self._source = source
        self._chosen = frozenset(source.options.element)
        self._is_tei: bool | None = None  # until the root says so
        self._tokens = _TOKENS
        self._inside = 0  # open elements whose text is wanted
        self._skipping = 0  # open elements from a skipped one on
        self._open: list[str] = []
        self._has_text: list[bool] = [False]  # of each open element, whether text stands in it directly
        self._found: list[str] = []
        self._parser = self._new_parser()

    def _new_parser(self) -> Any:
        parser = expat.ParserCreate("utf-8" if self._source.is_converted else None)
        parser.buffer_text = True
        parser.buffer_size = _AT_ONCE
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        # A DTD is not read, so entities such as &nbsp; are not known, and the names of HTML stand for them.
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_ALWAYS)
        parser.UseForeignDTD(True)
        parser.ExternalEntityRefHandler = self._leave_out
        parser.SkippedEntityHandler = self._name_entity
        return parser

    def parse(self, data: bytes) -> bool:
        """Read on, to the end if there is no data; return False where a malformed document is left.

        Raises:
            CorpusError: the document is malformed, and bad records are not skipped.
        """
        name = self._source.name
        try:
            self._parser.Parse(data, not data)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            self._source.problems.bad(f"{name}:{error.lineno}", f"is not well-formed XML ({reason})")
            return False
        except (ValueError, LookupError) as error:
            raise CorpusError(
                f"{name}: its encoding can't be read here ({error}); name it, as in `encoding=gb18030`"
            ) from error
        return True

    def taken(self) -> bytes:
        """Return the text found since the last call, or a space."""
        text = "".join(self._found) or " "
        self._found.clear()
        return as_utf8(text)

    def _leave_out(self, context: str | None, *_names: object) -> int:
        """Read an empty text in place of the DTD, and nothing in place of another file."""
        if context is None:
            self._parser.ExternalEntityParserCreate(context).Parse(b"", True)
        return 1

    def _name_entity(self, name: str, is_parameter: bool) -> None:
        if not is_parameter:
            self._text(html5.get(f"{name};", " "))

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if self._is_tei is None:
            self._is_tei = name in _TEI
            self._tokens = _TEI_TOKENS if self._is_tei else _TOKENS
            self._chosen = self._chosen or (_TEI_TEXT if self._is_tei else frozenset({name}))
        if self._skipping:
            self._skipping += 1
            return
        is_chosen = name in self._chosen
        if self._inside and not is_chosen and self._is_skipped(name):
            self._skipping = 1
            return
        if is_chosen:
            self._found.append(PARAGRAPH_END)
            self._inside += 1
        elif self._inside:
            self._found.append(self._before(name, attributes))
        self._open.append(name)
        self._has_text.append(False)

    def _is_skipped(self, name: str) -> bool:
        in_choice = bool(self._open) and self._open[-1] == "choice"
        return name in _SKIPPED or (in_choice and name in _OTHER_READINGS)

    def _before(self, name: str, attributes: dict[str, str]) -> str:
        """Return what separates an element from what stands before it."""
        if name in self._tokens:
            return " "
        if name in _BREAKS:
            return "" if attributes.get("break") == "no" else " "
        if self._is_tei:
            return PARAGRAPH_END if name in _BLOCKS else ""
        if self._has_text[-1]:  # the parent is a text with marked words
            return ""
        return " " if self._source.options.element else PARAGRAPH_END

    def _end(self, _tag: str) -> None:
        if self._skipping:
            self._skipping -= 1
            return
        name = self._open.pop()
        self._has_text.pop()
        if name in self._chosen:
            self._inside -= 1
            self._found.append(PARAGRAPH_END)
        elif self._inside:
            if name in self._tokens or not (self._is_tei or self._has_text[-1]):
                self._found.append(" ")
            elif self._is_tei and name in _BLOCKS:
                self._found.append(PARAGRAPH_END)

    def _text(self, text: str) -> None:
        if not self._inside or self._skipping:
            return
        if text.isspace():
            self._found.append(" ")
            return
        self._has_text[-1] = True
        self._found.append(on_one_line(text))
