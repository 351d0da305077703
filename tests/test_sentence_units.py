"""What a sentence is: a line, a paragraph or a document, against a few lines of Python that split the same text."""

import numpy as np
import pytest
from console import inside as w2v
from fuzzed_scanner import sentences_of_text
from hypothesis import given, settings
from hypothesis import strategies as st

from w2v.corpus import BlockSizes, encode
from w2v.errors import CorpusError
from w2v.options import CorpusOptions, VocabularyOptions
from w2v.options.corpus import SENTENCE_UNITS
from w2v.phrases import NumberedText
from w2v.tokens.scanner import SENTENCE_END
from w2v.training.checkpoint import Checkpoint

ALL = VocabularyOptions(min_count=1)


def expected_of(texts, unit):
    return [sentence for text in texts for sentence in sentences_of_text(text, unit) if sentence]


def files(folder, texts):
    for number, text in enumerate(texts):
        (folder / f"{number:02}").write_bytes(text.encode())
    return folder


def sentences_of(corpus):
    """Return the sentences of an encoded corpus, as many as its blocks make of them."""
    buffer = np.empty(corpus.max_block_ids, np.int32)
    words = corpus.vocabulary.words
    found = [[]]
    for block in range(corpus.n_blocks):
        for i in corpus.read(block, buffer):
            found[-1].append(words[i]) if i != SENTENCE_END else found.append([])
    assert found.pop() == []
    return found


def sentences_of_numbered(text):
    """Return the sentences of a text as phrases see it: those cut by blocks are whole."""
    words = text.table.words(np.ones(len(text.table), np.bool_))
    ids = []
    for place, n, _ in text.blocks:
        block = np.empty(n, np.int32)
        text.file.read(place, block)
        ids += block.tolist()
    sentences = [[]]
    for i in ids:
        sentences[-1].append(words[i]) if i != SENTENCE_END else sentences.append([])
    return [sentence for sentence in sentences if sentence]


contents = st.text(st.sampled_from("aab  \t\n\n\n\r\r\v\f\x1c\x85\u2028\u2029\u3000\ufeffé漢"), max_size=60)


@settings(deadline=None, max_examples=300)
@given(
    st.lists(contents, min_size=1, max_size=4),
    st.sampled_from(SENTENCE_UNITS),
    st.sampled_from([1, 2, 3, 5, 9, 20, 1 << 20]),
    st.sampled_from(["whitespace", "words"]),
    st.sampled_from(["strict", "replace", "ignore"]),
)
def test_sentences_are_those_of_a_few_lines_of_python(tmp_path_factory, texts, unit, text_bytes, tokens, errors):
    folder = files(tmp_path_factory.mktemp("texts"), texts)
    options = CorpusOptions(sentence_unit=unit, threads=2, tokens=tokens, encoding_errors=errors)
    expected = expected_of(texts, unit)
    if not expected:
        with pytest.raises(CorpusError, match="no token"):
            NumberedText.read_from(folder, options)
        return
    with NumberedText.read_from(folder, options, text_bytes=text_bytes) as text:
        assert sentences_of_numbered(text) == expected
        assert text.longest_sentence == max(map(len, expected))
    if len({token for sentence in expected for token in sentence}) > 1:
        with encode(folder, options, ALL) as corpus:
            assert sentences_of(corpus) == expected
            assert corpus.longest_sentence == max(map(len, expected))


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.lists(st.sampled_from([b"a", b" ", b"\n", b"\r\n", b"\xff", b"\0", b"\xc3", b"\xa9", b"b"])), max_size=3
    ),
    st.sampled_from(SENTENCE_UNITS),
    st.sampled_from(["replace", "ignore"]),
    st.sampled_from([1, 4, 1 << 20]),
)
def test_wrong_bytes_move_no_sentence(tmp_path_factory, parts, unit, errors, text_bytes):
    folder = tmp_path_factory.mktemp("texts")
    texts = []
    for number, pieces in enumerate([[b"a x "], *parts]):
        data = b"x" * 50 + b" " + b"".join(pieces)  # so that few zero bytes are stray
        (folder / f"{number:02}").write_bytes(data)
        texts.append(data.decode(errors=errors).replace("\0", "\ufffd" if errors == "replace" else ""))
    options = CorpusOptions(sentence_unit=unit, threads=2, encoding_errors=errors)
    kept = [path for path in folder.iterdir() if path.read_bytes().count(0) <= 1]
    if len(kept) < len(texts):
        return
    with NumberedText.read_from(folder, options, text_bytes=text_bytes) as text:
        assert sentences_of_numbered(text) == expected_of(texts, unit)


