"""floret, fastText's descendant by the makers of spaCy."""

from __future__ import annotations

from benchmarks.tools.fasttext import FastText


class Floret(FastText):
    """As fastText."""

    name = title = module = package = "floret"


TOOL = Floret()
