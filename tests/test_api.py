"""The package as a Python programmer uses it."""

import dataclasses
import inspect
import io
import os
import re
import shutil
import subprocess
import sys
import typing
from collections.abc import Collection, Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
from console import environment, w2v
from optional import optional

import w2v as library
from w2v import options
from w2v.options import CorpusOptions, TrainingOptions, VocabularyOptions, WalkOptions, foreign_names, keywords
from w2v.wording import as_python

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


# Options of what is read, which tests/test_text_files.py and tests/test_readers.py try.
ROUNDS = {"deterministic", "replicas", "merge_every"}  # which a text of one block does not need: tests/test_rounds.py
FILES = {"encoding", "include", "exclude", "text_format", "field", "element", "take", "skip_bad_records"}


def test_every_option_has_its_effect(corpus, tmp_path):
    changed = {
        "tokens": "words", "lowercase": True, "strip_accents": True, "numbers": "NUM", "stopwords": ["the"],
        "min_token_length": 3, "dedup": True, "language": "tr", "encoding_errors": "ignore", "work_dir": tmp_path,
        "min_count": 40,
        "sentence_unit": "paragraph", "encoding": "latin-1", "include": ["*.txt"], "exclude": "*.md",
        "text_format": "plain", "field": (), "element": (), "take": "lemma", "skip_bad_records": True,
        "max_vocab": 5, "model": "cbow", "loss": "hs", "dim": 9, "window": 2, "window_mode": "full",
        "negative": 12,  # has tiles of the same size as 5, so that nothing is compiled for it
        "ns_exponent": 0.0, "epochs": 2, "sample": 0.01, "subsample_rule": "paper", "lr": 0.5,
        "min_lr": 0.01, "max_sentence": 4,
        "cbow_mean": False, "cbow_gradient": "word2vec", "phrases": 1, "threads": 2, "seed": 2,
        "deterministic": True, "replicas": 2, "merge_every": 120,
    }  # fmt: skip
    assert changed.keys() == typing.get_type_hints(library.Options).keys()
    text = TEXT.replace("king", "KIng,").replace("castle", "câstle 42")
    corpus.write_bytes(text.encode() + b"\xff\n")
    base = {**QUICK, "encoding_errors": "replace"}
    for name in changed.keys() - {
        "threads",
        "work_dir",
        "encoding_errors",
        "phrases",
        *ROUNDS,
        *FILES,
    }:  # no phrases in this text
        plain = base | {
            "cbow_mean": {"model": "cbow"},
            "language": {"lowercase": True},
            "cbow_gradient": {"model": "cbow"},
            "min_lr": {"epochs": 2},
        }.get(name, {})
        assert not same(library.train(corpus, **plain), library.train(corpus, **plain | {name: changed[name]})), name
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.md").write_text("not this")
    shutil.copy(corpus, tmp_path / "texts")
    assert library.train(tmp_path / "texts", **{**changed, "dedup": False}).matrix.shape == (5, 9)
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
    patterns = str | Sequence[str]
    assert typing.get_type_hints(library.Options) == fields | {
        "work_dir": str | os.PathLike[str] | None,
        "stopwords": str | os.PathLike[str] | Collection[str] | None,
        **dict.fromkeys(("include", "exclude", "field", "element"), patterns),
    }


RUN_ARGUMENTS = {"init", "vocab_mode", "pretrained", "save_model", "save_every", "resume", "yes", "log", "cluster"}


def documented(owner):
    """Return the names under "Attributes" in the docstring of a class."""
    return re.findall(r"^ {4}(\w+): ", inspect.cleandoc(owner.__doc__).partition("Attributes:\n")[2], re.MULTILINE)


@pytest.mark.parametrize("name", options.__all__)
def test_each_option_is_explained_where_it_is_defined(name):
    owner = getattr(options, name)
    assert documented(owner) == [field.name for field in dataclasses.fields(owner)]


