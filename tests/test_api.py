"""The package as a Python programmer uses it."""

import dataclasses
import os
import subprocess
import sys
import typing
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
from console import environment, w2v

import w2v as library
from w2v.options import CorpusOptions, TrainingOptions, VocabularyOptions

SENTENCES = [f"the {who} of land{i % 4} lives in a {where}".split() for i in range(60) for who, where in
             [("king", "castle"), ("queen", "palace")]]  # fmt: skip
TEXT = "".join(" ".join(sentence) + "\n" for sentence in SENTENCES)
ROOT = Path(__file__).parents[1]
QUICK = {"dim": 8, "epochs": 1, "threads": 1}


@pytest.fixture
def corpus(tmp_path):
    """A file with the sentences."""
    path = tmp_path / "corpus.txt"
    path.write_text(TEXT)
    return path


class Listener:
    """A w2v.progress.Progress that remembers."""

    def __init__(self):
        self.tasks, self.facts, self.notes = [], [], []

    def start(self, task, total, unit, before=0):
        self.tasks.append(task)

    def update(self, done, facts=None):
        self.facts.append(facts)

    def finish(self):
        self.tasks.append("end")

    def note(self, text):
        self.notes.append(text)


def same(first, second):
    return first.words == second.words and np.array_equal(first.matrix, second.matrix)


# train


def test_files_and_sentences_in_memory_give_the_same_vectors(corpus, tmp_path):
    trained = library.train(corpus, **QUICK)
    assert isinstance(trained, library.Vectors)
    assert trained.matrix.shape == (13, 8)
    assert trained.matrix.dtype == np.float32
    assert set(trained.words) == set(TEXT.split())
    (tmp_path / "one.txt").write_text(TEXT[: TEXT.index("\n", 700) + 1])
    (tmp_path / "two.txt").write_text(TEXT[TEXT.index("\n", 700) + 1 :])
    for again in (
        library.train(str(corpus), **QUICK),
        library.train([str(tmp_path / "one.txt"), tmp_path / "two.txt"], **QUICK),
        library.train(sentences=SENTENCES, **QUICK),
        library.train(sentences=(tuple(sentence) for sentence in SENTENCES), **QUICK),
    ):
        assert same(trained, again)


def test_the_command_line_and_the_library_give_the_same_vectors(corpus, tmp_path):
    process = w2v(
        "train", corpus, "--threads", "1", "--dim", "9", "--model", "cbow", "--ns-exponent", 0.5, cwd=tmp_path
    )
    assert process.returncode == 0, process.stderr
    trained = library.train(corpus, threads=1, dim=9, model="cbow", ns_exponent=0.5)
    assert same(trained, library.load(tmp_path / "vectors.txt"))


def test_every_option_reaches_what_takes_it(corpus, tmp_path):
    changed = {
        "tokens": "words", "lowercase": True, "encoding_errors": "ignore", "work_dir": tmp_path, "min_count": 40,
        "max_vocab": 5, "model": "cbow", "loss": "hs", "dim": 9, "window": 2, "window_mode": "full", "negative": 3,
        "ns_exponent": 0.0, "epochs": 2, "sample": 0.01, "subsample_rule": "paper", "lr": 0.5,
        "min_lr": 0.01, "max_sentence": 4,
        "cbow_mean": False, "cbow_gradient": "word2vec", "phrases": 1, "threads": 2, "seed": 2,
    }  # fmt: skip
    assert changed.keys() == typing.get_type_hints(library.Options).keys()
    corpus.write_bytes(TEXT.replace("king", "King,").encode() + b"\xff\n")
    base = {**QUICK, "encoding_errors": "replace"}
    for name in changed.keys() - {"threads", "work_dir", "encoding_errors", "phrases"}:  # no phrases in this text
        plain = base | {
            "cbow_mean": {"model": "cbow"},
            "cbow_gradient": {"model": "cbow"},
            "min_lr": {"epochs": 2},
        }.get(name, {})
        assert not same(library.train(corpus, **plain), library.train(corpus, **plain | {name: changed[name]})), name
    assert library.train(corpus, **changed).matrix.shape == (5, 9)
    with pytest.raises(library.W2VError, match="not UTF-8"):
        library.train(corpus, **QUICK)
    with pytest.raises(library.W2VError, match="choose another work_dir"):
        library.train(corpus, **{**base, "work_dir": tmp_path / "nowhere"})


def test_the_options_are_those_of_the_library_with_the_same_types():
    fields = {}
    for owner in (CorpusOptions, VocabularyOptions, TrainingOptions):
        hints = typing.get_type_hints(owner)
        fields |= {field.name: hints[field.name] for field in dataclasses.fields(owner)}
    assert fields["work_dir"] == Path | None
    assert typing.get_type_hints(library.Options) == fields | {"work_dir": str | os.PathLike[str] | None}


def test_vocabulary_files(corpus, tmp_path):
    words = tmp_path / "words.txt"
    plain = library.train(corpus, save_vocab=words, **QUICK)
    assert dict(line.split() for line in words.read_text().splitlines())["king"] == "60"
    assert same(plain, library.train(corpus, read_vocab=str(words), **QUICK))
    words.write_text("king 3\nqueen 2\n")
    assert library.train(corpus, read_vocab=words, **QUICK).words == ["king", "queen"]


