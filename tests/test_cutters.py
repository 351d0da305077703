"""Token rules of other packages and of the user, and characters as tokens."""

import contextlib
import functools
import os
import signal
import subprocess
import sys
import time
import unicodedata

import numpy as np
import pytest
from console import W2V, environment, error_line
from console import inside as w2v
from hypothesis import given, settings
from hypothesis import strategies as st
from optional import optional, require

import w2v as library
from w2v.corpus import count, first_sentences
from w2v.cutters.cutting_process import CuttingProcess
from w2v.errors import CorpusError, MissingExtraError, UsageError
from w2v.options import CorpusOptions, VocabularyOptions
from w2v.options.tokens import CUTTERS, TOKEN_RULES, cutter_of, pattern_of
from w2v.tokens.arrays import padded
from w2v.tokens.single_characters import _set_apart, character_classes
from w2v.tokens.token_rules import RULES, rule_of, tokens_by

breakers = optional("icu4py.breakers", "icu4py")
jieba = optional("jieba")
sudachipy = optional("sudachipy")

CHINESE = "今天天气很好，我们一起去公园散步吧。\niPhone手机在2024年卖了100万台！\n\n《红楼梦》是中国古典小说。\n"
JAPANESE = "今日はとても天気がいいので、公園へ散歩に行きました。\nそこで友達に会いました。\n"
THAI = "วันนี้อากาศดีมาก เราจึงไปเดินเล่นที่สวนสาธารณะ\n"
LAO = "ມື້ນີ້ອາກາດດີຫຼາຍ\n"
KHMER = "ថ្ងៃនេះអាកាសធាតុល្អណាស់\n"
ENGLISH = "The king's 3.14 cats, e-mail me@x.org!\n"


def tokens_of(tmp_path, text, tokens, **options):
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    return first_sentences(path, CorpusOptions(tokens=tokens, **options), 10**6)


def words(found):
    """Return the tokens with a letter or digit."""
    return [token for token in found if any(map(str.isalnum, token))]


def without_empty(lines):
    return [line for line in lines if line]


def test_the_registry_names_each_rule():
    assert set(CUTTERS) < set(TOKEN_RULES) < set(RULES)
    assert all(pattern_of(name) is None for name in TOKEN_RULES)
    assert cutter_of("a.b:c.d").is_users
    assert cutter_of("regex:a:b") is None
    assert pattern_of("regex:a:b") == "a:b"
    assert pattern_of("a+:b") == "a+:b"


# Packages: the tokens are those of the package


@pytest.mark.parametrize("text", [CHINESE, JAPANESE, THAI, LAO, KHMER, ENGLISH])
def test_icu(tmp_path, text):
    expected = [words(breakers.WordBreaker(line, "und")) for line in text.split("\n")]
    assert tokens_of(tmp_path, text, "icu") == without_empty(expected)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("text", [CHINESE, ENGLISH])
def test_jieba(tmp_path, text):
    expected = [words(jieba.cut(line)) for line in text.split("\n")]
    assert tokens_of(tmp_path, text, "jieba") == without_empty(expected)


@pytest.fixture(scope="module")
def cutting():
    """Return a function that returns what cuts by a rule; its process starts when a test first asks for it."""
    with contextlib.ExitStack() as stack:

        @functools.cache
        def cut_by(name):
            require(cutter_of(name).package)
            return stack.enter_context(contextlib.closing(CuttingProcess(name))).cut

        yield cut_by


LETTERS = "ab9'._- \t\n\n王書今天我们の行く。、กินข้าวມື້ភ្នំé\u0301!\u200b_"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", CUTTERS)
@settings(max_examples=60, deadline=None)
@given(text=st.text(st.sampled_from(LETTERS), max_size=60))
def test_lines_are_cut_as_the_package_cuts_each(name, cutting, text):
    tokenize = sudachipy.Dictionary(dict="small").tokenizer().tokenize if name == "sudachi" else None
    cut = {
        "icu": lambda line: breakers.WordBreaker(line, "und"),
        "jieba": jieba.cut,
        "sudachi": lambda line: [word.surface() for word in tokenize(line)],
    }[name]
    expected = [[part for token in words(cut(line)) for part in words(token.split())] for line in text.split("\n")]
    assert [line.split() for line in cutting(name)(text.encode()).decode().split("\n")] == expected


