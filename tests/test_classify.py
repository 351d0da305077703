"""Classifiers of texts: features, training, scores, files."""

import json
import math
import pickle
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optional import optional

import w2v
from benchmarks import known_tasks
from w2v.classify import Classifier, ngrams, train_classifier
from w2v.classify.classifier_file import load_classifier, save_classifier
from w2v.classify.features import find_features
from w2v.classify.labelled_texts import read_labelled
from w2v.classify.scores import class_scores, number_scores
from w2v.classify.text_classifier import given_labels
from w2v.documents.token_rows import joined_lines
from w2v.errors import CorpusError, ModelError, OutputError, UsageError, VocabularyError
from w2v.networks import held_out
from w2v.options import CorpusOptions
from w2v.options.classify import ClassifyOptions, LabelledOptions
from w2v.progress import Silent
from w2v.safetensors_file import SafetensorsFile, write_safetensors

metrics = optional("sklearn.metrics", "scikit-learn")  # imported when they are used: they take a second
LABELS = ["sea", "land"]
WORDS = {"sea": ["ship", "wave", "sail"], "land": ["tree", "road", "hill"]}
COMMON = ["the", "of", "and", "saw"]


def examples(n=300, seed=1):
    """Return texts of common words with one word that tells the label, and the labels."""
    random = np.random.default_rng(seed)
    labels = [LABELS[i] for i in random.integers(0, 2, n)]
    texts = [
        " ".join([*random.choice(COMMON, 6), random.choice(WORDS[label]), *random.choice(COMMON, 3)])
        for label in labels
    ]
    return texts, labels


# Features


def plain_features(texts, longest, weighting="tfidf"):
    """Return the weights of each text's features by name, and the names that are kept: the obvious way."""

    def grams(text):
        words = text.split()
        return [tuple(words[i : i + n]) for n in range(1, longest + 1) for i in range(len(words) - n + 1)]

    holds = {}
    for number, text in enumerate(texts):
        for gram in grams(text):
            holds.setdefault(gram, set()).add(number)
    kept = {gram: len(found) for gram, found in holds.items() if len(gram) == 1 or len(found) > 1}
    idf = {gram: 1 + math.log((1 + len(texts)) / (1 + n)) for gram, n in kept.items()}
    rows = []
    for text in texts:
        counts = {gram: grams(text).count(gram) for gram in grams(text) if gram in kept}
        if weighting == "share":
            rows.append(sorted(idf[gram] * times / sum(counts.values()) for gram, times in counts.items()))
            continue
        weights = {gram: (1 + math.log(times)) * idf[gram] for gram, times in counts.items()}
        length = math.sqrt(sum(weight**2 for weight in weights.values()))
        rows.append(sorted(weight / length for weight in weights.values()))
    if weighting == "share":
        scale = math.sqrt(len(texts) / sum(weight**2 for row in rows for weight in row))
        rows = [[scale * weight for weight in row] for row in rows]
    return len(kept), rows


@pytest.mark.parametrize(
    "slots", [1, 8, 1 << 16]
)  # the first two make the hash table grow, some in the midst of a text
@given(
    texts=st.lists(st.lists(st.sampled_from("abcd"), max_size=8).map(" ".join), min_size=1, max_size=6),
    longest=st.integers(1, 3),
    weighting=st.sampled_from(["tfidf", "share"]),
)
@settings(max_examples=60, deadline=None)
def test_features_and_their_weights(slots, texts, longest, weighting):
    if not any(texts):
        with pytest.raises(VocabularyError):
            find_features(texts, CorpusOptions(), longest=longest, min_count=1)
        return
    with mock.patch.object(ngrams, "_FIRST_SLOTS", slots):
        features, bags = find_features(texts, CorpusOptions(), longest=longest, min_count=1, weighting=weighting)
    count, rows = plain_features(texts, longest, weighting)
    assert len(features) == count
    for i, expected in enumerate(rows):
        found = sorted(bags.weights[bags.bounds[i] : bags.bounds[i + 1]].tolist())
        np.testing.assert_allclose(found, expected, rtol=1e-5)
    again = features.reader().bags(joined_lines(texts))
    np.testing.assert_array_equal(again.rows, bags.rows)
    np.testing.assert_allclose(again.weights, bags.weights, rtol=1e-6)


def test_unknown_words_and_ngrams_with_them_are_left_out():
    features, _ = find_features(["a b", "a b", "b a"], CorpusOptions(), longest=2, min_count=1)
    assert (features.words, len(features.ngrams)) == (["a", "b"], 1)
    bags = features.reader().bags(joined_lines(["a x b", "a b", "x", ""]))
    assert np.diff(bags.bounds).tolist() == [2, 3, 0, 0]


