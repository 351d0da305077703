"""What the trainer needs of a corpus: token ids in blocks, wherever they are kept."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

from w2v.vocabulary import Vocabulary


class CorpusFacts(Protocol):
    """How large a text is, and the words that it is encoded with."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The V words that have an id."""

    @property
    def total_tokens(self) -> int:
        """Tokens of the text, those without an id included."""

    @property
    def n_blocks(self) -> int:
        """How many blocks there are, at least 1."""

    @property
    def block_tokens(self) -> npt.NDArray[np.int64]:
        """Tokens with an id in each block, (n_blocks,)."""

    @property
    def max_block_ids(self) -> int:
        """Ids of the longest block, sentence ends included."""


class Corpus(CorpusFacts, Protocol):
    """A text as blocks of token ids; w2v.corpus.EncodedCorpus is one, on disk.

    A block has the ids of whole sentences, each followed by -1. Every thread reads blocks on its own.
    """

    def read(self, block: int, buffer: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """Return the ids of one block, by its number from 0: a part of `buffer`, (max_block_ids,) int32, or an array.

        Several threads call this at once.
        """


class ReadText(Corpus, Protocol):
    """A text, and what reading it showed, until it is closed."""

    @property
    def longest_sentence(self) -> int:
        """Tokens of the longest line, those without an id included."""

    @property
    def looks_like_prose(self) -> bool:
        """Whether many words have punctuation attached, as the words of raw text do."""

    def close(self) -> None:
        """Free what it takes."""
