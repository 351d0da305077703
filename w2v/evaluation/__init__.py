"""How good vectors are: word pairs and analogies -> scores with coverage.

Both measures follow the conventions of gensim's `evaluate_word_pairs` and `evaluate_word_analogies`: case is folded on
both sides unless told otherwise, the most frequent spelling stands for all, and a line with an unknown word is skipped
and counted, or scored as zero if asked. Comment lines (`#`) and blank lines are ignored. gensim's defaults differ in
one thing: it keeps both to the 300,000 most frequent words.
"""

from w2v.evaluation.analogies import AnalogiesScore, SectionScore, evaluate_analogies
from w2v.evaluation.question_files import read_analogies, read_pairs
from w2v.evaluation.word_pairs import PairsScore, evaluate_pairs

__all__ = [
    "AnalogiesScore",
    "PairsScore",
    "SectionScore",
    "evaluate_analogies",
    "evaluate_pairs",
    "read_analogies",
    "read_pairs",
]
