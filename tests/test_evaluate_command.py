"""`w2v evaluate`: tables and JSON with the scores of w2v.evaluation, which equal those of gensim on the same files."""

import json

import pytest
from console import error_line, inside
from optional import optional

from w2v.evaluation import evaluate_analogies, evaluate_pairs
from w2v.vectors import load

QUESTIONS = """: capitals
paris france rome italy
rome italy paris france
madrid spain paris france
paris france nowhere unknown
: gram1-royal
king queen prince princess
KING QUEEN MAN WOMAN
"""
PAIRS = "king\tqueen\t8.5\nParis\tRome\t7\nking\tparis\t2\nman\twoman\t8\nking\tzzz\t1\nthe\tprince\t0.5\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Vectors that gensim trained on the bundled corpus, and files to score them on."""
    from pathlib import Path

    corpus = Path(__file__).parents[1] / "corpora" / "english.txt"
    folder = tmp_path_factory.mktemp("evaluate")
    sentences = [line.split() for line in corpus.read_text(encoding="utf-8").splitlines()[:12_000]]
    model = optional("gensim.models").Word2Vec(sentences, vector_size=30, epochs=3, seed=1, workers=1, sg=1)
    model.wv.save_word2vec_format(folder / "vectors.txt")
    (folder / "questions.txt").write_text(QUESTIONS)
    (folder / "pairs.tsv").write_text(PAIRS)
    return folder


def answer(*arguments, cwd, **extra):
    process = inside("evaluate", *arguments, cwd=cwd, **extra)
    assert process.returncode == 0, process.stderr
    return process.stdout.decode()


@pytest.mark.parametrize("case", ["fold", "exact"])
@pytest.mark.parametrize("unknown", ["skip", "zero"])
def test_numbers_are_those_of_gensim_to_four_digits(folder, case, unknown):
    options = ["--case", case, "--unknown", unknown, "--restrict-vocab", "300000", "-q"]
    keyed = optional("gensim.models").KeyedVectors.load_word2vec_format(folder / "vectors.txt")
    theirs = {"case_insensitive": case == "fold", "dummy4unknown": unknown == "zero"}
    accuracy, sections = keyed.evaluate_word_analogies(str(folder / "questions.txt"), **theirs)
    pearson, spearman, ratio = keyed.evaluate_word_pairs(str(folder / "pairs.tsv"), **theirs)

    table = answer("vectors.txt", "analogies", "questions.txt", *options, cwd=folder).splitlines()
    rows = {line.split()[0]: line.split()[1:] for line in table if line}
    for section, name in zip(sections, ("capitals", "gram1-royal", "total"), strict=True):
        used = len(section["correct"]) + len(section["incorrect"])
        assert rows[name][1:3] == [str(len(section["correct"])), str(used)]
    assert rows["total"][0] == f"{accuracy:.4f}"

    (found,) = json.loads(answer("vectors.txt", "pairs", "pairs.tsv", "--json", *options, cwd=folder))
    expected = {"spearman": spearman[0], "spearman_p": spearman[1], "pearson": pearson[0], "pearson_p": pearson[1]}
    assert {name: found[name] for name in expected} == pytest.approx(expected, abs=1e-6)
    assert 100 * (1 - found["coverage"]) == pytest.approx(ratio)


def test_tables_are_aligned_and_show_coverage(folder):
    score = evaluate_pairs(load(folder / "vectors.txt"), folder / "pairs.tsv")
    header, row = answer("pairs", "pairs.tsv", cwd=folder).splitlines()
    assert len(header) == len(row)
    assert header.split() == ["file", "Spearman", "p", "Pearson", "p", "pairs", "used", "known"]
    values = row.split()
    assert values[0] == "pairs.tsv"
    assert [values[1], values[3]] == [f"{score.spearman:.4f}", f"{score.pearson:.4f}"]
    assert [float(values[2]), float(values[4])] == pytest.approx([score.spearman_p, score.pearson_p], rel=0.06)
    assert values[5:] == ["6", "5", "83.3%"]
    lines = answer("analogies", "questions.txt", cwd=folder).splitlines()
    assert lines[0].split() == ["section", "accuracy", "correct", "used", "questions", "known"]
    assert [line.split(" ")[0] for line in lines[1:]] == [
        "capitals", "gram1-royal", "", "semantic", "syntactic", "total"
    ]  # fmt: skip
    assert lines[1].split()[3:] == ["3", "4", "75.0%"]
    assert len({len(line) for line in lines if line}) == 1


