"""Options of the commands that read text. Query commands don't import them, and so start faster."""

from __future__ import annotations

import os
import shlex
import warnings
from collections.abc import Sequence
from pathlib import Path

import click

from w2v.cli.outputs import require_unread
from w2v.cli.shared_options import FILE_NAME, field_option, stacked
from w2v.errors import CorpusError, UsageError
from w2v.named_places import is_there
from w2v.options import CorpusOptions, VocabularyOptions
from w2v.options.corpus import SENTENCE_UNITS, TEXT_ENCODING_ERRORS
from w2v.options.text_formats import TAKEN, TEXT_FORMATS

# Of patterns that a later Python may read in another way.
warnings.filterwarnings("ignore", category=FutureWarning, module="w2v.options.tokens")


def require_corpus(corpus: Sequence[str]) -> None:
    """Refuse an empty corpus, and one whose last file is missing: the user may mean it as the output.

    Raises:
        UsageError: the corpus is empty.
        CorpusError: the last file is missing, and another one is not.
    """
    if not corpus:
        raise UsageError("no corpus given; name files or folders, or - for standard input")
    *others, last = corpus
    if not is_there(last) and any(map(os.path.exists, others)):
        raise CorpusError(f"{last}: no such file to read; to write to it, use -o {shlex.quote(last)}")


def require_apart(output: Path, name: str, corpus: Sequence[str]) -> None:
    """Refuse an output that is also read as text.

    Raises:
        UsageError: `output`, the value of option `name`, exists and is a file of the corpus or in one of its folders.
    """
    if not output.is_file():
        return
    require_unread(output, name, corpus, "the corpus")
    for source in map(Path, corpus):
        if source.is_dir() and output.resolve().is_relative_to(source.resolve()):
            raise UsageError(f"{name} {output}: is in the corpus folder {source}; choose another folder")


corpus_argument = click.argument("corpus", nargs=-1, metavar="CORPUS...")

token_options = stacked(
    field_option(
        CorpusOptions,
        "tokens",
        metavar="RULE",
        heading="Text",
        help="How to split text. whitespace: at white space. words: into lower-case words. chars: into characters. "
        "words+chars: the same, but only Chinese and the like. icu, jieba (Chinese), sudachi (Japanese): by these "
        "packages. regex:PATTERN: into the matches of a regular expression. module:function: by Python.",
    ),
    field_option(CorpusOptions, "lowercase", heading="Text", help="Convert tokens to lower case."),
    field_option(CorpusOptions, "strip_accents", heading="Text", help="Take the accents off Latin and Greek letters."),
    field_option(
        CorpusOptions,
        "numbers",
        metavar="RULE",
        heading="Text",
        help="Tokens with digits and no letters. keep, drop, or a word such as NUM that replaces each.",
    ),
    field_option(
        CorpusOptions,
        "stopwords",
        metavar="FILE|LANG",
        default_text="none",
        heading="Text",
        help="Leave out the words in FILE, or those of a language such as en.",
    ),
    field_option(
        CorpusOptions,
        "min_token_length",
        type=int,
        metavar="N",
        heading="Text",
        help="Leave out tokens with fewer than N characters.",
    ),
    field_option(CorpusOptions, "dedup", heading="Text", help="Leave out sentences that came before."),
    field_option(
        CorpusOptions,
        "language",
        metavar="CODE",
        heading="Text",
        help="Language with letter case of its own: tr (Turkish) or az (Azerbaijani).",
    ),
    field_option(
        CorpusOptions,
        "sentence_unit",
        declarations=("--sentences",),
        type=click.Choice(SENTENCE_UNITS),
        metavar="UNIT",
        heading="Text",
        help="A sentence is a line, a paragraph (up to a blank line) or a document (a file or record).",
    ),
    field_option(
        CorpusOptions,
        "encoding",
        metavar="NAME",
        heading="Text",
        help="Encoding of the text, such as latin-1 or utf-16.",
    ),
    field_option(
        CorpusOptions,
        "encoding_errors",
        type=click.Choice(TEXT_ENCODING_ERRORS),
        metavar="RULE",
        heading="Text",
        help="Invalid bytes and zero bytes. strict: stop. replace: insert U+FFFD. ignore: drop.",
    ),
    field_option(
        CorpusOptions,
        "text_format",
        declarations=("--format",),
        type=click.Choice(TEXT_FORMATS),
        metavar="NAME",
        heading="Text",
        help=f"Format of the text: {', '.join(TEXT_FORMATS[1:])}. auto: by content, or else by the name of the file.",
    ),
    field_option(
        CorpusOptions,
        "field",
        declarations=("--field", "--column"),
        multiple=True,
        metavar="NAME",
        default_text="text",
        heading="Text",
        help="Field of JSON, or column of a table, with the text; can be repeated.",
    ),
    field_option(
        CorpusOptions,
        "element",
        multiple=True,
        metavar="NAME",
        default_text="all",
        heading="Text",
        help="Element of HTML or XML with the text, such as p; can be repeated.",
    ),
    field_option(
        CorpusOptions,
        "take",
        type=click.Choice(TAKEN),
        metavar="WHAT",
        heading="Text",
        help=f"Of tagged words (conllu, vertical), take {', '.join(TAKEN)}.",
    ),
    field_option(
        CorpusOptions,
        "skip_bad_records",
        heading="Text",
        help="Skip malformed lines, rows and documents, and count them.",
    ),
    field_option(
        CorpusOptions,
        "include",
        multiple=True,
        metavar="PATTERN",
        default_text="all files",
        heading="Text",
        help="In folders, read only files that match, such as '*.txt'; can be repeated.",
    ),
    field_option(
        CorpusOptions,
        "exclude",
        multiple=True,
        metavar="PATTERN",
        default_text="none",
        heading="Text",
        help="In folders, skip files and folders that match; can be repeated.",
    ),
)

text_options = stacked(
    token_options,
    field_option(
        CorpusOptions,
        "work_dir",
        type=FILE_NAME,
        metavar="FOLDER",
        default_text="the system's temporary folder",
        heading="Text",
        help="Folder for temporary files.",
    ),
)

vocabulary_options = stacked(
    field_option(
        VocabularyOptions,
        "min_count",
        type=int,
        metavar="N",
        heading="Vocabulary",
        help="Drop words with fewer than N occurrences.",
    ),
    field_option(
        VocabularyOptions,
        "max_vocab",
        type=int,
        metavar="N",
        default_text="no limit",
        heading="Vocabulary",
        help="Keep only the N most frequent words.",
    ),
)
