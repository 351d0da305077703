"""`w2v train`: text in, word vectors out."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from w2v.cli.commands import Command
from w2v.cli.console_progress import ConsoleProgress
from w2v.cli.continuing import cluster_option, log_option, run_options
from w2v.cli.estimate import SHOWN_SENTENCES, TRIAL_SECONDS, show_estimate
from w2v.cli.outputs import STANDARD_OUTPUT, is_same_file, require_distinct, require_unread, writing
from w2v.cli.shared_options import FILE_NAME, build, field_option, option, quiet_option, stacked, threads_option
from w2v.cli.text_options import corpus_argument, require_corpus, text_options, vocabulary_options
from w2v.cli.vectors_output import ENDINGS, companions, no_counts_option, to_option
from w2v.errors import UsageError
from w2v.options import CorpusOptions, RunOptions, TrainingOptions, VocabularyOptions
from w2v.options.continuing import CLUSTER_MERGE_EVERY
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
from w2v.wording import counted

if TYPE_CHECKING:
    from w2v.vectors import Vectors

_vocabulary_files = stacked(
    option(
        "--save-vocab", type=FILE_NAME, metavar="FILE", heading="Vocabulary", help="Write words and counts to FILE."
    ),
    option(
        "--read-vocab",
        type=FILE_NAME,
        metavar="FILE",
        heading="Vocabulary",
        help="Read words and counts from FILE, and ignore --min-count and --max-vocab.",
    ),
)

_model_options = stacked(
    field_option(
        TrainingOptions,
        "model",
        type=click.Choice(MODELS),
        metavar="MODEL",
        heading="Model",
        help="skipgram: predict context words from a word. cbow: predict a word from its context.",
    ),
    field_option(
        TrainingOptions,
        "loss",
        type=click.Choice(LOSSES),
        metavar="LOSS",
        heading="Model",
        help="Training objective. " + " ".join(f"{name}: {entry.help}." for name, entry in OUTPUT_LAYERS.items()),
    ),
    field_option(TrainingOptions, "dim", type=int, metavar="N", heading="Model", help="Dimensions of the vectors."),
    field_option(
        TrainingOptions,
        "window",
        type=int,
        metavar="N",
        heading="Model",
        help="Largest distance between a word and its context words.",
    ),
    field_option(
        TrainingOptions,
        "window_mode",
        type=click.Choice(WINDOW_MODES),
        metavar="RULE",
        heading="Model",
        help="soft: draw a window from 1 to --window for each word. full: use --window for all. whole: the whole "
        "sentence, the default for baskets.",
    ),
    field_option(
        TrainingOptions,
        "negative",
        type=int,
        metavar="N",
        heading="Model",
        help="Number of negative samples for each window, with --loss ns.",
    ),
    field_option(
        TrainingOptions,
        "ns_exponent",
        type=float,
        metavar="X",
        heading="Model",
        help="Draw negative samples in proportion to their counts to the power X.",
    ),
)

_phrases_option = field_option(
    TrainingOptions,
    "phrases",
    type=int,
    metavar="N",
    heading="Text",
    help="First join phrases such as new_york, in N passes.",
)

_training_options = stacked(
    field_option(
        TrainingOptions, "epochs", type=int, metavar="N", heading="Training", help="Number of passes over the text."
    ),
    field_option(
        TrainingOptions,
        "lr",
        type=float,
        metavar="X",
        default_text=", ".join(f"{lr} for {model}" for model, lr in DEFAULT_LR.items())
        + f", {DEFAULT_SUM_LR} with --cbow-sum, {DEFAULT_WIDE_LR} for skipgram above --dim {WIDE_DIM}",
        heading="Training",
        help="Learning rate at the start; it falls linearly.",
    ),
    field_option(
        TrainingOptions,
        "min_lr",
        type=float,
        metavar="X",
        default_text=f"{FINAL_LR_SHARE:g} of --lr",
        heading="Training",
        help="Learning rate at the end.",
    ),
    field_option(
        TrainingOptions,
        "sample",
        type=float,
        metavar="X",
        heading="Training",
        help="Subsampling threshold: skip some occurrences of words more frequent than X; 0: none.",
    ),
    field_option(
        TrainingOptions,
        "subsample_rule",
        type=click.Choice(SUBSAMPLE_RULES),
        metavar="RULE",
        heading="Training",
        help="Subsampling formula. word2vec: as in word2vec.c. paper: as in Mikolov et al. (2013).",
    ),
    field_option(
        TrainingOptions,
        "cbow_mean",
        declarations=("--cbow-mean/--cbow-sum",),
        heading="Training",
        help="Predict from the mean or the sum of the context vectors, with --model cbow.",
    ),
    field_option(
        TrainingOptions,
        "cbow_gradient",
        type=click.Choice(CBOW_GRADIENTS),
        metavar="RULE",
        heading="Training",
        help="Gradient of --cbow-mean. mean: exact. word2vec: not divided by the context size, as in word2vec.c.",
    ),
    field_option(
        TrainingOptions,
        "seed",
        type=int,
        metavar="N",
        heading="Training",
        help="Random seed; with --threads 1 or --deterministic, the same seed gives the same vectors.",
    ),
)

_rounds_options = stacked(
    field_option(
        TrainingOptions,
        "deterministic",
        is_flag=True,
        heading="Running",
        help="Make the same vectors with any number of threads; somewhat slower.",
    ),
    field_option(
        TrainingOptions,
        "replicas",
        type=int,
        metavar="N",
        heading="Running",
        help="Parts of the text trained at the same time, with --deterministic or --cluster; more threads than that "
        "have no work.",
    ),
    field_option(
        TrainingOptions,
        "merge_every",
        type=int,
        metavar="N",
        default_text=f"{TrainingOptions.merge_every}; {CLUSTER_MERGE_EVERY} with --cluster",
        heading="Running",
        help="Center words that each replica trains between two merges, with --deterministic or --cluster.",
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
    help=f"Vectors file. Its ending selects the format: {ENDINGS}; without one, text. - is standard output, as text.",
)
@to_option
@no_counts_option
@log_option
@text_options
@field_option(
    CorpusOptions,
    "max_sentence",
    type=int,
    metavar="N",
    default_text="no limit",
    heading="Text",
    help="Split sentences after N tokens of the vocabulary.",
)
@_phrases_option
@_vocabulary_files
@vocabulary_options
@_model_options
@_training_options
@cluster_option
@run_options
@option(
    "--dry-run",
    is_flag=True,
    heading="Running",
    help="Read the text; show its first sentences, counts, and the time and memory of the run. Write nothing.",
)
@_rounds_options
@threads_option
@quiet_option
def train_command(
    corpus: tuple[str, ...],
    output: Path,
    file_format: str | None,
    no_counts: bool,
    save_vocab: Path | None,
    read_vocab: Path | None,
    quiet: bool,
    dry_run: bool,
    **parameters: Any,
) -> None:
    """Train word vectors on text.

    CORPUS is one or more files, folders, ZIP archives or addresses, or - for standard input; plain or compressed. Each
    line is a sentence, and white space separates tokens; for raw prose, add --tokens words, and --sentences paragraph
    if its lines are wrapped. In folders, w2v reads all text except hidden files and those that it wrote, such as word
    counts. It also reads HTML, XML, JSON, tables, tagged text, PDF and others; see --format.

    Examples:
      w2v train corpus.txt
      w2v train articles/ --tokens words --dim 300 -o articles.txt
      w2v train posts.jsonl --field title --field text --tokens words
      zcat dump.gz | w2v train - --model cbow --epochs 10

    The option names of word2vec.c, fastText, gensim and GloVe work too, such as -size 300 or -ws 10.
    """
    require_corpus(corpus)
    corpus_options = build(CorpusOptions, parameters)
    vocabulary = build(VocabularyOptions, parameters)
    training = build(TrainingOptions, parameters)
    run = build(RunOptions, parameters)
    files = {"--save-vocab": save_vocab, "--save-model": run.save_model, "--log": run.log}
    _check_files(corpus, output, file_format, not no_counts, files)
    source = click.get_current_context().get_parameter_source
    given = {name for name in parameters if source(name) is not ParameterSource.DEFAULT}
    by_default = source("output") is ParameterSource.DEFAULT
    if by_default and run.pretrained is not None and is_same_file(run.pretrained, output):
        raise UsageError(
            f"--pretrained {output}: the new vectors would replace it; write them to another file with -o FILE, or use"
            f" -o {output} to replace it"
        )

    started = perf_counter()
    with ConsoleProgress(quiet=quiet) as progress:
        if "-" in corpus and sys.stdin.isatty():
            progress.note("reading text from the terminal; end with Ctrl-D on a line of its own")
        from w2v.machines import train_where
        from w2v.training.pipeline import estimate_run  # imports Numba: slower than all checks above

        progress.tell_compiling()
        arguments: Any = {
            "corpus": corpus_options, "vocabulary": vocabulary, "training": training, "run": run, "given": given,
            "read_vocab": read_vocab, "save_vocab": save_vocab, "progress": progress,
        }  # fmt: skip
        if dry_run:
            if run.cluster is not None:
                progress.note("--dry-run reads the text and trains in this process, not on the cluster")
            show_estimate(estimate_run(corpus, **arguments, sentences=SHOWN_SENTENCES, trial=TRIAL_SECONDS))
            return
        trained = train_where(corpus, **arguments)
        vectors = trained.vectors
        _write(vectors, output, file_format, counts=not no_counts)
        size = f"{counted(len(vectors), 'vector')} ({counted(vectors.dim, 'dimension')})"
        done = f"wrote {size} to standard output" if output == STANDARD_OUTPUT else f"saved {size} to {output}"
        progress.say(f"{done}; {perf_counter() - started:.1f} s in total")
        if (command := _example_command(vectors, output)) is not None:
            progress.say(f"try: {command}")
        if trained.failure is not None:  # the vectors are safe now
            raise trained.failure


def _check_files(
    corpus: Sequence[str], output: Path, file_format: str | None, counts: bool, others: Mapping[str, Path | None]
) -> None:
    """Refuse, before any text is read, outputs that are the same file or part of the corpus, and a wrong `output`.

    The library checks before it reads any text that it can write the others.

    Raises:
        UsageError: an output has the name of another one or of a file of the corpus, or no format for its name.
        OutputError: `output` can't be written, or exists and holds something else.
    """
    from w2v.vectors.formats import check_format, check_stream_format

    require_distinct({"--output": output, **others})
    for name, path in others.items():
        if path == STANDARD_OUTPUT:
            advice = "; to print words and counts, use 'w2v vocab'" if name == "--save-vocab" else ""
            raise UsageError(f"{name} -: needs the name of a file{advice}")
        if path is not None:
            require_unread(path, name, corpus, "the corpus")
    if output != STANDARD_OUTPUT:
        require_unread(output, "--output", corpus, "the corpus")
        check_format(output, file_format, counts=counts)
        require_distinct({**companions(output, file_format, counts=counts), **others})
    else:
        check_stream_format(file_format)


def _write(vectors: Vectors, output: Path, file_format: str | None, *, counts: bool) -> None:
    if output != STANDARD_OUTPUT:
        vectors.save(output, file_format, counts=counts)
        return
    from w2v.vectors.formats import write_stream

    with writing(output) as stream:
        write_stream(stream, vectors.words, vectors.matrix, file_format)


def _example_command(vectors: Vectors, output: Path) -> str | None:
    """Return a command that queries the new vectors; None if they are in no file, or have no printable word."""
    from w2v.vectors.example_query import example_query

    word = example_query(vectors) if output.is_file() and output != STANDARD_OUTPUT else None
    if word is None:
        return None
    is_default = output == Path(DEFAULT_VECTORS) and "W2V_VECTORS" not in os.environ
    where = [] if is_default else ["--vectors", str(output)]
    dashes = ["--"] if word.startswith("-") else []
    return f"w2v similar {shlex.join([*where, *dashes, word])}"