def test_type_checkers_docs_and_functions_agree_on_the_keywords():
    signature = set(inspect.signature(library.train).parameters) - {"sources", "options"}
    own = typing.get_type_hints(keywords.Options).keys() | typing.get_type_hints(keywords.ForeignOptions).keys()
    in_typed_dict = keywords.TrainKeywords.__annotations__.keys() - own
    assert in_typed_dict == signature - {"return_report"}
    assert signature >= RUN_ARGUMENTS == {field.name for field in dataclasses.fields(options.RunOptions)}
    explained = re.findall(r"^ {4}(\w+): ", inspect.getdoc(library.train).partition("Returns:")[0], re.MULTILINE)
    assert explained == list(inspect.signature(library.train).parameters)
    fields = {field.name for owner in (CorpusOptions, options.PhraseOptions) for field in dataclasses.fields(owner)}
    assert typing.get_type_hints(keywords.FindPhrasesOptions).keys() == fields
    fields = {field.name for field in dataclasses.fields(WalkOptions)}
    assert typing.get_type_hints(keywords.WalkKeywords).keys() == fields


def test_type_checkers_know_all_foreign_names():
    written = {
        **typing.get_type_hints(keywords.ForeignOptions),
        **typing.get_type_hints(keywords.ForeignEvaluationNames),
        **typing.get_type_hints(keywords.ForeignLoadNames),
    }
    known = {foreign_names.snake(name) for name in written} - {"min_count", "binary", "no_header"}
    tables = (foreign_names.RENAMED, foreign_names.CONVERTED, foreign_names.NEEDLESS, foreign_names.TEXT)
    assert known <= {name for table in tables for name in table}
    gensim = optional("gensim.models")
    functions = (
        gensim.Word2Vec, gensim.FastText, gensim.Word2Vec.train, gensim.Word2Vec.build_vocab,
        gensim.KeyedVectors.evaluate_word_pairs, gensim.KeyedVectors.evaluate_word_analogies,
    )  # fmt: skip
    theirs = {name for function in functions for name in inspect.signature(function).parameters}
    theirs |= {foreign_names.snake(name) for name in FASTTEXT_KEYWORDS} | {"size", "iter"}  # gensim 3
    ours = keywords.TrainKeywords.__annotations__.keys() | {"pairs", "analogies", "encoding", "restrict_vocab"}
    assert theirs - {"self", "kwargs"} <= known | ours | foreign_names.PYTHON_ADVICE.keys()


# Of fastText's train_unsupervised
FASTTEXT_KEYWORDS = (
    "input", "model", "lr", "dim", "ws", "epoch", "minCount", "minCountLabel", "minn", "maxn", "neg", "wordNgrams",
    "loss", "bucket", "thread", "lrUpdateRate", "t", "label", "verbose", "pretrainedVectors",
)  # fmt: skip

# What each keyword of gensim's models becomes with its default value, and what with another one. A set has the names of
# our options, () stands for a note, None for no trace, and a str for what the error says.
GENSIM_KEYWORDS = {
    "sentences": (None, SENTENCES, {"sentences"}),
    "corpus_file": (None, "c.txt", {"sources"}),
    "vector_size": ({"dim"}, 50, {"dim"}),
    "alpha": ({"lr"}, 0.5, {"lr"}),
    "window": ({"window"}, 3, {"window"}),
    "min_count": ({"min_count"}, 3, {"min_count"}),
    "max_vocab_size": (None, 500, "counting needs no limit; `max_vocab=N` keeps"),
    "sample": ({"sample"}, 0.1, {"sample"}),
    "seed": ({"seed"}, 3, {"seed"}),
    "workers": ({"threads"}, 2, {"threads"}),
    "min_alpha": ({"min_lr"}, 0.01, {"min_lr"}),
    "sg": ({"model"}, 1, {"model"}),
    "hs": (None, 1, {"loss"}),
    "negative": ({"negative"}, 3, {"negative"}),
    "ns_exponent": ({"ns_exponent"}, 0.5, {"ns_exponent"}),
    "cbow_mean": ({"cbow_mean"}, 0, {"cbow_mean"}),
    "hashfxn": ((), abs, ()),
    "epochs": ({"epochs"}, 3, {"epochs"}),
    "null_word": (None, 1, "there is no null word"),
    "trim_rule": (None, len, "use `min_count` or `max_vocab`"),
    "sorted_vocab": (None, 0, "the vocabulary is always sorted"),
    "batch_words": (None, 99, ()),
    "compute_loss": (None, True, ()),
    "callbacks": (None, [print], "pass `progress`"),
    "comment": (None, "mine", ()),
    "max_final_vocab": ({"max_vocab"}, 9, {"max_vocab"}),
    "shrink_windows": ({"window_mode"}, False, {"window_mode"}),
    "word_ngrams": (None, 2, ()),
    "min_n": ("subwords are not supported", 0, None),
    "max_n": ("subwords are not supported", 0, None),
    "bucket": ("subwords are not supported", 0, None),
}


