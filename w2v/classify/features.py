"""What a classifier sees of a text: its words and, if asked for, runs of words, each with a weight.

A text is a bag of features. A feature that occurs t times in the text, and in m of n training texts, has the weight

    (1 + ln t) idf,        idf = 1 + ln((1 + n) / (1 + m))          (Salton and Buckley 1988)

and all weights of a text are divided by their length as a vector, so that long texts count as much as short ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.documents.token_rows import TokenRows, joined_lines, line_blocks
from w2v.errors import VocabularyError
from w2v.hashing import GOLDEN, GOLDEN_SECOND
from w2v.networks import Bags
from w2v.options import CorpusOptions

Keys = npt.NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Features:
    """The features that a classifier knows.

    A word has the row of its place in `words`; a run of words, the row of its place in `runs` behind them.

    Attributes:
        options: how text becomes tokens.
        words: the words.
        runs: the hashes of runs of words, ascending.
        longest: words in a run, at most.
        idf: (rows,) float32, how much a feature counts.
    """

    options: CorpusOptions
    words: list[str]
    runs: Keys
    longest: int
    idf: npt.NDArray[np.float32]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.idf)

    def reader(self) -> FeatureReader:
        """Return what finds the features of texts. Each thread needs its own."""
        return FeatureReader(self)


class FeatureReader:
    """Finds the features of texts."""

    def __init__(self, features: Features) -> None:
        self._features = features
        self._tokens = TokenRows(features.options, features.words)

    def bags(self, lines: bytes) -> Bags:
        """Return the features of each line with their weights; unknown words, and runs with one, are left out."""
        words = self._tokens.bags(lines)
        return _weighed(_rows_of(words, self._features), self._features.idf)


def run_names(features: Features, text: str) -> dict[int, str]:
    """Return the features of a text by their rows: words, and runs of words with spaces between."""
    words = TokenRows(features.options, features.words).bags(joined_lines([text]))
    rows = words.rows.tolist()
    names = {row: features.words[row] for row in rows if row < len(features.words)}
    for length in range(2, features.longest + 1):
        for start in range(len(rows) - length + 1):
            part = rows[start : start + length]
            found = _rows_of(Bags.of([part]), replace(features, longest=length)).rows
            for row in found[found >= len(features.words)].tolist():
                names.setdefault(row, " ".join(features.words[word] for word in part if word < len(features.words)))
    return names


def find_features(
    texts: Iterable[str], options: CorpusOptions, *, longest: int, min_count: int
) -> tuple[Features, Bags]:
    """Return the features of the training texts, and the bags of these texts.

    Args:
        texts: the training texts, read once.
        options: how text becomes tokens.
        longest: words in a run, at most; 1 for no runs.
        min_count: leave out features that occur in fewer texts. Runs that occur in one text only are always left out:
            they tell nothing about another one.

    Raises:
        VocabularyError: no word is left.
    """
    tokens = TokenRows(options, keeps_new=True)
    read = _concatenated([tokens.bags(lines) for lines in line_blocks(texts)])
    words = tokens.words
    kept = _document_counts(read, len(words)) >= min_count
    if not kept.any():
        raise VocabularyError("the texts have no words; give other texts, or a lower `min_count`")
    places = np.where(kept, np.cumsum(kept) - 1, np.int64(kept.sum()))  # the rows of words that are left out come last
    read = Bags(places[read.rows], read.bounds)
    chosen = [word for word, keep in zip(words, kept.tolist(), strict=True) if keep]
    runs = np.empty(0, np.uint64)
    if longest > 1:
        keys, bag_of = _runs(read, len(chosen), longest)
        order = np.lexsort((bag_of, keys))
        keys, bag_of = keys[order], bag_of[order]
        again = (keys[1:] == keys[:-1]) & (bag_of[1:] == bag_of[:-1])
        runs, counts = _counted(np.delete(keys, np.flatnonzero(again) + 1))  # once for each text
        runs = runs[counts >= max(2, min_count)]
    unweighted = Features(options, chosen, runs, longest, np.ones(len(chosen) + len(runs), np.float32))
    rows = _rows_of(read, unweighted)
    counts = _document_counts(rows, len(unweighted))
    idf = (1 + np.log((1 + len(read)) / (1 + counts))).astype(np.float32)
    return replace(unweighted, idf=idf), _weighed(rows, idf)


def _rows_of(words: Bags, features: Features) -> Bags:
    """Return the rows of known words and of known runs, in bags."""
    known = len(features.words)
    bag_of = _bag_of(words)
    inside = words.rows < known
    rows, bags = words.rows[inside].astype(np.int64), bag_of[inside]
    if features.longest > 1 and len(features.runs):
        keys, run_bags = _runs(words, known, features.longest)
        places = np.minimum(np.searchsorted(features.runs, keys), len(features.runs) - 1)
        found = features.runs[places] == keys
        rows = np.concatenate([rows, known + places[found]])
        bags = np.concatenate([bags, run_bags[found]])
        order = np.argsort(bags, kind="stable")
        rows, bags = rows[order], bags[order]
    return Bags(rows, _bounds(bags, len(words)))


def _runs(words: Bags, known: int, longest: int) -> tuple[Keys, npt.NDArray[np.int64]]:
    """Return the hash of each run of two to `longest` known words, and the bag it is in."""
    bag_of = _bag_of(words)
    hashes = (words.rows.astype(np.uint64) + np.uint64(1)) * np.uint64(GOLDEN)
    outside = words.rows >= known
    keys, bags = [], []
    run, broken = hashes, outside
    for length in range(2, longest + 1):
        run = (run[:-1] ^ run[:-1] >> np.uint64(29)) * np.uint64(GOLDEN_SECOND) + hashes[length - 1 :]
        broken = broken[:-1] | outside[length - 1 :]
        whole = ~broken & (bag_of[: len(run)] == bag_of[length - 1 :])
        keys.append(run[whole])
        bags.append(bag_of[: len(run)][whole])
    return np.concatenate(keys), np.concatenate(bags)


def _weighed(rows: Bags, idf: npt.NDArray[np.float32]) -> Bags:
    """Return bags that hold each feature once, with its weight."""
    width = np.int64(max(1, len(idf)))
    keys, times = _counted(np.sort(_bag_of(rows) * width + rows.rows))
    bags, features = keys // width, keys % width
    weights = (1 + np.log(times)) * idf[features]
    lengths = np.sqrt(np.bincount(bags, weights * weights, minlength=len(rows)))
    shares = (weights / lengths[bags]).astype(np.float32)
    return Bags(features.astype(np.int32), _bounds(bags, len(rows)), shares)


def _document_counts(bags: Bags, rows: int) -> npt.NDArray[np.int64]:
    """Return in how many bags each row is, (rows,)."""
    keys, _ = _counted(np.sort(_bag_of(bags) * np.int64(rows + 1) + bags.rows))
    counts: npt.NDArray[np.int64] = np.bincount(keys % (rows + 1), minlength=rows)[:rows]
    return counts


def _counted(keys: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[np.int64]]:
    """Return the different ones of ascending keys, and how often each occurs; NumPy's unique is slow on such keys."""
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if len(keys) else np.empty(0, np.int64)
    return keys[starts], np.diff(starts, append=len(keys))


def _bag_of(bags: Bags) -> npt.NDArray[np.int64]:
    return np.repeat(np.arange(len(bags)), np.diff(bags.bounds))


def _bounds(bag_of: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.int64]:
    bounds = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(bag_of, minlength=count), out=bounds[1:])
    return bounds


def _concatenated(parts: list[Bags]) -> Bags:
    sizes = np.concatenate([np.zeros(1, np.int64), *(np.diff(part.bounds) for part in parts)])
    return Bags(np.concatenate([np.empty(0, np.int32), *(part.rows for part in parts)]), np.cumsum(sizes))
