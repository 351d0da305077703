"""Word vectors from your own text.

    import w2v
    vectors = w2v.train("corpus.txt", dim=100)
    vectors.similar("king", n=5)
    vectors.save("vectors.txt")
    w2v.load("vectors.txt")["king"]

How the package is laid out: one noun per module, data flows one way, and a module imports only from what stands above it.

    errors.py        W2VError and its kinds; every message says what, where, and what to do
    options.py       frozen dataclasses: the only place where a default is written
    progress.py      the one interface through which long work tells where it stands
    files.py         outputs: checked first, written to a temporary file, renamed
    compression.py   gzip, bzip2, xz and zstd, told by content
    spelling.py      known words close to an unknown one
    vocabulary.py    words, counts, order, pruning; its file format
    corpus/          text -> token ids on disk, and the vocabulary counted in the same read
    sampling.py      keep probabilities, alias table (NumPy)
    simd.py          vector building blocks: LLVM IR behind names a reader knows
    kernels/         the inner loops (Numba): the window front end, and one file per model
    vectors/         words + matrix: what you keep; its file formats; queries
    evaluation.py    word-pair and analogy files -> scores with coverage
    training/        model (both matrices), schedule, trainer (threads over blocks), recipe (all steps in order)
    cli/             one file per command: parse, call the library, print

The query arm (vectors, evaluation, its commands) imports neither Numba nor the training arm until it must, so that
`w2v --help` and `w2v similar` start fast.
"""
