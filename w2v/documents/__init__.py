"""Texts as vectors: each the mean of the vectors of its words, weighted or not."""

from w2v.documents.document_vectors import Coverage, DocumentEncoder, encode_texts

__all__ = ["Coverage", "DocumentEncoder", "encode_texts"]
