"""Training logs as curves, and `w2v plot-training`."""

import json
import subprocess
import sys
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from browser import Browser, executable
from console import environment, error_line

from w2v.cli import main
from w2v.pictures.training_curves import marked_epochs, smoothed
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


@pytest.mark.parametrize("name", ["t.png", "t.svg", "t.html", "t.pdf"])
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


def run_of(path, lines, epochs, **more):
    return write(path, *(record(100 * n, -(-n * epochs // lines), **more) for n in range(1, lines + 1)))


def loss_panels(path):
    """Return the first lines of the titles of panels with losses."""
    return [text for text in texts(path) if text.startswith("mean loss")]


def test_losses_of_different_objectives_have_panels_of_their_own(run, tmp_path):
    for name, objective in (("a", "skipgram ns 5"), ("b", "skipgram ns 10"), ("c", "cbow hs"), ("d", "skipgram ns 5")):
        run_of(tmp_path / f"{name}.jsonl", 40, 4, objective=objective)
    told = "losses of different objectives can't be compared"
    assert run("a.jsonl", "b.jsonl", "c.jsonl", "d.jsonl", "-o", "m.svg", "-q") == (0, "", "")
    shown = texts(tmp_path / "m.svg")
    assert len(loss_panels(tmp_path / "m.svg")) == 3
    assert {"skipgram ns 5", "skipgram ns 10", "cbow hs"} <= set(shown)
    assert [text.endswith(".jsonl") for text in shown].count(True) == 4
    assert told in shown[[text.startswith("words processed") for text in shown].index(True)]
    assert run("a.jsonl", "d.jsonl", "-o", "m.svg", "-q") == (0, "", "")
    assert loss_panels(tmp_path / "m.svg") == ["mean loss per prediction (nats), skipgram ns 5"]
    assert told not in (tmp_path / "m.svg").read_text("utf-8")


def test_logs_without_an_objective_are_compared_with_a_warning(run, tmp_path):
    for name in ("old", "older"):
        run_of(tmp_path / name, 40, 4)
    run_of(tmp_path / "new", 40, 4, objective="cbow hs")
    assert run("old", "older", "-o", "m.svg", "-q") == (0, "", "")
    assert any("these logs name no objective" in text for text in texts(tmp_path / "m.svg"))
    assert run("old", "new", "-o", "m.svg", "-q") == (0, "", "")
    assert {"objective not in the log", "cbow hs"} <= set(texts(tmp_path / "m.svg"))


def test_logs_with_the_same_name_are_told_apart(run, tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        run_of(tmp_path / folder / "train.jsonl", 10, 1)
    assert run("one/train.jsonl", "two/train.jsonl", "-o", "m.svg", "-q") == (0, "", "")
    assert {"one/train.jsonl", "two/train.jsonl", "2 training runs"} <= set(texts(tmp_path / "m.svg"))


@pytest.mark.parametrize(
    "lines, epochs, expected",
    [
        (40, 4, [1, 2, 3, 4]),
        (100, 100, list(range(10, 101, 10))),
        (600, 300, [50, 100, 150, 200, 250, 300]),
        (10, 1, []),
        (1, 1, []),
    ],
)
def test_ends_of_epochs_are_marked(run, tmp_path, lines, epochs, expected):
    curves = read_training_log(run_of(tmp_path / "log", lines, epochs))
    marks = marked_epochs(curves)
    assert [epoch for epoch, _ in marks] == expected
    assert [end for _, end in marks] == [100 * lines * epoch / epochs for epoch in expected]
    assert run("log", "-o", "m.svg", "-q") == (0, "", "")
    shown = texts(tmp_path / "m.svg")
    assert all(str(epoch) in shown for epoch in expected)
    assert any("ends of epochs" in text for text in shown) == bool(expected)


def test_an_epoch_that_goes_on_has_no_mark_yet(tmp_path):
    path = write(tmp_path / "log", *(record(100 * n, 1 + (n > 10) + (n > 20)) for n in range(1, 26)))
    assert marked_epochs(read_training_log(path)) == [(1, 1000), (2, 2000)]


def test_speed_is_smoothed_by_a_rolling_median(run, tmp_path):
    speeds = np.full(60, 1e6)
    speeds[[7, 20, 21, 44]] = [9e6, 1e3, 2e3, 5e7]
    np.testing.assert_array_equal(smoothed(speeds), np.full(60, 1e6))
    rising = np.arange(60.0)
    np.testing.assert_array_equal(smoothed(rising)[5:-5], rising[5:-5])
    assert list(smoothed(np.array([3.0]))) == [3.0]
    path = tmp_path / "log"
    write(path, *(record(100 * n, words_per_second=speed) for n, speed in enumerate(speeds, 1)))
    assert run("log", "-o", "m.svg", "-q") == (0, "", "")
    assert {"words per second", "rolling median; faint: as measured"} <= set(texts(tmp_path / "m.svg"))
    assert "opacity: 0.3" in (tmp_path / "m.svg").read_text("utf-8")


def test_joined_logs_have_a_gap_where_words_decrease(run, tmp_path):
    write(tmp_path / "log", *(record(100 * n) for n in (1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6)))
    assert run("log", "-o", "m.png", "-q") == (0, "", "")


@pytest.mark.parametrize("width", ["3.4", "12"])
def test_width_font_and_resolution_of_the_plot(log, run, tmp_path, width):
    assert run("train.jsonl", "-o", "t.png", "--width", width, "--dpi", "100", "-q") == (0, "", "")
    assert int.from_bytes((tmp_path / "t.png").read_bytes()[16:20], "big") == round(100 * float(width))
    arguments = ["-o", "t.svg", "--width", width, "--font-size", "8", "--font", "DejaVu Serif", "-q"]
    assert run("train.jsonl", *arguments) == (0, "", "")
    assert "DejaVu Serif" in (tmp_path / "t.svg").read_text("utf-8")
    assert run("train.jsonl", "-o", "t.html", "--width", width)[2].startswith("w2v: error: --width is for images, and")


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("count", [1, 4])
def test_all_panels_of_the_page_are_visible_at_once(run, tmp_path, scheme, count):
    objectives = ["skipgram ns 5", "cbow hs", "cbow softmax", "skipgram ns 10"][:count]
    for number, objective in enumerate(objectives):
        run_of(tmp_path / f"{number}.jsonl", 40, 4, objective=objective)
    assert run(*(f"{number}.jsonl" for number in range(count)), "-o", "t.html", "-q") == (0, "", "")
    browser = Browser(executable(), tmp_path / "profile")
    try:
        browser.open(tmp_path / "t.html", 1400, 900, scheme=scheme)
        shown = "document.querySelector('svg').getBoundingClientRect()"
        assert 0 <= browser.run(f"{shown}.top") < browser.run(f"{shown}.bottom") <= 900
        assert browser.run(f"{shown}.right") <= 1400
        assert browser.run(f"{shown}.height") > 500
        panels = browser.run("[...document.querySelectorAll('svg text')].map(text => text.textContent)")
        assert {"learning rate", "words per second"} <= set(panels)
        light = browser.run("getComputedStyle(document.querySelector('svg text')).fill") == "rgb(100, 107, 115)"
        assert light == (scheme == "light")
        assert browser.complaints == []
    finally:
        browser.close()
