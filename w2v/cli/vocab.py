"""`w2v vocab`: the words of a text and their counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from w2v.cli.commands import Command
from w2v.cli.console_progress import ConsoleProgress
from w2v.cli.outputs import check_output, output_option, writing
from w2v.cli.shared_options import build, option, quiet_option, threads_option
from w2v.cli.text_options import corpus_argument, require_corpus, token_options, vocabulary_options
from w2v.file_kinds import WORD_COUNTS
from w2v.options import CorpusOptions, VocabularyOptions


@click.command("vocab", cls=Command)
@corpus_argument
@output_option
@option(
    "--show-text",
    type=click.IntRange(min=1),
    metavar="N",
    heading="Output",
    help="In place of counts, write the tokens of the first N sentences.",
)
@token_options
@vocabulary_options
@threads_option
@quiet_option
def vocab_command(corpus: tuple[str, ...], output: Path, show_text: int | None, quiet: bool, **parameters: Any) -> None:
    """Count the words of a text.

    Writes a line `word count` for each word, the most frequent first: the format of word2vec.c, which
    'w2v train --read-vocab' reads. CORPUS is as for 'w2v train'. --show-text shows what training would read.

    Examples:
      w2v vocab corpus.txt | head
      w2v vocab articles/ --tokens words --min-count 20 -o words.txt
      w2v vocab page.html --tokens words --show-text 5
    """
    require_corpus(corpus)
    check_output(output, "--output", corpus, WORD_COUNTS)
    corpus_options = build(CorpusOptions, parameters)
    vocabulary_options = build(VocabularyOptions, parameters)
    with ConsoleProgress(quiet=quiet) as progress:
        from w2v.corpus import count, first_sentences  # imports Numba

        progress.tell_compiling()
        if show_text is not None:
            sentences = first_sentences(corpus, corpus_options, show_text, progress=progress)
            text = "".join(f"{' '.join(tokens)}\n" for tokens in sentences).encode()
        else:
            text = count(corpus, corpus_options, vocabulary_options, progress=progress).to_bytes()
    with writing(output) as stream:
        stream.write(text)
