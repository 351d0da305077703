"""Columns of tables as sentences: those of pandas, polars, pyarrow and Hugging Face datasets.

The last one is a large package: the extra `test` leaves it out, and its tests are skipped where it is not installed.
"""

import numpy as np
import pytest

import w2v
from w2v.corpus.sources import Sentences
from w2v.errors import CorpusError

LISTS, IDS, TEXTS = [["a", "rose"], [], ["is"]], [[7, 8], [9]], ["A rose\nis", "a rose."]


def pandas_column(values):
    return pytest.importorskip("pandas").Series(values)


def polars_column(values):
    return pytest.importorskip("polars").Series(values)


def arrow_column(values):
    return pytest.importorskip("pyarrow").chunked_array([values[:1], values[1:]])


def dataset_column(values):
    return pytest.importorskip("datasets").Dataset.from_dict({"text": values})["text"]


COLUMNS = pytest.mark.parametrize("column", [pandas_column, polars_column, arrow_column, dataset_column])


def lines(sentences):
    return Sentences(sentences).open().readall().decode()


@COLUMNS
def test_columns_of_tokens_and_ids_are_sentences(column):
    assert lines(column(LISTS)) == "a rose\n\nis\n"
    assert lines(column(IDS)) == "7 8\n9\n"
    many = [[f"w{i}", "x"] for i in range(10_000)]
    assert lines(column(many)) == "".join(f"w{i} x\n" for i in range(10_000))


@COLUMNS
def test_texts_of_columns_become_tokens_by_the_rule(column):
    assert lines(column(TEXTS)) == "A rose\nis\n\na rose.\n\n"
    vectors = w2v.train(sentences=column(TEXTS * 10), tokens="words", dim=4, threads=1)
    assert vectors.words == ["a", "rose", "is"]
    phrases = w2v.find_phrases(sentences=column(TEXTS * 10), tokens="words", threshold=0.01)
    assert [phrase.token for phrase in phrases] == ["a_rose"]


@COLUMNS
def test_missing_values_of_columns_are_named_by_their_row(column):
    for values in ([["a"], None], ["a b", None]):
        with pytest.raises(
            CorpusError, match=r"^sentence 2: must be a list of tokens, not (None|nan|<NA>).*; drop missing"
        ):
            lines(column(values))
    with pytest.raises(CorpusError, match=r"^sentence 2, token 2: must be a text, not None; drop missing values"):
        lines(column([["a"], ["b", None]]))
    with pytest.raises(CorpusError, match=r"^sentence 1, token 1: must be a text, not \['a'\] \(list\); each sentence"):
        lines(column([[["a"]]]))


def test_whole_numbers_of_any_kind_are_tokens():
    rows = [[1, 2], (3, "b"), np.array([4, 5], np.int16), [np.uint8(6)]]
    assert lines(iter(rows)) == "1 2\n3 b\n4 5\n6\n"
    assert w2v.train(sentences=([i % 3, i % 2] for i in range(60)), dim=4, threads=1).words == ["0", "1", "2"]


def tables():
    """Yield tables of the packages that are installed."""
    values = {"text": ["a b"]}
    for package, make in (
        ("pandas", lambda module: module.DataFrame(values)),
        ("polars", lambda module: module.DataFrame(values)),
        ("polars", lambda module: module.LazyFrame(values)),
        ("pyarrow", lambda module: module.table(values)),
        ("datasets", lambda module: module.Dataset.from_dict(values)),
        ("datasets", lambda module: module.Dataset.from_dict(values).to_iterable_dataset()),
        ("datasets", lambda module: module.DatasetDict({"train": module.Dataset.from_dict(values)})),
    ):
        yield pytest.param(package, make, id=package)


@pytest.mark.parametrize("package, make", list(tables()))
def test_whole_tables_are_refused(package, make):
    table = make(pytest.importorskip(package))
    with pytest.raises(w2v.UsageError, match=r"sentences can't be a (set of tables|table); pass (a|one of its) column"):
        w2v.train(sentences=table)


def test_baskets_come_from_a_grouped_table():
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame({"order": [1, 1, 2, 2, 2], "item": [5, 6, 5, 7, 5]})
    baskets = table.groupby("order")["item"].agg(list)
    _, report = w2v.train(sentences=baskets, text_format="baskets", min_count=1, sample=0, dim=4, threads=1, epochs=1,
                          return_report=True)  # fmt: skip
    assert report.predictions == 4
