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
        (["--restrict-vocab", "40"], {"restrict_vocab": 40}),
        (["--method", "mul"], {"method": "mul"}),
    ):
        (found,) = json.loads(answer("analogies", "questions.txt", "--json", *options, cwd=folder))
        score = evaluate_analogies(vectors, questions, **limits)
        assert (found["total"]["correct"], found["total"]["used"]) == (score.total.correct, score.total.used)
    (few,) = json.loads(answer("pairs", "pairs.tsv", "--json", "--restrict-vocab", "3", cwd=folder))
    assert (few["used"], few["spearman"], few["spearman_p"]) == (0, None, None)
    assert answer("pairs", "pairs.tsv", "--restrict-vocab", "3", cwd=folder).split()[-7:-3] == ["-", "-", "-", "-"]
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
