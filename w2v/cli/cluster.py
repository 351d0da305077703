"""`w2v cluster`: groups of similar words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from w2v.cli.commands import Command
from w2v.cli.console_progress import ConsoleProgress
from w2v.cli.estimate import show_need
from w2v.cli.outputs import check_output, output_option, require_unread, writing
from w2v.cli.shared_options import (
    build,
    dry_run_option,
    encoding_options,
    field_option,
    no_cache_option,
    option,
    quiet_option,
    vectors_argument,
)
from w2v.cli.vectors_file import load_vectors, require_vectors, size_to_load
from w2v.errors import UsageError, VectorsError
from w2v.file_kinds import WORD_GROUPS
from w2v.options import ClusterOptions
from w2v.options.clusters import DEFAULT_CLUSTER_WORDS
from w2v.options.encoding import EncodingOptions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from w2v.clusters import Clusters


@click.command("cluster", cls=Command)
@vectors_argument
@field_option(
    ClusterOptions,
    "clusters",
    declarations=("-k", "--clusters"),
    type=int,
    metavar="N",
    default_text="the square root of the number of words",
    heading="Groups",
    help="Number of groups.",
)
@option(
    "--top",
    type=int,
    metavar="N",
    default=None,
    heading="Groups",
    help="Group only the N most frequent words.  [default: all]",
)
@field_option(
    ClusterOptions,
    "seed",
    type=int,
    metavar="N",
    heading="Groups",
    help="Random seed; the same seed gives the same groups.",
)
@option(
    "--names",
    is_flag=True,
    heading="Output",
    help="Write a line for each group: its number, its size and its most typical words.",
)
@output_option
@dry_run_option
@quiet_option
@no_cache_option
@encoding_options
def cluster_command(
    vectors: Path,
    top: int | None,
    names: bool,
    output: Path,
    dry_run: bool,
    quiet: bool,
    no_cache: bool,
    **parameters: Any,
) -> None:
    """Group similar words, by spherical k-means.

    Writes a line `word group` for each word, as word2vec.c does with -classes. Groups are numbered from 0, the largest
    first. VECTORS is a file that 'w2v similar' reads; the default is the variable W2V_VECTORS, or else vectors.txt.

    Examples:
      w2v cluster vectors.txt -k 500 -o classes.txt
      w2v cluster vectors.txt -k 500 --names | less
    """
    options = build(ClusterOptions, parameters)
    if top is not None and top < 1:
        raise UsageError(f"`top` must be at least 1, not {top}")
    require_unread(output, "--output", [vectors], "the vectors file")
    check_output(output, "--output", (), WORD_GROUPS)
    require_vectors(vectors)
    from w2v.clusters import cluster_rows, clusters_need

    encoding = build(EncodingOptions, parameters)
    size = size_to_load(vectors, cache=not no_cache, encoding=encoding, top=top)
    need = size.reading.then(clusters_need(size.first(top).rows, size.dim, options))
    if dry_run:
        show_need(need, size)
        return
    need.require(f"{vectors}: grouping its words needs about", lambda _: "lower `top` or `clusters`", VectorsError)
    loaded = load_vectors(vectors, cache=not no_cache, encoding=encoding, top=top)
    matrix = loaded.matrix
    with ConsoleProgress(quiet=quiet) as progress:
        clusters = cluster_rows(matrix, options, progress=progress)
    lines = _name_lines(loaded.words, clusters) if names else _word_lines(loaded.words, clusters)
    with writing(output) as stream:
        stream.write("".join(lines).encode(errors="surrogateescape"))


def _word_lines(words: Sequence[str], clusters: Clusters) -> Iterator[str]:
    return (f"{word} {label}\n" for word, label in zip(words, clusters.labels.tolist(), strict=False))


def _name_lines(words: Sequence[str], clusters: Clusters) -> Iterator[str]:
    width = len(str(len(clusters.centers))), len(str(clusters.sizes.max()))
    for label, (size, rows) in enumerate(
        zip(clusters.sizes.tolist(), clusters.closest(DEFAULT_CLUSTER_WORDS), strict=True)
    ):
        yield f"{label:>{width[0]}} {size:>{width[1]}} {' '.join(words[row] for row in rows)}\n"
