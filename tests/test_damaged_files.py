"""Damaged files of every kind but vectors, as a user meets them: each is refused in one line."""

import json

import numpy as np
import pytest
from console import error_line, inside

import w2v
from w2v.errors import ModelError
from w2v.phrases import Phrases
from w2v.safetensors_file import SafetensorsFile, write_safetensors

TEXT = "the king the queen the king of the land met the queen of the land\n" * 20


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """Return the bytes of a small model."""
    path = tmp_path_factory.mktemp("model") / "m"
    w2v.train(sentences=[line.split() for line in TEXT.splitlines()], dim=3, threads=1, epochs=2, save_model=path)
    return path.read_bytes()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "text.txt").write_text(TEXT)
    return tmp_path


def refused(folder, *arguments):
    """Return the one line with which a command fails; no file may be left."""
    before = sorted(folder.iterdir())
    process = inside(*arguments, cwd=folder)
    assert process.returncode == 1
    assert sorted(folder.iterdir()) == before
    return error_line(process)


ENCODING = "name its encoding, as in --encoding latin-1, or use --encoding-errors replace"
LARGE = "is too large; it must be below 2**63"


@pytest.mark.parametrize(
    "content, told",
    [
        (b"the 1\nking " + b"7" * 5000 + b"\n", f"words.txt:2: the count {'7' * 40}... {LARGE}"),
        (b"the 9223372036854775807\nking 2\n", f"words.txt:2: the sum of all counts {LARGE}"),
        (b"the 3\nking 0\n", "words.txt:2: the count is 0; remove the line, or give a count of 1 or more"),
        (b"the 3\nk\xefng 2\n", f"words.txt:2: not UTF-8: 'k\ufffdng'; {ENCODING}"),
    ],
    ids=["count", "sum", "zero", "not UTF-8"],
)
def test_vocabularies(folder, content, told):
    (folder / "words.txt").write_bytes(content)
    assert refused(folder, "train", "-q", "text.txt", "--read-vocab", "words.txt") == told


def test_a_vocabulary_follows_the_encoding_options_of_the_text(folder):
    (folder / "words.txt").write_bytes(b"the 3\nking 2\nna\xefve 1\n")
    arguments = ["train", "-q", "text.txt", "--read-vocab", "words.txt", "--dim", "2", "--epochs", "1"]
    assert inside(*arguments, "--encoding-errors", "ignore", cwd=folder).returncode == 0
    assert w2v.load(folder / "vectors.txt").words == ["the", "king", "nave"]


@pytest.mark.parametrize(
    "line, told",
    [
        ("new_york\tnew\ryork\t-1\t40", None),  # a carriage return is white space
        ("new_york\tnew york\t1\t-4", "'new_york\\tnew york\\t1\\t-4'"),
        ("new_york\tnew york\tnan\t4", "'new_york\\tnew york\\tnan\\t4'"),
        ("new_york\tnew york\t1\t" + "9" * 5000, f"'new_york\\tnew york\\t1\\t{'9' * 20}...'"),
    ],
    ids=["return", "negative", "nan", "digits"],
)
def test_phrases(folder, line, told):
    (folder / "phrases.tsv").write_bytes(f"phrase\twords\tscore\tcount\n{line}\r\n".encode())
    if told is None:
        assert Phrases.load(folder / "phrases.tsv")[0].words == ("new", "york")
    else:
        assert refused(folder, "phrases", "text.txt", "--use", "phrases.tsv", "-o", "out.txt") == (
            f"phrases.tsv:2: not a phrase, its words and numbers: {told}"
        )


@pytest.mark.parametrize(
    "line, told",
    [
        (
            f'{{"epoch": 1, "words": {10**400}}}',
            "run.jsonl:1: has no number words; train with --log FILE to write a log",
        ),
        ('{"epoch": 1, "words": -5}', "run.jsonl:1: has no number words; train with --log FILE to write a log"),
        ('{"epoch": NaN}', "run.jsonl:1: has no number epoch; train with --log FILE to write a log"),
        ("[" * 100_000, "run.jsonl:1: is no JSON; train with --log FILE to write a log"),
        ("9" * 5000, "run.jsonl:1: is no JSON; train with --log FILE to write a log"),
    ],
    ids=["large", "negative", "nan", "nested", "digits"],
)
def test_logs(folder, line, told):
    (folder / "run.jsonl").write_text(f"{line}\n")
    assert refused(folder, "plot-training", "run.jsonl", "-o", "out.html") == told


def test_a_damaged_log_does_not_keep_a_run_from_resuming(folder):
    arguments = ["train", "-q", "text.txt", "--dim", "2", "--save-model", "m", "--log", "run.jsonl", "--resume"]
    assert inside(*arguments, cwd=folder).returncode == 0
    for line in ("[" * 100_000, f'{{"words": {10**400}}}', '{"words": "many"}', "\udcff"):
        (folder / "run.jsonl").write_bytes(b'{"epoch": 1}\n' + line.encode(errors="surrogateescape") + b"\n")
        assert inside(*arguments, cwd=folder).returncode == 0


