"""Continuing training: from a saved model, from pretrained vectors, and where a run was interrupted."""

import contextlib
import errno
import itertools
import json
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from console import W2V, environment, error_line
from console import inside as w2v
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from safetensors.numpy import load_file

import w2v as library
from w2v.errors import ModelError, OutputError, TrainingError
from w2v.evaluation import evaluate_analogies
from w2v.model_file import ModelFile, holds_model, write_model
from w2v.progress import Silent
from w2v.training import checkpoint
from w2v.training.hogwild import Hogwild
from w2v.training.model import Model

CORPORA = Path(__file__).parents[1] / "corpora"
BUNDLED = CORPORA / "english.txt"
QUESTIONS = CORPORA / "english-questions.txt"
NO_LEARNING = {"lr": 1e-30, "min_lr": 0, "epochs": 1, "threads": 1}
FIRST = "the king and the queen see the old castle\n" * 20
SECOND = "the king and the dragon see the young castle\n" * 10 + "once upon a time\n" * 3


@pytest.fixture(scope="module")
def text():
    """A part of the bundled corpus: more than one block to train on."""
    data = BUNDLED.read_bytes()
    return data[: data.index(b"\n", 400_000) + 1]


@pytest.fixture
def folder(tmp_path, text, monkeypatch):
    """The current folder, with that part, and two small texts that share some words."""
    (tmp_path / "corpus.txt").write_bytes(text)
    (tmp_path / "first.txt").write_text(FIRST)
    (tmp_path / "second.txt").write_text(SECOND)
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Listener(Silent):
    """Remembers notes and what was done."""

    def __init__(self):
        self.notes = []
        self.task = ""
        self.done = []

    def start(self, task, total, unit, before=0):
        self.task, self.total = task, total
        self.done = [before]

    def update(self, done, facts=None):
        self.done.append(done)

    def note(self, text):
        self.notes.append(text)


class Interruption(Listener):
    """Interrupts training while a thread is at its block number `blocks`, however fast the machine is."""

    def __init__(self, blocks, monkeypatch):
        super().__init__()
        self.reached, self.interrupted = threading.Event(), threading.Event()
        left = itertools.count(blocks, -1)
        train = Hogwild._train

        def train_and_wait(scheme, buffers, private, ids, lr, key):
            trained = train(scheme, buffers, private, ids, lr, key)
            if len(ids) and next(left) <= 1:  # kernels are compiled with no ids
                self.reached.set()
                assert self.interrupted.wait(60)
            return trained

        monkeypatch.setattr(Hogwild, "_train", train_and_wait)

    def update(self, done, facts=None):
        if self.task == "training" and self.reached.is_set():
            self.interrupted.set()
            raise KeyboardInterrupt


def kept(path):
    """Return the arrays and the facts of a model file."""
    file = ModelFile.open(path)
    words = file.array("words").tobytes().decode().split("\n")[:-1]
    return words, {name: file.array(name) for name in ("counts", "input_vectors", "output_vectors")}, file.facts


def same_models(one, other):
    (words, arrays, facts), (other_words, other_arrays, other_facts) = kept(one), kept(other)
    assert words == other_words
    for name, array in arrays.items():
        assert_array_equal(array, other_arrays[name])
    for volatile in ("seconds",):
        facts["run"].pop(volatile), other_facts["run"].pop(volatile)
    assert facts == other_facts


# interrupted runs


@pytest.mark.parametrize("model", ["skipgram", "cbow"])
def test_a_resumed_run_ends_as_an_uninterrupted_one(folder, model, monkeypatch):
    options = {"model": model, "dim": 20, "epochs": 3, "threads": 1}
    with pytest.raises(KeyboardInterrupt):
        library.train("corpus.txt", save_model="m", progress=Interruption(4, monkeypatch), **options)
    run = kept("m")[2]["run"]
    assert run["blocks"] == 4 < 3 * kept("m")[2]["text"]["blocks"]
    listener = Listener()
    resumed = library.train("corpus.txt", save_model="m", resume=True, progress=listener, **options)
    assert f"resuming from m, which has {run['words'] / listener.total:.0%} of the run" == listener.notes[-1]
    assert listener.done[0] == run["words"]
    assert listener.done == sorted(listener.done)
    assert listener.done[-1] == listener.total == kept("m")[2]["run"]["words"]
    whole = library.train("corpus.txt", save_model="whole", **options)
    assert_array_equal(resumed.matrix, whole.matrix)
    same_models("m", "whole")
    again = library.train("corpus.txt", save_model="m", resume=True, progress=listener, **options)
    assert_array_equal(again.matrix, whole.matrix)
    assert listener.notes[-1] == "the run of m is already complete; to continue training its model, use `init=m`"


