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
from w2v.pictures.colors import palette
from w2v.pictures.word_map import WordMap

_SCRIPTS = ("data.js", "labels.js", "points.js", "view.js", "panel.js", "main.js")
_POSITION_STEPS = 65535  # exact to the pixel in a map 65,000 pixels wide
_SIMILARITY_STEPS = 10_000  # four decimal places, as on the command line


def save_page(word_map: WordMap, path: str | os.PathLike[str], title: str) -> None:
    """Write the map as a web page that works offline.

    Raises:
        OutputError: the file can't be written; an earlier one is unchanged.
    """
    folder = files("w2v.pictures") / "page"
    template = string.Template((folder / "page.html").read_text("utf-8"))
    page = template.substitute(
        title=html.escape(title),
        style=(folder / "style.css").read_text("utf-8"),
        script="\n".join((folder / name).read_text("utf-8") for name in _SCRIPTS),
        data=_json(_data(word_map, title)),
    )
    with replacing(path) as stream:
        stream.write(page.encode())


def _data(word_map: WordMap, title: str) -> dict[str, object]:
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
        "neighbourCount": neighbours.rows.shape[1],
        "positions": _base64(np.rint(word_map.positions * _POSITION_STEPS), "<u2"),
        "clusters": _base64(word_map.clusters.labels, "u1"),
        "neighbours": _base64(neighbours.rows, "<u2"),
        "similarities": _base64(np.rint(neighbours.similarity * _SIMILARITY_STEPS), "<i2"),
    }


def _base64(values: npt.NDArray[np.generic], kind: str) -> str:
    return base64.b64encode(values.astype(kind).tobytes()).decode("ascii")


def _json(data: object) -> str:
    """Return JSON that is safe in a script element: without `<`, and without lone surrogates."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return text.encode("utf-8", "replace").decode("utf-8")