def test_rare_words_can_be_left_out():
    features, bags = find_features(["a b", "a c", "a b a"], CorpusOptions(), longest=2, min_count=2)
    assert features.words == ["a", "b"]
    assert np.diff(bags.bounds).tolist() == [3, 1, 3]


# Training


def test_labels_are_learnt_and_probabilities_sum_to_one():
    classifier = train_classifier(*examples(), ClassifyOptions(dim=16, epochs=5))
    assert classifier.labels == ["land", "sea"]
    texts, labels = examples(seed=2)
    found = classifier.outputs([*texts, "", "unknown words only"])
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-5)
    given_labels = [classifier.labels[i] for i in found[: len(texts)].argmax(axis=1)]
    assert given_labels == labels


@pytest.mark.parametrize(
    "options", [{"hidden": (8,)}, {"optimizer": "adam"}, {"optimizer": "momentum"}, {"word_ngrams": 2}]
)
def test_other_networks_learn_too(options):
    texts, labels = examples()
    classifier = Classifier(dim=16, epochs=10, **options).fit(texts, labels)
    assert classifier.score(*examples(seed=2)) > 0.97


def test_adam_follows_the_learning_rate():
    texts, labels = examples()

    def moves(lr):
        options = ClassifyOptions(dim=8, epochs=1, batch=300, optimizer="adam", lr=lr)
        return train_classifier(texts, labels, options).network.parameters[1].value

    default = moves(0.5)
    np.testing.assert_allclose(np.abs(default), 1e-3, rtol=0.01)  # Adam's first step is as long as its rate
    np.testing.assert_allclose(moves(0.05), default / 10, rtol=1e-3)
    np.testing.assert_allclose(moves(1.0), default * 2, rtol=1e-3)


def test_order_is_seen_by_ngrams_only():
    random = np.random.default_rng(3)
    texts, labels = [], []
    for _ in range(300):
        first, second = random.permutation(["dog", "man"])
        texts.append(f"the {first} bites the {second}")
        labels.append("news" if first == "man" else "no news")
    assert Classifier(word_ngrams=3, epochs=20).fit(texts, labels).score(texts, labels) == 1
    assert Classifier(word_ngrams=1, epochs=20).fit(texts, labels).score(texts, labels) < 0.7


def test_several_labels_are_learnt_each_for_itself():
    random = np.random.default_rng(4)
    sets = [[label for label in LABELS if random.random() < 0.5] for _ in range(400)]
    texts = [
        " ".join([*random.choice(COMMON, 4), *(random.choice(WORDS[label]) for label in chosen)]) for chosen in sets
    ]
    classifier = Classifier(epochs=30).fit(texts[:300], sets[:300])
    assert classifier.trained.task == "multilabel"
    assert classifier.score(texts[300:], sets[300:]) > 0.95


def test_numbers_are_predicted_as_well_as_a_linear_model_on_the_truth():
    random = np.random.default_rng(5)
    worth = {"good": 2.0, "fine": 1.0, "bad": -2.0, "poor": -1.0}
    counts = random.integers(0, 3, (1000, 4))
    targets = counts @ np.array(list(worth.values())) + 10
    texts = [" ".join(word for word, n in zip(worth, row, strict=True) for _ in range(n)) for row in counts.tolist()]
    kept = [i for i, text in enumerate(texts) if text]
    texts, targets = [texts[i] for i in kept], targets[kept]
    classifier = Classifier(epochs=40, word_dropout=0.0, hidden=(32,)).fit(texts[:800], targets[:800].tolist())
    assert classifier.trained.task == "regression"
    assert classifier.score(texts[800:], targets[800:].tolist()) > 0.9


@pytest.fixture(scope="module")
def facts():
    return {task.name: task for task in known_tasks.tasks(10_000)}


@pytest.mark.parametrize("name", ["letters", "share, noisy", "topics"])
def test_facts_about_texts_are_learnt_as_well_as_by_a_linear_model_on_the_facts(facts, name):
    result = known_tasks.compare(facts[name], epochs=40, threads=1)
    assert result.linear == pytest.approx(0.96 if "noisy" in name else 1, abs=0.01)
    assert result.classifier > result.linear - (0.03 if "noisy" in name else 0.02)


def test_a_weighting_can_be_chosen(facts):
    task = facts["share"]
    assert known_tasks.compare(task, epochs=10, threads=1, weighting="tfidf").classifier < 0.9


