"""Kernels stay inside their arrays, also where they find rows by address or read eight bytes at once."""

import random
import subprocess
import sys
from pathlib import Path

import fuzzed_scanner
import numpy as np
import pytest
from console import environment
from cpus import run_on
from fences import fenced, fenced_rows
from training_block import Block

from w2v.options.training import LOSSES, MODELS
from w2v.tokens.arrays import padded

TEXTS = 300


@pytest.mark.parametrize("at_end", [True, False])
@pytest.mark.parametrize("what", ["train", "scan"])
def test_nothing_outside_of_arrays_is_touched(tmp_path, what, at_end):
    run_on("host", "-c", f"import test_fences; test_fences.{what}_fenced(at_end={at_end})", cwd=tmp_path)


@pytest.mark.parametrize("place", [-1, 4])
def test_a_fence_ends_the_process(tmp_path, place):
    code = f"from fences import fenced; import numpy, ctypes; a = fenced(numpy.zeros(4, 'u1'), at_end={place > 0})"
    code += f"; ctypes.string_at(a.ctypes.data, 4); print(flush=True); ctypes.string_at(a.ctypes.data + {place}, 1)"
    paths = f"{Path(__file__).parent}:{Path(__file__).parent.parent}"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(PYTHONPATH=paths), capture_output=True, check=False
    )
    assert done.stdout == b"\n"
    assert done.returncode < 0


def train_fenced(*, at_end):
    """Train blocks of many shapes with all arrays and rows between fences."""

    def guarded(array):
        return (fenced(array, at_end=at_end) if isinstance(array, np.ndarray) else array), lambda: None

    with fenced_rows(at_end=at_end):
        for loss in LOSSES:
            for model in MODELS:
                for number, (dim, window, words) in enumerate([(1, 1, 2), (16, 5, 30), (17, 40, 3), (100, 2, 200)]):
                    block = Block.random(
                        number, [0, 1, 59, 61, 130], words, dim, window=window, lr=0.001, loss=loss, model=model,
                        n_private=number % 2,
                    )  # fmt: skip
                    block.ids = fenced(block.ids, at_end=at_end)
                    block.trained(guarded)


def scan_fenced(*, at_end):
    """Scan texts, and check their UTF-8, between fences."""

    def between_fences(data):
        return fenced(padded(data), at_end=at_end)

    fuzzed_scanner.padded = between_fences
    targets = [target() for target in (fuzzed_scanner.Scanner, fuzzed_scanner.Utf8)]
    for number in range(TEXTS):
        for target in targets:
            target.run(target.case(random.Random(number)))
