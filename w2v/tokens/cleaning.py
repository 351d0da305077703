"""Words cleaned: accents taken off, numbers replaced, and words that are left out of a text.

Each different word is looked at once, so that cleaning costs next to nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

from w2v.errors import CorpusError, MissingExtraError, UsageError
from w2v.options import CorpusOptions
from w2v.options.corpus import DROP, KEEP
from w2v.word_list import read_word_list
from w2v.wording import first_few

_LAST_GREEK = "\u03ff"  # in normal form D, Latin and Greek letters come before it, and those of other scripts behind
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_MOST_NAMED = 60


def word_cleaner(options: CorpusOptions) -> Callable[[str], str] | None:
    """Return what changes each word of a text with spaces between words; None if nothing does.

    Example:
        >>> word_cleaner(CorpusOptions(strip_accents=True, numbers="NUM"))("café 1,000 1980s ές")
        'cafe NUM 1980s ες'
    """
    steps: list[Callable[[str], str]] = []
    if options.strip_accents:
        steps.append(without_accents)
    if options.numbers not in (KEEP, DROP):
        steps.append(lambda word: options.numbers if is_number(word) else word)
    if not steps:
        return None

    def clean(text: str) -> str:
        words = text.split(" ")
        for step in steps:
            words = [step(word) for word in words]
        return " ".join(words)

    return clean


def word_filter(options: CorpusOptions) -> Callable[[str], bool] | None:
    """Return what says whether a cleaned word is left out of the text; None if none is.

    Raises:
        CorpusError: the file of stop words can't be read.
        UsageError: there is neither a file nor a language of this name.
        MissingExtraError: the package with the stop words of languages is missing.

    Example:
        >>> is_left_out = word_filter(CorpusOptions(stopwords=("the", "of"), numbers="drop", min_token_length=2))
        >>> [word for word in "The king of 42 a b".split() if not is_left_out(word)]
        ['king']
    """
    unwanted = _stop_words(options)
    drops_numbers, shortest = options.numbers == DROP, options.min_token_length
    in_place = None if options.numbers in (KEEP, DROP) else options.numbers  # of numbers
    if not unwanted and not drops_numbers and shortest <= 1:
        return None

    def is_left_out(word: str) -> bool:
        return word != in_place and (
            len(word) < shortest
            or (bool(unwanted) and (word in unwanted or word.lower() in unwanted))
            or (drops_numbers and is_number(word))
        )

    return is_left_out


def without_accents(word: str) -> str:
    """Return a word without the accents of its Latin and Greek letters; in other scripts, marks are parts of letters.

    Example:
        >>> without_accents("crème"), without_accents("Å"), without_accents("ёж"), without_accents("हिन्दी")
        ('creme', 'A', 'ёж', 'हिन्दी')
    """
    if word.isascii():
        return word
    letters: list[str] = []
    takes_marks = False  # whether the last letter is one that loses them
    for character in unicodedata.normalize("NFD", word):
        if unicodedata.category(character) != "Mn":
            takes_marks = character.isalpha() and character <= _LAST_GREEK
        elif takes_marks:
            continue
        letters.append(character)
    return unicodedata.normalize("NFC", "".join(letters))


def is_number(word: str) -> bool:
    """Say whether a word has digits and no letters, as 3.14, 1,000, 12:30 and 50% have.

    Example:
        >>> [word for word in ("1,000", "50%", "1980s", "٣", "...") if is_number(word)]
        ['1,000', '50%', '٣']
    """
    return any(map(str.isdecimal, word)) and not any(map(str.isalpha, word))


def _stop_words(options: CorpusOptions) -> frozenset[str]:
    """Return the stop words, cleaned as the words of the text are."""
    given = options.stopwords
    if given is None:
        return frozenset()
    words = _named(given) if isinstance(given, str) else given
    words = [word.replace("’", "'") for word in words] + list(words)
    clean = word_cleaner(options)
    return frozenset(words if clean is None else clean(" ".join(words)).split(" "))


def _named(name: str) -> list[str]:
    """Return the stop words in a file, or of a language."""
    if Path(name).is_file():
        return read_word_list(name, CorpusError, _words_of_line)
    if _LANGUAGE.fullmatch(name) is None:
        raise UsageError(f"`stopwords`: there is no file {name}; name a file of words, or a language, such as en")
    try:
        import stopwordsiso
    except ImportError:
        raise MissingExtraError(f"a list of stop words for {name}", "stopwords") from None
    if not stopwordsiso.has_lang(name):
        known = first_few(sorted(stopwordsiso.langs()), _MOST_NAMED)
        raise UsageError(f"`stopwords`: there is no list for {name}; name a file of words, or one of {known}")
    return sorted(stopwordsiso.stopwords(name))


def _words_of_line(line: str) -> list[str]:
    """Return the words of a line; what follows a bar is a comment, as in the lists of Snowball."""
    return line.partition("|")[0].split()


def cleaned(finish: Callable[[str], str] | None, options: CorpusOptions) -> Callable[[str], str] | None:
    """Return what first finishes words and then cleans them; None if there is neither to do."""
    clean = word_cleaner(options)
    if finish is None or clean is None:
        return finish or clean
    return lambda text: clean(finish(text))


def left_out_note(tokens: int, left_out: int) -> str | None:
    """Return a note on how many tokens were left out of a text with that many; None if none was."""
    if not left_out:
        return None
    share = f"{left_out / tokens:.1%}"
    return f"left out {left_out:,} of {tokens:,} tokens ({share}): stop words, numbers or short ones, as you chose"
