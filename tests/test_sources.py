"""Sources of text: what w2v reads, where it cuts blocks, and what it refuses with which message."""

import bz2
import gzip
import io
import lzma
import os
import sys
import threading
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from w2v.corpus.block_reader import BlockReader
from w2v.corpus.sources import Sentences, Source
from w2v.errors import CorpusError, MissingExtraError
from w2v.tokens.arrays import PADDING

WHITE = b" \t\n\r\v\f\x1c\x1d\x1e\x1f"
COMPRESSIONS = {"plain": bytes, "gzip": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}
TEXT = b"the quick brown fox\njumps over the lazy dog\n" * 50


def read(sources, block_bytes=1 << 20):
    """Return the text of the blocks, after checking what holds for all of them."""
    blocks = list(BlockReader(sources, block_bytes))
    pieces = []
    for block in blocks:
        assert block.length > 0
        assert block.text[block.length : block.length + PADDING].tobytes() == b" " * PADDING
        pieces.append(block.text[: block.length].tobytes())
        if block.continues:
            assert not pieces[-2].endswith(b"\n")
    assert all(piece[-1] in WHITE for piece in pieces[:-1])
    return pieces


def fails(sources):
    with pytest.raises(CorpusError) as failure:
        read(sources)
    assert "\n" not in str(failure.value)
    return str(failure.value)


texts = st.text(st.sampled_from("ab é\n\t\r漢\u2003"), max_size=60).map(str.encode)


@settings(deadline=None)
@given(texts, st.integers(1, 40))
def test_blocks_joined_are_the_text(tmp_path_factory, text, block_bytes):
    path = tmp_path_factory.mktemp("text") / "a.txt"
    path.write_bytes(text)
    assert b"".join(read(path, block_bytes)) == text


def test_a_block_is_cut_behind_a_line_if_one_ends_in_its_second_half(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"1\n2 3 4 5\n6 7 8 9\n")
    assert read(path, 12) == [b"1\n2 3 4 5\n", b"6 7 8 9\n"]
    assert read(path, 8) == [b"1\n2 3 4 ", b"5\n6 7 8 ", b"9\n"]


def test_a_token_longer_than_a_block_makes_the_block_grow(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 1000 + b" y\n" + b"z" * 77)
    assert read(path, 16)[0].startswith(b"x" * 1000 + b" ")
    assert b"".join(read(path, 16)) == path.read_bytes()


@pytest.mark.parametrize("compress", COMPRESSIONS.values(), ids=COMPRESSIONS)
@pytest.mark.parametrize("name", ["corpus.txt", "corpus.gz"])
def test_compression_is_recognised_by_content(tmp_path, compress, name):
    path = tmp_path / name
    path.write_bytes(compress(TEXT))
    assert read(path, 100) == read_plain(tmp_path, 100)


def read_plain(tmp_path, block_bytes):
    path = tmp_path / "plain.txt"
    path.write_bytes(TEXT)
    return read(path, block_bytes)


def test_words_that_start_as_compressed_files_do_are_text(tmp_path):
    path = tmp_path / "corpus"
    path.write_bytes(b"BZh9 and BZhang\n")
    assert read(path) == [b"BZh9 and BZhang\n"]


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress], ids=["gzip", "bz2", "xz"])
def test_a_compressed_file_may_have_several_members(tmp_path, compress):
    path = tmp_path / "corpus"
    path.write_bytes(compress(TEXT[:500]) + compress(TEXT[500:]))
    assert b"".join(read(path)) == TEXT
    path.write_bytes(compress(b""))
    assert read(path) == []


def test_zstd_is_read_where_python_can_and_names_the_extra_elsewhere(tmp_path):
    path = tmp_path / "corpus"
    # One raw block of 4 bytes, written by hand from RFC 8878: magic, header with content size, block header, content.
    path.write_bytes(b"\x28\xb5\x2f\xfd" + b"\x20\x04" + b"\x21\x00\x00" + b"a b\n")
    if any(find_spec(name) and find_spec(f"{name}.zstd") for name in ("compression", "backports")):
        assert read(path) == [b"a b\n"]
    else:
        with pytest.raises(MissingExtraError, match=r"pip install 'w2v\[zstd\]'"):
            read(path)


