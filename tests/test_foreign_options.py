"""The command line misreads no token, and understands the option names of other tools."""

import shlex

import click
import pytest
from console import error_line, inside
from hypothesis import given
from hypothesis import strategies as st

from w2v.cli.foreign_options import Speller
from w2v.cli.messages import with_dashes
from w2v.cli.program import w2v_command
from w2v.cli.train import train_command
from w2v.errors import UsageError
from w2v.options.foreign_names import ABSENT, CONVERTED, HS_ALONE, NEEDLESS, RENAMED, TEXT


def parse(command, *tokens):
    """Return the parameters of `w2v COMMAND TOKENS...`, as the command gets them."""
    group = w2v_command.make_context("w2v", [command, *tokens])
    name, found, rest = w2v_command.resolve_command(group, [command, *tokens])
    return found.make_context(name, rest, parent=group).params


def notes_of(command, *tokens):
    """Return what `w2v COMMAND TOKENS...` notes about options of other tools."""
    group = w2v_command.make_context("w2v", [command])
    speller = Speller(w2v_command.get_command(group, command), group, f"w2v {command}")
    speller.canonical(tokens)
    return [with_dashes(note) for note in speller.notes]


def given_to_train(*tokens):
    """Return the parameters of `w2v train TOKENS...` that differ from the defaults."""
    plain = parse("train")
    return {name: value for name, value in parse("train", *tokens).items() if value != plain[name]}


def as_plain(parameters):
    return {name: str(value) if hasattr(value, "parts") else value for name, value in parameters.items()}


WORD2VEC = """-train text8 -output vec.txt -cbow 1 -size 200 -window 8 -negative 25 -hs 0 -sample 1e-4 -threads 3
-binary 0 -iter 15 -alpha 0.04 -min-count 2 -debug 2 -classes 0 -save-vocab v -read-vocab r"""
FASTTEXT = """-input fil9 -output model.vec -dim 300 -ws 7 -epoch 1 -neg 10 -minCount 3 -t 1e-5 -lr 0.1 -thread 9
-loss ns -verbose 2 -minn 0 -maxn 0 -wordNgrams 1 -seed 4"""
GENSIM = """--corpus_file c --vector_size 50 --sg 0 --alpha .03 --workers 7 --epochs 2 --min_count 1 --hs 0
--max_final_vocab 9 --min_alpha .003 --max_sentence_length 8 --ns_exponent -0.5 --shrink_windows False
--cbow_mean 1 --sorted_vocab 1"""


def test_a_wrong_unit_of_sentences_is_no_file_of_text(tmp_path):
    with pytest.raises(UsageError, match="--sentences sentence: must be one of line, paragraph, document, or a file"):
        parse("train", "c", "--sentences", "sentence")
    (tmp_path / "more").write_text("a b")
    both = given_to_train("c", "--sentences", str(tmp_path / "more"))
    assert both["corpus"] == ("c", str(tmp_path / "more"))


@pytest.mark.parametrize(
    "line, expected",
    [
        (WORD2VEC, {"corpus": ("text8",), "output": "vec.txt", "model": "cbow", "dim": 200, "window": 8, "negative": 25,
                    "sample": 1e-4, "threads": 3, "epochs": 15, "lr": 0.04, "min_count": 2, "file_format": "word2vec",
                    "save_vocab": "v", "read_vocab": "r"}),
        (FASTTEXT, {"corpus": ("fil9",), "output": "model.vec", "dim": 300, "window": 7, "epochs": 1, "negative": 10,
                    "min_count": 3, "sample": 1e-5, "lr": 0.1, "threads": 9, "seed": 4}),
        (GENSIM, {"corpus": ("c",), "dim": 50, "model": "cbow", "lr": 0.03, "threads": 7, "epochs": 2, "min_count": 1,
                  "max_vocab": 9, "min_lr": 0.003, "max_sentence": 8, "ns_exponent": -0.5, "window_mode": "full"}),
        ("--sentences c --vector-size 50 --sg 1 --shrink-windows true", {"corpus": ("c",), "dim": 50}),
        ("c -cbow 0 -debug 0", {"corpus": ("c",), "quiet": True}),
        ("c -verbose 0", {"corpus": ("c",), "quiet": True}),
        ("c -hs 1 -negative 0", {"corpus": ("c",), "loss": "hs", "negative": 0}),
        ("c -loss softmax", {"corpus": ("c",), "loss": "softmax"}),
        ("c --hs 1 --cbow_mean 0", {"corpus": ("c",), "loss": "hs", "cbow_mean": False}),
        ("c --cbow_mean=1", {"corpus": ("c",)}),
        ("--cbow-sum c", {"corpus": ("c",), "cbow_mean": False}),
        ("--cbow-mean c", {"corpus": ("c",)}),
    ],
)  # fmt: skip
def test_command_lines_of_other_tools_mean_the_same_here(line, expected):
    assert as_plain(given_to_train(*line.split())) == expected