def test_the_same_seed_gives_the_same_classifier():
    texts, labels = examples()
    first, again, other = (
        Classifier(epochs=2, seed=seed).fit(texts, labels).predict_proba(texts) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_vectors_are_a_start_and_can_stay_as_they_are():
    words = [word for group in WORDS.values() for word in group] + COMMON
    matrix = np.random.default_rng(6).normal(size=(len(words), 8)).astype(np.float32)
    vectors = w2v.Vectors(words, matrix)
    texts, labels = examples()
    frozen = Classifier(vectors=vectors, fine_tune=False, epochs=30).fit(texts, labels)
    table, names = frozen.trained.network.first.table, frozen.trained.features.words
    unit = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
    np.testing.assert_allclose(table, unit[[words.index(name) for name in names]], rtol=1e-6)
    assert frozen.score(*examples(seed=2)) > 0.9
    tuned = Classifier(vectors=vectors, epochs=1).fit(texts, labels)
    assert (tuned.trained.network.first.table != table).any()


def test_validation_texts_have_no_say_in_what_is_learnt():
    random = np.random.default_rng(7)
    words = [f"w{i}" for i in range(60)]
    texts = [" ".join(random.choice(words, 5)) for _ in range(100)]
    options = ClassifyOptions(dim=4, epochs=2, validation=0.3, word_ngrams=2)
    checked = held_out(100, 0.3, options.seed).tolist()
    assert len(checked) == 30
    for targets in (random.choice(["a", "b"], 100).tolist(), random.normal(size=100).tolist()):
        other_texts, other_targets = texts.copy(), targets.copy()
        for i in checked:
            other_texts[i] = "other words are here"
            other_targets[i] = "a" if isinstance(targets[0], str) else 1e6
        first, other = train_classifier(texts, targets, options), train_classifier(other_texts, other_targets, options)
        assert "other" not in other.features.words
        assert first.features.words == other.features.words
        np.testing.assert_array_equal(first.features.idf, other.features.idf)
        np.testing.assert_array_equal(first.features.ngrams, other.features.ngrams)
        assert (first.center, first.scale) == (other.center, other.scale)
        assert first.losses[0].training == other.losses[0].training
        assert first.losses[0].validation != other.losses[0].validation


@pytest.mark.parametrize(
    ("texts", "targets", "options", "message"),
    [
        (["a", "b"], ["x"], {}, "2 texts, but 1 targets"),
        (["a", "b"], ["x", "x"], {}, "only one label, 'x'"),
        (["a", "b"], ["x", ""], {}, "text 2: the label '' must be a str that is not empty"),
        (["a", "b"], ["x", None], {}, "text 2: the label None must be a str"),
        (["a", "b"], ["x", 1], {}, "text 2: the label 1 must be of the same type"),
        (["a", "b"], [True, 1], {}, "text 2: the label 1 must be of the same type"),
        (["a", "b"], [[1.5], [2]], {}, "text 1: the label 1.5 must be"),
        (["a", "b"], [[], []], {}, "no text has a label"),
        (["a", "b"], "xy", {}, "must be a list with a target for each text, not 'xy'"),
        (["a", "b"], None, {}, "must be a list with a target for each text, not None"),
        (["a", "b"], [["x"], ["x", "y"]], {"task": "multiclass"}, "text 2: has 2 labels"),
        (["a", "b"], [1.0, math.nan], {}, "text 2: the target nan is no finite number"),
        (["a", "b"], [1.0, 1e300], {}, "text 2: the target 1e[+]300 is no finite number, or too large"),
        (["a", "b", "c"], [1, 2.0, "x"], {}, "text 3: the target 'x' is no number, but that of text 2 is"),
        (["a", "b"], [["x"], 2.0], {}, "text 1: the target .* is no number, but that of text 2 is"),
        (["a", "b"], ["x", "y"], {"task": "regression"}, "text 1: the target 'x' is no number"),
        (["a", "b"], [1.0, 2.0], {"task": "multiclass"}, "text 1: the label 1.0 must be a str"),
        ([], [], {}, "there are no texts"),
        (["a", "b"], ["x", "y"], {"validation": 0.9}, "2 examples are too few to train on"),
        (["", " "], ["x", "y"], {}, "the texts have no words"),
    ],
)
def test_what_can_not_be_learnt_is_said(texts, targets, options, message):
    with pytest.raises(w2v.W2VError, match=message):
        train_classifier(texts, targets, ClassifyOptions(**options))


class StopsIn(Silent):
    """Ends training as Ctrl-C does, in the midst of an epoch."""

    def __init__(self, examples):
        self._examples = examples

    def update(self, done, facts=None):
        if done >= self._examples:
            raise KeyboardInterrupt


def test_ctrl_c_keeps_the_epoch_that_was_best_on_validation_texts():
    random = np.random.default_rng(11)
    texts = [" ".join(random.choice([f"w{i}" for i in range(300)], 6)) for _ in range(200)]
    labels = random.choice(["a", "b"], 200).tolist()  # nothing to learn: the validation loss soon rises
    options = ClassifyOptions(dim=8, epochs=100, patience=100, validation=0.5, word_dropout=0.0, lr=2.0)
    kept = []
    with pytest.raises(KeyboardInterrupt):
        train_classifier(texts, labels, options, progress=StopsIn(1230), keep=kept.append)
    losses = [epoch.validation for epoch in kept[0].losses]
    assert len(losses) == 12
    assert losses.index(min(losses)) < 11
    checked = held_out(200, 0.5, options.seed).tolist()
    found = kept[0].outputs([texts[i] for i in checked])
    right = found[range(100), [kept[0].labels.index(labels[i]) for i in checked]]
    assert -np.log(right).mean() == pytest.approx(min(losses), rel=1e-4)


# Scores


@given(n=st.integers(1, 30), k=st.integers(2, 4), seed=st.integers(0, 999))
@settings(max_examples=40, deadline=None)
def test_scores_are_those_of_scikit_learn(n, k, seed):
    random = np.random.default_rng(seed)
    truth, given_labels = random.integers(0, k, n), random.integers(0, k, n)
    names = [f"l{i}" for i in range(k)]
    usual = int(random.integers(0, k))
    scores = class_scores(np.eye(k, dtype=bool)[truth], np.eye(k, dtype=bool)[given_labels], names, usual)
    assert scores.accuracy == pytest.approx(metrics.accuracy_score(truth, given_labels))
    assert scores.macro_f1 == pytest.approx(metrics.f1_score(truth, given_labels, average="macro", zero_division=0))
    np.testing.assert_array_equal(scores.confusion, metrics.confusion_matrix(truth, given_labels, labels=range(k)))
    table = metrics.precision_recall_fscore_support(truth, given_labels, labels=range(k), zero_division=0)
    for label, row in zip(scores.labels, zip(*table, strict=True), strict=True):
        assert label[1:] == pytest.approx(row)
    assert scores.baseline == pytest.approx((truth == usual).mean())
    numbers, guesses = random.normal(size=n), random.normal(size=n)
    found = number_scores(numbers, guesses, 0.5)
    assert found.baseline_mae == pytest.approx(metrics.mean_absolute_error(numbers, np.full(n, 0.5)))
    if n > 1:
        assert found.r2 == pytest.approx(metrics.r2_score(numbers, guesses))
    assert found.mae == pytest.approx(metrics.mean_absolute_error(numbers, guesses))


@given(n=st.integers(1, 20), k=st.integers(1, 4), seed=st.integers(0, 999))
@settings(max_examples=30, deadline=None)
def test_scores_of_several_labels_are_those_of_scikit_learn(n, k, seed):
    random = np.random.default_rng(seed)
    truth, given_labels = random.random((n, k)) < 0.4, random.random((n, k)) < 0.4
    scores = class_scores(truth, given_labels, [str(i) for i in range(k)], k - 1)
    assert scores.baseline == pytest.approx((truth == (np.arange(k) == k - 1)).all(axis=1).mean())
    assert scores.accuracy == pytest.approx((truth == given_labels).all(axis=1).mean())
    micro = metrics.f1_score(truth, given_labels, average="micro", zero_division=0) if k > 1 else scores.micro_f1
    assert scores.micro_f1 == pytest.approx(micro)


def test_the_baseline_is_that_of_training(tmp_path):
    texts = ["a", "b", "a", "a", "b"]
    several = [["x"], ["x", "y"], ["y", "z"], ["y"], []]
    for targets, expected in ((list("xyyzy"), 1), (several, 1), ([0.0, 9.0, 2.0, 1.0, 8.0], 2.0)):
        save_classifier(tmp_path / "b.model", train_classifier(texts, targets, ClassifyOptions(dim=2, epochs=1)))
        assert load_classifier(tmp_path / "b.model").baseline == expected


def test_labels_are_given_by_rank_and_probability():
    outputs = np.array([[0.2, 0.5, 0.5, 0.1], [0.1, 0.2, 0.3, 0.4]], np.float32)

    def given_by(*arguments):
        return [np.flatnonzero(row).tolist() for row in given_labels(outputs, *arguments)]

    assert given_by("multiclass") == [[1], [3]]
    assert given_by("multiclass", 0.45) == [[1], []]
    assert given_by("multiclass", None, 3) == [[0, 1, 2], [1, 2, 3]]
    assert given_by("multiclass", 0.25, 3) == [[1, 2], [2, 3]]
    assert given_by("multilabel") == [[1, 2], []]  # a probability of exactly the threshold is enough
    assert given_by("multilabel", 0.2) == [[0, 1, 2], [1, 2, 3]]
    assert given_by("multilabel", None, 1) == [[1], [3]]
    assert given_by("multilabel", 0.45, 1) == [[1], []]


# Files


def trained(**options):
    return train_classifier(*examples(120), ClassifyOptions(dim=8, epochs=2, word_ngrams=2, **options))


def test_a_saved_classifier_predicts_the_same(tmp_path):
    classifier = trained(hidden=(5,))
    save_classifier(tmp_path / "c.model", classifier)
    loaded = load_classifier(tmp_path / "c.model")
    texts, _ = examples(seed=7)
    np.testing.assert_array_equal(loaded.outputs(texts), classifier.outputs(texts))
    assert (loaded.labels, loaded.task, loaded.losses) == (classifier.labels, classifier.task, classifier.losses)
    save_classifier(tmp_path / "c.model", classifier)  # it replaces its like
    (tmp_path / "other").write_text("my notes")
    with pytest.raises(OutputError, match="holds no classifier"):
        save_classifier(tmp_path / "other", classifier)


def test_a_file_that_is_cut_foreign_or_newer_is_refused(tmp_path):
    path = tmp_path / "c.model"
    save_classifier(path, trained())
    whole = path.read_bytes()
    random = np.random.default_rng(8)
    for size in [0, 1, 7, 8, 100, *random.integers(0, len(whole), 40).tolist()]:
        path.write_bytes(whole[:size])
        with pytest.raises(ModelError):
            load_classifier(path)
    for place in random.integers(8, len(whole) // 20, 60).tolist():
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x15]) + whole[place + 1 :])
        message, outputs = f"{path}: ", np.zeros((1, 2))
        try:
            outputs = load_classifier(path).outputs(["the ship"])  # a changed letter of a label, say, is no damage
        except ModelError as error:
            message = str(error)
        assert message.startswith(f"{path}: ")
        assert "\n" not in message
        assert outputs.shape == (1, 2)
        assert np.isfinite(outputs).all()
    header = 8 + int.from_bytes(whole[:8], "little")
    for place in random.integers(header, len(whole), 60).tolist():
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x15]) + whole[place + 1 :])
        with pytest.raises(ModelError):
            load_classifier(path)
    path.write_bytes(whole.replace(b'"version":"1"', b'"version":"9"'))
    with pytest.raises(ModelError, match=r"was written by w2v \d.*; upgrade with 'pip install -U w2v'"):
        load_classifier(path)
    path.write_text("the 5\nof 3\n")
    with pytest.raises(ModelError, match="is no classifier"):
        load_classifier(path)


