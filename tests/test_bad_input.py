"""Bad input ends in one line that names the place, in exit code 1 or 2, and with no file lost."""

import gzip
import os
import random
from pathlib import Path

import pytest
from console import error_line
from console import inside as w2v

import w2v as library
from w2v.errors import UsageError

TEXT = "".join(f"the {'king' if i % 2 else 'queen'} of land {i % 7} is in the castle\n" for i in range(200))
EARLIER = "2 3\nking 1 2 3\nqueen 1 2 4\n"


@pytest.fixture
def folder(tmp_path):
    """A folder with a corpus, the vectors of an earlier run, and a place for temporary files."""
    (tmp_path / "corpus.txt").write_text(TEXT)
    (tmp_path / "vectors.txt").write_text(EARLIER)
    (tmp_path / "temporary").mkdir()
    return tmp_path


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(folder, *arguments, code, stdin=b""):
    """Return the one line that `w2v ARGUMENTS...` prints, after checking that it left every file unchanged."""
    before = contents(folder)
    process = w2v(*arguments, cwd=folder, stdin=stdin, TMPDIR=str(folder / "temporary"))
    told = error_line(process)
    assert process.returncode == code
    assert contents(folder) == before
    return told


def cut_gzip():
    whole = gzip.compress(random.Random(1).randbytes(100_000).hex().encode(), mtime=0)
    return whole[: len(whole) // 2]


@pytest.mark.parametrize(
    "content, place",
    [
        (b"", "bad.txt"),
        (b"\n \n\t\n", "bad.txt"),
        (b"\0" * 100_000, "bad.txt:1"),
        (cut_gzip(), "bad.txt"),
        (b"fine\nfine \xff\xfe here\n", "bad.txt:2"),
    ],
    ids=["empty", "white space", "NULs", "cut gzip", "not UTF-8"],
)
@pytest.mark.parametrize("command", ["train", "vocab"])
def test_unusable_text(folder, command, content, place):
    (folder / "bad.txt").write_bytes(content)
    assert place in refused(folder, command, "-q", "bad.txt", code=1)


@pytest.mark.parametrize(
    "content, word", [("only\nlines\nof\nsingle\nwords\n", "occurs 1 time)"), ("word " * 100, "'word'")]
)
def test_too_few_words(folder, content, word):
    (folder / "bad.txt").write_text(content)
    assert word in refused(folder, "train", "-q", "bad.txt", code=1)


def test_no_such_file_and_a_folder_without_files(folder):
    (folder / "hollow" / "hollower").mkdir(parents=True)
    assert "hollow" in refused(folder, "train", "hollow", code=1)
    assert "nowhere.txt" in refused(folder, "train", "corpus.txt", "nowhere.txt", code=1)
    assert "nowhere.txt" in refused(folder, "vocab", "nowhere.txt", code=1)


@pytest.mark.parametrize("command", ["train", "vocab", "phrases"])
def test_an_output_among_the_inputs_gets_advice(folder, command):
    told = refused(folder, command, "corpus.txt", "my out.txt", code=1)
    assert told == "my out.txt: no such file to read; to write to it, use -o 'my out.txt'"
    assert "-o" not in refused(folder, command, "nowhere.txt", "out.txt", code=1)
    assert "-o" not in refused(folder, command, "out.txt", "corpus.txt", code=1)


def test_empty_standard_input(folder):
    assert "standard input" in refused(folder, "train", "-q", "-", code=1)


@pytest.mark.parametrize("option", ["--output", "--save-vocab"])
@pytest.mark.parametrize("place", ["missing/v.txt", "corpus.txt/v.txt", "/proc/v.txt", "temporary", "."])
def test_unwritable_outputs_are_refused_before_any_text_is_read(folder, option, place):
    assert place in refused(folder, "train", "nowhere.txt", option, place, code=1)


@pytest.mark.parametrize("file_format", ["npy", "word2vec-binary"])
def test_a_folder_is_no_output_in_any_format(folder, file_format):
    told = refused(folder, "train", "corpus.txt", "-o", ".", "--to", file_format, code=1)
    assert told == ".: is a folder; give the name of a file"


def test_outputs_that_are_inputs_are_refused(folder):
    assert "corpus.txt" in refused(folder, "train", "corpus.txt", "-o", "corpus.txt", code=2)
    assert "holds vectors, not text" in refused(folder, "train", "-q", "vectors.txt", "-o", "other.txt", code=1)
    assert "same.txt" in refused(folder, "train", "corpus.txt", "-o", "same.txt", "--save-vocab", "same.txt", code=2)
    (folder / "link.txt").symlink_to("corpus.txt")
    assert "link.txt" in refused(folder, "train", "corpus.txt", "--save-vocab", "link.txt", code=2)


@pytest.mark.parametrize(
    "arguments, name",
    [
        (["train", "corpus.txt", "-o", "notes.md"], "notes.md"),
        (["train", "corpus.txt", "--save-vocab", "notes.md"], "notes.md"),
        (["train", "corpus.txt", "--save-vocab", "vectors.txt", "-o", "new.txt"], "vectors.txt"),
        (["train", "corpus.txt", "-o", "words.txt"], "words.txt"),
        (["vocab", "corpus.txt", "-o", "vectors.txt"], "vectors.txt"),
        (["train", "nowhere.txt", "-o", "link.txt"], "link.txt"),
    ],
)
def test_files_of_another_kind_are_not_overwritten(folder, arguments, name):
    (folder / "notes.md").write_text("2 3\nmy only copy\n")
    (folder / "words.txt").write_text("the 5\nof 3\n")
    (folder / "link.txt").symlink_to("notes.md")
    told = refused(folder, *arguments, code=1)
    assert told.startswith(f"{name}: exists, holds no ")
    assert told.endswith("; choose another name, or remove it first")


@pytest.mark.parametrize(
    "arguments, told",
    [
        (["train", ""], "'' names no text; name a file, a folder, or - for standard input"),
        (["vocab", "corpus.txt", ""], "'' names no text; name a file, a folder, or - for standard input"),
        (["convert", "", "new.bin"], "invalid value for 'IN': '' is not the name of a file (see 'w2v convert --help')"),
        (
            ["convert", "vectors.txt", ""],
            "invalid value for 'OUT': '' is not the name of a file (see 'w2v convert --help')",
        ),
        (["evaluate", "", "pairs", "pairs.tsv"], "'' is not the name of a file"),
    ],
)
def test_an_empty_name_is_not_the_folder_that_the_user_is_in(folder, arguments, told):
    assert refused(folder, *arguments, code=2).startswith(told)


def test_an_empty_name_is_refused_in_python_too(folder):
    for read in (library.train, library.load, library.load(folder / "vectors.txt").save):
        with pytest.raises(UsageError, match="''"):
            read("")


def test_standard_output_takes_one_result(folder):
    told = refused(folder, "train", "corpus.txt", "--save-vocab", "-", code=2)
    assert told == "--save-vocab -: needs the name of a file; to print words and counts, use 'w2v vocab'"


@pytest.mark.parametrize(
    "arguments, code, told",
    [
        (["--dim", "0"], 2, "--dim must be at least 1, not 0"),
        (["--threads", "0"], 2, "--threads must be at least 1, not 0"),
        (["--dim", "99999999999"], 1, "--dim"),
        (["--work-dir", "nowhere"], 1, "nowhere"),
        (["--work-dir", "corpus.txt"], 1, "corpus.txt"),
        (["--read-vocab", "nowhere"], 1, "nowhere"),
        (["--read-vocab", "vectors.txt"], 1, "vectors.txt:2"),
    ],
)
def test_unusable_options(folder, arguments, code, told):
    assert told in refused(folder, "train", "-q", "corpus.txt", *arguments, code=code)


@pytest.mark.parametrize(
    "content, told",
    [
        (b"", "bad.txt: is empty"),
        (b"\n\n", "bad.txt"),
        (EARLIER[:-8].encode(), "bad.txt"),
        (EARLIER[:-2].encode(), "bad.txt"),
        (b"3 3" + EARLIER[3:].encode(), "bad.txt"),
        (b"2 4" + EARLIER[3:].encode(), "bad.txt:2: 3 values, header says 4"),
        (b"1 3" + EARLIER[3:].encode(), "bad.txt"),
        (b"2 0" + EARLIER[3:].encode(), "bad.txt"),
        (b"-2 3" + EARLIER[3:].encode(), "bad.txt"),
        (EARLIER.replace("4", "nan").encode(), "bad.txt:3"),
        (EARLIER.replace("4", "inf").encode(), "bad.txt:3"),
        (EARLIER.replace("4", "four").encode(), "bad.txt:3"),
        (EARLIER.replace("queen", "qu\xe9en").encode("latin-1"), "bad.txt:3"),
        (b"\0" * 10_000, "bad.txt"),
        (cut_gzip(), "bad.txt"),
        (TEXT.encode(), "bad.txt"),
    ],
    ids=lambda value: repr(value[:24]) if isinstance(value, bytes) else None,
)
def test_unusable_vectors(folder, content, told):
    (folder / "bad.txt").write_bytes(content)
    assert told in refused(folder, "similar", "king", "--vectors", "bad.txt", code=1)


def test_missing_vectors(folder):
    assert "nowhere.txt" in refused(folder, "similar", "king", "--vectors", "nowhere.txt", code=1)
    assert "temporary" in refused(folder, "similar", "king", "--vectors", "temporary", code=1)
    assert "did you mean king?" in refused(folder, "similar", "kingg", code=1)


def test_names_with_odd_characters_stay_on_one_line(folder):
    assert "no\\nwhere" in refused(folder, "train", "no\nwhere", code=1)
    assert "no\\x1b[31mwhere" in refused(folder, "similar", "no\x1b[31mwhere", code=1)
    assert "\\udcff" in refused(folder, "train", os.fsdecode(b"\xff"), code=1)
    assert Path(folder / "vectors.txt").read_text() == EARLIER


def test_byte_order_marks_amid_joined_lists_are_no_part_of_a_word(tmp_path):
    (tmp_path / "v.txt").write_text("king 1 0\nqueen 1 0.5\nman 0 1\nwoman 0.2 1\n")
    (tmp_path / "text.txt").write_text("the new york of new york\n" * 9)
    pairs = "\ufeffking\tqueen\t3\n\ufeffking\tman\t1\nqueen\tman\t2\ufeffwoman\tman\t3"
    (tmp_path / "pairs.tsv").write_text(pairs)
    found = w2v("evaluate", "v.txt", "pairs", "pairs.tsv", "--json", cwd=tmp_path)
    assert '"used": 4' in found.stdout.decode()
    (tmp_path / "questions.txt").write_text("\ufeff: a\nking queen man woman\n\ufeffman woman king queen\n")
    found = w2v("evaluate", "v.txt", "analogies", "questions.txt", "--json", cwd=tmp_path)
    assert '"used": 2' in found.stdout.decode()
    (tmp_path / "phrases.txt").write_text("\ufeffthe new\n\ufeffnew york\n")
    found = w2v("phrases", "text.txt", "--use", "phrases.txt", "-o", "-", cwd=tmp_path)
    assert found.stdout.decode().startswith("the_new york of new_york\n")


def test_vectors_are_no_list_of_phrases(tmp_path):
    (tmp_path / "v.txt").write_text("2 2\nking 1 0\nqueen 1 0.5\n")
    (tmp_path / "text.txt").write_text("the new york of new york\n" * 9)
    line = error_line(w2v("phrases", "text.txt", "--use", "v.txt", "-o", "out.txt", cwd=tmp_path))
    assert line == "v.txt: holds vectors, not phrases; 'w2v phrases' writes such lists with --save"


def test_a_long_word_is_cut_in_the_message_about_few_words(tmp_path):
    (tmp_path / "text.txt").write_text("x" * 5000)
    process = w2v("train", "text.txt", "--min-count", "1", "-q", cwd=tmp_path)
    assert process.returncode == 1
    assert "xxx..., 1 time;" in process.stderr.decode()
    assert len(process.stderr) < 300


def test_long_unknown_words_are_cut_in_messages(tmp_path):
    (tmp_path / "v.glove.txt").write_text("king 1 0\nqueen 1 0.5\nman 0 1\n")
    (tmp_path / "pairs.txt").write_text(f"king {'x' * 5000} 1\nking queen 2\nking man 1\n")
    (tmp_path / "questions.txt").write_text(f"king queen man {'/' * 5000}\n")
    (tmp_path / "foreign.txt").write_text(f"{'x' * 5000} {'y' * 5000} 1\n" * 3)
    for test_set in (["pairs", "pairs.txt"], ["analogies", "questions.txt"], ["pairs", "foreign.txt"]):
        process = w2v("evaluate", "v.glove.txt", *test_set, cwd=tmp_path)
        assert 50 < len(process.stderr) < 400


@pytest.mark.parametrize("name", ["\ud800", "a\0b", ""])
def test_names_that_no_file_can_have(name):
    vectors = library.Vectors(["king"], [[1.0, 0.5]])
    for call in (library.load, vectors.save, lambda path: library.evaluate_pairs(vectors, path)):
        with pytest.raises(UsageError, match="must be the name of a file"):
            call(name)
