"""Options for reading text."""

from __future__ import annotations

import codecs
import dataclasses
import os
from collections.abc import Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from w2v.errors import UsageError
from w2v.options.checks import listed, require, require_at_least, require_choice, shown
from w2v.options.fields import check_types
from w2v.options.text_formats import ANY_FORMAT, FIELD_EXAMPLE, TAKEN, TEXT_FORMATS
from w2v.options.threads import MOST_THREADS, available_cpus
from w2v.options.tokens import require_tokens

LANGUAGES = ("tr", "az")
SENTENCE_UNITS = ("line", "paragraph", "document")
TEXT_ENCODING_ERRORS = ("strict", "replace", "ignore")
KEEP, DROP = "keep", "drop"  # of numbers
_LISTS = {
    "field": FIELD_EXAMPLE,
    "element": "a name such as 'p'",
    "include": "a pattern such as '*.txt'",
    "exclude": "a pattern such as '*.txt'",
}
_UTF8 = ("utf-8", "utf-8-sig")
_OF_DOMAINS = ("idna", "punycode")  # names of hosts, not text


@dataclass(frozen=True)
class CorpusOptions:
    """How text becomes tokens and sentences.

    Attributes:
        tokens: `whitespace` splits at Unicode white space; `words` finds the words of raw text, after Unicode's
            UAX #29, and folds their case; `chars` takes its letters and digits one by one, and `words+chars` those of
            scripts without spaces between words; `icu`, `jieba` and `sudachi` leave it to other packages, and
            `module:function` to a function that takes a line and returns its tokens; `regex:PATTERN` takes the matches
            of a regular expression of Python's `re` in each line, or what its group holds if it has one.
        lowercase: convert tokens to lower case; `words` folds case anyway.
        strip_accents: take the accents off Latin and Greek letters.
        numbers: what becomes of tokens with digits and no letters: `keep`, `drop`, or a word that replaces each.
        stopwords: words to leave out: a list, the name of a file, or the code of a language, such as en.
        min_token_length: leave out tokens with fewer characters.
        dedup: leave out sentences that came before.
        language: `tr` or `az`, whose dotted and dotless i need letter case of their own; None for other languages.
        sentence_unit: what a sentence is: a `line`, a `paragraph` (lines up to a blank one, for prose wrapped at some
            column), or a `document` (a file). Contexts never cross its ends.
        encoding: name of the encoding of the text, such as latin-1 or utf-16.
        encoding_errors: what to do with zero bytes, and with bytes that are wrong in the encoding: `strict` stops,
            `replace` replaces them by U+FFFD, `ignore` drops them.
        max_sentence: split longer sentences after this many tokens that have a vector; None keeps them whole.
        text_format: `plain`, `html`, `xml`, `json`, `csv`, `tsv`, `parquet`, `conllu`, `vertical`, or `baskets`, sets
            in which an item counts once; `auto` recognises the format of each file by its content, or else by its name.
        field: fields of JSON objects, or columns of tables, that hold the text, such as `text` or `post.title`; columns
            also by number, from 1. None chooses `text`, or the only field with text. Of baskets, the two columns that
            name the basket and the item of each row.
        element: elements of HTML or XML that hold the text, such as `p`; none takes the whole page, or the body of TEI.
        take: what to take of tagged words: `form`, `lemma`, `lemma_upos` or `upos`.
        skip_bad_records: skip records that are malformed, and count them; otherwise they are errors.
        include: patterns such as `*.txt` of the files to read in folders and archives; none reads all.
        exclude: patterns of files and folders there to skip.
        work_dir: folder for the temporary file of token ids; None is the temporary folder of the system.
        threads: number of threads.
    """

    tokens: str = "whitespace"
    lowercase: bool = False
    strip_accents: bool = False
    numbers: str = KEEP
    stopwords: str | tuple[str, ...] | None = None
    min_token_length: int = 1
    dedup: bool = False
    language: str | None = None
    sentence_unit: str = "line"
    encoding: str = "utf-8"
    encoding_errors: str = "strict"
    max_sentence: int | None = None
    text_format: str = ANY_FORMAT
    field: tuple[str, ...] = ()
    element: tuple[str, ...] = ()
    take: str = "form"
    skip_bad_records: bool = False
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    work_dir: Path | None = None
    threads: int = dataclasses.field(default_factory=available_cpus)

    def __post_init__(self) -> None:
        """Check all values.

        Raises:
            UsageError: a value has another type, or is out of range.
        """
        check_types(self)
        require_tokens(self.tokens)
        is_word = isinstance(self.numbers, str) and self.numbers.split() == [self.numbers]
        require(is_word, "numbers", shown(self.numbers), "keep, drop, or a word without white space, such as NUM")
        object.__setattr__(self, "stopwords", _stopwords(self.stopwords))
        require_at_least("min_token_length", self.min_token_length, 1)
        if self.language is not None and not (isinstance(self.language, str) and self.language in LANGUAGES):
            raise UsageError(
                f"`language` must be one of {', '.join(LANGUAGES)}, not {shown(self.language)}; omit it for others"
            )
        require_choice("sentence_unit", self.sentence_unit, SENTENCE_UNITS)
        _require_encoding(self.encoding)
        require_choice("encoding_errors", self.encoding_errors, TEXT_ENCODING_ERRORS)
        require_choice("text_format", self.text_format, TEXT_FORMATS)
        require_choice("take", self.take, TAKEN)
        for name, example in _LISTS.items():
            object.__setattr__(self, name, listed(name, getattr(self, name), example))
        if self.max_sentence is not None:
            require_at_least("max_sentence", self.max_sentence, 1)
        require_at_least("threads", self.threads, 1, MOST_THREADS)

    @property
    def is_utf8(self) -> bool:
        """Whether the encoding is UTF-8."""
        return codecs.lookup(self.encoding).name in _UTF8


def _require_encoding(name: object) -> None:
    try:
        "".encode(name)  # type: ignore[arg-type]  # refuses codecs that are no encodings of text, such as hex
        codec = codecs.lookup(name)  # type: ignore[arg-type]
        known = codec.incrementaldecoder is not None and codec.name not in _OF_DOMAINS
    except (LookupError, ValueError, TypeError):
        known = False
    if not known:
        raise UsageError(f"`encoding` must be the name of an encoding, such as latin-1 or utf-16, not {shown(name)}")


def _stopwords(given: object) -> str | tuple[str, ...] | None:
    """Return stop words that were given as a name, or as any collection of words."""
    if given is None:
        return None
    if isinstance(given, str | os.PathLike) and (name := os.fspath(given)) and isinstance(name, str):
        return name
    words = sorted(given, key=str) if isinstance(given, Set) else given
    if not isinstance(words, str) and isinstance(words, Sequence) and all(isinstance(word, str) for word in words):
        return tuple(words)
    raise UsageError(
        f"`stopwords` must be a list of words, the name of a file, or a language such as en, not {shown(given)}"
    )
