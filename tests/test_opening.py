"""The first sentences as training sees them: `w2v vocab --show-text`."""

import numpy as np
import pytest
from console import error_line
from console import inside as w2v
from hypothesis import given, settings
from hypothesis import strategies as st

from w2v.corpus import encode, first_sentences, opening
from w2v.errors import CorpusError
from w2v.options import CorpusOptions, VocabularyOptions

OPTIONS = [
    {},
    {"tokens": "words"},
    {"tokens": r"[a-z]+|é"},
    {"lowercase": True, "language": "tr"},
    {"sentence_unit": "paragraph"},
    {"sentence_unit": "document"},
]
texts = st.lists(st.sampled_from(["a rose", "Is", "it", "E\u0301", "é", "I", " ", "\n", "\n\n", "\r", "x" * 20])).map(
    "".join
)


def trained_on(place, options):
    """Return the sentences that training would read."""
    with encode(place, options, VocabularyOptions(min_count=1)) as encoded:
        blocks = [encoded.read(i, np.empty(encoded.max_block_ids, np.int32)).copy() for i in range(encoded.n_blocks)]
    words = encoded.vocabulary.words
    lines = " ".join("\n" if i < 0 else words[i] for i in np.concatenate(blocks)).split("\n")
    return [line.split() for line in lines if line.strip()]


@settings(deadline=None)
@given(texts, st.sampled_from(OPTIONS), st.integers(8, 40))
def test_what_is_shown_is_what_training_reads(tmp_path_factory, text, given_options, block_bytes):
    options = CorpusOptions(**given_options)
    path = tmp_path_factory.mktemp("text") / "a.txt"
    path.write_text(f"rose is\n{text}\nit is\n", encoding="utf-8", newline="")
    expected = trained_on(path, options)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "_BLOCK_BYTES", block_bytes)
        assert first_sentences(path, options, 10**9) == expected
        assert first_sentences(path, options, 1) == expected[:1]


def test_the_command(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "A rose, is\\na rose."}\n{"text": "It is"}\n{"text": "late"}\n')
    found = w2v("vocab", "-q", "a.jsonl", "--tokens", "words", "--show-text", "3", cwd=tmp_path)
    assert found.stdout == b"a rose is\na rose\nit is\n"
    assert w2v("vocab", "-q", "a.jsonl", "--show-text=9", "-o", "shown", cwd=tmp_path).returncode == 0
    assert (tmp_path / "shown").read_text() == "A rose, is\na rose.\nIt is\nlate\n"
    assert error_line(w2v("vocab", "a.jsonl", "--show-text", "0", cwd=tmp_path)).startswith(
        "invalid value for '--show-text'"
    )
    (tmp_path / "b.txt").write_text("...\n")
    assert "no token was found in b.txt" in error_line(
        w2v("vocab", "b.txt", "--tokens=words", "--show-text=1", cwd=tmp_path)
    )


def test_notes_tell_what_was_left_out(tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("a rose\n")
    (tmp_path / "texts" / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    found = w2v("vocab", "texts", "--show-text", "5", cwd=tmp_path)
    assert found.stdout == b"a rose\n"
    assert b"note: left out texts/b.png, which is an image, not text" in found.stderr


def test_text_that_cannot_be_read_is_refused(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"a rose\ncaf\xe9\n")
    with pytest.raises(CorpusError, match=r"a.txt:2: not UTF-8"):
        first_sentences(tmp_path / "a.txt", CorpusOptions(), 1)
