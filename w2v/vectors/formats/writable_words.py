"""Words checked before they are written, in whatever format."""

from __future__ import annotations

import numpy as np

from w2v.errors import VectorsError
from w2v.options.encoding import EncodingOptions
from w2v.vectors.formats.decoding import are_utf8
from w2v.vectors.formats.tokens import shown_word
from w2v.vectors.packed_words import PackedWords


def writable_words(words: PackedWords, encoding_errors: str) -> PackedWords:
    """Return V words as bytes to write, after checks that hold for every format.

    Args:
        words: the words.
        encoding_errors: `surrogateescape` takes a character from U+DC80 to U+DCFF for the byte that it stands for.

    Raises:
        UsageError: `encoding_errors` has no such value.
        VectorsError: a word is empty, occurs twice, or is no valid Unicode.
    """
    EncodingOptions(encoding_errors=encoding_errors)
    if not np.diff(words.bounds).all():
        row = int(np.argmin(np.diff(words.bounds)))
        raise VectorsError(f"the word '' in row {row} is empty and can't be saved")
    if not are_utf8(words):
        words = PackedWords.joined([_bytes_of(words, row, encoding_errors) for row in range(len(words))])
    kept = words.first_of_each()
    if kept is not None:
        row = int(np.setdiff1d(np.arange(len(words)), kept)[0])
        raise VectorsError(
            f"the word {shown_word(words.encoded(row))} occurs twice and can't be saved; keep the first vector of each"
            " word with vectors.select(vectors.words)"
        )
    return words


def _bytes_of(words: PackedWords, row: int, encoding_errors: str) -> bytes:
    encoded = words.encoded(row)
    try:
        encoded.decode()
    except UnicodeDecodeError:
        try:
            raw = words[row].encode(errors="surrogateescape")
        except UnicodeError:  # another surrogate, which stands for no byte
            raw, advice = b"", ""
        else:
            advice = "; use `encoding_errors=surrogateescape` to write the bytes that it was read from"
        if raw and encoding_errors == "surrogateescape":
            return raw
        raise VectorsError(f"the word {shown_word(encoded)} is no valid Unicode and can't be saved{advice}") from None
    return encoded
