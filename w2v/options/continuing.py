"""Options for where a run starts, where it is carried out, and what it writes besides the vectors."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from w2v.errors import UsageError
from w2v.options.checks import require, require_choice
from w2v.options.fields import check_types

VOCAB_MODES = ("keep", "extend")
LOCAL = "local"  # cluster
CLUSTER_MERGE_EVERY = 3000  # `merge_every` on a cluster, unless it is given: training must take longer than exchanging


@dataclass(frozen=True)
class RunOptions:
    """What a run starts from, and what it writes besides the vectors.

    Attributes:
        init: model file to continue from; options that are not given are those of the model.
        vocab_mode: what to do with words that the model of `init` doesn't have: `keep` trains only the words of the
            model, with their counts; `extend` adds the new words, and adds all counts to those of the model.
        pretrained: vectors file that the input vectors start from.
        save_model: model file to write.
        save_every: minutes between two writings of the model while training; 0 writes it at the end only.
        resume: resume the interrupted run that wrote `save_model`.
        log: file to write the progress of training to, as lines of JSON.
        cluster: address of a Dask scheduler whose workers train, such as tcp://host:8786, or the name of its scheduler
            file; `local` starts a worker on this machine for each of `threads`. None trains in this process.
        yes: train even if an epoch may take longer than a day, as with the exact softmax and many words, or if memory
            may not suffice.
    """

    init: Path | None = None
    vocab_mode: str = "keep"
    pretrained: Path | None = None
    save_model: Path | None = None
    save_every: float = 10.0
    resume: bool = False
    log: Path | None = None
    cluster: str | None = None
    yes: bool = False

    def __post_init__(self) -> None:
        """Check all values.

        Raises:
            UsageError: a value has another type or is out of range, or options contradict each other.
        """
        check_types(self)
        require_choice("vocab_mode", self.vocab_mode, VOCAB_MODES)
        require(0 <= self.save_every < math.inf, "save_every", self.save_every, "0 or more")
        if self.cluster is not None and not (isinstance(self.cluster, str) and self.cluster.strip()):
            raise UsageError(f"`cluster` must be `{LOCAL}`, an address such as tcp://host:8786 or a scheduler file")
        if self.vocab_mode != "keep" and self.init is None:
            raise UsageError(f"`vocab_mode={self.vocab_mode}` needs a model to start from: `init=FILE`")
        if self.init is not None and self.pretrained is not None:
            raise UsageError("`init` and `pretrained` both say where to start; leave out one of them")
        if self.resume and self.save_model is None:
            raise UsageError("`resume` needs the model file of the interrupted run: `save_model=FILE`")
        if self.resume and self.init is not None and self.init == self.save_model:
            raise UsageError("with `resume`, `init` and `save_model` must be different files")
