"""The examples of README.md and docs/ run, and print what the pages show."""

import pytest
from pages import PAGES, ROOT, agree, blocks, check_options, commands, run


@pytest.mark.parametrize("page", PAGES, ids=[page.relative_to(ROOT).as_posix() for page in PAGES])
def test_the_examples_of_a_page_run(page, example_folder):
    run(page, example_folder)


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        ("queen  0.9071\n", "queen    0.9122\n", True),
        ("queen  0.9071\n", "queen    0.8522\n", False),
        ("queen  0.9071\n", "prince   0.9071\n", False),
        ("4 words\n", "5 words\n", False),
        ("one\n...\nfour\n", "one\ntwo\nthree\nfour\n", True),
        ("one\n...\nfour\n", "one\nfour\n", True),
        ("one\n...\nfour\n", "one\ntwo\n", False),
        ("in ... s, lr 0.03...\n", "in 0.2 s, lr 0.03 here\n", True),
        ("12MB in 0.1 s, 159MB/s\n", "12MB in 3.7 s, 4.2kB/s\n", True),
        ("12MB in 0.1 s\n", "13MB in 0.1 s\n", False),
        ("", "anything\n", False),
        ("", "", True),
        ("a.b\n", "axb\n", False),
    ],
)
def test_words_must_agree_and_decimals_be_close(expected, printed, same):
    assert agree(expected, printed) == same


def test_a_page_is_cut_into_blocks_and_commands(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("Text\n\n```console\n$ one \\\n>   two\nprinted\n$ three\n```\n\n```text\nno\n```\n")
    first, second = blocks(page)
    assert (first.language, first.line, second.language) == ("console", 4, "text")
    assert list(commands(first.text)) == [("one    two", "printed\n"), ("three", "")]


def test_commands_that_are_not_run_must_be_ones_that_the_program_reads():
    check_options("", "zcat mine.gz | w2v train - --dim 300 -o - | gzip > vectors.gz\nw2v train mine.txt -size 30")
    for text in ("w2v train mine.txt --dims 300", "ls && w2v tarin mine.txt", "w2v map --dim 3"):
        with pytest.raises(AssertionError, match=text.split("&& ")[-1]):
            check_options("page", text)
