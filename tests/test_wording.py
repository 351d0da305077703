"""Numbers with their nouns, and the parts of errors."""

import pytest

from w2v.cli.console_progress import amount
from w2v.cli.messages import with_dashes
from w2v.errors import MissingExtraError, UnknownWordError, UsageError, W2VError
from w2v.options import TrainingOptions
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


def test_an_option_is_spelled_as_its_reader_writes_it():
    with pytest.raises(UsageError) as caught:
        TrainingOptions(negative=0)
    assert caught.value.option == "negative"
    assert str(caught.value) == "negative must be at least 1 with loss='ns', not 0"
    assert with_dashes(caught.value.message) == "--negative must be at least 1 with --loss ns, not 0"
    assert UsageError("no words given").option is None


def test_errors_carry_the_parts_of_their_message():
    missing = MissingExtraError("drawing an image", "plot")
    assert (missing.feature, missing.extra) == ("drawing an image", "plot")
    assert str(missing) == "drawing an image needs an extra package: pip install 'w2v[plot]'"
    unknown = UnknownWordError("quen", ["queen", "green"])
    assert str(unknown) == "'quen' is not in the vocabulary; did you mean queen, green?"
    assert isinstance(unknown, KeyError)
    assert isinstance(unknown, W2VError)
