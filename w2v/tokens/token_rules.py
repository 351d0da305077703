"""The rules by which text becomes tokens: the values of the option `tokens`, in one registry."""

from __future__ import annotations

import functools
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from w2v.options import CorpusOptions
from w2v.options.tokens import REGEX_RULE, compiled, pattern_of
from w2v.tokens.letter_case import folded, lowered, without_dots
from w2v.tokens.pattern_rewriter import PatternRewriter
from w2v.tokens.rewriting import CharacterTable, Rewriter
from w2v.tokens.word_breaks import LETTERS_END, Kind, character_kinds


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
    """

    rewriter: Callable[[CorpusOptions], Rewriter | None]
    finisher: Callable[[CorpusOptions], Callable[[str], str] | None]
    pattern_rewriter: Callable[[CorpusOptions], PatternRewriter | None]
    keeps_punctuation: bool


def rule_of(options: CorpusOptions) -> TokenRule:
    """Return the rule that the options choose."""
    return RULES[options.tokens if pattern_of(options.tokens) is None else REGEX_RULE]


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
    "words": TokenRule(_words_of_prose, lambda _options: _composed, _none, keeps_punctuation=False),
    REGEX_RULE: TokenRule(_none, _turkic_dots, _found_by_pattern, keeps_punctuation=False),
}


@functools.cache
def _words_table(language: str | None) -> CharacterTable:
    return CharacterTable.of(character_kinds(), functools.partial(folded, language=language))


@functools.cache
def _lowercase_table(language: str | None) -> CharacterTable:
    kinds = np.full(sys.maxunicode + 1, Kind.LETTER, np.uint8)
    kinds[[code for code in range(LETTERS_END) if chr(code).isspace()]] = Kind.SEPARATOR
    return CharacterTable.of(kinds, functools.partial(lowered, language=language))
