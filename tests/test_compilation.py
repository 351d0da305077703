"""What is compiled is compiled once: the next process loads it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MISSING = "pair_table.count_pairs"  # which the first process compiles in any case

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
    """Train, save and load in a process of its own; return (misses, hits, signatures) of all compiled functions."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=folder, check=False, capture_output=True, text=True, timeout=300,
        env=os.environ | {"NUMBA_CACHE_DIR": str(folder / "cache")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def second(tmp_path_factory):
    """Return what a process found that ran after another one just like it.

    Both have a copy of what other tests have compiled so far; the first one has to compile all that is missing.
    """
    folder = tmp_path_factory.mktemp("compilation")
    for compiled in Path(os.environ["NUMBA_CACHE_DIR"]).rglob("*.nbc"):
        if not compiled.name.startswith(f"{MISSING}."):
            (folder / "cache" / compiled.parent.name).mkdir(parents=True, exist_ok=True)
            shutil.copy(compiled, folder / "cache" / compiled.parent.name)
    sentences = ["the queen met the king\n", "ein Zürcher\u3000Tram fährt\n", "\n", "don't stop\n"]
    (folder / "text.txt").write_text("".join(sentences * 20_000), encoding="utf-8")
    first = run(folder)
    assert first[f"w2v.phrases.{MISSING}"] == [1, 0, 1]
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
