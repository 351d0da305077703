"""`w2v evaluate`: scores of vectors on word pairs that people rated, or on analogies."""

from __future__ import annotations

import contextlib
import math
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from w2v.cli.commands import Command
from w2v.cli.console_progress import ConsoleProgress
from w2v.cli.output_text import json_text
from w2v.cli.shared_options import build, dry_run_option, encoding_options, no_cache_option, option, quiet_option
from w2v.cli.tables import aligned
from w2v.cli.vectors_file import load_vectors, require_vectors, show_loading, size_to_load
from w2v.errors import NothingKnownError, UsageError, VectorsError
from w2v.options.defaults import (
    CASE_RULES,
    DEFAULT_CASE,
    DEFAULT_METHOD,
    DEFAULT_RESTRICT_VOCAB,
    DEFAULT_UNKNOWN,
    DEFAULT_VECTORS,
    METHODS,
    UNKNOWN_RULES,
)
from w2v.options.encoding import EncodingOptions

if TYPE_CHECKING:
    from w2v.evaluation import AnalogiesScore, PairsScore, SectionScore
    from w2v.memory_need import MemoryNeed
    from w2v.progress import Progress
    from w2v.vectors import Vectors
    from w2v.vectors.vectors_size import VectorsSize

KINDS = ("pairs", "analogies")
_ALL = 0
_AT_ONCE = 1024  # questions

ScoreT = TypeVar("ScoreT")


@click.command("evaluate", cls=Command)
@click.argument("arguments", metavar="[VECTORS] pairs|analogies FILE...", nargs=-1)
@option(
    "--restrict-vocab",
    type=int,
    metavar="N",
    heading="Conventions",
    help=f"Use only the N most frequent words; {_ALL}: all.  [default: {DEFAULT_RESTRICT_VOCAB} for analogies, all for"
    " pairs]",
)
@option(
    "--case",
    type=click.Choice(CASE_RULES),
    default=DEFAULT_CASE,
    metavar="RULE",
    heading="Conventions",
    help="How to compare words. fold: ignore case, and take the most frequent spelling. exact: respect case.",
)
@option(
    "--unknown",
    type=click.Choice(UNKNOWN_RULES),
    default=DEFAULT_UNKNOWN,
    metavar="RULE",
    heading="Conventions",
    help="Lines with unknown words. skip: leave them out. zero: count them as similarity 0, or as wrong.",
)
@option(
    "--method",
    type=click.Choice(METHODS),
    default=DEFAULT_METHOD,
    metavar="RULE",
    heading="Conventions",
    help="How to solve analogies. add: 3CosAdd. mul: 3CosMul.",
)
@option(
    "--columns",
    metavar="A,B,SCORE",
    heading="Reading",
    help="Columns of pairs, by number or name: two words, score.  [default: recognised]",
)
@encoding_options
@option("--json", "as_json", is_flag=True, heading="Output", help="Print a JSON list with an object for each file.")
@dry_run_option
@quiet_option
@no_cache_option
def evaluate_command(
    arguments: tuple[str, ...],
    restrict_vocab: int | None,
    case: str,
    unknown: str,
    method: str,
    columns: str | None,
    as_json: bool,
    dry_run: bool,
    quiet: bool,
    no_cache: bool,
    **encoding: Any,
) -> None:
    """Score vectors on word pairs or analogies.

    pairs: the correlation of cosines with the scores that people gave to pairs of words (Spearman and Pearson, with
    p-values). Each line of FILE has two words and a number, separated by tabs, semicolons, commas or spaces, as in
    WordSim-353 and SimLex-999; other columns are ignored.

    analogies: the accuracy on questions such as "Athens Greece Paris France": is France the nearest neighbour of
    Greece - Athens + Paris? FILE has the format of Google's questions-words.txt, where sections whose name begins with
    gram are syntactic; or it is the folder of BATS.

    FILE can also be a folder of such files, or - for standard input.

    VECTORS is a file that 'w2v similar' reads; the default is the variable W2V_VECTORS, or else vectors.txt.

    Examples:
      w2v evaluate pairs wordsim353.tsv simlex999.txt
      w2v evaluate vectors.txt analogies questions-words.txt
      w2v evaluate vectors.txt analogies questions-words.txt --restrict-vocab 300000

    The last example follows gensim's evaluate_word_analogies; --unknown zero is its dummy4unknown.
    """
    path, kind, named = _arguments(arguments)
    if columns is not None and kind == "analogies":
        raise UsageError("--columns is for pairs; leave it out for analogies")
    limits = {"pairs": None, "analogies": DEFAULT_RESTRICT_VOCAB}
    limit = limits[kind] if restrict_vocab is None else restrict_vocab or None
    if dry_run:
        queries = _AT_ONCE if kind == "analogies" else 0

        def need(size: VectorsSize) -> MemoryNeed:
            return size.listing.then(size.first(limit).searching(queries))

        require_vectors(path)
        size = size_to_load(path, cache=not no_cache, encoding=build(EncodingOptions, encoding))
        show_loading(size, need)
        return
    vectors = _vectors(path, build(EncodingOptions, encoding), cache=not no_cache)
    from w2v.evaluation import evaluate_analogies, evaluate_pairs
    from w2v.evaluation.question_files import files_of

    with ConsoleProgress(quiet=quiet) as progress:
        common: dict[str, Any] = {
            "restrict_vocab": limit, "casefold": case == "fold", "skip_unknown": unknown == "skip",
            "progress": progress, **encoding,
        }  # fmt: skip
        if kind == "pairs":
            files = [file for place in named for file in files_of(place)]
            files, pairs = _scores(
                files, lambda file: evaluate_pairs(vectors, file, columns=columns, **common), progress
            )
            facts, lines = [_pairs_facts(score) for score in pairs], _pairs_table(files, pairs)
        else:
            files, analogies = _scores(
                named, lambda file: evaluate_analogies(vectors, file, method=method, **common), progress
            )
            facts, lines = [_analogies_facts(score) for score in analogies], _analogies_tables(analogies)
    _show(files, facts, lines, as_json=as_json)