@pytest.mark.parametrize("model", ["Word2Vec", "FastText"])
def test_each_keyword_of_gensim_is_handled_on_purpose(model):
    signature = inspect.signature(getattr(optional("gensim.models"), model)).parameters
    foreign = typing.get_type_hints(keywords.ForeignOptions).keys()
    known = frozenset({*keywords.TrainKeywords.__annotations__, "sources", "return_report"} - foreign)
    for name, parameter in signature.items():
        by_default, other, by_other = GENSIM_KEYWORDS[name]
        for value, outcome in ((parameter.default, by_default), (other, by_other)):
            if name in ("sentences", "corpus_file") and value is None:
                continue  # which is the same as without it
            notes = []
            if isinstance(outcome, str):
                with pytest.raises(library.UsageError, match=re.escape(as_python(outcome))):
                    foreign_names.translated({name: value}, known, notes.append)
                continue
            found = foreign_names.translated({name: value}, known, notes.append)
            assert set(found) == (outcome or set()), name
            assert bool(notes) == (outcome == () or (name, value) == ("hs", 1)), name


def test_each_keyword_of_gensims_phrases_is_handled_on_purpose():
    listener = Listener()
    theirs = {
        "sentences": SENTENCES, "min_count": 5, "threshold": 10.0, "max_vocab_size": 40_000_000, "delimiter": "_",
        "progress_per": 10_000, "scoring": "default", "connector_words": frozenset(),
    }  # fmt: skip
    signature = inspect.signature(optional("gensim.models").Phrases).parameters
    assert theirs == {name: parameter.default for name, parameter in signature.items()} | {"sentences": SENTENCES}
    phrases = library.find_phrases(progress=listener, **theirs)
    assert list(phrases) == list(library.find_phrases(sentences=SENTENCES, score="gensim", threshold=10.0))
    assert not any("nothing here" in note for note in listener.notes)
    others = {"delimiter": b"+", "max_vocab_size": 9, "recode_to_utf8": True, "common_terms": ["of"], "threshold": 1}
    assert {phrase.token for phrase in library.find_phrases(sentences=SENTENCES, progress=listener, **others)} >= {
        "lives+in"
    }
    assert listener.notes[-1] == (
        "these change nothing here: max_vocab_size=9 (everything is counted, in bounded memory), recode_to_utf8=True"
        " (tokens are text as they are)"
    )


def test_notes_on_foreign_keywords_go_where_progress_goes(corpus):
    listener = Listener()
    quick = {"size": 5, "iter": 1, "workers": 1, "progress": listener}
    library.train(corpus, batch_words=99, lrUpdateRate=5, maxn=0, bucket=2, minn=3, hs=1, pretrainedVectors="", **quick)
    first, second, *_ = listener.notes
    assert first == (
        "these change nothing here: batch_words=99 (blocks of text need no size), lrUpdateRate=5 (the rate is updated"
        " continuously), bucket=2 (there are no subwords), minn=3 (there are no subwords)"
    )
    assert second == foreign_names.HS_ALONE
    listener.notes.clear()
    library.train(corpus, hs=1, negative=5, **quick)
    assert listener.notes.count(foreign_names.HS_ALONE) == 1
    listener.notes.clear()
    library.train(corpus, hs=1, negative=0, **quick)
    assert foreign_names.HS_ALONE not in listener.notes