def change(path, facts=None, arrays=None):
    """Write other facts or arrays to a classifier's file."""
    file = SafetensorsFile.open(path, ModelError)
    known = json.loads(file.metadata["facts"])
    whole = {name: file.array(name) for name in file.names} | (arrays or {})
    for name, value in (facts or {}).items():
        owner, _, field = name.rpartition(".")
        (known[owner] if owner else known)[field] = value
    metadata = {name: file.metadata[name] for name in ("format", "version")} | {"facts": json.dumps(known)}
    with path.open("wb") as stream:
        write_safetensors(stream, whole, metadata)


@pytest.mark.parametrize(
    "facts",
    [
        {"scale": math.nan}, {"scale": 0}, {"center": math.inf}, {"longest": 0}, {"longest": 2.5}, {"longest": True},
        {"labels": ["sea", 1]}, {"labels": ["sea", "sea"]}, {"labels": ["sea"]}, {"labels": []}, {"labels": "ab"},
        {"labels": [["sea"], ["land"]]}, {"labels": ["a", "b", "c"]}, {"task": "regression"}, {"task": "other"},
        {"corpus.tokens": "regex:("}, {"corpus.tokens": 3}, {"corpus.lowercase": 3}, {"corpus.foreign": 3},
        {"options.lr": -1}, {"options.hidden": [5]}, {"options.hidden": ["x"]}, {"examples": -1},
        {"losses": [["x", 1]]}, {"losses": 3}, {"baseline": 2}, {"baseline": 0.5}, {"baseline": None},
    ],
    ids=str,
)  # fmt: skip
def test_facts_that_make_no_sense_are_refused(tmp_path, facts):
    save_classifier(tmp_path / "c.model", trained())
    change(tmp_path / "c.model")
    assert load_classifier(tmp_path / "c.model").labels == ["land", "sea"]  # nothing was changed yet
    change(tmp_path / "c.model", facts)
    with pytest.raises(ModelError, match=r"c\.model: is damaged; get it again, or train it anew"):
        load_classifier(tmp_path / "c.model")


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("idf", lambda idf: idf * np.float32("nan")),
        ("idf", lambda idf: idf[:, None]),
        ("idf", lambda idf: idf.astype(np.float64)),
        ("idf", lambda idf: idf[1:]),
        ("ngrams", lambda hashes: hashes.astype(np.float64)),
        ("ngrams", lambda hashes: hashes[::-1].copy()),
        ("ngrams", lambda hashes: np.repeat(hashes[:1], len(hashes))),
        ("ngrams", lambda hashes: hashes[None]),
        ("layer0", lambda table: table[1:]),
        ("layer0", lambda table: table.astype(np.int32)),
        ("layer1", lambda weights: weights + np.float32("inf")),
        ("layer1", lambda weights: weights[:, :1].copy()),
        ("layer2", lambda bias: bias[None]),
        ("words", lambda words: np.frombuffer(b"the\n" * bytes(words).count(b"\n"), np.uint8)),
        ("words", lambda words: np.where(words == 10, np.uint8(0xFF), words)),
    ],
)
def test_arrays_that_make_no_sense_are_refused(tmp_path, name, changed):
    save_classifier(tmp_path / "c.model", trained())
    array = SafetensorsFile.open(tmp_path / "c.model", ModelError).array(name)
    change(tmp_path / "c.model", arrays={name: changed(array)})
    with pytest.raises(ModelError, match=r"c\.model: is damaged; get it again, or train it anew"):
        load_classifier(tmp_path / "c.model")


