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
from w2v.options import CorpusOptions, VocabularyOptions
from w2v.options.corpus import ENCODING_ERRORS, SENTENCE_UNITS
from w2v.zip_archive import place_of

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
    is_there = last in ("-", "") or os.path.lexists(last) or place_of(last).member is not None
    if not is_there and any(map(os.path.exists, others)):
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
        help="How to split text. whitespace: at white space. words: into lower-case words. regex:PATTERN: into the "
        "matches of a regular expression.",
    ),
    field_option(CorpusOptions, "lowercase", heading="Text", help="Convert tokens to lower case."),
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
        help="A sentence is a line, a paragraph (up to a blank line) or a document (a file).",
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
        type=click.Choice(ENCODING_ERRORS),
        metavar="RULE",
        heading="Text",
        help="Invalid bytes and zero bytes. strict: stop. replace: insert U+FFFD. ignore: drop.",
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
