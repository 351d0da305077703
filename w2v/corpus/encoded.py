"""The corpus as token ids on disk, read back in blocks to train on, and the vocabulary counted in the same read."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import NamedTuple

import numpy as np

from w2v.compiling import kernel
from w2v.corpus.block_reader import BlockReader
from w2v.corpus.id_file import IdFile
from w2v.corpus.parallel_scan import Scan, ScannedPart, require_tokens, scan
from w2v.corpus.prose import looks_like_prose
from w2v.corpus.sources import Sources
from w2v.corpus.text_blocks import TEXT_BYTES
from w2v.corpus.word_ids import DROPPED, WordChoice, choose_words
from w2v.errors import VocabularyError
from w2v.options import CorpusOptions, VocabularyOptions
from w2v.parallel import map_in_order
from w2v.progress import Progress, Silent
from w2v.tokens.arrays import TokenIds
from w2v.tokens.scanner import SENTENCE_END
from w2v.tokens.token_rules import rule_of
from w2v.vocabulary import Vocabulary

_SLACK = 64  # one part in 64 of a block is left for the sentence that crosses the equal length


class BlockSizes(NamedTuple):
    """How large blocks are. The size of text blocks changes no result, that of training blocks the order of training.

    Attributes:
        text_bytes: bytes of text scanned at once.
        block_ids: most ids of a training block, sentence ends included; at least 2.
    """

    text_bytes: int = TEXT_BYTES
    block_ids: int = 1 << 15


class TrainingBlock(NamedTuple):
    """A training block in the file: its place, its ids without the ends behind cut sentences, and its tokens."""

    place: int
    n_ids: int
    tokens: int


class EncodedCorpus:
    """A text as token ids in a temporary file. A context manager: closing it frees the disk space.

    Attributes:
        vocabulary: the words that have an id.
        total_tokens: tokens of the text, those without an id included.
        longest_sentence: tokens of the longest line, those without an id included.
        n_blocks: number of blocks to train on.
        block_tokens: (n_blocks,) int64, tokens with an id in each block.
        max_block_ids: ids in the longest block, sentence ends included.
        looks_like_prose: whether many words have punctuation attached, as the words of raw text do.
    """

    def __init__(
        self, file: IdFile, found: Scan, vocabulary: Vocabulary, options: CorpusOptions, blocks: list[TrainingBlock],
        block_ids: int,
    ) -> None:  # fmt: skip
        """Bundle what `encode` made."""
        self.vocabulary = vocabulary
        self.total_tokens = found.tokens
        self.longest_sentence = found.longest_sentence
        self.looks_like_prose = rule_of(options).keeps_punctuation and looks_like_prose(vocabulary)
        self.n_blocks = len(blocks)
        self._file = file
        self._max_sentence = options.max_sentence
        table = np.asarray(blocks, np.int64)
        self._places, self._sizes, self.block_tokens = (np.ascontiguousarray(table[:, i]) for i in range(3))
        cuts = 0 if self._max_sentence is None else (self.block_tokens - 1) // self._max_sentence
        self.max_block_ids = min(int((self._sizes + cuts).max()) + 1, block_ids)

    def __enter__(self) -> EncodedCorpus:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove the temporary file."""
        self._file.close()

    def read(self, block: int, buffer: TokenIds) -> TokenIds:
        """Read one block; several threads may do so at once.

        Args:
            block: its number, from 0.
            buffer: room for max_block_ids int32.

        Returns:
            The part of `buffer` that was filled: ids, with -1 behind each sentence, so also at the end.
        """
        size = int(self._sizes[block])
        if self._max_sentence is None:
            ids = buffer[:size]
            self._file.read(int(self._places[block]), ids)
        else:
            last = buffer[self.max_block_ids - 1 - size : self.max_block_ids - 1]
            self._file.read(int(self._places[block]), last)
            ids = buffer[: _cut_sentences(last, self._max_sentence, buffer)]
        if ids[-1] != SENTENCE_END:  # a sentence too long for one block continues in the next
            ids = buffer[: len(ids) + 1]
            ids[-1] = SENTENCE_END
        return ids


def encode(
    sources: Sources,
    options: CorpusOptions,
    words: WordChoice,
    *,
    rewrite: Callable[[IdFile, Scan], Scan] | None = None,
    progress: Progress | None = None,
    sizes: BlockSizes = BlockSizes(),  # noqa: B008 - immutable
    most_ids: Callable[[int], int] | None = None,
    apart: bool = False,
) -> EncodedCorpus:
    """Read a text once: count its words and keep its token ids on disk.

    Args:
        sources: files, folders (every file below, in order of their names), "-" for standard input, Sentences, or any
            other Source; one of them or a sequence.
        options: how text becomes tokens, where the temporary file goes, and the number of threads.
        words: which words get an id: VocabularyOptions choose among those of the text, a Vocabulary names them, an
            ExtendedVocabulary does both.
        rewrite: changes what was scanned, provisional ids included, before words get their ids: joins phrases, say.
        progress: receives progress in bytes of the sources.
        sizes: how large blocks are.
        most_ids: returns the most ids of a training block for a vocabulary of V words, at least 2; they may be fewer
            than those of `sizes`.
        apart: see BlockReader.

    Raises:
        CorpusError: the text can't be read or has no tokens, or the disk is too small.
        VocabularyError: fewer than two words are left, or none of the given words occurs.
        MissingExtraError: a file is compressed with zstd and this Python can't read that.

    Example:
        >>> from w2v.corpus.sources import Sentences
        >>> sentences = Sentences([["a", "rose", "is", "a", "rose"], ["is", "it"]])
        >>> with encode(sentences, CorpusOptions(), VocabularyOptions(min_count=2)) as corpus:
        ...     print(corpus.vocabulary.words, corpus.read(0, np.empty(corpus.max_block_ids, np.int32)))
        ['a', 'is', 'rose'] [ 0  2  1  0  2 -1  1 -1]
    """
    file = IdFile(options.work_dir, progress)
    try:
        reader = BlockReader(sources, sizes.text_bytes, options, apart=apart)
        found = scan(reader, options, file, progress or Silent())
        require_tokens(found, reader, options)
        if rewrite is not None:
            found = rewrite(file, found)
        vocabulary, final_ids = choose_words(found, words, progress)
        block_ids = sizes.block_ids if most_ids is None else min(sizes.block_ids, most_ids(len(vocabulary)))
        parts = training_blocks(file, found, final_ids, options, block_ids)
        blocks = [block for part in parts for block in part]
        require_blocks(len(blocks))
        return EncodedCorpus(file, found, vocabulary, options, blocks, block_ids)
    except BaseException:
        file.close()
        raise