@pytest.mark.parametrize(
    "foreign, ours",
    [
        ({"vector_size": 9, "sg": 0, "workers": 1, "alpha": 0.05, "min_alpha": 0.01, "epochs": 2, "hs": 0},
         {"dim": 9, "model": "cbow", "threads": 1, "lr": 0.05, "min_lr": 0.01, "epochs": 2}),
        ({"size": 9, "iter": 2, "cbow_mean": 0, "cbow": 1, "max_final_vocab": 5, "workers": 1, "sorted_vocab": 1},
         {"dim": 9, "epochs": 2, "cbow_mean": False, "model": "cbow", "max_vocab": 5, "threads": 1}),
        ({"dim": 9, "epoch": 2, "ws": 3, "minCount": 9, "neg": 12, "t": 1e-2, "thread": 1, "wordNgrams": 1, "minn": 0},
         {"dim": 9, "epochs": 2, "window": 3, "min_count": 9, "negative": 12, "sample": 1e-2, "threads": 1}),
        ({"size": 9, "hs": True, "shrink_windows": False, "sg": np.int64(1), "workers": 1},
         {"dim": 9, "loss": "hs", "window_mode": "full", "threads": 1}),
    ],
)  # fmt: skip
def test_options_of_other_tools_mean_the_same_in_python(corpus, foreign, ours):
    expected = library.train(corpus, **ours)
    assert same(library.train(corpus_file=corpus, **foreign), expected)
    assert same(library.train(input=str(corpus), **foreign), expected)


def test_names_of_other_tools_for_files_work_too(corpus, tmp_path):
    first = library.train(corpus, **QUICK)
    first.save(tmp_path / "first.txt")
    for name in ("pretrainedVectors", "pretrained_vectors"):
        again = library.train(corpus, **QUICK, **{name: tmp_path / "first.txt"})
        assert same(again, library.train(corpus, **QUICK, pretrained=tmp_path / "first.txt"))
        assert not same(again, first)


def test_vectors_know_their_counts_and_options(corpus, tmp_path):
    trained = library.train(corpus, tokens="words", save_model=tmp_path / "m.model", **QUICK)
    assert dict(zip(trained, trained.counts.tolist(), strict=True))["king"] == 60
    assert trained.metadata["w2v"] == library.__version__
    assert trained.metadata["options"]["tokens"] == "words"
    assert not {"threads", "work_dir"} & trained.metadata["options"].keys()
    loaded = library.load(tmp_path / "m.model")
    assert loaded == trained
    assert loaded.metadata == trained.metadata
    assert loaded.counts.tolist() == trained.counts.tolist()
    assert same(library.train(corpus, **loaded.metadata["options"], threads=1), trained)
    trained.save(tmp_path / "v.txt")
    plain = library.load(tmp_path / "v.txt")
    assert (plain.counts.tolist(), plain.metadata) == (trained.counts.tolist(), {})
    trained.save(tmp_path / "v.npz")
    assert library.load(tmp_path / "v.npz").metadata == trained.metadata


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
def test_files_replace_only_files_of_the_same_kind(corpus, tmp_path, option, kind):
    for _ in range(2):
        library.train(corpus, **QUICK, **{option: tmp_path / "f"})
    (tmp_path / "f").write_text("my only copy\n")
    with pytest.raises(library.W2VError, match=f"f: exists, holds no {kind}, and would be overwritten; choose another"):
        library.train("nowhere.txt", **QUICK, **{option: tmp_path / "f"})
    assert (tmp_path / "f").read_text() == "my only copy\n"


