"""What a gensim user writes to do what `w2v phrases --score gensim -o` does: text in, text with phrases out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from gensim.models.phrases import Phrases
from gensim.models.word2vec import LineSentence

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("corpus")
parser.add_argument("output", type=Path)
parser.add_argument("--min-count", type=int, default=5)
parser.add_argument("--threshold", type=float, default=10)
options = parser.parse_args()

sentences = LineSentence(options.corpus, max_sentence_length=sys.maxsize)
phraser = Phrases(sentences, min_count=options.min_count, threshold=options.threshold).freeze()
with options.output.open("w", encoding="utf-8") as stream:
    for sentence in sentences:
        stream.write(" ".join(phraser[sentence]) + "\n")
print(len(phraser.phrasegrams))
