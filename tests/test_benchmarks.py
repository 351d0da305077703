"""The comparison measures single processes, and shows medians and ratios to the faster mode of gensim."""

import json
import lzma
import re
import sys
from random import Random

import pytest
from click.testing import CliRunner
from optional import optional, require

from benchmarks import reading, report, run_w2v
from benchmarks.compare import main
from benchmarks.plan import CONFIGURATIONS, GENSIM_INPUTS, Measurement, Settings
from benchmarks.prepare import prepare
from benchmarks.processes import MeasurementError, run

run_gensim = optional("benchmarks.run_gensim", "gensim")


@pytest.fixture
def settings(tmp_path):
    return Settings(
        corpus=tmp_path / "corpus.txt",
        words=1000,
        warm_up=tmp_path / "warm-up.txt",
        folder=tmp_path,
        baselines=tmp_path,
        threads=2,
        repeat=3,
        seeds=2,
        epochs=5,
        configurations=(CONFIGURATIONS["sg100"],),
        gensim_inputs=("corpus_file", "iterable"),
        eval_dir=None,
    )


def row(text, label):
    cells = next(line for line in text.splitlines() if line.startswith(f"| {label} |"))
    return [cell.strip() for cell in cells.strip("|").split("|")]


def test_each_process_is_measured_alone():
    # In a small process of its own: a child's peak memory starts at its parent's, and pytest's is large.
    code = """
import sys
from benchmarks.processes import run
for child in "held = b'x' * 300_000_000", "import time, os; time.sleep(1); print(os.environ['SAID'], end='')":
    done = run([sys.executable, "-c", child], {"SAID": "hello"})
    print(done.peak_bytes, done.seconds, done.output)
"""
    large, small = (line.split() for line in run([sys.executable, "-c", code], {}).output.splitlines())
    assert float(large[0]) > 300e6
    assert float(small[0]) < 100e6
    assert float(small[1]) > 1
    assert small[2] == "hello"


def test_a_failed_process_is_named_with_its_last_line():
    with pytest.raises(MeasurementError, match=r"exited with 3: it broke$"):
        run([sys.executable, "-c", "import sys; print('long story\\nit broke', file=sys.stderr); sys.exit(3)"], {})


def test_a_compressed_corpus_is_unpacked_and_counted(tmp_path):
    text = "one two  three\n\nvier fünf\n" * 50_000
    (tmp_path / "corpus.xz").write_bytes(lzma.compress(text.encode()))
    prepared = prepare(str(tmp_path / "corpus.xz"), str(tmp_path))
    assert prepared["words"] == 250_000
    assert (tmp_path / "corpus.txt").read_text(encoding="utf-8") == text
    head = (tmp_path / "warm-up.txt").read_text(encoding="utf-8")
    assert text.startswith(head)
    assert 900_000 < len(head.encode()) <= 1 << 20


def test_speeds_are_medians_against_the_faster_mode_of_gensim(settings):
    speeds = {"w2v": [9e6, 12e6, 10e6], "gensim corpus_file": [0.5e6, 0.4e6, 0.6e6], "gensim iterable": [0.3e6] * 3}
    measurements = [
        Measurement("train", "sg100", contender, repeat, {"words_per_second": speed, "compiled": 0})
        for contender, values in speeds.items()
        for repeat, speed in enumerate(values, start=1)
    ]
    text = report.table("train", measurements, settings)
    assert row(text, "skip-gram, d = 100, sample 1e-3")[1:] == [
        "10.00 (9.00–12.00)",
        "0.50 (0.40–0.60)",
        "0.30 (0.30–0.30)",
        "**20.0 x**",
    ]
    assert "no function was compiled in 3 processes" in text


def test_commands_are_compared_by_time_and_show_memory(settings):
    seconds = {"w2v": 2.0, "w2v, first run": 4.0, "gensim corpus_file": 40.0, "gensim iterable": 30.0}
    measurements = [
        Measurement("end-to-end", "sg100", name, 1, {"seconds": s, "words_per_second": 5000 / s, "peak_bytes": 2e8})
        for name, s in seconds.items()
    ]
    text = report.table("end-to-end", measurements, settings)
    assert row(text, "w2v")[1:] == ["2.00", "0.00", "200", "**15.0 x**"]
    assert row(text, "w2v, first run")[4] == "**7.5 x**"
    assert row(text, "gensim iterable")[4] == ""


def test_quality_shows_means_seeds_and_the_difference(settings):
    scores = {"w2v": (0.5, 0.6), "gensim": (0.4, 0.41)}
    measurements = [
        Measurement("quality", "sg100", name, seed, {"wordsim353": v, "simlex999": v / 2, "analogies": v / 4})
        for name, values in scores.items()
        for seed, v in enumerate(values, start=1)
    ]
    text = report.table("quality", measurements, settings)
    assert "| w2v | 0.550 (0.500, 0.600) | 0.275 (0.250, 0.300) | 0.138 (0.125, 0.150) |" in text
    assert "| difference | +0.145 |" in text


