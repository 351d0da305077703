"""One run of the harness: its texts, its folders, and the environment of what is measured."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.corpora import Corpus, prepare
from benchmarks.models import MODELS
from benchmarks.processes import ROOT, MeasurementError, ask, run
from benchmarks.registry import tools
from benchmarks.task import Case
from benchmarks.tool import Tool

QUESTIONS = "questions-words.txt"
PAIR_FILES = {"wordsim353": "wordsim353.tsv", "simlex999": "simlex999.txt"}


@dataclass
class Bench:
    """What all measurements of a run share.

    Attributes:
        corpus: the text, unless a case has one of its own.
        folder: for everything that is written.
        threads: of each tool.
        evaluation: folder with word pairs and analogies; without it, the analogies of the bundled corpus are asked.
        labelled: files of labelled texts, to train a classifier on and to test it.
        quick: whether the run only shows that the harness works, on small texts.
    """

    corpus: Corpus
    folder: Path
    threads: int = 2
    evaluation: Path | None = None
    labelled: tuple[Path, Path] | None = None
    quick: bool = False
    _corpora: dict[str, Corpus] = field(default_factory=dict)
    _made: dict[str, dict[str, Any]] = field(default_factory=dict)

    def corpus_of(self, case: Case) -> Corpus:
        """Return the text of a case."""
        if case.corpus is None:
            return self.corpus
        if case.corpus not in self._corpora:
            self._corpora[case.corpus] = prepare(case.corpus, self.folder / "corpora")
        return self._corpora[case.corpus]

    def texts(self, case: Case) -> dict[str, str]:
        """Return the text of a case and the start of it that is trained first, as arguments of actions."""
        corpus = self.corpus_of(case)
        return {"corpus": str(corpus.path), "warm_up": str(corpus.warm_up)}

    def environment(self, tool: Tool, cpu: str) -> dict[str, str]:
        """Return what a process of the tool needs to compute for a CPU, with caches that only this harness uses.

        Raises:
            MeasurementError: the tool can't compute for it.
        """
        forced = tool.forced(cpu)
        if forced is None:
            raise MeasurementError(f"{tool.title} can't be made to compute for {cpu}")
        own = {"NUMBA_CACHE_DIR": f"numba-{cpu}", "W2V_CACHE_DIR": "copies"}
        if self.quick:  # its figures mean nothing, so it may use what was compiled anywhere
            del own["NUMBA_CACHE_DIR"]
        return {**{name: str(self.folder / place) for name, place in own.items()}, "W2V_CACHE_LIMIT": "1T", **forced}

    @property
    def questions(self) -> Path:
        """The file of analogies."""
        if self.evaluation is None:
            return ROOT / "corpora" / "english-questions.txt"
        return self.evaluation / QUESTIONS

    def output(self, name: str) -> Path:
        """Return a path for what a tool writes; the next measurement may overwrite it."""
        outputs = self.folder / "outputs"
        outputs.mkdir(parents=True, exist_ok=True)
        return outputs / name

    def vectors(self) -> Path:
        """Return a text file of vectors, which w2v trained on the corpus for one epoch."""
        path = self.output(f"{self.corpus.path.name}.vectors.txt")
        if not path.exists() or path.stat().st_mtime < self.corpus.path.stat().st_mtime:
            options = MODELS["sg100"].request(epochs=1, threads=self.threads, seed=1)
            tool = tools()["w2v"]
            request = {"corpus": str(self.corpus.path), "output": str(path), **options}
            run(tool.command("vectors", request), self.environment(tool, "host"))
        return path

    def made(self, action: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Let a process of its own make an input for a task, once in a run; return what it says about it."""
        key = json.dumps([action, request], sort_keys=True)
        if key not in self._made:
            self._made[key] = self.asked(action, request)
        return self._made[key]

    def asked(self, action: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a function of `benchmarks/inputs.py` says in a process of its own."""
        environment = self.environment(tools()["w2v"], "host")
        return ask("benchmarks.inputs", action, {**request, "folder": str(self.folder / "corpora")}, environment)
