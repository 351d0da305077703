"""Pairs of words that stand together more often than chance has it, joined into one token each: `new_york`.

Data flows down: `text` numbers the words of a scanned corpus by one table; `counting` counts the pairs of neighbouring
words, in the hash tables of `pairs`; `scoring` says how much two words belong together; `joining` makes one id of the
two, so that another pass can find longer phrases; `writing` turns ids into text. `finding` takes these steps in order,
`phrases` has what was found, and `connectors` the words that may stand inside a phrase.
"""

from w2v.phrases.connectors import ENGLISH_CONNECTOR_WORDS, load_connector_words
from w2v.phrases.finding import find_in, join_in, rewriter
from w2v.phrases.numbered_text import Text
from w2v.phrases.phrases import Phrase, Phrases
from w2v.phrases.writing import write_text

__all__ = [
    "ENGLISH_CONNECTOR_WORDS",
    "Phrase",
    "Phrases",
    "Text",
    "find_in",
    "join_in",
    "load_connector_words",
    "rewriter",
    "write_text",
]
