"""Errors that a user can act on. The text of each is one line: what, where, and what to do.

The tree:

    W2VError                  anything below; catch this one
        UsageError            a wrong option or argument
        CorpusError           text that can't be read
        VocabularyError       too few words, or a bad vocabulary file
        PhraseError           a bad list of phrases
        GraphError            a bad edge list
        TrainingError         training can't continue
        ModelError            a bad model file, or one that doesn't fit the run
        VectorsError          a bad vectors file, or vectors that can't be written
        UnknownWordError      a word that the vectors don't have; also a KeyError
        EvaluationError       a bad file of word pairs or analogies
        PictureError          a bad log of training
        OutputError           a file that can't be written
        MissingExtraError     a package is missing that only one feature needs
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from w2v.wording import as_python, first_option, in_one_line


class W2VError(Exception):
    """An error that the user can act on; the module's docstring shows all kinds.

    Attributes:
        message: one line, with options between backticks as w2v.wording describes; `str` spells them as in Python.
        exit_code: the exit code of the command line.
    """

    exit_code = 1

    @property
    def message(self) -> str:
        """The message, with its options between backticks."""
        return super().__str__()

    def __str__(self) -> str:
        return as_python(self.message)


class UsageError(W2VError):
    """An option or argument that can't be used as given.

    Example:
        >>> import w2v
        >>> try:
        ...     w2v.train("corpus.txt", min_count=0)
        ... except w2v.UsageError as error:
        ...     print(error.option, "|", error)
        min_count | min_count must be at least 1, not 0
    """

    exit_code = 2

    @property
    def option(self) -> str | None:
        """The Python name of the option at fault, the first one that the message names; None if it names none."""
        return first_option(self.message)


class CorpusError(W2VError):
    """Text that can't be read: missing, empty, cut short, not UTF-8, or too large for the disk."""


class VocabularyError(W2VError):
    """Too few words to train on, or a malformed vocabulary file."""


class PhraseError(W2VError):
    """A list of phrases that is malformed, contradicts itself, or can't be read."""


class GraphError(W2VError):
    """An edge list that can't be read: a line is no edge, or there are none."""


class TrainingError(W2VError):
    """Training can't continue: the loss is not a number, or the matrices don't fit into memory."""


class ModelError(W2VError):
    """A model file that is malformed, cut short, of a later version, or does not fit the run."""


class VectorsError(W2VError):
    """Vectors that are malformed, cut short, or can't be read or written."""


class OutputError(W2VError):
    """A file that can't be written, or that holds something else than what would replace it.

    Attributes:
        vectors: the trained `Vectors`, if `w2v.train` could only not save the model at its end; else None.
    """

    vectors: Any = None


class EvaluationError(W2VError):
    """A file of word pairs or analogies that is malformed, empty, or can't be read."""


class NothingKnownError(EvaluationError):
    """No line of a file of word pairs or analogies has all its words in the vocabulary."""


class PictureError(W2VError):
    """A log of training that is malformed, empty, or can't be read."""


class UnknownWordError(W2VError, KeyError):
    """A word that the vectors don't have.

    Attributes:
        word: the unknown word.
        suggestions: known words with similar spelling, best first.

    Example:
        >>> str(UnknownWordError("quen", ["queen"]))
        "'quen' is not in the vocabulary; did you mean queen?"
    """

    def __init__(self, word: str, suggestions: list[str]) -> None:
        """Keep both, so that a caller can write its own message."""
        self.word, self.suggestions = word, suggestions
        super().__init__(word, suggestions)

    @property
    def message(self) -> str:
        """The word, and known words with similar spelling."""
        close = f"; did you mean {', '.join(self.suggestions)}?" if self.suggestions else ""
        return f"'{in_one_line(self.word, 40)}' is not in the vocabulary{close}"

    def __str__(self) -> str:
        return self.message  # KeyError would quote it


class MissingExtraError(W2VError):
    """A package is missing that only one feature needs.

    Attributes:
        feature: what needs it, such as "drawing an image".
        extra: the extra of w2v that installs it, such as "plot", or several with commas between.

    Example:
        >>> str(MissingExtraError("drawing an image", "plot"))
        "drawing an image needs an extra package: pip install 'w2v[plot]'"
    """

    def __init__(self, feature: str, extra: str) -> None:
        """Keep both, so that a caller can write its own message."""
        self.feature, self.extra = feature, extra
        super().__init__(feature, extra)

    @classmethod
    def of_all(cls, errors: Sequence[MissingExtraError]) -> MissingExtraError:
        """Return one that names what all features need.

        Example:
            >>> one, other = MissingExtraError("reading HTML", "html"), MissingExtraError("reading PDF", "documents")
            >>> str(MissingExtraError.of_all([one, other, one]))
            "reading HTML and reading PDF need extra packages: pip install 'w2v[html,documents]'"
        """
        *features, last = dict.fromkeys(error.feature for error in errors)
        first = f"{', '.join(features)} and " if features else ""
        return cls(first + last, ",".join(dict.fromkeys(error.extra for error in errors)))

    @property
    def message(self) -> str:
        """The feature, and how to install what it needs."""
        needs = "need extra packages" if "," in self.extra else "needs an extra package"
        return f"{self.feature} {needs}: pip install 'w2v[{self.extra}]'"