def test_several_files_and_json(folder):
    twice = json.loads(answer("pairs", "pairs.tsv", "pairs.tsv", "--json", cwd=folder))
    assert [item["file"] for item in twice] == ["pairs.tsv", "pairs.tsv"]
    assert len(answer("pairs", "pairs.tsv", "pairs.tsv", cwd=folder).splitlines()) == 3
    (found,) = json.loads(answer("vectors.txt", "analogies", "questions.txt", "--json", cwd=folder))
    score = evaluate_analogies(load(folder / "vectors.txt"), folder / "questions.txt")
    assert found["total"]["accuracy"] == score.total.accuracy
    assert (found["total"]["questions"], found["total"]["used"], found["total"]["unknown"]) == (6, 5, 1)
    assert [section["name"] for section in found["sections"]] == ["capitals", "gram1-royal"]
    tables = answer("analogies", "questions.txt", "questions.txt", "--quiet", cwd=folder)
    assert tables.count("section ") == 2


def test_options_reach_the_library(folder):
    vectors = load(folder / "vectors.txt")
    questions = folder / "questions.txt"
    for options, limits in (
        (["--restrict-vocab", "900"], {"restrict_vocab": 900}),
        (["--method", "mul"], {"method": "mul"}),
    ):
        (found,) = json.loads(answer("analogies", "questions.txt", "--json", *options, cwd=folder))
        score = evaluate_analogies(vectors, questions, **limits)
        assert (found["total"]["correct"], found["total"]["used"]) == (score.total.correct, score.total.used)
    (folder / "one.tsv").write_text("the\tprince\t0.5\nking\tzzz\t1\n")
    (few,) = json.loads(answer("pairs", "one.tsv", "--json", cwd=folder))
    assert (few["used"], few["spearman"], few["spearman_p"]) == (1, None, None)
    assert answer("pairs", "one.tsv", cwd=folder).split()[-7:-3] == ["-", "-", "-", "-"]
    every = json.loads(answer("analogies", "questions.txt", "--json", "--restrict-vocab", "0", cwd=folder))
    assert every[0]["total"]["used"] == 5


def test_the_vectors_file_is_named_first_or_by_variable(folder, tmp_path):
    (tmp_path / "pairs").write_text(PAIRS)
    named = answer(folder / "vectors.txt", "pairs", "./pairs", "--no-cache", cwd=tmp_path)
    assert named == answer("pairs", "pairs", cwd=tmp_path, W2V_VECTORS=str(folder / "vectors.txt"))
    assert "vectors.txt: no such file" in error_line(inside("evaluate", "pairs", "pairs", cwd=tmp_path))


@pytest.mark.parametrize(
    "arguments, code, message",
    [
        (
            [],
            2,
            "pairs or analogies missing; write w2v evaluate VECTORS pairs|analogies FILE",
        ),
        (["vectors.txt", "questions.txt"], 2, "pairs or analogies missing"),
        (["vectors.txt", "pairs"], 2, "no file of pairs given; write w2v evaluate VECTORS pairs FILE"),
        (["a.txt", "b.txt", "pairs", "c"], 2, "one vectors file goes before pairs, not 2: a.txt b.txt"),
        (["pairs", "vectors.txt"], 1, "vectors.txt:1: expected two words and a score"),
        (["analogies", "nowhere.txt"], 1, "nowhere.txt: can't be read (No such file or directory)"),
        (["analogies", "questions.txt", "--restrict-vocab", "-1"], 2, "--restrict-vocab must be at least 1, not -1"),
    ],
)
def test_errors_are_one_line(folder, arguments, code, message):
    process = inside("evaluate", *arguments, cwd=folder)
    assert process.returncode == code
    assert message in error_line(process)


