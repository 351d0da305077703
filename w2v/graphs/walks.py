"""Random walks on a graph as text: a walk in each line, made while it is read."""

from __future__ import annotations

import io
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, closing
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from w2v.corpus.sources import BinaryStream
from w2v.graphs.node2vec import Bias, take_steps
from w2v.graphs.weighted_graph import WeightedGraph
from w2v.kernels.random import stream_key
from w2v.options import WalkOptions
from w2v.parallel import map_in_order
from w2v.progress import Progress, Silent
from w2v.tokens.spelled_text import SpelledWords

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_MOST_TOGETHER, _MOST_NODES = 1024, 1 << 18  # walks, and their nodes, that one thread takes at once


class Walks:
    """Random walks on a graph: a source of text for `w2v.train`, with the names of nodes as tokens.

    `walks_per_node` times, a walk starts at each node, each time in another random order. Nothing is kept: each time
    that they are read, the same walks are made again, whatever the number of threads.

    Attributes:
        graph: the graph.
        options: how it is walked.

    Example:
        >>> import w2v
        >>> walks = w2v.walks(edges=[("a", "b"), ("b", "c")], walk_length=4, walks_per_node=1)
        >>> len(walks), [len(walk) for walk in walks]
        (3, [4, 4, 4])
        >>> w2v.train(walks, dim=10, min_count=1)
        <Vectors: 3 words x 10>
    """

    name, size, is_named = "walks", None, True

    def __init__(self, graph: WeightedGraph, options: WalkOptions) -> None:
        self.graph, self.options = graph, options
        self._words = SpelledWords(graph.nodes)

    def __repr__(self) -> str:
        nodes, edges = len(self.graph.nodes), self.graph.n_edges
        return f"<Walks: {len(self):,} on {nodes:,} nodes and {edges:,} edges>"

    def __len__(self) -> int:
        return self.options.walks_per_node * len(self.graph.nodes)

    def __iter__(self) -> Iterator[list[str]]:
        """Yield each walk as the names of its nodes."""
        with closing(self._blocks()) as blocks:
            for _, lines in blocks:
                for line in bytes(lines).decode().splitlines():
                    yield line.split(" ")

    def open(self) -> AbstractContextManager[BinaryStream]:
        """Return the walks as UTF-8: a line each, spaces between names."""
        return _WalkBytes(self._blocks())

    def write(self, stream: BinaryIO, progress: Progress | None = None) -> None:
        """Write the walks as UTF-8: a line each, spaces between names.

        Args:
            stream: where to write.
            progress: receives progress in walks.
        """
        progress = progress or Silent()
        done = 0
        progress.start("walking", len(self), "walks")
        try:
            with closing(self._blocks()) as blocks:
                for n, lines in blocks:
                    stream.write(lines)
                    done += n
                    progress.update(done)
        finally:
            progress.finish()

    def _blocks(self) -> Generator[tuple[int, memoryview], None, None]:
        """Yield the walks in blocks: how many, and their lines."""
        options = self.options
        width = options.walk_length + 1
        together = max(1, min(_MOST_TOGETHER, _MOST_NODES // width))
        bias = Bias(1 / options.p, 1 / options.q)
        n_nodes = len(self.graph.nodes)

        def starts() -> Iterator[tuple[np.uint64, np.ndarray]]:
            for turn in range(options.walks_per_node):
                order = np.random.default_rng((options.seed, turn)).permuted(np.arange(n_nodes, dtype=np.int32))
                for block, first in enumerate(range(0, n_nodes, together)):
                    yield stream_key(options.seed, turn, block), order[first : first + together]

        def walk(start: tuple[np.uint64, np.ndarray]) -> tuple[int, memoryview]:
            key, nodes = start
            walks = np.empty((len(nodes), width), np.int32)
            take_steps(self.graph.arrays, bias, nodes, key, walks)
            return len(nodes), self._words.lines(walks.reshape(-1))

        yield from map_in_order(walk, starts(), options.threads)


class _WalkBytes(io.RawIOBase):
    """The lines of walks as a file."""

    def __init__(self, blocks: Generator[tuple[int, memoryview], None, None]) -> None:
        self._blocks = blocks
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill some of the buffer and return the number of bytes, 0 at the end."""
        if not self._ready:
            _, self._ready = next(self._blocks, (0, self._ready))
        with memoryview(buffer) as view:
            n = min(len(view), len(self._ready))
            view[:n], self._ready = self._ready[:n], self._ready[n:]
        return n

    def close(self) -> None:
        """Stop the threads."""
        self._blocks.close()
        super().close()
