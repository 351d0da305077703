import gzip
import json

import pytest
from console import error_line
from console import inside as w2v

from w2v.cli.tables import display_width

TEXT = "5 2\nking 1 0.1\nqueen 1 0.2\n王様 1 0.3\napple -0.5 1\ncafe\u0301 0 1\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "vectors.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


def answer(*arguments, cwd, **extra):
    process = w2v("similar", *arguments, cwd=cwd, **extra)
    assert (process.returncode, process.stderr) == (0, b"")
    return process.stdout.decode()


def test_neighbours_come_as_an_aligned_table(folder):
    # in a terminal, each of the two Japanese characters is two columns wide, and the accent has none of its own
    assert answer("king", cwd=folder) == (
        "queen   0.9952\n"
        "王様    0.9817\n"
        "cafe\u0301    0.0995\n"
        "apple  -0.3560\n"
    )  # fmt: skip


@pytest.mark.parametrize("text, width", [("", 0), ("king", 4), ("王様", 4), ("cafe\u0301", 4), ("ｋ", 2), ("ﾊﾟ", 2)])
def test_display_width(text, width):
    assert display_width(text) == width


def test_json_is_a_list_of_objects(folder):
    found = json.loads(answer("king", "-n", "2", "--json", cwd=folder))
    assert found == [
        {"word": "queen", "similarity": pytest.approx(0.99523, abs=1e-5)},
        {"word": "王様", "similarity": pytest.approx(0.98167, abs=1e-5)},
    ]


def test_several_words_make_one_query(folder):
    assert answer("king", "queen", "-n", "1", cwd=folder).split()[0] == "王様"


def test_the_file_can_be_named_by_option_or_by_variable(folder):
    (folder / "other.gz").write_bytes(gzip.compress(b"king 1 0\nrook 1 0\n"))
    assert answer("king", "--vectors", "other.gz", cwd=folder) == "rook   1.0000\n"
    assert answer("king", cwd=folder, W2V_VECTORS="other.gz") == "rook   1.0000\n"
    assert answer("king", "-n", "1", "--vectors", "vectors.txt", cwd=folder, W2V_VECTORS="other.gz").startswith("queen")


def test_a_missing_file_is_reported_with_advice(folder):
    (folder / "vectors.txt").unlink()
    process = w2v("similar", "king", cwd=folder)
    assert process.returncode == 1
    assert error_line(process) == (
        "vectors.txt: no such file; train vectors with 'w2v train corpus.txt', or name another file with --vectors FILE"
    )


def test_an_unknown_word_exits_with_the_closest_spellings(folder):
    process = w2v("similar", "Qeen", cwd=folder)
    assert process.returncode == 1
    assert error_line(process) == "'Qeen' is not in the vocabulary; did you mean queen?"


def test_less_than_one_neighbour_is_wrong_usage(folder):
    process = w2v("similar", "king", "-n", "0", cwd=folder)
    assert process.returncode == 2
    assert "at least 1" in error_line(process)