def test_notes_say_what_is_left_out(folder):
    process = inside("evaluate", "pairs", "pairs.tsv", cwd=folder)
    assert process.stderr.decode() == "w2v: note: pairs.tsv: 1 of 6 pairs left out, with an unknown word: zzz\n"
    assert inside("evaluate", "pairs", "pairs.tsv", "-q", cwd=folder).stderr == b""


def test_files_of_which_nothing_is_known_are_left_out_or_an_error(folder):
    (folder / "german.txt").write_text("koenig koenigin 9\nhund katze 5\n")
    process = inside("evaluate", "pairs", "german.txt", "pairs.tsv", cwd=folder)
    assert process.returncode == 0
    assert [line.split()[0] for line in process.stdout.decode().splitlines()] == ["file", "pairs.tsv"]
    assert "note: german.txt: no pair has all its words in the vocabulary; it has" in process.stderr.decode()
    alone = inside("evaluate", "pairs", "german.txt", cwd=folder)
    assert alone.returncode == 1
    assert "such as koenig, the vectors such as" in error_line(alone)
    exact = inside("evaluate", "pairs", "upper.txt", "--case", "exact", cwd=folder)
    assert exact.returncode == 1
    (folder / "upper.txt").write_text("KING QUEEN 9\n")
    exact = inside("evaluate", "pairs", "upper.txt", "--case", "exact", cwd=folder)
    assert "words differ in case; ignore case with --case fold" in error_line(exact)


def test_columns_and_folders_and_standard_input(folder, tmp_path):
    (tmp_path / "numbered.csv").write_text("id;kind;word1;word2;mean\n7;N;king;queen;9\n9;V;man;woman;7,5\n")
    (tmp_path / "pairs.tsv").write_text(PAIRS)
    vectors = folder / "vectors.txt"
    table = answer(vectors, "pairs", tmp_path, cwd=tmp_path).splitlines()
    assert [line.split()[0] for line in table] == ["file", "numbered.csv", "pairs.tsv"]
    for columns in ("3,4,5", "word1,word2,mean"):
        process = inside("evaluate", vectors, "pairs", "numbered.csv", "--columns", columns, cwd=tmp_path)
        assert process.stderr == b""
        assert process.stdout.decode().split()[-2:] == ["2", "100.0%"]
    noted = inside("evaluate", vectors, "pairs", "numbered.csv", cwd=tmp_path).stderr.decode()
    assert "words from columns 3 and 4, scores from column 5 (mean); --columns chooses others" in noted
    refused = inside("evaluate", vectors, "analogies", "q.txt", "--columns", "1,2,3", cwd=tmp_path)
    assert "--columns is for pairs" in error_line(refused)
    piped = inside("evaluate", vectors, "analogies", "-", "-q", cwd=tmp_path, stdin=QUESTIONS.encode())
    named = answer(vectors, "analogies", "questions.txt", "-q", cwd=folder)
    assert piped.stdout.decode() == named


def test_encoding_is_that_of_files_that_are_not_utf8(tmp_path):
    (tmp_path / "v.txt").write_text("café 1 0\nthé 1 1\nlait 0 1\n", encoding="utf-8")
    (tmp_path / "old.txt").write_text("café thé 9\nthé lait 5\ncafé lait 1\n", encoding="latin-1")
    for options in (["--encoding", "latin-1"], ["--encoding", "cp1252", "--encoding-errors", "replace"]):
        process = inside("evaluate", "v.txt", "pairs", "old.txt", *options, cwd=tmp_path)
        assert process.stdout.decode().split()[-2:] == ["3", "100.0%"]
    assert "old.txt:1: not UTF-8: 'caf" in error_line(inside("evaluate", "v.txt", "pairs", "old.txt", cwd=tmp_path))
