"""Edge lists: files with an edge in each line, `from to` or `from to weight`, as tools for graphs write them."""

from __future__ import annotations

import csv
import itertools
import math
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.corpus.sentence_lines import LineBytes
from w2v.corpus.sources import BinaryStream, Source, Sources, resolve
from w2v.corpus.text_blocks import TEXT_BYTES, BlockFiller, TextBlock
from w2v.corpus.text_stream import TextStream
from w2v.errors import CorpusError, GraphError
from w2v.graphs.edge_fields import (
    BAD_WEIGHT,
    COMMAS,
    COMMENTS,
    FINE,
    NO_NAME,
    NO_WEIGHT,
    ONE_NAME,
    OPEN_QUOTE,
    SEMICOLONS,
    TABS,
    TOO_MANY,
    WHITE,
    take_fields,
)
from w2v.options import CorpusOptions
from w2v.options.checks import shown
from w2v.options.text_formats import PLAIN
from w2v.progress import Progress, Silent
from w2v.tokens.scanner import WordTable
from w2v.tokens.utf8 import NEWLINE, SPACE, blank_wide_spaces
from w2v.wording import counted, quoted

_LINES = CorpusOptions(text_format=PLAIN)
_OF_OURS = "holds vectors"  # what numbers in lines can be taken for
_HEADERS = ({"source", "src", "from"}, {"target", "dst", "to", "destination"}, {"weight", "weights", "count", "value"})
_NO_HEADER = "; if the line names the columns, delete it or start it with #"
_WRONG = {
    ONE_NAME: "has only one name; an edge is a line with two, such as 'a b' or 'a b 0.5'",
    NO_NAME: "has an empty name; an edge is two names and perhaps a weight",
    TOO_MANY: "has more than two names and a weight; take columns out, as with cut -f1-3, or use `unweighted`",
    NO_WEIGHT: "has no weight, unlike the first edge; add it, or use `unweighted`",
    OPEN_QUOTE: "has a quote that does not end where a field does; correct it",
}


class Edges(NamedTuple):
    """Edges as they are listed.

    Attributes:
        nodes: the names of the N nodes, numbered as they came.
        sources: (E,) int32, the node in which each edge starts.
        targets: (E,) int32, the node in which it ends.
        weights: (E,) float64, or None if no edge has one.
    """

    nodes: WordTable
    sources: npt.NDArray[np.int32]
    targets: npt.NDArray[np.int32]
    weights: npt.NDArray[np.float64] | None


class _EdgeLayout(NamedTuple):
    """How the lines of a file are laid out: what separates fields, whether there are weights, where a header is."""

    separator: int
    has_weights: bool
    header: slice


@dataclass(frozen=True)
class EdgesInMemory:
    """Edges in memory, or made as they are needed: each a pair of names, or a pair and a weight.

    A weight of None is 1, as in networkx.
    """

    edges: Iterable[Iterable[object]]
    name: str = field(default="edges", init=False)
    size: None = field(default=None, init=False)
    is_named: bool = field(default=True, init=False)

    def open(self) -> AbstractContextManager[BinaryStream]:
        """Return the edges as lines of an edge list, tabs between the fields."""
        return LineBytes(map(_line, self.edges, itertools.count(1)))


def _line(edge: Iterable[object], number: int) -> str:
    """Return an edge as a line.

    Raises:
        GraphError: it is no pair of names, or a name can't be in a line.
    """
    fields = [edge] if isinstance(edge, str | bytes) or not isinstance(edge, Iterable) else list(edge)
    if len(fields) not in (2, 3):
        raise GraphError(f"edge {number}: must be two nodes and perhaps a weight, not {shown(edge)}")
    *names, weight = (*fields, 1.0)[:3]
    for name in names:
        text = name if isinstance(name, str) else str(name)
        if name is None or name != name or "\t" in text or not text.split() or len(text.splitlines()) != 1:
            raise GraphError(f"edge {number}: {shown(name)} can't be the name of a node; names are texts or numbers")
    try:
        value = 1.0 if weight is None else float(weight)
    except (TypeError, ValueError):
        value = math.nan
    if not 0 < value < math.inf:
        raise GraphError(f"edge {number}: the weight must be a finite number of more than 0, not {shown(weight)}")
    return f"{names[0]}\t{names[1]}\t{value!r}\n"