def test_progress_is_reported(corpus):
    listener = Listener()
    library.train(corpus, progress=listener, **QUICK)
    assert listener.tasks == ["reading", "end", "training", "end"]
    assert listener.facts[-1].keys() == {"lr", "loss"}
    assert len(listener.notes) == 2


def test_training_returns_a_report_on_request(corpus, tmp_path):
    arguments = {"dim": 8, "epochs": 3, "threads": 1}
    vectors, report = library.train(corpus, return_report=True, log=tmp_path / "log.jsonl", **arguments)
    assert same(vectors, library.train(corpus, **arguments))
    assert len(report.losses) == 3
    assert report.losses[0] > report.losses[2] > 0
    assert report.words == 3 * 960
    assert report.seconds > 0
    assert report.words_per_second == pytest.approx(report.words / report.seconds)
    assert report.predictions > 0


def test_progress_can_be_a_bar(corpus, tmp_path, capfd):
    trained = library.train(corpus, progress=True, **QUICK)
    out, err = capfd.readouterr()
    assert out == ""
    assert "training: 100%" in err
    assert "loss=" in err
    assert err.count("note: 960 tokens, 13 words kept") == 1
    trained.save(tmp_path / "v.txt")
    (tmp_path / "q.txt").write_text("king castle queen palace\n")
    library.load(tmp_path / "v.txt", progress=True)
    library.evaluate_analogies(trained, tmp_path / "q.txt", progress=True)
    library.cluster(trained, 2, progress=True)
    library.find_phrases(corpus, progress=True)
    out, err = capfd.readouterr()
    assert out == ""
    assert "answering: 100%" in err
    assert "clustering:" in err
    assert "counting" in err


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
        (["c.txt"], {"callbacks": [print]}, r"callbacks can't be .*; pass progress"),
        (["c.txt"], {"quiet": True}, "no option quiet; training is silent unless you pass progress=True"),
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
        (["c.txt"], {"tokens": ["words"]}, r"tokens must be one of whitespace, .*, module:function, not \['words'\]"),
        (["c.txt"], {"work_dir": 5}, "work_dir must be the name of a file or folder, not 5"),
        (["c.txt"], {"read_vocab": {}}, "read_vocab must be the name of a file or folder, not {}"),
        (["c.txt"], {"save_vocab": 5}, "save_vocab must be the name of a file or folder, not 5"),
        (["c.txt"], {"min_lr": 0.5}, "min_lr must be from 0 to the learning rate at the start, 0.03, not 0.5"),
        (["c.txt"], {"ns_exponent": 1e308}, "ns_exponent must be from -1000 to 1000, not 1e.308"),
        ([], {}, r"give either files and folders as sources, or lists of tokens as sentences"),
        (["c.txt"], {"sentences": SENTENCES}, "give either files"),
        ([SENTENCES], {}, r"pass text in memory as sentences"),
        ([iter(SENTENCES)], {}, r"pass text in memory as sentences"),
        ([b"c.txt"], {}, "sources must be names of files and folders"),
        ([], {"sentences": "c.txt"}, r"lists of tokens; pass the names of files as sources"),
        ([], {"sentences": 5}, "sentences must be lists of tokens"),
    ],
)
def test_wrong_arguments_are_refused_before_any_text_is_read(arguments, options, told):
    with pytest.raises(library.UsageError, match=told):
        library.train(*arguments, **options)


def test_numbers_of_numpy_are_accepted(corpus):
    numpys = {"dim": np.int16(8), "epochs": np.uint8(1), "threads": np.int64(1), "lr": np.float32(0.0625), "sample": 0}
    plain = {"dim": 8, "epochs": 1, "threads": 1, "lr": 0.0625, "sample": 0.0}
    assert same(library.train(corpus, **numpys), library.train(corpus, **plain))


