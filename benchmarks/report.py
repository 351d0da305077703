"""Measurements -> Markdown, as in docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import mean, median
from typing import Any

from benchmarks.parts import W2V, W2V_COLD
from benchmarks.plan import CONFIGURATIONS, EVALUATED_WORDS, NEGATIVE, WINDOW, Measurement, Settings

_SCORES = {"wordsim353": "WordSim-353", "simlex999": "SimLex-999", "analogies": "Google analogies"}


def conditions(settings: Settings, machine: dict[str, Any]) -> str:
    """Return two lines that describe the machine, the corpus and the measurements."""
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    forced = "".join(f", {name}={value}" for name, value in machine["numba_settings"].items())
    return (
        f"{machine['cpu']}, {machine['cores']} cores, {machine['simd']}{forced}; {machine['system']}; "
        f"Python {machine['python']}, {packages}.\n"
        f"Corpus: {settings.words:,} words. Window {WINDOW}, {NEGATIVE} negative samples, {settings.threads} threads. "
        f"The tools took turns, each measurement in a fresh process; medians, with the minimum and maximum in brackets."
    )


def table(part: str, measurements: Sequence[Measurement], settings: Settings) -> str:
    """Return one part's measurements as a title, a table and a note."""
    chosen = [measurement for measurement in measurements if measurement.part == part]
    if part == "train":
        return _speeds("Training only, one epoch, million words a second", chosen)
    if part == "read":
        return _speeds("Reading and counting, million words a second", chosen)
    if part == "end-to-end":
        return _commands(chosen, settings.epochs)
    if part == "io":
        return _files(chosen)
    if part == "phrases":
        return _phrases(chosen)
    if part == "evaluate":
        return _evaluation(chosen)
    return _quality(chosen, settings.epochs, settings.seeds)


def _speeds(title: str, measurements: Sequence[Measurement]) -> str:
    contenders = _distinct(measurements, lambda m: m.contender)
    rows = []
    for subject in _distinct(measurements, lambda m: m.subject):
        speeds = {contender: _values(measurements, subject, contender, "words_per_second") for contender in contenders}
        fastest_other = max(median(values) for contender, values in speeds.items() if contender != W2V)
        title_of_row = CONFIGURATIONS[subject].title if subject in CONFIGURATIONS else "whole text"
        rows.append(
            [
                title_of_row,
                *(spread(speeds[name], 1e-6) for name in contenders),
                _ratio(median(speeds[W2V]), fastest_other),
            ]
        )
    compiled = [int(m.values["compiled"]) for m in measurements if m.contender == W2V]
    cache = (
        f"Numba's cache was warm: no function was compiled in {len(compiled)} processes of w2v."
        if not any(compiled)
        else f"Numba's cache was cold in {sum(map(bool, compiled))} of {len(compiled)} processes of w2v; "
        f"each compiled before its clock started."
    )
    return _section(title, ["", *contenders, "ratio"], rows, cache)


def _commands(measurements: Sequence[Measurement], epochs: int) -> str:
    contenders = _distinct(measurements, lambda m: m.contender)
    subject = measurements[0].subject
    seconds = {name: _values(measurements, subject, name, "seconds") for name in contenders}
    fastest_other = min(median(values) for name, values in seconds.items() if name not in (W2V, W2V_COLD))
    rows = []
    for name in contenders:
        speeds, peaks = (_values(measurements, subject, name, key) for key in ("words_per_second", "peak_bytes"))
        ratio = _ratio(fastest_other, median(seconds[name])) if name in (W2V, W2V_COLD) else ""
        rows.append([name, spread(seconds[name]), spread(speeds, 1e-6), spread(peaks, 1e-6, 0), ratio])
    return _section(
        f"Whole command, {CONFIGURATIONS[subject].title}, {epochs} epochs, from start to saved file",
        ["", "seconds", "million words a second", "peak memory, MB", "ratio of time"],
        rows,
        f"`{W2V}` finds its compiled code in Numba's cache; `{W2V_COLD}` compiles it all.",
    )


