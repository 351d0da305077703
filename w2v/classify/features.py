"""What a classifier sees of a text: its words and, if asked for, word n-grams, each with a weight.

A text is a bag of features. A feature that occurs t times in the text, and in m of n training texts, has the weight

    (1 + ln t) idf,        idf = 1 + ln((1 + n) / (1 + m))          (Salton and Buckley 1988)

and all weights of a text are divided by their length as a vector, so that long texts count as much as short ones. This
is `tfidf`. With `share`, the weight is its share t / (number of features in the text), times idf and a constant that
makes the weights as long on average. It is linear in the share, as numbers such as a mean over words are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from w2v.classify.ngrams import Keys, NgramTable, frequent_ngrams, ngram_hash
from w2v.documents.bag_counts import document_counts, weighed
from w2v.documents.token_rows import TokenRows, joined_lines, line_blocks
from w2v.errors import VocabularyError
from w2v.networks import Bags
from w2v.networks.row_sums import TableBags
from w2v.options import CorpusOptions


@dataclass(frozen=True, eq=False)
class Features:
    """The features that a classifier knows.

    A word has the row of its place in `words`; a word n-gram, the row of its place in `ngrams` behind them.

    Attributes:
        options: how text becomes tokens.
        words: the words.
        ngrams: the hashes of word n-grams, ascending.
        longest: words in an n-gram, at most.
        idf: (rows,) float32, how much a feature counts.
        weighting: `tfidf` or `share`.
    """

    options: CorpusOptions
    words: list[str]
    ngrams: Keys
    longest: int
    idf: npt.NDArray[np.float32]
    weighting: str = "tfidf"

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.idf)

    def reader(self) -> FeatureReader:
        """Return what finds the features of texts. Threads may share it."""
        return FeatureReader(self)


class FeatureReader:
    """Finds the features of texts."""

    def __init__(self, features: Features) -> None:
        self._features = features
        self._tokens = TokenRows(features.options, features.words)
        self._ngrams = NgramTable(features.ngrams, len(features.words), features.longest)

    def bags(self, lines: bytes) -> Bags:
        """Return the features of each line with their weights; unknown words, and n-grams with one, are left out."""
        features = self._features
        rows = self._ngrams.rows(self._tokens.bags(lines))
        return weighed(rows, features.idf, as_shares=features.weighting == "share")


def feature_names(features: Features, text: str) -> dict[int, str]:
    """Return the features of a text by their rows: words, and word n-grams with spaces between."""
    known, places = len(features.words), {key: place for place, key in enumerate(features.ngrams.tolist())}
    words = TokenRows(features.options, features.words).bags(joined_lines([text])).rows.tolist()
    names = {}
    for length in range(1, features.longest + 1):
        for part in zip(*(words[start:] for start in range(length)), strict=False):
            if max(part) < known:
                row = part[0] if length == 1 else known + places.get(ngram_hash(part), -known - 1)
                names[row] = " ".join(features.words[word] for word in part)
    return names


def find_features(
    texts: Iterable[str],
    options: CorpusOptions,
    *,
    longest: int,
    min_count: int,
    weighting: str = "tfidf",
    held: Iterable[str] = (),
) -> tuple[Features, Bags]:
    """Return the features of the training texts, and the bags of all texts.

    Args:
        texts: the training texts, read once.
        options: how text becomes tokens.
        longest: words in an n-gram, at most; 1 for no n-grams.
        min_count: leave out features that occur in fewer texts. N-grams that occur in one text only are always left
            out: they tell nothing about another one.
        weighting: `tfidf` or `share`.
        held: validation texts, which have no say in what is a feature; their bags are the last ones.

    Raises:
        VocabularyError: no word is left.
    """
    tokens = TokenRows(options, keeps_new=True)
    read = _concatenated([tokens.bags(lines) for lines in line_blocks(texts)])
    words = tokens.words
    kept = document_counts(read, len(words)) >= min_count
    if not kept.any():
        raise VocabularyError("the texts have no words; give other texts, or a lower `min_count`")
    places = np.where(kept, np.cumsum(kept) - 1, np.int64(kept.sum()))  # the rows of words that are left out come last
    read = Bags(places[read.rows], read.bounds)
    chosen = [word for word, keep in zip(words, kept.tolist(), strict=True) if keep]
    ngrams = np.empty(0, np.uint64) if longest == 1 else frequent_ngrams(read, len(chosen), longest, max(2, min_count))
    rows = NgramTable(ngrams, len(chosen), longest).rows(read)
    counts = document_counts(rows, len(chosen) + len(ngrams))
    idf = (1 + np.log((1 + len(read)) / (1 + counts))).astype(np.float32)
    bags: Bags = weighed(rows, idf, as_shares=weighting == "share")
    if weighting == "share":
        scale = np.float32(np.sqrt(len(bags) / np.sum(np.square(bags.shares), dtype=np.float64)))
        idf, bags = idf * scale, TableBags(bags.rows, bags.bounds, bags.shares * scale)
    features = Features(options, chosen, ngrams, longest, idf, weighting)
    reader = features.reader()
    return features, _concatenated([bags, *(reader.bags(lines) for lines in line_blocks(held))])


def _concatenated(parts: list[Bags]) -> Bags:
    sizes = np.concatenate([np.zeros(1, np.int64), *(np.diff(part.bounds) for part in parts)])
    rows = np.concatenate([np.empty(0, np.int32), *(part.rows for part in parts)])
    weights = [part.weights for part in parts if part.weights is not None]
    return TableBags(rows, np.cumsum(sizes), np.concatenate(weights)) if weights else Bags(rows, np.cumsum(sizes))
