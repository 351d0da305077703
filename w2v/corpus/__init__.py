"""Text to token ids on disk, and the vocabulary counted in the same read.

Data flows down:

    sources         what the user names -> sources: files, those in folders, members of archives (zipped), standard
                    input, sentences in memory (sentence_lines, table_columns), any other `Source`
    text_stream     the bytes of one source: decompressed, as UTF-8, and checked to be text
    block_reader    all sources -> text_blocks, which no token crosses
    parallel_scan   each block on a thread: sentence_ends keeps the line ends that end sentences, and w2v.tokens gives
                    each token a provisional id; before that, repeated_sentences takes out those that came before, and
                    after that, word_dropper the tokens of unwanted words
    id_file         the ids, in a temporary file
    word_ids        which words get an id, and which one
    encoded         the final ids, in blocks to train on
    shares          the same by several processes, each of which reads some of the text
    opening         the tokens of the first sentences, to look at

`text_kinds` judges by `text_samples` what a text seems to be, such as markup, and `prose` recognises raw text, for
which another token rule is better.
"""

from w2v.corpus.encoded import BlockSizes, EncodedCorpus, count, encode
from w2v.corpus.opening import first_sentences, opening_of
from w2v.corpus.prose import PROSE_NOTE
from w2v.corpus.sources import Sentences, Source, Sources, resolve
from w2v.corpus.word_ids import ExtendedVocabulary, WordChoice

__all__ = [
    "PROSE_NOTE",
    "BlockSizes",
    "EncodedCorpus",
    "ExtendedVocabulary",
    "Sentences",
    "Source",
    "Sources",
    "WordChoice",
    "count",
    "encode",
    "first_sentences",
    "opening_of",
    "resolve",
]
