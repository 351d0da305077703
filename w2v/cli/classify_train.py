"""`w2v classify train`: a classifier from labelled texts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from w2v.cli.classify_options import labelled_options, use_one_thread_of_blas
from w2v.cli.commands import Command
from w2v.cli.console_progress import ConsoleProgress
from w2v.cli.document_options import token_options
from w2v.cli.estimate import show_need
from w2v.cli.outputs import require_distinct, require_unread
from w2v.cli.shared_options import (
    FILE_NAME,
    build,
    dry_run_option,
    field_option,
    option,
    quiet_option,
    stacked,
    threads_option,
)
from w2v.errors import CorpusError, UsageError
from w2v.file_kinds import CLASSIFIER, TRAINING_LOG, check_output
from w2v.options import EncodingOptions
from w2v.options.classify import TASKS, WEIGHTINGS, ClassifyOptions, LabelledOptions
from w2v.options.fields import default_of
from w2v.options.networks import ACTIVATION_NAMES, OPTIMISER_NAMES
from w2v.wording import counted

if TYPE_CHECKING:
    from w2v.classify import TextClassifier


class _Sizes(click.ParamType):  # type: ignore[type-arg]
    """Whole numbers with commas between, such as 64,32."""

    name = "sizes"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        if isinstance(value, tuple):
            return value
        try:
            return tuple(int(size) for size in value.split(",") if size.strip())
        except ValueError:
            self.fail(f"{value!r} must be whole numbers with commas between, such as 64,32", param, ctx)


_network_options = stacked(
    field_option(
        ClassifyOptions,
        "task",
        type=click.Choice(TASKS),
        metavar="TASK",
        heading="Network",
        help="multiclass: one label for each text. multilabel: any number. regression: a number. auto: what the data"
        " looks like.",
    ),
    field_option(ClassifyOptions, "dim", type=int, metavar="N", heading="Network", help="Dimensions of word vectors."),
    field_option(
        ClassifyOptions,
        "hidden",
        type=_Sizes(),
        metavar="N,N",
        default_text="none",
        heading="Network",
        help="Neurons of each hidden layer, such as 64,32.",
    ),
    field_option(
        ClassifyOptions,
        "activation",
        type=click.Choice(ACTIVATION_NAMES),
        metavar="NAME",
        heading="Network",
        help="Activation of hidden layers: sigmoid, tanh or relu.",
    ),
    field_option(
        ClassifyOptions, "dropout", type=float, metavar="X", heading="Network", help="Share of hidden neurons to drop."
    ),
    field_option(
        ClassifyOptions,
        "word_ngrams",
        type=int,
        metavar="N",
        heading="Network",
        help="Longest word n-gram that counts as a feature.",
    ),
    field_option(
        ClassifyOptions,
        "weighting",
        type=click.Choice(WEIGHTINGS),
        metavar="NAME",
        heading="Network",
        help="How much each word counts. tfidf: rare words more, repeated ones less. share: its share of the text."
        " auto: share for numbers, else tfidf.",
    ),
)

_training_options = stacked(
    field_option(
        ClassifyOptions, "epochs", type=int, metavar="N", heading="Training", help="Number of passes over the data."
    ),
    field_option(ClassifyOptions, "lr", type=float, metavar="X", heading="Training", help="Learning rate."),
    field_option(
        ClassifyOptions,
        "optimizer",
        type=click.Choice(OPTIMISER_NAMES),
        metavar="NAME",
        heading="Training",
        help="How steps are made above the word vectors: descent, momentum or adam.",
    ),
    field_option(ClassifyOptions, "batch", type=int, metavar="N", heading="Training", help="Texts of a minibatch."),
    field_option(
        ClassifyOptions,
        "word_dropout",
        type=float,
        metavar="X",
        default_text="0.5, for several labels 0.2, for numbers 0",
        heading="Training",
        help="Share of the words of a text to leave out at random.",
    ),
    field_option(
        ClassifyOptions,
        "min_count",
        type=int,
        metavar="N",
        heading="Training",
        help="Leave out words that are in fewer texts.",
    ),
    field_option(
        ClassifyOptions,
        "validation",
        type=float,
        metavar="X",
        heading="Training",
        help="Share of the data held out for early stopping.",
    ),
    field_option(
        ClassifyOptions,
        "patience",
        type=int,
        metavar="N",
        heading="Training",
        help="Stop after N epochs without a better validation loss.",
    ),
    option(
        "--fine-tune/--freeze",
        "fine_tune",
        default=default_of(ClassifyOptions, "fine_tune"),
        heading="Training",
        help="Continue training the vectors of --vectors, or freeze them.",
    ),
    field_option(ClassifyOptions, "seed", type=int, metavar="N", heading="Training", help="Random seed."),
)


@click.command("classify train", cls=Command)
@click.argument("corpus", nargs=-1, metavar="DATA...")
@option("-o", "--output", type=FILE_NAME, required=True, metavar="MODEL", heading="Files", help="Classifier to write.")
@option("--vectors", type=FILE_NAME, metavar="FILE", heading="Files", help="Vectors of words to start from.")
@option("--log", type=FILE_NAME, metavar="FILE", heading="Files", help="Write losses to this file, as lines of JSON.")
@token_options
@labelled_options
@_network_options
@_training_options
@threads_option
@dry_run_option
@quiet_option
def classify_train_command(
    corpus: tuple[str, ...],
    output: Path,
    vectors: Path | None,
    log: Path | None,
    tokens: str | None,
    lowercase: bool | None,
    dry_run: bool,
    quiet: bool,
    skip_bad_records: bool,
    **parameters: Any,
) -> None:
    """Train a classifier on labelled texts.

    DATA has a text a line with its labels, as fastText reads it: `__label__sea the ship sank`. Or it is a table with a
    column of texts and one of labels, by its name: .tsv, .csv or .json. It may be compressed; - is standard input.

    Examples:
      w2v classify train reviews.txt -o reviews.model --word-ngrams 2
      w2v classify train reviews.csv --field body --label-column stars --task regression -o stars.model
      w2v classify train reviews.txt -o reviews.model --vectors vectors.txt --hidden 64 --validation 0.1
    """
    use_one_thread_of_blas()
    if not corpus:
        raise UsageError("no data given; name files of labelled texts, or - for standard input")
    options, labelled = build(ClassifyOptions, parameters), build(LabelledOptions, parameters)
    encoding = build(EncodingOptions, parameters)
    require_unread(output, "--output", corpus, "the data")
    check_output(output, CLASSIFIER)
    require_distinct({"--output": output, "--log": log, "--vectors": vectors})
    if log is not None:
        require_unread(log, "--log", corpus, "the data")
        check_output(log, TRAINING_LOG)
    from w2v.cli.vectors_file import load_vectors

    start = None if vectors is None else load_vectors(vectors, cache=True)
    from w2v.classify.classifier_file import save_classifier
    from w2v.classify.classifier_training import prepare_texts, train_classifier
    from w2v.classify.labelled_texts import read_labelled
    from w2v.documents.document_vectors import corpus_options
    from w2v.memory import return_freed
    from w2v.readers.opened_text import Problems

    text_options = corpus_options({} if start is None else start.metadata, tokens=tokens, lowercase=lowercase)
    with ConsoleProgress(quiet=quiet) as progress:
        problems = Problems(skips=skip_bad_records)
        examples = list(read_labelled(corpus, labelled, task=options.task, encoding=encoding, problems=problems))
        for note in problems.notes():
            progress.note(note)
        if not examples:
            raise CorpusError("the data is empty; give labelled texts")
        progress.tell_compiling()
        texts, targets = [example.text for example in examples], [example.target for example in examples]
        places = [example.place for example in examples]
        if dry_run:
            prepared = prepare_texts(texts, targets, options, places, text_options, start)
            return_freed()
            show_need(prepared.need)
            return

        def keep(trained: TextClassifier) -> None:
            save_classifier(output, trained)
            which = "the best of " if options.validation else ""
            progress.say(f"saved {which}{counted(len(trained.losses), 'epoch')} to {output}")

        trained = train_classifier(
            texts, targets, options,
            places=places, corpus=text_options, vectors=start, progress=progress, log=log, keep=keep,
        )  # fmt: skip
        save_classifier(output, trained)
        last = trained.losses[-1]
        checked = [losses.validation for losses in trained.losses if losses.validation is not None]
        about = f", validation loss {min(checked):.4f}" if checked else ""
        kind = counted(len(trained.labels), "label") if trained.labels else "numbers"
        progress.say(
            f"{counted(trained.examples, 'text')}, {kind}, {counted(len(trained.losses), 'epoch')}, loss"
            f" {last.training:.4f}{about}; saved to {output}"
        )
