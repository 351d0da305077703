"""Named sets of measurements: what `python -m benchmarks run --suite NAME` measures, the most important first."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.cpus import CPUS, HOST
from benchmarks.tasks.epochs import TRIED
from benchmarks.tasks.growth import AXES

_GENSIM = ("gensim-corpus-file", "gensim-iterable")
_FORCED = tuple(name for name in CPUS if name != HOST)


@dataclass(frozen=True)
class Job:
    """Some cases of a task for some tools; nothing named means all.

    Attributes:
        task: its name.
        cases: their names.
        tools: their names; those that can't do it are left out.
        cpus: what to compute for; a tool that can't be forced is measured once, as it is.
        forced: the tools that compute for all of these, if not all do; the others are measured as they are.
        repeat: how often, at most.
        corpus: the spec of a text other than that of the run.
    """

    task: str
    cases: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    cpus: tuple[str, ...] = (HOST,)
    forced: tuple[str, ...] = ()
    repeat: int = 3
    corpus: str | None = None


_MAIN = ("sg100", "sg300", "cbow100", "sg100hs", "cbow100hs")
_CURVES = tuple(f"{name}-e{epochs}" for name in ("sg100", "cbow100") for epochs in TRIED)
_OTHER = ("cbow300", "sg300hs", "cbow300hs", "sg100softmax")

SUITES: dict[str, tuple[Job, ...]] = {
    "speed": (
        Job("train", _MAIN, ("w2v", "gensim-corpus-file"), (HOST, *_FORCED), forced=("w2v",)),
        Job("start"),
        Job("rounds"),
        Job("cores"),
        Job("train", ("sg100", "cbow100"), ("gensim-iterable", "fasttext", "floret", "word2vec-c"), repeat=1),
        Job("scan", (), ("w2v", *_GENSIM, "word2vec-c")),
        Job("load"),
        Job("save"),
        Job("queries"),
        Job("analogies"),
        Job("vectors", ("sg100",), ("w2v", "gensim-corpus-file"), repeat=1),  # gensim takes minutes
        Job("phrases", repeat=1),
        Job("classify"),
        Job("labels"),
        Job("encode", repeat=2),
        Job("train", ("sg100", "cbow100"), ("gensim-corpus-file",), _FORCED, repeat=1),
        Job("train", _OTHER, ("w2v", "gensim-corpus-file"), repeat=1),
        Job("facts"),
    ),
    "growth": tuple(Job("growth", tuple(f"{name}={v}" for v in axis.values), ("w2v",)) for name, axis in AXES.items()),
    "cluster": (Job("exchange", repeat=3), Job("cluster-round", repeat=3)),
    "roofline": (Job("roofline", tools=("w2v",)),),
    "quality": (
        Job("epochs", _CURVES, ("w2v", "gensim-corpus-file")),
        Job("epochs", _CURVES, ("fasttext", "word2vec-c"), repeat=1),  # neither takes a seed
        Job("quality", _MAIN, ("w2v", "gensim-corpus-file")),
    ),
}
SUITES["all"] = tuple(job for jobs in list(SUITES.values()) for job in jobs)
# A run that shows whether the harness works, on every tool that is installed; its figures mean nothing.
SUITES["quick"] = (
    Job("scan", repeat=1),
    Job("train", ("sg100",), cpus=(HOST, "haswell"), forced=("w2v",), repeat=1),
    Job("train", ("cbow100hs",), ("w2v", "gensim-corpus-file"), repeat=1),
    Job("rounds", ("sg100-8",), repeat=1),
    Job("cores", ("sg100-farthest",), repeat=1),
    Job("vectors", ("cbow100",), ("w2v", "gensim-corpus-file"), repeat=1),
    *(Job(task, repeat=1) for task in ("load", "save", "queries", "analogies", "phrases", "labels", "encode")),
    Job("classify", ("pairs",), repeat=1),
    Job("facts", ("topics",), repeat=1),
    Job("start", ("help", "similar", "update"), repeat=1),
    Job("quality", ("cbow100",), ("w2v",), repeat=1),
    Job("epochs", ("cbow100-e1",), ("w2v",), repeat=1),
    Job("growth", ("dim=25",), ("w2v",), repeat=1, corpus="zipf:50k:2k"),
    Job("roofline", ("sg100",), repeat=1, corpus="zipf:50k:2k"),
    Job("exchange", ("ns-600",), repeat=1, corpus="zipf:50k:2k"),
    Job("cluster-round", repeat=1, corpus="zipf:50k:2k"),
)
