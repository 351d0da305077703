"""Words that white space can separate from their values, as word2vec's and GloVe's formats need them."""

from __future__ import annotations

from collections.abc import Iterable

from w2v.errors import VectorsError


def encoded_tokens(words: Iterable[str]) -> list[bytes]:
    r"""Return the UTF-8 of each word, after checking that white space can separate it from its values.

    Raises:
        VectorsError: a word is empty, has white space in it, or is no valid Unicode.

    Example:
        >>> encoded_tokens(["café", "tea"])
        [b'caf\xc3\xa9', b'tea']
    """
    try:
        encoded = [word.encode() for word in words]
    except UnicodeEncodeError as error:
        raise VectorsError(f"the word {error.object!r} is no valid Unicode and can't be saved") from error
    # bytes.split knows only ASCII white space: a no-break space within a word is read back well
    if b"\n".join(encoded).split() != encoded:
        word = next(word for word in encoded if word.split() != [word])
        raise VectorsError(
            f"the word {word.decode()!r} is empty or has white space in it, which this format can't hold"
        )
    return encoded
