"""What commands that turn texts into vectors share: options, and texts that are read more than once."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from w2v.cli.shared_options import field_option, option, stacked
from w2v.errors import W2VError
from w2v.options.documents import RECORD_FORMATS, WEIGHTINGS, DocumentOptions
from w2v.options.encoding import ENCODING_ERRORS, EncodingOptions
from w2v.word_list import STANDARD_INPUT

if TYPE_CHECKING:
    from w2v.options import CorpusOptions

text_field_option = option(
    "--field",
    "--column",
    "field",
    multiple=True,
    metavar="NAME",
    heading="Data",
    help="Field or column of the text, in .json, .tsv and .csv files; can be repeated.  [default: text, or the only one"
    " with text]",
)

format_option = option(
    "--format",
    type=click.Choice(RECORD_FORMATS),
    metavar="NAME",
    heading="Data",
    help="What the texts are: plain lines, tsv, csv or json.  [default: by its name or content]",
)

skip_option = option("--skip-bad-records", is_flag=True, heading="Data", help="Skip malformed records, and count them.")

token_options = stacked(
    option(
        "--tokens",
        metavar="RULE",
        heading="Data",
        help="How to split text; see 'w2v train'.  [default: as for the vectors, or whitespace]",
    ),
    option(
        "--lowercase/--no-lowercase",
        default=None,
        heading="Data",
        help="Convert tokens to lower case.  [default: as for the vectors]",
    ),
)

text_encoding_options = stacked(
    field_option(
        EncodingOptions, "encoding", metavar="NAME", heading="Data", help="Encoding of the text, such as latin-1."
    ),
    field_option(
        EncodingOptions,
        "encoding_errors",
        type=click.Choice(ENCODING_ERRORS),
        metavar="RULE",
        heading="Data",
        help="Bytes that are wrong in the encoding: strict stops, replace and ignore go on.",
    ),
)

weighting_option = field_option(
    DocumentOptions,
    "weighting",
    type=click.Choice(WEIGHTINGS),
    metavar="RULE",
    heading="Weights",
    help="How words count. mean: alike. sif: less if frequent in the training text. idf: more if in few texts.",
)

weighting_options = stacked(
    weighting_option,
    field_option(
        DocumentOptions, "sif_a", type=float, metavar="X", heading="Weights", help="The a of sif's a / (a + share)."
    ),
    option(
        "--common-component/--no-common-component",
        "common_component",
        default=None,
        heading="Weights",
        help="Take off what all vectors have in common.  [default: with sif]",
    ),
)


@contextlib.contextmanager
def readable_again(files: Sequence[str], needed: bool) -> Iterator[Sequence[str]]:
    """Yield names of files that can be read again: standard input is kept in a temporary file if it must be."""
    if not needed or STANDARD_INPUT not in files:
        yield files
        return
    from w2v.documents.record_files import name_in_messages
    from w2v.temporary_file import named_copy

    with named_copy(sys.stdin.buffer) as copy:
        try:
            yield [copy if name == STANDARD_INPUT else name for name in files]
        except W2VError as error:
            error.args = (error.message.replace(copy, name_in_messages(STANDARD_INPUT)),)
            raise


def version_note(path: Path, metadata: Mapping[str, Any], corpus: CorpusOptions) -> str | None:
    """Return a note that another version cuts the texts than cut that of the vectors in a file, if so."""
    from w2v.tokens.token_rules import cut_otherwise

    options = metadata.get("options")
    tokens = options.get("tokens") if isinstance(options, Mapping) else None
    return cut_otherwise(str(path), metadata.get("tokens_by"), tokens, corpus)
