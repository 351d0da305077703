"""Tokens in lines with columns, read in pieces of whole lines."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from w2v.readers.opened_text import OpenedText
from w2v.wording import quoted

_AT_ONCE = 1 << 20


def tokens_in(source: OpenedText, *, form: int, lemma: int, upos: int, has_ids: bool) -> Iterator[bytes]:
    """Yield the chosen column of tokens as lines of sentences.

    Args:
        source: lines with columns.
        form: the column of the form, from 0.
        lemma: that of the lemma.
        upos: that of the part of speech.
        has_ids: whether the first column numbers the tokens.

    Raises:
        CorpusError: a line is malformed; the text names it.
    """
    from w2v.readers.tagged_lines import TaggedColumns, TakeState, take_columns  # imports Numba

    take = source.options.take
    columns = {
        "form": TaggedColumns(form, -1, form, has_ids),
        "lemma": TaggedColumns(lemma, -1, form, has_ids),
        "lemma_upos": TaggedColumns(lemma, upos, form, has_ids),
        "upos": TaggedColumns(upos, -1, -1, has_ids),
    }[take]
    state = TakeState()
    line = 1
    for data in _whole_lines(source):
        checked = source.decoded(data, source.name, first_line=line)
        if checked is None:
            line += data.count(b"\n")
            continue
        if source.options.encoding_errors != "strict":
            data = checked.encode()
        start = 0
        while start < len(data):
            text = np.frombuffer(data + b"\n\n", np.uint8)[start:]
            out = np.empty(len(text), np.uint8)
            size, wrong, state = take_columns(text, len(data) - start, columns, state, out)
            yield out[:size].tobytes()
            if wrong < 0:
                break
            place = start + wrong
            number = line + data.count(b"\n", 0, place)
            source.problems.bad(f"{source.name}:{number}", _complaint(data, place, has_ids=has_ids))
            start = data.find(b"\n", place) + 1 or len(data)
        line += data.count(b"\n")


def _whole_lines(source: OpenedText) -> Iterator[bytes]:
    while data := source.stream.read(_AT_ONCE):
        if not data.endswith(b"\n"):
            data += source.stream.readline()
        yield data


def _complaint(data: bytes, start: int, *, has_ids: bool) -> str:
    line = data[start:].split(b"\n", 1)[0].decode(errors="replace")
    kind = "CoNLL-U, whose lines have ten columns and a number first" if has_ids else "vertical text with a lemma"
    return f"{quoted(line)} is no line of {kind}"
