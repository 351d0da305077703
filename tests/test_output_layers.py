"""An output layer is one module and one line: the steps of docs/adding-an-output-layer.md, followed literally."""

import inspect
import re
import sys
from pathlib import Path

import numpy as np
import pytest
import reference
from numba.core.caching import NullCache
from numpy.testing import assert_allclose
from training_block import Block

import w2v
from w2v.kernels.blocks import train_block
from w2v.kernels.output_layer import OutputLayer, output_layer_class
from w2v.kernels.rounds import train_rounds
from w2v.options import TrainingOptions
from w2v.options.output_layers import OUTPUT_LAYERS, OutputLayerEntry
from w2v.options.training import LOSSES, MODELS
from w2v.training.kernel_setup import most_block_ids

PAGE = Path(__file__).parents[1] / "docs" / "adding-an-output-layer.md"


def test_the_options_offer_the_listed_layers():
    assert tuple(OUTPUT_LAYERS) == LOSSES
    classes = [output_layer_class(loss) for loss in OUTPUT_LAYERS]
    assert len(set(classes)) == len(classes)
    for found in classes:
        assert issubclass(found, OutputLayer)
        assert not inspect.isabstract(found)


class Positives:
    """The twin: the center alone."""

    def loss(self, hidden, output_vectors, target, _negatives=()):
        return -reference.log_sigmoid(output_vectors[target] @ hidden)

    def train(self, block, group, words, lr):
        (center,) = group.centers
        return reference.train_tiles(block, np.array([words[center]]), block.made, lr, tile=1, batch=16)


@pytest.fixture(scope="module")
def positives(tmp_path_factory):
    """Follow the page in a folder of its own; return the name of the new layer.

    Kernels compiled for it stay out of the cache on disk, which processes that lack its module could not read.
    """
    blocks = re.findall(r"^   ```python\n(.*?)^   ```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    module, line = (re.sub(r"^ {3}", "", block, flags=re.MULTILINE) for block in blocks)
    folder = tmp_path_factory.mktemp("layer")
    (folder / "positives.py").write_text(module)
    (name, entry) = next(iter(eval(f"{{{line}}}", {"OutputLayerEntry": OutputLayerEntry}).items()))
    sys.path.insert(0, str(folder))
    OUTPUT_LAYERS[name] = entry._replace(place=entry.place.removeprefix("w2v.kernels."))
    kernels = (train_block, train_rounds)
    caches = [kernel._cache for kernel in kernels]
    for kernel in kernels:
        kernel._cache = NullCache()
    yield name
    for kernel, cache in zip(kernels, caches, strict=True):
        kernel._cache = cache
    del OUTPUT_LAYERS[name]
    sys.path.remove(str(folder))


class PositivesBlock(Block):
    def output_layer(self):
        return output_layer_class("positives")(self.counts(), w2v.options.TrainingOptions(window=self.window))

    def twin(self):
        return Positives()


@pytest.mark.parametrize("model", MODELS)
def test_the_documented_layer_trains_as_its_twin(positives, model):
    for dim, window in ((7, 2), (100, 5)):
        block = PositivesBlock.random(dim, [40, 1, 2, 30], 50, dim, loss=positives, model=model, window=window)
        found, expected = block.trained(), block.reference()
        assert found.predictions == expected.predictions
        assert_allclose(found.loss, expected.loss, rtol=1e-5)
        assert_allclose(found.input_vectors, expected.input_vectors, rtol=0, atol=5e-5)
        assert_allclose(found.output_vectors, expected.output_vectors, rtol=0, atol=5e-5)


def test_the_documented_layer_trains_and_resumes(positives, monkeypatch, tmp_path):
    monkeypatch.setattr("w2v.options.training.LOSSES", tuple(OUTPUT_LAYERS))
    sentences = [["one", "two", "three"], ["three", "four"]] * 100
    model = tmp_path / "m"
    options = {"loss": positives, "dim": 8, "min_count": 1, "epochs": 2, "threads": 2}
    first = w2v.train(sentences=sentences, save_model=model, **options)
    again = w2v.train(sentences=sentences, save_model=model, resume=True, **options)
    assert np.isfinite(first.matrix).all()
    assert np.array_equal(first.matrix, again.matrix)


@pytest.mark.parametrize("loss", OUTPUT_LAYERS)
@pytest.mark.parametrize("model", ["skipgram", "cbow"])
def test_usual_options_leave_blocks_at_their_usual_size(loss, model):
    dim = 5 if loss == "softmax" else 300
    assert most_block_ids(50_000, TrainingOptions(loss=loss, model=model, dim=dim)) >= 1 << 15


def test_blocks_shrink_with_what_a_token_costs():
    """A thread can stop only between two blocks."""
    sizes = [
        most_block_ids(1_000_000, TrainingOptions(loss="ns", negative=10_000)),
        most_block_ids(1_000_000, TrainingOptions(loss="ns", negative=10_000, dim=1000)),
        most_block_ids(100_000, TrainingOptions(loss="softmax")),
        most_block_ids(1_000_000, TrainingOptions(loss="softmax", dim=10_000)),
    ]
    assert sizes == [3333, 333, 1333, 64]
