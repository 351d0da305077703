"""Text to token ids on disk, and the vocabulary counted in the same read.

Data flows down: `sources` finds text in files, folders, standard input or sentences, `streams` reads what each holds,
and `blocks` cuts it between tokens; `utf8` checks them and makes their white space plain; `words` rewrites them, where
words are to be cut out of prose or case is to be folded; `scanner` turns them into provisional ids, with a hash table
of the words met; `counting` does all that in parallel, `storage` keeps the ids on disk; `encoded` makes them final, in
blocks to train on.
"""

from w2v.corpus.encoded import BLOCK_IDS, PROSE_NOTE, EncodedCorpus, count, encode
from w2v.corpus.sources import STANDARD_INPUT, Sentences, Sources

__all__ = ["BLOCK_IDS", "PROSE_NOTE", "STANDARD_INPUT", "EncodedCorpus", "Sentences", "Sources", "count", "encode"]