# scikit-learn


@pytest.mark.filterwarnings("ignore:Can't test estimator")
def test_it_passes_the_checks_of_scikit_learn_that_need_no_matrix():
    checks = optional("sklearn.utils.estimator_checks", "scikit-learn")
    checks.check_estimator(Classifier())
    for check in (
        checks.check_no_attributes_set_in_init,
        checks.check_parameters_default_constructible,
        checks.check_get_params_invariance,
        checks.check_set_params,
        checks.check_estimator_repr,
        checks.check_valid_tag_types,
    ):
        check("Classifier", Classifier(dim=4))


def test_it_works_in_pipelines_and_searches(tmp_path):
    from sklearn.base import clone
    from sklearn.model_selection import GridSearchCV, cross_val_score
    from sklearn.pipeline import make_pipeline

    texts, labels = examples(120)
    classifier = Classifier(dim=8, epochs=3)
    assert clone(classifier).get_params() == classifier.get_params()
    assert cross_val_score(make_pipeline(classifier), texts, labels, cv=3).mean() > 0.8
    search = GridSearchCV(classifier, {"epochs": [1, 4]}, cv=2).fit(texts, labels)
    assert search.best_params_ == {"epochs": 4}
    assert search.predict(["the ship"])[0] == "sea"
    fitted = classifier.fit(texts, labels)
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.predict_proba(texts), fitted.predict_proba(texts))
    fitted.save(tmp_path / "c")
    assert Classifier.load(tmp_path / "c").predict(texts).tolist() == fitted.predict(texts).tolist()
    assert repr(classifier) == "Classifier(dim=8, epochs=3)"


