"""CoNLL-U, the format of Universal Dependencies: a token in each line, with ten columns.

`form` takes the tokens as the text has them, such as `au` of French; the others take the words in them, `à` and `le`.
See https://universaldependencies.org/format.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from w2v.readers.opened_text import OpenedText
from w2v.readers.tagged_text import tokens_in

_TOKEN = re.compile(rb"1(?:-[0-9]+)?\t[^\t\n]+\t[^\t\n]+\t[^\t\n]+\t[^\t\n]+\t[^\t\n]+\t")
_ID, _FORM, _LEMMA, _UPOS = range(4)


def recognises(head: bytes) -> bool:
    """Say whether the first line that is no comment has a token of CoNLL-U."""
    line = next((line for line in head.split(b"\n") if line.strip() and not line.startswith(b"#")), b"")
    return _TOKEN.match(line) is not None


def read(source: OpenedText) -> Iterator[bytes]:
    """Yield the sentences, a line each.

    Raises:
        CorpusError: a line is malformed; the text names it.
    """
    return tokens_in(source, form=_FORM, lemma=_LEMMA, upos=_UPOS, has_ids=True)
