"""The examples in the help work when pasted: their words are in the bundled corpus."""

import re
from pathlib import Path

import click
import pytest

from w2v.cli.commands import GROUPS, Commands
from w2v.cli.shell import HELP

CORPUS = Path(__file__).parents[1] / "corpora" / "english.txt"
QUERIES = [name for name in GROUPS["Query"] if name != "shell"]


@pytest.fixture(scope="module")
def known():
    return set(CORPUS.read_text("utf-8").split())


@pytest.mark.parametrize("name", [*QUERIES, "shell"])
def test_words_of_examples_are_in_the_bundled_corpus(known, name):
    group = Commands("w2v")
    text = group.get_command(click.Context(group), name).help
    lines = re.findall(r"^ +(?:w2v|echo) (.*)$", text, re.MULTILINE)
    lines += [re.split("  +", line)[0] for line in HELP.splitlines()[:-3]] if name == "shell" else []
    assert lines
    left_out = r"--(?:vectors|texts) \S+|--method \S+|-n \d+|--?\w+|[<|].*"
    words = {word for line in lines for word in re.sub(left_out, "", line).split()}
    assert words - known - {*QUERIES, "shell", "-", "+", "help"} == set()
