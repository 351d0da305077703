"""Records: values by name, as in a JSON object or a row of a table, and the texts among them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from w2v.errors import CorpusError
from w2v.options.checks import shown
from w2v.readers.line_ends import PARAGRAPH_END, as_utf8
from w2v.readers.opened_text import NoTextError, OpenedText
from w2v.wording import first_few, in_one_line

USUAL_FIELD = "text"  # of the text, where the user names none

_MOST_NAMED = 8  # fields that a message names


class Record(NamedTuple):
    """One JSON object, or one row of a table.

    Attributes:
        file: the name of the file, for messages.
        line: the number of the line in which it starts, from 1; of a row of a Parquet file, the number of the row.
        values: values by the name of their field or column.
    """

    file: str
    line: int
    values: dict[str, Any]

    @property
    def place(self) -> str:
        """File and line, for messages."""
        return f"{self.file}:{self.line}"

    def value(self, name: str) -> Any:
        """Return what is in a field or column.

        Raises:
            CorpusError: there is no such one.
        """
        if name not in self.values:
            known = first_few(sorted(self.values), _MOST_NAMED) or "none"
            raise CorpusError(f"{self.place}: has no column {in_one_line(name)}; the columns are {known}")
        return self.values[name]

    def text(self, names: Sequence[str]) -> str:
        """Return the text in some fields or columns, one after the other, with a space between.

        Raises:
            CorpusError: there is no such one, or it holds something else.

        Example:
            >>> Record("a.json", 1, {"title": "Rose", "post": {"text": "A rose."}}).text(["title", "post.text"])
            'Rose A rose.'
        """
        texts = []
        for name in names:
            value = self.value(name if name in self.values else name.split(".")[0])
            if not isinstance(value, str):
                try:
                    found = list(self.texts(name))
                except ValueError as error:
                    raise CorpusError(f"{self.place}: {in_one_line(name)} {error}") from None
                if not found:
                    raise CorpusError(f"{self.place}: {in_one_line(name)} must be a text, and there is none")
                value = " ".join(found)
            texts.append(value)
        return " ".join(texts)

    def texts(self, name: str) -> Iterator[str]:
        """Yield the texts in a field, which may lie deeper: `user.name` is the name in the user, of each in a list.

        A missing value gives none.

        Raises:
            ValueError: there is something else than texts.

        Example:
            >>> record = Record("a.json", 1, {"posts": [{"text": "a rose"}, {"text": "is a rose"}, {"text": None}]})
            >>> list(record.texts("posts.text"))
            ['a rose', 'is a rose']
        """
        is_whole = name in self.values
        return _texts_in(self.values[name] if is_whole else self.values, () if is_whole else name.split("."))


def _texts_in(value: Any, path: Sequence[str]) -> Iterator[str]:
    if value is None or value != value:  # NaN stands for a missing text
        return
    if isinstance(value, list):
        for item in value:
            yield from _texts_in(item, path)
    elif path and isinstance(value, dict):
        yield from _texts_in(value.get(path[0]), path[1:])
    elif not path and isinstance(value, str):
        yield value
    else:
        deeper = f"; name a field in it: {_names(value)}" if isinstance(value, dict) else ""
        raise ValueError(f"must be a text, not {shown(value)}{deeper}")


def texts_of(records: Iterable[Record], source: OpenedText) -> Iterator[bytes]:
    """Yield the text of each record as UTF-8: a line for each line of each chosen field, and a blank line at its end.

    Where the user chooses no field, that is the field `text`, or the only one that holds text.

    Raises:
        NoTextError: no field is chosen and the records have several, or no record has the chosen ones.
        CorpusError: a record is malformed.
    """
    names = source.options.field
    fields: dict[str, None] = {}  # of the first record
    total = lacking = 0
    for record in records:
        if not total:
            fields = dict.fromkeys(record.values)
            names = names or only_text(record)
        total += 1
        found: list[Any] = [record.values.get(name) for name in names]
        if not all(type(value) is str for value in found):  # nearly all are texts
            found = []
            try:
                for name in names:
                    found += record.texts(name)
            except ValueError as error:
                source.problems.bad(record.place, f"{in_one_line(name)} {error}")
                continue
        if found:
            yield as_utf8("\n".join(found) + PARAGRAPH_END)
        else:
            lacking += 1
    if lacking and lacking == total:
        choice = f"no text in the field {first_few(names)}"
        raise NoTextError(source.name, f"has {choice}; its fields are {_names(fields)}", "; choose others with `field`")
    if lacking:
        source.problems.without_text[source.name] = lacking, total


def only_text(record: Record, besides: str | None = None) -> tuple[str, ...]:
    """Return the name of the field that must be meant where the user names none.

    Args:
        record: the first one.
        besides: a field that holds something else.

    Raises:
        NoTextError: there are several.
    """
    if USUAL_FIELD in record.values:
        return (USUAL_FIELD,)
    texts = [name for name, value in record.values.items() if isinstance(value, str) and name != besides]
    if len(texts) == 1:
        return (texts[0],)
    if not texts:
        raise NoTextError(record.file, f"has no field with text; its fields are {_names(record.values)}")
    reason = f"has no field {USUAL_FIELD}, but others: {_names(texts)}"
    longest = max(texts, key=lambda name: len(record.values[name]))  # others are names and numbers
    raise NoTextError(record.file, reason, f"; choose those with text, as in `field={in_one_line(longest)}`")


def _names(names: Iterable[str]) -> str:
    listed = list(names)
    return first_few(listed, _MOST_NAMED) if listed else "none"
