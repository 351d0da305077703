"""Memory is estimated before it is taken, and a run that needs more than there is says what would fit."""

import json
import re
import resource
import subprocess
import sys

import numpy as np
import pytest
from console import environment, error_line, w2v

from w2v.errors import TrainingError
from w2v.memory import Room, memory_room, resident, size_text
from w2v.options import TrainingOptions
from w2v.options.training import LOSSES
from w2v.training.training_need import require_training, training_need
from w2v.vectors import Vectors

WORDS = 60_000
MB = 1_000_000


# What there is


def described(tmp_path, cgroup, *, available=8 * 10**6, **files):
    """Write what the system would show, and return the room that it leaves."""
    process = tmp_path / "proc" / "self"
    process.mkdir(parents=True)
    (process.parent / "meminfo").write_text(
        f"MemTotal: 9 kB\nMemAvailable: {available} kB\nSwapFree: 0 kB\nHugePages: 0\n"
    )
    (process / "statm").write_text("1000 500 0\n")
    (process / "cgroup").write_text(cgroup)
    for name, text in files.items():
        path = tmp_path / "groups" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return memory_room(tmp_path / "groups", process)


def test_the_machine_may_be_all_that_limits(tmp_path):
    assert described(tmp_path, "0::/\n") == Room(8 * 10**6 * 1024, "on this machine")


def test_a_control_group_of_version_2_limits_and_so_does_one_around_it(tmp_path):
    found = described(
        tmp_path, "0::/pod/container\n",
        **{
            "pod/memory.max": f"{500 * MB}\n", "pod/memory.current": f"{450 * MB}\n",
            "pod/memory.stat": f"anon {400 * MB}\ninactive_file {30 * MB}\n",
            "pod/container/memory.max": "max\n", "pod/container/memory.current": "5\n",
        },
    )  # fmt: skip
    assert found == Room(80 * MB, "in this container or control group")


def test_a_control_group_of_version_1_limits_whether_its_own_path_is_there_or_not(tmp_path):
    found = described(
        tmp_path, "9:cpu,cpuacct:/x\n4:hugetlb,memory:/docker/abc\n0::/\n",
        **{
            "memory/memory.limit_in_bytes": f"{100 * MB}\n", "memory/memory.usage_in_bytes": f"{60 * MB}\n",
            "memory/memory.stat": "total_inactive_file 0\n",
        },
    )  # fmt: skip
    assert found == Room(40 * MB, "in this container or control group")


def test_a_limit_that_is_none_does_not_limit(tmp_path):
    found = described(
        tmp_path, "4:memory:/\n",
        **{"memory/memory.limit_in_bytes": "9223372036854771712\n", "memory/memory.usage_in_bytes": "5\n"},
    )  # fmt: skip
    assert found.limit == "on this machine"


def test_a_system_that_says_nothing_refuses_nothing(tmp_path):
    assert memory_room(tmp_path, tmp_path) is None
    assert resident(tmp_path) == 0
    assert resident() > 10 * MB


def test_ulimit_counts():
    script = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30));"
        "from w2v.memory import memory_room; room = memory_room(); print(room.limit, room.bytes < 1 << 30)"
    )
    process = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment()
    )
    assert process.stdout == "under ulimit -v True\n"


# What is needed


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a text of many words; the commands below have run once, so that nothing is compiled."""
    folder = tmp_path_factory.mktemp("memory")
    numbers = np.random.default_rng(1)
    ids = np.concatenate([np.arange(WORDS), np.minimum((numbers.pareto(0.6, 5 * WORDS) * 50).astype(int), WORDS - 1)])
    numbers.shuffle(ids)
    lines = (" ".join(f"word{word}" for word in ids[start : start + 20]) for start in range(0, len(ids), 20))
    (folder / "text.txt").write_text("\n".join(lines) + "\n")
    (folder / "small.txt").write_text("the king and the queen\n" * 50)
    for options in ([], ["--loss", "hs"], ["--model", "cbow"]):
        assert w2v("train", "small.txt", "-q", "--min-count", "1", *options, "-o", "small.vec.txt", cwd=folder)
    return folder


SIZES = [
    ["--dim", "50"], ["--dim", "100"], ["--dim", "300"], ["--dim", "200", "--loss", "hs"],
    ["--dim", "400", "--model", "cbow", "--max-vocab", "40000"],
]  # fmt: skip
TRAIN = ["train", "text.txt", "-q", "--min-count", "1", "--epochs", "1", "--threads", "2"]
MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
"""


def in_bytes(text):
    number, unit = re.match(r"([\d.,]+) (MB|GB)", text).groups()
    return float(number.replace(",", "")) * {"MB": 1e6, "GB": 1e9}[unit]


@pytest.mark.parametrize("options", SIZES, ids=" ".join)
def test_the_estimate_is_near_what_a_run_takes(folder, options):
    process = w2v(*TRAIN, *options, "--dry-run", "--save-model", "m.model", cwd=folder)
    assert process.returncode == 0, process.stderr
    lines = dict(re.findall(r"(\w[\w ]*?)  +(.*)", process.stdout.decode()))
    assert {"words", "tokens", "memory", "available", "model file"} <= set(lines)
    assert not (folder / "m.model").exists()
    run = [sys.executable, "-m", "w2v", *TRAIN, *options, "-o", "v.bin"]
    measured = subprocess.run(
        [sys.executable, "-c", MEASURED, *run], cwd=folder, capture_output=True, env=environment(), check=True
    )
    assert in_bytes(lines["memory"]) == pytest.approx(float(measured.stdout), rel=0.15)


