"""A map as a web page: one file with data, styles and scripts, which works offline."""

from __future__ import annotations

import base64
import html
import json
import os
import string
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from w2v.files import replacing
from w2v.options import PictureOptions
from w2v.options.pictures import SMALL_MAP_WORDS
from w2v.pictures.colors import palette
from w2v.pictures.word_map import WordMap

_SCRIPTS = ("data.js", "labels.js", "names.js", "points.js", "view.js", "panel.js", "main.js")
_POSITION_STEPS = 65535  # exact to the pixel in a map 65,000 pixels wide
_SMALL_FONT_SIZE, _FONT_SIZE = 12.0, 9.0  # points; a screen is farther from the eye than paper
_SIMILARITY_STEPS = 10_000  # four decimal places, as on the command line


def save_page(
    word_map: WordMap, path: str | os.PathLike[str], title: str, options: PictureOptions | None = None
) -> None:
    """Write the map as a web page that works offline.

    Args:
        word_map: the map.
        path: the file.
        title: the title of the page.
        options: the font size counts; the browser has its own fonts, and the map fills its window.

    Raises:
        OutputError: the file can't be written; an earlier one is unchanged.
    """
    folder = files("w2v.pictures") / "page"
    template = string.Template((folder / "page.html").read_text("utf-8"))
    page = template.substitute(
        title=html.escape(title),
        style=(folder / "style.css").read_text("utf-8"),
        script="\n".join((folder / name).read_text("utf-8") for name in _SCRIPTS),
        data=_json(_data(word_map, title, options or PictureOptions())),
    )
    with replacing(path) as stream:
        stream.write(page.encode())


def _data(word_map: WordMap, title: str, options: PictureOptions) -> dict[str, object]:
    """Return the data for `data.js`: text as it is, numbers as little-endian bytes in base64."""
    neighbours = word_map.neighbours
    return {
        "title": title,
        "words": word_map.words,
        "names": word_map.cluster_names,
        "colors": {
            "light": palette(len(word_map.clusters.centers), dark=False),
            "dark": palette(len(word_map.clusters.centers), dark=True),
        },
        "fontSize": _font_size(len(word_map.words), options),
        "explained": word_map.explained,
        "isSmall": len(word_map.words) < SMALL_MAP_WORDS,
        "neighbourCount": neighbours.rows.shape[1],
        "positions": _base64(np.rint(word_map.positions * _POSITION_STEPS), "<u2"),
        "clusters": _base64(word_map.clusters.labels, "u1"),
        "neighbours": _base64(neighbours.rows, "<u2"),
        "similarities": _base64(np.rint(neighbours.similarity * _SIMILARITY_STEPS), "<i2"),
    }


def _font_size(words: int, options: PictureOptions) -> float:
    """Return the size of labels in CSS pixels, of which a point has 4/3."""
    default = _SMALL_FONT_SIZE if words < SMALL_MAP_WORDS else _FONT_SIZE
    return round((options.font_size or default) * 4 / 3, 2)


def _base64(values: npt.NDArray[np.generic], kind: str) -> str:
    return base64.b64encode(values.astype(kind).tobytes()).decode("ascii")


def _json(data: object) -> str:
    """Return JSON that is safe in a script element: without `<`, and without lone surrogates."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return text.encode("utf-8", "replace").decode("utf-8")