@pytest.mark.parametrize(
    "tokens, expected",
    [
        (["c.txt", "-output", "v.txt"], {"corpus": ("c.txt",), "output": "v.txt"}),
        (["c.txt", "-o", "v.txt"], {"corpus": ("c.txt",), "output": "v.txt"}),
        (["-o=v.txt", "c.txt"], {"corpus": ("c.txt",), "output": "v.txt"}),
        (["-output=a=b", "c.txt"], {"corpus": ("c.txt",), "output": "a=b"}),
        (["-size=300"], {"dim": 300}),
        (["-lr", ".5", "-lowercase"], {"lr": 0.5, "lowercase": True}),
        (["--minCount", "7", "--max_vocab=70"], {"min_count": 7, "max_vocab": 70}),
        (["--ns-exponent", "-0.5"], {"ns_exponent": -0.5}),
        (["--ns-exponent=-.5e0"], {"ns_exponent": -0.5}),
        (["-output=-dim"], {"output": "-dim"}),
        (["-", "-dim", "5"], {"corpus": ("-",), "dim": 5}),
        (["-train", "-", "x"], {"corpus": ("-", "x")}),
        (["a", "-q", "b", "-dim", "5", "c"], {"corpus": ("a", "b", "c"), "quiet": True, "dim": 5}),
        (["-dim", "5", "--", "-dim", "--help", "--"], {"corpus": ("-dim", "--help", "--"), "dim": 5}),
        (["-dim", "5", "--dim", "6", "-size", "7"], {"dim": 7}),
        (["-t", "1e-4"], {"sample": 1e-4}),
        (["dash–inside", "–"], {"corpus": ("dash–inside", "–")}),
    ],
)
def test_ways_to_write_an_option(tokens, expected):
    assert as_plain(given_to_train(*tokens)) == expected


@pytest.mark.parametrize(
    "tokens, told",
    [
        (["c", "-ovec.txt"], "did you mean -o vec.txt?"),
        (["c", "-utput", "v"], "did you mean --output?"),
        (["c", "--dimension", "5"], "did you mean --dim?"),
        (["c", "--Dim", "5"], "did you mean --dim?"),
        (["c", "-sizes", "5"], "did you mean --dim?"),
        (["c", "--out", "v"], "did you mean --output?"),
        (["c", "---dim", "5"], "did you mean --dim?"),
        (["c", "-qh"], "no such option -qh"),
        (["c", "-foo"], "no such option -foo; 'w2v train --help' lists them"),
        (["c", "-5"], "no such option -5"),
        (["c", "--o", "v"], "no such option --o"),
        (["c", "--="], "no such option --"),
        (["c", "-output"], "-output needs a value"),
        (["c", "-output", ""], "-output needs a value"),
        (["c", "--output="], "--output needs a value"),
        (["c", "-output", "-dim", "5"], "-output needs a value before -dim; if that is the value, write -output=-dim"),
        (["-train", "-dim", "5"], "-train needs a value before -dim"),
        (["c", "--quiet=1"], "--quiet takes no value; leave out =1"),
        (["c", "–dim", "5"], "–dim starts with a typographic dash; write --dim"),
        (["c", "—size=5"], "—size=5 starts with a typographic dash; write --size=5"),
        (["c", "-t", "4"], "for threads, write --threads 4"),
        (["c", "-hs", "2"], "use --loss hs or --loss ns"),
        (["c", "-cbow-mean", "2"], "-cbow-mean 2: use 1 for the mean, or 0 for the sum"),
        (["c", "-binary", "2"], "-binary 2: use 1 for word2vec's binary format, or 0 for text"),
        (["c", "-cbow", "2"], "use --model cbow or --model skipgram"),
        (["c", "-minn", "3"], "-minn: subwords are not supported"),
        (["c", "-minn", "3", "-maxn", "6"], "-maxn 6: subwords are not supported"),
        (["c", "-bucket", "2000000"], "-bucket: subwords are not supported; leave it out, or turn them off"),
        (["c", "-autotune-validation", "v.txt"], "it is for classifiers, see 'w2v classify train'; leave it out"),
        (["c", "-pretrainedVectors"], "-pretrainedVectors needs a value"),
        (["c", "-lrUpdateRate"], "-lrUpdateRate needs a value"),
        (["c", "-symmetric", "0"], "a window has words on both sides"),
        (["c", "-null_word", "1"], "there is no null word"),
        (["c", "-x-max", "10"], "w2v counts no co-occurrences"),
        (["c", "--show-text", "3"], "shows the first sentences with --dry-run, and 'w2v vocab' with --show-text N"),
        (["c", "-debug", "x"], "use --quiet"),
    ],
)
def test_unknown_tokens_are_refused_with_advice(tokens, told):
    with pytest.raises(UsageError) as caught:
        parse("train", *tokens)
    assert told in with_dashes(caught.value.message)


