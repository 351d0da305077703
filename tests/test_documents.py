"""Texts as vectors: tokens, weights, the common component, and files of texts."""

import gzip
import io
import re
import tempfile
import zipfile
from collections import Counter
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import w2v
from w2v.corpus import count
from w2v.corpus.sources import Sentences
from w2v.documents import DocumentEncoder, closest_texts, encode_texts
from w2v.documents.bag_counts import document_counts
from w2v.documents.record_files import read_records, read_text_blocks
from w2v.documents.token_rows import TokenRows, joined_lines
from w2v.errors import CorpusError, UsageError, VocabularyError
from w2v.networks import Bags, RowMeans
from w2v.networks.row_sums import RowTable, move_rows, sum_rows
from w2v.options import CorpusOptions, EncodingOptions, VocabularyOptions
from w2v.options.documents import DocumentOptions

LINES = st.lists(st.text(st.sampled_from("ab c\t\n\x01\x85\u2003é\u0301.A'Iıİi"), max_size=12), max_size=8)


def some_vectors(**options):
    random = np.random.default_rng(1)
    return w2v.Vectors(["the", "king", "queen", "rules"], random.normal(size=(4, 3)), **options)


def bags_of(bags, n):
    return [bags.rows[bags.bounds[i] : bags.bounds[i + 1]].tolist() for i in range(n)]


@pytest.mark.parametrize(
    ("rule", "plain"),
    [
        ({}, str.split),
        ({"lowercase": True}, lambda text: text.lower().split()),
        ({"tokens": r"regex:[abI']+"}, partial(re.findall, r"[abI']+")),
        (
            {"tokens": r"regex:a(\w+)", "lowercase": True},
            lambda text: [found.lower() for found in re.findall(r"a(\w+)", text)],
        ),
        ({"tokens": "words"}, None),
        ({"lowercase": True, "language": "tr"}, None),
        ({"tokens": "words", "language": "tr"}, None),
        ({"tokens": r"regex:\w+", "lowercase": True, "language": "az"}, None),
    ],
)
@given(texts=LINES)
@settings(max_examples=40, deadline=None)
def test_texts_have_the_tokens_of_training(rule, plain, texts):
    options = CorpusOptions(**rule)
    rows = TokenRows(options, keeps_new=True)
    bags = rows.bags(joined_lines(texts))
    words = rows.words
    found = [[words[row] for row in bag] for bag in bags_of(bags, len(texts))]
    if plain is not None:
        assert found == [plain(" ".join(text.split())) for text in texts]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "texts.txt"
        path.write_bytes(joined_lines(texts))
        try:
            counted = count(path, options, VocabularyOptions(min_count=1))
            expected = dict(zip(counted.words, counted.counts.tolist(), strict=True))
        except (CorpusError, VocabularyError):  # fewer than two words
            expected = None
    tokens = Counter(token for text in found for token in text)
    if expected is None:
        assert len(tokens) < 2
    else:
        assert tokens == expected


def test_tokens_are_those_that_training_counts(tmp_path):
    text = "The King's crown, caf\u00e9 cafe\u0301!\n\nQueens\u2019 rule."
    path = tmp_path / "text.txt"
    path.write_text(text)
    vectors = w2v.train(str(path), tokens="words", min_count=1, dim=4, epochs=1, progress=False)
    rows = TokenRows(CorpusOptions(tokens="words"), list(vectors.words))
    bags = rows.bags(joined_lines(text.split("\n")))
    assert (bags.rows < rows.known).all()
    counts = np.bincount(bags.rows, minlength=len(vectors))
    assert counts.tolist() == vectors.counts.tolist()


def test_unknown_words_are_forgotten_before_they_fill_the_memory(monkeypatch):
    monkeypatch.setattr("w2v.documents.token_rows._MOST_UNKNOWN", 10)
    rows = TokenRows(CorpusOptions(), ["known"])
    for batch in range(5):
        bags = rows.bags(joined_lines([" ".join(f"w{batch}_{i}" for i in range(20)) + " known"]))
        assert (bags.rows == 0).sum() == 1
        with rows._own_cutter() as cutter:
            assert len(cutter.table) <= 1 + 20 + 20


