"""All steps from text to vectors, in order."""

from __future__ import annotations

from pathlib import Path

from w2v.corpus import PROSE_NOTE, Sources, encode
from w2v.options import CorpusOptions, PhraseOptions, TrainingOptions, VocabularyOptions
from w2v.phrases import rewriter
from w2v.progress import Progress, Silent
from w2v.training.model import Model
from w2v.training.trainer import train
from w2v.vectors import Vectors
from w2v.vocabulary import Vocabulary


def train_vectors(
    sources: Sources,
    *,
    corpus: CorpusOptions,
    vocabulary: VocabularyOptions,
    training: TrainingOptions,
    read_vocab: Path | None = None,
    save_vocab: Path | None = None,
    progress: Progress | None = None,
) -> Vectors:
    """Read text, count its words, train, and return the vectors.

    Args:
        sources: files, folders and "-", or Sentences; see w2v.corpus.encode.
        corpus: how text becomes tokens.
        vocabulary: which words are kept.
        training: what is trained, and how.
        read_vocab: file with the words and counts to use instead of those of the text.
        save_vocab: file to write words and counts to, before training starts.
        progress: is told where the work stands.

    Raises:
        W2VError: anything that keeps the text from becoming vectors; the text says what to do.
    """
    progress = progress or Silent()
    given = None if read_vocab is None else Vocabulary.load(read_vocab)
    join = rewriter(PhraseOptions(passes=training.phrases), corpus.threads, progress) if training.phrases else None
    with encode(sources, corpus, vocabulary, vocabulary=given, rewrite=join, progress=progress) as encoded:
        words = encoded.vocabulary
        progress.note(
            f"{encoded.total_tokens:,} tokens, {len(words):,} words kept, which make up"
            f" {encoded.block_tokens.sum() / encoded.total_tokens:.1%} of the text"
        )
        if encoded.looks_like_prose:
            progress.note(PROSE_NOTE)
        if save_vocab is not None:
            words.save(save_vocab)
        model = Model.create(words, training)
        train(model, encoded, training, progress)
    return model.vectors()