def read_edges(sources: Sources, *, unweighted: bool = False, progress: Progress | None = None) -> Edges:
    r"""Read edge lists: plain or compressed text with tabs, commas, semicolons or white space between
    fields.

    The first edge of each file says what separates fields, and whether there are weights. Lines that start with `#` or
    `%` are comments, and a first line such as `source,target,weight` is a header.

    Args:
        sources: files, folders and other places, as for w2v.corpus.resolve.
        unweighted: ignore weights, and whatever else stands behind the names.
        progress: receives progress in bytes, and notes.

    Raises:
        GraphError: a line is malformed, or there are no edges.
        CorpusError: a source can't be read.

    Example:
        >>> edges = read_edges(EdgesInMemory([("a", "b", 2), ("b", "c", 0.5)]))
        >>> edges.nodes.spelling().tobytes(), edges.targets.tolist(), edges.weights.tolist()
        (b'a b c ', [1, 2], [2.0, 0.5])
    """
    progress = progress or Silent()
    found = resolve(sources).sources
    sizes = [source.size for source in found]
    reader = _EdgeReader(unweighted)
    progress.start("reading", None if None in sizes else sum(size or 0 for size in sizes), "B")
    try:
        before = 0
        for source in found:
            for bytes_read in reader.read(source):
                progress.update(before + bytes_read)
            before += source.size or 0
    finally:
        progress.finish()
    if reader.headers:
        first, *others = reader.headers
        also = f" and {counted(len(others), 'more file')}" if others else ""
        progress.note(f"took the first line of {first}{also} for the names of columns")
    if reader.n_joined:
        progress.note(
            f"{counted(reader.n_joined, 'blank')} inside names became _, since walks have blanks between names"
        )
    return reader.edges(found[0].name)


