"""Baskets: sets of items, each of which is the context of all others, and how they are read."""

import gzip

import numpy as np
import pytest
from console import inside

import w2v
from w2v.corpus import first_sentences
from w2v.corpus.block_reader import BlockReader
from w2v.corpus.sources import Sentences
from w2v.options import CorpusOptions

OPTIONS = {"text_format": "baskets", "min_count": 1, "sample": 0, "threads": 1, "dim": 8, "epochs": 1}


def read(tmp_path, name, text, **options):
    path = tmp_path / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return first_sentences(path, CorpusOptions(text_format="baskets", **options), 10)


@pytest.mark.parametrize(
    "name, text, field, expected",
    [
        ("a.txt", "3 1 3 2 1\n\n5 6\n", (), [["3", "1", "2"], ["5", "6"]]),
        ("a.txt.gz", "milk,2% bread\n", (), [["milk,2%", "bread"]]),
        ("a.csv", 'whole milk,bread,"ham, sliced"\nbread,,\n', (), [["whole_milk", "bread", "ham,_sliced"], ["bread"]]),
        ("a.tsv", "whole milk\tbread\tbread\n", (), [["whole_milk", "bread"]]),
        ("a.csv", "order,product,n\n1,9,1\n1,8,2\n1,9,3\n2,7,1\n", ("order", "product"), [["9", "8"], ["7"]]),
        ("a.txt", "user\titem\nu\tred tea\nu\tnut\nv\tnut\n", ("user", "item"), [["red_tea", "nut"], ["nut"]]),
        ("a.csv", "u;9\nu;8\nv;9\n", ("1", "2"), [["9", "8"], ["9"]]),
    ],
)  # fmt: skip
def test_baskets_are_read(tmp_path, name, text, field, expected):
    assert read(tmp_path, name, text, field=field) == expected


def test_wrong_columns_are_refused(tmp_path):
    with pytest.raises(w2v.W2VError, match="has no column item"):
        read(tmp_path, "a.csv", "user,product\n1,2\n", field=("user", "item"))
    with pytest.raises(w2v.UsageError, match="must name two columns with text_format='baskets'"):
        read(tmp_path, "a.csv", "user,product\n1,2\n", field=("user",))


@pytest.mark.parametrize(
    "field, text, column",
    [
        (("order", "item"), "order,item\n1,milk\n1,bread\n2,pen\n1,jam\n", "order"),
        (("1", "2"), "9,a\n9,b\n1,milk\n2,pen\n1,jam\n", "column 1"),
    ],
)
def test_rows_of_a_basket_that_are_apart_are_refused(tmp_path, field, text, column):
    with pytest.raises(w2v.W2VError) as failure:
        read(tmp_path, "a.csv", text, field=field)
    assert str(failure.value) == (
        f"{tmp_path / 'a.csv'}:5: basket '1' comes back after others; sort the table by {column}"
    )


@pytest.mark.parametrize(
    "name, text, advice",
    [
        ("a.csv", "order,item\n1,milk\n1,bread\n2,pen\n", "field=order` `field=item"),
        ("a.csv", "order,item\n3,9\n1,8\n2,7\n", "field=order` `field=item"),
        ("a.csv", "1,milk\n2,bread\n2,pen\n1,jam\n", "field=1` `field=2"),
        ("a.csv", "u;tea\nu;nut\nv;tea\nv;jam\n", "field=1` `field=2"),
        ("a.txt", "user\titem\nu\tred tea\nu\tnut\nv\tnut\n", "field=user` `field=item"),
        ("a.txt", "1 9\n1 8\n2 7\n2 9\n", None),  # white space can't be between columns
        ("a.csv", "milk,jam\nmilk,pen\njam,pen\nmilk,tea\n", None),
        ("a.csv", "milk,jam\nmilk,pen,ink\njam,pen\npen,tea\n", None),
        ("a.csv", "3,8\n4,9\n7,3\n8,4\n", None),
        ("a.csv", "\n", None),
    ],
)
def test_a_table_with_a_row_for_each_item_is_noted(tmp_path, name, text, advice):
    path = tmp_path / name
    path.write_text(text)
    reader = BlockReader(path, options=CorpusOptions(text_format="baskets"))
    assert list(reader) or not text.strip()
    noted = reader.problems.notes()
    assert len(noted) == (advice is not None)
    assert advice is None or (noted[0].startswith(f"{path} looks like a table") and noted[0].endswith(f"`{advice}`"))


def test_items_of_sentences_count_once():
    options = CorpusOptions(text_format="baskets")
    assert first_sentences(Sentences([["b", "a,c", "b"]]), options, 1) == [["b", "a,c"]]


@pytest.mark.parametrize(
    "basket", [["red tea", " nut\t\toil", 5], {"red tea", "nut oil", 5}, ("red tea", "nut_oil", "5")]
)
def test_items_of_sentences_may_have_white_space_and_be_sets(basket):
    vectors = w2v.train(sentences=[basket, ["red tea", "jam"]] * 3, **OPTIONS)
    assert sorted(vectors.words) == ["5", "jam", "nut_oil", "red_tea"]


