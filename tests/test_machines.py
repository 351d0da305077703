"""Training on a Dask cluster of real processes gives the vectors of one process, whatever becomes of the workers."""

import contextlib
import functools
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import warnings
import zipfile
from pathlib import Path

import pytest
from console import W2V, environment, error_line
from console import inside as w2v
from numpy.testing import assert_array_equal
from optional import require

import w2v as library
from w2v.errors import TrainingError
from w2v.model_file import ModelFile

require("distributed")
pytestmark = pytest.mark.long

BUNDLED = Path(__file__).parents[1] / "corpora" / "english.txt"
QUICK = {"dim": 20, "epochs": 2, "merge_every": 2400, "replicas": 4, "min_count": 2}
SECONDS = 60  # until something that must happen has happened
SILENT = 3.0  # seconds without a heartbeat, of which a worker of a small cluster sends two a second


class Processes:
    """A scheduler and workers, each a process that a test can end.

    Args:
        folder: for what they write.
    """

    def __init__(self, folder):
        self.file = folder / "scheduler.json"
        self._folder = folder
        self._all = []
        self.scheduler = self._start("scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", self.file)
        wait_until(self.file.exists)

    def worker(self, threads=1, **extra):
        """Start a worker, and return its process once the scheduler knows it."""
        with self._client() as client:
            before = set(workers_of(client))
            process = self._start(
                "worker", "--scheduler-file", self.file, "--no-nanny", "--nthreads", threads, "--no-dashboard",
                "--memory-limit", "0", "--local-directory", self._folder, **extra,
            )  # fmt: skip
            wait_until(lambda: set(workers_of(client)) - before)
        return process

    def workers(self):
        """Return what the scheduler knows of all workers, by address."""
        with self._client() as client:
            return workers_of(client)

    def leave(self, n):
        """End all workers but the first n."""
        for process in self._all[n + 1 :]:
            kill(process)
        with self._client() as client:
            wait_until(lambda: len(workers_of(client)) == n)

    def _client(self):
        from distributed import Client

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # versions that differ
            return Client(scheduler_file=str(self.file), set_as_default=False)

    def _start(self, kind, *arguments, **extra):
        command = [sys.executable, "-m", "dask", kind, *map(str, arguments)]
        with (self._folder / f"{kind}-{len(self._all)}.log").open("wb") as log:
            # Not in the folder of the source, whose own metadata Python would find before all others.
            process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self._folder, env=environment(**extra))
        self._all.append(process)
        return process

    def end(self):
        for process in self._all:
            kill(process)


def kill(process):
    process.kill()  # also where it has stopped
    process.wait()


def workers_of(client):
    return client.sync(client.scheduler.identity)["workers"]


def wait_until(condition):
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, "too late"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def steady(tmp_path_factory):
    """A cluster whose two workers stay as they are: one with one thread, one with two."""
    cluster = Processes(tmp_path_factory.mktemp("steady"))
    cluster.worker()
    cluster.worker(threads=2)
    yield cluster
    cluster.end()


@pytest.fixture
def joined(steady):
    """The same cluster, for a test that lets other workers join it, whatever becomes of them."""
    yield steady
    steady.leave(2)


@pytest.fixture
def processes(tmp_path):
    """A scheduler without workers, for one test."""
    folder = tmp_path / "dask"
    folder.mkdir()
    cluster = Processes(folder)
    yield cluster
    cluster.end()


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    """A folder whose large file is a volume of its own, with the small one behind it."""
    folder = tmp_path_factory.mktemp("texts")
    data = BUNDLED.read_bytes()
    cuts = [0, *(data.index(b"\n", at) + 1 for at in (20_000, 40_000, 1_200_000, 1_230_000))]
    for name, start, stop in zip("abcd", cuts, cuts[1:], strict=False):
        (folder / f"{name}.txt").write_bytes(data[start:stop])
    return folder


@pytest.fixture(scope="module")
def in_one_process(texts):
    """A function that returns the vectors that one process trains."""

    @functools.cache
    def train(**options):
        return library.train(texts, deterministic=True, threads=2, **QUICK | options)

    return train


