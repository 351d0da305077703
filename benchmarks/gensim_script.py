"""What a gensim user writes to do what `w2v train` does: text in, vectors in word2vec's text format out."""

from __future__ import annotations

import argparse

from gensim.models import Word2Vec
from gensim.models.word2vec import LineSentence

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("corpus")
parser.add_argument("output")
parser.add_argument("--input", choices=["corpus_file", "iterable"], default="corpus_file")
parser.add_argument("--model", choices=["skipgram", "cbow"], default="skipgram")
parser.add_argument("--loss", choices=["ns", "hs"], default="ns")
parser.add_argument("--dim", type=int, default=100)
parser.add_argument("--window", type=int, default=5)
parser.add_argument("--negative", type=int, default=5)
parser.add_argument("--min-count", type=int, default=5)
parser.add_argument("--sample", type=float, default=1e-3)
parser.add_argument("--epochs", type=int, default=5)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--seed", type=int, default=1)
options = parser.parse_args()

model = Word2Vec(
    sentences=LineSentence(options.corpus) if options.input == "iterable" else None,
    corpus_file=options.corpus if options.input == "corpus_file" else None,
    sg=int(options.model == "skipgram"),
    vector_size=options.dim,
    window=options.window,
    negative=options.negative if options.loss == "ns" else 0,
    hs=int(options.loss == "hs"),
    min_count=options.min_count,
    sample=options.sample,
    epochs=options.epochs,
    workers=options.threads,
    seed=options.seed,
)
model.wv.save_word2vec_format(options.output)
