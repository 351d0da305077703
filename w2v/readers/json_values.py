"""JSON: an object in each line, or an array of objects, however it is laid out.

The parser is that of Python, which reads 200 MB/s. orjson reads 500 MB/s, but refuses NaN and halves of surrogate
pairs, which programs do write; and training takes far longer than either.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

from w2v.errors import CorpusError
from w2v.options.checks import shown
from w2v.readers.opened_text import MOST_AT_ONCE, OpenedText
from w2v.readers.records import USUAL_FIELD, Record, texts_of

_KEY = re.compile(rb'(?:\[\s*)?\{\s*"(?:[^"\\\n]|\\.)*"\s*:\s*["\d\[{tfn-]')
_AT_ONCE = 1 << 20  # bytes of an array
_CUT = 16  # characters before the end of what has been read in which an error can come from the cut
_WHITE = re.compile(r"[ \t\r\n]*")


def recognises(head: bytes) -> bool:
    r"""Say whether a text starts with a JSON object, or an array of them.

    Example:
        >>> recognises(b'{"text": "a rose"}\n'), recognises(b'[\n {"text": "'), recognises(b'{"a": 1} is JSON\n')
        (True, True, False)
    """
    if _KEY.match(head) is None:
        return False
    line, newline, _ = head.partition(b"\n")
    return not newline or not line.startswith(b"{") or _is_whole(line) or _goes_on(line)


def read(source: OpenedText) -> Iterator[bytes]:
    """Yield the text of each object; a text in place of an object is taken as it is."""
    return texts_of(records(source), source)


def records(source: OpenedText) -> Iterator[Record]:
    """Yield the objects.

    Raises:
        CorpusError: one is malformed; the text names its line.
    """
    if _is_array(source):
        yield from _Values(source, b"", 1).records()
        return
    is_first = True
    for number, line in enumerate(source.lines(), 1):
        if not line.strip():
            continue
        if is_first and _goes_on(line):
            yield from _Values(source, line, number).records()
            return
        is_first = False
        if (record := _of_line(source, line, number)) is not None:
            yield record


def _is_array(source: OpenedText) -> bool:
    """Say whether a source starts with a bracket; white space before it is read over."""
    while (start := source.stream.peek(1)[:1]).isspace():
        source.stream.read(1)
    return start == b"["


def _is_whole(line: bytes) -> bool:
    try:
        json.loads(line.decode(errors="replace"))
    except (ValueError, RecursionError):
        return False
    return True


def _goes_on(line: bytes) -> bool:
    """Say whether a line is the start of a value that the next lines go on with, since it is wrong at its end only."""
    try:
        json.loads(line.decode(errors="replace"))
    except json.JSONDecodeError as error:
        return error.pos >= len(error.doc.rstrip()) - 1
    except (ValueError, RecursionError):
        return False
    return False


def _of_line(source: OpenedText, line: bytes, number: int) -> Record | None:
    """Return the object in a line; None if it is malformed, and malformed ones are skipped."""
    place = f"{source.name}:{number}"
    text = source.decoded(line, place)
    if text is None:
        return None
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        source.problems.bad(place, f"is not JSON ({error.msg} at character {error.pos + 1})")
        return None
    except (ValueError, RecursionError) as error:  # a number of thousands of digits; brackets within brackets
        source.problems.bad(place, f"is not JSON that Python can read ({error})")
        return None
    return _record(source, number, value)


def _record(source: OpenedText, line: int, value: Any) -> Record | None:
    if isinstance(value, dict):
        return Record(source.name, line, value)
    if isinstance(value, str):
        return Record(source.name, line, {USUAL_FIELD: value})
    complaint = f'must be a JSON object, such as {{"text": "..."}}, not {shown(value)}'
    source.problems.bad(f"{source.name}:{line}", complaint)
    return None


class _Values:
    """The objects of an array, or one after another, of which only a part is in memory at a time."""

    def __init__(self, source: OpenedText, first: bytes, line: int) -> None:
        """Start behind `first`, bytes that have been read and start in line `line`."""
        self._source = source
        self._decoder = codecs.getincrementaldecoder("utf-8")(source.options.encoding_errors)
        self._read_value = json.JSONDecoder().raw_decode
        self._line = line
        self._at_end = False
        self._text = ""
        self._place = 0  # in the text, of what has not been parsed yet
        self._decode(first)

    def records(self) -> Iterator[Record]:
        """Yield the objects; behind a malformed one, nothing more is found."""
        in_array = False
        while (mark := self._next_mark()) is not None:
            if (mark == "[" and not in_array) or (in_array and mark in ",]"):
                in_array = mark != "]"
                self._move_to(self._place + 1)
                continue
            line = self._line
            try:
                value = self._value()
            except (ValueError, RecursionError) as error:
                reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
                if isinstance(error, json.JSONDecodeError):
                    line += self._text.count("\n", self._place, error.pos)
                self._source.problems.bad(f"{self._source.name}:{line}", f"is not JSON ({reason})")
                return
            if (record := _record(self._source, line, value)) is not None:
                yield record

    def _next_mark(self) -> str | None:
        """Return the next character that is no white space; None at the end."""
        while True:
            found = _WHITE.match(self._text, self._place)
            self._move_to(found.end() if found else self._place)
            if self._place < len(self._text):
                return self._text[self._place]
            if self._at_end:
                return None
            self._more()

    def _value(self) -> Any:
        """Return the value that starts here.

        Raises:
            ValueError: it is malformed.
        """
        while True:
            try:
                value, end = self._read_value(self._text, self._place)
            except json.JSONDecodeError as error:
                is_cut = error.pos >= len(self._text) - _CUT or error.msg.startswith("Unterminated")
                if self._at_end or not is_cut:
                    raise
            else:
                if end < len(self._text) or self._at_end:  # a number may go on
                    self._move_to(end)
                    return value
            self._more()

    def _move_to(self, place: int) -> None:
        self._line += self._text.count("\n", self._place, place)
        self._place = place

    def _more(self) -> None:
        """Read as much again as waits to be parsed, so that a long value is parsed a few times only."""
        waiting = len(self._text) - self._place
        if waiting > MOST_AT_ONCE:
            raise CorpusError(
                f"{self._source.name}:{self._line}: the JSON value is longer than {MOST_AT_ONCE >> 20} MB; split it"
            )
        data = self._source.stream.read(max(_AT_ONCE, waiting))
        self._at_end = not data
        self._decode(data)

    def _decode(self, data: bytes) -> None:
        try:
            more = self._decoder.decode(data, final=self._at_end)
        except UnicodeDecodeError as error:
            line = self._line + self._text.count("\n", self._place) + error.object.count(b"\n", 0, error.start)
            raise CorpusError(
                f"{self._source.name}:{line}: not UTF-8; name its encoding, as in `encoding=latin-1`, or use"
                " `encoding_errors=replace`"
            ) from error
        self._text = self._text[self._place :] + more
        self._place = 0
