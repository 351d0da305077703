"""`w2v classify` and `w2v encode`, as a user runs them."""

import functools
import gzip
import json
import math
import re
import signal
import subprocess
import time

import numpy as np
import pytest
from console import W2V, environment, error_line
from console import inside as w2v

TRAIN = "__label__sea the ship and the wave\n__label__land the tree and the road\n" * 30
TEST = "__label__sea a wave\n__label__land a tree\n__label__sky a cloud\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with labelled texts, a classifier, and vectors."""
    path = tmp_path_factory.mktemp("texts")
    (path / "train.txt").write_text(TRAIN)
    (path / "test.txt").write_text(TEST)
    done = w2v("classify", "train", "train.txt", "-o", "c.model", "--dim", "10", cwd=path)
    assert done.returncode == 0, done.stderr
    assert "60 texts, 2 labels, 10 epochs" in done.stderr.decode()
    (path / "v.txt").write_text("3 2\nship 1 0\nwave 0.5 0.5\ntree 0 1\n")
    return path


def lines(process):
    assert process.returncode == 0, process.stderr.decode()
    return process.stdout.decode().splitlines()


def test_scores_count_labels_that_were_never_seen(folder):
    found = json.loads(w2v("classify", "test", "c.model", "test.txt", "--json", cwd=folder).stdout)
    assert found["texts"] == 3
    assert found["accuracy"] == pytest.approx(2 / 3)
    assert [(label["label"], label["support"]) for label in found["labels"]] == [("land", 1), ("sea", 1), ("sky", 1)]
    table = lines(w2v("classify", "test", "c.model", "test.txt", "--confusion", cwd=folder))
    assert table[1] == "accuracy   0.6667"
    assert table[-4].split() == ["true", "\\", "given", "land", "sea", "sky"]


def test_training_that_diverges_names_options_that_there_are(folder):
    (folder / "far.csv").write_text("text,label\n" + "a b,1\nb c,2\nc d,9\n" * 10)
    train = (
        "classify",
        "train",
        "far.csv",
        "-o",
        "x.model",
        "--task",
        "regression",
        "--hidden",
        "8",
        "--lr",
        "1e30",
        "-q",
    )
    done = w2v(*train, cwd=folder)
    assert done.returncode == 1
    assert done.stderr.decode() == "w2v: error: the loss is no longer a finite number; use a lower --lr\n"


def test_baselines_are_those_of_training(folder):
    (folder / "more-sea.txt").write_text("__label__sea a ship\n" * 3 + "__label__land a tree\n" * 2)
    assert w2v("classify", "train", "more-sea.txt", "-o", "b.model", "-q", cwd=folder).returncode == 0
    (folder / "more-land.txt").write_text("__label__sea a ship\n" + "__label__land a tree\n" * 3)
    found = lines(w2v("classify", "test", "b.model", "more-land.txt", cwd=folder))
    assert "baseline   0.2500  (always the label most frequent in training)" in found
    (folder / "low.csv").write_text("text,label\na,1\nb,2\nc,9\n")
    regression = ("--task", "regression", "-o", "b.model", "-q")
    assert w2v("classify", "train", "low.csv", *regression, cwd=folder).returncode == 0
    (folder / "high.csv").write_text("text,label\na,11\nb,13\n")
    found = lines(w2v("classify", "test", "b.model", "high.csv", cwd=folder))
    assert "baseline                 10.0000  (always the median of training)" in found


def test_labels_are_printed_a_line_for_each_text(folder):
    texts = b"a ship\n\nthe road\n"
    assert lines(w2v("classify", "predict", "c.model", cwd=folder, stdin=texts))[::2] == ["sea", "land"]
    rows = lines(w2v("classify", "predict", "c.model", "-k", "2", "--proba", cwd=folder, stdin=texts))
    label, p, other, q = rows[0].split("\t")
    assert (label, other) == ("sea", "land")
    assert float(p) + float(q) == pytest.approx(1, abs=1e-3)
    found = json.loads(lines(w2v("classify", "predict", "c.model", "--json", cwd=folder, stdin=b"a ship\n"))[0])
    assert found["labels"] == ["sea"]
    (folder / "t.csv").write_text("id,text\n1,a ship\n")
    assert lines(w2v("classify", "predict", "c.model", "t.csv", cwd=folder)) == ["sea"]


