"""What is compiled is compiled once: the next process loads it."""

import json
import os
import subprocess
import sys

import pytest

SCRIPT = """
import io, json, sys
from numba.core.dispatcher import Dispatcher
import w2v
from w2v.options import CorpusOptions, PhraseOptions
from w2v.phrases import NumberedText, find_in, join_in, write_text

for model, tokens, threads in (("skipgram", "whitespace", 2), ("cbow", "words", 1)):
    options = {"model": model, "tokens": tokens, "dim": 10, "epochs": 1, "min_count": 1, "threads": threads}
    vectors = w2v.train("text.txt", **options)
    w2v.train("text.txt", **options, deterministic=True)
    vectors.save("vectors.txt")
    w2v.load("vectors.txt")
with NumberedText.read_from("text.txt", CorpusOptions(threads=2)) as text:
    phrases = find_in(text, PhraseOptions(score="npmi", threshold=0.2, memory=1))
    write_text(text, io.BytesIO())
with NumberedText.read_from("text.txt", CorpusOptions(threads=1)) as text:
    join_in(text, phrases)
found = {}
for name, module in list(sys.modules.items()):
    if name.startswith("w2v"):
        for function in vars(module).values():
            if isinstance(function, Dispatcher):
                key = f"{function.py_func.__module__}.{function.py_func.__qualname__}"
                stats = function.stats
                found[key] = sum(stats.cache_misses.values()), sum(stats.cache_hits.values()), len(function.signatures)
print(json.dumps(found))
"""


def run(folder):
    """Train, save and load in a process of its own; return (misses, hits, signatures) of all compiled functions.

    Nothing is optimised, which takes half of the time of compiling, and changes nothing in what is compiled when.
    """
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=folder, check=False, capture_output=True, text=True, timeout=300,
        env=os.environ | {"NUMBA_CACHE_DIR": str(folder / "cache"), "NUMBA_OPT": "0"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def second(tmp_path_factory):
    """Return what a process found that ran after another one just like it."""
    folder = tmp_path_factory.mktemp("compilation")
    sentences = ["the queen met the king\n", "ein Zürcher\u3000Tram fährt\n", "\n", "don't stop\n"]
    (folder / "text.txt").write_text("".join(sentences * 20_000), encoding="utf-8")
    first = run(folder)
    assert sum(misses for misses, _, _ in first.values()) > 0
    return run(folder)


def test_a_second_process_compiles_nothing(second):
    assert {name: misses for name, (misses, _, _) in second.items() if misses} == {}
    loaded = {name for name, (_, hits, _) in second.items() if hits}
    assert {"w2v.kernels.blocks.train_block", "w2v.kernels.rounds.train_rounds"} <= loaded
    assert {"w2v.phrases.pair_table.count_pairs", "w2v.phrases.pair_table.join_pairs"} <= loaded
    assert {name.split(".")[1] for name in loaded} >= {"corpus", "kernels", "tokens", "vectors"}


def test_each_function_is_compiled_for_one_signature_and_the_kernels_for_each_model(second):
    called = {name: signatures for name, (_, hits, signatures) in second.items() if hits}
    kernels = dict.fromkeys(("w2v.kernels.blocks.train_block", "w2v.kernels.rounds.train_rounds"), 2)
    assert {name: signatures for name, signatures in called.items() if signatures != 1} == kernels
