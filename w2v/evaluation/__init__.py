"""How good vectors are: scores for word pairs and analogies, with coverage.

Both follow the conventions of gensim's `evaluate_word_pairs` and `evaluate_word_analogies`. By default, case does not
count on either side, and the most frequent spelling of a word stands for all. A line with an unknown word is skipped
and counted, or scored as zero on request. Comment lines (`#`) and blank lines are ignored. One default differs: gensim
uses only the 300,000 most frequent words for both.
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
