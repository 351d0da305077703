"""Write a small English corpus of known structure, and the analogies that its facts answer.

    python corpora/make_corpus.py [-o FILE] [--questions FILE] [--sentences N] [--seed S]

The corpus has one sentence a line, in lower case, with single spaces between words. A sentence is a template
(templates.py) filled from a row of a table of facts (facts.py). A sentence that was written before gets a new start,
such as "mary said".

The analogies are in word2vec's format: `: section` lines, then lines `a b c d`, read "a is to b as c is to d". They
cover each relation in RELATIONS, for every two rows that give four different words. They leave out relations that hold
both ways (hot, cold), which have no direction, and words that merely occur together (dog, bones).

The same arguments give the same bytes on every machine.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, permutations
from pathlib import Path
from typing import NamedTuple, TypeVar

import facts
import templates
from facts import Row

HERE = Path(__file__).resolve().parent
SENTENCES = 55_000
SEED = 1

T = TypeVar("T")


class Topic(NamedTuple):
    """A topic of sentences: its share among all (any scale), the rows that fill its templates, and the templates."""

    share: float
    rows: list[Row]
    templates: list[str]


class Relation(NamedTuple):
    """A section of analogies: its name, its rows, and the columns of the two words."""

    section: str
    rows: list[Row]
    first: str
    second: str


def people() -> list[Row]:
    """Return two rows for each pair in PEOPLE: the sentence is about `x`; `y` is the other."""
    return [
        {**row, **pronouns, "x": row[sex], "y": row[other]}
        for row in facts.PEOPLE
        for sex, other, pronouns in (("male", "female", templates.MALE), ("female", "male", templates.FEMALE))
    ]


TOPICS = [
    Topic(11, people(), templates.PEOPLE),
    Topic(17, facts.COUNTRIES, templates.COUNTRIES),
    Topic(12.5, facts.ANIMALS, templates.ANIMALS),
    Topic(10, facts.THINGS, templates.THINGS),
    Topic(19.5, facts.VERBS, templates.VERBS),
    Topic(14.5, facts.ADJECTIVES, templates.ADJECTIVES),
    Topic(5, facts.MANNERS, templates.MANNERS),
    Topic(7, facts.PREFIXED, templates.PREFIXED),
    Topic(9, facts.PROFESSIONS, templates.PROFESSIONS),
    Topic(5, facts.NUMBERS, templates.NUMBERS),
    Topic(0.7, facts.COLOURS, templates.COLOURS),
    Topic(0.7, facts.SEASONS, templates.SEASONS),
    Topic(0.7, facts.FOODS, templates.FOODS),
    Topic(0.7, facts.ROOMS, templates.ROOMS),
]

RELATIONS = [
    Relation("gender", facts.PEOPLE, "male", "female"),
    Relation("country-capital", facts.COUNTRIES, "country", "capital"),
    Relation("country-nationality", facts.COUNTRIES, "country", "nationality"),
    Relation("country-currency", facts.COUNTRIES, "country", "currency"),
    Relation(
        "country-language",  # where one word is both, the nationality section has it
        [row for row in facts.COUNTRIES if row["language"] != row["nationality"]],
        "country",
        "language",
    ),
    Relation("animal-young", facts.ANIMALS, "animal", "young"),
    Relation("animal-sound", facts.ANIMALS, "animal", "sound"),
    Relation("animal-plural", facts.ANIMALS, "animal", "plural"),
    Relation("thing-plural", facts.THINGS, "thing", "plural"),
    Relation("verb-past", facts.VERBS, "verb", "past"),
    Relation("verb-gerund", facts.VERBS, "verb", "gerund"),
    Relation("verb-third-person", facts.VERBS, "verb", "third"),
    Relation("adjective-comparative", facts.ADJECTIVES, "adjective", "comparative"),
    Relation("adjective-superlative", facts.ADJECTIVES, "adjective", "superlative"),
    Relation("adjective-adverb", facts.MANNERS, "adjective", "adverb"),
    Relation("adjective-negative", facts.PREFIXED, "word", "negative"),
    Relation("profession-workplace", facts.PROFESSIONS, "profession", "workplace"),
    Relation("profession-tool", facts.PROFESSIONS, "profession", "tool"),
    Relation("cardinal-ordinal", facts.NUMBERS, "cardinal", "ordinal"),
    Relation("cardinal-month", facts.NUMBERS, "cardinal", "month"),
]

SLOT = re.compile(r"\{([a-z_.]+)\}")
ALTERNATIVES = re.compile(r"\(([^()]*)\)")
A_BEFORE_VOWEL = re.compile(r"\ba (?=[aeiou])(?!useful|euro|one\b)")


class Writer:
    """Draws sentences from the topics; the same seed gives the same sentences."""

    def __init__(self, seed: int) -> None:
        # Python guarantees the same numbers in every version only for seeding and random().
        self._random: Callable[[], float] = random.Random(seed).random

    def sentences(self, count: int) -> Iterator[str]:
        """Yield `count` sentences."""
        limits = list(accumulate(topic.share for topic in TOPICS))
        written: set[str] = set()
        for _ in range(count):
            point = self._random() * limits[-1]
            topic = TOPICS[next(i for i, limit in enumerate(limits) if point < limit)]
            sentence = self._sentence(topic)
            if sentence in written:
                sentence = f"{self._fill(self._pick(templates.SPEECH), {}, {})} {sentence}"
            written.add(sentence)
            yield sentence

    def _sentence(self, topic: Topic) -> str:
        row = other = self._pick(topic.rows)
        while other is row:
            other = self._pick(topic.rows)
        text = self._fill(self._pick(topic.templates), row, other)
        return A_BEFORE_VOWEL.sub("an ", " ".join(text.split()))

    def _fill(self, text: str, row: Row, other: Row) -> str:
        def fill_slot(match: re.Match[str]) -> str:
            holder, _, name = match[1].rpartition(".")
            cells = other if holder == "other" else row
            cell = cells[name] if name in cells else templates.WORDS[name]
            return self._fill(self._pick(cell.split("/")), row, other)

        text = ALTERNATIVES.sub(lambda match: self._pick(match[1].split("|")), text)
        return SLOT.sub(fill_slot, text)

    def _pick(self, options: Sequence[T]) -> T:
        return options[int(self._random() * len(options))]


def questions() -> Iterator[str]:
    """Yield the lines of the analogies file: the name of each section, then its analogies."""
    for section, rows, first, second in RELATIONS:
        yield f": {section}"
        for known, asked in permutations(rows, 2):
            words = known[first], known[second], asked[first], asked[second]
            if len(set(words)) == len(words):
                yield " ".join(words)


def write_lines(path: Path, lines: Iterator[str]) -> None:
    """Write `lines` to `path`, with a line feed behind each on every system."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(
        description="Write a small English corpus of known structure, and the analogies that its facts answer.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("-o", "--output", type=Path, default=HERE / "english.txt", help="corpus to write")
    parser.add_argument("--questions", type=Path, default=HERE / "english-questions.txt", help="analogies to write")
    parser.add_argument("--sentences", type=int, default=SENTENCES, help="number of sentences")
    parser.add_argument("--seed", type=int, default=SEED, help="random seed")
    arguments = parser.parse_args()
    try:
        write_lines(arguments.output, Writer(arguments.seed).sentences(arguments.sentences))
        write_lines(arguments.questions, questions())
    except OSError as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
