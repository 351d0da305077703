"""Choices and defaults for querying, evaluating and converting vectors."""

from __future__ import annotations

DEFAULT_VECTORS = "vectors.txt"
VECTOR_FORMATS = ("word2vec", "word2vec-binary", "glove", "fasttext", "npz", "safetensors", "projector")
DEFAULT_CACHE_LIMIT = 10_000_000_000  # bytes, of all copies of vectors files together

DEFAULT_NEIGHBOURS = 10
METHODS = ("add", "mul")
DEFAULT_METHOD = "add"

DEFAULT_RESTRICT_VOCAB = 30_000
CASE_RULES = ("fold", "exact")
DEFAULT_CASE = "fold"
UNKNOWN_RULES = ("skip", "zero")
DEFAULT_UNKNOWN = "skip"
