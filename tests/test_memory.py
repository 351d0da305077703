"""Memory is estimated before it is taken, and a run that needs more than there is says what would fit."""

import json
import os
import re
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from console import environment, error_line, inside
from console import fresh as w2v
from control_groups import control_group

from w2v.errors import TrainingError
from w2v.memory import Room, memory_room, resident, size_text
from w2v.options import TrainingOptions
from w2v.options.training import LOSSES
from w2v.training.training_need import require_training, training_need
from w2v.vectors import Vectors
from w2v.vectors.formats import vectors_size

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
# Runs a command in a control group, whose file is its first argument, or in none, and prints the most memory it took.
MEASURED = """
import os, resource, subprocess, sys
group, *command = sys.argv[1:]
enter = (lambda: open(group, "w").write(str(os.getpid()))) if group else None
done = subprocess.run(command, stdout=subprocess.DEVNULL, preexec_fn=enter)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
sys.exit(done.returncode)
"""


def in_bytes(text):
    number, unit = re.match(r"([\d.,]+) (MB|GB)", text).groups()
    return float(number.replace(",", "")) * {"MB": 1e6, "GB": 1e9}[unit]


def measured(folder, *arguments, group=""):
    """Run the command, in a control group if one is given, and return the most memory that it took."""
    process = subprocess.run(
        [sys.executable, "-c", MEASURED, group, sys.executable, "-m", "w2v", *arguments],
        cwd=folder, capture_output=True, env=environment(), check=False,
    )  # fmt: skip
    assert process.returncode == 0, process.stderr
    return float(process.stdout)


def estimated(folder, *arguments):
    """Return how much memory the command would take, as --dry-run says."""
    process = w2v(*arguments, "--dry-run", cwd=folder)
    assert process.returncode == 0, process.stderr
    return in_bytes(re.search(r"^memory +(.*)", process.stdout.decode(), re.MULTILINE)[1])


@pytest.mark.parametrize("options", SIZES, ids=" ".join)
def test_the_estimate_is_near_what_a_run_takes(folder, options):
    process = w2v(*TRAIN, *options, "--dry-run", "--save-model", "m.model", cwd=folder)
    assert process.returncode == 0, process.stderr
    lines = dict(re.findall(r"(\w[\w ]*?)  +(.*)", process.stdout.decode()))
    assert {"words", "tokens", "memory", "available", "model file"} <= set(lines)
    assert not (folder / "m.model").exists()
    took = measured(folder, *TRAIN, *options, "-o", "v.bin")
    assert in_bytes(lines["memory"]) == pytest.approx(took, rel=0.15)


def test_the_parts_of_the_estimate_add_up_to_it():
    need = training_need(1000, TrainingOptions(dim=96, threads=2))  # rows without padding need no copy
    assert need.parts["the result"] == 0
    assert sum(need.parts.values()) == need.total


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
        rf"{name}: its vectors need about \d+ MB of memory, but only [12]?\d MB are free under ulimit -v;"
        r" (take fewer words, as with 'w2v convert' and --top \d+$|end other programs, or take fewer words)",
        error_line(process),
    )


# Commands that work on vectors


@pytest.fixture(scope="module")
def vectors_folder(tmp_path_factory):
    """A folder with the same vectors in several formats, in groups that are found at once."""
    folder = tmp_path_factory.mktemp("vectors")
    numbers = np.random.default_rng(1)
    values = numbers.standard_normal((60_000, 250), dtype=np.float32)
    values += 2 * numbers.standard_normal((8, 250), dtype=np.float32)[np.arange(60_000) % 8]
    vectors = Vectors([f"word{i}" for i in range(len(values))], values)
    for ending in ("txt", "bin", "npz", "npy", "safetensors"):
        vectors.save(folder / f"v.{ending}")
    texts = [" ".join(vectors.words[row::3000]) for row in range(3000)]
    (folder / "texts.txt").write_text("\n".join(texts) + "\n")
    (folder / "labelled.txt").write_text("".join(f"__label__{row % 2} {text}\n" for row, text in enumerate(texts)))
    (folder / "pairs.txt").write_text("".join(f"word{row}\tword{row + 1}\t{row % 7}\n" for row in range(300)))
    questions = (f"word{row} word{row + 1} word{row + 2} word{row + 3}\n" for row in range(300))
    (folder / "analogies.txt").write_text(": section\n" + "".join(questions))
    return folder


