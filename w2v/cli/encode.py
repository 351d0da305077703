"""`w2v encode`: vectors of texts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from w2v.cli.commands import Command
from w2v.cli.console_progress import ConsoleProgress
from w2v.cli.document_options import (
    format_option,
    readable_again,
    text_encoding_options,
    text_field_option,
    token_options,
    version_note,
    weighting_options,
)
from w2v.cli.outputs import STANDARD_OUTPUT, output_option, require_unread, writing
from w2v.cli.shared_options import (
    FILE_NAME,
    build,
    dry_run_option,
    no_cache_option,
    option,
    quiet_option,
    threads_option,
)
from w2v.cli.vectors_file import (
    NAME_BY_OPTION,
    load_vectors,
    require_loading,
    require_vectors,
    show_loading,
    size_to_load,
)
from w2v.errors import CorpusError
from w2v.file_kinds import TEXT_VECTORS, check_output
from w2v.options import EncodingOptions
from w2v.options.defaults import DEFAULT_VECTORS
from w2v.options.documents import DocumentOptions
from w2v.word_list import STANDARD_INPUT
from w2v.wording import counted

if TYPE_CHECKING:
    from w2v.memory_need import MemoryNeed
    from w2v.vectors.vectors_size import VectorsSize


@click.command("encode", cls=Command)
@click.argument("corpus", nargs=-1, metavar="[TEXT...]")
@output_option
@option(
    "--vectors",
    type=FILE_NAME,
    envvar="W2V_VECTORS",
    default=DEFAULT_VECTORS,
    metavar="FILE",
    heading="Vectors",
    help="Vectors of words.",
)
@weighting_options
@text_field_option
@format_option
@token_options
@text_encoding_options
@threads_option
@dry_run_option
@quiet_option
@no_cache_option
def encode_command(
    corpus: tuple[str, ...],
    output: Path,
    vectors: Path,
    field: tuple[str, ...],
    format: str | None,  # noqa: A002
    tokens: str | None,
    lowercase: bool | None,
    dry_run: bool,
    quiet: bool,
    no_cache: bool,
    **parameters: Any,
) -> None:
    """Write a vector for each text: the mean of the vectors of its words.

    TEXT is a file with a text a line, or a .tsv, .csv or .json file with a column of texts; the default, -, is
    standard input. The name of the output says its format: .npz, .npy, .tsv or .parquet; standard output is TSV. Texts
    become tokens as the training text did, if the vectors know how. Unknown words are left out.

    Examples:
      w2v encode texts.txt -o texts.npz
      w2v encode reviews.csv --field body --weighting idf -o reviews.npy
    """
    from w2v.matrix_files import writer_for

    options, encoding = build(DocumentOptions, parameters), build(EncodingOptions, parameters)
    files = list(corpus or ("-",))
    writer = writer_for(output)
    require_unread(output, "--output", files, "a text")
    require_unread(output, "--output", [vectors], "the file of word vectors")
    if output != STANDARD_OUTPUT:
        check_output(output, TEXT_VECTORS)
    require_vectors(vectors, NAME_BY_OPTION)
    from w2v.documents import DocumentEncoder
    from w2v.documents.document_vectors import corpus_options
    from w2v.documents.encoder_need import encoder_need
    from w2v.documents.record_files import read_text_blocks

    def work(size: VectorsSize) -> MemoryNeed:
        return encoder_need(size.rows, size.dim, options.threads, files)

    size = size_to_load(vectors, cache=not no_cache, encoding=EncodingOptions())
    if dry_run:
        show_loading(size, work)
        return
    require_loading(vectors, size, work, "encoding texts with its vectors needs about", "lower `threads`, or ")
    loaded = load_vectors(vectors, cache=not no_cache, advice=NAME_BY_OPTION)
    text_options = corpus_options(loaded.metadata, tokens=tokens, lowercase=lowercase)
    encoder = DocumentEncoder(loaded, options, text_options)
    with ConsoleProgress(quiet=quiet) as progress, readable_again(files, encoder.needs_texts) as names:

        def blocks() -> Iterator[bytes]:
            return read_text_blocks(names, field, encoding, format)

        if (note := version_note(vectors, loaded.metadata, text_options)) is not None:
            progress.note(note)
        if encoder.needs_texts:
            encoder.learn(blocks)
        progress.start("encoding", None, "texts")
        with (
            writing(output) as stream,
            writer(stream, loaded.dim) as add,
            closing(encoder.encode(blocks())) as encoded,
        ):
            for found in encoded:
                add(found)
                progress.update(encoder.coverage.texts)
            if not encoder.coverage.texts:
                shown = ", ".join("standard input" if name == STANDARD_INPUT else name for name in files)
                raise CorpusError(
                    f"{shown}: no text was read; give a text in each line, or a table with a row for each"
                )
        progress.finish()
        coverage = encoder.coverage
        share = f", {coverage.unknown / coverage.tokens:.1%} of them unknown" if coverage.tokens else ""
        progress.say(f"{counted(coverage.texts, 'text')}, {counted(coverage.tokens, 'token')}{share}")
        if coverage.empty == coverage.texts:
            progress.note("no text has a word that the vectors know, so that all vectors are zeros; see `tokens`")
        elif coverage.empty:
            progress.note(f"{counted(coverage.empty, 'text')} without a known word; their vectors are zeros")