@pytest.mark.parametrize(
    ("labels", "kind"),
    [
        ([1, 0, 1, 0], np.int64),
        (np.array([3, 7, 3, 7], np.int8), np.int64),
        ([True, False, True, False], np.bool_),
        (np.array([True, False, True, False]), np.bool_),
        (np.array(["x", "y", "x", "y"]), np.str_),
    ],
)
@pytest.mark.parametrize("task", ["auto", "multiclass"])
def test_labels_keep_their_type(tmp_path, labels, kind, task):
    texts = ["the ship", "a tree", "the ship", "a tree"]
    classifier = Classifier(task=task, dim=8, epochs=30, word_dropout=0.0, batch=1).fit(texts, labels)
    assert classifier.trained.task == "multiclass"
    np.testing.assert_array_equal(classifier.classes_, np.unique(labels))
    assert classifier.classes_.dtype.type is kind
    np.testing.assert_array_equal(classifier.predict(texts), labels)
    assert classifier.score(texts, labels) == 1
    classifier.save(tmp_path / "c")
    again = Classifier.load(tmp_path / "c").predict(texts)
    assert again.dtype.type is kind
    np.testing.assert_array_equal(again, labels)
    with pytest.raises(UsageError, match="the classifier's labels are"):
        classifier.score(texts, ["1", "2", "1", "2"] if kind is not np.str_ else [1, 2, 1, 2])


