"""How much of the CPU the kernels use: useful arithmetic of one thread beside the ceilings of the machine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from benchmarks.bench import Bench
from benchmarks.models import MODELS
from benchmarks.task import Case, Figure, Task


class Roofline(Task):
    """What is useful: neither padding nor what is computed twice; see benchmarks/useful_work.py."""

    name, title, action, place = "roofline", "Roofline", "roofline", 120
    figures = (
        Figure("share", "% of the peak", 100, 0),
        Figure("flops_per_second", "useful GFLOP/s", 1e-9, 1),
        Figure("peak", "peak, GFLOP/s", 1e-9, 0, more_is_better=None),
        Figure("intensity", "flops a byte", 1, 2, more_is_better=None),
        Figure("pair_share", "as word2vec counts, %", 100, 0, more_is_better=None),
    )
    note = (
        "One thread, seconds of its CPU. Useful arithmetic leaves out padding and recomputation. Before and after each"
        " kernel, a loop of independent fused multiply-adds measures the peak. The last column counts pair by pair, as"
        " word2vec.c computes: sharing negatives saves that arithmetic."
    )

    def cases(self) -> Iterable[Case]:
        """Return the kernels."""
        return [Case(name, model.title, model.request()) for name, model in MODELS.items()]

    def request(self, case: Case, bench: Bench, seed: int) -> dict[str, Any]:
        """Return the text and the model."""
        return {**bench.texts(case), "seed": seed, **case.request}


TASK = Roofline()