def test_with_several_threads_every_block_is_still_trained_once(folder, monkeypatch):
    options = {"dim": 20, "epochs": 40, "threads": 3, "save_model": "m", "save_every": 1e-4}
    with pytest.raises(KeyboardInterrupt):
        library.train("corpus.txt", progress=Interruption(50, monkeypatch), **options)
    library.train("corpus.txt", resume=True, **options)
    facts = kept("m")[2]
    assert facts["run"]["blocks"] == 40 * facts["text"]["blocks"]
    assert facts["run"]["words"] % 40 == 0
    assert len(facts["losses"]) == 40
    assert facts["losses"][-1] < 0.8 * facts["losses"][0]


def test_a_killed_process_resumes_from_its_last_save(folder):
    command = ["train", "corpus.txt", "--dim", "50", "--epochs", "40", "--threads", "1", "--save-model", "m"]
    every = ["--save-every", "0.0001", "--resume", "-o", "resumed.txt"]
    with subprocess.Popen([*W2V, *command, *every], stderr=subprocess.DEVNULL, env=environment()) as process:
        deadline = time.monotonic() + 60
        while not Path("m").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        process.kill()
    assert kept("m")[2]["run"]["words"] > 0
    assert not Path("resumed.txt").exists()
    process = w2v(*command, *every, cwd=folder)
    assert process.returncode == 0, process.stderr
    assert b"resuming from m" in process.stderr
    assert w2v(*command[:-2], "-o", "whole.txt", cwd=folder).returncode == 0
    assert Path("resumed.txt").read_bytes() == Path("whole.txt").read_bytes()


def test_a_run_interrupted_by_signals_ends_as_an_uninterrupted_one(folder):
    """Training finishes and counts the block that it is working on when a signal comes."""
    command = ["train", "corpus.txt", "--dim", "50", "--epochs", "80", "--threads", "1"]
    interrupted = [*W2V, *command, "--save-model", "m", "--resume", "--log", "log.jsonl", "-o", "resumed.txt"]
    for _ in range(3):
        with subprocess.Popen(interrupted, stderr=subprocess.DEVNULL, env=environment()) as process:
            size = Path("log.jsonl").stat().st_size if Path("log.jsonl").exists() else 0
            deadline = time.monotonic() + 60
            while process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.005)
                if Path("log.jsonl").exists() and Path("log.jsonl").stat().st_size > size:
                    process.send_signal(signal.SIGINT)
                    break
    assert subprocess.run(interrupted, stderr=subprocess.DEVNULL, env=environment(), check=False).returncode == 0
    assert w2v(*command, "-o", "whole.txt", cwd=folder).returncode == 0
    assert Path("resumed.txt").read_bytes() == Path("whole.txt").read_bytes()


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_saves_the_model(folder, number, code):
    command = [*W2V, "train", "corpus.txt", "--epochs", "100000", "--save-model", "m", "--log", "log.jsonl"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment()) as process:
        deadline = time.monotonic() + 60
        while not (Path("log.jsonl").exists() and Path("log.jsonl").stat().st_size) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(number)
        errors = process.communicate(timeout=60)[1].decode()
    assert process.returncode == code
    assert "saved the model to m; to continue, run the same again with --resume" in errors
    assert not Path("vectors.txt").exists()
    words = kept("m")[2]["run"]["words"]
    assert words > 0
    assert json.loads(Path("log.jsonl").read_text().splitlines()[-1])["words"] == words