@pytest.mark.parametrize("unit, sentences", [("line", 5), ("paragraph", 3), ("document", 1)])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\u2028", "\x85"])
def test_every_line_end_is_one_in_every_unit(tmp_path, unit, sentences, line_end):
    lines = ["the cat", "sat on", "", "the mat", "  ", "", "and slept", "well"]
    (tmp_path / "a.txt").write_bytes(line_end.join(lines).encode())
    with encode(tmp_path / "a.txt", CorpusOptions(sentence_unit=unit), ALL) as corpus:
        assert len(sentences_of(corpus)) == sentences
        assert corpus.total_tokens == 9


def test_a_file_ends_a_sentence_in_every_unit(tmp_path):
    for unit in SENTENCE_UNITS:
        folder = tmp_path / unit
        folder.mkdir()
        for name, text in {"a": "a b", "b": "c d\n", "c": "", "d": "e"}.items():
            (folder / name).write_text(text)
        for text_bytes in (1, 2, 3, 4, 5, 1 << 20):
            with encode(folder, CorpusOptions(sentence_unit=unit), ALL, sizes=BlockSizes(text_bytes)) as corpus:
                assert [token for tokens in sentences_of(corpus) for token in tokens] == ["a", "b", "c", "d", "e"]
            options = CorpusOptions(sentence_unit=unit)
            with NumberedText.read_from(folder, options, text_bytes=text_bytes) as text:
                assert sentences_of_numbered(text) == [["a", "b"], ["c", "d"], ["e"]]


def test_long_paragraphs_are_split(tmp_path):
    (tmp_path / "a.txt").write_text("a b c\nd e\n\nf\n")
    options = CorpusOptions(sentence_unit="paragraph", max_sentence=3)
    with encode(tmp_path / "a.txt", options, ALL) as corpus:
        assert sentences_of(corpus) == [["a", "b", "c"], ["d", "e"], ["f"]]


def test_commands_take_the_unit_and_models_keep_it(tmp_path):
    lines = "the king of\nthe land\n\nthe queen of\nthe land\n\n" * 50
    (tmp_path / "a.txt").write_text(lines)
    process = w2v("phrases", "-q", "a.txt", "--sentences", "paragraph", "--min-count", "40", "--threshold", "0.1",
                  cwd=tmp_path)  # fmt: skip
    assert b"of_the\t" in process.stdout
    process = w2v("phrases", "-q", "a.txt", "--min-count", "40", "--threshold", "0.1", cwd=tmp_path)
    assert b"of_the\t" not in process.stdout
    process = w2v(
        "phrases", "-q", "a.txt", "--sentences", "paragraph", "--threshold", "100000", "-o", "-", cwd=tmp_path
    )
    assert process.stdout == b"the king of the land\nthe queen of the land\n" * 50
    train = ("train", "-q", "a.txt", "--threads", "1", "--dim", "5")
    assert w2v(*train, "--sentences", "paragraph", "--save-model", "m", cwd=tmp_path).returncode == 0
    process = w2v(*train, "--save-model", "m", "--resume", cwd=tmp_path)
    assert process.stderr.startswith(b"w2v: error: m: can't resume, since --sentences was paragraph and is line now")
    assert w2v(*train, "--init", "m", "--save-model", "n", "-o", "w.txt", cwd=tmp_path).returncode == 0
    told = w2v("train", "a.txt", "--sentences", "paragraf", cwd=tmp_path)
    assert b"'paragraf' is not one of 'line', 'paragraph', 'document'" in told.stderr
    counts = w2v("vocab", "-q", "a.txt", cwd=tmp_path).stdout
    assert w2v("vocab", "-q", "a.txt", "--sentences", "document", cwd=tmp_path).stdout == counts
    assert Checkpoint.open(tmp_path / "n").options["corpus"]["sentence_unit"] == "paragraph"