def test_rows_of_zeros_and_ones_are_labels():
    import scipy.sparse

    texts = ["sea land", "sea", "land", "none"] * 20
    rows = np.array([[1, 1], [1, 0], [0, 1], [0, 0]] * 20)
    fitted = [
        Classifier(dim=8, epochs=30, word_dropout=0.0).fit(texts, form)
        for form in (rows, rows.tolist(), rows.astype(bool), scipy.sparse.csr_matrix(rows))
    ]
    for classifier in fitted:
        assert classifier.trained.task == "multilabel"
        assert classifier.classes_.tolist() == [0, 1]
        np.testing.assert_array_equal(classifier.predict(texts), rows)
        assert classifier.score(texts, classifier.predict(texts)) == 1
    named = Classifier(dim=8, epochs=30, word_dropout=0.0).fit(texts, [text.split() for text in texts])
    assert named.classes_.tolist() == ["land", "none", "sea"]
    assert named.score(texts, named.predict(texts)) == 1
    refitted = Classifier(dim=8, epochs=30, word_dropout=0.0).fit(texts, named.predict(texts))
    np.testing.assert_array_equal(refitted.predict(texts), named.predict(texts))


def test_a_column_is_a_list_of_targets():
    texts = ["a good film", "a bad film"] * 20
    column = np.array([[1.5], [-1.5]] * 20)
    assert Classifier(dim=8, epochs=5).fit(texts, column).trained.task == "regression"


def test_targets_may_be_columns_of_pandas():
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    texts = ["a good film", "a bad film"] * 20
    labels = pandas.Series(["+", "-"] * 20, index=range(40, 0, -1))
    assert Classifier(dim=8, epochs=5).fit(pandas.Series(texts), labels).score(texts, labels) == 1


def test_one_label_is_no_list_of_its_letters():
    texts, sets = ["sea x", "land x", "sea land"] * 20, [["sea"], ["land"], ["sea", "land"]] * 20
    classifier = Classifier(dim=8, epochs=40, word_dropout=0.0).fit(texts, sets)
    assert classifier.score(["sea x"], ["sea"]) == 1
    assert Classifier(epochs=1).fit(["a", "b"], ["x", ["x", "y"]]).trained.labels == ["x", "y"]


def test_scores_of_texts_that_do_not_fit_are_refused():
    texts, labels = examples(40)
    classifier, numbers = Classifier(dim=4, epochs=1).fit(texts, labels), Classifier(dim=4, epochs=1)
    with pytest.raises(UsageError, match="there are 2 texts, but 1 targets"):
        classifier.score(["a", "b"], ["sea"])
    with pytest.raises(UsageError, match="there are no texts to score"):
        classifier.score([], [])
    assert classifier.score(["the ship"], ["sky"]) == 0
    numbers.fit(texts, [float(len(text)) for text in texts])
    with pytest.raises(UsageError, match="text 1: the target 'x' is no number"):
        numbers.score(["a"], ["x"])


def test_a_regression_in_searches():
    from sklearn.base import is_classifier, is_regressor
    from sklearn.model_selection import cross_val_score

    texts = ["good film", "bad film", "fine day"] * 10
    values = [float(i) for i in range(30)]  # for a classifier each would be a class of its own
    regression = Classifier(task="regression", dim=4, epochs=2)
    assert np.isfinite(cross_val_score(regression, texts, values, cv=3, error_score="raise")).all()
    assert np.isfinite(cross_val_score(Classifier(dim=4, epochs=2), texts, [v + 0.5 for v in values], cv=3)).all()
    assert is_regressor(regression)
    fitted = Classifier(dim=4, epochs=1)
    assert is_classifier(fitted)
    fitted.fit(texts, values)
    assert is_regressor(fitted)
    assert not hasattr(fitted, "classes_")
    assert not hasattr(Classifier(), "classes_")


