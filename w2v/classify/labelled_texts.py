"""Labelled texts in files: fastText's lines, `__label__a text`, and tables with a column of labels or numbers."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from w2v.classify.targets import Label
from w2v.documents.record_files import is_table, read_records
from w2v.errors import CorpusError
from w2v.options import EncodingOptions
from w2v.options.checks import shown
from w2v.options.classify import LabelledOptions
from w2v.readers.opened_text import Problems
from w2v.readers.records import Record, only_text
from w2v.wording import in_one_line

Target = list[str] | Label | float


class LabelledText(NamedTuple):
    """One example.

    Attributes:
        target: its labels, or a number; with the task `auto` a single label is no list.
        text: the text.
        place: file and line, for messages.
    """

    target: Target
    text: str
    place: str


def read_labelled(
    names: Sequence[str],
    options: LabelledOptions,
    *,
    task: str,
    encoding: EncodingOptions | None = None,
    problems: Problems | None = None,
) -> Iterator[LabelledText]:
    """Yield the labelled texts of files, in order. Empty lines are left out.

    Args:
        names: files; "-" is standard input.
        options: how labels are marked, and the names of columns.
        task: `regression` makes numbers of all targets; `auto` leaves the numbers and booleans of JSON as they are.
        encoding: how bytes become text.
        problems: where bad records are reported, and whether they are skipped; None makes them errors.

    Raises:
        CorpusError: a file can't be read, or a line has no label or no text; the message names the line.
    """
    for name in names:
        has_columns = is_table(name, options.format)
        fields: Sequence[str] = options.field
        for record in read_records([name], encoding, options.format, problems):
            if not has_columns and not record.values["text"].strip():
                continue
            if has_columns and not fields:
                fields = only_text(record, besides=options.label_column)
            try:
                yield _of_row(record, fields, options, task) if has_columns else _of_line(record, options, task)
            except CorpusError as error:
                if problems is None or not problems.skips:
                    raise
                problems.skip(error.message)


def _of_line(record: Record, options: LabelledOptions, task: str) -> LabelledText:
    """Return the example of a line: words with the prefix are labels, wherever they stand."""
    prefix = options.label_prefix
    marked = _labels_after(prefix)
    labels = [label for label in marked.findall(record.values["text"]) if label]
    text = marked.sub("", record.values["text"]).strip()
    if not labels and task != "multilabel":
        raise CorpusError(
            f"{record.place}: has no label; put {prefix}LABEL before the text, or name another `label_prefix`"
        )
    if not text:
        raise CorpusError(f"{record.place}: has a label, but no text; remove the line")
    if task == "regression":
        return LabelledText(_number(labels[0], record), text, record.place)
    return LabelledText(_single(labels, task), text, record.place)


@functools.cache
def _labels_after(prefix: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S){re.escape(prefix)}(\S*)\s*")


def _of_row(record: Record, fields: Sequence[str], options: LabelledOptions, task: str) -> LabelledText:
    text, value = record.text(fields), record.value(options.label_column)
    if not text.strip():
        raise CorpusError(f"{record.place}: the column {in_one_line(', '.join(fields))} is empty; remove the row")
    if task == "regression" or (isinstance(value, float) and task == "auto"):
        return LabelledText(_number(value, record), text, record.place)
    if isinstance(value, int) and task == "auto":
        return LabelledText(value, text, record.place)
    return LabelledText(_single(_labels(value, options, record, task), task), text, record.place)


def _single(labels: list[str], task: str) -> Target:
    return labels[0] if task == "auto" and len(labels) == 1 else labels


def _labels(value: Any, options: LabelledOptions, record: Record, task: str) -> list[str]:
    """Return the labels in a column: one, several in a list, or several with a separator between."""
    if isinstance(value, list):
        labels = [str(label) for label in value]
    elif options.label_separator and isinstance(value, str):
        labels = [label for label in value.split(options.label_separator) if label.strip()]
    else:
        labels = [] if value is None or value == "" else [str(value)]
    labels = [label.strip() for label in labels]
    if not all(labels) or (not labels and task != "multilabel"):
        advice = ", or use `task=multilabel`" if value == [] else ""
        raise CorpusError(f"{record.place}: the column {options.label_column} has no label; remove the row{advice}")
    for label in labels:
        if not label.isprintable():
            raise CorpusError(f"{record.place}: the label {shown(label)} has line breaks, tabs or the like; rename it")
    return labels


def _number(value: Any, record: Record) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise CorpusError(f"{record.place}: the target {shown(value)} is no finite number; correct or remove it")
    return number