class Listener:
    """Keeps notes and progress, and calls a function once when a task has begun."""

    def __init__(self, on_begun=None, awaited="training"):
        self.notes, self._task, self._on_begun, self._awaited = [], "", on_begun, awaited
        self.done, self.totals = {}, {}  # of each task

    def start(self, task, total, unit, before=0):
        self._task, self.totals[task] = task, total

    def update(self, done, facts=None):
        self.done.setdefault(self._task, []).append(done)
        if self._task == self._awaited and done and self._on_begun is not None:
            on_begun, self._on_begun = self._on_begun, None
            on_begun()

    def finish(self):
        pass

    def note(self, text):
        self.notes.append(text)


@pytest.mark.parametrize("model, loss", [("skipgram", "ns"), ("cbow", "hs")])
def test_a_cluster_trains_the_vectors_of_one_process(steady, texts, in_one_process, model, loss):
    options = {"model": model, "loss": loss}
    expected = in_one_process(**options)
    listener = Listener()
    vectors = library.train(texts, cluster=str(steady.file), progress=listener, **QUICK | options)
    assert vectors.words == expected.words
    assert_array_equal(vectors.matrix, expected.matrix)
    assert listener.totals["reading"] == sum(path.stat().st_size for path in texts.iterdir())
    assert {task: done[-1] for task, done in listener.done.items()} == listener.totals  # one bar, for all workers