def test_a_run_does_not_resume_with_other_options_or_text(folder):
    options = {"dim": 5, "epochs": 2, "threads": 1, "min_count": 1}
    library.train("first.txt", save_model="m", **options)
    library.train("first.txt", save_model="m", resume=True, **options | {"threads": 2})
    Path("other.txt").write_text("the 9\nking 2\n")
    for changed, told in [
        ({"epochs": 3}, "epochs was 2 and is 3 now"),
        ({"tokens": "words"}, "tokens was whitespace and is words now"),
        (
            {"min_count": 2, "dim": 6, "stopwords": ["the"]},
            "stopwords was None and is ['the'] now; min_count was 1 and is 2 now; dim was 5 and is 6 now",
        ),
        ({"read_vocab": "other.txt"}, "read_vocab='other.txt' has other words or counts"),
    ]:
        message = (
            f"m: can't resume, since {told}; give the same options, or use init='m' to continue training its model"
        )
        with pytest.raises(library.UsageError, match=f"^{re.escape(message)}$"):
            library.train("first.txt", save_model="m", resume=True, **options | changed)
    before = Path("m").read_bytes()
    Path("first.txt").write_text(FIRST.replace("old castle", "castle old", 1))
    with pytest.raises(ModelError, match=r"m: can't resume, since the text has changed or is another one"):
        library.train("first.txt", save_model="m", resume=True, **options)
    assert Path("m").read_bytes() == before
    listener = Listener()
    library.train("first.txt", save_model="new", resume=True, progress=listener, **options)
    assert listener.notes[0] == "there is no new to resume from yet; starting from the beginning"


def test_a_run_does_not_resume_with_another_version(folder):
    options = {"dim": 5, "epochs": 2, "threads": 1, "min_count": 1}
    library.train("first.txt", save_model="m", **options)
    _, arrays, facts = kept("m")
    arrays["words"] = ModelFile.open("m").array("words")
    write_model("m", facts | {"w2v": "0.1.7"}, arrays)
    told = r"m: can't resume, since w2v 0\.1\.7 wrote it, and this is .*; resume with that version, or use init='m' to"
    with pytest.raises(ModelError, match=told):
        library.train("first.txt", save_model="m", resume=True, **options)
    told = r"; epochs was 2 and is 3 now; resume with that version and the same options, or use init='m' to"
    with pytest.raises(ModelError, match=told):
        library.train("first.txt", save_model="m", resume=True, **options | {"epochs": 3})
    library.train("first.txt", init="m", **options)


def test_a_run_with_given_words_and_counts_resumes_with_them(folder):
    Path("words.txt").write_text("king 7\nthe 9\nnever-seen 1\n")
    options = {"dim": 5, "epochs": 2, "threads": 1, "read_vocab": "words.txt", "save_model": "m"}
    whole = library.train("first.txt", **options)
    assert_array_equal(library.train("first.txt", **options, resume=True).matrix, whole.matrix)


def test_a_text_with_as_many_tokens_is_told_apart(folder):
    options = {"dim": 5, "epochs": 2, "threads": 1, "min_count": 1}
    library.train("first.txt", save_model="m", **options)
    Path("first.txt").write_text(FIRST.replace("old castle", "castle old", 1))
    with pytest.raises(ModelError, match=r"is another one \(180 tokens as before, but others, or in another order\)"):
        library.train("first.txt", save_model="m", resume=True, **options)
    Path("first.txt").write_text(FIRST + "the king\n")
    with pytest.raises(ModelError, match=r"is another one \(182 tokens instead of 180\)"):
        library.train("first.txt", save_model="m", resume=True, **options)


# what is secondary never costs the vectors


def with_largest_file(size, *arguments):
    """Run the command while no file can be larger than `size` bytes."""
    script = (
        f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}));from w2v.cli import main; main()"
    )
    return subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, env=environment(), check=False, timeout=120
    )


SMALL = ("train", "first.txt", "--dim", "200", "--threads", "1", "--min-count", "1", "--epochs", "2", "-o", "v.bin")


