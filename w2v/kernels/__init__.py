"""The inner loops of training, compiled by Numba; each module names its twin in plain NumPy, in tests/reference.py.

Data flows down:

    random           the random stream of a block
    blocks, rounds   a block on one thread; blocks of several replicas, with `replica_rows`, `merges` and a `barrier`
    windows          ids -> subsampled words, their windows, groups of neighbouring centers
    output_layer     what an output layer is: `negative_sampling`, `hierarchical_softmax`, `full_softmax`
    skipgram, cbow   what a model does with a stretch of a block; `means` has the means of contexts
    tiles            the products of a few rows with a tile of targets
    buffers          the arrays that all of these share
"""
