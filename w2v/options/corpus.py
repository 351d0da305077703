"""Options for reading text."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from w2v.options.checks import require_at_least, require_choice
from w2v.options.fields import check_types
from w2v.options.threads import MOST_THREADS, available_cpus

TOKEN_RULES = ("whitespace", "words")
ENCODING_ERRORS = ("strict", "replace", "ignore")


@dataclass(frozen=True)
class CorpusOptions:
    """How text becomes tokens and sentences.

    Attributes:
        tokens: `whitespace` splits at Unicode white space; `words` finds runs of letters, digits and inner apostrophes
            in raw text, and folds their case.
        lowercase: convert tokens to lower case (`whitespace` only; `words` folds case anyway).
        encoding_errors: what to do with bytes that are not UTF-8: `strict` stops, `replace` replaces them by U+FFFD,
            `ignore` drops them.
        max_sentence: split a line into sentences of at most this many tokens that have a vector; None keeps it whole.
        work_dir: folder for the temporary file of token ids; None is the temporary folder of the system.
        threads: number of threads.
    """

    tokens: str = "whitespace"
    lowercase: bool = False
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
        require_choice("tokens", self.tokens, TOKEN_RULES)
        require_choice("encoding_errors", self.encoding_errors, ENCODING_ERRORS)
        if self.max_sentence is not None:
            require_at_least("max_sentence", self.max_sentence, 1)
        require_at_least("threads", self.threads, 1, MOST_THREADS)
