"""Numbers with their nouns."""

import pytest

from w2v.cli.console_progress import amount
from w2v.wording import counted


@pytest.mark.parametrize(
    "number, noun, expected",
    [(0, "word", "0 words"), (1, "word", "1 word"), (2000, "word", "2,000 words"), (1, "copy", "1 copy"),
     (2, "copy", "2 copies")],
)  # fmt: skip
def test_one_is_singular_and_all_else_plural(number, noun, expected):
    assert counted(number, noun) == expected


@pytest.mark.parametrize(
    "number, expected", [(0, "0 words"), (1, "1 word"), (1.3, "1 word"), (2, "2 words"), (1000, "1.00k words")]
)
def test_amounts_are_too(number, expected):
    assert amount(number, "words") == expected
