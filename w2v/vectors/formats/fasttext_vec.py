"""fastText's .vec files: word2vec's text format under another name."""

from __future__ import annotations

from dataclasses import replace

from w2v.vectors.formats import word2vec_text

FORMAT = replace(
    word2vec_text.FORMAT,
    name="fasttext",
    description="the same as word2vec's text format",
    endings=(".vec",),
    other_endings=(".txt",),
    recognises=lambda _: False,  # by content, such a file is in word2vec's text format
)
