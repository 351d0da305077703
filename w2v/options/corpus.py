"""How text becomes tokens."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from w2v.options.checks import require, require_choice
from w2v.options.fields import check_types
from w2v.options.threads import MOST_THREADS, available_cpus

TOKEN_RULES = ("whitespace", "words")
ENCODING_ERRORS = ("strict", "replace", "ignore")


@dataclass(frozen=True)
class CorpusOptions:
    """How text becomes tokens and sentences.

    Attributes:
        tokens: `whitespace` splits at Unicode white space; `words` takes case-folded runs of letters, digits and
            inner apostrophes out of raw text.
        lowercase: lower-case every token (`whitespace` only; `words` folds case anyway).
        encoding_errors: for bytes that are not UTF-8: `strict` stops, `replace` puts U+FFFD, `ignore` drops them.
        max_sentence: cut a line into sentences of at most this many tokens with a vector each; None leaves it whole.
        work_dir: folder for the temporary file of token ids; None is the system's temporary folder.
        threads: threads that scan text.
    """

    tokens: str = "whitespace"
    lowercase: bool = False
    encoding_errors: str = "strict"
    max_sentence: int | None = None
    work_dir: Path | None = None
    threads: int = dataclasses.field(default_factory=available_cpus)

    def __post_init__(self) -> None:
        """Refuse what can't be used, naming the option.

        Raises:
            UsageError: an option is of another type, or out of range.
        """
        check_types(self)
        require_choice("tokens", self.tokens, TOKEN_RULES)
        require_choice("encoding_errors", self.encoding_errors, ENCODING_ERRORS)
        require(self.max_sentence is None or self.max_sentence >= 1, "max_sentence", self.max_sentence, "at least 1")
        require(self.threads >= 1, "threads", self.threads, "at least 1")
        require(self.threads <= MOST_THREADS, "threads", self.threads, f"at most {MOST_THREADS}")
