"""Lists of phrases, found or written by hand: the words that are joined, and the file that holds the list."""

from __future__ import annotations

import functools
import math
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import overload

from w2v.errors import PhraseError
from w2v.file_kinds import PHRASES, VECTORS, check_name
from w2v.files import HEAD, replacing
from w2v.options.checks import MOST_COUNT, as_path
from w2v.phrases.hand_made_list import PhraseRow, phrase_rows
from w2v.vectors.arguments import word_list
from w2v.word_list import read_list_text
from w2v.wording import quoted

_COLUMNS = ("phrase", "words", "score", "count", "pass")


@dataclass(frozen=True)
class Phrase:
    """Words that are joined wherever they occur together.

    Attributes:
        token: what they become, such as "bank_of_america".
        words: the two words, with connector words between, such as ("bank", "of", "america"); from the second pass on,
            a word may be a phrase itself.
        score: how strongly they belong together; None where that is unknown.
        count: how often they occur together; None where that is unknown.
        pass_number: the pass over the text that joins them, from 1.
    """

    token: str
    words: tuple[str, ...]
    score: float | None = None
    count: int | None = None
    pass_number: int = 1


class Phrases(Sequence[Phrase]):
    """Phrases by pass, then by score descending, then in the order of their words."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        """Put phrases in order.

        Raises:
            PhraseError: a phrase has fewer than two words, its words are given twice, or a word stands inside one
                phrase and at an end of another.
        """
        self._phrases = sorted(phrases, key=_rank)
        _check(self._phrases)

    def __len__(self) -> int:
        return len(self._phrases)

    @overload
    def __getitem__(self, place: int) -> Phrase: ...

    @overload
    def __getitem__(self, place: slice) -> list[Phrase]: ...

    def __getitem__(self, place: int | slice) -> Phrase | list[Phrase]:
        return self._phrases[place]

    def __repr__(self) -> str:
        return f"<Phrases: {len(self)}>"

    @functools.cached_property
    def connector_words(self) -> frozenset[str]:
        """The words inside phrases; none of them begins or ends one."""
        return frozenset(word for phrase in self for word in phrase.words[1:-1])

    @functools.cached_property
    def passes(self) -> list[list[Phrase]]:
        """The phrases of each pass."""
        by_pass: dict[int, list[Phrase]] = {}
        for phrase in self:
            by_pass.setdefault(phrase.pass_number, []).append(phrase)
        return list(by_pass.values())

    def join(self, tokens: Iterable[str]) -> list[str]:
        """Return the tokens of a sentence with phrases joined, from left to right.

        Raises:
            UsageError: `tokens` is a single str, or holds something else than str.

        Example:
            >>> Phrases([Phrase("new_york", ("new", "york"))]).join("is new york new".split())
            ['is', 'new_york', 'new']
        """
        joined = word_list(tokens, "tokens")
        for tokens_of in self._tokens:
            joined = list(_joined(joined, tokens_of, self.connector_words))
        return joined

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a table with the columns phrase, words, score, count and pass, separated by tabs, below their names.

        Raises:
            UsageError: `path` is no path, or the ending of its name promises another kind of file.
            OutputError: the file can't be written; what stood there is unchanged.
            PhraseError: `load` would not read back a phrase, as one with white space or a tab in a word.
        """
        path = as_path("path", path)
        check_name(path, PHRASES)
        text = self.to_text()
        self._require_readable(text)
        with replacing(path) as stream:
            stream.write(text.encode())

    def _require_readable(self, text: str) -> None:
        """Refuse phrases that are not read back from their table.

        Raises:
            PhraseError: there is one.
        """
        rows = phrase_rows(text, lambda _: None) or []
        for phrase, row in zip_longest(self, rows):
            try:
                is_read = row is not None and _essence(_of_cells(row.cells)) == _essence(phrase)
                row.text.encode()
            except (AttributeError, KeyError, ValueError):
                is_read = False
            if not is_read or "\ufeff" in row.text:
                token = self[-1].token if phrase is None else phrase.token
                raise PhraseError(
                    f"the phrase {quoted(token)} can't be written to a list; it needs a token and words without white"
                    " space, a finite score, and a count of 1 or more"
                )

    def to_text(self) -> str:
        """Return the table that `save` writes."""
        return "".join(["\t".join(_COLUMNS), "\n", *map(_line, self)])

    @classmethod
    def load(cls, path: str | os.PathLike[str], note: Callable[[str], None] = lambda _: None) -> Phrases:
        """Read a table such as `save` writes, plain or compressed; all columns but phrase and words may be missing.

        Tables of spreadsheets, with commas, semicolons or quotes, will do, and lists with a phrase on each line.

        Args:
            path: the file.
            note: receives a line if the list has no columns.

        Raises:
            UsageError: `path` is no path.
            PhraseError: the file can't be read, or isn't such a table; the text names the line.
            MissingExtraError: the file is compressed with zstd and this Python can't read that.
        """
        name = as_path("path", path)
        text = read_list_text(name, PhraseError)
        if VECTORS.recognises(text[:HEAD].encode()):
            raise PhraseError(f"{name}: holds vectors, not phrases; 'w2v phrases' writes such lists with `save`")
        rows = phrase_rows(text, lambda line: note(f"{name}: {line}"))
        if rows is None:
            raise PhraseError(
                f"{name}:1: the first line must name the columns, with tabs between: phrase, words and, if known,"
                " score, count and pass; or each line must be a phrase, such as new york"
            )
        phrases = [_phrase(row, str(name)) for row in rows]
        try:
            return cls(phrases)
        except PhraseError as error:
            raise PhraseError(f"{name}: {error}") from error

    @functools.cached_property
    def _tokens(self) -> list[dict[tuple[str, ...], str]]:
        return [{phrase.words: phrase.token for phrase in phrases} for phrases in self.passes]


