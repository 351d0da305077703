"""Pairs of words that occur together more often than by chance, joined into one token each: `new_york`.

Data flows down:

    numbered_text   a scanned corpus, its words numbered by one table
    pair_counts     how often neighbouring words occur together, counted in the hash tables of pair_table
    scoring         how strongly two words belong together
    phrase_list     the phrases found, and their file
    hand_made_list  files of phrases that others made
    joining         one id for the two words, so that another pass can find longer phrases
    joined_text     a text with its phrases joined, written

`finding` takes these steps in order, and `connectors` has the words that may stand inside a phrase.
"""

from w2v.phrases.connectors import ENGLISH_CONNECTOR_WORDS, load_connector_words
from w2v.phrases.finding import find_in, join_in, phrase_joiner
from w2v.phrases.joined_text import write_text
from w2v.phrases.numbered_text import NumberedText
from w2v.phrases.phrase_list import Phrase, Phrases

__all__ = [
    "ENGLISH_CONNECTOR_WORDS",
    "NumberedText",
    "Phrase",
    "Phrases",
    "find_in",
    "join_in",
    "load_connector_words",
    "phrase_joiner",
    "write_text",
]