def test_a_model_that_cannot_be_saved_at_the_end_does_not_cost_the_vectors(folder):
    """The vectors take 5.6 kB, the model twice that."""
    process = with_largest_file(8000, *SMALL, "--save-model", "m", "--no-counts")
    assert process.returncode == 1
    assert Path("v.bin").exists(), process.stderr
    assert len(library.load("v.bin")) == 7
    *notes, last = process.stderr.decode().splitlines()
    assert last == "w2v: error: m: can't be written (File too large); nothing was changed"
    assert any(note.startswith("w2v: saved 7 vectors") for note in notes)
    assert sorted(path.name for path in folder.iterdir()) == ["corpus.txt", "first.txt", "second.txt", "v.bin"]


def test_the_library_keeps_vectors_whose_model_cannot_be_saved(folder, monkeypatch):
    def write(*_):
        raise OutputError("m: can't be written (No space left on device); nothing was changed")

    monkeypatch.setattr(checkpoint, "write_model", write)
    with pytest.raises(OutputError, match="No space left on device") as caught:
        library.train("first.txt", min_count=1, save_model="m")
    assert len(caught.value.vectors) == 7


def test_a_log_that_cannot_be_written_does_not_cost_the_vectors(folder):
    Path("full").symlink_to("/dev/full")
    process = w2v(*SMALL, "--save-model", "m", "--log", "full", cwd=folder)
    assert process.returncode == 0, process.stderr
    assert len(library.load("v.bin")) == 7
    assert kept("m")[2]["run"]["blocks"] == 2
    notes = [line for line in process.stderr.decode().splitlines() if "full" in line]
    assert notes == ["w2v: note: full: can't be written (No space left on device); training continues without the log"]


def test_a_log_that_cannot_be_opened_does_not_cost_the_vectors(folder, monkeypatch):
    real = Path.open

    def opened(path, mode="r", *arguments, **options):
        if path.name == "l.jsonl" and "b" in mode and mode != "rb":
            raise OSError(errno.EMFILE, "Too many open files")
        return real(path, mode, *arguments, **options)

    monkeypatch.setattr(Path, "open", opened)
    listener = Listener()
    library.train("first.txt", min_count=1, log="l.jsonl", progress=listener)
    assert "l.jsonl: can't be written (Too many open files); training continues without the log" in listener.notes


class Spoiling(Listener):
    """Makes a value of the model infinite while training has come so far; no loss shows it yet."""

    def __init__(self, monkeypatch, words):
        super().__init__()
        create, self.words = Model.create, words

        def remembered(*arguments):
            self.model = create(*arguments)
            return self.model

        monkeypatch.setattr(Model, "create", remembered)

    def update(self, done, facts=None):
        if self.task == "training" and done >= self.words:
            self.model.output_vectors[-1, -1] = np.inf


def test_numbers_that_are_not_finite_never_replace_the_last_good_model(folder, monkeypatch):
    options = {"dim": 16, "epochs": 40, "threads": 1, "save_model": "m"}
    with pytest.raises(KeyboardInterrupt):
        library.train("corpus.txt", progress=Interruption(20, monkeypatch), **options)
    monkeypatch.undo()
    monkeypatch.chdir(folder)
    before, words = Path("m").read_bytes(), kept("m")[2]["run"]["words"]
    told = rf"no longer a finite number.*; m has the model as it was after {words:,} words$"
    with pytest.raises(TrainingError, match=told):
        library.train("corpus.txt", resume=True, progress=Spoiling(monkeypatch, 0), save_every=0, **options)
    assert Path("m").read_bytes() == before


def test_numbers_that_are_not_finite_give_no_vectors(folder, monkeypatch):
    told = "a value of the vectors is no longer a finite number; try a smaller lr$"
    with pytest.raises(TrainingError, match=told):
        library.train("corpus.txt", dim=16, epochs=1, threads=1, progress=Spoiling(monkeypatch, 0))


# a model as the start


