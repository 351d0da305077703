"""Files of word pairs and of analogies, as people have them, plain or compressed."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from itertools import permutations
from pathlib import Path
from typing import NamedTuple, TypeAlias

from w2v.errors import EvaluationError
from w2v.evaluation.columns import Columns, chosen_columns, number, numbers_lines, usual_columns
from w2v.evaluation.separators import SplitLine, content_lines, name_of, separator, shown_fields, split, usual_width
from w2v.options.encoding import EncodingOptions
from w2v.wording import counted

Pair: TypeAlias = tuple[str, str, float]
Analogy: TypeAlias = tuple[str, str, str, str]
Sections: TypeAlias = list[tuple[str, list[Analogy]]]
Note: TypeAlias = Callable[[str], None]

_PAIRS_EXAMPLE, _ANALOGIES_EXAMPLE = "tiger cat 7.35", "king queen man woman"
_COLUMN_NAME = re.compile(
    r"(word|w|term|token|category|section|type|relation|id|label|question|answer|source|target)[\W_]*[0-9a-d]?",
    re.IGNORECASE,
)
_NO_SCORES = frozenset({"", "-", "?", "na", "n/a", "nan", "none", "null", "inf", "-inf"})
_MOST_MADE = 2_000_000  # questions made of the pairs of a file; BATS has 2,450 in each
_NOT_QUESTIONS = ("readme", "license", "licence", "metadata", "copying")  # starts of the names of other files
_QUESTION_ENDINGS = frozenset({"", ".questions", ".txt", ".tsv", ".csv", ".dat", ".gz", ".bz2", ".xz", ".zst"})


def _ignore(_: str) -> None:
    pass


# word pairs


def read_pairs(
    path: str | os.PathLike[str],
    *,
    columns: str | Sequence[int | str] | None = None,
    encoding: EncodingOptions | None = None,
    note: Note = _ignore,
) -> list[Pair]:
    """Read lines of two words and a score, separated by tabs, semicolons, commas (CSV), bars or white space.

    The first line may be a header. Which columns hold the words and the score is recognised, as in the files of
    WordSim-353, SimLex-999, SimVerb-3500 and Rare Words; `note` receives which ones, if they are not the only three.
    Numbers have a point or a comma before the decimals.

    Args:
        path: the file; "-" is standard input.
        columns: the columns of the first word, the second word and the score, by number from 1 or by name.
        encoding: how the bytes become text; None is UTF-8.
        note: receives a line about what was chosen.

    Raises:
        EvaluationError: the file can't be read, holds no pairs, or a line has no score.
        UsageError: `columns` are not three.
    """
    lines = content_lines(path, encoding)
    mark = separator([line for _, line in lines], range(3, 1000))
    rows = [SplitLine(number, split(line, mark)) for number, line in lines]
    if not rows:
        raise _no_pairs(path)
    header, body, chosen = _layout(path, rows, columns)
    if not body:
        raise _no_pairs(path)
    pairs = []
    for line, fields in body:
        score = number(fields[chosen.score]) if chosen is not None and max(chosen) < len(fields) else None
        if chosen is None or score is None or not (fields[chosen.first] and fields[chosen.second]):
            hint = "; for analogies, evaluate analogies" if fields[0].startswith(":") else ""
            got = f"got {shown_fields(fields)}{hint}"
            raise EvaluationError(f"{name_of(path)}:{line}: expected two words and a score, {got}")
        pairs.append((fields[chosen.first], fields[chosen.second], score))
    if chosen is not None and columns is None and usual_width(body) > 3:
        title = f" ({header[chosen.score]})" if header and len(header) > chosen.score else ""
        note(
            f"{name_of(path)}: words from columns {chosen.first + 1} and {chosen.second + 1}, scores from column"
            f" {chosen.score + 1}{title}; `columns` chooses others"
        )
    return pairs


def _layout(
    path: str | os.PathLike[str], rows: Sequence[SplitLine], columns: str | Sequence[int | str] | None
) -> tuple[list[str] | None, Sequence[SplitLine], Columns | None]:
    """Return the header, if there is one, the rows below, and the columns of the words and the score."""
    first = rows[0].fields

    def refusal(text: str) -> EvaluationError:
        return EvaluationError(f"{name_of(path)}: {text}")

    if columns is not None:
        chosen, named = chosen_columns(columns, first, refusal)
        is_header = named or number(first[chosen.score]) is None
        return (first if is_header else None), rows[is_header:], chosen
    wide = [row for row in rows if len(row.fields) >= 3]
    if not wide:
        return None, rows, None
    width = usual_width(wide)
    whole = [row.fields for row in wide if len(row.fields) == width]
    body = whole[1:] if first is whole[0] else whole
    below = usual_columns(body, first if len(first) == width else None) if body else None
    if below is not None and (len(first) <= below.score or _is_title(first[below.score])):
        return first, rows[1:], below
    if below is None and len(first) >= 3 and not any(number(field) is not None for field in first):
        return first, rows[1:], None
    return None, rows, usual_columns(whole, None)


def _is_title(field: str) -> bool:
    """Say whether a field is neither a score nor what stands where one is missing."""
    return number(field) is None and field.lower() not in _NO_SCORES


def _no_pairs(path: str | os.PathLike[str]) -> EvaluationError:
    return EvaluationError(f"{name_of(path)}: holds no word pairs; expected lines such as: {_PAIRS_EXAMPLE}")


# analogies


def read_analogies(
    path: str | os.PathLike[str], *, encoding: EncodingOptions | None = None, note: Note = _ignore
) -> Sections:
    """Read sections of questions: lines of four words, below lines such as `: family`, as in questions-words.txt.

    A fourth word such as `queen/empress` names several right answers. Lines of two words are pairs, as in BATS: each
    pair makes a question with each other pair of its section, and the second word may be several, such as
    `queen/empress`. Lines may be numbered, or begin with the name of their section. Questions above the first section
    form one with the name of the file. In a folder, each file is a section; the files of MSR, X.questions and
    X.answers, are read together.

    Args:
        path: the file or folder; "-" is standard input.
        encoding: how the bytes become text; None is UTF-8.
        note: receives a line about what was chosen.

    Raises:
        EvaluationError: the file can't be read, holds no questions, or a line does not have four words.
    """
    sections: Sections = []
    pairs = 0
    for file in files_of(path):
        read, n_pairs = _read_file(file, encoding, note)
        sections += read
        pairs += n_pairs
    count = sum(len(questions) for _, questions in sections)
    if not count:
        raise EvaluationError(f"{name_of(path)}: holds no analogies; expected lines such as: {_ANALOGIES_EXAMPLE}")
    if pairs:
        note(
            f"{name_of(path)}: {counted(pairs, 'pair')} make {counted(count, 'question')}, each with each other pair of"
            " its section"
        )
    return sections


def files_of(path: str | os.PathLike[str]) -> list[Path]:
    """Return the file itself, or the files in a folder that can hold questions, in the order of their names.

    Raises:
        EvaluationError: the folder has no such files.
    """
    folder = Path(path)
    if os.fspath(path) == "-" or not folder.is_dir():
        return [folder]
    files = [file for file in sorted(folder.rglob("*")) if file.is_file() and _can_hold_questions(folder, file)]
    if not files:
        raise EvaluationError(f"{folder}: has no files of questions, such as .txt files")
    return files


def _can_hold_questions(folder: Path, file: Path) -> bool:
    if any(part.startswith(".") for part in file.relative_to(folder).parts):
        return False
    return file.suffix.lower() in _QUESTION_ENDINGS and not file.name.lower().startswith(_NOT_QUESTIONS)


class _Asked(NamedTuple):
    """The lines of a file of questions.

    Attributes:
        names: of the sections.
        sections: the number of the section of each line.
        rows: the lines.
    """

    names: list[str]
    sections: list[int]
    rows: list[SplitLine]


def _read_file(path: str | os.PathLike[str], encoding: EncodingOptions | None, note: Note) -> tuple[Sections, int]:
    """Return the sections of one file, and how many pairs it has whose questions are made here."""
    asked = _asked(path, encoding)
    if answers := _msr_answers(path, len(asked.rows), encoding):
        asked = _with_answers(asked, answers)
    width = usual_width(asked.rows) if asked.rows else 4
    if width == 5:
        asked = _without_first_column(path, asked, note)
    is_paired = width == 2 and not any(len(row.fields) == 4 for row in asked.rows)
    width = 2 if is_paired else 4
    for line, fields in asked.rows:
        if len(fields) != width or "" in fields:
            raise EvaluationError(f"{name_of(path)}:{line}: expected {_expected(fields, width)}")
    found: list[list[list[str]]] = [[] for _ in asked.names]
    for section, row in zip(asked.sections, asked.rows, strict=True):
        found[section].append(row.fields)
    if not is_paired:
        return [
            (name, [(a, b, c, d) for a, b, c, d in lines]) for name, lines in zip(asked.names, found, strict=True)
        ], 0
    count = sum(len(pairs) * (len(pairs) - 1) for pairs in found)
    if count > _MOST_MADE:
        raise EvaluationError(
            f"{name_of(path)}: {counted(len(asked.rows), 'pair')} would make {count:,} questions, each pair with each"
            " other of its section; use fewer, or sections"
        )
    made = [[(a, b, c, d) for (a, b), (c, d) in permutations(pairs, 2)] for pairs in found]
    return list(zip(asked.names, made, strict=True)), len(asked.rows)


def _asked(path: str | os.PathLike[str], encoding: EncodingOptions | None) -> _Asked:
    names: list[str] = []
    sections: list[int] = []
    lines: list[tuple[int, str]] = []
    for place, line in content_lines(path, encoding):
        text = line.strip()
        if text[0] == ":":
            names.append(text.lstrip(":").strip())
            continue
        if not names:
            names.append(Path(name_of(path)).stem)
        sections.append(len(names) - 1)
        lines.append((place, line))
    mark = _separator([line for _, line in lines])
    rows = [SplitLine(place, _without_colons(split(line, mark))) for place, line in lines]
    header = 1 if len(rows) > 1 and all(map(_COLUMN_NAME.fullmatch, rows[0].fields)) else 0
    return _Asked(names, sections[header:], rows[header:])


def _without_colons(fields: list[str]) -> list[str]:
    """Return the words of "king : queen :: man : woman", with or without spaces."""
    if "::" not in fields and not (len(fields) == 1 and "::" in fields[0]):
        return fields
    return [word for field in fields for word in field.split(":") if word]


def _expected(fields: Sequence[str], width: int) -> str:
    """Return what was expected instead of a line."""
    what = "four words" if width == 4 else "a word and its answer"
    is_scored = len(fields) == 3 and number(fields[2]) is not None
    return f"{what}, got {shown_fields(fields)}" + ("; for pairs with scores, evaluate pairs" if is_scored else "")


def _separator(lines: Sequence[str]) -> str | None:
    """Return the mark between words: one that makes four or five of most lines, or else two."""
    if (mark := separator(lines, (4, 5))) is not None:
        return mark
    in_fours = sum(len(split(line, None)) in (4, 5) for line in lines[:1000])
    return None if 2 * in_fours >= len(lines[:1000]) else separator(lines, (2,))


def _without_first_column(path: str | os.PathLike[str], asked: _Asked, note: Note) -> _Asked:
    """Return lines without a first column that numbers them, or that names their sections."""
    firsts = [row.fields[0] for row in asked.rows]
    rows = [SplitLine(row.line, row.fields[1:]) for row in asked.rows]
    if numbers_lines(firsts) or all(number(first) is not None for first in firsts):
        note(f"{name_of(path)}: the first column numbers the lines, and is left out")
        return asked._replace(rows=rows)
    if len(asked.names) == 1 and 2 * len(set(firsts)) <= len(firsts):
        return _by_section(firsts, rows)
    return asked


def _by_section(names: Sequence[str], rows: list[SplitLine]) -> _Asked:
    """Return lines with the names of their sections."""
    place = {name: place for place, name in enumerate(dict.fromkeys(names))}
    return _Asked(list(place), [place[name] for name in names], rows)


def _msr_answers(
    path: str | os.PathLike[str], n_questions: int, encoding: EncodingOptions | None
) -> list[tuple[str, str]]:
    """Return the section and the answer of each question of MSR's test set, which has them in a file of their own."""
    file = Path(path)
    answers = file.with_suffix(".answers")
    if file.suffix != ".questions" or not answers.is_file():
        return []
    found = [line.split() for _, line in content_lines(answers, encoding)]
    if len(found) != n_questions:
        raise EvaluationError(f"{answers}: has {counted(len(found), 'answer')} for {counted(n_questions, 'question')}")
    return [(fields[0] if len(fields) > 1 else file.stem, fields[-1]) for fields in found]


def _with_answers(asked: _Asked, answers: Sequence[tuple[str, str]]) -> _Asked:
    rows = [SplitLine(row.line, [*row.fields, answer]) for row, (_, answer) in zip(asked.rows, answers, strict=True)]
    return _by_section([section for section, _ in answers], rows)
