"""Known words, or names of options, whose spelling is closest to one that is not known: "did you mean ...?"."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_SEPARATORS = str.maketrans(dict.fromkeys("'\u2019\u02bc-\u2010\u2011 \u00a0", "_"))  # between the parts of a word
_PART = 0.5  # the distance of a word to its own parts: less than to any other word that is not the same


def closest_spellings(word: str, known: Sequence[str], n: int = 3) -> list[str]:
    """Return up to n known words that have `word` as a part or differ from it in few letters, best first.

    Apostrophes, hyphens, underscores and spaces separate parts. Case does not count: if the same word is known in
    another case, only that is returned. Of equally close words the earlier one comes first, since it is more frequent.
    The list is empty if no known word is close.

    Example:
        >>> closest_spellings("qeen", ["been", "queen", "green"])  # "green" is two edits away, and one is allowed
        ['been', 'queen']
        >>> closest_spellings("york", ["work", "new_york"])
        ['new_york', 'work']
    """
    target = word.casefold()
    part = f"_{target.translate(_SEPARATORS)}_"
    has_parts = "_" in part[1:-1]
    reach = max(1, len(target) // 3)  # with more edits it is another word
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
    if not rows:  # as for a word of a million letters
        return []
    distances = edit_distances(target, spellings)
    distances = np.where(are_around, np.minimum(distances, _PART), distances)
    order = np.argsort(distances, kind="stable")[:n]
    if len(order) and distances[order[0]] == 0:
        reach = 0
    return [known[rows[place]] for place in order.tolist() if distances[place] <= reach]


def edit_distances(word: str, others: Sequence[str]) -> npt.NDArray[np.int32]:
    """Return the number of edits that turn `word` into each of `others`, shape (others,).

    An edit inserts, deletes or replaces a letter, or swaps two neighbouring ones: optimal string alignment (Damerau
    1964). All `others` are compared at once: one column of shape (others,) for each of their letters.

    Example:
        >>> edit_distances("qeen", ["queen", "green", "eqen"]).tolist()
        [1, 2, 1]
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
