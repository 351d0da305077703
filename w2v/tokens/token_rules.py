"""The rules by which text becomes tokens: the values of the option `tokens`, in one registry."""

from __future__ import annotations

import functools
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Protocol

import numpy as np
import numpy.typing as npt

from w2v.options import CorpusOptions
from w2v.options.tokens import CUTTERS, REGEX_RULE, compiled, cutter_of, pattern_of
from w2v.tokens.arrays import TextBytes
from w2v.tokens.cleaning import cleaned
from w2v.tokens.cut_text import CutRewriter
from w2v.tokens.dropped_text import DroppedText
from w2v.tokens.letter_case import folded, lowered, without_dots
from w2v.tokens.pattern_rewriter import PatternRewriter
from w2v.tokens.rewriting import CharacterTable, Rewriter
from w2v.tokens.single_characters import CharacterRewriter, character_classes
from w2v.tokens.word_breaks import LETTERS_END, Kind, character_kinds
from w2v.wording import in_one_line


class TextRewriter(Protocol):
    """Rewrites one text after another as its tokens, with white space between them.

    Attributes:
        dropped: how much of all texts belongs to no token.
    """

    dropped: DroppedText

    def rewrite(self, text: TextBytes, length: int) -> tuple[TextBytes, int]:
        """Return the new text, padded, and its length in bytes."""


@dataclass(frozen=True)
class TokenRule:
    """How text becomes tokens. Whatever the rule, white space separates them after rewriting.

    Attributes:
        rewriter: makes from the options what rewrites the text before it is scanned; None leaves the text as it is.
        finisher: makes from the options what changes each different word once, given in a text with spaces between
            words; None leaves the words as they are.
        pattern_rewriter: makes from the options what finds the tokens in the main thread, before other threads get the
            text; None if nothing does.
        keeps_punctuation: whether tokens can have punctuation attached.
        cuts_unspaced: whether it finds tokens where a script writes no spaces.
        made_by: returns what decides where tokens end besides w2v, with its version; None if nothing does.
    """

    rewriter: Callable[[CorpusOptions], TextRewriter | None]
    finisher: Callable[[CorpusOptions], Callable[[str], str] | None]
    pattern_rewriter: Callable[[CorpusOptions], PatternRewriter | None]
    keeps_punctuation: bool
    cuts_unspaced: bool = False
    made_by: Callable[[], str] | None = None


def rule_of(options: CorpusOptions) -> TokenRule:
    """Return the rule that the options choose; it also cleans the words."""
    if options.tokens in RULES:
        rule = RULES[options.tokens]
    else:
        rule = RULES[REGEX_RULE] if cutter_of(options.tokens) is None else _left_to(options.tokens)
    return replace(rule, finisher=lambda options: cleaned(rule.finisher(options), options))


def tokens_by(options: CorpusOptions) -> str | None:
    """Return what besides w2v decides where tokens end, with its version; None if nothing does.

    Example:
        >>> tokens_by(CorpusOptions(tokens="whitespace")), tokens_by(CorpusOptions(tokens="words"))
        (None, 'Unicode ...')
    """
    made_by = rule_of(options).made_by
    return None if made_by is None else made_by()


def cut_otherwise(name: str, before: object, tokens: object, options: CorpusOptions) -> str | None:
    """Return a note that another version cuts text now than cut an earlier one; None if it is the same.

    Args:
        name: the file that was made of the earlier text.
        before: what cut that, as `tokens_by` told then; None if nothing did.
        tokens: the rule by which it was cut.
        options: how text is cut now.

    Example:
        >>> cut_otherwise("a.model", "Unicode 1.0", "words", CorpusOptions(tokens="words"))
        'the text of a.model was cut by Unicode 1.0, and this one by Unicode ...; words may differ'
    """
    if before is None or tokens != options.tokens or (now := tokens_by(options)) == before:
        return None
    return f"the text of {name} was cut by {in_one_line(str(before))}, and this one by {now}; words may differ"


def _lower_case(options: CorpusOptions) -> Rewriter | None:
    """Return what lower-cases text as `letter_case.lowered` does; None without `lowercase`."""
    if not options.lowercase:
        return None
    return Rewriter(_lowercase_table(options.language), functools.partial(lowered, language=options.language))


def _words_of_prose(options: CorpusOptions) -> Rewriter:
    """Return what keeps the words of raw text, as `word_breaks` finds them, case folded.

    Example:
        >>> from w2v.tokens.arrays import padded
        >>> text, n = _words_of_prose(CorpusOptions()).rewrite(padded(b"The CAT's <dog>"), 15)
        >>> text[:n].tobytes().split()
        [b'the', b"cat's", b'dog']
    """
    return Rewriter(_words_table(options.language))


def _characters(options: CorpusOptions) -> CharacterRewriter:
    return CharacterRewriter(_words_of_prose(options), _character_classes(options.tokens == "chars"))


def _found_by_cutter(options: CorpusOptions) -> CutRewriter:
    return CutRewriter(options.tokens, lowercase=options.lowercase, language=options.language)


def _left_to(tokens: str) -> TokenRule:
    """Return the rule by which another package, or a function of the user, cuts the text."""

    def made_by() -> str:
        entry = cutter_of(tokens)
        made: str = import_module(entry.place).made_by() if entry is not None else ""
        return made

    return TokenRule(_found_by_cutter, _turkic_dots, _none, False, cuts_unspaced=True, made_by=made_by)


def _unicode() -> str:
    return f"Unicode {unicodedata.unidata_version}"


def _found_by_pattern(options: CorpusOptions) -> PatternRewriter:
    pattern = compiled(pattern_of(options.tokens) or "")
    return PatternRewriter(pattern, lowercase=options.lowercase, language=options.language)


def _turkic_dots(options: CorpusOptions) -> Callable[[str], str] | None:
    return without_dots if options.lowercase and options.language is not None else None


def _composed(text: str) -> str:
    """Return words in Unicode's normal form C: é is one word whether written as one character or as e and an accent."""
    return without_dots(unicodedata.normalize("NFC", text))


def _none(_options: CorpusOptions) -> None:
    return None


RULES = {
    "whitespace": TokenRule(_lower_case, _turkic_dots, _none, keeps_punctuation=True),
    "words": TokenRule(_words_of_prose, lambda _options: _composed, _none, False, made_by=_unicode),
    "chars": TokenRule(_characters, lambda _options: _composed, _none, False, True, _unicode),
    "words+chars": TokenRule(_characters, lambda _options: _composed, _none, False, True, _unicode),
    **{name: _left_to(name) for name in CUTTERS},
    REGEX_RULE: TokenRule(_none, _turkic_dots, _found_by_pattern, keeps_punctuation=False),
}


@functools.cache
def _character_classes(all_letters: bool) -> npt.NDArray[np.uint8]:
    return character_classes(all_letters=all_letters)


@functools.cache
def _words_table(language: str | None) -> CharacterTable:
    return CharacterTable.of(character_kinds(), functools.partial(folded, language=language))


@functools.cache
def _lowercase_table(language: str | None) -> CharacterTable:
    kinds = np.full(sys.maxunicode + 1, Kind.LETTER, np.uint8)
    kinds[[code for code in range(LETTERS_END) if chr(code).isspace()]] = Kind.SEPARATOR
    return CharacterTable.of(kinds, functools.partial(lowered, language=language))
