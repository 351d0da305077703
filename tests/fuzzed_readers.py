"""Every reader of files, with files to damage: the registry that `tests/fuzz.py` and `tests/test_fuzz.py` go by."""

import bz2
import dataclasses
import functools
import gzip
import json
import lzma
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from damage import damaged, damaged_inside, damaged_safetensors, damaged_zip
from fuzz_seeds import (
    ANALOGIES,
    BATS,
    CONLLU,
    CSV,
    JSON,
    JSONL,
    LABELLED,
    LOG,
    PAGE,
    PAIRS,
    PHRASES,
    PLAIN,
    SENTENCES,
    TEI,
    TSV,
    VECTORS,
    VERTICAL,
    VOCABULARY,
    WORDS,
    XML,
)  # fmt: skip

import w2v
from w2v.classify.classifier_file import load_classifier, save_classifier
from w2v.classify.labelled_texts import read_labelled
from w2v.corpus.block_reader import BlockReader
from w2v.corpus.parallel_scan import Arrival
from w2v.documents.record_files import read_text_blocks
from w2v.errors import (
    CorpusError,
    EvaluationError,
    ModelError,
    PhraseError,
    PictureError,
    UsageError,
    VectorsError,
    VocabularyError,
    W2VError,
)  # fmt: skip
from w2v.evaluation.question_files import read_analogies, read_pairs
from w2v.model_file import write_model
from w2v.options import CorpusOptions, EncodingOptions, TrainingOptions
from w2v.options.classify import LabelledOptions
from w2v.phrases import Phrases, load_connector_words
from w2v.training.checkpoint import Checkpoint
from w2v.training_log import TrainingLog, read_training_log
from w2v.vectors import Vectors, cache
from w2v.vocabulary import Vocabulary
from w2v.word_list import first_field, read_word_list

LINE_ENDS = re.compile("[\n\v\f\r]")  # those that are left once wide ones have become these


@dataclasses.dataclass(frozen=True)
class Reader:
    """A reader, and what the fuzzer needs to know of it.

    Attributes:
        file: the name of the file that is read.
        seeds: returns whole files to start from, each a dict of contents by name.
        read: reads a path in a way; raises `refusal` or returns a value, which must be sound.
        refusal: the error for what is wrong with a file.
        ways: keyword arguments for `read`, one of which is chosen for each case.
        write: writes a value to a path, in a way; None if w2v does not write such files.
        same: compares two values.
        damaged: damages the content of a file.
        may_refuse: whether `write` may refuse what was read, since the format can hold less.
    """

    file: str
    seeds: Callable[[], list[dict[str, bytes]]]
    read: Callable[..., Any]
    refusal: type[W2VError] | tuple[type[W2VError], ...]
    ways: tuple[dict[str, Any], ...] = ({},)
    write: Callable[..., dict[str, Any]] | None = None
    same: Callable[[Any, Any], bool] = lambda one, other: one == other
    damaged: Callable[..., bytes] = damaged
    may_refuse: bool = False


def one(*contents):
    """Return a function that gives files of these contents."""

    def seeds_for(file):
        return [{file: content} for content in contents]

    return seeds_for


def made(*writers):
    """Return a function that gives the files that functions write to a path."""

    def seeds_for(file):
        found = []
        for write in writers:
            with tempfile.TemporaryDirectory() as folder:
                write(Path(folder) / file)
                found.append({path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())})
        return found

    return seeds_for


# Vectors


def read_vectors(path, **way):
    vectors = w2v.load(path, cache=False, **way)
    words = list(vectors.words)
    assert len(words) == len(vectors.matrix) == len(set(words)) > 0
    assert all(words)
    assert np.isfinite(vectors.matrix).all()
    if way.get("encoding_errors") != "surrogateescape":
        "".join(words).encode()
    if vectors.norms.all():
        vectors.similar(words[0], n=3)
    assert vectors.counts is None or len(vectors.counts) == len(words)
    return vectors


def write_vectors(vectors, path, **way):
    kept = {name: value for name, value in way.items() if value == "surrogateescape"}
    vectors.save(path, **kept)
    return kept


def same_vectors(one, other):
    counts = [None if vectors.counts is None else vectors.counts.tolist() for vectors in (one, other)]
    same_counts = counts[0] == counts[1]
    return list(one) == list(other) and one.matrix.tobytes() == other.matrix.tobytes() and same_counts


