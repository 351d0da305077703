"""A text that several processes read in shares has the words and the blocks that one process makes of it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from w2v.corpus import BlockSizes, encode
from w2v.corpus.block_reader import BlockReader
from w2v.corpus.parallel_scan import Scan
from w2v.corpus.shares import ScannedShare, in_text_order, merged_counts, shares_of
from w2v.corpus.word_ids import choose_words
from w2v.options import CorpusOptions, VocabularyOptions
from w2v.progress import Silent

TEXT_BYTES, BLOCK_IDS = 64, 8

texts = st.lists(st.text("ab \n\r", max_size=300), min_size=1, max_size=5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("shares")


def blocks_in_one(paths, options, apart=True):
    sizes = BlockSizes(TEXT_BYTES, BLOCK_IDS)
    with encode(paths, options, VocabularyOptions(min_count=1), sizes=sizes, apart=apart) as corpus:
        room = np.empty(corpus.max_block_ids, np.int32)
        return corpus.vocabulary, [corpus.read(i, room).tolist() for i in range(corpus.n_blocks)], corpus.max_block_ids


def blocks_in_shares(paths, options, readers):
    shares = shares_of(BlockReader(paths, TEXT_BYTES, options, apart=True), readers)
    scanned = [ScannedShare(share, options, Silent(), TEXT_BYTES) for share in shares]
    table = merged_counts(share.counts() for share in scanned)
    vocabulary = choose_words(Scan([table]), VocabularyOptions(min_count=1)).vocabulary
    for share in scanned:
        share.number(vocabulary, BLOCK_IDS)
    blocks = []
    before = [0] * len(shares)
    for number, part in in_text_order(shares, [len(share.block_tokens) for share in scanned]):
        for _ in scanned[number].block_tokens[part]:
            blocks.append(scanned[number].read(before[number]).tolist())
            before[number] += 1
    longest = max(share.max_block_ids for share in scanned)
    for share in scanned:
        share.close()
    return vocabulary, blocks, longest


@given(texts, st.integers(1, 4), st.sampled_from(["line", "paragraph", "document"]), st.sampled_from([None, 3]))
def test_shares_have_the_words_and_blocks_of_one_reader(folder, texts, readers, unit, longest):
    texts = [*texts, "a b a"]
    paths = []
    for i, text in enumerate(texts):
        paths.append(str(folder / f"{i}.txt"))
        (folder / f"{i}.txt").write_bytes(text.encode())
    options = CorpusOptions(threads=1, sentence_unit=unit, max_sentence=longest)
    vocabulary, blocks, room = blocks_in_one(paths, options)
    apart, blocks_apart, room_apart = blocks_in_shares(paths, options, readers)
    assert apart.words == vocabulary.words
    assert_array_equal(apart.counts, vocabulary.counts)
    assert blocks_apart == blocks
    assert room_apart == room


@pytest.mark.parametrize("size", [TEXT_BYTES, 73, 104])
@pytest.mark.parametrize("unit", ["line", "paragraph", "document"])
def test_the_last_sentence_of_a_volume_ends_as_before_another_source(folder, size, unit):
    """Its end takes room, even where the last line has none."""
    for name in ("first", "second"):
        (folder / name).write_bytes((b"a b " * size)[:size])
    paths = [str(folder / "first"), str(folder / "second")]
    options = CorpusOptions(threads=1, sentence_unit=unit, max_sentence=4)
    _, blocks, room = blocks_in_one(paths, options)
    _, apart, room_apart = blocks_in_shares(paths, options, readers=2)
    assert (apart, room_apart) == (blocks, room)


def test_only_texts_for_rounds_have_sources_with_blocks_of_their_own(folder):
    """Without rounds, blocks go on from one file into the next, as they did in every version before."""
    text = b"a b\n" * 49
    for name, data in (("one", text), ("two", text), ("both", 2 * text)):
        (folder / name).write_bytes(data)
    options = CorpusOptions(threads=1)
    apart = [str(folder / "one"), str(folder / "two")]
    _, in_one_file, _ = blocks_in_one(str(folder / "both"), options, apart=True)
    assert blocks_in_one(apart, options, apart=False)[1] == in_one_file
    assert blocks_in_one(apart, options, apart=True)[1] != in_one_file


def test_every_reader_has_about_as_much_to_read(folder):
    """Large sources go to different readers, and several share the largest."""
    sizes = {"small": 10, "tenth": 100, "most": 900}
    for name, size in sizes.items():
        (folder / name).write_bytes(b"a\n" * (size // 2))
    shares = shares_of(BlockReader([str(folder / n) for n in sizes], TEXT_BYTES, CorpusOptions(), apart=True), 10)
    assert [(len(share.sources), share.first, share.step) for share in shares] == [
        (1, 0, 1), (1, 0, 1), *((1, first, 9) for first in range(9)),
    ]  # fmt: skip
    few = shares_of(
        BlockReader([str(folder / n) for n in ("most", "small")], TEXT_BYTES, CorpusOptions(), apart=True), 1
    )
    assert [(len(share.sources), share.step) for share in few] == [(2, 1)]