def test_workers_in_other_folders_find_files_by_relative_names(steady, texts, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(texts, "folder")
    with zipfile.ZipFile("c.zip", "w") as archive:
        archive.write(texts / "c.txt", "c.txt")
    vectors = library.train(["c.zip", "folder"], cluster=str(steady.file), **QUICK)
    expected = library.train(["c.zip", "folder"], deterministic=True, threads=2, **QUICK)
    assert_array_equal(vectors.matrix, expected.matrix)


def test_training_continues_from_a_model_on_a_cluster_as_in_one_process(steady, texts, in_one_process, tmp_path):
    library.train(texts / "a.txt", save_model=tmp_path / "first.model", dim=20, epochs=1)
    options = {"init": tmp_path / "first.model", "vocab_mode": "extend", "seed": 2}
    expected = in_one_process(**options)
    vectors = library.train(texts, cluster=str(steady.file), **QUICK | options)
    assert_array_equal(vectors.matrix, expected.matrix)


class Interrupting(Listener):
    """Interrupts training as soon as so many words of it are done."""

    def __init__(self, words):
        super().__init__()
        self._words = words

    def update(self, done, facts=None):
        super().update(done, facts)
        if self._task == "training" and done >= self._words:
            raise KeyboardInterrupt


def test_an_interrupt_before_anything_is_trained_saves_no_model(steady, tmp_path):
    options = {**QUICK, "loss": "softmax", "dim": 200, "merge_every": 60_000, "save_model": tmp_path / "m.model"}
    with pytest.raises(KeyboardInterrupt):
        library.train(BUNDLED, cluster=str(steady.file), progress=Interrupting(0), **options)
    assert not (tmp_path / "m.model").exists()


def test_an_interrupt_gives_up_a_long_round_which_is_trained_again(steady, texts, tmp_path):
    (text := tmp_path / "text.txt").write_bytes(BUNDLED.read_bytes()[:700_000])
    options = {**QUICK, "loss": "softmax", "dim": 200, "replicas": 24, "epochs": 1, "save_model": tmp_path / "m.model"}
    expected = library.train(text, deterministic=True, threads=2, **options)
    (tmp_path / "m.model").unlink()
    with pytest.raises(KeyboardInterrupt):
        library.train(text, cluster=str(steady.file), progress=Interrupting(1), **options)
    assert ModelFile.open(tmp_path / "m.model").facts["run"]["blocks"] == 24
    vectors = library.train(text, cluster=str(steady.file), resume=True, **options)
    assert_array_equal(vectors.matrix, expected.matrix)


def test_a_worker_that_is_killed_and_one_that_joins_late_change_nothing(joined, texts, in_one_process):
    doomed = joined.worker()
    expected = in_one_process(epochs=4)
    starting = threading.Thread(target=joined.worker)

    def replace():
        doomed.kill()
        starting.start()

    listener = Listener(replace)
    vectors = library.train(texts, cluster=str(joined.file), progress=listener, **QUICK | {"epochs": 4})
    starting.join()
    assert_array_equal(vectors.matrix, expected.matrix)
    assert any("lost; others do the work" in note for note in listener.notes), listener.notes
    assert any(re.fullmatch(r"worker tcp://\S+ has joined", note) for note in listener.notes), listener.notes


@pytest.mark.parametrize("task", ["reading", "training"])
def test_a_worker_that_stops_answering_is_left_out(joined, texts, in_one_process, monkeypatch, task):
    monkeypatch.setattr("w2v.machines.dask_pool.SILENT_SECONDS", SILENT)
    silent = joined.worker()
    expected = in_one_process()
    listener = Listener(lambda: silent.send_signal(signal.SIGSTOP), task)
    vectors = library.train(texts, cluster=str(joined.file), progress=listener, **QUICK)
    assert_array_equal(vectors.matrix, expected.matrix)
    if task == "training":
        assert any("lost; others do the work" in note for note in listener.notes), listener.notes
    else:
        done = listener.done["reading"]
        assert done == sorted(done)
        assert done[-1] == listener.totals["reading"]


def test_a_worker_that_goes_on_after_a_while_joins_again(joined, texts, in_one_process, monkeypatch):
    monkeypatch.setattr("w2v.machines.dask_pool.SILENT_SECONDS", SILENT)
    before = joined.workers().keys()
    silent = joined.worker()
    (address,) = joined.workers().keys() - before
    expected = in_one_process(epochs=4)
    listener = Listener(lambda: silent.send_signal(signal.SIGSTOP))

    def note(text):
        listener.notes.append(text)
        if "lost" in text:
            silent.send_signal(signal.SIGCONT)
            now = time.time()
            wait_until(lambda: joined.workers()[address]["last_seen"] > now)

    listener.note = note
    vectors = library.train(texts, cluster=str(joined.file), progress=listener, **QUICK | {"epochs": 4})
    assert_array_equal(vectors.matrix, expected.matrix)
    assert listener.notes[-2:] == [f"worker {address} is lost; others do the work", f"worker {address} has joined"]


def test_without_its_scheduler_a_run_ends_with_one_line_and_can_be_resumed(
    processes, steady, texts, in_one_process, tmp_path
):
    processes.worker()
    options = {"save_model": tmp_path / "kept.model", "save_every": 0.001, **QUICK, "epochs": 4}
    expected = in_one_process(epochs=4)

    def end():
        wait_until((tmp_path / "kept.model").exists)
        processes.scheduler.kill()

    ending = threading.Thread(target=end)
    with pytest.raises(TrainingError, match=r"the Dask scheduler no longer answers; .*kept.model has the model as it"):
        library.train(texts, cluster=str(processes.file), progress=Listener(ending.start), **options)
    ending.join()
    vectors = library.train(texts, cluster=str(steady.file), resume=True, **options)
    assert_array_equal(vectors.matrix, expected.matrix)


@pytest.mark.parametrize("task", ["reading", "training"])
def test_without_an_answer_of_its_scheduler_a_run_ends_with_one_line(processes, texts, monkeypatch, task):
    monkeypatch.setattr("w2v.machines.dask_pool.SCHEDULER_SECONDS", 3.0)
    processes.worker()
    listener = Listener(lambda: processes.scheduler.send_signal(signal.SIGSTOP), task)
    with pytest.raises(TrainingError, match=r"^the Dask scheduler no longer answers; start it again, and run the same"):
        library.train(texts, cluster=str(processes.file), progress=listener, **QUICK | {"epochs": 30})


def test_a_run_goes_on_when_its_scheduler_does(processes, texts, in_one_process):
    processes.worker()
    expected = in_one_process(epochs=4)

    going_on = threading.Timer(3, lambda: processes.scheduler.send_signal(signal.SIGCONT))

    def pause():
        processes.scheduler.send_signal(signal.SIGSTOP)
        going_on.start()

    vectors = library.train(texts, cluster=str(processes.file), progress=Listener(pause), **QUICK | {"epochs": 4})
    going_on.join()
    assert_array_equal(vectors.matrix, expected.matrix)


def test_an_address_where_nobody_answers_is_an_error_of_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr("w2v.machines.dask_pool._CONNECT_SECONDS", 0.5)
    (tmp_path / "c.txt").write_text("a b c\n" * 100)
    process = w2v("train", "c.txt", "--cluster", "tcp://127.0.0.1:9", "-q", cwd=tmp_path)
    assert (process.returncode, error_line(process)) == (
        2,
        (
            "--cluster tcp://127.0.0.1:9: no Dask scheduler answers there; check the address, such as"
            " tcp://host:8786, or the scheduler file"
        ),
    )


def test_a_missing_package_is_named_by_its_extra(tmp_path):
    (tmp_path / "c.txt").write_text("a b c\n" * 100)
    (tmp_path / "dask.py").write_text("raise ImportError('not installed')\n")
    process = subprocess.run(
        [*W2V, "train", "c.txt", "--cluster", "local", "-q"],
        cwd=tmp_path, capture_output=True, env=environment(PYTHONPATH=f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}"),
    )  # fmt: skip
    assert (process.returncode, error_line(process)) == (
        1, "training on a cluster needs an extra package: pip install 'w2v[dask]'"
    )  # fmt: skip


@pytest.mark.parametrize(
    "options, message",
    [
        ({"phrases": 1}, "phrases needs the whole text in one process, so cluster can't be used with it"),
        ({"dedup": True}, "dedup needs the whole text in one process, so cluster can't be used with it"),
        ({"cluster": " "}, "cluster must be local, an address such as tcp://host:8786 or a scheduler file"),
    ],
)
def test_options_that_a_cluster_can_not_have_are_refused_before_anybody_is_asked(texts, options, message):
    with pytest.raises(library.UsageError) as error:
        library.train(texts, **{"cluster": "tcp://127.0.0.1:9"} | options)
    assert str(error.value).startswith(message)


def test_text_that_workers_can_not_read_is_refused(steady):
    with pytest.raises(library.UsageError, match="cluster: workers can't read sentences; write it to a file"):
        library.train(sentences=[["a", "b"]] * 9, cluster=str(steady.file))


def other_versions(folder, package):
    """Return the path of a worker that finds another version of a package, as in another environment."""
    other = folder / "other" / f"{package}-0.1.dist-info"
    other.mkdir(parents=True)
    (other / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 0.1\n")
    return f"{other.parent}:{os.environ.get('PYTHONPATH', '')}"


@pytest.mark.parametrize("package", ["w2v", "numba", "numpy"])
def test_workers_with_other_versions_are_refused(joined, texts, tmp_path, package):
    joined.worker(PYTHONPATH=other_versions(tmp_path, package))
    with pytest.raises(TrainingError, match=rf"worker tcp://\S+ has .*{package} 0.1, .*and this process w2v"):
        library.train(texts, cluster=str(joined.file))


def test_a_worker_with_other_versions_that_joins_late_is_left_out(joined, texts, tmp_path):
    path = other_versions(tmp_path, "numba")
    listener = Listener(lambda: joined.worker(PYTHONPATH=path))
    library.train(texts, cluster=str(joined.file), progress=listener, **QUICK | {"epochs": 4})
    assert len(joined.workers()) == 3
    assert not any("joined" in note for note in listener.notes), listener.notes


def test_a_scheduler_without_workers_is_an_error(processes, texts, monkeypatch):
    monkeypatch.setattr("w2v.machines.dask_pool._WORKER_SECONDS", 0.5)
    listener = Listener()
    with pytest.raises(library.UsageError, match=r"the scheduler has no workers; start some with 'dask worker'"):
        library.train(texts, cluster=str(processes.file), progress=listener)
    (note,) = listener.notes
    assert note.startswith("waiting for workers; start some with 'dask worker tcp://")


def test_a_scheduler_file_that_is_not_there_is_an_error(texts):
    with pytest.raises(library.UsageError, match=r"scheduler.json'?: no such scheduler file, and no address"):
        library.train(texts, cluster="scheduler.json")


def test_notes_say_what_a_cluster_does_not_use_and_what_it_waits_for(steady, texts, monkeypatch):
    monkeypatch.setattr("w2v.machines.crew._COMPILING_SECONDS", 0.0)
    listener = Listener()
    library.train(texts, cluster=str(steady.file), progress=listener, **QUICK | {"replicas": 2, "threads": 8})
    assert [note for note in listener.notes if "tokens" not in note] == [
        "`threads` has no effect on a cluster that exists; start its workers with as many as you want",
        "the cluster has 3 threads but only 2 replicas; to use all threads, set `replicas` to a multiple of 3",
        "waiting for the workers: each compiles the kernels at its first run",
    ]


def test_a_file_that_is_no_scheduler_file_is_an_error(texts):
    with pytest.raises(library.UsageError, match=r"a.txt': not a scheduler file of Dask; 'dask scheduler' writes one"):
        library.train(texts, cluster=str(texts / "a.txt"))


def tree_of(pid):
    """Return the ids of a process and of all below it."""
    children = [child for file in Path(f"/proc/{pid}/task").glob("*/children") for child in file.read_text().split()]
    return [pid, *(below for child in children for below in tree_of(int(child)))]


def anonymous_bytes(pid):
    """Return how many bytes of its own a process and those below it hold; what a fork shares counts once."""
    total = 0
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for each in tree_of(pid):
            lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
            total += 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("Pss_Anon"))
    return total


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_estimate_of_memory_counts_the_models_of_workers_on_this_machine(tmp_path):
    words = [f"w{i}" for i in range(30_000)]
    (tmp_path / "words.txt").write_text("".join(f"{word}\n" for word in words) * 5)
    command = [*W2V, "train", "words.txt", "--cluster", "local", "--workers", "3", "--dim", "200", "--epochs", "1"]
    shown = subprocess.run([*command, "--dry-run"], cwd=tmp_path, env=environment(), capture_output=True, text=True)
    assert "trains in this process, not on the cluster" in shown.stderr
    needed = re.search(r"^memory\s+([\d.,]+) (MB|GB): .*, workers ", shown.stdout, re.MULTILINE)
    estimate = float(needed[1].replace(",", "")) * {"MB": 1e6, "GB": 1e9}[needed[2]]
    running = subprocess.Popen([*command, "-o", "v.bin", "-q"], cwd=tmp_path, env=environment())
    peak = 0
    while running.poll() is None:
        peak = max(peak, anonymous_bytes(running.pid))
        time.sleep(0.02)
    assert running.returncode == 0
    assert 0.8 < peak / estimate < 1.15, (peak, estimate)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])  # from a terminal, and from timeout(1)