def test_sets_are_read_in_the_same_order_each_time():
    items = [f"i{i}" for i in np.random.default_rng(1).permutation(99).tolist()]
    source = Sentences([set(items), frozenset(items), dict.fromkeys(items).keys()], are_baskets=True)
    assert first_sentences(source, CorpusOptions(text_format="baskets"), 3) == [sorted(items)] * 3


def test_columns_of_baskets_are_read():
    pandas = pytest.importorskip("pandas")
    orders = pandas.DataFrame({"order": [2, 1, 2], "item": ["whole milk", "jam", "bread"]})
    vectors = w2v.train(sentences=orders.groupby("order")["item"].agg(list), **OPTIONS)
    assert sorted(vectors.words) == ["bread", "jam", "whole_milk"]
    vectors = w2v.train(sentences=pandas.Series(["milk jam", "jam"]), **OPTIONS)  # texts are lines
    assert sorted(vectors.words) == ["jam", "milk"]


@pytest.mark.parametrize(
    "basket, message",
    [
        ("milk jam", "is a text, not a list of tokens"),
        ({"milk": 1}, "must be a list of tokens"),
        (["milk", None], "token 2: must be a text, not None"),
        (["milk", " "], "token 2: '' is empty"),
        (np.array(5), "must be a list of tokens"),
    ],
)
def test_other_things_than_baskets_are_refused(basket, message):
    with pytest.raises(w2v.W2VError, match=message):
        w2v.train(sentences=[basket], **OPTIONS)
    with pytest.raises(w2v.W2VError, match="sentence 1: must be a list of tokens"):
        w2v.train(sentences=[{"milk", "jam"}], min_count=1)


BASKETS = [["a", "b", "c", "d", "b"], ["e"], ["a", "e"], [f"i{i}" for i in range(70)]]


@pytest.mark.parametrize("loss", ["ns", "hs", "softmax"])
@pytest.mark.parametrize("model", ["skipgram", "cbow"])
def test_each_pair_is_trained_once(model, loss):
    _, report = w2v.train(sentences=BASKETS, model=model, loss=loss, **OPTIONS, return_report=True)
    sizes = [len(set(basket)) for basket in BASKETS]
    per_item = [size - 1 if model == "skipgram" else size > 1 for size in sizes]
    assert report.predictions == sum(size * n for size, n in zip(sizes, per_item, strict=True))
    assert report.tokens == sum(sizes)


@pytest.mark.parametrize("model", ["skipgram", "cbow"])
def test_a_whole_window_is_a_full_one_that_reaches_everywhere(model):
    options = {**OPTIONS, "text_format": "auto", "model": model}
    texts = [sorted(set(basket)) for basket in BASKETS]
    whole = w2v.train(sentences=texts, window_mode="whole", **options)
    full = w2v.train(sentences=texts, window_mode="full", window=69, max_sentence=1000, **options)
    np.testing.assert_array_equal(whole.matrix, full.matrix)


def test_long_baskets_are_split_and_noted():
    notes = []

    class Notes:
        start = update = finish = staticmethod(lambda *_, **__: None)
        note = staticmethod(notes.append)

    basket = [f"i{i}" for i in range(2500)]
    _, report = w2v.train(sentences=[basket, ["i1", "i2"]], **OPTIONS, return_report=True, progress=Notes())
    assert report.predictions == 2 * 1000 * 999 + 500 * 499 + 2
    assert any("the longest basket has 2,500 tokens; those of more than 1,000 are split" in note for note in notes)
    _, report = w2v.train(sentences=[basket], max_sentence=10, **OPTIONS, return_report=True)
    assert report.predictions == 250 * 90


@pytest.mark.parametrize("model", ["skipgram", "cbow"])
@pytest.mark.parametrize("loss", ["ns", "hs", "softmax"])
def test_items_that_are_bought_together_are_close(model, loss):
    """Items of 5 kinds; all but one of a basket are of one kind, in random order, and any two items can meet."""
    random = np.random.default_rng(1)
    kinds = [[f"k{kind}_{i}" for i in range(50)] for kind in range(5)]
    baskets = []
    for _ in range(4000):
        own = random.choice(kinds[random.integers(5)], random.integers(2, 8), replace=False).tolist()
        baskets.append(random.permutation([*own, f"k{random.integers(5)}_{random.integers(50)}"]).tolist())
    vectors = w2v.train(sentences=baskets, **{**OPTIONS, "epochs": 10, "dim": 16, "model": model, "loss": loss})
    near = [(word, other.word) for word in vectors.words for other in vectors.similar(word, n=9)]
    assert np.mean([one[:2] == other[:2] for one, other in near]) > 0.98


def test_the_command_trains_on_baskets(tmp_path):
    rows = [f"{order},{item}" for order, item in np.random.default_rng(1).integers(0, 20, (500, 2)).tolist()]
    (tmp_path / "orders.csv").write_text(
        "\n".join(["order,item", *sorted(rows, key=lambda row: int(row.split(",")[0]))])
    )
    options = "--format baskets --field order --field item --min-count 1 --threads 1 --window 3 --save-model m.model"
    done = inside("train", "orders.csv", *options.split(), "-o", "v.txt", cwd=tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    assert "note: --window has no effect with --format baskets" in done.stderr.decode()
    done = inside("train", "orders.csv", *options.split(), "--init", "m.model", "-o", "w.txt", "-q", cwd=tmp_path)
    assert done.returncode == 0, done.stderr.decode()
