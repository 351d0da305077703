"""`w2v phrases`: the phrases of a text, and the text with phrases joined."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from w2v import file_kinds
from w2v.cli.commands import Command
from w2v.cli.console_progress import ConsoleProgress
from w2v.cli.outputs import STANDARD_OUTPUT, check_output, require_distinct, writing_all
from w2v.cli.shared_options import FILE_NAME, build, field_option, option, quiet_option, stacked, threads_option
from w2v.cli.text_options import corpus_argument, require_apart, require_corpus, text_options
from w2v.errors import UsageError
from w2v.file_kinds import PHRASES, joined_text
from w2v.options import CorpusOptions, PhraseOptions
from w2v.options.phrases import DEFAULT_THRESHOLD, PHRASE_SCORES
from w2v.wording import counted, first_few

if TYPE_CHECKING:
    from w2v.phrases import Phrase

_outputs = stacked(
    option(
        "-o",
        "--output",
        type=FILE_NAME,
        metavar="FILE",
        heading="Output",
        help="Write the text with phrases joined to FILE; - is standard output.",
    ),
    option(
        "--list",
        "list_path",
        type=FILE_NAME,
        metavar="FILE",
        heading="Output",
        help="Write the phrases with their scores and counts to FILE.",
    ),
)

_phrase_options = stacked(
    option(
        "--use",
        type=FILE_NAME,
        metavar="FILE",
        heading="Phrases",
        help="Join the phrases in FILE, as --list writes it, and ignore the options below.",
    ),
    field_option(
        PhraseOptions,
        "score",
        type=click.Choice(PHRASE_SCORES),
        metavar="RULE",
        heading="Phrases",
        help="Score of a pair. word2phrase, gensim: as there. npmi: normalised pointwise mutual information.",
    ),
    field_option(
        PhraseOptions,
        "min_count",
        type=int,
        metavar="N",
        heading="Phrases",
        help="Join no pair with fewer than N occurrences.",
    ),
    field_option(
        PhraseOptions,
        "threshold",
        type=float,
        metavar="X",
        default_text=", ".join(f"{value:g} for {score}" for score, value in DEFAULT_THRESHOLD.items()),
        heading="Phrases",
        help="Join pairs that score more than X; a higher X gives fewer phrases.",
    ),
    field_option(
        PhraseOptions,
        "passes",
        type=int,
        metavar="N",
        heading="Phrases",
        help="Number of passes; the second can join new_york and city to new_york_city.",
    ),
    field_option(
        PhraseOptions,
        "delimiter",
        metavar="TEXT",
        heading="Phrases",
        help="Delimiter between the words of a phrase.",
    ),
    option(
        "--connector-words",
        metavar="FILE",
        heading="Phrases",
        help="Words that may stand inside phrases, as in bank_of_america: a file, or english.",
    ),
)


@click.command("phrases", cls=Command)
@corpus_argument
@_outputs
@_phrase_options
@text_options
@threads_option
@field_option(
    PhraseOptions,
    "memory",
    type=int,
    metavar="MB",
    heading="Running",
    help="Memory for counting pairs; less is slower, with the same result.",
)
@quiet_option
def phrases_command(
    corpus: tuple[str, ...],
    output: Path | None,
    list_path: Path | None,
    use: Path | None,
    connector_words: str | None,
    quiet: bool,
    **parameters: Any,
) -> None:
    """Find phrases such as new york, and join their words: new_york.

    Prints the phrases with scores and counts, the best first. With -o, writes the text with the phrases joined, for
    'w2v train'. CORPUS is as for 'w2v train'.

    Examples:
      w2v phrases corpus.txt | head -20
      w2v phrases corpus.txt -o joined.txt --list phrases.tsv --passes 2
      w2v phrases new.txt -o new-joined.txt --use phrases.tsv
      w2v phrases articles/ --tokens words -o - | w2v train -
    """
    require_corpus(corpus)
    if output is None and list_path is None and use is None:
        list_path = STANDARD_OUTPUT
    corpus_options = build(CorpusOptions, parameters)
    phrase_options = build(PhraseOptions, parameters)
    _check_files(corpus, output, list_path, use, phrase_options.delimiter)

    with ConsoleProgress(quiet=quiet) as progress:
        from w2v.corpus import PROSE_NOTE
        from w2v.phrases import (  # imports Numba
            NumberedText,
            Phrases,
            find_in,
            join_in,
            load_connector_words,
            write_text,
        )

        progress.tell_compiling()
        phrases = None if use is None else Phrases.load(use, progress.note)
        connectors = load_connector_words(connector_words) if phrases is None else phrases.connector_words
        with NumberedText.read_from(corpus, corpus_options, connectors, progress) as text:
            tokens = text.tokens
            if corpus_options.tokens == "whitespace" and text.looks_like_prose:
                progress.note(PROSE_NOTE)
            if phrases is None:
                phrases = find_in(text, phrase_options, progress, join_last=output is not None)
                if not phrases:
                    progress.note(
                        f"no pair of words scores more than {phrase_options.least_score:g}; lower `threshold`"
                    )
            else:
                _note_unused(join_in(text, phrases, progress), len(phrases), progress)
            with writing_all([path for path in (list_path, output) if path is not None]) as streams:
                if list_path is not None:
                    streams[0].write(phrases.to_text().encode())
                if output is not None:
                    write_text(text, streams[-1], progress)
            if output is None:
                progress.say(counted(len(phrases), "phrase"))
                return
            place = "written to standard output" if output == STANDARD_OUTPUT else f"saved to {output}"
            times = f"joined {counted(text.joined_phrases, 'phrase')} {counted(text.joins, 'time')}"
            joined = times if text.joins else "joined no phrases"
            progress.say(f"{joined}: {tokens:,} tokens became {text.tokens:,}; {place}")


def _note_unused(unused: Sequence[Phrase], listed: int, progress: ConsoleProgress) -> None:
    if not unused:
        return
    first = first_few([" ".join(phrase.words) for phrase in unused])
    if len(unused) < listed:
        progress.note(f"{len(unused):,} of {counted(listed, 'phrase')} never occur in the text: {first}")
    else:
        which = "the only phrase does not occur" if listed == 1 else f"none of the {listed:,} phrases occurs"
        progress.note(f"{which} in the text: {first}; check how the text spells them")


def _check_files(
    corpus: tuple[str, ...], output: Path | None, list_path: Path | None, use: Path | None, delimiter: str
) -> None:
    """Refuse, before any work, outputs that can't be written or would replace a file of another kind.

    Raises:
        UsageError: options contradict each other, or an output is part of the corpus.
        OutputError: an output can't be written, or exists and holds something else.
    """
    if use is not None and (output is None or list_path is not None):
        raise UsageError("--use only joins phrases; add --output, and leave out --list")
    require_distinct({"--list": list_path, "--use": use, "--output": output})
    if output is not None and output != STANDARD_OUTPUT:
        require_apart(output, "--output", corpus)
        file_kinds.check_output(output, joined_text(delimiter))
    if list_path is not None:
        check_output(list_path, "--list", corpus, PHRASES)