@pytest.mark.parametrize(
    "sentences, told",
    [
        (["the king of the land"], "sentence 1: is a text, not a list of tokens"),
        ([["a", "king"], ["the queen"]], "sentence 2, token 1: 'the queen' is empty or has white space in it"),
        ([["a", 3.5]], r"sentence 1, token 2: must be a text, not 3.5 \(float\)"),
        ([["a"], float("nan")], "sentence 2: must be a list of tokens, not nan .float.; drop missing values first"),
        (iter([]), "sentences is an iterator that is used up; make a new one"),
        ("the cat sat", "sentences must be lists of tokens, not one text; split it"),
        ("corpus.txt", "sentences must be lists of tokens; pass the names of files as sources"),
        ({"the": 1}, "sentences must be lists of tokens, not {'the': 1} .dict."),
        (5, "sentences must be lists of tokens, not 5 .int."),
        (np.zeros(3), "sentence 1: must be a list of tokens, not"),
        (np.zeros((3, 2)), "sentence 1, token 1: must be a text, not"),
        ([], "the text is empty"),
        ([["a", "b"]], "lower min_count"),
    ],
)
def test_sentences_that_cannot_be_used(sentences, told):
    with pytest.raises(library.W2VError, match=told) as failure:
        library.train(sentences=sentences)
    assert "\n" not in str(failure.value)