def test_contributions_and_the_bias_sum_to_the_score(folder):
    command = ("classify", "explain", "c.model", "the ship", "--label", "sea")
    found = json.loads(w2v(*command, "--json", cwd=folder).stdout)
    other = json.loads(w2v(*command[:-1], "land", "--json", cwd=folder).stdout)
    assert (found["label"], other["label"]) == ("sea", "land")
    contributions = {feature["feature"]: feature["contribution"] for feature in found["contributions"]}
    assert contributions.keys() == {"the", "ship"}
    assert contributions["ship"] > abs(contributions["the"])
    assert sum(contributions.values()) + found["bias"] == pytest.approx(found["score"], rel=1e-4)
    assert found["bias"] != 0
    assert found["output"] == pytest.approx(1 / (1 + math.exp(other["score"] - found["score"])), rel=1e-4)
    table = [line.split() for line in lines(w2v(*command, "-n", "1", cwd=folder))]
    assert table[1:] == [
        ["feature", "contribution"], ["ship", f"{contributions['ship']:+.4f}"],
        ["(bias)", f"{found['bias']:+.4f}"], ["(score)", f"{found['score']:+.4f}"],
    ]  # fmt: skip


def test_contributions_to_a_number_add_up_to_it(folder):
    (folder / "far.csv").write_text("text,label\n" + "good,110\nbad,100\ngood bad,105\n" * 20)
    train = ("classify", "train", "far.csv", "-o", "e.model", "--task", "regression", "-q")
    assert w2v(*train, cwd=folder).returncode == 0
    for options in ((), ("--word-ngrams", "2")):
        assert w2v(*train, *options, cwd=folder).returncode == 0
        found = json.loads(w2v("classify", "explain", "e.model", "good bad", "--json", cwd=folder).stdout)
        total = found["bias"] + sum(feature["contribution"] for feature in found["contributions"])
        assert total == pytest.approx(found["score"], rel=1e-5)
        assert found["score"] == pytest.approx(found["output"], rel=1e-5)
        assert len(found["contributions"]) == 2 + bool(options)
        assert 95 < found["bias"] < 115  # with the mean of the targets


def test_several_labels_and_numbers(folder):
    both = "__label__a __label__b x y\n__label__a x z\n__label__b y z\n" * 20
    done = w2v("classify", "train", "-", "-o", "m.model", "-q", "--epochs", "30", cwd=folder, stdin=both.encode())
    assert done.returncode == 0, done.stderr
    assert set(lines(w2v("classify", "predict", "m.model", cwd=folder, stdin=b"x y\n"))[0].split("\t")) == {"a", "b"}
    rows = "".join(f"{'good ' * n}{'bad ' * (5 - n)},{n}\n" for n in range(6)) * 20
    (folder / "n.csv").write_text(f"text,label\n{rows}")
    options = ("--task", "regression", "--epochs", "60", "--word-dropout", "0", "--hidden", "16", "-q")
    assert w2v("classify", "train", "n.csv", "-o", "n.model", *options, cwd=folder).returncode == 0
    found = json.loads(w2v("classify", "test", "n.model", "n.csv", "--json", cwd=folder).stdout)
    assert found["r2"] > 0.9
    assert len(lines(w2v("classify", "predict", "n.model", cwd=folder, stdin=b"good\nbad\n"))) == 2


@pytest.mark.parametrize(
    ("rows", "task", "message"),
    [
        (["x", 1], "auto", "mixed.jsonl:2: the label 1 must be of the same type as the labels before it"),
        (["x", 1.5], "auto", "mixed.jsonl:1: the target 'x' is no number, but that of mixed.jsonl:2 is"),
        ([1.5, "x"], "auto", "mixed.jsonl:2: the target 'x' is no number, but that of mixed.jsonl:1 is"),
        ([["x", "y"], 1.5], "auto", "mixed.jsonl:1: the target ['x', 'y'] is no number"),
        (["x", ["x", "y"]], "multiclass", "mixed.jsonl:2: has 2 labels; --task multiclass needs one"),
        ([1.5, "x"], "regression", "mixed.jsonl:2: the target 'x' is no finite number"),
    ],
)
def test_targets_that_do_not_fit_are_named_by_their_line(folder, rows, task, message):
    (folder / "mixed.jsonl").write_text("".join(json.dumps({"text": "a b", "label": row}) + "\n" for row in rows))
    done = w2v("classify", "train", "mixed.jsonl", "-o", "x.model", "--task", task, cwd=folder)
    assert done.returncode == 1
    assert message in error_line(done)