def with_facts(model, change):
    """Return a model whose facts `change` has changed."""
    size = int.from_bytes(model[:8], "little")
    header = json.loads(model[8 : 8 + size])
    facts = json.loads(header["__metadata__"]["facts"])
    change(facts)
    header["__metadata__"]["facts"] = json.dumps(facts)
    text = json.dumps(header, separators=(",", ":")).encode()
    return len(text).to_bytes(8, "little") + text + model[8 + size :]


@pytest.mark.parametrize(
    "change, told",
    [
        (lambda facts: facts["text"].pop("blocks"), "text.blocks is missing or invalid"),
        (lambda facts: facts["text"].update(blocks=0), "it was trained on no words"),
        (lambda facts: facts["run"].update(words=-1), "run.words is missing or invalid"),
        (lambda facts: facts["run"].update(seconds=10**400), "run.seconds is missing or invalid"),
        (lambda facts: facts["run"].update(bits=["x"]), "run.bits is missing or invalid"),
        (lambda facts: facts["run"].update(bits=[]), "its arrays are not of the same size"),
        (lambda facts: facts.update(epochs_before=True), "epochs_before is missing or invalid"),
        (lambda facts: facts.update(options=[]), "options is missing or invalid"),
        (lambda facts: facts["options"]["training"].update(dim=4), "its arrays are not of the same size"),
    ],
)
def test_facts_of_models(folder, model, change, told):
    (folder / "m").write_bytes(with_facts(model, change))
    for option in ("--init", "--save-model"):
        line = refused(folder, "train", "-q", "text.txt", option, "m", *["--resume"] * (option == "--save-model"))
        assert line == f"m: is damaged, or another version of w2v wrote it: {told}; get it again"
    refused(folder, "info", "m")


@pytest.mark.parametrize(
    "change",
    [
        lambda facts: facts["options"]["training"].update(future=1),
        lambda facts: facts["options"]["training"].update(loss="future"),
        lambda facts: facts["options"]["corpus"].update(tokens=7),
        lambda facts: facts["options"]["vocabulary"].update(min_count=-1),
    ],
)
def test_options_of_models_that_this_version_does_not_know(folder, model, change):
    (folder / "m").write_bytes(with_facts(model, change))
    line = refused(folder, "train", "-q", "text.txt", "--init", "m")
    assert line.startswith("m: was trained with options that this version of w2v doesn't know (")
    assert line.endswith("); upgrade with 'pip install -U w2v', or get the file again if it is damaged")


def change_array(path, name, values):
    """Write a model again with an array that begins with other values, and the checksums of what it holds."""
    file = SafetensorsFile.open(path, ModelError)
    arrays = {known: file.array(known) for known in file.names}
    data = np.asarray(values).tobytes()
    arrays[name].reshape(-1).view(np.uint8)[: len(data)] = np.frombuffer(data, np.uint8)
    with path.open("wb") as stream:
        write_safetensors(stream, arrays, file.metadata)


@pytest.mark.parametrize(
    "name, values, told",
    [
        ("words", np.frombuffer(b"t\xa9e", np.uint8), "a word is not UTF-8"),
        ("words", np.frombuffer(b"\nh\n", np.uint8), "it does not have a word for each row"),
        ("words", np.frombuffer(b"t e", np.uint8), "a word is given twice, is empty or has white space in it"),
        ("counts", np.array([-5]), "its counts are negative, too large or not in descending order"),
        ("counts", np.array([2**62, 2**62]), "its counts are negative, too large or not in descending order"),
        ("counts", np.array([1, 2]), "its counts are negative, too large or not in descending order"),
        ("input_vectors", np.array([np.nan], "f4"), "a value of its vectors is not a finite number"),
        ("output_vectors", np.array([np.inf], "f4"), "a value of its vectors is not a finite number"),
    ],
)
def test_arrays_of_models(folder, model, name, values, told):
    (folder / "m").write_bytes(model)
    change_array(folder / "m", name, values)
    line = refused(folder, "train", "-q", "text.txt", "--init", "m")
    assert line == f"m: is damaged, or another version of w2v wrote it: {told}; get it again"


@pytest.mark.parametrize(
    "command, told",
    [
        (["train", "text.txt"], "out of memory; lower --dim, --max-vocab, --window or --negative"),
        (["phrases", "text.txt", "-o", "out.txt"], "out of memory; lower --memory"),
        (["vocab", "text.txt"], "out of memory; close other programs, or use a smaller file"),
    ],
)
def test_out_of_memory_each_command_says_what_helps(folder, command, told, monkeypatch):
    def exhausted(*_, **__):
        raise MemoryError

    monkeypatch.setattr("w2v.corpus.parallel_scan.WordTable.__init__", exhausted)
    assert refused(folder, *command, "-q") == told


def test_a_text_of_words_and_long_numbers_is_read_as_text(folder):
    (folder / "text.txt").write_text(f"the {'9' * 5000}\nthe {'8' * 5000}\n" * 5)
    assert inside("vocab", "text.txt", "-q", cwd=folder).returncode == 0