@pytest.mark.parametrize("read", [library.train, library.find_phrases])
@pytest.mark.parametrize(
    "sources, told",
    [
        (
            ["the cat sat"],
            r"there is no file or folder 'the cat sat'; if it is text, pass lists of tokens: sent",
        ),
        ("the cat sat on the mat", "if it is text, pass lists of tokens: sentences="),
        ("the cat\nsat" * 1000, "if it is text, pass lists of tokens: sentences="),
        (["the", "cat", "sat"], "there is no file or folder 'the'; if it is text"),
        (
            [["the", "cat"]],
            r"sources must be names of files and folders, not \['the', 'cat'\]; pass text in memory as",
        ),
        (5, "sources must be names of files and folders, not 5"),
        (iter([["a"]]), "pass text in memory as sentences, lists of tokens"),
        ("corpus.text", "corpus.text: can't be read .No such file or directory.; check the name"),
        (["a.txt", "b.txt"], "a.txt: can't be read .No such file or directory.; check the name"),
    ],
)
def test_text_in_place_of_names_is_told(read, sources, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(library.W2VError, match=told) as failure:
        read(sources)
    assert "\n" not in str(failure.value)


def test_used_iterators_are_refused():
    sentences = iter(SENTENCES)
    assert len(library.train(sentences=sentences, **QUICK)) > 5
    with pytest.raises(library.UsageError, match="make a new one"):
        library.train(sentences=sentences, **QUICK)


class Elsewhere:
    """A w2v.corpus.Source: text from a place of its own."""

    name, size, is_named = "elsewhere", None, True

    def __init__(self, text):
        self.text = text

    def open(self):
        return io.BytesIO(self.text.encode())


def test_text_may_come_from_any_source(corpus):
    middle = TEXT.index("\n", len(TEXT) // 2) + 1
    plain = library.train(corpus, **QUICK)
    assert same(library.train(Elsewhere(TEXT), **QUICK), plain)
    corpus.write_text(TEXT[:middle])
    assert same(library.train([corpus, Elsewhere(TEXT[middle:])], **QUICK), plain)
    assert library.find_phrases(Elsewhere(TEXT))[:] == library.find_phrases(sentences=SENTENCES)[:]
    with pytest.raises(library.W2VError, match="elsewhere:1: holds a zero byte"):
        library.train(Elsewhere("a\0"))


def test_an_error_among_the_callers_sentences_reaches_the_caller():
    def broken():
        yield from SENTENCES
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        library.train(sentences=broken(), **QUICK)


# phrases and groups


def test_phrases_are_found_as_the_command_does(corpus, tmp_path):
    options = {"min_count": 3, "passes": 2, "score": "npmi", "threads": 1}
    found = library.find_phrases(corpus, connector_words=["of", "a"], **options)
    (tmp_path / "connectors.txt").write_text("of a\n")
    again = library.find_phrases(sentences=SENTENCES, connector_words=tmp_path / "connectors.txt", **options)
    assert list(found) == list(again)
    process = w2v("phrases", corpus, "--min-count", "3", "--passes", "2", "--score", "npmi", "--list", "list.tsv",
                  "--connector-words", "connectors.txt", cwd=tmp_path)  # fmt: skip
    assert process.returncode == 0, process.stderr
    assert (tmp_path / "list.tsv").read_text() == found.to_text()
    theirs = library.find_phrases(corpus, common_terms=["of", "a"], scoring="npmi", min_count=3, passes=2)
    assert theirs.to_text() == found.to_text()
    english = library.find_phrases(corpus, connector_words="english", **options)
    assert english.connector_words <= {"the", "of", "in", "a"}


@pytest.mark.parametrize(
    "arguments, told",
    [
        ({"min_cuont": 3}, "no option min_cuont; did you mean min_count"),
        ({"threshold": "high"}, "threshold must be a number, not 'high'"),
        ({"connector_words": 5}, "words must be a list, not 5"),
        ({"connector_words": ["of", 5]}, "connector_words must hold nothing but str, not 5"),
        ({"sentences": [["a"]]}, "give either files"),
    ],
)
def test_wrong_phrase_options_are_refused(arguments, told):
    with pytest.raises(library.UsageError, match=told):
        library.find_phrases("c.txt", **arguments)


def test_words_are_grouped():
    vectors = library.Vectors(["a", "b", "c", "d", "e"], [[1, 0], [1, 0.1], [0, 1], [0.1, 1], [1, -0.1]])
    groups = library.cluster(vectors, 2)
    assert list(groups) == [["a", "b", "e"], ["c", "d"]]
    assert (groups[-1], groups[:1], len(groups)) == (["c", "d"], [["a", "b", "e"]], 2)
    assert [groups.label(word) for word in vectors] == [0, 0, 1, 1, 0]
    assert groups.names(1)[0] == ["a"]
    assert repr(groups) == "<WordClusters: 5 words in 2>"
    assert len(library.cluster(vectors)) == 2
    assert groups.rows.centers.shape == (2, 2)
    for arguments, told in (
        ((vectors, 6), "6 clusters need as many words, and there are 5; lower clusters"),
        ((vectors, "2"), "clusters must be a whole number, not '2'"),
        ((vectors.matrix, 2), r"vectors must be Vectors, such as w2v.load returns, not array"),
    ):
        with pytest.raises(library.UsageError, match=told):
            library.cluster(*arguments)
    with pytest.raises(library.UsageError, match="n must be at least 1"):
        groups.names(0)


def test_evaluations_are_functions_of_the_package(tmp_path):
    vectors = library.Vectors(["man", "woman", "king", "queen"], [[0, 1], [0, -1], [1, 1], [1, -1]])
    (tmp_path / "q.txt").write_text("man woman king queen\n")
    (tmp_path / "p.txt").write_text("man king 9\nman woman 1\nqueen king 3\n")
    assert library.evaluate_analogies(vectors, tmp_path / "q.txt").total.correct == 1
    assert library.evaluate_pairs(vectors, str(tmp_path / "p.txt")).used == 3
    for arguments, wrong, told in (
        ((vectors.matrix, "p.txt"), {}, "vectors must be Vectors"),
        ((vectors, 5), {}, "path must be the name of a file or folder, not 5"),
        ((vectors, "p.txt"), {"casefold": 1}, "casefold must be True or False, not 1"),
        ((vectors, "p.txt"), {"restrict_vocab": "9"}, "restrict_vocab must be a whole number, not '9'"),
    ):
        for evaluate in (library.evaluate_pairs, library.evaluate_analogies):
            with pytest.raises(library.UsageError, match=told):
                evaluate(*arguments, **wrong)


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


def test_importing_the_package_imports_nothing_slow(tmp_path):
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
        "losses: tuple[float, ...] = w2v.train('c.txt', return_report=True)[1].losses\n"
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
