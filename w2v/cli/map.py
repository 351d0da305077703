"""`w2v map`: a map of words, as an interactive page or an image."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from w2v.cli.commands import Command
from w2v.cli.console_progress import ConsoleProgress
from w2v.cli.estimate import show_need
from w2v.cli.outputs import check_picture
from w2v.cli.picture_options import picture_options, require_image
from w2v.cli.shared_options import (
    FILE_NAME,
    build,
    dry_run_option,
    encoding_options,
    field_option,
    no_cache_option,
    option,
    quiet_option,
    threads_option,
    vectors_argument,
)
from w2v.cli.vectors_file import load_vectors, require_vectors, size_to_load
from w2v.errors import UsageError, VectorsError
from w2v.options import MapOptions, PictureOptions
from w2v.options.encoding import EncodingOptions
from w2v.options.pictures import DEFAULT_MAP
from w2v.word_list import chosen_words, left_out, read_word_list
from w2v.wording import counted


@click.command("map", cls=Command)
@vectors_argument
@option(
    "-o",
    "--output",
    type=FILE_NAME,
    metavar="FILE",
    default=DEFAULT_MAP,
    heading="Output",
    help="Output file: .html for an interactive page; .png, .svg or .pdf for an image.",
)
@option("--title", metavar="TEXT", heading="Output", help="Title.  [default: name of VECTORS]")
@field_option(
    MapOptions,
    "top",
    type=int,
    metavar="N",
    heading="Words",
    help="Show the N most frequent words.",
)
@option(
    "--words",
    "words_file",
    type=FILE_NAME,
    metavar="FILE",
    heading="Words",
    help="Show the words in FILE instead, one per line; - is standard input.",
)
@field_option(
    MapOptions,
    "neighbours",
    type=int,
    metavar="N",
    heading="Words",
    help="Number of neighbours that the page lists for a word.",
)
@field_option(
    MapOptions,
    "clusters",
    declarations=("-k", "--clusters"),
    type=int,
    metavar="N",
    default_text="by the number of words, at most 40",
    heading="Layout",
    help="Number of groups, each in its color.",
)
@field_option(
    MapOptions,
    "layout",
    metavar="pca|tsne",
    default_text="pca for fewer than 100 words, tsne for more",
    heading="Layout",
    help="Principal components or t-SNE.",
)
@field_option(
    MapOptions,
    "perplexity",
    type=float,
    metavar="X",
    heading="Layout",
    help="Perplexity of t-SNE: low shows small groups, high the overall shape.",
)
@field_option(MapOptions, "seed", type=int, metavar="N", heading="Layout", help="Random seed.")
@picture_options
@threads_option
@dry_run_option
@quiet_option
@no_cache_option
@encoding_options
def map_command(
    vectors: Path,
    output: Path,
    title: str | None,
    words_file: Path | None,
    dry_run: bool,
    quiet: bool,
    no_cache: bool,
    **parameters: Any,
) -> None:
    """Draw a map of words: similar words are close together.

    Open the page in any browser, also offline: move, zoom, search a word and see its neighbours. VECTORS is a file that
    'w2v similar' reads; the default is the variable W2V_VECTORS, or else vectors.txt.

    Examples:
      w2v map vectors.txt -o map.html
      w2v map vectors.txt -o map.png --top 2000
      w2v map vectors.txt -o cities.pdf --words cities.txt --width 3.4 --font-size 8
    """
    options, picture = build(MapOptions, parameters), build(PictureOptions, parameters)
    check_picture(output)
    is_page = output.suffix.lower() == ".html"
    if is_page:
        require_image(output, picture)
    require_vectors(vectors)
    lines = [] if words_file is None else read_word_list(words_file, UsageError)
    from w2v.pictures import draw_map, make_map, map_need, require_matplotlib, save_page

    if not is_page:
        require_matplotlib(picture.font)
    top = None if lines else options.top
    encoding = build(EncodingOptions, parameters)
    size = size_to_load(vectors, cache=not no_cache, encoding=encoding, top=top)
    shown = min(size.rows, len(lines) or options.top)
    need = size.reading.then(map_need(shown, size.dim, options))
    advice = "lower `top`"
    if not is_page:
        from w2v.pictures.map_image import drawing_need

        need = need.then(drawing_need(shown, output, picture))
        advice = "lower `top` or `dpi`"
    if dry_run:
        show_need(need, size)
        return
    need.require(f"{vectors}: a map of {counted(shown, 'word')} needs about", lambda _: advice, VectorsError)
    with ConsoleProgress(quiet=quiet) as progress:
        loaded = load_vectors(vectors, cache=not no_cache, encoding=encoding, top=top)
        words, unknown = chosen_words(lines, loaded)
        if unknown and not words:
            raise UsageError(f"{words_file}: none of its {counted(len(lines), 'word')} is in {vectors}")
        if unknown:
            progress.note(left_out(unknown, len(lines), str(vectors)))
        word_map = make_map(loaded, options, words=words, progress=progress)
        title = vectors.name if title is None else title
        groups = counted(len(word_map.cluster_names), "group")
        saved = f"saved {counted(len(word_map.words), 'word')} in {groups} to {output}"
        if is_page:
            save_page(word_map, output, title, picture)
        else:
            drawing = draw_map(word_map, output, title, picture)
            for note in drawing.notes:
                progress.note(note)
            saved += f"; {drawing.summary}"
        progress.say(saved)
