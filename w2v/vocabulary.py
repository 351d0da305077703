"""The words of a corpus with their counts: their order, and their file format."""

from __future__ import annotations

import codecs
import functools
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from w2v.compression import looks_compressed
from w2v.errors import VocabularyError
from w2v.files import replacing
from w2v.options.checks import MOST_COUNT
from w2v.options.encoding import EncodingOptions
from w2v.text_file import in_utf8_or, read_text
from w2v.wording import in_one_line, quoted

_WORD2VEC_SENTENCE_END = "</s>"
_MOST_DIGITS = len(str(MOST_COUNT))


class Vocabulary:
    """The words to train, each with its count: the most frequent first, then by code points; a word's place is its id.

    A vocabulary does not change. The corpus scanner counts in a `WordTable`, in the order in which words come, and
    hands over the words to keep. Vectors have a list of words of their own, since their files often have no counts.

    Attributes:
        words: the V words.
        counts: (V,) int64, how often each occurs; read-only.
        total: the sum of counts.

    Example:
        >>> vocabulary = Vocabulary.from_counts(["is", "rose", "a"], [1, 2, 2])
        >>> vocabulary.words, vocabulary.index["rose"], vocabulary.total
        (['a', 'rose', 'is'], 1, 5)
    """

    def __init__(self, words: list[str], counts: npt.ArrayLike) -> None:
        """Keep words and counts that are in the order of `frequency_order`."""
        self.words = words
        self.counts: npt.NDArray[np.int64] = np.array(counts, np.int64)
        self.counts.setflags(write=False)
        self.total = int(self.counts.sum())

    @classmethod
    def from_counts(cls, words: Sequence[str], counts: npt.ArrayLike) -> Vocabulary:
        """Return the vocabulary of different words and their counts, in any order."""
        unordered = np.asarray(counts, np.int64)
        order = frequency_order(words, unordered)
        return cls([words[i] for i in order.tolist()], unordered[order])

    def __len__(self) -> int:
        return len(self.words)

    def equals(self, other: Vocabulary) -> bool:
        """Return whether another vocabulary has the same words with the same counts."""
        return self.words == other.words and np.array_equal(self.counts, other.counts)

    @functools.cached_property
    def index(self) -> dict[str, int]:
        """The id of each word."""
        return {word: i for i, word in enumerate(self.words)}

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write `word count` lines, as word2vec.c does.

        Raises:
            OutputError: the file can't be written; an earlier one is unchanged.
            VocabularyError: `load` would not read back these words: there are none, or one has white space in it, is
                empty or is not valid Unicode, or has a count below 1.
        """
        self._require_readable()
        with replacing(path) as stream:
            stream.write(self.to_bytes())

    def to_bytes(self) -> bytes:
        """Return what `save` writes: the lines in UTF-8, and a byte order mark where they need one.

        Reading takes one mark off, and takes text for compressed that begins as such a file does.
        """
        text = self.to_text().encode()
        needs_mark = text.startswith(codecs.BOM_UTF8) or looks_compressed(text[:32])
        return codecs.BOM_UTF8 + text if needs_mark else text

    def to_text(self) -> str:
        """Return `word count` lines; before the word `</s>`, one that `load` leaves out instead of it."""
        start = f"{_WORD2VEC_SENTENCE_END} 0\n" if self.words[:1] == [_WORD2VEC_SENTENCE_END] else ""
        lines = (f"{word} {count}\n" for word, count in zip(self.words, self.counts.tolist(), strict=True))
        return "".join([start, *lines])

    def _require_readable(self) -> None:
        try:
            is_readable = self.words and " ".join(self.words).encode().decode().split() == self.words
        except UnicodeEncodeError:
            is_readable = False
        if not is_readable or self.counts.min() < 1 or len(self.index) < len(self.words):
            raise VocabularyError(
                "a vocabulary to save needs different words without white space, and counts of 1 or more"
            )

    @classmethod
    def load(
        cls, path: str | os.PathLike[str], *, encoding: str | None = None, encoding_errors: str | None = None
    ) -> Vocabulary:
        """Read `word count` lines in any order, plain or compressed; word2vec.c's first line, `</s>`, is ignored.

        Args:
            path: the file.
            encoding: that of the file, where it is not UTF-8; w2v itself writes UTF-8, whatever the text was.
            encoding_errors: what to do with bytes that are wrong in that encoding; `strict` is the default, and
                w2v.options.encoding explains the others.

        Raises:
            UsageError: there is no such encoding.
            VocabularyError: the file can't be read, or a line is not a word and a count; the message names the line.
            MissingExtraError: the file is compressed with zstd and this Python can't read that.
        """
        name = Path(path)
        words: dict[str, int] = {}
        total = 0
        text = in_utf8_or(
            _encoding(encoding, encoding_errors), lambda known: read_text(name, VocabularyError, known), VocabularyError
        )
        for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
            fields = line.split()
            if len(fields) != 2 or not (fields[1].isascii() and fields[1].isdigit()):
                raise VocabularyError(
                    f"{name}:{number}: not a word and a count: {quoted(line)}; 'w2v vocab' writes such files"
                )
            word, digits = fields
            if number == 1 and word == _WORD2VEC_SENTENCE_END:
                continue
            if word in words:
                raise VocabularyError(f"{name}:{number}: the word {quoted(word)} occurs twice; remove one of the lines")
            count = int(digits) if len(digits.lstrip("0")) <= _MOST_DIGITS else MOST_COUNT + 1
            total += count
            if count == 0:
                raise VocabularyError(f"{name}:{number}: the count is 0; remove the line, or give a count of 1 or more")
            if total > MOST_COUNT:
                what = f"the count {in_one_line(digits, 40)}" if count > MOST_COUNT else "the sum of all counts"
                raise VocabularyError(f"{name}:{number}: {what} is too large; it must be below 2**63")
            words[word] = count
        if not words:
            raise VocabularyError(f"{name}: holds no words; 'w2v vocab' writes such files")
        return cls.from_counts(list(words), list(words.values()))


def _encoding(encoding: str | None, encoding_errors: str | None) -> EncodingOptions:
    given = {"encoding": encoding, "encoding_errors": encoding_errors}
    return EncodingOptions(**{name: value for name, value in given.items() if value is not None})


def frequency_order(words: Sequence[str], counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the permutation, (V,), that sorts words by count, largest first, then by code points.

    Example:
        >>> frequency_order(["is", "rose", "a"], np.array([1, 2, 2])).tolist()
        [2, 1, 0]
    """
    by_word = np.asarray(sorted(range(len(words)), key=words.__getitem__), np.int64)
    return by_word[np.argsort(-counts[by_word], kind="stable")]
