"""Known words with the closest spelling to one that is not known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_SEPARATORS = str.maketrans(dict.fromkeys("'\u2019\u02bc-\u2010\u2011", "_"))  # between the parts of a word
_PART = 0.5  # how far a word is from one of its own parts: nearer than any other that is not the same


def closest_spellings(word: str, known: Sequence[str], n: int = 3) -> list[str]:
    """Return up to n known words that have `word` as a part or differ from it in few letters, best first.

    Parts are what stands between apostrophes, hyphens and underscores. Case does not count, so where the same word is
    known in other case, that alone is returned. Of equally close words the one known earlier comes first, since it is
    the more frequent. There are none when none is near.

    Worked example: for "qeen", of ["been", "queen", "green"], "been" and "queen" are one edit away, "green" is two;
    for "york", of ["work", "new_york"], "new_york" comes first.
    """
    target = word.casefold()
    part = f"_{target.translate(_SEPARATORS)}_"
    has_parts = "_" in part[1:-1]
    reach = max(1, len(target) // 3)  # more edits than this make another word of it
    rows = []
    spellings = []
    are_around = []
    for row, other in enumerate(known):
        folded = other.casefold()
        is_around = (has_parts or target in folded) and part in f"_{folded.translate(_SEPARATORS)}_"
        if is_around or abs(len(folded) - len(target)) <= reach:
            rows.append(row)
            spellings.append(folded)
            are_around.append(is_around)
    distances = edit_distances(target, spellings)
    distances = np.where(are_around, np.minimum(distances, _PART), distances)
    order = np.argsort(distances, kind="stable")[:n]
    if len(order) and distances[order[0]] == 0:
        reach = 0
    return [known[rows[place]] for place in order.tolist() if distances[place] <= reach]


def edit_distances(word: str, others: Sequence[str]) -> npt.NDArray[np.int32]:
    """Return how many letters to insert, delete, replace or swap with the next turn `word` into each of `others`.

    Optimal string alignment (Damerau 1964), all `others` at once: a column for each of their letters, shape (others,).
    """
    sizes = np.array([len(other) for other in others], dtype=np.intp)
    letters = _letters(others, sizes)
    longest = len(letters)
    two_back: list[npt.NDArray[np.int32]] = []
    back = [np.full(len(others), column, dtype=np.int32) for column in range(longest + 1)]
    for row, letter in enumerate(map(ord, word), 1):
        current = [np.full(len(others), row, dtype=np.int32)]
        for column in range(1, longest + 1):
            same = letters[column - 1] == letter
            best = np.minimum(np.minimum(back[column], current[column - 1]) + 1, back[column - 1] + ~same)
            if row > 1 and column > 1:
                swapped = (letters[column - 2] == letter) & (letters[column - 1] == ord(word[row - 2]))
                best = np.where(swapped, np.minimum(best, two_back[column - 2] + 1), best)
            current.append(best)
        two_back, back = back, current
    distances: npt.NDArray[np.int32] = np.stack(back)[sizes, np.arange(len(others))]
    return distances


def _letters(words: Sequence[str], sizes: npt.NDArray[np.intp]) -> npt.NDArray[np.uint32]:
    """Return the code points of words, shape (longest, words), zero below the end of each."""
    letters = np.zeros((len(words), int(sizes.max(initial=0))), dtype=np.uint32)
    points = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    letters[np.arange(letters.shape[1]) < sizes[:, None]] = points
    return np.ascontiguousarray(letters.T)
