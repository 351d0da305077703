"""Words as the formats of text need them: apart from their values by white space, or one a line."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from w2v.compression import looks_compressed
from w2v.errors import VectorsError
from w2v.wording import shortened

if TYPE_CHECKING:
    from w2v.vectors.packed_words import PackedWords

LONGEST_TOKEN = 1 << 24  # bytes; what is longer makes a line that no reader takes for a vector
_MOST_SHOWN = 40  # characters of a word in a message


def shown_word(word: bytes) -> str:
    r"""Return a word for a message, in quotes and not too long.

    Example:
        >>> print(shown_word("café".encode()), shown_word(b"a\tb\xff"), shown_word(b"x" * 50))
        'café' 'a\tb�' 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...'
    """
    return repr(shortened(word[: 4 * _MOST_SHOWN + 4].decode(errors="replace"), _MOST_SHOWN))


def encoded_tokens(words: PackedWords, longest: int = LONGEST_TOKEN) -> list[bytes]:
    r"""Return the UTF-8 of each word, after checking that white space can separate it from its values.

    Args:
        words: V words, none of them empty.
        longest: bytes of the longest word that the format can hold.

    Raises:
        VectorsError: a word has white space in it, or is too long.

    Example:
        >>> from w2v.vectors.packed_words import PackedWords
        >>> encoded_tokens(PackedWords.of(["café", "tea"]))
        [b'caf\xc3\xa9', b'tea']
    """
    encoded = words.all_encoded()
    # bytes.split knows only ASCII white space: a no-break space within a word is read back well
    if b"\n".join(encoded).split() != encoded:
        word = next(word for word in encoded if word.split() != [word])
        raise VectorsError(f"the word {shown_word(word)} has white space in it, which this format can't hold")
    if (most := max(map(len, encoded))) > longest:
        word = next(word for word in encoded if len(word) == most)
        raise VectorsError(f"the word {shown_word(word)} has {most:,} bytes, more than the {longest:,} of this format")
    return encoded


def encoded_lines(words: PackedWords) -> list[bytes]:
    """Return the UTF-8 of each word, after checking that a file can hold the words one a line.

    Raises:
        VectorsError: a word has a line end in it, or the first one looks like what is no part of the text of a file.
    """
    encoded = words.all_encoded()
    odd = next((word for word in encoded if b"\n" in word or b"\r" in word), None)
    if odd is not None:
        raise VectorsError(f"the word {shown_word(odd)} has a line end in it, which this format can't hold")
    require_no_mark(encoded[0])
    if looks_compressed(encoded[0]):
        raise VectorsError(f"the first word, {shown_word(encoded[0])}, makes the file look compressed; move it")
    return encoded


def require_no_mark(first: bytes) -> None:
    """Raise a VectorsError if the first word of a file starts with a byte order mark, which readers leave out."""
    if first.startswith(codecs.BOM_UTF8):
        raise VectorsError(
            f"the first word, {shown_word(first)}, starts with a byte order mark (U+FEFF), which this format can't hold"
            " there; move the word, or choose another format"
        )
