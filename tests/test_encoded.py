"""The encoded corpus against a few lines of Python that do the same, and the errors when it can't be made."""

import bz2
import gzip
import lzma
import re
import resource
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import unicodedata
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from w2v.corpus import BlockSizes, EncodedCorpus, ExtendedVocabulary, Sentences, count, encode
from w2v.errors import CorpusError, VocabularyError
from w2v.options import CorpusOptions, TrainingOptions, VocabularyOptions
from w2v.progress import Silent
from w2v.tokens.scanner import SENTENCE_END
from w2v.training import Model, train
from w2v.vocabulary import Vocabulary

ALL = VocabularyOptions(min_count=1)
LINE_ENDS = "[\n\v\f\r\x85\u2028\u2029]"


def twin(lines, min_count=1, max_vocab=None):
    """Return the words, the counts, and the sentences without dropped words, from sentences of tokens."""
    counts = Counter(token for line in lines for token in line)
    kept = sorted((word for word in counts if counts[word] >= min_count), key=lambda word: (-counts[word], word))
    kept = kept[:max_vocab]
    known = set(kept)
    sentences = [[token for token in line if token in known] for line in lines]
    return kept, [counts[word] for word in kept], [sentence for sentence in sentences if sentence]


def blocks_of(corpus):
    """Return all blocks as arrays, after checking what holds for all of them."""
    buffer = np.empty(corpus.max_block_ids, np.int32)
    blocks = [corpus.read(i, buffer).copy() for i in range(corpus.n_blocks)]
    assert [np.count_nonzero(block >= 0) for block in blocks] == corpus.block_tokens.tolist()
    for block in blocks:
        assert block[-1] == SENTENCE_END
        assert not np.any((block[:-1] == SENTENCE_END) & (block[1:] == SENTENCE_END))
        assert block[0] != SENTENCE_END
    return blocks


def sentences_of(corpus):
    ids = np.concatenate(blocks_of(corpus))
    words = corpus.vocabulary.words
    ends = np.flatnonzero(ids == SENTENCE_END)
    return [[words[i] for i in sentence if i >= 0] for sentence in np.split(ids, ends + 1)[:-1]]


def options(tmp_path=None, **changes):
    return CorpusOptions(work_dir=tmp_path, **{"threads": 2, **changes})


alphabet = "ab\t\n \r\x0b\x0c\u2028\u2029\ufeff\x1c\x85\xa0\u2003\u3000\u200bcdefé漢😀'.A"
contents = st.text(st.sampled_from(alphabet), max_size=150)


@settings(deadline=None, max_examples=200)
@given(
    st.lists(contents, min_size=1, max_size=4),
    st.integers(1, 3),
    st.sampled_from([1, 2, 7, 50, 1 << 20]),
    st.sampled_from([2, 3, 10, 1 << 15]),
    st.sampled_from([1, 2, 3]),
    st.sampled_from([None, 2, 4]),
)
def test_a_corpus_agrees_with_a_few_lines_of_python(
    tmp_path_factory, texts, threads, text_bytes, block_ids, min_count, max_vocab
):
    folder = tmp_path_factory.mktemp("texts")
    for number, text in enumerate(texts):
        (folder / str(number)).write_bytes(text.encode())
    lines = [line.split() for text in texts for line in re.split(LINE_ENDS, text.replace("\ufeff", " "))]
    words, counts, sentences = twin(lines, min_count, max_vocab)
    arguments = (folder, options(threads=threads), VocabularyOptions(min_count, max_vocab))
    if len(words) < 2:
        with pytest.raises(VocabularyError if any(lines) else CorpusError):
            encode(*arguments)
        return
    with encode(*arguments, sizes=BlockSizes(text_bytes, block_ids)) as corpus:
        assert corpus.vocabulary.words == words
        assert corpus.vocabulary.counts.tolist() == counts
        assert corpus.total_tokens == sum(map(len, lines))
        assert corpus.longest_sentence == max(map(len, lines))
        assert corpus.max_block_ids <= block_ids
        got = sentences_of(corpus)
    assert [token for sentence in got for token in sentence] == [token for line in sentences for token in line]
    with encode(*arguments) as corpus:
        assert sentences_of(corpus) == sentences


def test_blocks_are_smaller_where_a_token_takes_longer(tmp_path):
    (tmp_path / "a.txt").write_text("a b c d\n" * 1000)
    with encode(tmp_path / "a.txt", options(), ALL, most_ids=lambda n_words: 20 * n_words) as corpus:
        assert len(corpus.vocabulary) == 4
        assert 40 < corpus.max_block_ids <= 80
        assert corpus.block_tokens.sum() == 4000


