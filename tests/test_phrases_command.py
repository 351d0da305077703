"""`w2v phrases` as a user runs it."""

from random import Random

import pytest

from w2v.cli import main

RANDOM = Random(1)
OTHERS = [f"word{i}" for i in range(30)]
LINES = [
    " ".join([*RANDOM.choices(OTHERS, k=5), name, *RANDOM.choices(OTHERS, k=5), "."])
    for name in ("New York City", "the Bank of America")
    for _ in range(40)
]
TEXT = "\n\n".join(LINES)
JOINED = "".join(line.replace("New York", "New_York").replace("k of A", "k_of_A") + "\n" for line in LINES)
FINDING = ["--threshold", "15", "--connector-words", "english", "--threads", "2", "--quiet"]


@pytest.fixture
def run(tmp_path, monkeypatch, capfdbinary):
    """Run `w2v ARGUMENTS...` in this process, beside corpus.txt; return exit code, output and errors."""
    (tmp_path / "corpus.txt").write_text(TEXT)
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        with pytest.raises(SystemExit) as stopped:
            main([str(argument) for argument in arguments])
        output, errors = capfdbinary.readouterr()
        return stopped.value.code, output.decode(), errors.decode()

    return run


def test_phrases_are_printed(run):
    code, printed, errors = run("phrases", "corpus.txt", *FINDING)
    assert (code, errors) == (0, "")
    assert [line.split("\t") for line in printed.splitlines()] == [
        ["phrase", "words", "score", "count", "pass"],
        ["Bank_of_America", "Bank of America", "25.375", "40", "1"],  # (40 - 5) / (40 * 40) * 1160 tokens
        ["New_York", "New York", "25.375", "40", "1"],
        ["York_City", "York City", "25.375", "40", "1"],
    ]


def test_the_text_is_written_with_phrases_joined_and_the_list_beside_it(run, tmp_path):
    _, printed, _ = run("phrases", "corpus.txt", *FINDING)
    code, output, errors = run("phrases", "corpus.txt", *FINDING[:-1], "--list", "phrases.tsv", "-o", "joined.txt")
    assert (code, output) == (0, "")
    assert "joined 2 phrases 80 times: 1,160 tokens became 1,040; saved to joined.txt" in errors
    assert (tmp_path / "phrases.tsv").read_text() == printed
    assert (tmp_path / "joined.txt").read_text() == JOINED


def test_a_list_is_used_on_other_text(run, tmp_path):
    run("phrases", "corpus.txt", *FINDING, "--list", "phrases.tsv")
    (tmp_path / "new.txt").write_text("the Bank of America in New York , new york")
    code, output, _ = run("phrases", "new.txt", "--use", "phrases.tsv", "--output", "-", "-q")
    assert (code, output) == (0, "the Bank_of_America in New_York , new york\n")


def test_options_of_the_text_and_of_finding_have_their_effect(run, tmp_path):
    options = ["--tokens", "words", "--score", "npmi", "--threshold", "0.9", "--min-count", "10", "--delimiter", "+"]
    code, output, errors = run(
        "phrases", "corpus.txt", "-q", "-o", "-", "--passes", "2", "--memory", "1", "--work-dir", tmp_path, *options
    )
    assert (code, errors) == (0, "")
    text = TEXT.lower().replace("new york city", "new+york+city").replace("the bank of america", "the+bank+of+america")
    expected = [line.removesuffix(" .") for line in text.split("\n\n")]
    assert output.splitlines() == expected


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ([], 2, "no corpus given"),
        (
            ["corpus.txt", "--use", "x.tsv"],
            2,
            "--use only joins phrases; add --output, and leave out --list",
        ),
        (["corpus.txt", "--use", "x.tsv", "-o", "y"], 1, "x.tsv: can't be read (No such file or directory)"),
        (["corpus.txt", "-o", "x", "--list", "./x"], 2, "--output and --list are both x"),
        (["corpus.txt", "-o", "corpus.txt"], 2, "is the corpus itself"),
        (["corpus.txt", "--list", "corpus.txt"], 2, "is the corpus itself"),
        (["corpus.txt", "--list", "other.txt"], 1, "other.txt: exists, holds no phrases, and would be overwritten"),
        (["corpus.txt", "--use", "other.txt", "-o", "other.txt"], 2, "--output and --use are both other.txt"),
        (["corpus.txt", "-o", "missing/x"], 1, "there is no folder missing"),
        (["corpus.txt", "--score", "pmi"], 2, "'pmi' is not one of"),
        (["corpus.txt", "--passes", "0"], 2, "--passes must be"),
        (["corpus.txt", "--connector-words", "missing.txt"], 1, "missing.txt: can't be read"),
    ],
)
def test_errors_are_one_line(run, tmp_path, arguments, code, message):
    (tmp_path / "other.txt").write_text("something else")
    exit_code, output, errors = run("phrases", *arguments)
    assert (exit_code, output) == (code, "")
    assert errors.count("\n") == 1
    assert message in errors


