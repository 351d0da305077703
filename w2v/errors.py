"""What can go wrong for a user, as exceptions whose text is one line: what, where, and what to do."""

from __future__ import annotations

from w2v.wording import as_python


class W2VError(Exception):
    """A failure that the user can act on.

    Attributes:
        message: one line, with options as w2v.wording describes; `str` spells them as keyword arguments.
        exit_code: what the command line exits with.
    """

    exit_code = 1

    @property
    def message(self) -> str:
        """The message before its options are spelled."""
        return super().__str__()

    def __str__(self) -> str:
        return as_python(self.message)


class UsageError(W2VError):
    """An option or argument that can't be used as given."""

    exit_code = 2


class CorpusError(W2VError):
    """The text can't be read: missing, empty, cut short, not UTF-8, or the disk is too small for it."""


class VocabularyError(W2VError):
    """Too few words are left to train on, or a vocabulary file is malformed."""


class PhraseError(W2VError):
    """A list of phrases is malformed, contradicts itself, or can't be read."""


class TrainingError(W2VError):
    """Training can't go on: the loss is not a number any more, or the matrices don't fit."""


class ModelError(W2VError):
    """A model file is malformed, cut short or of a later version, or doesn't fit the run that is to go on with it."""


class VectorsError(W2VError):
    """A vectors file is malformed, cut short, or can't be read or written."""


class EvaluationError(W2VError):
    """A file of word pairs or analogies is malformed, empty, or can't be read."""


class PictureError(W2VError):
    """What is to be drawn is malformed, empty, or can't be read."""


class UnknownWordError(W2VError, KeyError):
    """A word that the vectors don't have.

    Attributes:
        word: the word asked for.
        suggestions: known words with the closest spelling, best first.
    """

    def __init__(self, word: str, suggestions: list[str]) -> None:
        """Keep both parts, so that a caller can make its own sentence of them."""
        self.word, self.suggestions = word, suggestions
        super().__init__(word, suggestions)

    @property
    def message(self) -> str:
        """The word, and known words with similar spelling."""
        close = f"; did you mean {', '.join(self.suggestions)}?" if self.suggestions else ""
        return f"'{self.word}' is not in the vocabulary{close}"

    def __str__(self) -> str:
        return self.message  # not KeyError's, which quotes its argument


class MissingExtraError(W2VError):
    """A feature needs a package that is not installed; the message names the extra to install."""

    def __init__(self, feature: str, extra: str) -> None:
        """Keep the feature, and the extra that installs what it needs."""
        super().__init__(f"{feature} needs an extra package: pip install 'w2v[{extra}]'")