def test_long_texts_are_cut_in_pieces_of_whole_lines(cutting):
    text = f"{CHINESE}{THAI}{ENGLISH}_ __ a_b\n\n" * 500
    parts = [cutting("icu")(line.encode()).decode().split() for line in text.split("\n")]
    assert [line.split() for line in cutting("icu")(text.encode()).decode().split("\n")] == parts
    assert parts[-3] == ["a_b"]


def test_sudachi(tmp_path):
    from w2v.cutters import sudachi_words

    tokenizer = sudachipy.Dictionary(dict=sudachi_words._dictionary()).tokenizer()
    long = JAPANESE.split("\n")[0] * 900  # more than Sudachi takes at once
    expected = [[m.surface() for m in tokenizer.tokenize(line)] for line in JAPANESE.split("\n")]
    found = tokens_of(tmp_path, JAPANESE + long, "sudachi")
    assert found == [*without_empty(map(words, expected)), words(expected[0]) * 900]


def test_lower_case_and_cleaning_come_behind_the_rule(tmp_path):
    breakers.WordBreaker  # noqa: B018 - skips where the package is missing
    assert tokens_of(tmp_path, "Die KÖNIGIN 42\n", "icu", lowercase=True, strip_accents=True, numbers="drop") == [
        ["die", "konigin"]
    ]


# A function of the user

MODULE = """
import re

class Cutters:
    @staticmethod
    def hashtags(line):
        print("this goes to standard error")
        return re.findall(r"#\\w+", line)

def words(line):
    return line.lower().split()

def fails(line):
    return line["x"]

def spaces(line):
    return [line]

def numbers(line):
    yield 5

def ends(line):
    import os
    os._exit(3)

a_constant = 5
"""