@pytest.fixture
def corpus(tmp_path):
    random = Random(1)
    words = ["one", "two", "three", "four", "new york", *(f"w{i}" for i in range(60))]
    path = tmp_path / "text.txt"
    path.write_text("".join(" ".join(random.choices(words, k=12)) + "\n" for _ in range(2000)))
    return path


def test_workers_of_both_tools_return_the_same_figures(corpus, tmp_path):
    model = {"model": "cbow", "dim": 20, "sample": 1e-3, "loss": "hs", "threads": 1, "seed": 1}
    texts = {"corpus": str(corpus), "warm_up": str(corpus)}
    assert run_w2v.train(**texts, **model)["seconds"] > 0
    for mode in GENSIM_INPUTS:
        assert run_gensim.train(**texts, **model, input_mode=mode)["seconds"] > 0
    source, target = tmp_path / "source.txt", tmp_path / "target.txt"
    source.write_text("2 3\nking 0.1 0.2 0.3\nqueen 1e-05 5.0 -6.0\n")
    for tool in (run_w2v, run_gensim):
        assert set(tool.load_and_save(str(source), str(target))) == {
            "load_seconds",
            "load_again_seconds",
            "save_seconds",
        }
        assert [float(value) for value in target.read_text().split()[7:]] == [1e-5, 5, -6]


def test_a_comparison_from_start_to_end(corpus, tmp_path):
    require("gensim")
    folder = tmp_path / "evaluation"
    folder.mkdir()
    for name in ("wordsim353.tsv", "simlex999.txt"):
        (folder / name).write_text("one two 8\none three 5\ntwo four 2\nthree four 3\n")
    (folder / "questions-words.txt").write_text(": numbers\none two three four\n")
    baseline = tmp_path / "gensim-cbow100-s1.txt"
    baseline.write_text("4 2\none 1 0\ntwo 0.9 0.1\nthree 0.5 0.5\nfour -1 0\n")

    arguments = (
        f"--parts read,phrases,quality,evaluate --eval-dir {folder} --baselines {tmp_path} --json {tmp_path}/all.json"
    )
    options = "--configurations cbow100 --gensim-inputs iterable --repeat 1 --seeds 1 --epochs 1 --threads 1"
    result = CliRunner().invoke(main, [str(corpus), *arguments.split(), *options.split()])
    assert result.exit_code == 0, result.output

    stored = json.loads((tmp_path / "all.json").read_text())
    words = stored["settings"]["words"]
    assert words == len(corpus.read_text().split())
    done = {(m["part"], m["contender"]): m["values"] for m in stored["measurements"]}
    assert list(done) == [
        ("read", "w2v"),
        ("read", "gensim iterable"),
        ("phrases", "w2v"),
        ("phrases", "gensim"),
        ("quality", "w2v"),
        ("quality", "gensim"),
        ("evaluate", "w2v"),
        ("evaluate", "gensim"),
    ]
    ours, theirs = done["evaluate", "w2v"], done["evaluate", "gensim"]
    assert (ours["questions"], ours["accuracy"]) == (theirs["questions"], theirs["accuracy"])
    assert done["read", "w2v"]["compiled"] == 0
    assert done["phrases", "w2v"]["words"] == done["phrases", "gensim"]["words"] < words
    assert "Both wrote the same text, byte for byte." in result.stdout
    assert done["quality", "gensim"]["wordsim353"] == pytest.approx(1)
    assert all(
        title in result.stdout
        for title in ("**Reading and counting", "**Quality after 1 epochs", "**Answering 1 analogies")
    )


def test_a_comparison_refuses_wrong_requests(tmp_path):
    require("gensim")
    corpus = tmp_path / "corpus.txt"
    corpus.write_bytes(b"a \xff c\n")
    for arguments, message in (
        (["--parts", "train,speed"], "speed: not among train,read,end-to-end,io,phrases,quality,evaluate"),
        (["--eval-dir", str(tmp_path)], "has no wordsim353.tsv, simlex999.txt, questions-words.txt"),
        (["--parts", "train"], "exited with 1: UnicodeDecodeError"),
    ):
        result = CliRunner().invoke(main, [str(corpus), *arguments])
        assert result.exit_code != 0
        assert message in result.output


def test_formats_and_rules_are_measured(tmp_path, monkeypatch, capsys):
    require("python-docx", "docx")
    require("pyarrow")
    require("mwparserfromhell")
    require("icu4py")
    (tmp_path / "a.txt").write_text("a rose & so\nis a rose\n" * 200)
    text = str(tmp_path / "a.txt")
    monkeypatch.setattr(sys, "argv", ["reading", text, "--cut", f"icu={text}", "--large", text])
    monkeypatch.setattr(reading, "TURNS", 1)
    reading.main()
    shown = capsys.readouterr().out
    for label in ("plain", *reading.ALONE, "conllu", "icu", "without", "with --dedup"):
        assert all(re.fullmatch(r"-?[\d,.]+|-|[a-zA-Z].*", cell) for cell in row(shown, label)[1:])
