"""Options for reading text."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from w2v.errors import UsageError
from w2v.options.checks import require_at_least, require_choice, shown
from w2v.options.fields import check_types
from w2v.options.threads import MOST_THREADS, available_cpus
from w2v.options.tokens import require_tokens

LANGUAGES = ("tr", "az")
ENCODING_ERRORS = ("strict", "replace", "ignore")


@dataclass(frozen=True)
class CorpusOptions:
    """How text becomes tokens and sentences.

    Attributes:
        tokens: `whitespace` splits at Unicode white space; `words` finds the words of raw text, after Unicode's
            UAX #29, and folds their case; `regex:PATTERN` takes the matches of a regular expression of Python's `re`
            in each line, or what its group holds if it has one.
        lowercase: convert tokens to lower case; `words` folds case anyway.
        language: language whose letter case differs from all others: `tr` or `az` have a dotted and a dotless i.
        encoding_errors: what to do with bytes that are not UTF-8: `strict` stops, `replace` replaces them by U+FFFD,
            `ignore` drops them.
        max_sentence: split a line into sentences of at most this many tokens that have a vector; None keeps it whole.
        work_dir: folder for the temporary file of token ids; None is the temporary folder of the system.
        threads: number of threads.
    """

    tokens: str = "whitespace"
    lowercase: bool = False
    language: str | None = None
    encoding_errors: str = "strict"
    max_sentence: int | None = None
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
                f"`language` must be one of {', '.join(LANGUAGES)}, not {shown(self.language)}; others need none"
            )
        require_choice("encoding_errors", self.encoding_errors, ENCODING_ERRORS)
        if self.max_sentence is not None:
            require_at_least("max_sentence", self.max_sentence, 1)
        require_at_least("threads", self.threads, 1, MOST_THREADS)
