"""Where a training run starts, and what it leaves."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from w2v.errors import UsageError
from w2v.options.checks import require, require_choice
from w2v.options.fields import check_types

VOCAB_MODES = ("keep", "extend")


@dataclass(frozen=True)
class RunOptions:
    """Where a run starts, and what it leaves beside the vectors.

    Attributes:
        init: model file to start from; options that are not given are those of the model.
        vocab_mode: of the words of the text that the model of `init` doesn't have: `keep` trains the model's words
            only, with their counts; `extend` adds new words, and adds their counts to those of the model.
        pretrained: vectors file to start the input vectors from.
        save_model: model file to write.
        save_every: minutes between two writings of it while training; 0 writes it at the end only.
        resume: go on with the run of `save_model`, if that was interrupted.
        log: file to tell how training goes.
        yes: train even if one epoch may take longer than a day, as the exact softmax does with many words.
    """

    init: Path | None = None
    vocab_mode: str = "keep"
    pretrained: Path | None = None
    save_model: Path | None = None
    save_every: float = 10.0
    resume: bool = False
    log: Path | None = None
    yes: bool = False

    def __post_init__(self) -> None:
        """Refuse what can't be used, naming the option.

        Raises:
            UsageError: an option is of another type or out of range, or options contradict each other.
        """
        check_types(self)
        require_choice("vocab_mode", self.vocab_mode, VOCAB_MODES)
        require(0 <= self.save_every < math.inf, "save_every", self.save_every, "0 or more")
        if self.vocab_mode != "keep" and self.init is None:
            raise UsageError(f"`vocab_mode={self.vocab_mode}` needs a model to start from: `init=FILE`")
        if self.init is not None and self.pretrained is not None:
            raise UsageError("`init` and `pretrained` both say where to start; leave out one of them")
        if self.resume and self.save_model is None:
            raise UsageError("`resume` needs the model file of the interrupted run: `save_model=FILE`")
        if self.resume and self.init is not None and self.init == self.save_model:
            raise UsageError("with `resume`, `init` and `save_model` must be different files")
