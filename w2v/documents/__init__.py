"""Texts as vectors: each the mean of the vectors of its words, weighted or not."""

from w2v.documents.closest_texts import FoundText, closest_texts
from w2v.documents.document_vectors import Coverage, DocumentEncoder, encode_texts

__all__ = ["Coverage", "DocumentEncoder", "FoundText", "closest_texts", "encode_texts"]
