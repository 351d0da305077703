"""gensim with an iterable of sentences, the mode of its tutorials: Python reads, threads train batches of sentences."""

from __future__ import annotations

from typing import Any

from benchmarks.tools.gensim_corpus_file import Gensim


class Iterable(Gensim):
    """This mode; what doesn't depend on it is measured with the other."""

    name, title = "gensim-iterable", "gensim, iterable"

    def text(self, corpus: str) -> dict[str, Any]:
        """Return the argument that hands over a text."""
        from gensim.models.word2vec import LineSentence

        return {"corpus_iterable": LineSentence(corpus)}


TOOL = Iterable()