def count(
    sources: Sources, options: CorpusOptions, words: VocabularyOptions, *, progress: Progress | None = None
) -> Vocabulary:
    """Read a text once and count its words, without keeping anything on disk; the arguments are those of `encode`.

    Raises:
        CorpusError: the text can't be read or has no tokens.
        VocabularyError: fewer than two words are left.
        MissingExtraError: a file is compressed with zstd and this Python can't read that.

    Example:
        >>> from w2v.corpus.sources import Sentences
        >>> count(Sentences([["a", "rose", "is", "a", "rose"]]), CorpusOptions(), VocabularyOptions(min_count=2)).words
        ['a', 'rose']
    """
    reader = BlockReader(sources, options=options)
    found = scan(reader, options, None, progress or Silent())
    require_tokens(found, reader, options)
    return choose_words(found, words).vocabulary


def training_blocks(
    file: IdFile, found: Scan, final_ids: list[TokenIds], options: CorpusOptions, block_ids: int
) -> list[list[TrainingBlock]]:
    """Replace all provisional ids in a file, and return the blocks to train on.

    Args:
        file: holds the ids.
        found: the scanned text.
        final_ids: see WordIds.
        options: how text becomes tokens.
        block_ids: most ids of a block.

    Returns:
        The blocks of each part of the text, in order.
    """
    longest = max((part.n_ids for part in found.parts), default=0)
    room = block_ids - 1  # reading ends a cut sentence
    if options.max_sentence is not None:
        room = max(1, room * options.max_sentence // (options.max_sentence + 1))

    def renumber(part: ScannedPart) -> list[TrainingBlock]:
        ids = np.empty(longest, np.int32)[: part.n_ids]
        file.read(part.place, ids)
        ids = ids[: _renumber(ids, final_ids[part.table])]
        file.write(part.place, ids)
        return [
            TrainingBlock(part.place + start, stop - start, int(np.count_nonzero(ids[start:stop] != SENTENCE_END)))
            for start, stop in _cuts(ids, room)
        ]

    return list(map_in_order(renumber, found.parts, options.threads))


def require_blocks(n_blocks: int) -> None:
    """Refuse a text without blocks.

    Raises:
        VocabularyError: there are none.
    """
    if not n_blocks:
        raise VocabularyError("the text has no word of the vocabulary; give one of the same language and case")


@kernel
def _renumber(ids: TokenIds, final_ids: TokenIds) -> int:
    """Replace ids in place, without dropped words and sentences left empty; return the number of ids that remain.

        ids          0  1  -1  1  -1  2  0  -1        with  0 -> 5,  1 -> DROPPED,  2 -> 3
        afterwards   5  -1  3  5  -1

    Twin: `twin` in tests/test_encoded.py.
    """
    n = 0
    in_sentence = False
    for i in range(ids.shape[0]):
        word = ids[i]
        if word != SENTENCE_END:
            word = final_ids[word]
            if word != DROPPED:
                ids[n] = word
                n += 1
                in_sentence = True
        elif in_sentence:
            ids[n] = SENTENCE_END
            n += 1
            in_sentence = False
    return n


@kernel
def _cut_sentences(ids: TokenIds, longest: int, out: TokenIds) -> int:
    """Write ids to `out` with an end behind every `longest` tokens of a longer sentence; return their number.

        ids   5  3  8  -1        with longest = 2:        out   5  3  -1  8  -1

    The two may overlap as long as `ids` ends at least as far from the start of `out` as what is written.

    Twin: in test_long_sentences_are_cut, tests/test_encoded.py.
    """
    n = tokens = 0
    for word in ids:
        if word == SENTENCE_END:
            tokens = 0
        elif tokens == longest:
            out[n] = SENTENCE_END
            n += 1
            tokens = 1
        else:
            tokens += 1
        out[n] = word
        n += 1
    return n


def _cuts(ids: TokenIds, room: int) -> Iterator[tuple[int, int]]:
    """Cut ids into stretches of about equal length, so that replicas that train them finish together.

    A stretch has at most `room` ids, and a sentence end. It ends with the first sentence that reaches the equal length,
    else with the last one that ends in the second half before it, else after `room` ids.
    """
    start = 0
    while start < len(ids):
        left = len(ids) - start
        stop = start + min(room, left)
        if left > room:
            even = left // math.ceil(left / (room - room // _SLACK))
            ends = start + room // 2 + np.flatnonzero(ids[start + room // 2 : stop + 1] == SENTENCE_END)
            if len(ends):
                stop = int(ends[min(int(np.searchsorted(ends, start + even)), len(ends) - 1)]) + 1
        yield start, stop
        start = stop