@settings(deadline=None)
@given(contents, st.sampled_from([5, 30]), st.sampled_from([4, 20]))
def test_blocks_do_not_depend_on_threads(tmp_path_factory, text, text_bytes, block_ids):
    path = tmp_path_factory.mktemp("text") / "a.txt"
    path.write_bytes((text + " x y x y").encode())
    made = []
    for threads in (1, 2, 5):
        with encode(path, options(threads=threads), ALL, sizes=BlockSizes(text_bytes, block_ids)) as corpus:
            made.append([block.tolist() for block in blocks_of(corpus)])
    assert made[0] == made[1] == made[2]


@settings(deadline=None)
@given(contents, st.integers(1, 5), st.sampled_from([5, 30, 1 << 20]), st.sampled_from([3, 4, 20, 1 << 15]))
def test_long_sentences_are_cut(tmp_path_factory, text, longest, text_bytes, block_ids):
    path = tmp_path_factory.mktemp("text") / "a.txt"
    path.write_bytes((text + " x y x y").encode())
    with encode(path, options(), ALL) as whole:
        sentences = sentences_of(whole)
    cut = options(max_sentence=longest)
    with encode(path, cut, ALL) as corpus:
        assert sentences_of(corpus) == [
            sentence[start : start + longest] for sentence in sentences for start in range(0, len(sentence), longest)
        ]
    with encode(path, cut, ALL, sizes=BlockSizes(text_bytes, block_ids)) as corpus:
        got = sentences_of(corpus)
        assert corpus.max_block_ids <= block_ids
    assert max(map(len, got)) <= longest
    assert list(chain(*got)) == list(chain(*sentences))


def zipfian(n, seed=1):
    return [f"w{i}" for i in np.random.default_rng(seed).zipf(1.3, n).clip(max=40_000)]


def test_one_giant_line_loses_no_token(tmp_path):
    path = tmp_path / "line.txt"
    tokens = zipfian(600_000)
    path.write_text(" ".join(tokens))
    with encode(path, options(), ALL) as corpus:
        assert corpus.longest_sentence == corpus.total_tokens == len(tokens)
        assert corpus.n_blocks >= len(tokens) / (1 << 15)
        assert [token for sentence in sentences_of(corpus) for token in sentence] == tokens


def test_blocks_are_cut_behind_sentences_where_they_can_be(tmp_path):
    path = tmp_path / "lines.txt"
    lines = [zipfian(n, n) for n in (5, 70, 300, 1000) * 100]
    path.write_text("\n".join(map(" ".join, lines)))
    with encode(path, options(), ALL) as corpus:
        assert sentences_of(corpus) == lines
        assert corpus.max_block_ids <= 1 << 15
        assert corpus.block_tokens.mean() > (1 << 15) / 2