def test_two_epochs_and_three_more_equal_five(folder):
    scores = []
    for arguments in (["--epochs", 5], ["--epochs", 2, "--save-model", "m"], ["--epochs", 3, "--init", "m"]):
        process = w2v("train", BUNDLED, "-q", *arguments, cwd=folder)
        assert process.returncode == 0, process.stderr
        scores.append(evaluate_analogies(library.load("vectors.txt"), QUESTIONS).total.accuracy)
    five, two, two_and_three = scores
    assert two < five - 0.1
    assert two_and_three >= 0.80
    assert abs(two_and_three - five) < 0.06


def test_a_model_keeps_its_options_and_words_and_adds_up_its_training(folder):
    library.train("first.txt", save_model="m", dim=7, window=3, min_count=2, epochs=2, model="cbow", sample=0)
    trained = library.train("second.txt", init="m", save_model="n", epochs=3, threads=1)
    (words, arrays, facts), (old_words, old_arrays, old_facts) = kept("n"), kept("m")
    assert trained.dim == 7
    assert words == old_words == trained.words
    assert_array_equal(arrays["counts"], old_arrays["counts"])
    assert facts["options"]["training"] == old_facts["options"]["training"] | {"epochs": 3}
    assert facts["options"]["vocabulary"] == old_facts["options"]["vocabulary"]
    assert (facts["epochs_before"], old_facts["epochs_before"]) == (2, 0)
    assert len(facts["losses"]) == 3


def test_a_run_that_starts_from_a_model_draws_other_random_numbers(folder):
    """With hardly any learning, the loss shows what was drawn."""
    library.train("corpus.txt", save_model="m", **NO_LEARNING)
    library.train("corpus.txt", init="m", save_model="n", **NO_LEARNING)
    library.train("corpus.txt", save_model="both", **NO_LEARNING | {"epochs": 2})
    assert_allclose(kept("m")[2]["losses"] + kept("n")[2]["losses"], kept("both")[2]["losses"], rtol=1e-9)


@pytest.mark.parametrize("mode", ["keep", "extend"])
def test_words_that_the_model_lacks(folder, mode):
    library.train("first.txt", save_model="m", min_count=1, dim=20, threads=1, epochs=1)
    library.train("second.txt", init="m", vocab_mode=mode, save_model="n", min_count=4, **NO_LEARNING)
    (words, arrays, _), (old_words, old_arrays, _) = kept("n"), kept("m")
    counts, old_counts = (
        dict(zip(ws, a["counts"].tolist(), strict=True)) for ws, a in ((words, arrays), (old_words, old_arrays))
    )
    if mode == "keep":
        assert counts == old_counts
    else:
        added = {"the": 30, "king": 10, "and": 10, "see": 10, "castle": 10, "dragon": 10, "young": 10}
        assert counts == {word: old_counts.get(word, 0) + added.get(word, 0) for word in old_counts | added}
        assert words == sorted(words, key=lambda word: (-counts[word], word))
    for name in ("input_vectors", "output_vectors"):
        for word, row in zip(old_words, old_arrays[name], strict=True):
            assert_allclose(arrays[name][words.index(word)], row, rtol=0, atol=1e-25)
    fresh = [words.index(word) for word in counts if word not in old_counts]
    assert (arrays["input_vectors"][fresh] != 0).any(axis=1).all()
    assert (np.abs(arrays["input_vectors"][fresh]) <= 0.5 / 20).all()


def test_a_limit_of_words_takes_the_most_frequent_new_ones_and_no_old_one(folder):
    library.train("first.txt", save_model="m", min_count=1, **NO_LEARNING)
    options = {"init": "m", "vocab_mode": "extend", "min_count": 1, **NO_LEARNING}
    old, all_words = set(FIRST.split()), set(FIRST.split()) | set(SECOND.split())
    assert set(library.train("second.txt", **options).words) == all_words
    for limit, new in [(2, set()), (len(old), set()), (len(old) + 2, {"dragon", "young"})]:
        assert set(library.train("second.txt", max_vocab=limit, **options).words) == old | new