def test_the_command_trains_on_this_machine_and_resumes_after_an_interrupt(texts, tmp_path, number):
    """All processes of the command get the signal, those of workers included."""
    options = [texts, "--dim", 20, "--epochs", 4, "--min-count", 2, "--merge-every", 2400, "--replicas", 4]
    process = w2v("train", *options, "--deterministic", "-o", "expected.bin", "-q", cwd=tmp_path)
    assert process.returncode == 0, process.stderr
    command = [*W2V, "train", *options, "--cluster", "local", "--workers", 2, "-o", "apart.bin"]
    command += ["--save-model", "kept.model", "--save-every", 0.001, "--resume"]
    running = started(command, tmp_path)
    wait_until((tmp_path / "kept.model").exists)
    os.killpg(running.pid, number)
    _, messages = running.communicate(timeout=SECONDS)
    assert running.returncode == 128 + number, messages.decode()
    assert b"saved the model to kept.model" in messages
    assert b"Traceback" not in messages, messages.decode()
    process = subprocess.run([*map(str, command)], cwd=tmp_path, env=environment(), capture_output=True)
    assert process.returncode == 0, process.stderr
    assert b"resuming from kept.model" in process.stderr
    assert (tmp_path / "apart.bin").read_bytes() == (tmp_path / "expected.bin").read_bytes()


