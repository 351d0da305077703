"""`w2v map`: words on a plane, as a page to look around in or as an image."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from w2v.cli.commands import Command
from w2v.cli.console_progress import ConsoleProgress
from w2v.cli.declaring import (
    FILE_NAME,
    build,
    field_option,
    load_vectors,
    no_cache_option,
    option,
    quiet_option,
    require_vectors,
    threads_option,
    vectors_argument,
)
from w2v.cli.outputs import check_picture
from w2v.errors import UsageError
from w2v.options import MapOptions
from w2v.options.pictures import DEFAULT_MAP
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
    help="Where to draw: .html is a page to look around in, .png and .svg are images.",
)
@option("--title", metavar="TEXT", heading="Output", help="What to write above.  [default: the name of VECTORS]")
@field_option(
    MapOptions,
    "top",
    type=int,
    metavar="N",
    heading="Words",
    help="Show the first N words, which are the most frequent.",
)
@option(
    "--words",
    "words_file",
    type=FILE_NAME,
    metavar="FILE",
    heading="Words",
    help="Show the words in FILE instead, one a line; - is standard input.",
)
@field_option(
    MapOptions,
    "neighbours",
    type=int,
    metavar="N",
    heading="Words",
    help="How many of the closest words the page knows for each.",
)
@field_option(
    MapOptions,
    "clusters",
    declarations=("-k", "--clusters"),
    type=int,
    metavar="N",
    default_text="by the number of words, 40 at most",
    heading="Layout",
    help="How many groups to color.",
)
@field_option(
    MapOptions,
    "perplexity",
    type=float,
    metavar="X",
    heading="Layout",
    help="How many words each one is kept near to: fewer bring out small groups, more the large shape.",
)
@field_option(MapOptions, "seed", type=int, metavar="N", heading="Layout", help="Where random choices start.")
@threads_option
@quiet_option
@no_cache_option
def map_command(
    vectors: Path,
    output: Path,
    title: str | None,
    words_file: Path | None,
    quiet: bool,
    no_cache: bool,
    **parameters: Any,
) -> None:
    """Draw a map of words, on which words of like meaning lie together (t-SNE).

    The page needs no network: open it in any browser to move, zoom, search a word and see its closest ones. VECTORS is
    what 'w2v similar' can ask: vectors.txt or what the variable W2V_VECTORS names unless given.

    Examples:
      w2v map vectors.txt -o map.html
      w2v map vectors.txt -o map.png --top 2000
      w2v map vectors.txt -o cities.svg --words cities.txt
    """
    options = build(MapOptions, parameters)
    check_picture(output)
    require_vectors(vectors)
    words = [] if words_file is None else _read_words(words_file)
    from w2v.pictures import draw_map, make_map, require_matplotlib, save_page

    is_page = output.suffix.lower() == ".html"
    if not is_page:
        require_matplotlib()
    with ConsoleProgress(quiet=quiet) as progress:
        loaded = load_vectors(vectors, cache=not no_cache)
        word_map = make_map(loaded, options, words=words, progress=progress)
        save = save_page if is_page else draw_map
        save(word_map, output, vectors.name if title is None else title)
        progress.say(
            f"drew {len(word_map.words):,} words in {counted(len(word_map.cluster_names), 'group')}, saved to {output}"
        )


def _read_words(path: Path) -> list[str]:
    """Return the words of a file, one a line, in its order.

    Raises:
        UsageError: the file can't be read, is not UTF-8, or holds no words.
    """
    try:
        text = (sys.stdin.buffer.read() if path == Path("-") else path.read_bytes()).decode("utf-8-sig")
    except OSError as error:
        raise UsageError(
            f"--words {path}: can't be read ({error.strerror}); name a file with one word a line"
        ) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"--words {path}: is not UTF-8; save it as UTF-8, one word a line") from error
    words = [word for line in text.split("\n") if (word := line.strip())]
    if not words:
        raise UsageError(f"--words {path}: holds no words; write one a line")
    return words