def test_whole_numbers_and_booleans_of_json_are_labels(folder):
    for values in ([0, 1], [False, True]):
        rows = [{"text": text, "label": value} for text, value in zip(["ship", "tree"], values, strict=True)] * 20
        (folder / "whole.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        assert w2v("classify", "train", "whole.jsonl", "-o", "i.model", "-q", cwd=folder).returncode == 0
        found = lines(w2v("classify", "predict", "i.model", cwd=folder, stdin=b"ship\ntree\n"))
        assert found == [str(value) for value in values]
        tested = json.loads(w2v("classify", "test", "i.model", "whole.jsonl", "--json", cwd=folder).stdout)
        assert tested["accuracy"] == 1
        assert len(tested["labels"]) == 2
        label = str(values[1])
        explained = w2v("classify", "explain", "i.model", "tree", "--label", label, "--json", cwd=folder)
        assert json.loads(explained.stdout)["label"] == label
        assert f"labels         2: {values[0]}, {values[1]}" in lines(w2v("info", "i.model", cwd=folder))


def test_names_of_fasttext_are_understood(folder):
    command = (
        "classify",
        "train",
        "-input",
        "train.txt",
        "-output",
        "f.model",
        "-epoch",
        "3",
        "-lr",
        "0.1",
        "-dim",
        "5",
    )
    done = w2v(*command, "-wordNgrams", "2", "-minCount", "1", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "3 epochs" in done.stderr.decode()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["classify", "train", "-o", "x.model"], 2, "no data given"),
        (["classify", "train", "empty", "-o", "x.model"], 1, "the data is empty"),
        (["classify", "train", "one", "-o", "x.model"], 2, "there is only one label, 'a'"),
        (["classify", "train", "train.txt", "-o", "train.txt"], 2, "is the data itself"),
        (["classify", "train", "train.txt", "-o", "v.txt"], 1, "holds no classifier"),
        (["classify", "train", "train.txt", "-o", "x.npz"], 2, "x.npz"),
        (["classify", "train", "train.txt", "-o", "x.model", "--hidden", "a,b"], 2, "must be whole numbers"),
        (["classify", "test", "c.model", "missing"], 1, "missing: no such file"),
        (["classify", "test", "v.txt", "test.txt"], 1, "v.txt: is no classifier; 'w2v classify train' writes one"),
        (["classify", "predict", "nothing.model"], 1, "nothing.model: no such file"),
        (["classify", "explain", "c.model", "quite unknown"], 2, "knows no word of this text"),
        (["classify", "explain", "c.model", "ship", "--label", "fire"], 2, "there is no label 'fire'"),
        (["classify", "frobnicate"], 2, "classify"),
        (["predict", "c.model"], 2, "did you mean 'w2v classify predict'?"),
        (["encode", "train.txt", "--vectors", "v.txt", "-o", "x.xyz"], 2, "must end in one of .npz, .npy"),
        (["encode", "train.txt", "--vectors", "v.txt", "--weighting", "sif", "--sif-a", "0.01"], 2, "--weighting sif"),
        (["encode", "missing", "--vectors", "v.txt", "-o", "x.npy"], 1, "missing: no such file"),
        (["encode", "train.txt", "--vectors", "v.txt", "--field", "a"], 2, "train.txt: has no fields"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_line(folder, arguments, code, message):
    (folder / "empty").write_text("\n")
    (folder / "one").write_text("__label__a text\n__label__a more\n")
    done = w2v(*arguments, cwd=folder)
    assert done.returncode == code, done.stderr
    assert message in error_line(done)
    assert not (folder / "x.model").exists()


def test_texts_are_encoded_into_each_format(folder):
    texts = b"ship wave\nnothing known\ntree\n"
    expected = np.array([[0.75, 0.25], [0, 0], [0, 1]], np.float32)
    for name, read in {
        "a.npy": np.load,
        "a.npz": lambda path: np.load(path)["vectors"],
        "a.tsv": lambda path: np.loadtxt(path, delimiter="\t", dtype=np.float32),
    }.items():
        done = w2v("encode", "--vectors", "v.txt", "-o", name, cwd=folder, stdin=texts)
        assert "3 texts, 5 tokens, 40.0% of them unknown" in done.stderr.decode()
        assert "1 text without a known word" in done.stderr.decode()
        np.testing.assert_array_equal(read(folder / name), expected)
    printed = lines(w2v("encode", "--vectors", "v.txt", "-q", cwd=folder, stdin=texts))
    assert [float(value) for value in printed[2].split("\t")] == [0, 1]
    command = ("encode", "-", "--vectors", "v.txt", "--weighting", "idf", "--common-component", "-o", "b.npy")
    done = w2v(*command, cwd=folder, stdin=texts)
    assert done.returncode == 0, done.stderr
    found = np.load(folder / "b.npy")
    assert found.shape == (3, 2)
    assert np.linalg.matrix_rank(found, tol=1e-5) == 1  # a direction was taken off


def test_an_error_in_standard_input_that_is_read_twice_names_it(folder):
    for weighting in ("idf", "mean"):
        command = ("encode", "-", "--vectors", "v.txt", "--weighting", weighting, "-o", "b.npy")
        done = w2v(*command, cwd=folder, stdin=b"sea\n\xff")
        assert error_line(done).startswith("standard input:2: not UTF-8")


def test_parquet_is_written_where_pyarrow_is(folder):
    from pyarrow import parquet

    done = w2v("encode", "--vectors", "v.txt", "-o", "a.parquet", cwd=folder, stdin=b"ship\ntree\n")
    assert done.returncode == 0, done.stderr
    assert parquet.read_table(folder / "a.parquet")["vector"].to_pylist() == [[1, 0], [0, 1]]


def test_info_describes_a_classifier(folder):
    found = json.loads(w2v("info", "c.model", "--json", cwd=folder).stdout)
    assert (found["task"], found["labels"], found["dim"], found["texts"]) == ("multiclass", ["land", "sea"], 10, 60)
    assert found["layers"] == [found["words"], 2]
    assert found["ngrams"] == 0
    assert len(found["losses"]) == 10
    assert "labels         2: land, sea" in lines(w2v("info", "c.model", cwd=folder))


def test_marks_and_columns_can_be_named(folder):
    (folder / "marks.txt").write_text("#sea a wave\n#land a tree\n" * 30)
    options = ("--label-prefix", "#", "--tokens", "words", "--lowercase", "--batch", "8", "--seed", "3", "-q")
    assert w2v("classify", "train", "marks.txt", "-o", "k.model", *options, cwd=folder).returncode == 0
    assert lines(w2v("classify", "predict", "k.model", cwd=folder, stdin=b"A WAVE!\n")) == ["sea"]
    (folder / "t.tsv").write_bytes("kind\tbody\nsea;wet\tla mar caf\u00e9\nland\tel \u00e1rbol\n".encode("latin-1") * 1)
    named = ("--label-column", "kind", "--column", "body", "--label-separator", ";", "--encoding", "latin-1")
    command = ("classify", "train", "t.tsv", "-o", "w.model", "--task", "multilabel", "--encoding-errors", "replace")
    done = w2v(*command, *named, cwd=folder)
    assert "2 texts, 3 labels" in done.stderr.decode()
    found = json.loads(
        w2v("classify", "test", "w.model", "t.tsv", *named, "--threshold", "0", "--json", cwd=folder).stdout
    )
    assert [label["recall"] for label in found["labels"]] == [1, 1, 1]


def test_networks_of_every_shape_learn(folder):
    shape = ("--hidden", "8,4", "--activation", "tanh", "--dropout", "0.1", "--optimizer", "adam", "--word-ngrams", "2")
    more = ("--validation", "0.2", "--patience", "30", "--epochs", "30", "--min-count", "2", "--lr", "0.4", "-q")
    more += ("--weighting", "share")
    done = w2v("classify", "train", "train.txt", "-o", "s.model", *shape, *more, cwd=folder)
    assert done.returncode == 0, done.stderr
    assert json.loads(w2v("classify", "test", "s.model", "train.txt", "--json", cwd=folder).stdout)["accuracy"] == 1
    for choice in ("--freeze", "--fine-tune"):
        done = w2v("classify", "train", "train.txt", "-o", "z.model", "--vectors", "v.txt", choice, "-q", cwd=folder)
        assert done.returncode == 0, done.stderr


def test_the_closest_texts_of_files(folder):
    (folder / "letters.txt").write_text("a tree\nthe ship\tat sea\n\na wave and a ship\n")
    command = ("similar", "--vectors", "v.txt", "--texts", "letters.txt", "-n", "2")
    assert lines(w2v(*command, "ship", cwd=folder)) == ["1.0000\tthe ship at sea", "0.9487\ta wave and a ship"]
    found = json.loads(w2v(*command, "ship", "wave", "--json", cwd=folder).stdout)
    assert [(text["text"], text["number"]) for text in found] == [("a wave and a ship", 4), ("the ship\tat sea", 2)]
    done = w2v(*command, cwd=folder, stdin=b"tree\nnothing\n")
    assert done.stdout == b"tree\t1.0000\ta tree\ntree\t0.3162\ta wave and a ship\n"
    assert done.stderr.endswith(
        b"line 2: the vectors know no word of 'nothing'\nw2v: error: 1 of 2 queries could not be answered\n"
    )
    (folder / "letters.tsv").write_text("id\tbody\n1\ta tree\n2\tthe tree and the ship\n")
    table = ("similar", "--vectors", "v.txt", "--texts", "letters.tsv", "--text-column", "body", "--weighting", "idf")
    assert lines(w2v(*table, "tree", cwd=folder))[0] == "1.0000\ta tree"
    assert lines(w2v(*command[:3], "--texts", "-", "tree", cwd=folder, stdin=b"a tree\n")) == ["1.0000\ta tree"]


def test_fields_are_named_as_for_training(folder):
    (folder / "posts.jsonl").write_text(
        '{"title": "ship", "post": {"text": "wave"}, "mark": "sea"}\n'
        '{"title": "tree", "post": {"text": ""}, "mark": "land"}\n'
    )
    joined = {}
    for name, options in {
        "one": ["--field", "title"], "both": ["--field", "title", "--column", "post.text"],
        "older": ["--text-column", "title"],
    }.items():  # fmt: skip
        done = w2v("encode", "posts.jsonl", "--vectors", "v.txt", "-o", f"{name}.npy", *options, cwd=folder)
        assert done.returncode == 0, done.stderr
        joined[name] = np.load(folder / f"{name}.npy").tolist()
    assert joined["one"] == joined["older"] == [[1, 0], [0, 1]]
    assert joined["both"] == [[0.75, 0.25], [0, 1]]
    (folder / "only.tsv").write_text("label\tbody\nsea\tship\nland\ttree\n" * 1)
    train = ("classify", "train", "only.tsv", "-o", "only.model", "-q")  # the only column with text besides the label
    assert w2v(*train, cwd=folder).returncode == 0
    error = error_line(w2v("encode", "posts.jsonl", "--vectors", "v.txt", cwd=folder))
    assert error == (
        "posts.jsonl: has no field text, but others: title, mark; choose those with text, as in --field title"
    )
    error = error_line(w2v("encode", "posts.jsonl", "--vectors", "v.txt", "--field", "post", cwd=folder))
    assert error.startswith("posts.jsonl:1: post must be a text, not {'text': 'wave'}; name a field in it: text")


def test_how_text_is_cut_can_be_said(folder):
    (folder / "shouts.txt").write_text("A SHIP! at sea\na tree.\n")
    texts = ("--texts", "shouts.txt", "--vectors", "v.txt", "-n", "1", "ship")
    assert "knows" not in lines(w2v("similar", *texts, "--tokens", "words", cwd=folder))[0]
    error = error_line(w2v("similar", *texts, "--tokens", "whitespace", "--no-lowercase", cwd=folder))
    assert error == "shouts.txt: no text has a word that the vectors know; see --tokens"
    for cut in (("--tokens", "words"), ("--tokens", "whitespace", "--lowercase")):
        assert w2v("encode", "shouts.txt", "--vectors", "v.txt", "-o", "s.npy", *cut, cwd=folder).returncode == 0
        found = np.load(folder / "s.npy")
        assert found[1].any() == ("words" in cut)  # the tree ends with a full stop
        assert found[0].any() == ("words" in cut)


@pytest.mark.parametrize(
    "arguments, message",
    [
        (("nothing", "--texts", "letters.txt"), "the vectors know no word of 'nothing'"),
        (("--texts", "-"), "standard input can't hold both the texts and the queries"),
        (("ship", "--texts", "missing.txt"), "missing.txt: no such file"),
        (("ship", "--texts", "-", "--weighting", "idf"), "reads the texts twice"),
        (("ship", "--texts", "letters.txt", "-n", "0"), "must be at least 1, not 0"),
    ],
)
def test_wrong_queries_for_texts_are_one_line(folder, arguments, message):
    (folder / "letters.txt").write_text("a tree\n")
    assert message in error_line(w2v("similar", "--vectors", "v.txt", *arguments, cwd=folder))


def test_losses_are_logged_and_plotted(folder):
    train = ("classify", "train", "train.txt", "-o", "logged.model", "--epochs", "3", "-q", "--log", "log.jsonl")
    assert lines(w2v(*train, "--validation", "0.2", cwd=folder)) == []
    entries = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    validated = [entry for entry in entries if "validation_loss" in entry]
    assert [entry["epoch"] for entry in validated] == [1, 2, 3]
    assert validated[2]["validation_loss"] < validated[0]["validation_loss"]
    assert {entry["objective"] for entry in entries} == {"classify multiclass"}
    assert max(entry["lr"] for entry in entries) == 0.5
    assert w2v("plot-training", "log.jsonl", "-o", "log.svg", cwd=folder).returncode == 0
    assert ">validation</text>" in (folder / "log.svg").read_text()
    (folder / "numbers.txt").write_text("__label__1 one\n__label__2 two\n" * 10)
    numbers = ("classify", "train", "numbers.txt", "--task", "regression", "-o", "n.model", "-q", "--log", "n.jsonl")
    assert w2v(*numbers, cwd=folder).returncode == 0
    assert w2v("plot-training", "n.jsonl", "-o", "n.svg", cwd=folder).returncode == 0
    assert "squared error" in (folder / "n.svg").read_text()
    assert w2v(*train, cwd=folder).returncode == 0
    assert "validation_loss" not in (folder / "log.jsonl").read_text()


@pytest.mark.parametrize(
    "name, marks",
    [("c.svg", [">sea</text>", ">&lt;b&gt;</text>"]),
     ("c.html", ['<th scope=row>sea</th><td class="s0"', "<th scope=row>&lt;b&gt;</th>"])],
)  # fmt: skip
def test_a_confusion_matrix_is_drawn(folder, name, marks):
    (folder / "marked.txt").write_text(TEST.replace("sky", "<b>"))
    done = w2v("classify", "test", "c.model", "marked.txt", "-o", name, cwd=folder)
    assert done.returncode == 0, done.stderr
    assert done.stderr.decode() == f"w2v: saved the confusion matrix of 3 texts to {name}\n"
    content = (folder / name).read_text()
    assert all(mark in content for mark in marks)
    assert "<b>" not in content


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["test.txt", "-o", "c.gif"], "the name must end in one of .html, .png, .svg, .pdf"),
        (["test.txt", "-o", "test.txt"], "the name must end in"),
        (["test.txt", "-o", "c.html", "--dpi", "50"], "--dpi is for images"),
        (["numbers.txt", "-o", "c.html"], "only a classifier with one label for each text"),
    ],
)
def test_confusion_matrices_that_cannot_be_drawn(folder, arguments, message):
    (folder / "numbers.txt").write_text("__label__1 one\n__label__2 two\n" * 10)
    w2v("classify", "train", "numbers.txt", "--task", "regression", "-o", "n.model", "-q", cwd=folder)
    model = "n.model" if "numbers.txt" in arguments else "c.model"
    assert message in error_line(w2v("classify", "test", model, *arguments, cwd=folder))


