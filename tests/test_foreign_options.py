"""The command line misreads no token, and understands the option names of other tools."""

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from w2v.cli import w2v_command
from w2v.cli.messages import with_dashes
from w2v.cli.train import train_command
from w2v.errors import UsageError
from w2v.options.foreign_names import ABSENT, CONVERTED, RENAMED, TEXT


def parse(command, *tokens):
    """Return the parameters of `w2v COMMAND TOKENS...`, as the command gets them."""
    group = w2v_command.make_context("w2v", [command, *tokens])
    name, found, rest = w2v_command.resolve_command(group, [command, *tokens])
    return found.make_context(name, rest, parent=group).params


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


@pytest.mark.parametrize(
    "line, expected",
    [
        (WORD2VEC, {"corpus": ("text8",), "output": "vec.txt", "model": "cbow", "dim": 200, "window": 8, "negative": 25,
                    "sample": 1e-4, "threads": 3, "epochs": 15, "lr": 0.04, "min_count": 2,
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
        (["c", "-binary", "1"], "the format follows from the name"),
        (["c", "-cbow", "2"], "use --model cbow or --model skipgram"),
        (["c", "-minn", "3"], "subwords are not supported"),
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
        parse("train", "c", f"--{name}", "1")


def test_other_commands_know_the_spellings_of_the_options_they_have():
    assert parse("similar", "king", "-n5")["count"] == 5
    assert parse("similar", "king", "-count", "5")["count"] == 5
    assert str(parse("similar", "-vectors", "v.txt", "king")["path"]) == "v.txt"
    assert parse("similar", "--", "-dim", "–")["words"] == ("-dim", "–")
    with pytest.raises(UsageError, match="no such option -size"):
        parse("similar", "king", "-size", "5")
    with pytest.raises(UsageError, match="no such option -hs"):
        parse("similar", "king", "-hs", "0")


def test_words_in_help_are_not_the_hidden_spellings():
    text = train_command.get_help(click.Context(train_command))
    for name in (RENAMED.keys() | TEXT | CONVERTED.keys() | ABSENT.keys()) - {"cbow_mean", "sentences"}:
        assert f"--{name.replace('_', '-')} " not in text  # these two are ours too, with another meaning


OPTIONS = [parameter for parameter in train_command.params if isinstance(parameter, click.Option)]
KNOWN = (
    {name.lstrip("-") for option in OPTIONS for name in option.opts}
    | {name.replace("_", "-") for name in (*RENAMED, *TEXT, *CONVERTED, *ABSENT)}
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
