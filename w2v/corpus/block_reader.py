"""The text of all sources, one after another, as blocks that no token crosses."""

from __future__ import annotations

from collections.abc import Iterator

from w2v.corpus.sources import Source, Sources, resolve
from w2v.corpus.text_blocks import TEXT_BYTES, BlockFiller, TextBlock
from w2v.corpus.text_stream import TextStream
from w2v.errors import CorpusError
from w2v.file_kinds import MODEL, PICTURE, VECTORS


class BlockReader:
    """The text of all sources, as blocks. Can be iterated over once.

    Attributes:
        total_bytes: bytes of all sources, before decompression; None where that is unknown.
        left_out: sources that nobody named and that were not read, since they hold what w2v writes: pairs of name and
            content, complete when the last block has been read.
    """

    def __init__(self, sources: Sources, block_bytes: int = TEXT_BYTES) -> None:
        """Find all sources, before any is read.

        Raises:
            CorpusError: a file is missing, or a folder has no files.
            UsageError: a name is empty, or has a scheme such as `s3://`.
        """
        self._sources = resolve(sources)
        self._block_bytes = block_bytes
        sizes = [source.size for source in self._sources]
        self.left_out: list[tuple[str, str]] = []
        self.total_bytes = None if None in sizes else sum(size for size in sizes if size is not None)

    @property
    def name(self) -> str:
        """The sources in a few words, for messages."""
        first, *others = (source.name for source in self._sources)
        return f"{first} and {len(others)} more" if others else first

    def __iter__(self) -> Iterator[TextBlock]:
        """Read the text.

        Raises:
            CorpusError: a source can't be read, is damaged, or is not text.
            MissingExtraError: a source is compressed with zstd and this Python can't read that.
        """
        filler = BlockFiller(self._block_bytes)
        bytes_before = 0
        for source in self._sources:
            try:
                with source.open() as raw:
                    text = TextStream(source.name, raw)
                    if self._leaves_out(source, text):
                        bytes_before += source.size or 0
                        continue
                    filler.begin(source.name)
                    while filler.fill(text):
                        while filler.is_full:
                            yield from filler.cut(bytes_before + text.bytes_read)
                    bytes_before += text.bytes_read
            except OSError as error:
                raise CorpusError(f"{source.name}: can't be read ({error.strerror or error})") from error
        yield from filler.rest(bytes_before)

    def _leaves_out(self, source: Source, text: TextStream) -> bool:
        held = text.holds_otherwise
        if held and not source.is_named:
            self.left_out.append((source.name, held.name))
            return True
        if held in (VECTORS, MODEL, PICTURE):
            raise CorpusError(f"{source.name}: holds {held}, not text; name text files only")
        return False
