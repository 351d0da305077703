"""Words of a file as text: decoded as the options say, and checked in every format when they are read."""

from __future__ import annotations

from w2v.options.encoding import EncodingOptions
from w2v.vectors.packed_words import PackedWords


class BadWordError(ValueError):
    """A word that is empty, or wrong in its encoding: the text says which, and `row` where it is, from 0."""

    def __init__(self, row: int, text: str) -> None:
        """Keep both."""
        super().__init__(text)
        self.row = row


def decoded_words(words: PackedWords, encoding: EncodingOptions, *, can_name: bool = True) -> PackedWords:
    r"""Return the words of a file in UTF-8; bytes that `surrogateescape` keeps stay as they are.

    Args:
        words: the words as they are in the file.
        encoding: how their bytes become text. With `replace` and `ignore`, words may come out equal or empty.
        can_name: whether the words could be in another encoding.

    Raises:
        BadWordError: a word is empty, or wrong in this encoding and `encoding_errors` is `strict`.

    Example:
        >>> words = PackedWords.joined([b"caf\xe9", b"tea"])
        >>> list(decoded_words(words, EncodingOptions("latin-1")))
        ['café', 'tea']
        >>> list(decoded_words(words, EncodingOptions(encoding_errors="ignore")))
        ['caf', 'tea']
    """
    sizes = words.bounds[1:] - words.bounds[:-1]
    if len(sizes) and not sizes.min():
        raise BadWordError(int(sizes.argmin()), "is empty")
    if encoding.is_utf8 and (encoding.encoding_errors == "surrogateescape" or are_utf8(words)):
        return words
    return PackedWords.joined(
        [_decoded(words.encoded(row), row, encoding, can_name=can_name) for row in range(len(words))]
    )


def are_utf8(words: PackedWords) -> bool:
    """Say whether each word is UTF-8: all are together, and none starts within a character."""
    if not len(words.utf8):
        return True
    try:
        words.utf8.tobytes().decode()
    except UnicodeDecodeError:
        return False
    starts = words.bounds[:-1]
    return not (words.utf8[starts[starts < len(words.utf8)]] & 0xC0 == 0x80).any()


def _decoded(raw: bytes, row: int, encoding: EncodingOptions, *, can_name: bool) -> bytes:
    if raw.isascii():
        return raw
    try:
        return encoding.decode(raw).encode(errors="surrogateescape")
    except UnicodeDecodeError as error:
        raise BadWordError(row, f"is {encoding.complaint(raw, error.start, can_name=can_name)}") from None