def test_only_earlier_joined_text_is_replaced(run, tmp_path):
    target = tmp_path / "joined.txt"
    for _ in range(2):
        assert run("phrases", "corpus.txt", *FINDING, "-o", "joined.txt") == (0, "", "")
        assert target.read_text() == JOINED
    others = [
        "my only copy of some notes\n", "king\tqueen_of_hearts\t8.5\n", "def f():\n    return snake_case\n",
        "new_york 9\nthe 5\n",
        "2 3\nnew_york 1 2 3\nking 1 2 3\n", "new_york \0", '{"epoch": 1, "a_b": 2}\n', "phrase\twords\tscore\n",
    ]  # fmt: skip
    for other in others:
        target.write_text(other)
        code, output, errors = run("phrases", "corpus.txt", *FINDING, "-o", "joined.txt")
        assert (code, output) == (1, "")
        assert errors == (
            "w2v: error: joined.txt: exists, holds no text with phrases joined, and would be overwritten; choose"
            " another name, or remove it first\n"
        )
        assert target.read_text() == other


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("-train corpus.txt -output - -min-count 5 -threshold 15 -debug 0", "--threshold 15"),
        (
            "--sentences corpus.txt -o - --min_count 3 --threshold 7 --scoring default --common_terms english -q",
            "--score gensim --min-count 3 --threshold 7 --connector-words english",
        ),
        ("corpus.txt -o - --scoring npmi --threshold 0.6 -q", "--score npmi --threshold 0.6"),
    ],
)
def test_options_of_word2phrase_and_gensim_are_understood(run, theirs, ours):
    found = run("phrases", *theirs.split())
    assert found[1].count("_") > 70
    assert found == run("phrases", "corpus.txt", "--quiet", "--output", "-", *ours.split())


def test_raw_prose_is_noticed(run, tmp_path):
    (tmp_path / "corpus.txt").write_text('"Well," said the King, "she isn\'t here."\n')
    _, _, errors = run("phrases", "corpus.txt")
    assert "punctuation attached, as in raw prose; use --tokens words to take it off" in errors
    _, _, errors = run("phrases", "corpus.txt", "--tokens", "words")
    assert "punctuation" not in errors


def test_a_text_without_phrases_gets_a_note(run, tmp_path):
    (tmp_path / "corpus.txt").write_text("a b c")
    code, output, errors = run("phrases", "corpus.txt", "-o", "-")
    assert (code, output) == (0, "a b c\n")
    assert "no pair of words scores more than 100; lower --threshold" in errors


def test_training_joins_phrases_first(run):
    options = ["--min-count", "1", "--dim", "4", "--epochs", "1", "--threads", "1"]
    code, _, errors = run("train", "corpus.txt", *options, "--phrases", "1")
    assert code == 0
    assert "no phrases found" in errors  # by a threshold of 100


@pytest.mark.parametrize(
    "text",
    [
        "new york\nbig apple\n",
        '"new york"\n"big apple"\n',
        "new_york\nbig_apple\n",
        "new york\t57\nbig apple\t12\n",
        "new york\rbig apple\r",
        '"new york",57\r\n"big apple",12\r\n',
        "phrase\twords\nnew_york\tnew york\nbig_apple\tbig apple\n",
        'phrase\twords\nnew_york\t"new york"\nbig_apple\t"big apple"\n',
        'phrase\twords\n"new_york"\t"new york"\n"big_apple"\t"big apple"\n',
        'phrase\twords\tscore\nnew_york\t"new york"\t9\nbig_apple\t"big apple"\t8\n',
        '"phrase"\t"words"\n"new_york"\t"new york"\n"big_apple"\t"big apple"\n',
        "phrase,words\nnew_york,new york\nbig_apple,big apple\n",
        'Phrase;Words;Score\n"new york";"new york";9\n"big apple";"big apple";\n',
        '\ufeff"phrase","words","score"\r\n"new_york","new york","3"\r\n"big_apple","big apple","2"\r\n',
    ],
)
def test_lists_that_others_made_are_read(run, tmp_path, text):
    (tmp_path / "list").write_bytes(text.encode())
    (tmp_path / "new.txt").write_text("new york is new , the big apple\n")
    code, output, errors = run("phrases", "new.txt", "--use", "list", "-o", "-")
    assert (code, output) == (0, "new_york is new , the big_apple\n")
    assert "joined 2 phrases 2 times: 8 tokens became 6" in errors
    has_columns = "phrase" in text.lower()
    assert ("note: list: the list has no names of columns; each line is read as a phrase" in errors) is not has_columns


def test_quotes_that_are_part_of_tokens_stay(run, tmp_path):
    (tmp_path / "quoted.txt").write_text('he said "new york" and "new york" again\n' * 30)
    run("phrases", "quoted.txt", "--list", "list.tsv", "--threshold", "1", "--min-count", "20")
    assert '"new_york"\t"new york"\t' in (tmp_path / "list.tsv").read_text()
    _, output, _ = run("phrases", "quoted.txt", "--use", "list.tsv", "-o", "-", "-q")
    assert '"new_york"' in output


def test_phrases_that_do_not_occur_are_named_and_not_counted(run, tmp_path):
    (tmp_path / "new.txt").write_text("new york is new\n")
    (tmp_path / "list").write_text("new york\nbig apple\nlast call\nhot dog\nred tape\n")
    _, _, errors = run("phrases", "new.txt", "--use", "list", "-o", "joined.txt")
    assert "joined 1 phrase 1 time: 4 tokens became 3" in errors
    assert "note: 4 of 5 phrases never occur in the text: big apple, hot dog, last call, ..." in errors
    (tmp_path / "list").write_text("New York\n")
    _, _, errors = run("phrases", "new.txt", "--use", "list", "-o", "joined.txt")
    assert "joined no phrases: 4 tokens became 4" in errors
    assert "note: the only phrase does not occur in the text: New York; check how the text spells them" in errors
