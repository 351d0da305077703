"""Training logs as curves, and `w2v plot-training`."""

import json
import subprocess
import sys
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from console import environment, error_line

from w2v.cli import main
from w2v.training_log import read_training_log

SVG = "{http://www.w3.org/2000/svg}"


def record(words, epoch=1, **more):
    return {"epoch": epoch, "words": words, "words_per_second": 1e6, "lr": 0.03, "loss": 2.5, "seconds": 1.0} | more


def write(path, *records, end="\n"):
    path.write_text("\n".join(map(json.dumps, records)) + end, encoding="utf-8")
    return path


@pytest.fixture
def log(tmp_path):
    return write(tmp_path / "train.jsonl", *(record(1000 * i, 1 + i // 10, loss=5 / (i + 1)) for i in range(1, 31)))


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run `w2v plot-training ARGUMENTS...` in the folder of the log; return exit code, output and errors."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        with pytest.raises(SystemExit) as stopped:
            main(["plot-training", *arguments])
        return stopped.value.code, *capsys.readouterr()

    return run


def texts(path):
    return ["".join(element.itertext()) for element in ET.parse(path).iter(f"{SVG}text")]


def test_a_log_reads_back(log):
    curves = read_training_log(log)
    assert curves.name == "train.jsonl"
    np.testing.assert_array_equal(curves.words, np.arange(1000, 31000, 1000))
    np.testing.assert_allclose(curves.loss[[0, -1]], [2.5, 5 / 31])
    assert curves.epoch_starts == [9000, 19000, 29000]


def test_a_log_that_is_being_written_is_read_as_far_as_its_lines_are_whole(log):
    log.write_text(log.read_text() + '{"epoch": 4, "wor')
    assert len(read_training_log(log).words) == 30


def test_the_output_option_names_the_picture(log, run, tmp_path):
    assert run("train.jsonl") == (0, "", "w2v: saved a plot of 1 log (30 lines) to training.png\n")
    assert (tmp_path / "training.png").read_bytes().startswith(b"\x89PNG\r\n")


def test_an_svg_holds_the_curves_and_their_names(log, run, tmp_path):
    assert run("train.jsonl", "-o", "t.svg", "--title", "cost < $5 & $6", "-q") == (0, "", "")
    assert {"cost < $5 & $6", "mean loss per prediction (nats)", "words per second", "learning rate"} <= set(
        texts(tmp_path / "t.svg")
    )
    before = (tmp_path / "t.svg").read_bytes()
    run("train.jsonl", "-o", "t.svg", "--title", "cost < $5 & $6")
    assert (tmp_path / "t.svg").read_bytes() == before


def test_several_logs_are_drawn_together(log, run, tmp_path):
    write(tmp_path / "大.jsonl", record(500))
    code, _, _ = run("train.jsonl", "大.jsonl", "-o", "both.svg")
    assert code == 0
    assert "train.jsonl" in texts(tmp_path / "both.svg")
    assert any(text.endswith(".jsonl") and text != "train.jsonl" for text in texts(tmp_path / "both.svg"))


def test_a_page_holds_the_picture_and_the_figures(log, run, tmp_path):
    assert run("train.jsonl", "-o", "t.html", "--title", "<b>", "-q")[0] == 0
    page = (tmp_path / "t.html").read_text("utf-8")
    assert "<h1>&lt;b&gt;</h1>" in page
    assert "<td>train.jsonl</td><td>4</td><td>30,000</td><td>2.5000</td><td>0.1613</td><td>1,000,000</td>" in page
    assert page.count("<svg") == 1


@pytest.mark.parametrize("name", ["t.png", "t.svg", "t.html"])
def test_only_an_earlier_picture_is_replaced(log, run, tmp_path, name):
    assert run("train.jsonl", "-o", name, "-q") == (0, "", "")
    drawn = (tmp_path / name).read_bytes()
    assert run("train.jsonl", "-o", name, "-q", "--title", "again") == (0, "", "")
    assert (tmp_path / name).read_bytes() != drawn
    others = drawn.replace(b"w2v", b"else"), b"my only copy of notes about w2v\n"
    for other in others:
        (tmp_path / name).write_bytes(other)
        told = f"{name}: exists, holds no picture that w2v drew, and would be overwritten; choose another name, or"
        assert run("train.jsonl", "-o", name) == (1, "", f"w2v: error: {told} remove it first\n")
        assert (tmp_path / name).read_bytes() == other


@pytest.mark.parametrize(
    "line, text",
    [
        ("{", "is no JSON; train with --log FILE to write a log"),
        ("[1]", "has no number epoch; train with --log FILE to write a log"),
        (json.dumps(record(1, loss="2")), "has no number loss; train with --log FILE to write a log"),
        (json.dumps(record(1, lr=float("nan"))), "has no number lr; train with --log FILE to write a log"),
    ],
)
def test_a_bad_line_is_named(log, run, line, text):
    log.write_text(f"{json.dumps(record(1))}\n{line}\n")
    assert run("train.jsonl") == (1, "", f"w2v: error: train.jsonl:2: {text}\n")


def test_errors_are_one_line(log, run, tmp_path):
    (tmp_path / "empty").touch()
    (tmp_path / "binary").write_bytes(b"\xff\n")
    assert run() == (2, "", "w2v: error: no log given; 'w2v train --log train.jsonl' writes one\n")
    assert run("train.jsonl", "-o", "t.gif")[2].endswith("must end in one of .html, .png, .svg, .pdf\n")
    assert run("none")[2] == (
        "w2v: error: none: can't be read (No such file or directory); train with --log FILE to write one\n"
    )
    assert "has no finished line yet" in run("empty")[2]
    assert "is not a training log" in run("binary")[2]


def test_without_matplotlib_the_extra_is_named(log):
    code = "import sys; sys.modules['matplotlib'] = None; from w2v.cli import main; main()"
    command = [sys.executable, "-c", code, "plot-training", log.name]
    process = subprocess.run(command, cwd=log.parent, capture_output=True, env=environment())
    assert process.returncode == 1
    line = error_line(process)
    assert line.startswith("drawing an image needs an extra package: ")
    assert line.endswith("pip install 'w2v[plot]'")
