"""Quality after one, two and five epochs: what does a second of training bring?"""

from __future__ import annotations

from collections.abc import Iterable

from benchmarks.models import MODELS
from benchmarks.task import Case
from benchmarks.tasks.quality import Quality

TRIED = (1, 2, 5)


class Epochs(Quality):
    """The same as the task quality, for the chart of speed beside quality."""

    name, title, place = "epochs", "Quality by epochs", 101
    note = "The mean of the seeds (and each seed), scored as above. fastText and word2vec.c take no seed."

    def cases(self) -> Iterable[Case]:
        """Return both models, each with several numbers of epochs."""
        return [
            Case(f"{name}-e{epochs}", f"{MODELS[name].title}, epochs: {epochs}", MODELS[name].request(epochs=epochs))
            for name in ("sg100", "cbow100")
            for epochs in TRIED
        ]


TASK = Epochs()