class _EdgeReader:
    """Collects the edges of files.

    Attributes:
        n_joined: how many blanks inside names became `_`.
        headers: the files whose first line names the columns.
    """

    def __init__(self, unweighted: bool) -> None:
        self._unweighted = unweighted
        self._nodes = WordTable()
        self._ends: list[npt.NDArray[np.int32]] = []  # (2, edges) of each block
        self._weights: list[npt.NDArray[np.float64]] = []
        self._is_weighted = False
        self._ids = np.empty(0, np.int32)
        self.n_joined = 0
        self.headers: list[str] = []

    def read(self, source: Source) -> Iterator[int]:
        """Read one file; yield how many of its bytes have been read, now and then."""
        layout = None
        try:
            with source.open() as raw:
                text = TextStream(source.name, raw, _LINES, is_plain=True)
                if text.content is not None and text.content.complaint and not text.content.holds.startswith(_OF_OURS):
                    raise CorpusError(text.content.complaint)
                for block in _blocks(source.name, text):
                    if (wrong := blank_wide_spaces(block.text, block.length)) != block.length:
                        raise GraphError(f"{block.locate(wrong)}: not UTF-8 text; convert the file, as with iconv")
                    block.text[block.length] = NEWLINE
                    is_first = layout is None
                    if layout is None and (layout := _layout_of(block)) is not None and layout.header.stop:
                        self.headers.append(source.name)
                        block.text[layout.header] = SPACE
                        is_first = False
                    if layout is not None:
                        self._add(block, layout, may_have_header=is_first)
                    yield block.bytes_read
        except OSError as error:
            raise CorpusError(f"{source.name}: can't be read ({error.strerror or error})") from error

    def _add(self, block: TextBlock, layout: _EdgeLayout, *, may_have_header: bool) -> None:
        text, length = block.text, block.length + 1
        has_weights = layout.has_weights and not self._unweighted
        weights = np.empty(length // 4 + 1)  # of the shortest edges, such as "a b\n"
        n, joined, wrong, position = take_fields(
            text, block.length, layout.separator, has_weights, self._unweighted, weights
        )
        if wrong == BAD_WEIGHT:
            rest = text[position:length].tobytes().splitlines()[0]
            value = _split(rest.decode(), layout.separator)[0].strip()
            advice = _NO_HEADER if may_have_header and n == 0 else ""
            raise GraphError(
                f"{block.locate(position)}: must have a finite weight of more than 0 behind two names, not"
                f" {quoted(value)}; correct it, or use `unweighted`{advice}"
            )
        if wrong != FINE:
            raise GraphError(f"{block.locate(position)}: {_WRONG[wrong]}")
        self.n_joined += joined
        if len(self._ids) <= length:
            self._ids = np.empty(length + 1, np.int32)
        ids = self._ids[: self._nodes.scan(text, length, self._ids)].reshape(n, 3)
        self._ends.append(ids[:, :2].T.copy())
        self._weights.append(weights[:n].copy() if has_weights else np.broadcast_to(1.0, n))
        self._is_weighted |= has_weights

    def edges(self, name: str) -> Edges:
        """Return all edges.

        Raises:
            GraphError: there are none.
        """
        if not sum(ends.shape[1] for ends in self._ends):
            raise GraphError(f"{name}: has no edges; an edge is a line such as 'a b' or 'a b 0.5'")
        sources, targets = (np.concatenate([ends[i] for ends in self._ends]) for i in range(2))
        self._ends.clear()
        return Edges(self._nodes, sources, targets, np.concatenate(self._weights) if self._is_weighted else None)


def _blocks(name: str, text: TextStream) -> Iterator[TextBlock]:
    """Yield the text of one file in blocks of whole lines."""
    filler = BlockFiller(TEXT_BYTES, "line")
    filler.begin(name)
    while filler.fill(text):
        while filler.is_full:
            yield from filler.cut(text.bytes_read)
    yield from filler.rest(text.bytes_read)


def _layout_of(block: TextBlock) -> _EdgeLayout | None:
    """Return how the first edge of a block is laid out; None if there is none."""
    place = 0
    for line in block.text[: block.length].tobytes().splitlines(keepends=True):
        start = place
        place += len(line)
        if not line.strip() or line.lstrip()[:1] in COMMENTS:
            continue
        separator = _separator_of(line.strip())
        fields = [field.strip().strip('"') for field in _split(line.decode(), separator)]
        header = slice(start, start + len(line.rstrip())) if _is_header(fields) else slice(0)
        return _EdgeLayout(separator, any(fields[2:]), header)
    return None


def _separator_of(line: bytes) -> int:
    """Return what separates the fields of a line: tabs, the more frequent of commas and semicolons, or white space."""
    if b"\t" in line:
        return TABS
    for text in (b"".join(line.split(b'"')[::2]), line):  # a quote may also be part of a name, as in 5" pipe
        n_commas, n_semicolons = text.count(b","), text.count(b";")
        if n_commas + n_semicolons:
            return COMMAS if n_commas >= n_semicolons else SEMICOLONS
    return WHITE


def _split(line: str, separator: int) -> list[str]:
    if separator == WHITE:
        return line.split()
    if separator == TABS:
        return line.split("\t")
    mark = "," if separator == COMMAS else ";"
    try:
        return next(csv.reader([line], delimiter=mark, skipinitialspace=True))
    except csv.Error:  # a field of more than 128 KB
        return line.split(mark)


def _is_header(fields: list[str]) -> bool:
    """Say whether the first line of a table names its columns."""
    names = [name.casefold() for name in fields]
    is_named = len(names) > 1 and all(name in known for name, known in zip(names[:2], _HEADERS, strict=False))
    return is_named or (len(names) > 2 and names[2] in _HEADERS[2])
