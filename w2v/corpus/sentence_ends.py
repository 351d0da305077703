"""Which line ends of a text end sentences: all of them, those of blank lines, or only those between documents."""

from __future__ import annotations

from collections.abc import Sequence

from w2v.compiling import kernel
from w2v.tokens.arrays import TextBytes
from w2v.tokens.utf8 import ASCII_WHITE, CARRIAGE_RETURN, FIRST_LINE_END, LAST_LINE_END, NEWLINE, SPACE


@kernel
def _join_lines(text: TextBytes, start: int, stop: int, on_blank_line: bool, keeps_blank: bool) -> None:
    r"""Replace line ends by spaces; with `keeps_blank`, all but those of blank lines, which become newlines.

        keeps_blank    a rose\nis a\n \nrose\n    ->    a rose is a  \nrose␣

    Args:
        text: UTF-8 whose white space is ASCII; changed in place.
        start: where the part to change starts.
        stop: where it ends.
        on_blank_line: whether the line that it starts in has nothing but white space before it.
        keeps_blank: whether a blank line ends a sentence.

    Twin: `sentences_of_text` in tests/fuzzed_scanner.py.
    """
    after_return = False
    for i in range(start, stop):
        byte = text[i]
        if FIRST_LINE_END <= byte <= LAST_LINE_END:
            if byte == NEWLINE and after_return:  # the second half of a line end
                text[i] = SPACE
            elif keeps_blank and on_blank_line:
                text[i] = NEWLINE
            else:
                text[i] = SPACE
                on_blank_line = True
            after_return = byte == CARRIAGE_RETURN
        else:
            after_return = False
            if byte > SPACE or ASCII_WHITE >> byte & 1 == 0:
                on_blank_line = False


def keep_sentence_ends(
    text: TextBytes, length: int, starts: Sequence[int], sentence_unit: str, *, on_blank_line: bool = True
) -> None:
    r"""Turn line ends that end no sentence into spaces, in place.

    Args:
        text: UTF-8 whose white space is ASCII, `length` bytes and padding.
        length: bytes of text.
        starts: where each source starts, in order; a line end stands before each but one at 0.
        sentence_unit: `line`, `paragraph` or `document`.
        on_blank_line: whether the line that it starts in has nothing but white space before it.

    Example:
        >>> from w2v.tokens.arrays import padded
        >>> text = padded(b"a rose\nis a\n\nrose\n")
        >>> keep_sentence_ends(text, 18, [0], "paragraph")
        >>> text[:18].tobytes()
        b'a rose is a \nrose '
    """
    if sentence_unit == "line":
        return
    place = 0
    for start in [*starts, length + 1]:
        if start == 0:
            continue
        _join_lines(text, place, start - 1, on_blank_line, sentence_unit == "paragraph")
        if start <= length:
            text[start - 1] = NEWLINE
        place, on_blank_line = start, True