# Prints the address space when the vocabulary is known, and what the run needs then.
NEEDS = """
import json, sys
from pathlib import Path
import w2v.memory
from w2v.options import CorpusOptions, TrainingOptions, VocabularyOptions
from w2v.training import pipeline
training = TrainingOptions(epochs=1, threads=2, **json.loads(sys.argv[1]))
vocabulary = VocabularyOptions(min_count=1)
found = pipeline.estimate_run("text.txt", corpus=CorpusOptions(), vocabulary=vocabulary, training=training)
print(w2v.memory._pages(Path("/proc/self"), 0), found.need.total)
"""


def limited(folder, limit, *arguments):
    """Run the command with so many bytes of address space."""
    return subprocess.run(
        [sys.executable, "-m", "w2v", *arguments], cwd=folder, capture_output=True, env=environment(), check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )  # fmt: skip


@pytest.mark.parametrize("options", [{"dim": 300}, {"dim": 700, "model": "cbow"}], ids=str)
def test_a_run_fits_into_its_estimate_and_a_tenth_and_is_refused_where_it_does_not(folder, options):
    measured = subprocess.run(
        [sys.executable, "-c", NEEDS, json.dumps(options)],
        cwd=folder,
        capture_output=True,
        env=environment(),
        check=True,
    )
    taken, needed = map(int, measured.stdout.split())
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    process = limited(folder, taken + needed * 11 // 10, *TRAIN, *words, "-o", "v.bin")
    assert process.returncode == 0, process.stderr
    (folder / "v.bin").unlink()
    process = limited(folder, taken + needed * 8 // 10, *TRAIN, *words, "-o", "v.bin")
    assert process.returncode == 1
    told = error_line(process)
    assert re.fullmatch(
        r"60,000 words x \d+ need \d+ MB of memory, but only \d+ MB are free under ulimit -v; --dim \d+ or"
        r" --max-vocab \d+ would fit, or add --yes to start all the same",
        told,
    )
    assert not (folder / "v.bin").exists()
    lower = re.search(r"(--dim) (\d+)", told).groups()
    process = limited(folder, taken + needed * 82 // 100, *TRAIN, *words, *lower, "-o", "v.bin")
    assert process.returncode == 0, process.stderr


def test_yes_starts_all_the_same(folder):
    process = w2v(*TRAIN, "--dim", "10000000", "--max-vocab", "50000", "--yes", cwd=folder)
    assert error_line(process).startswith("50,000 words x 10000000 need 4,000.0 GB of memory, and the system has less;")
    process = w2v(*TRAIN, "--dim", "10000000", "--max-vocab", "50000", cwd=folder)
    assert re.search(r"need [\d,.]+ GB of memory, but only [\d,.]+ (GB|MB) are free", error_line(process))


@pytest.mark.parametrize("loss", LOSSES)
def test_every_need_grows_with_what_it_comes_from(loss):
    def total(n_words=1000, **options):
        return training_need(n_words, TrainingOptions(loss=loss, **options)).total

    assert total(2000) > total()
    assert total(dim=200) > total()
    assert total(window=5000) > total()
    assert total(threads=20, window=5000) > total(threads=1, window=5000)


def test_advice_fits():
    options = TrainingOptions(dim=300)
    room = Room(400 * MB, "on this machine")
    with pytest.raises(TrainingError) as caught:
        require_training(1_000_000, options, room)
    dim, words = map(int, re.search(r"dim=(\d+) or max_vocab=(\d+) would fit", str(caught.value)).groups())
    require_training(1_000_000, TrainingOptions(dim=dim), room)
    require_training(words, options, room)
    wide = TrainingOptions(window=900_000, threads=9)
    with pytest.raises(TrainingError, match="; lower window, negative or threads, or add yes=True"):
        require_training(1000, wide, room)


def test_sizes_are_short():
    assert (size_text(999_400_000), size_text(12_345_678_901)) == ("999 MB", "12.3 GB")


# Vectors


@pytest.mark.parametrize("ending", ["txt", "bin", "npz", "glove"])
def test_vectors_that_do_not_fit_are_refused_before_they_are_read(tmp_path, ending):
    vectors = Vectors([f"w{i}" for i in range(50_000)], np.random.default_rng(1).standard_normal((50_000, 300)))
    name = f"v.{'txt' if ending == 'glove' else ending}"
    vectors.save(tmp_path / name, "glove" if ending == "glove" else None)
    code = (
        "import resource, sys; from w2v.cli import main; from w2v.vectors import nearest, vectors;"
        "from pathlib import Path; from w2v.memory import _pages; taken = _pages(Path('/proc/self'), 0);"
        "resource.setrlimit(resource.RLIMIT_AS, (taken + 30_000_000,) * 2); main()"
    )
    process = subprocess.run(
        [sys.executable, "-c", code, "similar", "w1", "--no-cache", "--vectors", name],
        cwd=tmp_path, capture_output=True, env=environment(), check=False,
    )  # fmt: skip
    assert process.returncode == 1
    assert re.match(
        rf"{name}: its vectors need about (5\d|6\d) MB of memory, but only [12]?\d MB are free under ulimit -v; end",
        error_line(process),
    )
