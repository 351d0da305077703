"""What a file knows of its vectors besides words and values, read when it is first asked for."""

from __future__ import annotations

from pathlib import Path

from w2v.vectors.cache import Stamp
from w2v.vectors.packed_words import PackedWords
from w2v.vectors.provenance import Provenance


class LazyProvenance:
    """Counts and metadata of a vectors file, for `Vectors`: reading them would slow down queries that need neither.

    Args:
        path: the vectors file.
        words: V words that were read from it.
        stamp: the marks of the file before it was read; one that has changed since then knows nothing of these vectors.
        is_part: whether these may be only some of its words.
    """

    def __init__(self, path: Path, words: PackedWords, stamp: Stamp | None, *, is_part: bool = False) -> None:
        self._path, self._words, self._stamp, self._is_part = path, words, stamp, is_part
        self._found: Provenance | None = None

    def __call__(self) -> Provenance:
        """Return what the file knows.

        Raises:
            VectorsError, ModelError: the file is damaged.
        """
        if self._found is None:
            self._found = {}
            if self._stamp is not None and self._stamp.is_current():
                from w2v.vectors.formats import provenance_of

                self._found = provenance_of(self._path, self._words, is_part=self._is_part)
        return self._found
