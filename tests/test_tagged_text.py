"""Tokens in lines with columns: CoNLL-U and vertical text."""

import re

import numpy as np
import pytest
from console import inside as w2v
from hypothesis import example, given, settings
from hypothesis import strategies as st

from w2v.corpus.block_reader import BlockReader
from w2v.errors import CorpusError, UsageError
from w2v.options import CorpusOptions
from w2v.readers import tagged_text
from w2v.readers.tagged_lines import TaggedColumns, TakeState, take_columns

FRENCH = """# newdoc id = a
# sent_id = 1
# text = Il va au château
1\tIl\til\tPRON\t_\tCase=Nom\t2\tnsubj\t_\t_
2\tva\taller\tVERB\t_\t_\t0\troot\t_\t_
3-4\tau\t_\t_\t_\t_\t_\t_\t_\t_
3\tà\tà\tADP\t_\t_\t5\tcase\t_\t_
4\tle\tle\tDET\t_\t_\t5\tdet\t_\t_
5\tchâteau\tchâteau\tNOUN\t_\t_\t2\tobl\t_\t_
5.1\tva\taller\tVERB\t_\t_\t_\t_\t_\t_

# newpar
1\t10 000\t10\u00a0000\tNUM\t_\t_\t0\troot\t_\t_
2\tXyz\t_\tX\t_\t_\t1\tdep\t_\t_
3\t_\t_\tPUNCT\t_\t_\t1\tpunct\t_\t_
"""
VERTICAL = """<doc id="1">
<p>
<s>
The\tDT\tthe
<name type="x">
King\tNP\tKing
</name>
slept\tVVD\tsleep
<g/>
.\tSENT\t.
</s>
<s>
Xyz\tNN\t<unknown>
<\tSYM\t<
</s>
</p>
</doc>
"""


def text_of(path, **options):
    return b"".join(
        block.text[: block.length].tobytes() for block in BlockReader(path, options=CorpusOptions(**options))
    ).decode()


def lines_of(path, **options):
    return [line for line in text_of(path, **options).split("\n") if line]


@pytest.mark.parametrize(
    "take, expected",
    [
        ("form", ["Il va au château", "10_000 Xyz _"]),
        ("lemma", ["il aller à le château", "10_000 Xyz _"]),
        ("lemma_upos", ["il_PRON aller_VERB à_ADP le_DET château_NOUN", "10_000_NUM Xyz_X __PUNCT"]),
        ("upos", ["PRON VERB ADP DET NOUN", "NUM X PUNCT"]),
    ],
)
def test_conllu(tmp_path, take, expected):
    path = tmp_path / "a.conllu"
    path.write_text(FRENCH)
    assert lines_of(path, take=take) == expected
    path.write_bytes(FRENCH.replace("\n", "\r\n").encode())
    assert lines_of(path, take=take) == expected
    path.write_text(FRENCH.rstrip("\n"))
    assert lines_of(path, take=take) == expected
    assert len(text_of(path, take=take, sentence_unit="paragraph").split("\n\n")) == 3


@pytest.mark.parametrize(
    "take, expected",
    [
        ("form", ["The King slept .", "Xyz <"]),
        ("lemma", ["the King sleep .", "Xyz <"]),
        ("lemma_upos", ["the_DT King_NP sleep_VVD ._SENT", "Xyz_NN <_SYM"]),
        ("upos", ["DT NP VVD SENT", "NN SYM"]),
    ],
)
def test_vertical_text(tmp_path, take, expected):
    path = tmp_path / "a.vert"
    path.write_text(VERTICAL)
    assert lines_of(path, take=take) == expected
    path.write_text("a\nrose\n\nis\n")
    assert lines_of(path) == ["a rose", "is"]


def test_a_malformed_line_is_named(tmp_path):
    path = tmp_path / "a.conllu"
    lines = FRENCH.split("\n")
    for wrong in ("1\tIl\til", "x\tIl\til\tPRON\t_\t_\t_\t_\t_\t_", "1-\tIl\til\tPRON\t_\t_\t_\t_\t_\t_"):
        path.write_text("\n".join([*lines[:4], wrong, *lines[4:]]))
        with pytest.raises(CorpusError) as failure:
            text_of(path)
        assert str(failure.value).startswith(f"{path}:5: {wrong!r} is no line of CoNLL-U")
        assert lines_of(path, skip_bad_records=True) == ["Il va au château", "10_000 Xyz _"]
    path = tmp_path / "a.vert"
    path.write_text("a\tDT\ta\nrose\tNN\n")
    assert lines_of(path) == ["a rose"]
    with pytest.raises(CorpusError, match=r"a.vert:2: 'rose\\tNN' is no line of vertical text with a lemma"):
        text_of(path, take="lemma")