def started(command, folder):
    """Start a command in a session of its own, as from a terminal."""
    return subprocess.Popen(
        [*map(str, command)], cwd=folder, env=environment(), stderr=subprocess.PIPE, start_new_session=True
    )


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("later", [0, 0.2, 0.6])
def test_an_interrupt_while_workers_start_leaves_no_traceback_and_no_process(texts, tmp_path, number, later):
    running = started([*W2V, "train", texts, "--cluster", "local", "--workers", 2], tmp_path)
    wait_until(lambda: len(tree_of(running.pid)) > 2)  # the first worker, and what tracks its semaphores
    time.sleep(later)
    tree = tree_of(running.pid)
    os.killpg(running.pid, number)
    _, messages = running.communicate(timeout=SECONDS)
    assert running.returncode == 128 + number
    assert messages.decode() == ("w2v: interrupted\n" if number == signal.SIGINT else "")
    wait_until(lambda: not any(is_running(pid) for pid in tree))


def is_running(pid):
    """Return whether a process has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_script_that_trains_without_a_guard_gets_one_line(texts, tmp_path):
    (tmp_path / "script.py").write_text(f"import w2v\nw2v.train({str(texts)!r}, cluster='local', threads=1)\n")
    process = subprocess.run([sys.executable, "script.py"], cwd=tmp_path, env=environment(), capture_output=True)
    assert process.returncode == 1
    last = process.stderr.decode().splitlines()[-1]
    assert last.startswith("w2v.errors.TrainingError: the workers on this machine did not start (")
    assert "in a script, call w2v below" in last
