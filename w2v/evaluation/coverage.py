"""What to say of words of a test set that the vectors don't have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from w2v.errors import NothingKnownError
from w2v.evaluation.case_folding import folding
from w2v.evaluation.checks import Conventions
from w2v.evaluation.columns import number
from w2v.evaluation.separators import name_of
from w2v.vectors import Vectors
from w2v.wording import counted, first_few, in_one_line

_TAGGED = re.compile(r".+[_|/#-]([A-Z]{1,5}|[nvajr])")  # sun-n, king_NOUN


def unknown_note(conventions: Conventions, noun: str, total: int, left_out: int, unknown: Sequence[str]) -> str:
    """Return a line that counts the lines of a test set with unknown words, and names the first of those words.

    Args:
        conventions: the file, and what becomes of such lines.
        noun: what a line is: "pair" or "question".
        total: how many lines there are.
        left_out: how many of them have an unknown word.
        unknown: these words, each once.
    """
    as_zero = "counted as similarity 0" if noun == "pair" else "counted as wrong"
    fate = "left out" if conventions.skip_unknown else as_zero
    words = "an unknown word" if len(unknown) == 1 else f"{len(unknown):,} unknown words"
    lines = f"{name_of(conventions.path)}: {left_out:,} of {counted(total, noun)}"
    return f"{lines} {fate}, with {words}: {first_few(unknown)}"


def nothing_known(vectors: Vectors, conventions: Conventions, noun: str, words: Sequence[str]) -> NothingKnownError:
    """Return the error for a test set of which no line can be used, with the likely reason.

    Args:
        vectors: what was to be scored.
        conventions: how words were compared.
        noun: what a line of the test set is: "pair" or "question".
        words: the words of the test set, in its order.
    """
    lines = f"{name_of(conventions.path)}: no {noun} has all its words in the vocabulary"
    return NothingKnownError(f"{lines}; {_reason(vectors, conventions, words)}")


def _reason(vectors: Vectors, conventions: Conventions, words: Sequence[str]) -> str:
    known = vectors.words
    asked = set(words)
    if not known:
        return "the vectors have no words"
    same = folding(casefold=conventions.casefold)
    limit = conventions.restrict_vocab
    if limit is not None and not {same(word) for word in asked}.isdisjoint(map(same, known[limit:])):
        return f"raise `restrict_vocab={limit}`, which leaves out the rarer ones"
    fold = folding(casefold=True)
    if not conventions.casefold and not {fold(word) for word in asked}.isdisjoint(map(fold, known)):
        return "words differ in case; ignore case with `casefold=True`"
    if 2 * sum(number(word) is not None for word in words) > len(words):
        return "most of its words are numbers; check the columns"
    tagged = _first(word for word in known[:1000] if _TAGGED.fullmatch(word))
    if tagged is not None and sum(map(_is_tagged, known[:1000])) > 300:
        return f"the vectors have words with tags, such as {in_one_line(tagged)}"
    forms = {same(word) for word in known}
    unknown = [word for word in dict.fromkeys(words) if same(word) not in forms]
    if len(unknown) < len(asked):
        return f"unknown: {first_few(unknown)} ({len(unknown):,} of {counted(len(asked), 'word')})"
    theirs = _first(word for word in words if word.isalpha()) or words[0]
    ours = _first(word for word in known if len(word) > 3 and word.isalpha()) or known[0]
    both = f"it has words such as {in_one_line(theirs)}, the vectors such as {in_one_line(ours)}"
    return f"{both}; check the language"


def untagged(words: Sequence[str]) -> list[str] | None:
    """Return words without the tags at their ends, as MEN has them (sun-n), or None unless all have such tags.

    Example:
        >>> untagged(["sun-n", "bright-j"]), untagged(["sun-n", "X-ray"])
        (['sun', 'bright'], None)
    """
    if not words or not all(map(_is_tagged, words)):
        return None
    return [re.split(r"[_|/#-](?=[^_|/#-]*$)", word)[0] for word in words]


def _is_tagged(word: str) -> bool:
    return _TAGGED.fullmatch(word) is not None


def _first(words: Iterable[str]) -> str | None:
    return next(iter(words), None)