def vectors_in(file, *more, damaged=damaged, writes=True, seeds=None, refusal=VectorsError):
    """Return the reader of vectors in files of this name."""
    without_counts = Vectors(WORDS[:4], VECTORS.matrix[:4])
    seeds = seeds or made(lambda path: VECTORS.save(path), lambda path: without_counts.save(path), *more)
    return Reader(
        file, functools.partial(seeds, file), read_vectors, refusal,
        ({}, {}, {"encoding_errors": "replace"}, {"encoding_errors": "ignore"}, {"encoding_errors": "surrogateescape"},
         {"encoding": "latin-1"}, {"encoding": "gb18030", "encoding_errors": "replace"}),
        write_vectors if writes else None, same_vectors, damaged, may_refuse=True,
    )  # fmt: skip


def plain_vectors():
    rows = zip(WORDS, VECTORS.matrix.tolist(), strict=True)
    return f"{len(WORDS)} 3\n".encode() + "".join(f"{word} {' '.join(map(repr, row))}\n" for word, row in rows).encode()


def zipped_vectors(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("v.txt", plain_vectors())
        archive.writestr("README", "vectors of some words")


def small_npz(path):
    np.savez_compressed(path, w=np.array(WORDS), v=VECTORS.matrix.astype(">f8"))


# The copy of a file in the cache


class CacheFolder:
    """The copy of a file of vectors in a cache folder of its own, which is damaged while the file stays as it is."""

    @functools.cached_property
    def folder(self):
        self._kept = tempfile.TemporaryDirectory()
        return Path(self._kept.name)

    @functools.cached_property
    def source(self):
        path = self.folder / "vectors.txt"
        VECTORS.save(path)
        return path

    def copy(self):
        """Return the bytes of a whole copy."""
        stamp = cache.Stamp.of(self.source)
        with self._patched():
            vectors = w2v.load(self.source, cache=False)
            words = cache.PackedWords.of(list(vectors))
            assert cache.keep_copy(stamp, cache.CachedVectors(words, vectors.matrix, vectors.norms))
            return cache._file_of(stamp).read_bytes()

    def read(self, path):
        """Read the vectors with this copy; they must be those of the file."""
        with self._patched():
            shutil.copyfile(path, cache._file_of(cache.Stamp.of(self.source)))
            assert len(cache.copies()) <= 1
            return w2v.load(self.source)

    def _patched(self):
        from unittest import mock

        return mock.patch.multiple(cache, LEAST_BYTES=1, folder=lambda: self.folder, is_worth_keeping=lambda _: False)


CACHE = CacheFolder()


def read_cache(path):
    vectors = CACHE.read(path)
    assert same_words_and_matrix(vectors, VECTORS)
    return vectors


def same_words_and_matrix(one, other):
    return list(one) == list(other) and one.matrix.tobytes() == other.matrix.tobytes()


def damaged_copy(content, rng):
    """Damage a copy, but leave its checksums as they are: who may write to the cache may write vectors."""
    return damaged(content, rng)


# Models, classifiers, lists


def read_model(path):
    from w2v.training.model import Model

    checkpoint = Checkpoint.open(path)
    assert checkpoint.epochs >= 0
    options = TrainingOptions(**checkpoint.options["training"])
    if options.dim <= 100:  # another model would be large
        checkpoint.fill(Model.create(checkpoint.vocabulary, options))
    file = checkpoint.file
    return file.facts, {name: file.array(name) for name in ("words", "counts", "input_vectors", "output_vectors")}


def write_model_again(model, path):
    write_model(path, *model)
    return {}


def same_facts_and_arrays(one, other):
    return json.dumps(one[0]) == json.dumps(other[0]) and same_arrays(one[1], other[1])


def same_arrays(one, other):
    return one.keys() == other.keys() and all(one[name].tobytes() == other[name].tobytes() for name in one)


def train_model(path, loss="ns"):
    w2v.train(sentences=SENTENCES, dim=3, threads=1, epochs=1, min_count=1, loss=loss, save_model=path)


def train_classifier(path, **options):
    texts = ["a good film", "good fun", "a bad film", "bad taste"] * 3
    targets = [1.5, 2, 0, 0.5] * 3 if options.get("task") == "regression" else ["+", "+", "-", "-"] * 3
    w2v.Classifier(dim=3, epochs=1, threads=1, seed=1, word_ngrams=1, **options).fit(texts, targets).save(path)


def read_classifier(path):
    classifier = load_classifier(path)
    with np.errstate(all="ignore"):  # weights may be huge
        classifier.outputs(["a good film", "bad", ""], 1)
    return classifier


def write_classifier(classifier, path):
    save_classifier(path, classifier)
    return {}


def same_classifiers(one, other):
    facts = [
        [
            model.task, model.labels, model.options, model.features.options, model.features.words,
            model.features.ngrams.tolist(), model.features.idf.tolist(), model.features.longest, model.baseline,
            model.center, model.scale, model.losses, model.examples,
            [array.tobytes() for array in model.network.arrays],
        ]
        for model in (one, other)
    ]  # fmt: skip
    return repr(facts[0]) == repr(facts[1])


def read_vocabulary(path, **way):
    vocabulary = Vocabulary.load(path, **way)
    assert len(vocabulary.index) == len(vocabulary) > 0
    assert (vocabulary.counts > 0).all()
    return vocabulary.words, vocabulary.counts.tolist()


def write_vocabulary(vocabulary, path, **_):
    Vocabulary(*vocabulary).save(path)
    return {}


def read_phrases(path):
    return [dataclasses.replace(one, score=one.score and float(f"{one.score:.6g}")) for one in Phrases.load(path)]


def write_phrases(phrases, path):
    Phrases(phrases).save(path)
    return {}


def resume_log(path):
    told = []
    before = path.read_bytes()
    with TrainingLog(path, 3000, 3.0, 3000, 3, note=told.append) as log:
        log.add(4.0, 1000, 0.02, 10.0, 5)
    assert not told
    kept = path.read_bytes()
    *earlier, last = kept.decode().splitlines(keepends=True)
    assert json.loads(last)["words"] == 4000
    assert len(kept) <= len(before) * 3 + 1000
    return len(earlier)


# Text


def read_text(path, **options):
    """Return the sentences of a text: the same whether it is read in large blocks or in small ones."""
    chosen = CorpusOptions(threads=1, **options)
    found = [_sentences(path, chosen, size) for size in (1 << 20, 64)]
    assert found[0] == found[1], "depends on the size of blocks"
    return found[0]


def _sentences(path, options, block_bytes):
    sentences = [[]]
    for block in BlockReader(path, block_bytes, options):
        arrival = Arrival.of(block, options)
        text = arrival.text[: arrival.length].tobytes().decode()
        assert "\0" not in text
        first, *lines = LINE_ENDS.split(text)
        if not block.continues:
            sentences.append([])
        sentences[-1] += first.split()
        sentences += [line.split() for line in lines]
    return [words for words in sentences if words]


def text_in(file, *contents, ways=({},), seeds=None, damaged=damaged):
    """Return the reader of text in files of this name, with ways to read that differ in options."""
    seeds = seeds or one(*contents)
    usual = ({}, {"skip_bad_records": True}, {"encoding_errors": "replace", "sentence_unit": "paragraph"},
             {"encoding_errors": "ignore", "skip_bad_records": True}, {"encoding": "latin-1"})  # fmt: skip
    return Reader(
        file, functools.partial(seeds, file), read_text, (CorpusError, UsageError), (*usual, *ways), damaged=damaged
    )


def parquet_file(path):
    import pyarrow as pa
    from pyarrow import parquet

    table = pa.table({"id": [1, 2], "text": ["a rose é", None]})
    parquet.write_table(table, path)


def read_labelled_texts(path, **way):
    found = list(read_labelled([str(path)], LabelledOptions(), task="auto", **way))
    assert all(text.text.strip() for text in found)
    return len(found)


def read_documents(path, **way):
    blocks = b"".join(read_text_blocks([str(path)], **way))
    assert b"\0" not in blocks
    assert blocks.endswith(b"\n") or not blocks
    return blocks.decode().count("\n")


_ENCODINGS = (None, EncodingOptions(encoding="latin-1"), EncodingOptions(encoding_errors="replace"))


def listed(file, read, refusal, *contents):
    """Return the reader of a small text, which may have another encoding."""
    ways = tuple({} if encoding is None else {"encoding": encoding} for encoding in _ENCODINGS)
    return Reader(file, functools.partial(one(*contents), file), read, refusal, ways)


READERS = {
    "word2vec text": vectors_in("v.txt"),
    "word2vec binary": vectors_in("v.bin"),
    "GloVe": vectors_in("v.glove.txt"),
    "fastText .vec": vectors_in("v.vec", seeds=one(plain_vectors())),
    "npz": vectors_in("v.npz", small_npz, damaged=damaged_zip),
    "safetensors": vectors_in("v.safetensors", damaged=damaged_safetensors),
    "projector": vectors_in("v.tsv"),
    "vectors in CSV": vectors_in("v.csv"),
    "npy": vectors_in("v.npy"),
    "vectors in gzip": vectors_in("v.txt.gz", damaged=damaged_inside("gzip")),
    "vectors in bzip2": vectors_in("v.txt.bz2", damaged=damaged_inside("bz2")),
    "vectors in xz": vectors_in("v.txt.xz", damaged=damaged_inside("xz")),
    "vectors in ZIP": vectors_in("v.zip", seeds=made(zipped_vectors), damaged=damaged_zip, writes=False),
    "vectors of a model": vectors_in(
        "v.model", seeds=made(train_model), damaged=damaged_safetensors, writes=False,
        refusal=(VectorsError, ModelError),
    ),
    "cached copy": Reader(
        "copy.vectors", lambda: [{"copy.vectors": CACHE.copy()}], read_cache, VectorsError, damaged=damaged_copy
    ),
    "model": Reader(
        "m", functools.partial(made(train_model, functools.partial(train_model, loss="hs")), "m"), read_model,
        ModelError, write=write_model_again, same=same_facts_and_arrays, damaged=damaged_safetensors,
    ),
    "classifier": Reader(
        "c.model",
        functools.partial(made(train_classifier, functools.partial(train_classifier, task="regression")), "c.model"),
        read_classifier, ModelError, write=write_classifier, same=same_classifiers, damaged=damaged_safetensors,
    ),
    "vocabulary": Reader(
        "words.txt", functools.partial(one(VOCABULARY), "words.txt"), read_vocabulary, VocabularyError,
        ({}, {"encoding": "latin-1"}, {"encoding_errors": "replace"}, {"encoding_errors": "ignore"}), write_vocabulary,
    ),
    "phrases": Reader(
        "p.tsv", functools.partial(one(PHRASES, b"new york\n\"big apple\"\t3\n"), "p.tsv"), read_phrases, PhraseError,
        write=write_phrases,
    ),
    "connector words": Reader(
        "c.txt", functools.partial(one(b"of the\nand\n"), "c.txt"), lambda path: load_connector_words(str(path)),
        PhraseError,
    ),
    "word list": listed(
        "w.txt", lambda path, **way: read_word_list(path, VectorsError, first_field, **way), VectorsError, VOCABULARY
    ),
    "pairs": listed("pairs.csv", read_pairs, EvaluationError, PAIRS, PAIRS.replace(b",", b"\t")),
    "analogies": listed("q.txt", read_analogies, EvaluationError, ANALOGIES, BATS),
    "log": Reader("run.jsonl", functools.partial(one(LOG), "run.jsonl"), read_training_log, PictureError),
    "log to resume": Reader("run.jsonl", functools.partial(one(LOG), "run.jsonl"), resume_log, PictureError),
    "plain text": text_in(
        "t.txt", PLAIN, PLAIN.decode().encode("utf-16"), ways=({"encoding": "utf-16"}, {"encoding": "cp1252"})
    ),
    "text in gzip": text_in("t.txt.gz", gzip.compress(PLAIN, mtime=0), damaged=damaged_inside("gzip")),
    "text in bzip2": text_in("t.txt.bz2", bz2.compress(PLAIN), damaged=damaged_inside("bz2")),
    "text in xz": text_in("t.txt.xz", lzma.compress(PLAIN), damaged=damaged_inside("xz")),
    "HTML": text_in("a.html", PAGE, ways=({"element": ("p", "li")},)),
    "XML": text_in("a.xml", XML, TEI, ways=({"element": ("p",)},)),
    "JSON lines": text_in("a.jsonl", JSONL, ways=({"sentence_unit": "document"}, {"field": ("text", "posts.text")})),
    "JSON": text_in("a.json", JSON, ways=({"sentence_unit": "document"}, {"field": ("posts.text",)})),
    "CSV": text_in("a.csv", CSV, CSV.replace(b",", b";"), ways=({"field": ("2",)},)),
    "TSV": text_in("a.tsv", TSV, ways=({"field": ("text",)},)),
    "Parquet": text_in("a.parquet", seeds=made(parquet_file)),
    "CoNLL-U": text_in("a.conllu", CONLLU, ways=({"take": "lemma"}, {"take": "lemma_upos"}, {"take": "upos"})),
    "vertical text": text_in("a.vert", VERTICAL, ways=({"take": "lemma"}, {"take": "lemma_upos"}, {"take": "upos"})),
    "labelled lines": listed("l.txt", read_labelled_texts, CorpusError, LABELLED),
    "labelled CSV": listed("l.csv", read_labelled_texts, CorpusError, b'label,text\na,the king\nb,"the, queen"\n'),
    "labelled JSON lines": listed(
        "l.jsonl", read_labelled_texts, CorpusError, b'{"label": "a", "text": "the king"}\n{"label": 2, "text": "x"}\n'
    ),
    "documents": listed("d.txt", read_documents, CorpusError, PLAIN),
    "documents in TSV": listed("d.tsv", read_documents, CorpusError, TSV),
}  # fmt: skip
