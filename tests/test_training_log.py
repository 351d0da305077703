"""`w2v train --log`: a run as lines of JSON."""

import json
import math
from itertools import pairwise
from pathlib import Path

import pytest
from console import inside as w2v

import w2v as library
from w2v.file_kinds import TRAINING_LOG
from w2v.model_file import ModelFile
from w2v.progress import Silent
from w2v.training_log import TrainingLog

BUNDLED = Path(__file__).parents[1] / "corpora" / "english.txt"
FIELDS = ["epoch", "words", "seconds", "words_per_second", "lr", "loss", "objective"]


def lines_of(path):
    return [json.loads(line) for line in Path(path).read_text().splitlines()]


class Interruption(Silent):
    """Reads the log and interrupts training when some of it is done."""

    def __init__(self, log):
        self.log, self.read = Path(log), b""

    def update(self, done, facts=None):
        if self.log.exists() and self.log.stat().st_size:
            self.read = self.log.read_bytes()
            raise KeyboardInterrupt


def test_the_log_describes_the_run(tmp_path):
    # With more threads, the next epoch's first block may be done before the last one of this epoch.
    options = ["--epochs", 3, "--threads", 1, "-q"]
    process = w2v("train", BUNDLED, "--log", "log.jsonl", "--save-model", "m", *options, cwd=tmp_path)
    assert process.returncode == 0, process.stderr
    lines = lines_of(tmp_path / "log.jsonl")
    facts = ModelFile.open(tmp_path / "m").facts
    assert [list(line) for line in lines] == [FIELDS] * len(lines)
    assert len(lines) >= 20
    for before, after in pairwise(lines):
        assert before["words"] < after["words"]
        assert before["seconds"] <= after["seconds"]
        assert before["epoch"] <= after["epoch"]
    assert lines[-1]["words"] == facts["run"]["words"]
    words = facts["run"]["words"] // 3
    assert {words, 2 * words, 3 * words} <= {line["words"] for line in lines}
    assert all(line["epoch"] == math.ceil(line["words"] / words) for line in lines)
    assert {line["epoch"] for line in lines} == {1, 2, 3}
    assert 0.03 >= lines[0]["lr"] > lines[-1]["lr"] > 0
    assert lines[0]["loss"] > lines[len(lines) // 2]["loss"] > lines[-1]["loss"]
    mean = sum(line["loss"] for line in lines if line["epoch"] == 3) / sum(line["epoch"] == 3 for line in lines)
    assert mean == pytest.approx(facts["losses"][-1], rel=0.05)
    assert TRAINING_LOG.recognises((tmp_path / "log.jsonl").read_bytes())


def test_a_log_is_written_line_by_line_and_continued_on_resuming(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    options = {"log": "log", "save_model": "m", "dim": 10, "threads": 1, "epochs": 5}
    interruption = Interruption("log")
    with pytest.raises(KeyboardInterrupt):
        library.train(BUNDLED, progress=interruption, **options)
    assert interruption.read.endswith(b"}\n")  # while it went on
    kept = Path("log").read_text()
    assert kept.startswith(interruption.read.decode())
    reached = ModelFile.open("m").facts["run"]["words"]
    assert lines_of("log")[-1]["words"] == reached
    later = json.dumps({**lines_of("log")[-1], "words": reached + 1})
    Path("log").write_text(f'{kept}{later}\n{{"epoch": 3, "wo')  # what came after the model was kept
    library.train(BUNDLED, resume=True, **options)
    lines = lines_of("log")
    assert Path("log").read_text().startswith(kept)
    assert all(before["words"] < after["words"] for before, after in pairwise(lines))
    assert all(before["seconds"] <= after["seconds"] for before, after in pairwise(lines))
    assert lines[-1]["words"] == ModelFile.open("m").facts["run"]["words"] > reached
    library.train(BUNDLED, **options | {"epochs": 1})
    assert lines_of("log")[0]["words"] < reached  # another run starts another log
    assert {line["epoch"] for line in lines_of("log")} == {1}


def test_a_line_describes_the_time_since_the_one_before(tmp_path):
    with TrainingLog(tmp_path / "log", words=0, seconds=0.0, epoch_words=400, epochs=1) as log:
        for second, (bits, predictions) in enumerate([(10, 5), (30, 5), (8, 4), (2, 1)], 1):
            log.add(second / 8, 100, 0.5, bits, predictions)
        log.add(1, 0, 0.25, 8, 2)
    lines = lines_of(tmp_path / "log")
    assert [line["words"] for line in lines] == [100, 200, 300, 400, 400]
    assert [line["seconds"] for line in lines] == [0.125, 0.25, 0.375, 0.5, 1]
    assert [line["words_per_second"] for line in lines] == [800, 800, 800, 800, 0]
    assert [line["loss"] for line in lines] == pytest.approx([math.log(2) * mean for mean in (2, 6, 2, 2, 4)], abs=1e-5)
    assert [line["lr"] for line in lines] == [0.5, 0.5, 0.5, 0.5, 0.25]


def test_lines_of_almost_no_time_have_a_plausible_speed(tmp_path):
    with TrainingLog(tmp_path / "log", words=100, seconds=50.0, epoch_words=400, epochs=2) as log:
        for seconds in (50.5, 50.501, 51, 51, 51.001, 51.5, 51.501):  # two threads, three at the end of the first epoch
            log.add(seconds, 100, 0.5, 10, 5)
    lines = lines_of(tmp_path / "log")
    assert [line["words"] for line in lines] == [200, 300, 400, 500, 600, 700, 800]
    assert [line["epoch"] for line in lines] == [1, 1, 1, 2, 2, 2, 2]
    speeds = [200, 200 / 0.501, 100 / 0.499, 200 / 0.499, 300 / 0.5, 100 / 0.499, 200 / 0.5]
    assert [line["words_per_second"] for line in lines] == pytest.approx(speeds, abs=0.1)


def test_a_run_that_becomes_much_faster_logs_its_new_speed(tmp_path):
    with TrainingLog(tmp_path / "log", words=0, seconds=0.0, epoch_words=10_000, epochs=1) as log:
        for seconds, words in [(10, 1000), (10.5, 1000), (11, 1000), (12, 4000), (12.5, 2000), (13, 1000)]:
            log.add(seconds, words, 0.5, 10, 5)
    assert [line["words_per_second"] for line in lines_of(tmp_path / "log")][3:] == [4000, 4000, 3000]


def test_a_full_disk_is_noted_and_training_goes_on():
    notes = []
    listener = Silent()
    listener.note = notes.append
    assert library.train(BUNDLED, log="/dev/full", epochs=1, dim=5, progress=listener).dim == 5
    told = "/dev/full: can't be written (No space left on device); training continues without the log"
    assert [note for note in notes if "/dev/full" in note] == [told]
