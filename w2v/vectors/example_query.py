"""A word to try first on new vectors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from w2v.cosines import Rows, row_norms, unit
from w2v.vectors.vectors import Vectors

_KNOWN_WORDS = 3_000  # the most frequent words, which have the best vectors
_CANDIDATES = 150
_STOP_WORDS = 150  # at most; the most frequent words are articles and the like
_NEIGHBOURS = 5
_MOST_LETTERS = 40  # what fits on a line
_LEAST_LETTERS = (4, 2, 1)  # short words are often no words at all, except where all words are short
_NOUNS_HAVE_CAPITALS = 0.25  # share of capitalised words without a small form; German has 0.4, English 0.1

# Words that are very close to each other, but say little; languages have no other mark of them in common.
_NUMBERS = """
two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty hundred thousand million
zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig fünfzig hundert tausend
deux trois quatre cinq sept huit neuf dix onze douze quinze vingt trente cinquante cent mille
dos tres cuatro cinco seis siete ocho nueve diez veinte treinta cien ciento mil
due tre quattro cinque sei sette otto nove dieci venti trenta cento mila
dois duas três quatro sete oito nove dez vinte cem
twee drie vier vijf zes zeven acht negen tien twintig honderd duizend
två tre fyra fem sex sju åtta nio tio tjugo hundra tusen to fire seks syv otte ni ti
dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć sto tysiąc
два две три четыре пять шесть семь восемь девять десять двадцать тридцать сто тысяч
iki üç dört beş altı yedi sekiz dokuz yirmi otuz yüz bin
"""
_STRUCTURE = """
chapter volume section page pages part contents preface footnote illustration appendix index copyright gutenberg project
kapitel band abschnitt seite seiten teil theil inhalt vorwort fußnote anmerkung abbildung
chapitre tome page partie préface note capítulo capitulo página parte capitolo pagina hoofdstuk bladzijde kapitel sida
rozdział strona глава часть том страница bölüm sayfa cilt
"""
_SAYS_LITTLE = frozenset((_NUMBERS + _STRUCTURE).split())


def example_query(vectors: Vectors) -> str | None:
    """Return a frequent content word with near neighbours, such as a day of the week; None if no word is printable.

    Of 150 frequent words that look like content words, takes the one whose 5 nearest neighbours look like content words
    as well and have the greatest mean cosine, times the fourth root of its relative length. Of words of equal
    frequency, those with the more specific meaning have the longer vectors (Schakel and Wilson, "Measuring Word
    Significance Using Distributed Representations of Words", 2015); function words and names have shorter ones.

    Args:
        vectors: V words, most frequent first.

    Example:
        >>> example_query(Vectors(["monday", "tuesday", "apple"], [[1, 0.1], [1, 0], [0, 1]]))
        'monday'
    """
    words = vectors.words[:_KNOWN_WORDS]
    matrix = vectors.matrix[: len(words)]
    norms = row_norms(matrix)
    content = _content_words(words)
    candidates = content[norms[content] > 0][:_CANDIDATES]
    if not len(candidates):
        return next((word for word in words if word and word.isprintable() and len(word) <= _MOST_LETTERS), None)
    # Fewer steps than `similar_batch` takes: this runs at the end of each training.
    units = unit(matrix)
    cosines = units[candidates] @ units.T
    cosines[np.arange(len(candidates)), candidates] = -1
    nearest = np.argpartition(cosines, -min(_NEIGHBOURS, len(words)), axis=1)[:, -_NEIGHBOURS:]
    closeness = np.take_along_axis(cosines, nearest, axis=1).mean(axis=1)
    is_strange = np.ones(len(words), dtype=np.bool_)
    is_strange[content] = False
    scores = closeness * _relative_norms(norms)[candidates] ** 0.25 - 2 * is_strange[nearest].any(axis=1)
    return words[int(candidates[np.argmax(scores)])]


def _content_words(words: Sequence[str]) -> Rows:
    """Return the rows of words that say something, in any language."""
    first = min(_STOP_WORDS, len(words) // 20)
    rows = [row for row in range(first, len(words)) if _is_plain(words[row])]
    known = set(words)
    capitalised = [row for row in rows if words[row].istitle() and words[row].lower() not in known]
    if len(capitalised) > _NOUNS_HAVE_CAPITALS * len(rows):
        rows = capitalised
    else:
        rows = [row for row in rows if words[row] == words[row].lower()]
    chosen = next((long for least in _LEAST_LETTERS if (long := [row for row in rows if len(words[row]) >= least])), [])
    return np.array(chosen, dtype=np.intp)


def _is_plain(word: str) -> bool:
    return word.isalpha() and len(word) <= _MOST_LETTERS and word.lower() not in _SAYS_LITTLE


def _relative_norms(norms: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Return the length of each vector, divided by what is usual for words of its rank."""
    ranks = np.log(np.arange(1, len(norms) + 1))
    lengths = np.log(np.maximum(norms, np.finfo(np.float32).tiny), dtype=np.float64)
    usual = np.polyval(np.polyfit(ranks, lengths, min(2, len(norms) - 1)), ranks)
    relative: npt.NDArray[np.float64] = np.exp(lengths - usual)
    return relative