@pytest.mark.parametrize(
    "options, note",
    [
        ({"min_count": 1}, "3 of 3 new words added"),
        ({"min_count": 2}, "2 of 3 new words added; left out: 1 below `min_count=2`"),
        ({"min_count": 9}, "0 of 3 new words added; left out: 3 below `min_count=9`"),
        ({"min_count": 2, "max_vocab": 5},
         "1 of 3 new words added; left out: 1 below `min_count=2`, 1 beyond `max_vocab=5`"),
    ],
)  # fmt: skip
def test_the_words_that_an_extended_vocabulary_gains_are_counted(folder, options, note):
    class Listener(Silent):
        def __init__(self):
            self.notes = []

        def note(self, text):
            self.notes.append(text)

    Path("old.txt").write_text("a b c d\n" * 5)
    Path("new.txt").write_text("a b x x x y y z\n")
    library.train("old.txt", save_model="m", min_count=1, **NO_LEARNING)
    listener = Listener()
    library.train("new.txt", init="m", vocab_mode="extend", progress=listener, **options, **NO_LEARNING)
    assert listener.notes.count(note) == 1
    library.train("old.txt", init="m", vocab_mode="extend", progress=listener, **options, **NO_LEARNING)
    assert "the text has no new words" in listener.notes
    listener.notes.clear()
    library.train("new.txt", init="m", vocab_mode="keep", progress=listener, **options, **NO_LEARNING)
    assert not any("new word" in text for text in listener.notes)


def test_new_words_are_learnt_and_old_ones_are_kept(folder):
    library.train(BUNDLED, save_model="m", epochs=3)
    lines = [line.replace("queen", "empress") for line in BUNDLED.read_text().splitlines() if "queen" in line]
    Path("more.txt").write_text("\n".join(lines) + "\n")
    process = w2v(
        "train", "more.txt", "--init", "m", "--vocab-mode", "extend", "--epochs", 5, "-o", "v", cwd=folder
    )  # fmt: skip
    assert process.returncode == 0, process.stderr
    vectors = library.load("v")
    assert {word for word, _ in vectors.similar("empress", n=8)} & {"queen", "princess", "king"}
    assert "queen" in [word for word, _ in vectors.similar("king", n=8)]


def test_a_huffman_tree_takes_no_new_words_and_the_loss_is_fixed(folder):
    library.train("first.txt", save_model="m", loss="hs", min_count=1, **NO_LEARNING)
    assert library.train("second.txt", init="m", **NO_LEARNING).words == kept("m")[0]
    with pytest.raises(ModelError, match="m: its output layer can't take new words; use vocab_mode='keep'"):
        library.train("second.txt", init="m", vocab_mode="extend", min_count=1, **NO_LEARNING)
    with pytest.raises(library.UsageError, match="loss='ns': m was trained with loss='hs', which can't change"):
        library.train("second.txt", init="m", loss="ns", **NO_LEARNING)


# vectors as the start


def test_words_start_from_pretrained_vectors_where_there_are_any(folder):
    Path("glove.txt").write_text("king 1 2 3\nKING 4 5 6\nqueen -1 -2 -3\ncastle 7 8 9\n")
    process = w2v(
        "train", "first.txt", "--pretrained", "glove.txt", "--lr", 1e-30, "--min-lr", 0, "--threads", 1, cwd=folder
    )  # fmt: skip
    assert process.returncode == 0, process.stderr
    assert b"note: 3 of 7 words (33.3% of the text) start from glove.txt, the others at random" in process.stderr
    vectors = library.load("vectors.txt")
    assert_array_equal([vectors["king"], vectors["queen"], vectors["castle"]], [[1, 2, 3], [-1, -2, -3], [7, 8, 9]])
    assert 0 < np.abs(vectors["see"]).max() <= 0.5 / 3
    again = library.train("second.txt", pretrained="vectors.txt", dim=3, **NO_LEARNING)
    assert_array_equal(again["see"], vectors["see"])