def test_blocks_are_of_about_equal_length(tmp_path):
    """Else replicas whose blocks are short would wait for the others."""
    path = tmp_path / "lines.txt"
    path.write_text("\n".join(" ".join(zipfian(n, n)) for n in (5, 70, 300) * 500))  # one text block
    with encode(path, options(), ALL) as corpus:
        ids = corpus.total_tokens + 3 * 500
        assert corpus.n_blocks == -(-ids // (1 << 15))
        assert corpus.block_tokens.min() > 0.97 * corpus.block_tokens.max()


def test_every_source_gives_the_same_blocks(tmp_path):
    path = tmp_path / "plain.txt"
    lines = [zipfian(n, n) for n in range(1, 600)]
    text = "".join(" ".join(line) + "\r\n" for line in lines)
    path.write_text("\ufeff" + text, newline="")
    data = path.read_bytes()
    sources = {"plain": path, "sentences": Sentences(iter(lines))}
    for name, compress in {"gz": gzip.compress, "bz2": bz2.compress, "xz": partial(lzma.compress, preset=0)}.items():
        sources[name] = tmp_path / name
        sources[name].write_bytes(compress(data))
    (tmp_path / "folder").mkdir()
    for number, part in enumerate((lines[:300], lines[300:])):
        (tmp_path / "folder" / str(number)).write_text("\n".join(map(" ".join, part)))
    sources["folder"] = tmp_path / "folder"
    for source in sources.values():
        with encode(source, options(), VocabularyOptions(2)) as corpus:
            words, counts, sentences = twin(lines, 2)
            assert corpus.vocabulary.words == words
            assert corpus.vocabulary.counts.tolist() == counts
            assert sentences_of(corpus) == sentences
            assert corpus.longest_sentence == 599
    script = """
        import sys, numpy as np
        from w2v.corpus import encode
        from w2v.options import *
        with encode(["-"], CorpusOptions(threads=2), VocabularyOptions(2)) as corpus:
            for i in range(corpus.n_blocks):
                sys.stdout.buffer.write(corpus.read(i, np.empty(corpus.max_block_ids, np.int32)).tobytes())
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    piped = subprocess.run(command, input=sources["gz"].read_bytes(), capture_output=True, check=True).stdout
    with encode(path, options(threads=1), VocabularyOptions(2)) as corpus:
        assert piped == b"".join(block.tobytes() for block in blocks_of(corpus))


def test_a_given_vocabulary_decides_which_words_have_an_id_and_keeps_its_counts(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("b a c\nnone\na d a\n" * 3)
    given_words = Vocabulary(["a", "elsewhere", "b"], [100, 50, 1])
    with encode(path, options(), given_words) as corpus:
        assert corpus.vocabulary is given_words
        assert sentences_of(corpus) == [["b", "a"], ["a", "a"]] * 3
        assert corpus.total_tokens == 21
        assert [block.tolist() for block in blocks_of(corpus)] == [[2, 0, -1, 0, 0, -1] * 3]
    more = ExtendedVocabulary(given_words, VocabularyOptions(4, 4))
    with encode(path, options(), more) as corpus:  # "none" and "d" are too rare; "a" was met nine times
        assert corpus.vocabulary.words == ["a", "elsewhere", "b"]
        assert corpus.vocabulary.counts.tolist() == [109, 50, 4]
    with encode(path, options(), ExtendedVocabulary(given_words, VocabularyOptions(1, 4))) as corpus:
        assert corpus.vocabulary.words == ["a", "elsewhere", "b", "c"]
        assert sentences_of(corpus) == [["b", "a", "c"], ["a", "a"]] * 3
    with pytest.raises(VocabularyError, match="the text has no word of the vocabulary"):
        encode(path, options(), Vocabulary(["x", "y"], [1, 1]))
    with pytest.raises(VocabularyError, match="the vocabulary has 1 word; two or more are needed"):
        encode(path, options(), Vocabulary(["a"], [1]))


class OneSentence:
    """A corpus of the attributes that the trainer needs, and nothing else: "a b c a" over and over."""

    vocabulary = Vocabulary(["a", "b", "c"], [40, 20, 20])
    total_tokens = 80
    n_blocks = 4
    block_tokens = np.full(4, 20)
    max_block_ids = 25

    def read(self, block, buffer):
        buffer[:25] = [0, 1, 2, 0, SENTENCE_END] * 5
        return buffer[:25]


def test_the_trainer_needs_only_the_blocks_and_words_of_a_corpus():
    options = TrainingOptions(dim=5, epochs=2, threads=1, sample=0)
    model = Model.create(OneSentence.vocabulary, options)
    train(model, OneSentence(), options)
    sentences = Sentences([["a", "b", "c", "a"]] * 20)
    with encode(sentences, CorpusOptions(), OneSentence.vocabulary, sizes=BlockSizes(block_ids=26)) as corpus:
        assert corpus.n_blocks == 4
        twin_model = Model.create(corpus.vocabulary, options)
        train(twin_model, corpus, options)
    np.testing.assert_array_equal(model.vectors().matrix, twin_model.vectors().matrix)


def test_blocks_are_read_by_several_threads_at_once(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("\n".join(" ".join(zipfian(50, n)) for n in range(2000)))
    with encode(path, options(), ALL, sizes=BlockSizes(block_ids=500)) as corpus:
        expected = [block.tolist() for block in blocks_of(corpus)]
        with ThreadPoolExecutor(4) as pool:
            numbers = list(range(corpus.n_blocks)) * 3
            read = pool.map(lambda i: corpus.read(i, np.empty(corpus.max_block_ids, np.int32)).tolist(), numbers)
            assert list(read) == expected * 3


def test_count_finds_the_words_that_encode_finds(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(" ".join(zipfian(50_000)))
    found = count(path, options(), VocabularyOptions(3, 500))
    with encode(path, options(), VocabularyOptions(3, 500)) as corpus:
        assert found.words == corpus.vocabulary.words
        assert found.counts.tolist() == corpus.vocabulary.counts.tolist()
        assert found.total == corpus.vocabulary.total == corpus.block_tokens.sum()


def test_tokens_and_case_follow_the_options(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("The CAT's, the\ndog. DOG")
    assert count(path, options(), ALL).words == ["CAT's,", "DOG", "The", "dog.", "the"]
    assert count(path, options(lowercase=True), ALL).words == ["the", "cat's,", "dog", "dog."]
    assert count(path, options(tokens="words"), ALL).words == ["dog", "the", "cat's"]


PROSE = 'It was late. "Well," she said, "we must go; the train (the last one) leaves at ten!"\n' * 20
TOKENISED = "it was n't late . `` well , '' she said , `` we must go ; the train 's last call \n" * 20


accented = st.text(st.sampled_from("aeé\u0301\u0323\u0308ñn\u0303Åå\u212bकज\u093c각각 \n"), max_size=60)


@settings(deadline=None)
@given(accented, st.sampled_from([8, 1 << 20]))
def test_words_are_the_same_however_accents_are_written(tmp_path_factory, text, text_bytes):
    folder = tmp_path_factory.mktemp("texts")
    found = []
    for form in ("NFC", "NFD"):
        path = folder / form
        path.write_bytes((unicodedata.normalize(form, text) + "\nx é y é").encode())
        with encode(path, options(tokens="words"), ALL, sizes=BlockSizes(text_bytes)) as corpus:
            tokens = list(chain(*sentences_of(corpus)))
            found.append((corpus.vocabulary.words, corpus.vocabulary.counts.tolist(), tokens))
    assert found[0] == found[1]
    assert all(unicodedata.is_normalized("NFC", word) for word in found[0][0])
    assert "é" in found[0][0]


def test_tokens_between_white_space_stay_as_they_are_written(tmp_path):
    (tmp_path / "a").write_text("é e\u0301 é")
    assert count(tmp_path / "a", options(), ALL).words == ["é", "e\u0301"]


@pytest.mark.parametrize(
    "text, tokens, expected",
    [
        (PROSE, "whitespace", True),
        (PROSE, "words", False),
        (TOKENISED, "whitespace", False),
        ("a b, c d\n" * 9, "whitespace", True),
    ],
)
def test_prose_is_recognised_by_the_punctuation_on_its_words(tmp_path, text, tokens, expected):
    path = tmp_path / "a.txt"
    path.write_text(text)
    with encode(path, options(tokens=tokens), ALL) as corpus:
        assert corpus.looks_like_prose is expected


@pytest.mark.parametrize("name, data", [("a.txt", b"fine\n" * 3000 + b"caf\xe9\n"), ("b.txt", b"\n\nna\xefve")])
def test_bytes_that_are_not_utf8_are_named_by_file_and_line(tmp_path, name, data):
    (tmp_path / "0.txt").write_text("fine\n\nfine")
    (tmp_path / name).write_bytes(data)
    line = data.count(b"\n", 0, len(data) - 2) + 1
    word = "caf\ufffd" if name == "a.txt" else "na\ufffdve"
    message = (
        f"{tmp_path / name}:{line}: not UTF-8: {word!r}; convert it, or leave it out with exclude={name!r}; or name the"
        " encoding of all files, as in encoding='latin-1', or use encoding_errors='replace'"
    )
    for text_bytes in (64, 1 << 20):
        with pytest.raises(CorpusError) as failure:
            encode(tmp_path, options(), ALL, sizes=BlockSizes(text_bytes))
        assert str(failure.value) == message


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from([b"a", b" ", b"\n", b"\xc3", b"\xa9", b"\xe2\x80", b"\x80", b"\xff", "漢\u3000".encode()]),
        max_size=40,
    ),
    st.sampled_from(["replace", "ignore"]),
    st.sampled_from([1, 4, 1 << 20]),
)
def test_encoding_errors_are_handled_as_python_does(tmp_path_factory, pieces, errors, text_bytes):
    data = b"".join(pieces) + b" x y"
    path = tmp_path_factory.mktemp("text") / "a.txt"
    path.write_bytes(data)
    expected = twin([line.split() for line in data.decode(errors=errors).split("\n")])
    with encode(path, options(encoding_errors=errors), ALL, sizes=BlockSizes(text_bytes)) as corpus:
        assert (corpus.vocabulary.words, corpus.vocabulary.counts.tolist()) == expected[:2]
        assert list(chain(*sentences_of(corpus))) == list(chain(*expected[2]))


@pytest.mark.parametrize(
    "text, error, message",
    [
        ("", CorpusError, "the text is empty: no token was found in "),
        (" \n\u3000\t\n", CorpusError, "the text is empty: no token was found in "),
        ("a a a", VocabularyError, "the text has one word only, 'a', 3 times; two different words are needed"),
        (
            "a a a b",
            VocabularyError,
            "with min_count=4 fewer than two words are left (the most frequent, 'a', occurs 3 times); lower",
        ),
    ],
)
def test_too_little_text_is_refused(tmp_path, text, error, message):
    path = tmp_path / "a.txt"
    path.write_text(text)
    for function in (encode, count):
        with pytest.raises(error) as failure:
            function(path, options(), VocabularyOptions(4))
        assert str(failure.value).startswith(message)


class Recorder(Silent):
    def __init__(self):
        self.calls = []

    def start(self, task, total, unit, before=0):
        self.calls.append(("start", task, total, unit))

    def update(self, done, facts=None):
        self.calls.append(("update", done, threading.current_thread() is threading.main_thread()))

    def finish(self):
        self.calls.append(("finish",))


def test_progress_is_reported_in_bytes_from_the_calling_thread(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("a b\n" * 250_000)
    progress = Recorder()
    encode(path, options(), ALL, progress=progress, sizes=BlockSizes(100_000)).close()
    first, *updates, last = progress.calls
    assert first == ("start", "reading", 1_000_000, "B")
    assert len(updates) == 10
    done = [update[1] for update in updates]
    assert done == sorted(done)
    assert done[0] < 300_000
    assert done[-1] == 1_000_000
    assert all(from_main_thread for _, _, from_main_thread in updates)
    assert last == ("finish",)


def test_nothing_remains_in_the_work_folder(tmp_path):
    work = tmp_path / "work"
    work.mkdir()
    path = tmp_path / "a.txt"
    path.write_text("a b\n" * 1000)
    with encode(path, options(work), ALL) as corpus:
        assert isinstance(corpus, EncodedCorpus)
    assert list(work.iterdir()) == []
    with pytest.raises(ValueError, match="closed"):
        corpus.read(0, np.empty(corpus.max_block_ids, np.int32))
    path.write_bytes(b"\xff")
    with pytest.raises(CorpusError):
        encode(path, options(work), ALL)
    assert list(work.iterdir()) == []

    def interrupted():
        for _ in range(10):
            yield ["a", "b"] * 100_000
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        encode(Sentences(interrupted()), options(work), ALL)
    assert list(work.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_remains_when_the_process_is_killed(tmp_path, number):
    script = """
        import itertools, sys
        from pathlib import Path
        from w2v.corpus import Sentences, encode
        from w2v.options import *
        def sentences():
            for i in itertools.count():
                if i == 20:
                    print("started", flush=True)
                yield ["a", "b"] * 100_000
        encode(Sentences(sentences()), CorpusOptions(threads=2, work_dir=Path(sys.argv[1])), VocabularyOptions(1))
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout.readline() == b"started\n"
        process.send_signal(number)
        assert process.wait(30) != 0
    assert list(tmp_path.iterdir()) == []


def test_a_work_folder_that_cannot_be_written_is_refused_before_reading(tmp_path):
    def unread():
        raise AssertionError
        yield

    with pytest.raises(
        CorpusError, match=r"none: can't write there \(No such file or directory\); choose another work_dir"
    ):
        encode(Sentences(unread()), options(tmp_path / "none"), ALL)


def test_too_little_disk_space_is_reported_early_with_figures(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("a b c d\n" * 4_000_000)  # much more than is scanned ahead of the check
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=3_000_000))
    progress = Recorder()
    before = set(threading.enumerate())  # other tests may have left threads for the garbage collector
    with pytest.raises(CorpusError) as failure:
        encode(path, options(tmp_path), ALL, progress=progress)
    assert str(failure.value).startswith(f"{tmp_path}: token ids need about 80 MB, ")
    assert str(failure.value).endswith("but only 3 MB are free; choose another work_dir")
    assert len(progress.calls) < 5
    assert set(threading.enumerate()) <= before  # none writes


def test_a_full_disk_is_one_error(tmp_path):
    """A limit on the size of files stands in for the disk."""
    path = tmp_path / "a.txt"
    path.write_text("a b c d\n" * 500_000)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000_000, limits[1]))
    try:
        with path.open() as text, pytest.raises(CorpusError) as failure:
            encode(Sentences(map(str.split, text)), options(tmp_path), ALL)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert str(failure.value).startswith(f"{tmp_path}: the disk is full with ")
    assert str(failure.value).endswith("choose another work_dir")
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]
