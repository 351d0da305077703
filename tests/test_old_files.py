"""Files that earlier versions wrote are read: those in tests/data, by the version that wrote them."""

import make_old_files
import numpy as np
import pytest
from make_old_files import COUNTS, DATA, LABELS, MATRIX, TEXTS, WORDS

import w2v
from w2v.file_kinds import kind_of
from w2v.model_file import ModelFile
from w2v.phrases import Phrases
from w2v.training.checkpoint import Checkpoint
from w2v.training_log import read_training_log
from w2v.vectors.formats import WRITTEN
from w2v.vocabulary import Vocabulary

VERSIONS = sorted(DATA.iterdir())
FILES = [path for version in VERSIONS for path in sorted(version.iterdir())]
CLASSIFIERS = [path for path in FILES if path.name.startswith("classifier-")]
MODELS = [path for path in FILES if path.suffix == ".model" and path not in CLASSIFIERS]
VECTORS = [path for path in FILES if path.stem.split(".")[0] in (*WRITTEN, "text") and path.suffix != ".counts"]
SENTENCES = [line.split() for line in make_old_files.TEXT.splitlines()]


def of(paths):
    return pytest.mark.parametrize("path", paths, ids=[f"{path.parent.name}/{path.name}" for path in paths])


def test_files_of_every_format_are_kept():
    newest = {path.name for path in VERSIONS[-1].iterdir()}
    assert {f"{name}{known.endings[0]}" for name, known in WRITTEN.items()} <= newest
    assert {"vocabulary.txt", "phrases.tsv", "log.jsonl", "ns.model", "hs.model", "softmax.model"} <= newest
    assert {"classifier-0.model", "classifier-1.model"} <= newest


@of(VECTORS)
def test_vectors_are_read(path):
    vectors = w2v.load(path, cache=False)
    assert vectors.words == WORDS
    np.testing.assert_array_equal(vectors.matrix, MATRIX)
    assert vectors.counts.tolist() == COUNTS


@of([path for path in VECTORS if path.suffix in (".npz", ".safetensors")])
def test_metadata_is_read(path):
    assert w2v.load(path).metadata == {"made": "by hand"}


@of(MODELS)
def test_models_are_read_and_trained_further(path, tmp_path):
    assert Checkpoint.open(path).file.facts["w2v"] == path.parent.name
    assert len(w2v.load(path)) == len(w2v.load(path).counts) == 7
    assert w2v.train(sentences=SENTENCES, init=path, epochs=1, save_model=tmp_path / "m").dim == 4
    assert ModelFile.open(tmp_path / "m").facts["epochs_before"] == 1


@of(CLASSIFIERS)
def test_classifiers_are_read(path):
    classifier = w2v.Classifier.load(path)
    assert list(classifier.predict(TEXTS[:4])) == LABELS[:4]


@of([path for path in FILES if path.name in ("vocabulary.txt", "phrases.tsv", "log.jsonl")])
def test_other_files_are_read(path):
    if path.name == "vocabulary.txt":
        assert Vocabulary.load(path).total == 160
    elif path.name == "phrases.tsv":
        assert "new_york" in [phrase.token for phrase in Phrases.load(path)]
    else:
        assert read_training_log(path).words[-1] == 160


@of([path for path in FILES if path.suffix not in (".gz", ".bz2", ".xz")])
def test_every_file_is_still_recognised(path):
    if path.name.endswith(("_metadata.tsv", "_words.txt")) or path.suffix in (".csv", ".tsv", ".npy", ".glove"):
        return  # formats that are known by the names of their files
    assert kind_of(path.read_bytes()[: 1 << 16]) is not None


def test_this_version_writes_what_the_newest_one_wrote(tmp_path):
    """If a format has changed, write the files again, and keep those of the earlier versions."""
    make_old_files.write(tmp_path)
    for path in VERSIONS[-1].iterdir():
        if path.suffix in (".model", ".jsonl", ".gz", ".bz2", ".xz"):  # times, numbers of the CPU, other compressors
            continue
        if path.name == "npz.npz" and VERSIONS[-1].name == "0.3.0":  # its arrays had ZIP's extension for large ones
            continue
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in VERSIONS[-1].iterdir()}