@pytest.mark.parametrize("name", sorted(ABSENT))
def test_options_that_only_other_tools_have_are_refused(name):
    with pytest.raises(UsageError, match=f"^--{name}: .*"):
        parse("convert" if ABSENT[name].option == "top" else "train", "c", f"--{name}", "1")


# Command lines from the scripts that come with word2vec.c, from the README and tutorials of fastText, from the demo of
# GloVe, and in the manner of gensim's script.
SCRIPTS = [
    (
        "train",
        (
            "-train text8 -output vectors.bin -cbow 1 -size 200 -window 8 -negative 25 -hs 0 -sample 1e-4 -threads 20"
            " -binary 1 -iter 15"
        ),
        {
            "corpus": ("text8",),
            "output": "vectors.bin",
            "file_format": "word2vec-binary",
            "model": "cbow",
            "dim": 200,
            "window": 8,
            "negative": 25,
            "sample": 1e-4,
            "threads": 20,
            "epochs": 15,
        },
    ),
    (
        "train",
        (
            "-train data-phrase2.txt -output vectors.txt -cbow 1 -size 500 -window 10 -negative 10 -hs 0 -sample 1e-5"
            " -threads 40 -iter 3 -min-count 10"
        ),
        {
            "corpus": ("data-phrase2.txt",),
            "model": "cbow",
            "dim": 500,
            "window": 10,
            "negative": 10,
            "sample": 1e-5,
            "threads": 40,
            "epochs": 3,
            "min_count": 10,
        },
    ),
    (
        "train",
        (
            "-train data.txt -output vec.txt -size 200 -window 5 -sample 1e-4 -negative 5 -hs 0 -binary 0 -cbow 1"
            " -iter 3 -debug 3 -classes 0"
        ),
        {
            "corpus": ("data.txt",),
            "output": "vec.txt",
            "dim": 200,
            "sample": 1e-4,
            "model": "cbow",
            "epochs": 3,
            "file_format": "word2vec",
        },
    ),
    (
        "phrases",
        "-train news -output phrase0 -threshold 200 -debug 2",
        {"corpus": ("news",), "output": "phrase0", "threshold": 200},
    ),
    (
        "phrases",
        "-train text -output phrases -min-count 7 -threshold 100 -debug 0",
        {"corpus": ("text",), "output": "phrases", "min_count": 7, "threshold": 100, "quiet": True},
    ),
    (
        "train",
        (
            "-input data/fil9 -output v.vec -lr 0.025 -dim 100 -ws 5 -epoch 1 -minCount 5 -neg 5 -loss ns -bucket"
            " 2000000 -minn 3 -maxn 0 -thread 4 -t 1e-4 -lrUpdateRate 100 -verbose 2 -label __label__ -saveOutput"
            " -pretrainedVectors '' -wordNgrams 1"
        ),
        {"corpus": ("data/fil9",), "output": "v.vec", "lr": 0.025, "epochs": 1, "threads": 4, "sample": 1e-4},
    ),
    (
        "train",
        (
            "-input fil9 -output v.vec -maxn 0 -autotune-validation '' -autotune-metric f1 -autotune-duration 300"
            " -minCountLabel 0 -cutoff 0 -qnorm -dsub 2"
        ),
        {"corpus": ("fil9",), "output": "v.vec"},
    ),
    (
        "train",
        "-train data.txt -output vec.txt -size 200 -sample 1e-4 -binary 0 -iter 3 -min_count 2 -accuracy q.txt",
        {
            "corpus": ("data.txt",),
            "output": "vec.txt",
            "dim": 200,
            "sample": 1e-4,
            "epochs": 3,
            "min_count": 2,
            "file_format": "word2vec",
        },
    ),
    (
        "train",
        (
            "--corpus_file c --compute-loss --batch_words 10000 --null_word 0 --hashfxn hash --trim_rule None"
            " --max_vocab_size None --comment mine --seed 3"
        ),
        {"corpus": ("c",), "seed": 3},
    ),
    (
        "train",
        (
            "text8 -vector-size 50 -window-size 15 -min-count 9 -threads 8 -iter 15 -memory 4.0 -verbose 2 -symmetric 1"
            " -write-header 1 -checkpoint-every 0 -save-file v.txt -vocab-file vocab.txt -array-size 9 -grad-clip 100"
        ),
        {
            "corpus": ("text8",),
            "dim": 50,
            "window": 15,
            "min_count": 9,
            "threads": 8,
            "epochs": 15,
            "output": "v.txt",
            "read_vocab": "vocab.txt",
        },
    ),
    (
        "train",
        "-train text8 -output v.txt -size 300 -window 5 -threads 7 -batch-size 11 -disk",
        {"corpus": ("text8",), "output": "v.txt", "dim": 300, "threads": 7},
    ),
    (
        "train",
        (
            "--files text8 --dim 200 --context-size 5 --negatives 5 --learning-rate .025 --min-learning-rate 1e-4"
            " --min-count 1 --cbow true --downsample-threshold 1e-4 --epochs 2 --threads 3"
        ),
        {
            "corpus": ("text8",),
            "dim": 200,
            "lr": 0.025,
            "min_lr": 1e-4,
            "min_count": 1,
            "model": "cbow",
            "sample": 1e-4,
            "epochs": 2,
            "threads": 3,
        },
    ),
]