@pytest.mark.parametrize(
    "option, kind", [("save_vocab", "word counts"), ("save_model", "model"), ("log", "log of training")]
)
def test_files_are_replaced_by_their_like_only(corpus, tmp_path, option, kind):
    for _ in range(2):
        library.train(corpus, **QUICK, **{option: tmp_path / "f"})
    (tmp_path / "f").write_text("my only copy\n")
    with pytest.raises(library.W2VError, match=f"f: exists, holds no {kind}, and would be overwritten; choose another"):
        library.train("nowhere.txt", **QUICK, **{option: tmp_path / "f"})
    assert (tmp_path / "f").read_text() == "my only copy\n"


def test_progress_is_told(corpus):
    listener = Listener()
    library.train(corpus, progress=listener, **QUICK)
    assert listener.tasks == ["reading", "end", "training", "end"]
    assert listener.facts[-1].keys() == {"lr", "loss"}
    assert len(listener.notes) == 2


def test_nothing_is_printed(corpus, capfd):
    library.train(corpus, **QUICK)
    with pytest.raises(library.W2VError):
        library.train("nowhere.txt")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "arguments, options, told",
    [
        (["c.txt"], {"epochss": 3}, r"no option epochss; did you mean epochs\?"),
        (["c.txt"], {"mincount": 3}, r"no option mincount; did you mean min_count\?"),
        (["c.txt"], {"vectr_size": 3}, r"no option vectr_size; did you mean vector_size\?"),
        (["c.txt"], {"return_raport": 3}, r"no option return_raport; did you mean return_report\?"),
        (["c.txt"], {"xyzzyxyzzy": 3}, "no option xyzzyxyzzy; there are .* threads, "),
        (["c.txt"], {"size": 3, "dim": 4}, "size and dim both set dim; leave out one of them"),
        (["c.txt"], {"sg": 1, "cbow": 0}, "sg and cbow both set model; leave out one of them"),
        (["c.txt"], {"corpus_file": "d.txt"}, "sources is given twice, once under another name"),
        (["c.txt"], {"sg": 2}, "sg can't be 2; use model='cbow' or model='skipgram'"),
        (["c.txt"], {"cbow_mean": 2}, "cbow_mean can't be 2; use 1 for the mean, or 0 for the sum"),
        (["c.txt"], {"hs": 0.5}, "hs can't be 0.5; use loss='hs' or loss='ns'"),
        (["c.txt"], {"maxn": 6}, "maxn can't be 6; subwords are not supported; leave it out"),
        (["c.txt"], {"bucket": 2}, "no option bucket; subwords are not supported"),
        (["c.txt"], {"compute_loss": True}, "no option compute_loss; use return_report=True"),
        (["c.txt"], {"verbose": 2}, "no option verbose; training is silent unless you pass progress=True"),
        (["c.txt"], {"progress": 1}, "progress must be True, False or a w2v.progress.Progress, not 1"),
        (["c.txt"], {"return_report": 1}, "return_report must be True or False, not 1"),
        (["c.txt"], {"resume": "yes"}, "resume must be True or False, not 'yes'"),
        (["c.txt"], {"init": 5}, "init must be the name of a file or folder, not 5"),
        (["c.txt"], {"epochs": 10**30}, "epochs must be at most 2147483647, not 10000"),
        (["c.txt"], {"dim": 0}, "dim must be at least 1, not 0"),
        (["c.txt"], {"dim": "50"}, "dim must be a whole number, not '50'"),
        (["c.txt"], {"dim": None}, "dim must be a whole number, not None"),
        (["c.txt"], {"epochs": 2.5}, "epochs must be a whole number, not 2.5"),
        (["c.txt"], {"window": True}, "window must be a whole number, not True"),
        (["c.txt"], {"max_vocab": "9"}, "max_vocab must be a whole number, not '9'"),
        (["c.txt"], {"lr": "0.1"}, "lr must be a number, not '0.1'"),
        (["c.txt"], {"lr": 10**400}, "lr must be a number that a float can hold, not 1000"),
        (["c.txt"], {"sample": None}, "sample must be a number, not None"),
        (["c.txt"], {"lowercase": 1}, "lowercase must be True or False, not 1"),
        (["c.txt"], {"model": None}, "model must be one of skipgram, cbow, not None"),
        (["c.txt"], {"tokens": ["words"]}, r"tokens must be one of whitespace, words, not \['words'\]"),
        (["c.txt"], {"work_dir": 5}, "work_dir must be the name of a file or folder, not 5"),
        (["c.txt"], {"read_vocab": {}}, "read_vocab must be the name of a file or folder, not {}"),
        (["c.txt"], {"save_vocab": 5}, "save_vocab must be the name of a file or folder, not 5"),
        (["c.txt"], {"min_lr": 0.5}, "min_lr must be from 0 to the learning rate at the start, 0.03, not 0.5"),
        (["c.txt"], {"ns_exponent": 1e308}, "ns_exponent must be from -1000 to 1000, not 1e.308"),
        ([], {}, r"give either files and folders, as in train\('corpus.txt'\), or train\(sentences=...\)"),
        (["c.txt"], {"sentences": SENTENCES}, "give either files"),
        ([SENTENCES], {}, r"for text in memory, write train\(sentences=...\)"),
        ([iter(SENTENCES)], {}, r"for text in memory, write train\(sentences=...\)"),
        ([b"c.txt"], {}, "sources must be names of files and folders"),
        ([], {"sentences": "c.txt"}, r"lists of tokens; to name a file, write train\('corpus.txt'\)"),
        ([], {"sentences": 5}, "sentences must be lists of tokens"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_read(arguments, options, told):
    with pytest.raises(library.UsageError, match=told):
        library.train(*arguments, **options)


def test_numbers_may_be_numpys(corpus):
    numpys = {"dim": np.int16(8), "epochs": np.uint8(1), "threads": np.int64(1), "lr": np.float32(0.0625), "sample": 0}
    plain = {"dim": 8, "epochs": 1, "threads": 1, "lr": 0.0625, "sample": 0.0}
    assert same(library.train(corpus, **numpys), library.train(corpus, **plain))


@pytest.mark.parametrize(
    "sentences, told",
    [
        (["the king of the land"], "sentence 1: is a text, not a list of tokens"),
        ([["a", "king"], ["the queen"]], "sentence 2: the token 'the queen' is empty or has white space in it"),
        ([["a", 3]], "sentence 1: a token is not a text"),
        ([], "the text is empty"),
        ([["a", "b"]], "lower min_count"),
    ],
)
def test_sentences_that_cannot_be_used(sentences, told):
    with pytest.raises(library.W2VError, match=told) as failure:
        library.train(sentences=sentences)
    assert "\n" not in str(failure.value)


def test_an_error_among_the_callers_sentences_reaches_the_caller():
    def broken():
        yield from SENTENCES
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        library.train(sentences=broken(), **QUICK)


# the rest of the package


def test_load_reads_what_save_wrote(tmp_path):
    trained = library.train(sentences=SENTENCES, **QUICK)
    trained.save(tmp_path / "v.txt")
    assert same(trained, library.load(tmp_path / "v.txt"))
    assert same(trained, library.load(str(tmp_path / "v.txt")))
    with pytest.raises(library.W2VError, match="no such file"):
        library.load(tmp_path / "nowhere.txt")


def test_names():
    assert library.__version__ == version("w2v")
    assert set(library.__all__) <= set(dir(library))
    for name in library.__all__:
        assert getattr(library, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'tarin'"):
        library.tarin  # noqa: B018


def test_the_package_is_imported_without_what_it_does_not_need_yet(tmp_path):
    (tmp_path / "v.txt").write_text("2 2\na 1 2\nb 2 1\n")
    script = (
        "import sys, w2v\n"
        "assert not {'numpy', 'numba', 'click', 'tqdm'} & sys.modules.keys()\n"
        "assert w2v.load('v.txt').similar('a')[0].word == 'b'\n"
        "assert not {'numba', 'click', 'tqdm'} & sys.modules.keys(), 'after a query'\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=environment(), check=True, timeout=60)


def test_a_type_checker_knows_the_options(tmp_path):
    (tmp_path / "user.py").write_text(
        "import w2v\n"
        "good: list[str] = [word for word, _ in w2v.train('c.txt', dim=3, lr=None).similar('a')]\n"
        "w2v.train(['a', 'b'], threads=2, tokens='words')\n"
        "w2v.train(sentences=(line.split() for line in ['a b']))\n"
        "w2v.train('c.txt', dim='many')\n"
        "w2v.train('c.txt', dims=3)\n"
        "w2v.train('c.txt', vector_size=3, workers=2, sg=1).similar('a', topn=3)\n"
        "losses: list[float] = w2v.train('c.txt', return_report=True)[1].losses\n"
        "w2v.tarin('c.txt')\n"
        "groups: list[list[str]] = list(w2v.cluster(w2v.load('v.txt'), 3, progress=True))\n"
        "w2v.load('v.txt').similar('a', topm=3)\n"
        "tokens: list[str] = w2v.find_phrases('c.txt', min_count=3).join(['a'])\n"
        "rho: float = w2v.evaluate_pairs(w2v.load('v.txt'), 'pairs.tsv').spearman\n"
    )
    (tmp_path / "mypy.ini").write_text(
        "[mypy]\nstrict = true\n[mypy-w2v.*]\nignore_errors = true\n"
        "[mypy-numpy.*,numba.*,llvmlite.*,scipy.*]\nfollow_imports = skip\n"
    )
    process = subprocess.run(
        [sys.executable, "-m", "mypy", "--cache-dir", str(tmp_path), "user.py"],
        cwd=tmp_path, capture_output=True, text=True, env=environment(MYPYPATH=str(ROOT)), check=False, timeout=120,
    )  # fmt: skip
    wrong = [line.split(":")[:2] for line in process.stdout.splitlines() if ": error:" in line]
    assert {line for _, line in wrong} == {"5", "6", "9", "11"}, process.stdout
