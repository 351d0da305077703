"""Files of word pairs and of analogies, plain or compressed."""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import TypeAlias

from w2v.compression import read_text
from w2v.errors import EvaluationError

Pair: TypeAlias = tuple[str, str, float]
Analogy: TypeAlias = tuple[str, str, str, str]


def read_pairs(path: str | os.PathLike[str]) -> list[Pair]:
    """Read lines of two words and a score, separated by tabs, commas (CSV) or white space.

    The first line decides the separator, and may be a header. The score is the first column of numbers after the words;
    other columns, such as a part of speech or the scores of single people, are ignored.

    Raises:
        EvaluationError: the file can't be read, holds no pairs, or a line has no score.
    """
    lines = list(_content_lines(path))
    separator = next((mark for mark in "\t," if lines and mark in lines[0][1]), None)
    try:
        rows = [(number, _split(line, separator)) for number, line in lines]
    except csv.Error as error:
        raise EvaluationError(f"{Path(path)}: is no table of word pairs ({error})") from error
    if rows and _score_column(rows[0][1]) is None and len(rows[0][1]) >= 3:
        del rows[0]
    if not rows:
        raise EvaluationError(f"{Path(path)}: holds no word pairs; expected lines such as: tiger cat 7.35")
    column = _score_column(rows[0][1])
    pairs = []
    for number, fields in rows:
        score = _number(fields[column]) if column is not None and column < len(fields) else None
        if score is None:
            raise EvaluationError(f"{Path(path)}:{number}: expected two words and a score, got {_shown(fields)}")
        pairs.append((fields[0], fields[1], score))
    return pairs


def read_analogies(path: str | os.PathLike[str]) -> list[tuple[str, list[Analogy]]]:
    """Read sections of questions: lines of four words, below lines such as `: family`.

    Questions above the first such line form a section with the name of the file.

    Raises:
        EvaluationError: the file can't be read, holds no questions, or a line does not have four words.
    """
    sections: list[tuple[str, list[Analogy]]] = []
    for number, line in _content_lines(path):
        if line.startswith(":"):
            sections.append((line.lstrip(":").strip(), []))
            continue
        if not sections:
            sections.append((Path(path).stem, []))
        words = line.split()
        if len(words) != 4:
            raise EvaluationError(f"{Path(path)}:{number}: expected four words, got {_shown(words)}")
        sections[-1][1].append((words[0], words[1], words[2], words[3]))
    if not any(questions for _, questions in sections):
        raise EvaluationError(f"{Path(path)}: holds no analogies; expected lines such as: king queen man woman")
    return sections


def _content_lines(path: str | os.PathLike[str]) -> Iterator[tuple[int, str]]:
    """Yield the number and the stripped text of each line that is neither blank nor a comment."""
    lines = StringIO(read_text(Path(path), EvaluationError), newline=None)
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if text and not text.startswith("#"):
            yield number, text


def _split(line: str, separator: str | None) -> list[str]:
    if separator == ",":
        return [field.strip() for field in next(csv.reader([line], skipinitialspace=True))]
    return [field.strip() for field in line.split(separator)]


def _score_column(fields: Sequence[str]) -> int | None:
    return next((column for column, field in enumerate(fields) if column >= 2 and _number(field) is not None), None)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _shown(fields: Sequence[str]) -> str:
    text = " ".join(fields)
    return repr(text if len(text) <= 60 else text[:57] + "...")