def _vectors(path: Path, encoding: EncodingOptions, *, cache: bool) -> Vectors:
    """Load vectors: in UTF-8 if that is what they are, since the encoding may be that of the questions only."""
    if not encoding.is_utf8:
        with contextlib.suppress(VectorsError):
            return load_vectors(path, cache=cache)
    return load_vectors(path, cache=cache, encoding=encoding)


def _scores(
    files: Sequence[Path], evaluate: Callable[[Path], ScoreT], progress: Progress
) -> tuple[list[Path], list[ScoreT]]:
    """Return the files and the score of each; of several, those without a known word are noted and left out.

    Raises:
        EvaluationError: a file is wrong, or none has a known word.
    """
    scored: list[Path] = []
    scores: list[ScoreT] = []
    errors: list[NothingKnownError] = []
    for file in files:
        score = _score_or_error(evaluate, file)
        if isinstance(score, NothingKnownError):
            errors.append(score)
        else:
            scored.append(file)
            scores.append(score)
    if errors and not scores:
        raise errors[0]
    for error in errors:
        progress.note(error.message)
    return scored, scores


def _score_or_error(evaluate: Callable[[Path], ScoreT], file: Path) -> ScoreT | NothingKnownError:
    try:
        return evaluate(file)
    except NothingKnownError as error:
        return error


def _arguments(arguments: Sequence[str]) -> tuple[Path, str, list[Path]]:
    """Return the vectors file, what to evaluate on, and the files for that.

    Raises:
        UsageError: pairs or analogies or their files are missing, or there are several vectors files.
    """
    if "" in arguments:
        raise UsageError("'' is not the name of a file")
    place = next((place for place, argument in enumerate(arguments) if argument in KINDS), None)
    if place is None:
        raise UsageError("pairs or analogies missing; write w2v evaluate VECTORS pairs|analogies FILE")
    if place > 1:
        raise UsageError(f"one vectors file goes before {arguments[place]}, not {place}: {' '.join(arguments[:place])}")
    files = [Path(file) for file in arguments[place + 1 :]]
    if not files:
        raise UsageError(f"no file of {arguments[place]} given; write w2v evaluate VECTORS {arguments[place]} FILE")
    default = os.environ.get("W2V_VECTORS") or DEFAULT_VECTORS
    return Path(arguments[0] if place else default), arguments[place], files


def _show(files: Sequence[Path], facts: list[dict[str, object]], lines: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        objects = [{"file": str(file), **fact} for file, fact in zip(files, facts, strict=True)]
        click.echo(json_text(objects, indent=2))
        return
    for line in lines:
        click.echo(line)


def _pairs_table(files: Sequence[Path], scores: Sequence[PairsScore]) -> list[str]:
    rows = [["file", "Spearman", "p", "Pearson", "p", "pairs", "used", "known"]]
    for file, score in zip(files, scores, strict=True):
        correlations = ((score.spearman, score.spearman_p), (score.pearson, score.pearson_p))
        cells = [cell for value, p in correlations for cell in (_decimals(value), _p_value(p))]
        rows.append([file.name, *cells, f"{score.pairs:,}", f"{score.used:,}", _percent(score.coverage)])
    return list(aligned(rows))


def _pairs_facts(score: PairsScore) -> dict[str, object]:
    return {
        "spearman": _number(score.spearman), "spearman_p": _number(score.spearman_p),
        "pearson": _number(score.pearson), "pearson_p": _number(score.pearson_p),
        "pairs": score.pairs, "used": score.used, "unknown": score.unknown, "coverage": score.coverage,
    }  # fmt: skip


def _analogies_tables(scores: Sequence[AnalogiesScore]) -> list[str]:
    lines: list[str] = []
    for score in scores:
        rows = [["section", "accuracy", "correct", "used", "questions", "known"]]
        for section in (*score.sections, score.semantic, score.syntactic, score.total):
            counts = [f"{count:,}" for count in (section.correct, section.used, section.questions)]
            rows.append([section.name, _decimals(section.accuracy), *counts, _percent(section.coverage)])
        table = list(aligned(rows))
        summary = len(table) - 3
        lines += [*([""] if lines else []), *table[:summary], "", *table[summary:]]
    return lines


def _analogies_facts(score: AnalogiesScore) -> dict[str, object]:
    return {
        "sections": [_section_facts(section) for section in score.sections],
        **{section.name: _section_facts(section) for section in (score.semantic, score.syntactic, score.total)},
    }


def _section_facts(section: SectionScore) -> dict[str, object]:
    return {
        "name": section.name, "accuracy": _number(section.accuracy), "correct": section.correct, "used": section.used,
        "questions": section.questions, "unknown": section.unknown, "coverage": _number(section.coverage),
    }  # fmt: skip


def _number(value: float) -> float | None:
    """Return a number, or None, which JSON writes as null, for NaN."""
    return None if math.isnan(value) else value


def _decimals(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.4f}"


def _p_value(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.1e}" if value < 0.001 else f"{value:.3f}"


def _percent(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.1%}"