def test_vectors_to_start_from_are_replaced_only_by_name(folder):
    command = ["train", "first.txt", "--pretrained", "vectors.txt", "--epochs", 1]
    Path("vectors.txt").write_text("3 2\nking 1 2\nqueen -1 -2\ncastle 7 8\n")
    process = w2v(*command, cwd=folder)
    assert process.returncode == 2
    assert error_line(process) == (
        "--pretrained vectors.txt: the new vectors would replace it; write them to another file with -o FILE, or use"
        " -o vectors.txt to replace it"
    )
    assert len(library.load("vectors.txt")) == 3
    assert w2v(*command, "-o", "new.txt", cwd=folder).returncode == 0
    assert len(library.load("vectors.txt")) == 3
    assert w2v(*command, "-o", "vectors.txt", cwd=folder).returncode == 0
    assert len(library.load("vectors.txt")) == 7
    Path("link.txt").symlink_to("vectors.txt")
    assert w2v("train", "first.txt", "--pretrained", "./link.txt", cwd=folder).returncode == 2


@pytest.mark.parametrize("words, start, told", [(9_990, {}, True), (10_000, {}, False), (50, {"init": "m"}, False)])
def test_a_tiny_text_gets_a_note(folder, words, start, told):
    library.train("first.txt", save_model="m", **NO_LEARNING)
    listener = Listener()
    library.train(sentences=[["king"] * 5 + ["queen"] * 5] * (words // 10), progress=listener, **NO_LEARNING, **start)
    note = f"{words:,} tokens are few: similar words need more text, or more `epochs`"
    assert (note in listener.notes) == told


def test_vectors_that_do_not_fit_are_refused(folder):
    Path("three.txt").write_text("king 1 2 3\n")
    process = w2v("train", "first.txt", "--pretrained", "three.txt", "--dim", 4, "-q", cwd=folder)
    assert error_line(process) == "--dim 4: the vectors of three.txt have 3 dimensions; leave out --dim"
    assert process.returncode == 2
    Path("other.txt").write_text("roi 1 2 3\n")
    process = w2v("train", "first.txt", "--pretrained", "other.txt", "-q", cwd=folder)
    assert error_line(process) == "other.txt: has no word of the text; check that both have the same language and case"
    process = w2v("train", "first.txt", "--pretrained", "nowhere.txt", cwd=folder)
    assert "nowhere.txt: no such file" in error_line(process)


# wrong usage


@pytest.mark.parametrize(
    "arguments, told",
    [
        (["--vocab-mode", "extend"], "--vocab-mode extend needs a model to start from: --init FILE"),
        (["--init", "m", "--pretrained", "v"], "--init and --pretrained both say where to start;"),
        (["--resume"], "--resume needs the model file of the interrupted run: --save-model FILE"),
        (["--resume", "--init", "m", "--save-model", "m"], "--init and --save-model must be different files"),
        (["--save-model", "n", "--save-every", "-1"], "--save-every must be 0 or more, not -1"),
        (["--save-model", "-"], "--save-model -: needs the name of a file"),
        (["--log", "-"], "--log -: needs the name of a file"),
        (["--save-model", "vectors.txt"], "--save-model and --output are both vectors.txt"),
        (["--save-model", "x", "--log", "x"], "--log and --save-model are both x; choose another name"),
        (["--init", "m", "--dim", "9"], "--dim 9: m was trained with --dim 5, which can't change"),
        (["--init", "m", "--read-vocab", "w"], "--init has words and counts of its own; leave out --read-vocab"),
    ],
)
def test_wrong_usage(folder, arguments, told):
    library.train("first.txt", save_model="m", dim=5, **NO_LEARNING)
    process = w2v("train", "first.txt", "-q", *arguments, cwd=folder)
    assert told in error_line(process)
    assert process.returncode == 2


def test_files_of_another_kind_are_neither_read_nor_replaced(folder):
    library.train("first.txt", save_model="m", log="l", dim=5, **NO_LEARNING)
    for arguments, told in [
        (["--save-model", "second.txt"], "second.txt: exists, holds no model, and would be overwritten"),
        (["--log", "second.txt"], "second.txt: exists, holds no log of training, and would be overwritten"),
        (["--init", "second.txt"], "second.txt: is no model file; train with --save-model FILE to write one"),
        (["--init", "nowhere"], "nowhere: no such file; train with --save-model FILE to write one"),
        (["--init", "."], ".: is a folder, not a model file"),
        (["--save-model", "nowhere/m"], "nowhere/m: there is no folder nowhere"),
        (["m"], "m: holds a model, not text"),
    ]:
        process = w2v("train", "first.txt", "-q", *arguments, cwd=folder)
        assert told in error_line(process)
        assert process.returncode == 1
    assert Path("second.txt").read_text() == SECOND
    process = w2v("train", ".", "--save-model", "m", "--log", "l", cwd=folder)
    assert process.returncode == 0, process.stderr
    for left_out in (b"left out l, which holds a log of training", b"left out m, which holds a model, not text"):
        assert left_out in process.stderr


# the file


@pytest.fixture(scope="module")
def model_bytes(tmp_path_factory):
    """A small model file."""
    path = tmp_path_factory.mktemp("model") / "m"
    library.train(sentences=[line.split() for line in FIRST.splitlines()], save_model=path, dim=5, **NO_LEARNING)
    return path.read_bytes()


def test_other_programs_can_read_a_model(folder, model_bytes):
    Path("m.safetensors").write_bytes(model_bytes)
    tensors = load_file("m.safetensors")
    assert bytes(tensors["words"]).decode().split()[0] == "the"
    assert tensors["counts"][0] == 60
    assert tensors["input_vectors"].shape == tensors["output_vectors"].shape == (7, 5)
    words, arrays, _ = kept("m.safetensors")
    for name, array in arrays.items():
        assert_array_equal(tensors[name], array)
    vectors = library.load("m.safetensors")
    assert vectors.words == words
    assert_array_equal(vectors.matrix, arrays["input_vectors"])


def test_arrays_and_facts_read_back(tmp_path):
    wide = np.arange(7_000_000, dtype=np.float32).reshape(7, -1)
    arrays = {
        "wide": wide,
        "apart": np.arange(48, dtype=np.float32).reshape(6, 8)[:, :5],
        "counts": np.array([2**62, 0], np.int64),
        "bytes": np.frombuffer("völlig\n".encode(), np.uint8),
    }
    facts = {"a": [1, 2.5, None, True, "ü\n"], "b": {"c": 0.1 + 0.2}}
    write_model(tmp_path / "m", facts, arrays)
    file = ModelFile.open(tmp_path / "m")
    assert file.facts == facts
    for name, array in arrays.items():
        assert_array_equal(file.array(name), array)
        assert file.shape(name) == array.shape
    for name in ("wide", "apart"):
        assert_array_equal(np.concatenate([rows.copy() for rows in file.rows(name)]), arrays[name])
    with pytest.raises(ModelError, match="has no other; not a model"):
        file.array("other")


def test_a_model_cut_short_is_refused(tmp_path, model_bytes):
    path = tmp_path / "m"
    for length in [0, 5, 8, 60, 300, len(model_bytes) // 2, len(model_bytes) - 1]:
        path.write_bytes(model_bytes[:length])
        with pytest.raises(ModelError, match=r"m: is (no model file|damaged or cut short)"):
            library.train(sentences=[["the", "king"]], init=path)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_damaged_header_is_refused_or_harmless(tmp_path_factory, model_bytes, data):
    header = 8 + int.from_bytes(model_bytes[:8], "little")
    place = data.draw(st.integers(0, header - 1))
    damaged = bytearray(model_bytes)
    damaged[place] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(damaged)
    with contextlib.suppress(ModelError):
        file = ModelFile.open(path)
        for name in ("words", "counts", "input_vectors", "output_vectors"):
            file.array(name)


def test_a_model_of_a_later_version_is_refused_with_advice(tmp_path, model_bytes):
    later = model_bytes.replace(b'"version":"1"', b'"version":"2"', 1)
    assert holds_model(later)
    (tmp_path / "m").write_bytes(later)
    with pytest.raises(ModelError, match=r"m: was written by w2v .*; upgrade with 'pip install -U w2v'"):
        library.train(sentences=[["the", "king"]], init=tmp_path / "m")
    (tmp_path / "m").write_bytes(later.replace(b'\\"w2v\\"', b'\\"W2V\\"'))
    with pytest.raises(ModelError, match="m: was written by a later version of w2v; upgrade with"):
        library.train(sentences=[["the", "king"]], init=tmp_path / "m")