@pytest.mark.parametrize("command, line, expected", SCRIPTS)
def test_old_scripts_mean_the_same_here(command, line, expected):
    tokens = shlex.split(line)
    plain = parse(command)
    changed = {name: value for name, value in parse(command, *tokens).items() if value != plain[name]}
    assert as_plain(changed) == {name: str(value) if name == "output" else value for name, value in expected.items()
                                 if value != plain[name] and str(value) != str(plain[name])}  # fmt: skip


@pytest.mark.parametrize("name", sorted(NEEDLESS))
def test_what_changes_nothing_is_accepted_with_a_note(name):
    command = {"delimiter": "phrases", "top": "convert", "casefold": None, "progress": None}.get(
        NEEDLESS[name].option, "train"
    )
    if command is None:  # Python only
        return
    value = [] if NEEDLESS[name].is_flag else ["77"]
    words = ["--maxn", "0"] if "subwords" in NEEDLESS[name].reason else []
    (note,) = notes_of(command, "c", f"--{name}", *value, *words)
    assert note == " ".join([f"--{name}", *value, f"changes nothing here: {with_dashes(NEEDLESS[name].reason)}"])
    assert notes_of(command, "c", f"--{name}", *value, *words, "-q") == []


@pytest.mark.parametrize(
    "line, notes",
    [
        ("c -lrUpdateRate 100", ["-lrUpdateRate 100 changes nothing here: the rate is updated continuously"]),
        ("c -saveOutput", ["-saveOutput changes nothing here: --save-model keeps the output vectors"]),
        ("c -saveOutput 0 -compute-loss False -wordNgrams 1 -label __label__ -batch-words 10000", []),
        ("c -bucket 0 -minn 3", ["-minn 3 changes nothing here: there are no subwords"]),
        ("c -bucket 9 -disk -maxn 0", [("these change nothing here: -bucket 9 (there are no subwords), -disk (text is"
                                       " never held in memory)")]),
        ("c -hs 1", [HS_ALONE]),
        ("c -hs 1 -negative 0", []),
        ("c -hs 0", []),
    ],
)  # fmt: skip
def test_notes_on_options_of_other_tools(line, notes):
    assert notes_of("train", *line.split()) == notes


def test_a_note_is_shown_once_and_before_the_work(tmp_path):
    process = inside("train", "missing.txt", "-lrUpdateRate", "5", cwd=tmp_path)
    first, second = process.stderr.decode().splitlines()
    assert first == "w2v: note: -lrUpdateRate 5 changes nothing here: the rate is updated continuously"
    assert "missing.txt" in second
    assert "missing.txt" in error_line(inside("train", "missing.txt", "-lrUpdateRate", "5", "-q", cwd=tmp_path))