def test_a_loaded_classifier_has_all_options(tmp_path):
    from sklearn.base import clone

    texts, labels = examples(100)
    options = {
        "task": "multiclass", "tokens": "words", "lowercase": True, "dim": 7, "hidden": (5,), "activation": "tanh",
        "dropout": 0.1, "word_dropout": 0.2, "weighting": "share", "word_ngrams": 2, "min_count": 2, "epochs": 3,
        "lr": 0.4, "optimizer": "adam", "batch": 16, "validation": 0.1, "patience": 2, "fine_tune": False, "seed": 9,
    }  # fmt: skip
    trained = Classifier(**options).fit([text.title() for text in texts], labels)
    trained.save(tmp_path / "c")
    loaded = Classifier.load(tmp_path / "c")
    found = loaded.get_params()
    assert {name: found[name] for name in options} == options
    assert options.keys() | {"vectors", "threads"} == found.keys()
    again = clone(loaded).fit([text.title() for text in texts], labels)
    np.testing.assert_array_equal(again.predict_proba(texts), trained.predict_proba(texts))


def test_clones_share_the_vectors():
    from sklearn.base import clone

    vectors = w2v.Vectors(["ship", "tree"], np.eye(2, dtype=np.float32))
    classifier = Classifier(vectors=vectors, epochs=3)
    copy = clone(classifier)
    assert copy is not classifier
    assert copy.vectors is vectors
    assert copy.get_params() == classifier.get_params()


def test_predictions_use_the_threads_that_are_asked_for(monkeypatch):
    import w2v.classify.text_classifier as module

    asked = []

    def counting(function, items, threads):
        asked.append(threads)
        return map(function, items)

    texts, labels = examples(40)
    classifier = Classifier(dim=4, epochs=1, threads=3).fit(texts, labels)
    monkeypatch.setattr(module, "map_in_order", counting)
    classifier.predict(texts)
    classifier.predict_proba(texts)
    classifier.set_params(threads=1).score(texts, labels)
    assert asked == [3, 3]  # one thread needs no pool


def test_an_untrained_classifier_says_so():
    with pytest.raises(UsageError, match="not trained"):
        Classifier().predict(["a"])
    with pytest.raises(UsageError, match="no option epoch"):
        Classifier(epoch=3)


# Labelled files


def read(tmp_path, name, content, task="auto", **options):
    path = tmp_path / name
    path.write_text(content)
    return [
        (example.target, example.text) for example in read_labelled([str(path)], LabelledOptions(**options), task=task)
    ]


def test_labelled_texts_of_each_kind(tmp_path):
    lines = "__label__sea the ship\n\nthe __label__sea __label__land shore __label__\n"
    assert read(tmp_path, "a.txt", lines) == [("sea", "the ship"), (["sea", "land"], "the shore")]
    assert read(tmp_path, "a.txt", lines, "multilabel")[0] == (["sea"], "the ship")
    assert read(tmp_path, "a.txt", "#x a\n", label_prefix="#") == [("x", "a")]
    assert read(tmp_path, "a.tsv", "label\ttext\nsea\ta\n") == [("sea", "a")]
    assert read(tmp_path, "a.csv", "t,y\na,3.5\n", "regression", field="t", label_column="y") == [(3.5, "a")]
    assert read(tmp_path, "a.csv", "label,text\nx; y,a\n", label_separator=";") == [(["x", "y"], "a")]
    json_lines = '{"text": "a", "label": ["x", "y"]}\n{"text": "b", "label": 2.5}\n{"text": "c", "label": "z"}\n'
    assert read(tmp_path, "a.jsonl", json_lines) == [(["x", "y"], "a"), (2.5, "b"), ("z", "c")]
    json_lines = '{"text": "a", "label": 3}\n{"text": "b", "label": true}\n'
    assert read(tmp_path, "a.jsonl", json_lines) == [(3, "a"), (True, "b")]
    assert read(tmp_path, "a.jsonl", json_lines, "multiclass") == [(["3"], "a"), (["True"], "b")]


@pytest.mark.parametrize(
    ("name", "content", "task", "message"),
    [
        ("a.txt", "__label__x a\nno label\n", "auto", r"a\.txt:2: has no label; put __label__LABEL before the text"),
        ("a.txt", "__label__x\n", "auto", r"a\.txt:1: has a label, but no text"),
        ("a.tsv", "text\nx\n", "auto", r"a\.tsv:2: has no column label; the columns are text"),
        ("a.tsv", "text\tlabel\n \tx\n", "auto", r"a\.tsv:2: the column text is empty"),
        ("a.tsv", "text\tlabel\na\t\n", "auto", r"a\.tsv:2: the column label has no label"),
        ("a.csv", "text,label\na,nan\n", "regression", r"a\.csv:2: the target 'nan' is no finite number"),
        ("a.jsonl", '{"text": "a", "label": 1e999}\n', "auto", r"a\.jsonl:1: the target inf is no finite number"),
    ],
)
def test_bad_labelled_lines_are_named(tmp_path, name, content, task, message):
    with pytest.raises(CorpusError, match=message):
        read(tmp_path, name, content, task)
