"""Where vectors are kept, and in which formats."""

from __future__ import annotations

DEFAULT_VECTORS = "vectors.txt"
VECTOR_FORMATS = ("word2vec", "word2vec-binary", "glove", "fasttext", "npz", "safetensors", "projector")
DEFAULT_CACHE_LIMIT = 10_000_000_000  # bytes of all copies of vectors files together