@pytest.mark.parametrize(
    "compress", [gzip.compress, partial(bz2.compress, compresslevel=1), lzma.compress], ids=["gzip", "bz2", "xz"]
)
def test_damaged_files_are_refused(tmp_path, compress):
    path = tmp_path / "corpus"
    whole = compress(os.urandom(200_000).hex().encode())
    path.write_bytes(whole[: len(whole) // 2])
    assert fails(path) == f"{path}: the compressed data is damaged or cut short; get the file again"
    middle = len(whole) // 2
    path.write_bytes(whole[:middle] + bytes(64) + whole[middle + 64 :])
    assert fails(path) == f"{path}: the compressed data is damaged or cut short; get the file again"


def test_a_byte_order_mark_is_dropped_at_the_start_of_each_file(tmp_path):
    for name in "ab":
        (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + name.encode())
    assert read(tmp_path) == [b"a\nb"]
    (tmp_path / "a").write_bytes(gzip.compress(b"\xef\xbb\xbfa\xef\xbb\xbf"))
    assert read(tmp_path) == [b"a\xef\xbb\xbf\nb"]


def test_folders_give_every_file_below_in_order_and_small_files_share_a_block(tmp_path):
    (tmp_path / "b").mkdir()
    for name in ["c.txt", "b/2", "b/1", "a"]:
        (tmp_path / name).write_text(name)
    (tmp_path / "b" / "empty").touch()
    assert read(tmp_path) == [b"a\nb/1\nb/2\nc.txt"]
    assert read([tmp_path / "c.txt", str(tmp_path / "b")]) == [b"c.txt\nb/1\nb/2\n"]


def test_hidden_files_and_folders_are_read_only_if_named(tmp_path):
    (tmp_path / ".b" / "c").mkdir(parents=True)
    for name in [".a", ".b/1", ".b/c/2", ".b/.3", "d"]:
        (tmp_path / name).write_text(name)
    assert read(tmp_path) == [b"d"]
    assert read([tmp_path / ".a", tmp_path / ".b"]) == [b".a\n.b/1\n.b/c/2"]


VECTORS = b"2 3\nking 1 -2 3e-5\nqueen 1 2 4\n"
COUNTS = b"the 9\nking 3\nqueen 3\n"


@pytest.mark.parametrize(
    "content, held",
    [
        (VECTORS, "vectors"),
        (VECTORS[:12] + bytes(12), "vectors"),
        (gzip.compress(VECTORS, mtime=0), "vectors"),
        (COUNTS, "word counts"),
        (b"phrase\twords\tscore\tcount\tpass\nNew_York\tNew York\t25.4\t40\t1\n", "phrases"),
        (b'{"epoch": 1, "words": 12}\n', "a log of training"),
        (b"the 0\nking 1\nqueen 1\n", "groups of words"),
        (b"0 2 the of\n1 1 king\n", "groups of words"),
        (b'<!doctype html>\n<meta name="generator" content="w2v map">\n', "a picture that w2v drew"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\x0ctEXtSoftware\0w2v", "a picture that w2v drew"),
    ],
)
def test_files_that_are_not_text_are_skipped_in_folders(tmp_path, content, held):  # fmt: skip
    (tmp_path / "a").write_bytes(b"king")
    (tmp_path / "b").write_bytes(content)
    (tmp_path / "c").write_bytes(b"queen")
    reader = BlockReader(tmp_path)
    (block,) = reader
    assert bytes(block.text[: block.length]) == b"king\nqueen"
    assert block.bytes_read == reader.total_bytes == 9
    assert reader.left_out == [(str(tmp_path / "b"), f"holds {held}, not text")]
    if held in ("vectors", "a picture that w2v drew"):
        assert fails(tmp_path / "b").endswith(f"b: holds {held}, not text; name text files only")
    else:
        assert read(tmp_path / "b") == [content]


@pytest.mark.parametrize(
    "content",
    [
        b"2 3\nking and queen\n",
        b"2 3\n",
        b"2 3",
        b"2 3\n\n",
        b"chapter 1\nchapter 2\n",
        b"page 7\n",
        b"1 2\n3 4\n5 6\n",
        b"2 2\na 1 2 3 king\n",
        b"the 9 times\nking 3 times\n",
        b"1 2 3\n1 2 3\n",
    ],
)
def test_text_with_numbers_is_text(tmp_path, content):  # fmt: skip
    (tmp_path / "a").write_bytes(content)
    assert read(tmp_path) == [content]


def line_of(content, position):
    """Return the number of the line of a byte, as Python's universal newlines count; a CR LF ends it behind LF."""
    before = content[:position]
    return 1 + before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n")


@given(st.lists(texts, max_size=6), st.integers(1, 30))
@settings(deadline=None)
def test_every_position_is_located_in_its_file_and_line(tmp_path_factory, contents, block_bytes):
    folder = tmp_path_factory.mktemp("texts")
    for number, content in enumerate(contents):
        (folder / str(number)).write_bytes(content)
    if not contents:
        assert "no files" in fails(folder)
        return
    expected = []
    for number, content in enumerate(contents):
        for position, byte in enumerate(content):
            expected.append((f"{folder / str(number)}:{line_of(content, position)}", byte))
    blocks = list(BlockReader(folder, block_bytes))
    got = [(block.locate(i), int(block.text[i])) for block in blocks for i in range(block.length)]
    newline = ord("\n")  # some stand between files
    assert [place for place in got if place[1] != newline] == [place for place in expected if place[1] != newline]


class Pipe(io.RawIOBase):
    """Standard input that hands over a few bytes at a time."""

    def __init__(self, data, at_once):
        self.data, self.at_once = data, at_once

    def readable(self):
        return True

    def readinto(self, buffer):
        piece, self.data = self.data[: min(self.at_once, len(buffer))], self.data[min(self.at_once, len(buffer)) :]
        buffer[: len(piece)] = piece
        return len(piece)


@pytest.mark.parametrize("at_once", [1, 7, 1 << 16])
@pytest.mark.parametrize("compress", COMPRESSIONS.values(), ids=COMPRESSIONS)
def test_standard_input_gives_the_same_blocks_however_it_arrives(tmp_path, monkeypatch, at_once, compress):
    pipe = io.BufferedReader(Pipe(b"\xef\xbb\xbf" + TEXT if compress is bytes else compress(TEXT), at_once), 16)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(pipe))
    assert read("-", 100) == read_plain(tmp_path, 100)


def test_a_named_pipe_is_read(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(TEXT,))
    writer.start()
    reader = BlockReader(path)
    assert reader.total_bytes is None
    assert b"".join(block.text[: block.length].tobytes() for block in reader) == TEXT
    writer.join()


def test_progress_ends_at_the_total(tmp_path):
    (tmp_path / "a").write_bytes(TEXT)
    (tmp_path / "b").write_bytes(gzip.compress(TEXT))
    reader = BlockReader(tmp_path, 300)
    done = [block.bytes_read for block in reader]
    assert done == sorted(done)
    assert done[-1] == reader.total_bytes == sum(file.stat().st_size for file in tmp_path.iterdir())


@given(st.lists(st.lists(st.text("ab\0é漢", min_size=1, max_size=5), max_size=5)))
def test_sentences_are_lines(sentences):
    expected = "".join(" ".join(sentence) + "\n" for sentence in sentences).encode()
    if b"\0" not in expected:
        assert b"".join(read(Sentences(tuple(sentence) for sentence in sentences), 10)) == expected


@pytest.mark.parametrize(
    "sentence, message",
    [
        ("a b", "sentence 2: is a text, not a list of tokens; split it first"),
        (["a", "b c"], "sentence 2, token 2: 'b c' is empty or has white space in it; split or drop it"),
        (["b c", ""], "sentence 2, token 1: 'b c' is empty or has white space in it"),
        (["a", ""], "sentence 2, token 2: '' is empty or has white space in it"),
        (["a\x85"], r"sentence 2, token 1: 'a\x85' is empty or has white space in it"),
        (["a\0"], r"sentence 2, token 1: 'a\x00' has a zero byte in it; drop it"),
        (["a", 1.0], "sentence 2, token 2: must be a text, not 1.0 (float); convert it with str()"),
        ([1, True], "sentence 2, token 2: must be a text, not True (bool); convert it with str()"),
        ([1, None], "sentence 2, token 2: must be a text, not None; drop missing values first"),
        ([1, "b c"], "sentence 2, token 2: 'b c' is empty or has white space in it"),
        ([b"a"], "sentence 2, token 1: must be a text, not b'a' (bytes); decode it first"),
        (["a", None], "sentence 2, token 2: must be a text, not None; drop missing values first, as pandas does"),
        (["a", float("nan")], "sentence 2, token 2: must be a text, not nan (float); drop missing values first"),
        (["a", ["b"]], "sentence 2, token 2: must be a text, not ['b'] (list); each sentence is one flat list"),
        (["\ud800"], r"sentence 2, token 1: '\ud800' is not a text that UTF-8 can hold; replace or drop it"),
        (5, "sentence 2: must be a list of tokens, not 5 (int)"),
        (None, "sentence 2: must be a list of tokens, not None"),
        (float("nan"), "sentence 2: must be a list of tokens, not nan (float)"),
        (b"a b", "sentence 2: must be a list of tokens, not b'a b' (bytes)"),
        ({"a"}, "sentence 2: must be a list of tokens, not {'a'} (set)"),
        ({"a": 1}, "sentence 2: must be a list of tokens, not {'a': 1} (dict)"),
        (np.array([0.5, 1]), "sentence 2, token 1: must be a text, not"),
        (np.array(5), "sentence 2: must be a list of tokens, not array(5) (ndarray)"),
    ],
)
def test_wrong_sentences_are_refused(sentence, message):
    assert fails(Sentences([["fine"], sentence])).startswith(message)


def test_missing_files_are_refused_before_any_text_is_read(tmp_path):
    (tmp_path / "a").write_text("a")
    none = tmp_path / "none"
    with pytest.raises(CorpusError, match=r"none: can't be read \(No such file or directory\)"):
        BlockReader([tmp_path / "a", none])
    none.mkdir()
    with pytest.raises(CorpusError, match="none: this folder has no files, or only hidden ones; name"):
        BlockReader([tmp_path / "a", none])
    with pytest.raises(CorpusError, match="no text is given"):
        BlockReader([])


@pytest.mark.parametrize(
    "data, message",
    [
        (bytes(5000), ":1: holds a zero byte"),
        (b"a\nb\nc\0d", ":3: holds a zero byte"),
        ("abc".encode("utf-16"), ": is UTF-16"),
        ("\ufeffabc".encode("utf-16-be"), ": is UTF-16"),
        (gzip.compress(bytes(5000), mtime=0), ":1: holds a zero byte"),
    ],
)
def test_what_is_not_text_is_refused(tmp_path, data, message):
    path = tmp_path / "data"
    path.write_bytes(data)
    assert fails(path).startswith(f"{path}{message}")


def test_a_zero_byte_far_into_a_text_is_part_of_a_token(tmp_path):
    path = tmp_path / "text"
    path.write_bytes(b"text " * 5000 + b"a\0b")
    assert b"".join(read(path)) == path.read_bytes()


class Poem:
    """A source that only follows the protocol: it is no file and has no place in a folder."""

    name, size, is_named = "poem", None, True

    def __init__(self, data):
        self.data = data
        self.is_open = False

    @contextmanager
    def open(self):
        self.is_open = True
        yield io.BytesIO(self.data)
        self.is_open = False


@pytest.mark.parametrize("compress", COMPRESSIONS.values(), ids=COMPRESSIONS)
def test_any_object_that_follows_the_protocol_is_a_source(tmp_path, compress):
    (tmp_path / "a.txt").write_text("a")
    poem = Poem(compress(TEXT))
    assert isinstance(poem, Source)
    assert read(poem, 100) == read_plain(tmp_path, 100)
    assert not poem.is_open
    assert read([tmp_path / "a.txt", poem, Sentences([["z"]])]) == [b"a\n" + TEXT + b"z\n"]
    assert fails(Poem(b"a\nb\0")) == "poem:2: holds a zero byte, so it is not text; name text files only"
    assert fails(Poem(VECTORS)) == "poem: holds vectors, not text; name text files only"


def test_a_failing_source_is_named(tmp_path):
    class Broken(io.RawIOBase):
        def readinto(self, buffer):
            raise ConnectionResetError(104, "Connection reset by peer")

        def readable(self):
            return True

    poem = Poem(b"")
    poem.open = Broken
    assert fails(poem) == "poem: can't be read (Connection reset by peer)"