@given(bags=st.lists(st.lists(st.integers(0, 4), max_size=5), min_size=1, max_size=5), seed=st.integers(0, 999))
@settings(max_examples=50, deadline=None)
def test_sums_of_rows_and_their_moves_are_those_of_the_graph(bags, seed):
    random = np.random.default_rng(seed)
    packed = Bags.of(bags)
    packed = Bags(packed.rows, packed.bounds, random.normal(size=len(packed.rows)).astype(np.float32))
    table = random.normal(size=(5, 3)).astype(np.float32)
    readable = RowMeans(table.copy())
    node = readable(packed)
    sums = np.empty((len(bags), 3), np.float32)
    sum_rows(table, packed.rows, packed.weights, packed.bounds, 0, len(bags), sums)
    np.testing.assert_allclose(sums, node.value, rtol=1e-5, atol=1e-6)
    moves = random.normal(size=sums.shape).astype(np.float32)
    ((_, pull_back),) = node.edges
    expected = table + pull_back(moves)
    for part in range(2):
        move_rows(table, packed.rows, packed.weights, packed.bounds, part, 2, moves)
    np.testing.assert_allclose(table, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("threads", [2, 3])
def test_a_learnt_table_is_the_same_on_any_number_of_threads(threads, monkeypatch):
    monkeypatch.setattr("w2v.networks.row_sums._PAYS", 1)
    random = np.random.default_rng(7)
    bags = Bags.of(random.integers(0, 30, (50, 9)).tolist())
    start, tables = random.normal(size=(30, 5)).astype(np.float32), []
    for number in (1, threads):
        table = RowTable(start.copy(), np.random.default_rng(1), lr=1.0, dropout=0.3, frozen=False, threads=number)
        for step in range(3):
            node = table(bags, training=True)
            node.gradient = node.value * (0.01 * step)
            table.step(0.5)
        tables.append(table.table)
    assert (tables[0] == tables[1]).all()
    assert (tables[0] != start).any(axis=1).all()  # every row was in a bag, and moved


def plain_counts(bags, rows):
    return [sum(row in bag for bag in bags) for row in range(rows)]


@given(bags=st.lists(st.lists(st.integers(0, 5), max_size=6), max_size=5))
@settings(max_examples=50, deadline=None)
def test_bags_that_hold_a_row_are_counted(bags):
    assert document_counts(Bags.of(bags), 4).tolist() == plain_counts(bags, 4)


def test_a_learnt_table_leaves_out_rows_in_training_only():
    table = RowTable(
        np.ones((1, 2), np.float32), np.random.default_rng(1), lr=1.0, dropout=0.5, frozen=False, threads=1
    )
    bags = Bags.of([[0]] * 1000)
    assert (table(bags).value == 1).all()
    found = table(bags, training=True).value
    assert set(np.unique(found)) == {0, 2}
    assert found.mean() == pytest.approx(1, abs=0.1)


def test_the_mean_leaves_out_unknown_words_and_counts_them():
    vectors = some_vectors()
    found, coverage = encode_texts(vectors, ["the king  sings", "", "nobody knows", "king"])
    np.testing.assert_allclose(found[0], vectors.matrix[:2].mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(found[3], vectors["king"], rtol=1e-6)
    assert (found[1:3] == 0).all()
    assert (coverage.texts, coverage.empty, coverage.tokens, coverage.unknown) == (4, 2, 6, 3)


def test_idf_weighs_words_by_how_few_texts_hold_them():
    vectors = some_vectors()
    texts = ["the king", "the queen", "the the rules"]
    found, _ = encode_texts(vectors, texts, DocumentOptions(weighting="idf"))
    idf = 1 + np.log(np.array([4 / 4, 4 / 2, 4 / 2, 4 / 2]))
    weights = np.array([2 * idf[0], 0, 0, idf[3]])
    np.testing.assert_allclose(found[2], weights @ vectors.matrix / weights.sum(), rtol=1e-5)


def test_sif_weighs_by_frequency_and_takes_off_the_common_component():
    vectors = some_vectors(counts=[1000, 10, 5, 1])
    texts = ["the king rules", "the queen rules", "king queen", "the the the"]
    plain, _ = encode_texts(vectors, texts, DocumentOptions(weighting="sif", common_component=False))
    weights = 1e-3 / (1e-3 + np.array([1000, 10, 5, 1]) / 1016)
    np.testing.assert_allclose(plain[2], (weights[1:3] @ vectors.matrix[1:3]) / 2, rtol=1e-5)
    found, _ = encode_texts(vectors, texts, DocumentOptions(weighting="sif"))
    u = np.linalg.svd(plain, full_matrices=False)[2][0]
    np.testing.assert_allclose(found, plain - np.outer(plain @ u, u), atol=1e-6)
    np.testing.assert_allclose(found @ u, 0, atol=1e-6)


def test_sif_without_counts_is_an_error_that_says_what_to_do():
    with pytest.raises(UsageError, match="use a model, or weighting='idf'"):
        DocumentEncoder(some_vectors(), DocumentOptions(weighting="sif"))


@pytest.mark.parametrize("weighting", ["mean", "idf", "sif"])
@given(texts=LINES)
@settings(max_examples=30, deadline=None)
def test_vectors_of_texts_are_never_nan(weighting, texts):
    vectors = w2v.Vectors(["a", "b", "c"], np.eye(3), counts=[3, 2, 0])
    found, coverage = encode_texts(vectors, texts, DocumentOptions(weighting=weighting, common_component=True))
    assert found.shape == (len(texts), 3)
    assert np.isfinite(found).all()
    assert coverage.texts == len(texts)


def test_texts_are_cut_by_the_rule_in_the_metadata():
    sentences = Sentences([["the", "king"]] * 20)
    vectors = w2v.train(sentences, tokens="words", min_count=1, dim=4, epochs=1)
    found, coverage = encode_texts(vectors, ["The KING!"])
    assert coverage.unknown == 0
    np.testing.assert_allclose(found[0], vectors.matrix.mean(axis=0), rtol=1e-5)


@pytest.mark.parametrize("texts", ["one text", 5, ["a", None], ["a", b"b"], ["a", float("nan")]])
def test_texts_of_another_type_are_refused(texts):
    with pytest.raises(UsageError, match="texts"):
        encode_texts(some_vectors(), texts)


# Files of texts


def written(tmp_path, name, content):
    path = tmp_path / name
    data = content if isinstance(content, bytes) else content.encode()
    path.write_bytes(gzip.compress(data, mtime=0) if name.endswith(".gz") else data)
    return str(path)


def zipped(name, content):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(name, content)
    return data.getvalue()


def texts_in(path, *options, **named):
    return b"".join(read_text_blocks([path], *options, **named)).decode().split("\n")[:-1]


@pytest.mark.parametrize(
    ("name", "content", "texts"),
    [
        ("a.txt", "\ufeffone text\r\n\nlast", ["one text ", "", "last"]),
        ("a.tsv", "id\ttext\n1\ta\tb\n", None),
        ("a.tsv", 'id\ttext\n1\ta "quoted" one\n2\t\n', ['a "quoted" one', ""]),
        ("a.csv", '\ufeffid,text\n1,"two\nlines, and a ""quote"""\n', ['two lines, and a "quote"']),
        ("a.jsonl.gz", '{"text": "a", "x": 1}\n\n{"text": "b"}\n', ["a", "b"]),
    ],
)
def test_texts_are_read_from_lines_and_columns(tmp_path, name, content, texts):
    path = written(tmp_path, name, content)
    if texts is None:
        with pytest.raises(CorpusError, match=r"a\.tsv:2: has 3 cells, but the first line names 2"):
            texts_in(path)
        return
    assert texts_in(path, ["text"] if name != "a.txt" else []) == texts


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", 'text\n"open\n', r"a\.csv:2: is not CSV"),
        ("a.jsonl", '{"text": "a"}\n{"text": \n', r"a\.jsonl:2: is not JSON"),
        ("a.jsonl", "[1]\n", r"a\.jsonl:1: must be a JSON object"),
        ("a.jsonl", "[" * 100_000 + "\n", r"a\.jsonl:1: is not JSON"),
        ("a.jsonl", '{"text": 5}\n', r"a\.jsonl:1: text must be a text, not 5"),
        ("a.jsonl", '{"body": "x", "title": "y"}\n', r"a\.jsonl: has no field text, but others: body, title"),
        ("a.txt", b"fine\ncaf\xe9\n", r"a\.txt:2: not UTF-8"),
        ("a.txt.gz", None, r"damaged or cut short"),
    ],
)
def test_bad_files_of_texts_are_one_line(tmp_path, name, content, message):
    if content is None:
        path = tmp_path / name
        path.write_bytes(gzip.compress(b"text\n" * 1000, mtime=0)[:-20])
        path = str(path)
    else:
        path = written(tmp_path, name, content)
    with pytest.raises(CorpusError, match=message) as raised:
        texts_in(path)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "i.bin",
            b"%PDF-1.7\n",
            "is in the format pdf, which only training reads; give a text in each line, or a table; ",
        ),
        ("page.txt.gz", "<!doctype html><p>a rose", "is in the format html, .* or use format='plain' for its lines"),
        ("my play.xml", "<play/>", r"is in the format xml, .*: w2v vocab '.*/my play\.xml' -q show_text=1000"),
        ("dump", "<mediawiki><page/></mediawiki>", "is in the format mediawiki"),
        ("tree.conllu", "1\tthe\tthe\tDET\t_\t_\t2\tdet\t_\t_\n", "is in the format conllu"),
        ("b", zipped("mimetype", b"application/epub+zip"), "is in the format epub"),
        ("t.docx", zipped("[Content_Types].xml", b""), "is in the format docx"),
        ("t.zip", zipped("a.txt", b"a rose"), "is a ZIP archive; unpack it: unzip"),
        ("t.png", b"\x89PNG\r\n\x1a\n\0\0", "is an image, not text"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_files_that_do_not_say_where_a_text_ends_are_refused(tmp_path, name, content, message, encoding):
    path = written(tmp_path, name, content)
    with pytest.raises(CorpusError, match=message) as raised:
        texts_in(path, encoding=EncodingOptions(encoding))
    assert "\n" not in str(raised.value)
    with pytest.raises(CorpusError, match=message):
        list(read_records([path], EncodingOptions(encoding)))


def test_content_says_what_the_name_does_not(tmp_path):
    assert texts_in(written(tmp_path, "a.txt", '{"text": "a rose"}\n{"text": "is"}\n')) == ["a rose", "is"]
    assert texts_in(written(tmp_path, "b.txt", '{"text": "a rose"}\n'), form="plain") == ['{"text": "a rose"}']
    assert texts_in(written(tmp_path, "c.txt", "<!doctype html>\n<p>a rose\n"), form="plain")[1] == "<p>a rose"
    assert texts_in(written(tmp_path, "d.txt", b"BM caf\xe9\n"), encoding=EncodingOptions("latin-1")) == ["BM café"]


def test_other_encodings_and_missing_files(tmp_path):
    path = written(tmp_path, "a.txt", b"caf\xe9\n")
    assert texts_in(path, encoding=EncodingOptions("latin-1")) == ["café"]
    with pytest.raises(CorpusError, match="no such file"):
        list(read_records([str(tmp_path / "missing")]))
    with pytest.raises(UsageError, match="has no fields"):
        texts_in(path, ["text"])


def test_vectors_encode_texts():
    vectors = some_vectors(counts=[1000, 10, 5, 1])
    texts = ["the King", "", "nobody", "queen rules"]
    assert vectors.encode(texts)[0].tolist() == vectors["the"].tolist()
    np.testing.assert_allclose(
        vectors.encode(texts, lowercase=True)[0], vectors[["the", "king"]].mean(axis=0), rtol=1e-6
    )
    found, _ = encode_texts(vectors, texts, DocumentOptions("sif", sif_a=0.1))
    assert (vectors.encode(texts, "sif", sif_a=0.1, threads=1) == found).all()
    assert vectors.encode([]).shape == (0, 3)
    with pytest.raises(UsageError, match="weighting"):
        vectors.encode(texts, "tfidf")


@pytest.mark.parametrize("weighting", ["mean", "idf", "sif"])
def test_any_number_of_threads_gives_the_same_vectors_and_coverage(weighting):
    vectors = some_vectors(counts=[1000, 10, 5, 1])
    random = np.random.default_rng(3)
    texts = [" ".join(random.choice([*vectors.words, "new", "old"], size)) for size in random.integers(0, 9, 20_000)]
    (one, of_one), (three, of_three) = (
        encode_texts(vectors, texts, DocumentOptions(weighting, threads=threads)) for threads in (1, 3)
    )
    assert (one == three).all()
    assert of_one == of_three
    assert of_one.texts == 20_000


@given(seed=st.integers(0, 999), n=st.integers(1, 30))
@settings(max_examples=30, deadline=None)
def test_the_closest_texts_are_those_of_a_full_sort(seed, n):
    random = np.random.default_rng(seed)
    vectors = some_vectors()
    texts = [" ".join(random.choice([*vectors.words, "new"], size)) for size in random.integers(0, 4, 40)]
    blocks = [joined_lines(texts[i : i + 7]) for i in range(0, 40, 7)]
    queries = ["king rules", "nobody", "the"]
    encoder = DocumentEncoder(vectors, DocumentOptions(threads=1 + seed % 2))
    found = closest_texts(encoder, blocks, queries, n)
    matrix = vectors.encode(texts)
    known = np.flatnonzero(matrix.any(axis=1))
    for query, answer in zip(queries, found, strict=True):
        (wanted,) = vectors.encode([query])
        if not wanted.any():
            assert answer is None
            continue
        cosines = matrix[known] @ wanted / np.linalg.norm(matrix[known], axis=1) / np.linalg.norm(wanted)
        assert [text.similarity for text in answer] == pytest.approx(np.sort(cosines)[::-1][:n].tolist(), abs=1e-5)
        assert all(texts[text.number - 1] == text.text for text in answer)
        assert len({text.number for text in answer}) == len(answer)


def test_words_that_no_text_can_hold_as_one_token_shift_no_other():
    words = ["new york", "king", "", "queen", "king\u2003of"]
    vectors = w2v.Vectors(words, np.eye(5))
    found = vectors.encode(["the king", "queen", "new york"])
    assert found.argmax(axis=1)[:2].tolist() == [1, 3]
    assert not found[2].any()


def test_nothing_is_subtracted_from_texts_that_point_one_way():
    vectors = some_vectors(counts=[4, 3, 2, 1])
    for texts in (["the king rules"], ["the", "the the"], ["", "king"]):
        found = vectors.encode(texts, "sif")
        assert found.any()
        assert (found == vectors.encode(texts, "sif", common_component=False)).all()


def test_the_component_is_that_of_all_texts(monkeypatch):
    vectors = some_vectors(counts=[1000, 10, 5, 1])
    random = np.random.default_rng(3)
    texts = [
        " ".join(random.choice(vectors.words[: 2 + i // 5000], 3)) for i in range(10_000)
    ]  # not like the first ones
    plain = vectors.encode(texts, "sif", common_component=False).astype(np.float64)
    u = np.linalg.svd(plain, full_matrices=False)[2][0]
    np.testing.assert_allclose(vectors.encode(texts, "sif"), plain - np.outer(plain @ u, u), atol=1e-6)


@pytest.mark.parametrize("size", [1e-30, 1e30])
def test_the_closest_texts_of_vectors_of_any_length(size):
    vectors = w2v.Vectors(["ship", "tree"], np.array([[size, 0], [size, size]]))
    ((best,),) = closest_texts(DocumentEncoder(vectors), [b"tree\nship\n"], ["ship"], 1)
    assert (best.text, round(best.similarity, 6)) == ("ship", 1)


def test_a_long_line_is_read_in_linear_time(tmp_path):
    path = written(tmp_path, "a.txt", b"word " * 2_000_000 + b"\nlast")
    found = b"".join(read_text_blocks([path]))
    assert found.count(b"word ") == 2_000_000
    assert found.endswith(b"\nlast\n")


def test_texts_are_cleaned_as_the_training_text_was():
    sentences = Sentences([["caf\u00e9", "1984", "the"]] * 20)
    vectors = w2v.train(sentences, strip_accents=True, numbers="NUM", min_count=1, dim=4, epochs=1, threads=1)
    assert set(vectors.words) == {"cafe", "NUM", "the"}
    found, coverage = encode_texts(vectors, ["the\tcaf\u00e9", "42", "1,000 caf\u00e9"])
    assert coverage.unknown == 0
    np.testing.assert_allclose(found[1], vectors["NUM"], rtol=1e-6)
    np.testing.assert_allclose(found[2], vectors[["NUM", "cafe"]].mean(axis=0), rtol=1e-5)
    encoder = DocumentEncoder(vectors)
    (tabbed,) = encoder.encode(["1,000\tcaf\u00e9 \n".encode()])
    np.testing.assert_allclose(tabbed[0], found[2])
