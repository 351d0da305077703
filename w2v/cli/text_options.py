"""What the commands that read a text declare alike. Those that ask questions import none of it: they start sooner."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from pathlib import Path

import click

from w2v.cli.declaring import FILE_NAME, field_option, stacked
from w2v.cli.outputs import require_unread
from w2v.errors import CorpusError, UsageError
from w2v.options import CorpusOptions, VocabularyOptions
from w2v.options.corpus import ENCODING_ERRORS, TOKEN_RULES


def require_corpus(corpus: Sequence[str]) -> None:
    """Refuse a command line without a corpus, or whose last file is not there: it may be meant as the output.

    Raises:
        UsageError: there is none.
        CorpusError: what is named last, behind a file or folder that is there, is not.
    """
    if not corpus:
        raise UsageError("no corpus given; name files or folders, or - for standard input")
    *others, last = corpus
    if last not in ("-", "") and not os.path.lexists(last) and any(map(os.path.exists, others)):
        raise CorpusError(f"{last}: no such file to read; to write to it, say -o {shlex.quote(last)}")


def require_apart(output: Path, name: str, corpus: Sequence[str]) -> None:
    """Refuse an output that is read as corpus too, and would end up overwritten or trained on.

    Raises:
        UsageError: `output`, the value of option `name`, exists and is a file of the corpus or in one of its folders.
    """
    if not output.is_file():
        return
    require_unread(output, name, corpus, "the corpus")
    for source in map(Path, corpus):
        if source.is_dir() and output.resolve().is_relative_to(source.resolve()):
            raise UsageError(f"{name} {output}: is in the corpus folder {source}, which is read; choose another place")


corpus_argument = click.argument("corpus", nargs=-1, metavar="CORPUS...")

token_options = stacked(
    field_option(
        CorpusOptions,
        "tokens",
        type=click.Choice(TOKEN_RULES),
        metavar="RULE",
        heading="Text",
        help="whitespace: tokens stand between white space. words: for raw prose, words without case and punctuation.",
    ),
    field_option(CorpusOptions, "lowercase", heading="Text", help="Lower-case every token."),
    field_option(
        CorpusOptions,
        "encoding_errors",
        type=click.Choice(ENCODING_ERRORS),
        metavar="RULE",
        heading="Text",
        help="For bytes that are not UTF-8. strict: stop. replace: put U+FFFD instead. ignore: drop them.",
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
        help="Where to keep the encoded text while at work.",
    ),
)

vocabulary_options = stacked(
    field_option(
        VocabularyOptions,
        "min_count",
        type=int,
        metavar="N",
        heading="Vocabulary",
        help="Drop words that occur fewer than N times.",
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
