"""The texts that are measured: the bundled one, a file, the start of one, and made-up text of any size.

A text is named by a *spec*:

    bundled           corpora/english.txt; bundled:100k is its first 100,000 words
    FILE              a sentence a line, words separated by spaces, plain or compressed
    FILE:4M           the first four million words of it
    zipf:4M:50k       four million made-up words of a vocabulary of 50,000, each at least once, with the frequencies
                      of a language: word r has a share proportional to 1 / (r + 2.7) (Mandelbrot 1953)

Whatever needs work is written once to a folder, by a process of its own, which keeps the measuring process small.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.processes import ROOT, MeasurementError, ask

BUNDLED = "bundled"
_UNITS = {"k": 1_000, "M": 1_000_000, "G": 1_000_000_000}
_WARM_UP_BYTES = 1 << 20
_AT_ONCE = 1_000_000  # words made at a time
_SENTENCE = 20  # words of made-up sentences
_SHIFT = 2.7


@dataclass(frozen=True)
class Corpus:
    """A text as a plain file.

    Attributes:
        spec: its name.
        path: the file.
        warm_up: its first megabyte, to compile code and fill caches on before the clock starts.
        words: number of words.
        bytes: size.
    """

    spec: str
    path: Path
    warm_up: Path
    words: int
    bytes: int

    @property
    def title(self) -> str:
        """The name in tables: no path of this machine."""
        if self.spec.startswith("zipf:"):
            _, words, vocabulary = self.spec.split(":")
            return f"made-up text, {words} words of a vocabulary of {vocabulary}"
        source, _, most = self.spec.partition(":")
        name = "corpora/english.txt" if source == BUNDLED else Path(source).name
        if most:
            name = f"the start of {name}"
        return f"{name}, {self.words:,} words"


def number(text: str) -> int:
    """Return 4,000,000 for "4M", and so on.

    Example:
        >>> number("4M"), number("1.5k"), number("20")
        (4000000, 1500, 20)
    """
    found = re.fullmatch(r"([\d.]+)([kMG]?)", text)
    if found is None:
        raise MeasurementError(f"{text}: not a number such as 20, 50k, 4M or 1G")
    return round(float(found[1]) * _UNITS.get(found[2], 1))


def prepare(spec: str, folder: Path) -> Corpus:
    """Make a corpus ready to be measured, in `folder` unless it is there already."""
    facts = ask("benchmarks.corpora", "make", {"spec": spec, "folder": str(folder)}, {})
    return Corpus(spec, Path(facts["path"]), Path(facts["warm_up"]), facts["words"], facts["bytes"])


def make(spec: str, folder: str) -> dict[str, Any]:
    """Worker: write the text and its start, unless they are there, and count its words."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w.-]+", "-", spec if spec.startswith("zipf:") else spec.rpartition("/")[2])
    path, warm_up = Path(folder, f"{name}.txt"), Path(folder, f"{name}.start")
    counted = Path(folder, f"{name}.words")
    if spec.startswith("zipf:"):
        if not counted.exists():
            _write_zipf(path, *map(number, spec.split(":")[1:]))
    else:
        source, _, most = spec.partition(":")
        path = _unpacked(ROOT / "corpora" / "english.txt" if source == BUNDLED else Path(source), most, path)
    size = path.stat()
    stamp = f"{size.st_size} {size.st_mtime_ns}"
    known = counted.read_text().split("\n") if counted.exists() else [""]
    if known[0] != stamp:
        with path.open("rb") as stream:
            head = stream.read(_WARM_UP_BYTES)
            warm_up.write_bytes(head[: head.rfind(b"\n") + 1] or head)
        with path.open(encoding="utf-8") as lines:
            known = [stamp, str(sum(len(line.split()) for line in lines))]
        counted.write_text("\n".join(known))
    return {"path": str(path), "warm_up": str(warm_up), "words": int(known[1]), "bytes": size.st_size}


def _unpacked(source: Path, most: str, target: Path) -> Path:
    """Return a plain file: the source itself, or what was decompressed and cut."""
    from w2v.compression import decompressed

    newest = source.stat().st_mtime
    if target.exists() and target.stat().st_mtime > newest:
        return target
    with source.open("rb") as stream:
        plain = decompressed(stream)
        if plain is stream and not most:
            return source.resolve()
        partial = target.with_suffix(".partial")
        with partial.open("wb") as unpacked:
            if not most:
                shutil.copyfileobj(plain, unpacked, 1 << 20)
            left = number(most) if most else 0
            while left > 0 and (line := plain.readline()):
                left -= len(line.split())
                unpacked.write(line)
    return partial.replace(target)


def _write_zipf(path: Path, words: int, vocabulary: int) -> None:
    """Write independent words with Zipf's frequencies, 20 a line, each word of the vocabulary at least once."""
    import numpy as np

    random = np.random.default_rng(1)
    ranks = np.arange(vocabulary)
    shares = np.cumsum(1 / (ranks + _SHIFT))
    shares /= shares[-1]
    spellings = np.array([spelling(rank) for rank in ranks.tolist()])
    with path.open("w", encoding="utf-8") as stream:
        left = words
        every = random.permutation(vocabulary)
        while left > 0:
            count = min(left, _AT_ONCE)
            drawn = np.searchsorted(shares, random.random(count))
            once, every = every[: count // 2], every[count // 2 :]
            drawn[1 : 2 * len(once) : 2] = once
            text = spellings[drawn].tolist()
            lines = (" ".join(text[place : place + _SENTENCE]) for place in range(0, count, _SENTENCE))
            stream.writelines(f"{line}\n" for line in lines)
            left -= count


def spelling(rank: int) -> str:
    """Return a word of letters for a rank: frequent ones are short.

    Example:
        >>> spelling(0), spelling(25), spelling(26)
        ('a', 'z', 'aa')
    """
    letters = ""
    rank += 1
    while rank:
        rank, letter = divmod(rank - 1, 26)
        letters = chr(97 + letter) + letters
    return letters