@pytest.mark.parametrize("option", ["-hs", "--hs"])
def test_hs_with_negative_is_noted_when_it_trains(tmp_path, option):
    (tmp_path / "c.txt").write_text("the king and the queen\n" * 30)
    process = inside("train", "c.txt", option, "1", "-negative", "5", "-size", "5", cwd=tmp_path)
    assert process.stderr.decode().count(HS_ALONE) == 1
    assert HS_ALONE not in inside("train", "c.txt", "-loss", "hs", "-size", "5", cwd=tmp_path).stderr.decode()


def test_other_commands_know_the_spellings_of_the_options_they_have():
    assert parse("similar", "king", "-n5")["count"] == 5
    assert parse("similar", "king", "-count", "5")["count"] == parse("similar", "king", "-topn", "5")["count"] == 5
    assert str(parse("similar", "-vectors", "v.txt", "king")["path"]) == "v.txt"
    assert parse("similar", "--", "-dim", "–")["words"] == ("-dim", "–")
    with pytest.raises(UsageError, match="no such option -size"):
        parse("similar", "king", "-size", "5")
    with pytest.raises(UsageError, match="no such option -hs"):
        parse("similar", "king", "-hs", "0")


def test_words_in_help_are_not_the_hidden_spellings():
    text = train_command.get_help(click.Context(train_command))
    theirs = RENAMED.keys() | TEXT | CONVERTED.keys() | ABSENT.keys() | NEEDLESS.keys()
    for name in theirs - {"cbow_mean", "sentences"}:
        assert f"--{name.replace('_', '-')} " not in text  # these two are ours too, with another meaning


OPTIONS = [parameter for parameter in train_command.params if isinstance(parameter, click.Option)]
KNOWN = (
    {name.lstrip("-") for option in OPTIONS for name in option.opts}
    | {name.replace("_", "-") for name in (*RENAMED, *TEXT, *CONVERTED, *ABSENT, *NEEDLESS)}
    | {"help", "h"}
)
FILES = st.text("abz_-=–", min_size=1, max_size=6).filter(lambda name: not name.startswith("-"))


@st.composite
def spelled(draw):
    """Draw an option of train: how it is written, and what it means."""
    single = [option for option in OPTIONS if "--help" not in option.opts and not option.multiple]
    option = draw(st.sampled_from(single))
    name = max(option.opts, key=len).lstrip("-")
    humps = "".join(part.title() if place else part for place, part in enumerate(name.split("-")))
    written = draw(st.sampled_from(["--", "-"])) + draw(st.sampled_from([name, name.replace("-", "_"), humps]))
    if option.is_flag:
        return [written], {option.name: True}
    if isinstance(option.type, click.Choice):
        value = wanted = draw(st.sampled_from(list(option.type.choices)))
    elif option.type is click.INT or option.type is click.FLOAT:
        wanted = draw(st.integers(-99, 99))
        value = str(wanted)
    else:
        value = wanted = draw(FILES)
    return draw(st.sampled_from([[written, value], [f"{written}={value}"]])), {option.name: wanted}


@given(st.lists(st.one_of(spelled(), FILES.map(lambda name: ([name], name)))))
def test_every_spelling_of_every_option_is_understood(pieces):
    expected, corpus = {}, []
    for _, meaning in pieces:
        corpus.append(meaning) if isinstance(meaning, str) else expected.update(meaning)
    parameters = as_plain(parse("train", *(token for tokens, _ in pieces for token in tokens)))
    assert parameters["corpus"] == tuple(corpus)
    assert {name: parameters[name] for name in expected} == expected


@given(st.lists(st.text("-=o1dqimh_sx", min_size=1, max_size=6), max_size=3))
def test_a_token_that_starts_with_a_dash_is_a_known_option_or_refused(tokens):
    try:
        parameters = parse("train", *tokens)
    except (click.UsageError, UsageError, click.exceptions.Exit):
        return
    until = tokens.index("--") if "--" in tokens else len(tokens)
    for token in tokens[:until]:
        name = token.lstrip("-").partition("=")[0].replace("_", "-")
        assert not token.startswith("-") or name in KNOWN or not name.strip("-1"), token
    assert set(parameters["corpus"]) <= set(tokens)
