"""Quality after one, two and five epochs: what does a second of training bring?"""

from __future__ import annotations

from collections.abc import Iterable

from benchmarks.task import Case, varied
from benchmarks.tasks.quality import Quality

TRIED = (1, 2, 5)


class Epochs(Quality):
    """The same as the task quality, for the chart of speed beside quality."""

    name, title, place = "epochs", "Quality by epochs", 101
    note = "The mean of the seeds (and each seed), scored as above. fastText and word2vec.c take no seed."

    def cases(self) -> Iterable[Case]:
        """Return both models, each with several numbers of epochs."""
        return varied(("sg100", "cbow100"), {f"e{n}": (f"epochs: {n}", {"epochs": n}) for n in TRIED})


TASK = Epochs()
