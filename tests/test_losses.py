"""The training objectives that a user can choose."""

import numpy as np
import pytest
from console import inside as w2v

import w2v as library
from w2v.errors import TrainingError, UsageError
from w2v.kernels.output_layer import output_layer_class
from w2v.options import TrainingOptions
from w2v.options.training import LOSSES, MODELS

TEXT = "one two three four five six seven\nseven six five\n" * 30
QUICK = ["-q", "--min-count", "1", "--dim", "8", "--epochs", "1", "--threads", "1", "--sample", "0"]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "corpus.txt").write_text(TEXT)
    return tmp_path


def trained(folder, *options):
    process = w2v("train", "corpus.txt", *QUICK, *options, cwd=folder)
    assert process.returncode == 0, process.stderr
    return library.load(folder / "vectors.txt").matrix.copy()


def test_every_loss_makes_vectors_of_its_own():
    text = [line.split() for line in TEXT.splitlines()]
    options = {"min_count": 1, "dim": 8, "epochs": 1, "threads": 1, "sample": 0}
    kinds = [{"model": model, "loss": loss} for model in MODELS for loss in LOSSES]
    kinds.append({"model": "cbow", "cbow_mean": False})
    made = [library.train(sentences=text, **options, **kind).matrix for kind in kinds]
    for i, one in enumerate(made):
        assert np.isfinite(one).all()
        assert not any(np.array_equal(one, other) for other in made[:i])


def test_names_of_other_tools_choose_the_same_loss(folder):
    assert np.array_equal(trained(folder, "--loss", "hs"), trained(folder, "-hs", "1", "-negative", "0"))


def test_zero_negatives_need_another_loss():
    with pytest.raises(UsageError, match=r"^negative must be at most 10000, not 1000000$"):
        TrainingOptions(negative=1_000_000)
    with pytest.raises(UsageError, match=r"^negative must be at least 1 with loss='ns', not 0$"):
        TrainingOptions(negative=0)
    assert TrainingOptions(negative=0, loss="hs").negative == 0


def test_two_words_are_enough_for_every_loss():
    for loss in LOSSES:
        vectors = library.train(sentences=[["a", "b"]] * 50, loss=loss, dim=4, min_count=1, epochs=1)
        assert np.isfinite(vectors.matrix).all()


def test_an_exact_softmax_that_takes_days_needs_yes(folder):
    days = ["train", "corpus.txt", "--min-count", "1", "--loss", "softmax", "--dim", 10**13, "--sample", 0]
    process = w2v(*days, cwd=folder)
    assert process.returncode == 1
    told = process.stderr.decode().splitlines()[-1]
    assert told.startswith("w2v: error: --loss softmax: one epoch over 7 words takes about")
    assert "--yes" in told
    assert not (folder / "vectors.txt").exists()
    assert b"of memory" in w2v(*days, "--yes", cwd=folder).stderr  # so it went on


def require_feasible(counts, tokens, loss):
    output_layer_class(loss).require_feasible(counts, tokens, TrainingOptions(loss=loss))


def test_only_the_exact_softmax_depends_on_the_number_of_words():
    counts = np.full(5_000_000, 100)
    for loss in ("ns", "hs"):
        require_feasible(counts, 500_000_000, loss)
    with pytest.raises(
        TrainingError, match=r"^loss='softmax': one epoch over 5,000,000 words takes about [\d,]+ hours"
    ):
        require_feasible(counts, 500_000_000, "softmax")
    require_feasible(counts[:5_000], 1_000_000, "softmax")


@pytest.mark.parametrize(
    "options, lr",
    [
        ({}, 0.03),
        ({"dim": 200}, 0.03),
        ({"dim": 201}, 0.025),
        ({"dim": 300, "lr": 0.03}, 0.03),
        ({"model": "cbow", "dim": 300}, 0.1),
        ({"model": "cbow", "cbow_mean": False}, 0.05),
    ],
)
def test_the_learning_rate_fits_what_is_trained(options, lr):
    assert TrainingOptions(**options).initial_lr == lr
