"""What the replicas of a cluster send each other, beside their training."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from benchmarks.bench import Bench
from benchmarks.models import LOSS_NAMES, MODEL_NAMES, MODELS
from benchmarks.task import Case, Figure, Task

_LISTS = {"ns": 4, "softmax": 2}  # of blocks
_REPLICAS = {"ns": 8, "softmax": 2}
_MERGE_EVERY = {"ns": (600, 3000, 12000), "softmax": (3000,)}


class Exchange(Task):
    """Replicas train on one thread of one process, which merges what all would send."""

    name, title, action, place = "exchange", "What a cluster exchanges", "exchange", 130
    figures = (
        Figure("train_seconds", "*a*, training a token, µs of a core", 1e6, 2, more_is_better=False),
        Figure("merge_seconds", "*m*, merging it, µs of a core", 1e6, 2, more_is_better=False),
        Figure("sent_bytes", "*b*, bytes to send for it", 1, 0, more_is_better=False),
        Figure("tokens", "tokens of a replica and round", 1, 0, more_is_better=None),
        Figure("vocabulary", "words V", 1, 0, more_is_better=None),
    )
    note = "d = 100, window 5, one thread; eight replicas, and two with the softmax."

    def cases(self) -> Iterable[Case]:
        """Return lengths of rounds."""
        return [
            Case(
                f"{loss}-{centers}",
                f"{MODEL_NAMES['skipgram']}{LOSS_NAMES[loss] or ', 5 negatives'}, `--merge-every {centers}`",
                MODELS["sg100"].request(
                    loss=loss, merge_every=centers, replicas=_REPLICAS[loss], lists=_LISTS[loss],
                ),
            )
            for loss, lengths in _MERGE_EVERY.items()
            for centers in lengths
        ]  # fmt: skip

    def request(self, case: Case, bench: Bench, seed: int) -> dict[str, Any]:
        """Return the text and the model."""
        return {"corpus": str(bench.corpus_of(case).path), "seed": seed, **case.request}


TASK = Exchange()