def test_wrong_bytes_are_named_with_their_line(tmp_path):
    path = tmp_path / "a.conllu"
    path.write_bytes(FRENCH.replace("à\tà", "?\tà").encode("latin-1"))
    with pytest.raises(CorpusError, match=r"a.conllu:3: not UTF-8"):
        text_of(path)
    assert lines_of(path, encoding="latin-1")[0] == "Il va au château"
    assert lines_of(path, encoding_errors="replace")[0] == "Il va au ch\ufffdteau"
    assert lines_of(path, skip_bad_records=True) == []


def test_the_option_on_the_command_line(tmp_path):
    (tmp_path / "a.conllu").write_text(FRENCH)
    found = w2v("vocab", "-q", "a.conllu", "--take", "upos", "--min-count", "2", cwd=tmp_path)
    assert found.returncode == 1  # all but one occur once
    found = w2v("vocab", "-q", "a.conllu", "--take", "lemma", "--min-count", "1", cwd=tmp_path)
    assert "château 1\n" in found.stdout.decode()
    with pytest.raises(UsageError, match="take must be one of form, lemma, lemma_upos, upos, not 'pos'"):
        CorpusOptions(take="pos")


def cell(text):
    """Return a cell as a token, without white space."""
    return "".join("_" if character.isspace() or character <= " " else character for character in text)


def tokens_of(text, take):
    """Return the lines that CoNLL-U stands for: the twin of `take_columns`."""
    lines, sentence, covered = [], [], 0
    for line in text.split("\n"):
        if not line:
            lines, sentence, covered = [*lines, sentence], [], 0
            continue
        if line.startswith("#"):
            continue
        number, form, lemma, upos = line.split("\t")[:4]
        lemma = form if lemma in ("_", "") else lemma
        if "." in number or ("-" in number and take != "form"):
            continue
        if "-" in number:
            covered = int(number.partition("-")[2])
        elif take == "form" and int(number) <= covered:
            continue
        token = {"form": form, "lemma": lemma, "lemma_upos": f"{lemma}_{upos}", "upos": upos}[take]
        if form if take == "form" else lemma if take != "upos" else upos:
            sentence.append(cell(token))
    return [" ".join(tokens) for tokens in [*lines, sentence] if tokens]


COLUMNS = {
    "form": TaggedColumns(1, -1, 1, True),
    "lemma": TaggedColumns(2, -1, 1, True),
    "lemma_upos": TaggedColumns(2, 3, 1, True),
    "upos": TaggedColumns(3, -1, -1, True),
}
cells = st.text(st.sampled_from("ab_-1é王\u00a0\u2003\u3000\u200b\u202f \x1f<>#."), min_size=1, max_size=4).map(
    lambda text: re.sub(r"^\s+|\s+$", "", text) or "_"
)
numbers = st.one_of(
    st.integers(1, 5).map(str), st.tuples(st.integers(1, 5), st.integers(1, 5)).map(lambda two: f"{two[0]}-{two[1]}"),
    st.just("1.1"),
)  # fmt: skip
rows = st.tuples(numbers, cells, cells, cells).map("\t".join)
texts = st.lists(st.one_of(rows, rows, st.just(""), st.just("# text = a\tb"))).map("\n".join)


@settings(deadline=None)
@given(texts, st.sampled_from(sorted(COLUMNS)))
@example("1\ta\u00a0b\t_\tX\n\n\n2-3\tb\t_\t_\n2\tc\tc\tY\n3\td\td\tZ", "form")
def test_the_kernel_takes_what_its_twin_takes(text, take):
    data = text.encode()
    out = np.empty(len(data) + 2, np.uint8)
    padded = np.frombuffer(data + b"\n\n", np.uint8)
    taken = take_columns(padded, len(data), COLUMNS[take], TakeState(), out)
    assert taken.wrong == -1
    found = out[: taken.size].tobytes().decode()
    assert [line for line in found.split("\n") if line] == tokens_of(text, take)


@settings(deadline=None)
@given(texts.filter(bool), st.sampled_from(sorted(COLUMNS)), st.integers(1, 40))
def test_pieces_of_a_file_join(tmp_path_factory, text, take, at_once):
    path = tmp_path_factory.mktemp("tagged") / "a.conllu"
    path.write_bytes(text.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tagged_text, "_AT_ONCE", at_once)
        assert lines_of(path, take=take) == tokens_of(text, take)
