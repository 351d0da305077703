"""What is measured: the configurations, the settings of one comparison, and one measurement."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MIN_COUNT, WINDOW, NEGATIVE = 5, 5, 5
PHRASE_THRESHOLD = 10.0  # gensim's default
PARTS = ("train", "read", "end-to-end", "io", "phrases", "quality", "evaluate")
NEED_EVAL_DIR = ("quality", "evaluate")
GENSIM_INPUTS = ("corpus_file", "iterable")
PAIR_FILES = {"wordsim353": "wordsim353.tsv", "simlex999": "simlex999.txt"}
ANALOGY_FILE = "questions-words.txt"
EVALUATED_WORDS = 30_000


@dataclass(frozen=True)
class Configuration:
    """One model, the same for both tools; the command line and file names use its `name`."""

    name: str
    model: str
    dim: int
    sample: float
    loss: str = "ns"

    @property
    def title(self) -> str:
        """The name in tables."""
        model = {"skipgram": "skip-gram", "cbow": "CBOW"}[self.model]
        mantissa, exponent = f"{self.sample:.0e}".split("e")
        loss = {"ns": "", "hs": ", hierarchical softmax"}[self.loss]
        return f"{model}{loss}, d = {self.dim}, sample {mantissa}e{int(exponent)}"


CONFIGURATIONS = {
    configuration.name: configuration
    for configuration in (
        Configuration("sg100", "skipgram", 100, 1e-3),
        Configuration("cbow100", "cbow", 100, 1e-3),
        Configuration("sg300", "skipgram", 300, 1e-4),
        Configuration("sg100hs", "skipgram", 100, 1e-3, "hs"),
        Configuration("cbow100hs", "cbow", 100, 1e-3, "hs"),
    )
}


@dataclass(frozen=True)
class Settings:
    """One comparison.

    Attributes:
        corpus: plain text, a sentence a line.
        words: its number of words.
        warm_up: a short head of the corpus, to compile code and fill caches on before the clock starts.
        folder: for all output.
        baselines: folder for gensim's vectors, which quality reuses.
        threads: threads of either tool.
        repeat: measurements of each kind.
        seeds: models trained for quality, with seeds 1, 2, ...
        epochs: passes over the text, end to end and for quality; train measures one.
        configurations: what is trained.
        gensim_inputs: the input modes of gensim to measure.
        eval_dir: folder with the evaluation files.
    """

    corpus: Path
    words: int
    warm_up: Path
    folder: Path
    baselines: Path
    threads: int
    repeat: int
    seeds: int
    epochs: int
    configurations: tuple[Configuration, ...]
    gensim_inputs: tuple[str, ...]
    eval_dir: Path | None


@dataclass(frozen=True)
class Measurement:
    """The result of one run.

    Attributes:
        part: one of PARTS.
        subject: what was measured: the name of a configuration, or of the part if it has one subject only.
        contender: the tool, and how it was used.
        repeat: run number, from 1; for quality, the seed.
        values: figures by name, in seconds, bytes, words a second, or correlation and accuracy from 0 to 1.
    """

    part: str
    subject: str
    contender: str
    repeat: int
    values: dict[str, float]