def test_fasttext_spellings_are_understood(folder):
    old = ("-input", "train.txt", "-output", "f.model", "-lr", "0.5", "-epoch", "4", "-wordNgrams", "2", "-dim", "8")
    more = ("-minCount", "1", "-loss", "softmax", "-bucket", "2000000", "-thread", "2", "-label", "__label__")
    for command in (("supervised",), ("classify", "train")):
        done = w2v(*command, *old, *more, cwd=folder)
        assert done.returncode == 0, done.stderr
        assert b"60 texts, 2 labels, 4 epochs" in done.stderr
        assert b"changes nothing" not in done.stderr
    assert json.loads(w2v("info", "f.model", "--json", cwd=folder).stdout)["dim"] == 8
    done = w2v("supervised", *old, "-ws", "9", "-neg", "3", cwd=folder)
    assert (
        b"note: these change nothing here: -ws 9 (texts have no windows), -neg 3 (all labels are scored)" in done.stderr
    )
    assert w2v("supervised", *old, "-loss", "ova", cwd=folder).returncode == 0
    assert json.loads(w2v("info", "f.model", "--json", cwd=folder).stdout)["task"] == "multilabel"
    assert "subwords" in error_line(w2v("supervised", *old, "-maxn", "3", cwd=folder))


def test_ctrl_c_keeps_the_best_epoch_so_far(folder):
    (folder / "kept.model").unlink(missing_ok=True)
    train = ["classify", "train", "train.txt", "-o", "kept.model", "--epochs", "10000000", "--patience", "10000000"]
    with subprocess.Popen(
        [*W2V, *train, "--validation", "0.2", "--log", "kept.jsonl"], cwd=folder, stderr=subprocess.PIPE,
        env=environment(), preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:  # fmt: skip
        while not (folder / "kept.jsonl").exists() or not (folder / "kept.jsonl").stat().st_size:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    told = errors.decode().splitlines()
    assert told[-1] == "w2v: interrupted"
    assert re.fullmatch(r"w2v: saved the best of \d+ epochs? to kept.model", told[-2])
    assert lines(w2v("classify", "predict", "kept.model", cwd=folder, stdin=b"a ship\n")) == ["sea"]


def test_a_label_is_printed_before_the_next_line_comes(folder):
    with subprocess.Popen(
        [*W2V, "classify", "predict", "c.model"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env=environment(),
    ) as process:  # fmt: skip
        for text, label in ((b"a ship\n", b"sea\n"), (b"a tree\n", b"land\n")):
            process.stdin.write(text)
            process.stdin.flush()
            assert process.stdout.readline() == label
        process.stdin.close()
    assert process.returncode == 0


@pytest.mark.parametrize("name", ["v.npz", "notes.tsv", "c.model", "notes.txt"])
def test_vectors_of_texts_replace_only_such(folder, name):
    w2v("convert", "v.txt", "v.npz", "-q", cwd=folder)
    (folder / "notes.tsv").write_text("name\tvalue\n")
    (folder / "notes.txt").write_text("0.1\t0.2\n")
    before = (folder / name).read_bytes()
    assert w2v("encode", "test.txt", "--vectors", "v.txt", "-o", name, "-q", cwd=folder).returncode != 0
    assert (folder / name).read_bytes() == before


@pytest.mark.parametrize("ending", ["npz", "npy", "tsv"])
def test_vectors_of_texts_are_replaced_by_others(folder, ending):
    for vectors in ("v.txt", "v.npz"):
        w2v("convert", "v.txt", "v.npz", "-q", cwd=folder)
        done = w2v("encode", "test.txt", "--vectors", vectors, "-o", f"again.{ending}", "-q", cwd=folder)
        assert done.returncode == 0, done.stderr
    error = error_line(w2v("encode", "test.txt", "--vectors", "v.npz", "-o", "v.npz", "-q", cwd=folder))
    assert error == "--output v.npz: is the file of word vectors itself; choose another name"


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["predict", "c.model", "test.txt", "--threshold", "nan"], "--threshold must be from 0 to 1"),
        (["predict", "n.model", "test.txt", "--proba"], "predicts numbers, not labels"),
        (["train", "rows.csv", "-o", "r.model"], r"rows.csv:2: the label 'a\nb' has line breaks"),
        (
            ["train", "rows.jsonl", "-o", "r.model"],
            "rows.jsonl:1: the column label has no label; remove the row, or use",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(folder, arguments, message):
    (folder / "numbers.txt").write_text("__label__1 one\n__label__2 two\n" * 10)
    w2v("classify", "train", "numbers.txt", "--task", "regression", "-o", "n.model", "-q", cwd=folder)
    (folder / "rows.csv").write_text('text,label\none,"a\nb"\n')
    (folder / "rows.jsonl").write_text('{"text": "one", "label": []}\n')
    assert message in error_line(w2v("classify", *arguments, cwd=folder))


@pytest.mark.parametrize(
    "options, message",
    [
        (["--texts", "unknown.txt"], "unknown.txt: no text has a word that the vectors know"),
        (["--texts", "unknown.txt", "--counts"], "--counts is about words, and --texts lists texts"),
    ],
)
def test_texts_without_a_known_word_are_told(folder, options, message):
    (folder / "unknown.txt").write_text("nothing here\n")
    assert message in error_line(w2v("similar", "ship", "--vectors", "v.txt", *options, cwd=folder))


def test_encoding_nothing_is_told(folder):
    encode = ("encode", "--vectors", "v.txt", "-o", "none.npy")
    assert error_line(w2v(*encode, cwd=folder)) == (
        "standard input: no text was read; give a text in each line, or a table with a row for each"
    )
    assert not (folder / "none.npy").exists()
    (folder / "none.csv").write_text("text\n")
    assert error_line(w2v(*encode, "none.csv", "-q", cwd=folder)).startswith("none.csv: no text was read;")
    done = w2v(*encode, cwd=folder, stdin=b"nothing here\n\n")
    assert done.returncode == 0
    assert np.load(folder / "none.npy").tolist() == [[0, 0], [0, 0]]
    assert b"2 texts, 2 tokens, 100.0% of them unknown" in done.stderr
    assert b"note: no text has a word that the vectors know, so that all vectors are zeros; see --tokens" in done.stderr
    assert b"1 text, 0 tokens\n" in w2v(*encode, cwd=folder, stdin=b"\n").stderr


def test_standard_input_and_any_name_can_be_a_table(folder):
    rows = b"id,text,label\n1,a ship,sea\n2,a tree,land\n"
    assert lines(w2v("classify", "predict", "c.model", "--format", "csv", cwd=folder, stdin=rows)) == ["sea", "land"]
    train = ("classify", "train", "-", "--format", "csv", "-o", "stdin.model", "-q", "--dim", "4")
    assert w2v(*train, cwd=folder, stdin=rows * 1).returncode == 0
    tested = w2v("classify", "test", "stdin.model", "-", "--format", "csv", "--json", cwd=folder, stdin=rows)
    assert json.loads(tested.stdout)["texts"] == 2
    (folder / "table.dat").write_bytes(rows)
    encode = ("encode", "--vectors", "v.txt", "--format", "csv", "-o", "table.npy", "-q")
    assert w2v(*encode, "table.dat", cwd=folder).returncode == 0
    assert np.load(folder / "table.npy").tolist() == [[1, 0], [0, 1]]
    found = lines(w2v("similar", "ship", "--vectors", "v.txt", "--texts", "table.dat", "--format", "csv", cwd=folder))
    assert found[0] == "1.0000\ta ship"
    error = error_line(w2v("encode", "--vectors", "v.txt", "--text-column", "body", cwd=folder, stdin=rows))
    assert error.startswith(
        "standard input: has no fields; name a .tsv, .csv or .json file, say what it is with --format"
    )


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_json_on_standard_input_is_recognised(folder, compress):
    rows = compress(b'{"id": "a tree", "text": "a ship"}\n{"id": "a ship", "text": "a tree"}\n')
    run = functools.partial(subprocess.run, cwd=folder, input=rows, capture_output=True, env=environment(), check=True)
    run([*W2V, "encode", "--vectors", "v.txt", "-o", "json.npy"])
    assert np.load(folder / "json.npy").tolist() == [[1, 0], [0, 1]]
    assert run([*W2V, "classify", "predict", "c.model", "--column", "id"]).stdout == b"land\nsea\n"


def test_the_commands_below_a_word_are_listed(folder):
    for rest in ((), ("--help",), ("-h",)):
        shown = lines(w2v("classify", *rest, cwd=folder))
        assert shown[0] == "Usage: w2v classify COMMAND [OPTIONS]"
        assert [line.split("  ")[1] for line in shown[3:]] == [
            f"classify {name}" for name in ("train", "test", "predict", "explain")
        ]


def test_texts_may_have_no_label_where_they_may_have_several(folder):
    (folder / "several.txt").write_text("__label__a one two\n__label__a __label__b two\nneither\n" * 10)
    assert (
        w2v("classify", "train", "several.txt", "-o", "s.model", "-q", "--task", "multilabel", cwd=folder).returncode
        == 0
    )
    assert json.loads(w2v("classify", "test", "s.model", "several.txt", "--json", cwd=folder).stdout)["texts"] == 30


def test_a_classifier_has_no_vectors(folder):
    assert "c.model: is a classifier" in error_line(w2v("similar", "ship", "--vectors", "c.model", cwd=folder))


def test_bad_records_can_be_skipped_and_are_counted(folder):
    rows = TRAIN + "no label here\n__label__sea\n"
    (folder / "bad.txt").write_text(rows)
    train = ("classify", "train", "-o", "skipped.model", "--dim", "4", "--epochs", "1")
    assert "bad.txt:61: has no label" in error_line(w2v(*train, "bad.txt", cwd=folder))
    done = w2v(*train, "bad.txt", "--skip-bad-records", cwd=folder)
    assert b"note: skipped 2 bad records, the first at bad.txt:61: has no label" in done.stderr
    assert b"60 texts, 2 labels" in done.stderr
    (folder / "bad.json").write_text('[{"text": "a ship", "label": "sea"},\n {"text": 5, "label": "sea"}]')
    tested = w2v("classify", "test", "skipped.model", "bad.json", "--skip-bad-records", "--json", cwd=folder)
    assert json.loads(tested.stdout)["texts"] == 1
    assert b"note: skipped 1 bad record, the first at bad.json:2: text must be a text, not 5" in tested.stderr


def test_tables_with_semicolons_and_arrays_are_read(folder):
    (folder / "semicolons.csv").write_text('text;label\n"a ship ; at sea";sea\n')
    (folder / "array.json").write_text('[{"text": "a ship"}, {"text": "a tree"}]')
    assert lines(w2v("classify", "predict", "c.model", "semicolons.csv", "array.json", cwd=folder)) == [
        "sea",
        "sea",
        "land",
    ]