@pytest.fixture
def module(tmp_path, monkeypatch):
    """A module in the current folder."""
    (tmp_path / "my_cutters.py").write_text(MODULE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_function_of_the_user(module):
    text = "So #fun and #Late\nThe King\n"
    assert tokens_of(module, text, "my_cutters:words") == [["so", "#fun", "and", "#late"], ["the", "king"]]
    assert tokens_of(module, text, "my_cutters:Cutters.hashtags") == [["#fun", "#Late"]]
    assert tokens_of(module, text, "my_cutters:Cutters.hashtags", lowercase=True) == [["#fun", "#late"]]
    trained = library.train(module / "a.txt", tokens="my_cutters:words", min_count=1, dim=2, threads=2)
    assert set(trained.words) == {"so", "#fun", "and", "#late", "the", "king"}


@pytest.mark.parametrize(
    "name, told",
    [
        ("fails", "tokens='my_cutters:fails': the function failed with TypeError: string indices must be integers"),
        ("spaces", "tokens='my_cutters:spaces': the function returned 'a b', which can't be a token, of 'a b'"),
        ("numbers", "tokens='my_cutters:numbers': the function returned 5, which can't be a token, of 'a b'"),
        ("ends", "tokens='my_cutters:ends': the process that cuts the text has ended"),
        ("nothing", "tokens='my_cutters:nothing': can't be imported (AttributeError: module 'my_cutters' has no"),
        ("a_constant", "tokens='my_cutters:a_constant': is no function"),
    ],
)
def test_a_function_that_does_not_work(module, name, told):
    with pytest.raises((UsageError, CorpusError)) as failure:
        tokens_of(module, "a b\n", f"my_cutters:{name}")
    assert str(failure.value).startswith(told)


def test_a_module_that_does_not_exist_is_found_before_any_text_is_read(tmp_path):
    (tmp_path / "a.txt").write_text("a b\n")
    told = error_line(w2v("vocab", "-q", "a.txt", "--tokens", "no_such:cut", cwd=tmp_path))
    assert told.startswith("--tokens no_such:cut: can't be imported (ModuleNotFoundError: No module named 'no_such')")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no groups of processes that a signal reaches")
def test_ctrl_c_ends_a_function_that_never_returns(tmp_path):
    (tmp_path / "endless.py").write_text(
        "from pathlib import Path\n"
        "def cut(line):\n"
        "    Path('started').touch()\n"
        "    while True:\n"
        "        pass\n"
    )  # fmt: skip
    (tmp_path / "a.txt").write_text("a b\n")
    process = subprocess.Popen(
        [*W2V, "vocab", "-q", "a.txt", "--tokens", "endless:cut"],
        cwd=tmp_path, env=environment(), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    while not (tmp_path / "started").exists():
        assert process.poll() is None
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert told.decode() == "w2v: interrupted\n"
    assert process.returncode == 130


def test_the_process_ends_with_its_owner():
    process = CuttingProcess("builtins:list")
    assert process.cut(b"ab\n\nc") == b"a b\n\nc"
    inner = process._process
    del process
    assert inner.poll() == 0
    with CuttingProcessOf("builtins:list") as process:
        process._process.kill()
        process._process.wait()
        with pytest.raises(CorpusError, match="the process that cuts the text has ended"):
            process.cut(b"a" * (1 << 20))


class CuttingProcessOf(CuttingProcess):
    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


@pytest.mark.parametrize("name", sorted(CUTTERS))
def test_a_missing_package_is_named(tmp_path, monkeypatch, name):
    monkeypatch.setitem(sys.modules, CUTTERS[name].package, None)
    with pytest.raises(MissingExtraError, match=rf"tokens='{name}' needs .*pip install 'w2v\[{name}\]'"):
        tokens_of(tmp_path, "a b\n", name)


# Characters


def test_characters(tmp_path):
    assert tokens_of(tmp_path, CHINESE, "words+chars")[1] == [
        "iphone", "手", "机", "在", "2024", "年", "卖", "了", "100", "万", "台"
    ]  # fmt: skip
    assert tokens_of(tmp_path, "Don't, が か\u3099 กิน 한국", "words+chars") == [["don't", "が", "が", "กิ", "น", "한국"]]
    assert tokens_of(tmp_path, "Don't 42", "chars") == [["d", "o", "n", "t", "4", "2"]]
    assert tokens_of(tmp_path, "e\u0301a", "chars") == [["é", "a"]]


SINGLE, ALL = character_classes(all_letters=False), character_classes(all_letters=True)


def characters_of(line, all_letters):
    """Return the tokens of words with spaces between them: the twin of `_set_apart`."""
    tokens, after_single = [""], False
    for character in line:
        is_mark = unicodedata.category(character)[0] == "M" or character in "\u200c\u200d"
        is_single = character.isalnum() and (all_letters or bool(SINGLE[ord(character)] == 1))
        if character == " " or (all_letters and not is_mark and not character.isalnum()):
            tokens.append("")
            after_single = False
            continue
        if is_single or (after_single and not is_mark):
            tokens.append("")
        tokens[-1] += character
        after_single = is_single or (after_single and is_mark)
    return [token for token in tokens if token]


@settings(deadline=None)
@given(st.text(st.sampled_from("ab9'王書がか\u3099กิน한é\u0301\u200d ー𠀀")), st.booleans())
def test_characters_are_set_apart_as_the_twin_does(text, all_letters):
    data = text.encode()
    out = np.empty(2 * len(data) + 16, np.uint8)
    n = _set_apart(padded(data), len(data), ALL if all_letters else SINGLE, out)
    assert out[:n].tobytes().decode().split() == characters_of(text, all_letters)


def test_scripts_without_spaces():
    for character in "王々〇のカｶกຂខမ𠀀ꀀㄅ":
        assert SINGLE[ord(character)] == 1, character
    for character in "aéжא한क9ñ":
        assert SINGLE[ord(character)] == 0, character


# What is kept of the rule


def test_vectors_and_models_tell_what_cut_the_text(tmp_path):
    (tmp_path / "a.txt").write_text("a b a b\n" * 9)
    vectors = library.train(tmp_path / "a.txt", tokens="words", dim=2, save_model=tmp_path / "m")
    assert vectors.metadata["tokens_by"] == f"Unicode {unicodedata.unidata_version}"
    assert vectors.metadata["options"]["tokens"] == "words"
    assert library.load(tmp_path / "m").metadata["tokens_by"] == vectors.metadata["tokens_by"]
    assert "tokens_by" not in library.train(tmp_path / "a.txt", dim=2).metadata
    assert tokens_by(CorpusOptions(tokens="my_module:cut")) == "a function of the user"
    assert jieba.__version__
    assert tokens_by(CorpusOptions(tokens="jieba")) == f"jieba {jieba.__version__}"
    assert sudachipy.__version__ in tokens_by(CorpusOptions(tokens="sudachi"))


class Notes:
    """A w2v.progress.Progress that keeps its notes."""

    def __init__(self):
        self.notes = []

    def start(self, task, total, unit, before=0):
        pass

    def update(self, done, facts=None):
        pass

    def finish(self):
        pass

    def note(self, text):
        self.notes.append(text)


def test_another_version_of_what_cuts_is_noted(tmp_path, monkeypatch):
    from w2v.training import checkpoint

    (tmp_path / "a.txt").write_text("a b a b\n" * 9)
    options = {"tokens": "words", "dim": 2, "save_model": tmp_path / "m", "progress": (same := Notes())}
    library.train(tmp_path / "a.txt", **options)
    library.train(tmp_path / "a.txt", init=tmp_path / "m", **options)
    assert not [note for note in same.notes if "was cut by" in note]
    for more in ({"init": tmp_path / "m"}, {"resume": True}):
        with monkeypatch.context() as patch:
            patch.setattr(checkpoint, "tokens_by", lambda _: "Unicode 1.0")
            library.train(tmp_path / "a.txt", **options)
        library.train(tmp_path / "a.txt", **{**options, "progress": (other := Notes())}, **more)
        told = f"m was cut by Unicode 1.0, and this one by Unicode {unicodedata.unidata_version}; words may differ"
        assert [note for note in other.notes if note.endswith(told)]


def test_a_note_names_the_rule_that_cuts(tmp_path):
    (tmp_path / "a.txt").write_text(CHINESE * 9, encoding="utf-8")
    told = w2v("vocab", "a.txt", "--min-count", "1", cwd=tmp_path).stderr.decode()
    assert "note: the text is Chinese without spaces between words; use --tokens jieba, which finds them" in told
    train = ("train", "b.txt", "--min-count", "1", "--dim", "4", "--epochs", "1", "-o", "v.txt")
    (tmp_path / "b.txt").write_text("天气很好， 我们去公园看花。\n" * 40, encoding="utf-8")
    told = w2v(*train, cwd=tmp_path).stderr.decode()
    assert "use --tokens jieba" in told
    assert "--tokens words" not in told
    told = w2v("vocab", "a.txt", "--tokens", "words+chars", "--min-count", "1", cwd=tmp_path).stderr.decode()
    assert "without spaces" not in told
    assert rule_of(CorpusOptions(tokens="icu")).cuts_unspaced
    found = count(tmp_path / "a.txt", CorpusOptions(tokens="chars"), VocabularyOptions(min_count=9))
    assert "今" in found.words


# The version is kept, and a note tells of another one


@pytest.mark.filterwarnings("ignore")
def test_encode_similar_and_classify_cut_as_in_training_and_tell_another_version(tmp_path, monkeypatch):
    from w2v.cutters import jieba_words

    labelled = "".join(
        f"__label__a {CHINESE.splitlines()[0]}\n__label__b {CHINESE.splitlines()[3]}\n" for _ in range(9)
    )
    (tmp_path / "a.txt").write_text(CHINESE * 9, encoding="utf-8")
    (tmp_path / "l.txt").write_text(labelled, encoding="utf-8")
    (tmp_path / "q.txt").write_text(CHINESE, encoding="utf-8")
    train = ("train", "a.txt", "--tokens", "jieba", "--min-count", "1", "--dim", "4", "-q", "-o", "v.npz")
    assert w2v(*train, cwd=tmp_path).returncode == 0
    classify = ("classify", "train", "l.txt", "--tokens", "jieba", "--dim", "4", "-q", "-o", "c.model")
    assert w2v(*classify, cwd=tmp_path).returncode == 0
    commands = {
        "encode": ("encode", "q.txt", "--vectors", "v.npz"),
        "similar": ("similar", "--vectors", "v.npz", "--texts", "q.txt", "公园"),
        "predict": ("classify", "predict", "c.model", "q.txt"),
        "test": ("classify", "test", "c.model", "l.txt"),
        "explain": ("classify", "explain", "c.model", "公园"),
    }
    before = {name: w2v(*command, cwd=tmp_path) for name, command in commands.items()}
    assert all(done.returncode == 0 and b"cut by" not in done.stderr for done in before.values()), before
    assert b"0.0% of them unknown" in before["encode"].stderr
    assert len(before["similar"].stdout.decode().splitlines()) == 3  # each has words that the vectors know
    monkeypatch.setattr(jieba_words, "made_by", lambda: "jieba 99")
    now = {name: w2v(*command, cwd=tmp_path) for name, command in commands.items()}
    for name, done in now.items():
        place = "c.model" if commands[name][0] == "classify" else "v.npz"
        told = f"the text of {place} was cut by {installed('jieba')}, and this one by jieba 99; words may differ"
        assert f"w2v: note: {told}\n" in done.stderr.decode(), name
        assert done.stdout == before[name].stdout
    chosen = w2v(*commands["encode"], "--tokens", "chars", cwd=tmp_path)
    assert b"cut by" not in chosen.stderr


def installed(package):
    from importlib.metadata import version

    return f"{package} {version(package)}"
