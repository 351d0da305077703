"""`w2v train`: text in, word vectors out."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from w2v.cli.commands import Command
from w2v.cli.console_progress import ConsoleProgress
from w2v.cli.continuing import check_run, log_option, run_options
from w2v.cli.declaring import FILE_NAME, build, field_option, option, quiet_option, stacked, threads_option
from w2v.cli.outputs import STANDARD_OUTPUT, is_same_file, require_unread, writing
from w2v.cli.text_options import corpus_argument, require_corpus, text_options, vocabulary_options
from w2v.errors import UsageError
from w2v.options import CorpusOptions, TrainingOptions, VocabularyOptions
from w2v.options.defaults import DEFAULT_VECTORS
from w2v.options.output_layers import OUTPUT_LAYERS
from w2v.options.training import (
    CBOW_GRADIENTS,
    DEFAULT_LR,
    DEFAULT_SUM_LR,
    DEFAULT_WIDE_LR,
    FINAL_LR_SHARE,
    LOSSES,
    MODELS,
    SUBSAMPLE_RULES,
    WIDE_DIM,
    WINDOW_MODES,
)
from w2v.vectors.formats import check_format, word2vec_text
from w2v.wording import counted

if TYPE_CHECKING:
    from w2v.vectors.vectors import Vectors

_TELLING_AMONG = 20_000  # words
_TELLING_CANDIDATES = 200
_TELLING_LETTERS = 40

_vocabulary_files = stacked(
    option(
        "--save-vocab", type=FILE_NAME, metavar="FILE", heading="Vocabulary", help="Write words and counts to FILE."
    ),
    option(
        "--read-vocab",
        type=FILE_NAME,
        metavar="FILE",
        heading="Vocabulary",
        help="Take words and counts from FILE, as --save-vocab or 'w2v vocab' wrote it; all of them, whatever"
        " --min-count and --max-vocab say.",
    ),
)

_model_options = stacked(
    field_option(
        TrainingOptions,
        "model",
        type=click.Choice(MODELS),
        metavar="MODEL",
        heading="Model",
        help="skipgram: predict the context from a word. cbow: predict a word from its context.",
    ),
    field_option(
        TrainingOptions,
        "loss",
        type=click.Choice(LOSSES),
        metavar="LOSS",
        heading="Model",
        help="Training objective. " + " ".join(f"{name}: {entry.help}." for name, entry in OUTPUT_LAYERS.items()),
    ),
    field_option(TrainingOptions, "dim", type=int, metavar="N", heading="Model", help="Length of the vectors."),
    field_option(
        TrainingOptions, "window", type=int, metavar="N", heading="Model", help="Most words of context on either side."
    ),
    field_option(
        TrainingOptions,
        "window_mode",
        type=click.Choice(WINDOW_MODES),
        metavar="RULE",
        heading="Model",
        help="soft: for each word, draw the reach from 1 to the window. full: always use the whole window.",
    ),
    field_option(
        TrainingOptions,
        "negative",
        type=int,
        metavar="N",
        heading="Model",
        help="Negative samples for each window, with --loss ns.",
    ),
    field_option(
        TrainingOptions,
        "ns_exponent",
        type=float,
        metavar="X",
        heading="Model",
        help="Draw a word as negative sample in proportion to its count to the power of X.",
    ),
)

_phrases_option = field_option(
    TrainingOptions,
    "phrases",
    type=int,
    metavar="N",
    heading="Text",
    help="First join words that belong together, such as new_york, in N passes, as 'w2v phrases' does.",
)

_training_options = stacked(
    field_option(TrainingOptions, "epochs", type=int, metavar="N", heading="Training", help="Passes over the text."),
    field_option(
        TrainingOptions,
        "lr",
        type=float,
        metavar="X",
        default_text=", ".join(f"{lr} for {model}" for model, lr in DEFAULT_LR.items())
        + f", {DEFAULT_SUM_LR} with --cbow-sum, {DEFAULT_WIDE_LR} for skipgram above --dim {WIDE_DIM}",
        heading="Training",
        help="Learning rate at the start; it falls steadily from there.",
    ),
    field_option(
        TrainingOptions,
        "min_lr",
        type=float,
        metavar="X",
        default_text=f"{FINAL_LR_SHARE:g} of that at the start",
        heading="Training",
        help="Learning rate at the end.",
    ),
    field_option(
        TrainingOptions,
        "sample",
        type=float,
        metavar="X",
        heading="Training",
        help="Skip some occurrences of words that make up more than about X of the text; 0 skips none.",
    ),
    field_option(
        TrainingOptions,
        "subsample_rule",
        type=click.Choice(SUBSAMPLE_RULES),
        metavar="RULE",
        heading="Training",
        help="How often they are skipped. word2vec: as its code does. paper: as its paper says.",
    ),
    field_option(
        TrainingOptions,
        "cbow_mean",
        declarations=("--cbow-mean/--cbow-sum",),
        heading="Training",
        help="Whether CBOW predicts from the mean of the context or from its sum.",
    ),
    field_option(
        TrainingOptions,
        "cbow_gradient",
        type=click.Choice(CBOW_GRADIENTS),
        metavar="RULE",
        heading="Training",
        help="mean: the gradient of the mean of the context. word2vec: that, not divided by the number of words.",
    ),
    field_option(
        TrainingOptions,
        "seed",
        type=int,
        metavar="N",
        heading="Training",
        help="Where random numbers start; with --threads 1, the same seed gives the same vectors.",
    ),
)


@click.command("train", cls=Command)
@corpus_argument
@option(
    "-o",
    "--output",
    type=FILE_NAME,
    default=DEFAULT_VECTORS,
    metavar="FILE",
    heading="Output",
    help="Where to write the vectors, in the format that the name asks for (see 'w2v convert --help'); - is standard"
    " output.",
)
@log_option
@text_options
@field_option(
    CorpusOptions,
    "max_sentence",
    type=int,
    metavar="N",
    default_text="no limit",
    heading="Text",
    help="Cut sentences to N tokens at most, words without a vector not counted; the rest starts a new one.",
)
@_phrases_option
@_vocabulary_files
@vocabulary_options
@_model_options
@_training_options
@run_options
@threads_option
@quiet_option
def train_command(
    corpus: tuple[str, ...],
    output: Path,
    save_vocab: Path | None,
    read_vocab: Path | None,
    quiet: bool,
    **parameters: Any,
) -> None:
    """Train word vectors on text.

    CORPUS is any number of files and folders, or - for standard input; in UTF-8, plain or compressed. A line is a
    sentence, and white space separates its tokens; for raw prose, add --tokens words. Of a folder, every file below is
    read but hidden ones and those that w2v wrote, such as vectors and word counts.

    Examples:
      w2v train corpus.txt
      w2v train articles/ --tokens words --dim 300 -o articles.txt
      zcat dump.gz | w2v train - --model cbow --epochs 10

    The options of word2vec.c, fastText and gensim are understood too, such as -size 300 or -ws 10.
    """
    require_corpus(corpus)
    if output != STANDARD_OUTPUT:
        require_unread(output, "--output", corpus, "the corpus")
        check_format(output, None)
    if save_vocab == STANDARD_OUTPUT:
        raise UsageError("--save-vocab -: needs the name of a file; to print words and counts, use 'w2v vocab'")
    corpus_options = build(CorpusOptions, parameters)
    vocabulary = build(VocabularyOptions, parameters)
    training = build(TrainingOptions, parameters)
    run = check_run(parameters, corpus, {"--output": output, "--save-vocab": save_vocab})
    if save_vocab is not None:
        require_unread(save_vocab, "--save-vocab", corpus, "the corpus")
    source = click.get_current_context().get_parameter_source
    given = {name for name in parameters if source(name) is not ParameterSource.DEFAULT}
    by_default = source("output") is ParameterSource.DEFAULT
    if by_default and run.pretrained is not None and is_same_file(run.pretrained, output):
        raise UsageError(
            f"--pretrained {output}: the new vectors would replace it; write them to another file with -o FILE, or say"
            f" -o {output} to replace it"
        )

    started = perf_counter()
    with ConsoleProgress(quiet=quiet) as progress:
        if "-" in corpus and sys.stdin.isatty():
            progress.note("reading what you type; end it with Ctrl-D on a line of its own")
        from w2v.training.pipeline import train_vectors  # imports Numba, which takes longer than all else before it

        progress.tell_compiling()
        vectors = train_vectors(
            corpus,
            corpus=corpus_options,
            vocabulary=vocabulary,
            training=training,
            run=run,
            given=given,
            read_vocab=read_vocab,
            save_vocab=save_vocab,
            progress=progress,
        ).vectors
        if output == STANDARD_OUTPUT:
            with writing(output) as stream:
                word2vec_text.write(stream, vectors.words, vectors.matrix)
        else:
            vectors.save(output)
        place = "written to standard output" if output == STANDARD_OUTPUT else f"saved to {output}"
        seconds = f"{perf_counter() - started:.1f} s in all"
        progress.say(f"vectors of {len(vectors):,} words, {counted(vectors.dim, 'value')} each, {place}; {seconds}")
        if output != STANDARD_OUTPUT and output.is_file() and (word := _telling_word(vectors)) is not None:
            is_default = output == Path(DEFAULT_VECTORS) and "W2V_VECTORS" not in os.environ
            where = [] if is_default else ["--vectors", str(output)]
            dashes = ["--"] if word.startswith("-") else []
            progress.say(f"try: w2v similar {shlex.join([*where, *dashes, word])}")


def _telling_word(vectors: Vectors) -> str | None:
    """Return a frequent word whose closest words are close indeed, as a day of the week has them, in any language.

    None if there is no word that a command line can show.
    """
    import numpy as np

    known = vectors.words[:_TELLING_AMONG]
    # The most frequent words are articles and the like, and short ones often are no words at all.
    frequent = range(min(100, len(known) // 20), len(known))
    shown = [row for row in range(len(known)) if known[row].isprintable() and len(known[row]) <= _TELLING_LETTERS]
    if not shown:
        return None
    by_length = (
        [row for row in shown if row in frequent and known[row].isalpha() and len(known[row]) >= n] for n in (4, 2, 1)
    )
    rows = next((rows for rows in by_length if rows), shown[:1])[:_TELLING_CANDIDATES]
    matrix = vectors.matrix[:_TELLING_AMONG]
    units = matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), np.finfo(np.float32).tiny)
    similarity = np.sort(units[rows] @ units.T, axis=1)[:, -6:-1]  # the last is the word itself
    return known[rows[int(similarity.mean(axis=1).argmax())]]