def _essence(phrase: Phrase) -> tuple[str, tuple[str, ...], int | None, int]:
    """Return what a list keeps of a phrase as it is; the score is rounded."""
    return phrase.token, phrase.words, phrase.count, phrase.pass_number


def _rank(phrase: Phrase) -> tuple[int, float, tuple[str, ...]]:
    return phrase.pass_number, math.inf if phrase.score is None else -phrase.score, phrase.words


def _check(phrases: Sequence[Phrase]) -> None:
    inside = {word: phrase for phrase in phrases for word in phrase.words[1:-1]}
    seen = set()
    for phrase in phrases:
        if len(phrase.words) < 2:
            raise PhraseError(f"the phrase {quoted(phrase.token)} has fewer than two words")
        if (phrase.pass_number, phrase.words) in seen:
            raise PhraseError(
                f"the words of the phrase {quoted(phrase.token)} are given twice; leave one of the two out"
            )
        seen.add((phrase.pass_number, phrase.words))
        for word in (phrase.words[0], phrase.words[-1]):
            if word in inside:
                raise PhraseError(
                    f"{quoted(word)} is inside the phrase {quoted(inside[word].token)} and at an end of"
                    f" {quoted(phrase.token)}; leave one of the two out"
                )


def _joined(tokens: list[str], phrases: dict[tuple[str, ...], str], connector_words: frozenset[str]) -> Iterator[str]:
    place = 0
    while place < len(tokens):
        if tokens[place] not in connector_words:
            end = place + 1
            while end < len(tokens) and tokens[end] in connector_words:
                end += 1
            if (token := phrases.get(tuple(tokens[place : end + 1]))) is not None:
                yield token
                place = end + 1
                continue
        yield tokens[place]
        place += 1


def _line(phrase: Phrase) -> str:
    score = "" if phrase.score is None else f"{phrase.score:.6g}"
    count = "" if phrase.count is None else str(phrase.count)
    return "\t".join([phrase.token, " ".join(phrase.words), score, count, str(phrase.pass_number)]) + "\n"


def _phrase(row: PhraseRow, name: str) -> Phrase:
    """Return the phrase of one row of the file `name`.

    Raises:
        PhraseError: the phrase or its words are missing, a number is malformed, or the phrase is not one token.
    """
    try:
        return _of_cells(row.cells)
    except (KeyError, ValueError) as error:
        raise PhraseError(f"{name}:{row.line}: not a phrase, its words and numbers: {quoted(row.text)}") from error


def _of_cells(cells: dict[str, str]) -> Phrase:
    (token,) = cells["phrase"].split()
    score, count, pass_number = (cells.get(name, "").strip() for name in ("score", "count", "pass"))
    phrase = Phrase(
        token=token,
        words=tuple(cells["words"].split()),
        score=float(score) if score else None,
        count=int(count) if count else None,
        pass_number=int(pass_number) if pass_number else 1,
    )
    counts = [number for number in (phrase.count, phrase.pass_number) if number is not None]
    if not (min(counts) >= 1 and max(counts) <= MOST_COUNT and math.isfinite(phrase.score or 0)):
        raise ValueError("a number out of range")
    return phrase