COMMANDS = {
    "text": ["convert", "v.txt", "out.bin"],
    "text, in part": ["convert", "v.txt", "out.bin", "--top", "20000"],
    "binary": ["convert", "v.bin", "out.safetensors"],
    "binary, in part": ["convert", "v.bin", "out.safetensors", "--top", "20000"],
    "npz": ["convert", "v.npz", "out.bin"],
    "npy": ["convert", "v.npy", "out.bin"],
    "safetensors": ["convert", "v.safetensors", "out.bin"],
    "to text": ["convert", "v.bin", "out.txt"],
    "a copy": ["convert", "v.safetensors", "out.bin", "--normalize"],
    "copies": ["convert", "v.safetensors", "out.bin", "--normalize", "--precision", "4"],
    "groups": ["cluster", "v.safetensors", "-k", "8", "--no-cache", "-o", "out.txt"],
    "map": ["map", "v.safetensors", "--no-cache", "--top", "4000", "--layout", "pca", "-o", "out.html"],
    "image": ["map", "v.safetensors", "--no-cache", "--top", "50", "--dpi", "150", "-o", "out.png"],
    "texts": ["encode", "texts.txt", "--vectors", "v.safetensors", "--no-cache", "-o", "out.npy"],
    "classifier": [
        "classify", "train", "labelled.txt", "--dim", "600", "--epochs", "1", "--min-count", "1", "-o", "out.model"
    ],
}  # fmt: skip
QUERIES = {
    "similar, text": ["similar", "--vectors", "v.txt", "--no-cache", "word1"],
    "similar": ["similar", "--vectors", "v.bin", "--no-cache", "word1"],
    "analogy": ["analogy", "--vectors", "v.npz", "--no-cache", "word1", "word2", "word3"],
    "pairs": ["evaluate", "v.npy", "pairs", "pairs.txt", "--no-cache"],
    "analogies": ["evaluate", "v.safetensors", "analogies", "analogies.txt", "--no-cache"],
    "closest texts": ["similar", "--vectors", "v.safetensors", "--no-cache", "--texts", "texts.txt", "word1", "word2"],
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_commands_take_about_as_much_as_dry_run_says_and_are_refused_where_there_is_less(vectors_folder, command):
    folder = vectors_folder
    output = folder / next(name for name in command if name.startswith("out."))
    for left in folder.glob("out*"):
        left.unlink()
    expected = estimated(folder, *command)
    assert not output.exists()
    with control_group(int(1.1 * expected)) as group:
        assert expected == pytest.approx(measured(folder, *command, "--quiet", group=group), rel=0.15)
    output.unlink()
    with control_group(int(0.6 * expected)) as group:
        process = entering(group, folder, *command)
    assert process.returncode == 1
    assert re.fullmatch(
        r".* needs? (about )?\d+ MB of memory, but only \d+ MB are free[ a-z]+; .*(--\w|end ).*",
        error_line(process),
    )
    assert not output.exists()


@pytest.mark.parametrize("command", QUERIES.values(), ids=QUERIES)
def test_queries_take_about_as_much_as_dry_run_says(vectors_folder, command):
    expected = estimated(vectors_folder, *command)
    with control_group(int(1.1 * expected)) as group:
        assert expected == pytest.approx(measured(vectors_folder, *command, group=group), rel=0.15)
    with control_group(int(0.6 * expected)) as group:
        process = entering(group, vectors_folder, *command)
    assert process.returncode == 1
    assert re.search(r" needs? about \d+ MB of memory, but only \d+ MB are free[ a-z]+; .*words", error_line(process))


def test_a_dry_run_of_a_query_reads_no_words_and_shows_what_is_mapped(tmp_path):
    values = np.random.default_rng(1).standard_normal((30_000, 100), dtype=np.float32)
    vectors = Vectors([f"word{i}" for i in range(len(values))], values)
    vectors.save(tmp_path / "v.bin")
    os.utime(tmp_path / "v.bin", (1, 1))  # a file that has just changed is not copied
    command = ["similar", "--vectors", "v.bin", "--dry-run"]
    before = w2v(*command, cwd=tmp_path, W2V_CACHE_DIR="cache").stdout.decode()
    assert "vectors 12 MB" in before
    assert "mapped" not in before
    assert not (tmp_path / "cache").exists()
    assert w2v("similar", "--vectors", "v.bin", "word1", cwd=tmp_path, W2V_CACHE_DIR="cache").returncode == 0
    copied = w2v(*command, cwd=tmp_path, W2V_CACHE_DIR="cache").stdout.decode()
    assert "vectors" not in copied
    assert re.search(
        r"^mapped +13 MB of the copy in the cache, which the system drops when it needs room$", copied, re.M
    )


def test_the_shell_has_loaded_its_vectors(tmp_path):
    Vectors(["a", "b"], [[1, 2], [3, 4]]).save(tmp_path / "v.txt")
    process = w2v("shell", "--vectors", "v.txt", "--dry-run", cwd=tmp_path)
    assert process.stdout.startswith(b"memory ")
    process = w2v("shell", "--vectors", "v.txt", cwd=tmp_path, stdin=b"similar a --dry-run\n")
    assert b"the shell has loaded its vectors" in process.stderr


def entering(group, folder, *arguments):
    """Run the command in a control group."""
    return subprocess.run(
        [sys.executable, "-m", "w2v", *arguments], cwd=folder, capture_output=True, env=environment(), check=False,
        preexec_fn=lambda: Path(group).write_text(str(os.getpid())),
    )  # fmt: skip


def test_what_would_fit_fits(vectors_folder):
    with control_group(100 * MB) as group:
        process = entering(group, vectors_folder, "convert", "v.txt", "less.bin")
        top = re.search(r"; (--top) (\d+) would fit", error_line(process)).groups()
        process = entering(group, vectors_folder, "convert", "v.txt", "less.bin", *top, "--quiet")
        assert process.returncode == 0, process.stderr
    assert len(Vectors.load(vectors_folder / "less.bin")) == int(top[1])


@pytest.mark.parametrize("ending", ["txt", "bin", "npy", "npz"])
def test_the_first_words_are_read_alone(tmp_path, ending):
    values = np.random.default_rng(1).standard_normal((300, 3), dtype=np.float32)
    vectors = Vectors([f"w{i}" for i in range(300)], values, counts=np.arange(300, 0, -1))
    vectors.save(tmp_path / f"v.{ending}")
    found = Vectors.load(tmp_path / f"v.{ending}", top=7)
    assert found == vectors.top(7)
    assert found.counts.tolist() == vectors.counts[:7].tolist()
    assert Vectors.load(tmp_path / f"v.{ending}", top=1000) == vectors


@pytest.mark.parametrize("layout", ["C", "F"])
@pytest.mark.parametrize("kind", ["<f4", ">f4", "<f8", "<f2"])
def test_arrays_of_any_layout_are_read_and_the_first_rows_take_little(tmp_path, kind, layout):
    values = np.random.default_rng(1).standard_normal((3000, 200)).astype(kind)
    np.save(tmp_path / "v.npy", np.asarray(values, order=layout))
    (tmp_path / "v_words.txt").write_text("".join(f"w{i}\n" for i in range(3000)))
    for top in (None, 7):
        assert np.array_equal(Vectors.load(tmp_path / "v.npy", top=top).matrix, values[:top].astype(np.float32))
    some, all_of_them = (vectors_size(tmp_path / "v.npy", top).reading.total for top in (7, None))
    assert some < 5_000_000 < all_of_them


def test_long_metadata_do_not_keep_an_archive_from_being_read(tmp_path):
    vectors = Vectors(["a", "b"], [[1, 2], [3, 4]], metadata={"stopwords": [f"w{i}" for i in range(30_000)]})
    vectors.save(tmp_path / "v.npz")
    assert (tmp_path / "v.npz").stat().st_size > 1_000_000  # so that its size is estimated first
    assert Vectors.load(tmp_path / "v.npz").metadata == vectors.metadata


def test_a_damaged_array_of_an_archive_is_named_with_its_file(tmp_path):
    with zipfile.ZipFile(tmp_path / "v.npz", "w") as archive:
        archive.writestr("words.npy", b"no array" * 20_000)
    told = error_line(inside("convert", "v.npz", "v.txt", cwd=tmp_path))
    assert told == "v.npz: words.npy: is no NumPy array, or damaged"


def test_the_first_words_are_those_that_differ(tmp_path):
    (tmp_path / "v.txt").write_text("a 1 2\na 3 4\nb 5 6\nc 7 8\n")
    assert Vectors.load(tmp_path / "v.txt", top=2) == Vectors(["a", "b"], [[1, 2], [5, 6]])


def test_what_follows_the_first_words_need_not_be_right(tmp_path):
    (tmp_path / "v.txt").write_text("".join(f"w{i} {i} 2\n" for i in range(300_000)) + "broken\n")
    assert len(Vectors.load(tmp_path / "v.txt", top=10)) == 10
    process = inside("convert", "v.txt", "v.bin", cwd=tmp_path)
    assert "v.txt:300001: " in error_line(process)


# What can't be known before


def test_a_text_of_more_words_than_fit_ends_with_one_line(tmp_path):
    (tmp_path / "many.txt").write_text("".join(f"w{i} w{i + 1}\n" for i in range(0, 1_500_000, 2)))
    assert w2v("vocab", "many.txt", "-o", "all.vocab", "--min-count", "1", cwd=tmp_path).returncode == 0
    with control_group(200 * MB) as group:
        process = entering(group, tmp_path, "vocab", "many.txt", "-o", "o.vocab", "--min-count", "1", "--quiet")
    assert process.returncode == 1
    assert re.match(r"(the text has more than )?[\d,]+ different words.* needs? \d+ MB of memory", error_line(process))
    assert not (tmp_path / "o.vocab").exists()


def test_phrases_are_the_same_with_less_memory(folder):
    (folder / "phrases.txt").write_text((folder / "text.txt").read_text() * 3)
    for name, limit in (("much", 2000), ("little", 190)):
        with control_group(limit * MB) as group:
            process = entering(group, folder, "phrases", "phrases.txt", "-q", "-o", f"{name}.txt", "--threshold", "1")
        assert process.returncode == 0, process.stderr
    assert (folder / "much.txt").read_bytes() == (folder / "little.txt").read_bytes()


@pytest.mark.parametrize(
    "options, advice",
    [
        ([], "--dim {} would fit, or use a higher --min-count"),
        (["--word-ngrams", "2"], "--dim {} would fit, or use a higher --min-count or a lower --word-ngrams"),
    ],
    ids=["words", "n-grams"],
)
def test_a_classifier_that_does_not_fit_is_refused(tmp_path, options, advice):
    (tmp_path / "data.txt").write_text("".join(f"__label__{i % 2} some words for row {i}\n" for i in range(200)))
    process = w2v("classify", "train", "data.txt", "-o", "m", "--dim", "100000000", "-q", *options, cwd=tmp_path)
    assert process.returncode == 1
    expected = rf"\d+ features x 100000000 need [\d.]+ GB of memory, but only .*; {advice.format(r'[0-9]+')}"
    assert re.fullmatch(expected, error_line(process))
    assert not (tmp_path / "m").exists()
