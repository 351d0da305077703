"""Vertical text, as TreeTagger writes it and Sketch Engine reads it: a token in each line, with its tag and its lemma.

Lines such as <s> and </p> bound sentences and paragraphs, as blank lines do.
"""

from __future__ import annotations

from collections.abc import Iterator

from w2v.readers.opened_text import OpenedText
from w2v.readers.tagged_text import tokens_in

_FORM, _TAG, _LEMMA = range(3)


def read(source: OpenedText) -> Iterator[bytes]:
    """Yield the sentences, a line each.

    Raises:
        CorpusError: a line has too few columns; the text names it.
    """
    return tokens_in(source, form=_FORM, lemma=_LEMMA, upos=_TAG, has_ids=False)
