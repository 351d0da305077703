"""What a reader of a format gets: the bytes of one source, and where it reports what is wrong with them."""

from __future__ import annotations

import functools
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from w2v.errors import CorpusError
from w2v.options import CorpusOptions
from w2v.wording import counted

MOST_AT_ONCE = 1 << 27  # bytes of a line, record or page, which are held in memory together
_AT_ONCE = 1 << 18  # bytes read at once


class NoTextError(CorpusError):
    """A source holds no text that could be found; it is skipped where it is one of many in a folder.

    Attributes:
        reason: ends a note that begins with "left out NAME, which".
    """

    def __init__(self, name: str, reason: str, advice: str = "") -> None:
        super().__init__(f"{name}: {reason}{advice}")
        self.reason = reason


@dataclass
class Problems:
    """What was wrong with the records of all sources, and what to say of it.

    Attributes:
        skips: whether a bad record is skipped; otherwise it is an error.
        can_skip: whether the user could have them skipped.
        skipped: number of bad records.
        first: what the first of them was.
        without_text: for each source that has some, how many records have no text, and how many there are.
        remarks: what else to tell the user, a line each.
    """

    skips: bool = False
    can_skip: bool = True
    skipped: int = 0
    first: str = ""
    without_text: dict[str, tuple[int, int]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def bad(self, place: str, complaint: str) -> None:
        """Count a bad record.

        Args:
            place: where it is, as file and line.
            complaint: what is wrong with it.

        Raises:
            CorpusError: bad records are not skipped.
        """
        if not self.skips:
            advice = ", or skip such records with `skip_bad_records=True`" if self.can_skip else ""
            raise CorpusError(f"{place}: {complaint}; correct it{advice}")
        self.skip(f"{place}: {complaint}")

    def skip(self, complaint: str) -> None:
        """Count a bad record that is skipped; the complaint names its file and line."""
        self.skipped += 1
        self.first = self.first or complaint

    def notes(self) -> list[str]:
        """Return what to tell the user, a line each."""
        found = [*self.remarks]
        if self.without_text:
            first, *others = self.without_text
            lacking, total = map(sum, zip(*self.without_text.values(), strict=True))
            where = f"{first} and {counted(len(others), 'other file')}" if others else first
            found.append(f"{lacking:,} of {counted(total, 'record')} of {where} have no text in the chosen fields")
        if self.skipped:
            found.append(f"skipped {counted(self.skipped, 'bad record')}, the first at {self.first}")
        return found


@dataclass
class OpenedText:
    """The bytes of one source, in a format other than plain text.

    Attributes:
        name: of the source, for messages.
        stream: its bytes, decompressed, in UTF-8 unless the format says otherwise.
        raw: the source itself, which can be searched if it is a file.
        options: how it is read.
        problems: where what is wrong is reported.
        share_read: how much of the source has been read, from 0 to 1; None where the stream knows.
    """

    name: str
    stream: io.BufferedReader[Any]
    raw: object
    options: CorpusOptions
    problems: Problems
    share_read: float | None = None

    @property
    def is_converted(self) -> bool:
        """Whether the stream was converted to UTF-8, whatever the file says of its encoding."""
        return not self.options.is_utf8

    def decoded(self, data: bytes, place: str, *, first_line: int | None = None) -> str | None:
        """Return bytes of UTF-8 as text; None for those of a bad record that is skipped.

        Args:
            data: the bytes.
            place: where they are, as file and line; only as a file with `first_line`.
            first_line: number of the line in which `data` starts, if it has several.

        Raises:
            CorpusError: they are wrong, and neither the options nor `problems` allow that.
        """
        try:
            return data.decode(errors=self.options.encoding_errors)
        except UnicodeDecodeError as error:
            from w2v.options import EncodingOptions

            if first_line is not None:
                line = first_line + data.count(b"\n", 0, error.start)
                place = f"{place}:{line}"
            complaint = EncodingOptions().complaint(data, error.start)
            if not self.problems.skips:
                raise CorpusError(f"{place}: {complaint}") from error
            self.problems.bad(place, complaint)
            return None

    def require_elements(self, *, are_there: bool) -> None:
        """Refuse a document without text in the chosen elements, if any are chosen.

        Raises:
            NoTextError: there is no such text.
        """
        names = self.options.element
        if names and not are_there:
            which = "element" if len(names) == 1 else "elements"
            reason = f"has no text in the {which} {', '.join(names)}"
            raise NoTextError(self.name, reason, "; choose others with `element`")

    def whole(self) -> bytes:
        """Return all bytes, or a little more than MOST_AT_ONCE if there are more.

        They are read in parts, since a stream takes room for as many bytes as it is asked for.
        """
        parts: list[bytes] = []
        size = 0
        while size <= MOST_AT_ONCE and (part := self.stream.read(_AT_ONCE)):
            parts.append(part)
            size += len(part)
        return b"".join(parts)

    def lines(self) -> Iterator[bytes]:
        """Yield the lines, with their ends.

        Raises:
            CorpusError: a line is longer than MOST_AT_ONCE.
        """
        read = functools.partial(self.stream.readline, MOST_AT_ONCE)
        for number, line in enumerate(iter(read, b""), 1):
            if len(line) == MOST_AT_ONCE and not line.endswith(b"\n"):
                raise CorpusError(f"{self.name}:{number}: the line is longer than {MOST_AT_ONCE >> 20} MB; split it")
            yield line
