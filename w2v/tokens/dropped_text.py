"""How much of a text belongs to no word, and what it looks like, so that users learn of it."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable

MUCH = 1 / 3  # of the characters, white space aside; prose has 3 to 6 % punctuation, program code a quarter

_HEAD = 20_000  # characters that examples are taken from
_EXAMPLES, _LONGEST_EXAMPLE = 3, 12


class DroppedText:
    """Counts of characters, white space aside, and examples of those that were dropped."""

    def __init__(self) -> None:
        self.characters = 0
        self.dropped = 0
        self.examples: Counter[str] = Counter()

    def add(self, characters: int, dropped: int) -> bool:
        """Count characters; say whether this text should show examples."""
        self.characters += characters
        self.dropped += dropped
        return not self.examples and dropped > MUCH * characters

    def show(self, text: str, separates: Callable[[str], bool]) -> None:
        """Take examples from a text that `add` has counted: what most often stands between words."""
        for is_between, run in itertools.groupby(text[:_HEAD], separates):
            if is_between:
                self.examples["".join(run)[:_LONGEST_EXAMPLE]] += 1


def dropped_note(parts: Iterable[DroppedText]) -> str | None:
    """Return a note on what was dropped of a text, given in parts; None if that is little."""
    parts = list(parts)
    characters, dropped = sum(part.characters for part in parts), sum(part.dropped for part in parts)
    if dropped <= MUCH * characters:
        return None
    examples = sum((part.examples for part in parts), Counter[str]())
    shown = ", ".join(example for example, _ in examples.most_common(_EXAMPLES))
    return (
        f"{dropped / characters:.0%} of the text, without white space, belongs to no word and was dropped, such as"
        f" {shown}; `tokens=whitespace` keeps all, and `tokens=regex:PATTERN` what you choose"
    )
