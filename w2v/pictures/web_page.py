"""A map as one web page: data, styles and scripts in a single file that needs no network."""

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
_POSITION_STEPS = 65535  # a map shown 65,000 pixels wide still has each word on its own pixel
_SIMILARITY_STEPS = 10_000  # four decimals, as the command line shows them


def save_page(word_map: WordMap, path: str | os.PathLike[str], title: str) -> None:
    """Write the map as a web page that holds everything it needs.

    Raises:
        OutputError: the file can't be written; what stood there is unchanged.
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
    """Return what `data.js` reads: text as it is, numbers as little-endian bytes in base64."""
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
    """Return JSON that can stand in a script element: no tag can begin in it, and no lone surrogate is left."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return text.encode("utf-8", "replace").decode("utf-8")
