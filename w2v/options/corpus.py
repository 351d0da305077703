"""Options for reading text."""

from __future__ import annotations

import codecs
import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from w2v.errors import UsageError
from w2v.options.checks import require_at_least, require_choice, shown
from w2v.options.fields import check_types
from w2v.options.threads import MOST_THREADS, available_cpus
from w2v.options.tokens import require_tokens

LANGUAGES = ("tr", "az")
SENTENCE_UNITS = ("line", "paragraph", "document")
ENCODING_ERRORS = ("strict", "replace", "ignore")
_UTF8 = ("utf-8", "utf-8-sig")
_OF_DOMAINS = ("idna", "punycode")  # names of hosts, not text


@dataclass(frozen=True)
class CorpusOptions:
    """How text becomes tokens and sentences.

    Attributes:
        tokens: `whitespace` splits at Unicode white space; `words` finds the words of raw text, after Unicode's
            UAX #29, and folds their case; `regex:PATTERN` takes the matches of a regular expression of Python's `re`
            in each line, or what its group holds if it has one.
        lowercase: convert tokens to lower case; `words` folds case anyway.
        language: `tr` or `az`, whose dotted and dotless i need letter case of their own; None for other languages.
        sentence_unit: what a sentence is: a `line`, a `paragraph` (lines up to a blank one, for prose wrapped at some
            column), or a `document` (a file). Contexts never cross its ends.
        encoding: name of the encoding of the text, such as latin-1 or utf-16.
        encoding_errors: what to do with zero bytes, and with bytes that are wrong in the encoding: `strict` stops,
            `replace` replaces them by U+FFFD, `ignore` drops them.
        max_sentence: split longer sentences after this many tokens that have a vector; None keeps them whole.
        include: patterns such as `*.txt` of the files to read in folders and archives; none reads all.
        exclude: patterns of files and folders there to skip.
        work_dir: folder for the temporary file of token ids; None is the temporary folder of the system.
        threads: number of threads.
    """

    tokens: str = "whitespace"
    lowercase: bool = False
    language: str | None = None
    sentence_unit: str = "line"
    encoding: str = "utf-8"
    encoding_errors: str = "strict"
    max_sentence: int | None = None
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
        if self.language not in (None, *LANGUAGES):
            raise UsageError(
                f"`language` must be one of {', '.join(LANGUAGES)}, not {shown(self.language)}; omit it for others"
            )
        require_choice("sentence_unit", self.sentence_unit, SENTENCE_UNITS)
        _require_encoding(self.encoding)
        require_choice("encoding_errors", self.encoding_errors, ENCODING_ERRORS)
        for name in ("include", "exclude"):
            object.__setattr__(self, name, _patterns(name, getattr(self, name)))
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


def _patterns(name: str, given: object) -> tuple[str, ...]:
    """Return patterns that were given as one text or a list of them."""
    listed = [given] if isinstance(given, str) else given
    if isinstance(listed, Sequence) and all(isinstance(pattern, str) and pattern for pattern in listed):
        return tuple(listed)
    raise UsageError(f"`{name}` must be a pattern such as '*.txt', or a list of them, not {shown(given)}")
