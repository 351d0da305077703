"""Tokens in lines with columns, as CoNLL-U and vertical text have them, rewritten as lines of tokens by Numba."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.compiling import helper, kernel

Bytes = npt.NDArray[np.uint8]

_TAB, _NEWLINE, _RETURN, _SPACE, _UNDERSCORE = 0x09, 0x0A, 0x0D, 0x20, 0x5F
_HASH, _HYPHEN, _DOT, _ZERO, _NINE, _LESS, _GREATER, _SLASH = 0x23, 0x2D, 0x2E, 0x30, 0x39, 0x3C, 0x3E, 0x2F
_MOST_COLUMNS = 4  # that matter
_UNKNOWN_BYTES = len("<unknown>")  # a lemma that TreeTagger does not know
_NAME_BYTES = 8  # of the names of structures, which are compared as numbers


def _key(name: str) -> int:
    return int.from_bytes(name.encode().ljust(_NAME_BYTES, b"\0"), "little")


_PARAGRAPHS = np.array([_key(name) for name in ("newpar", "newdoc")], np.int64)
# Structures of vertical text at which a sentence ends; others, such as those around names, stand within one.
_SENTENCES = np.array([_key("s")], np.int64)
_BLOCKS = np.array(
    [_key(name) for name in ("p", "par", "head", "div", "doc", "document", "text", "article", "chapter", "file")],
    np.int64,
)


class TaggedColumns(NamedTuple):
    """What the columns of a line are, counted from 0.

    Attributes:
        first: the column to take.
        second: one to take besides, with an underscore between them; -1 takes none.
        form: the column of the form, which stands for a lemma that is not known.
        has_ids: whether the first column numbers the tokens, as in CoNLL-U; otherwise lines such as <s> bound
            sentences.
    """

    first: int
    second: int
    form: int
    has_ids: bool


class TakeState(NamedTuple):
    """Where a text goes on.

    Attributes:
        in_sentence: whether the sentence has tokens.
        covered: the last word that a token of several words, such as `au` of French, stands for.
    """

    in_sentence: bool = False
    covered: int = 0


class Taken(NamedTuple):
    """What `take_columns` found.

    Attributes:
        size: bytes written.
        wrong: where the first line starts that has too few columns or no number; -1 if there is none.
        state: at the end.
    """

    size: int
    wrong: int
    state: TakeState


@helper
def _white_bytes(text: Bytes, position: int) -> int:
    """Return the bytes of the white space of Unicode at `position`, 0 if there is none; tabs and line ends apart."""
    byte = text[position]
    if byte <= _SPACE:
        return 1
    if byte < 0xC2 or byte > 0xE3:
        return 0
    second, third = text[position + 1], text[position + 2]
    if byte == 0xC2:
        return 2 if second in (0x85, 0xA0) else 0
    if byte == 0xE1:
        return 3 if second == 0x9A and third == 0x80 else 0
    if byte == 0xE2:
        wide = (second == 0x80 and (third <= 0x8A or third in (0xA8, 0xA9, 0xAF))) or (second == 0x81 and third == 0x9F)
        return 3 if wide else 0
    return 3 if byte == 0xE3 and second == 0x80 and third == 0x80 else 0


@helper
def _number(text: Bytes, start: int, stop: int) -> int:
    """Return the number that bytes stand for, -1 if they are none."""
    number = 0
    for i in range(start, stop):
        if not _ZERO <= text[i] <= _NINE:
            return -1
        number = 10 * number + text[i] - _ZERO
    return number if start < stop <= start + 18 else -1


@helper
def _name(text: Bytes, start: int, stop: int) -> int:
    """Return the name that starts at `start` as `_key` does; 0 if it is longer."""
    key = 0
    for i in range(start, min(stop, start + _NAME_BYTES + 1)):
        byte = np.int64(text[i])
        if byte <= _SPACE or byte in (_GREATER, _SLASH):
            return key
        if i == start + _NAME_BYTES:
            return 0
        key |= byte << 8 * (i - start)
    return key


@helper
def _is_among(name: int, names: npt.NDArray[np.int64]) -> bool:
    for i in range(names.shape[0]):  # noqa: SIM110 - Numba has no any()
        if names[i] == name:
            return True
    return False


@helper
def _copied(text: Bytes, start: int, stop: int, out: Bytes, n: int) -> int:
    """Copy a cell to `out`, with an underscore for each white space in it; return where it ends there."""
    i = start
    while i < stop:
        width = _white_bytes(text, i)
        out[n] = _UNDERSCORE if width else text[i]
        n += 1
        i += max(1, width)
    return n


@kernel
def take_columns(text: Bytes, length: int, columns: TaggedColumns, state: TakeState, out: Bytes) -> Taken:  # noqa: C901
    """Write the tokens of lines with columns to `out`, a line for each sentence.

        1-2   au      _   _         form    au roi
        1     à       à   ADP       lemma   à le roi
        2     le      le  DET       upos    ADP DET NOUN
        3     roi     roi NOUN

    Args:
        text: UTF-8, whole lines of `length` bytes and two more bytes.
        length: bytes of text.
        columns: which ones to take.
        state: where an earlier text stopped.
        out: room for length + 2 bytes.

    Twin: `tokens_of` in tests/test_tagged_text.py.
    """
    starts, stops = np.zeros(_MOST_COLUMNS, np.int64), np.zeros(_MOST_COLUMNS, np.int64)
    in_sentence, covered = state.in_sentence, state.covered
    needed = _MOST_COLUMNS if columns.has_ids else max(columns.first, columns.second, columns.form) + 1
    takes_form = columns.first == columns.form
    n = position = 0
    while position < length:
        start = position
        found = 0
        cell = position
        while position < length and text[position] != _NEWLINE:
            if text[position] == _TAB:
                if found < _MOST_COLUMNS:
                    starts[found], stops[found] = cell, position
                found += 1
                cell = position + 1
            position += 1
        stop = position
        position += 1
        while stop > start and text[stop - 1] <= _SPACE and text[stop - 1] != _TAB:
            stop -= 1
        if found < _MOST_COLUMNS:
            starts[found], stops[found] = cell, max(cell, stop)
        found += 1

        ends = 0  # line ends to write: 1 behind a sentence, 2 behind a paragraph
        is_mark = False
        if start == stop:
            ends = 1
            covered = 0
        elif columns.has_ids and text[start] == _HASH:
            is_mark = True
            name = _name(text, start + 2, stop)
            ends = 2 if _is_among(name, _PARAGRAPHS) else 0
        elif not columns.has_ids and found == 1 and text[start] == _LESS and text[stop - 1] == _GREATER:
            is_mark = True
            name = _name(text, start + (2 if text[start + 1] == _SLASH else 1), stop)
            ends = 2 if _is_among(name, _BLOCKS) else 1 if _is_among(name, _SENTENCES) else 0
        if ends:
            if in_sentence or ends == 2:
                for _ in range(ends):
                    out[n] = _NEWLINE
                    n += 1
            in_sentence = False
        if ends or is_mark:
            continue
        if found < needed:
            return Taken(n, start, TakeState(in_sentence, covered))
        if columns.has_ids:
            split = starts[0]
            while split < stops[0] and text[split] != _HYPHEN and text[split] != _DOT:
                split += 1
            number = _number(text, starts[0], split)
            if split < stops[0]:
                other = _number(text, split + 1, stops[0])
                if number < 0 or other < 0:
                    return Taken(n, start, TakeState(in_sentence, covered))
                if text[split] == _DOT or not takes_form:  # a word that is not in the text; words in one token
                    continue
                covered = other
            elif number < 0:
                return Taken(n, start, TakeState(in_sentence, covered))
            elif takes_form and number <= covered:
                continue
        column = columns.first
        size = stops[column] - starts[column]
        is_unknown = size == 0 or (size == 1 and text[starts[column]] == _UNDERSCORE)
        is_unknown |= not columns.has_ids and size == _UNKNOWN_BYTES and text[starts[column]] == _LESS
        if is_unknown and columns.form >= 0:
            column = columns.form
        if stops[column] == starts[column]:
            continue
        if in_sentence:
            out[n] = _SPACE
            n += 1
        n = _copied(text, starts[column], stops[column], out, n)
        if columns.second >= 0:
            out[n] = _UNDERSCORE
            n = _copied(text, starts[columns.second], stops[columns.second], out, n + 1)
        in_sentence = True
    return Taken(n, -1, TakeState(in_sentence, covered))