def _files(measurements: Sequence[Measurement]) -> str:
    rows = []
    for label, key in (("load", "load_seconds"), ("load again", "load_again_seconds"), ("save", "save_seconds")):
        ours, theirs = (_values(measurements, "vectors", name, key) for name in (W2V, "gensim"))
        rows.append([label, spread(ours), spread(theirs), _ratio(median(theirs), median(ours))])
    size = measurements[0].values["file_bytes"] / 1e6
    return _section(f"Vectors as text, a file of {size:.0f} MB, seconds", ["", W2V, "gensim", "ratio"], rows)


def _phrases(measurements: Sequence[Measurement]) -> str:
    contenders = (W2V, "gensim")
    seconds, peaks, texts = (
        [_values(measurements, "phrases", name, key) for name in contenders]
        for key in ("seconds", "peak_bytes", "crc32")
    )
    rows = [
        [contenders[i], spread(seconds[i]), spread(peaks[i], 1e-6, 0), _ratio(median(seconds[1]), median(seconds[i]))]
        for i in range(2)
    ]
    rows[1][3] = ""
    same = len({text for found in texts for text in found}) == 1
    return _section(
        "Phrases found and joined, whole command",
        ["", "seconds", "peak memory, MB", "ratio of time"],
        rows,
        "gensim: `Phrases`, `FrozenPhrases`, and each sentence written. "
        + ("Both wrote the same text, byte for byte." if same else "**The texts differ.**"),
    )


def _evaluation(measurements: Sequence[Measurement]) -> str:
    ours, theirs = (_values(measurements, "analogies", name, "seconds") for name in (W2V, "gensim"))
    accuracies = [f"{mean(_values(measurements, 'analogies', name, 'accuracy')):.4f}" for name in (W2V, "gensim")]
    questions = int(measurements[0].values["questions"])
    return _section(
        f"Answering {questions:,} analogies over {EVALUATED_WORDS:,} words, seconds",
        ["", W2V, "gensim", "ratio"],
        [["time", spread(ours), spread(theirs), _ratio(median(theirs), median(ours))], ["accuracy", *accuracies, ""]],
    )


def _quality(measurements: Sequence[Measurement], epochs: int, seeds: int) -> str:
    rows = []
    for subject in _distinct(measurements, lambda m: m.subject):
        means = {}
        for name in (W2V, "gensim"):
            scores = {key: _values(measurements, subject, name, key) for key in _SCORES}
            means[name] = {key: mean(values) for key, values in scores.items()}
            cells = [f"{mean(values):.3f} ({', '.join(f'{v:.3f}' for v in values)})" for values in scores.values()]
            rows.append([CONFIGURATIONS[subject].title, name, *cells])
        rows.append(["", "difference", *(f"{means[W2V][key] - means['gensim'][key]:+.3f}" for key in _SCORES)])
    return _section(
        f"Quality after {epochs} epochs, mean of {seeds} seeds (each seed)",
        ["", "", *_SCORES.values()],
        rows,
        "Word pairs: Spearman's rho. Analogies: share of right answers, 30,000 most frequent words. "
        "Both tools with their default learning rates, scored by `w2v.evaluation`.",
    )


def _values(measurements: Sequence[Measurement], subject: str, contender: str, key: str) -> list[float]:
    return [m.values[key] for m in measurements if (m.subject, m.contender) == (subject, contender)]


def _distinct(measurements: Sequence[Measurement], key: Callable[[Measurement], str]) -> list[str]:
    return list(dict.fromkeys(map(key, measurements)))


def spread(values: Sequence[float], unit: float = 1, digits: int = 2) -> str:
    """Return the median, with the minimum and maximum in brackets if there are several values."""
    low, middle, high = (f"{value * unit:.{digits}f}" for value in (min(values), median(values), max(values)))
    return middle if len(values) == 1 else f"{middle} ({low}–{high})"


def _ratio(larger: float, smaller: float) -> str:
    return f"**{larger / smaller:.1f} x**"


def _section(title: str, header: Sequence[str], rows: Sequence[Sequence[str]], note: str = "") -> str:
    lines = [header, ["--:" if name else ":--" for name in header], *rows]
    body = "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
    return f"**{title}**\n\n{body}\n" + (f"\n{note}\n" if note else "")
