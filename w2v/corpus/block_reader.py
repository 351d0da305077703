"""The text of all sources, one after another, as blocks that no token crosses."""

from __future__ import annotations

import contextlib
import glob
import io
from collections.abc import Callable, Iterator

from w2v.corpus.sources import BinaryStream, FileSource, Sentences, Source, Sources, resolve
from w2v.corpus.text_blocks import TEXT_BYTES, BlockFiller, TextBlock
from w2v.corpus.text_stream import READ_AHEAD, StreamBytes, TextStream
from w2v.corpus.zipped import ZipMember
from w2v.errors import CorpusError, MissingExtraError, UsageError
from w2v.options import CorpusOptions
from w2v.options.text_formats import BASKETS, TextFormat, users_of
from w2v.options.tokens import cutter_of
from w2v.readers.extracted_text import ExtractedText, documents_of
from w2v.readers.opened_text import NoTextError, OpenedText, Problems
from w2v.wording import counted

_CUT_BYTES = 1 << 17  # of a block that another package cuts


class BlockReader:
    """The text of all sources, as blocks. Can be iterated over once.

    Attributes:
        total_bytes: bytes of all sources to read, before decompression; None where that is unknown.
        problems: what was wrong with records of formats other than plain text.
    """

    def __init__(
        self,
        sources: Sources,
        block_bytes: int = TEXT_BYTES,
        options: CorpusOptions = CorpusOptions(),  # noqa: B008 - immutable
        *,
        apart: bool = False,
    ) -> None:
        """Find all sources, and look at the start of each file in a folder.

        Args:
            sources: files, folders, "-" for standard input, or other sources; one of them or a sequence.
            block_bytes: size of a block.
            options: the encoding, what a sentence is, and which files of folders to read.
            apart: whether a source at least as large as a block begins one, so that its blocks don't depend on the
                sources before it.

        Raises:
            CorpusError: a file is missing, or a folder has no text.
            UsageError: a name is empty.
            MissingExtraError: fsspec is not installed, which addresses need.
        """
        self._options, self._apart = options, apart
        # Other packages are slow, so that large blocks would leave threads idle at the end. With `dedup`, blocks stay
        # large, since a sentence that crosses their ends is not compared.
        is_cut = cutter_of(options.tokens) is not None and not options.dedup
        self._block_bytes = min(block_bytes, _CUT_BYTES) if is_cut else block_bytes
        self._formats_read: set[TextFormat] = set()
        self._missing: list[tuple[str, MissingExtraError]] = []  # names of sources, and what they need
        self._has_read = False
        self.problems = Problems(skips=options.skip_bad_records)
        found = resolve(sources, options.include, options.exclude)
        self._are_many = len(found.sources) > 1
        self._left_out = [(name, f"can't be read ({reason})") for name, reason in found.unreadable]
        self._sources = [source for source in found.sources if not self._is_left_out(source)]
        _require_text(found.sources, self._sources, self._left_out)
        sizes = [source.size for source in self._sources]
        self.total_bytes = None if None in sizes else sum(size for size in sizes if size is not None)

    @property
    def name(self) -> str:
        """The sources in a few words, for messages."""
        first, *others = (source.name for source in self._sources)
        return f"{first} and {len(others)} more" if others else first

    @property
    def left_out(self) -> list[tuple[str, str]]:
        """Sources that nobody named and that are not read, since they hold something else or can't be read.

        Pairs of name and reason, such as "holds vectors, not text"; complete when the last block has been read.
        """
        if not self._missing:
            return self._left_out
        reason = f"can't be read: {MissingExtraError.of_all([error for _, error in self._missing]).message}"
        return [*self._left_out, *((name, reason) for name, _ in self._missing)]

    def begins_block(self, source: Source) -> bool:
        """Return whether a source begins a block, wherever the one before it ends."""
        return self._apart and source.size is not None and source.size >= self._block_bytes

    @property
    def sources(self) -> list[Source]:
        """The sources to read, in order."""
        return list(self._sources)

    def __iter__(self) -> Iterator[TextBlock]:
        """Read the text.

        Raises:
            CorpusError: a source can't be read, is damaged, or is not text.
            MissingExtraError: a package is missing that the format of a source or its compression needs.
            UsageError: `field` or `element` is given, but no source has such.
        """
        filler = BlockFiller(self._block_bytes, self._options.sentence_unit)
        bytes_before = 0
        for source in self._sources:
            if self.begins_block(source):
                yield from filler.cut_apart(bytes_before)
            try:
                with self._way_out(source), source.open() as raw:
                    text = self._opened(source, raw, is_text=_is_in_folder(source))
                    if self._refuses(source, text):
                        bytes_before += source.size or 0
                        continue
                    bytes_read = 0
                    for document, read_so_far in self._documents(source, raw, text):
                        filler.begin(source.name, has_lines=document is text, leave_out=self._leave_out(source))
                        while filler.fill(document):
                            while filler.is_full:
                                yield from filler.cut(bytes_before + read_so_far())
                        bytes_read = read_so_far()
                    bytes_before += bytes_read
            except OSError as error:
                raise CorpusError(f"{source.name}: can't be read ({error.strerror or error})") from error
        if self._missing and not self._has_read:
            raise _named(self._missing[0][0], MissingExtraError.of_all([error for _, error in self._missing]))
        self._require_used()
        yield from self._rest(filler, bytes_before)

    def _rest(self, filler: BlockFiller, bytes_read: int) -> Iterator[TextBlock]:
        return filler.rest(bytes_read)

    def _opened(self, source: Source, raw: BinaryStream, *, is_text: bool = False) -> TextStream:
        is_plain = isinstance(source, Sentences) and self._options.text_format != BASKETS
        return TextStream(source.name, raw, self._options, is_text=is_text, is_plain=is_plain)

    def _documents(
        self, source: Source, raw: BinaryStream, text: TextStream
    ) -> Iterator[tuple[TextStream | ExtractedText, Callable[[], int]]]:
        """Yield the texts of one source, each with a function that returns how many bytes of it have been read.

        Raises:
            NoTextError: the user named the source, and there is no text in it.
        """
        if text.text_format is None:
            self._has_read = True
            yield text, lambda: text.bytes_read
            return
        self._formats_read.add(text.text_format)
        stream = io.BufferedReader(StreamBytes(text), READ_AHEAD)
        opened = OpenedText(source.name, stream, raw, self._options, self.problems)

        def bytes_read() -> int:
            return text.bytes_read if opened.share_read is None else int(opened.share_read * (source.size or 0))

        try:
            for document in documents_of(opened, text.text_format):
                self._has_read = True
                yield document, bytes_read
        except NoTextError as error:
            if source.is_named:
                raise
            self._left_out.append((source.name, error.reason))
        except MissingExtraError as error:
            if source.is_named:
                raise _named(source.name, error) from error
            self._missing.append((source.name, error))

    def _require_used(self) -> None:
        """Refuse an option that no source used, which may have another format than the user thinks.

        Raises:
            UsageError: there is one.
        """
        used = {known.option for known in self._formats_read}
        for option in ("field", "element"):
            if getattr(self._options, option) and option not in used:
                raise UsageError(
                    f"`{option}` is for the formats {users_of(option)}, and {self.name} has none of them; name the"
                    f" format with `text_format`, or leave out `{option}`"
                )

    def _is_left_out(self, source: Source) -> bool:
        """Look at the start of a file in a folder, and say whether it is left out."""
        if not _is_in_folder(source):
            return False
        try:
            with self._way_out(source), source.open() as raw:
                return self._refuses(source, self._opened(source, raw))
        except OSError as error:
            self._left_out.append((source.name, f"can't be read ({error.strerror or error})"))
            return True

    def _leave_out(self, source: Source) -> str:
        """Return how to leave out one of several sources, for messages; empty if there is only one."""
        if not self._are_many:
            return ""
        name = ""
        if isinstance(source, ZipMember) and not source.is_named:
            name = source.member
        elif isinstance(source, FileSource) and source.folder is not None:
            name = source.path.relative_to(source.folder).as_posix()
        return f"leave it out with `exclude={glob.escape(name)}`" if name else "leave it out"

    @contextlib.contextmanager
    def _way_out(self, source: Source) -> Iterator[None]:
        """Add to an error about a file in a folder or archive how to leave that out."""
        try:
            yield
        except CorpusError as error:
            if not (self._are_many and _is_in_folder(source)):
                raise
            joint = ", or" if "; " in error.message else ";"
            raise CorpusError(f"{error.message}{joint} {self._leave_out(source)}") from error

    def _refuses(self, source: Source, text: TextStream) -> bool:
        """Say whether a source that nobody named is left out, since it is not text.

        Raises:
            CorpusError: the user named it.
        """
        if text.content is None:
            return False
        if not source.is_named:
            self._left_out.append((source.name, text.content.holds))
            return True
        if text.content.complaint is not None:
            raise CorpusError(text.content.complaint)
        return False


def _is_in_folder(source: Source) -> bool:
    """Say whether a source is a file in a folder or archive, at whose start the reader looks beforehand.

    Other sources can be read only once.
    """
    return isinstance(source, FileSource | ZipMember) and not source.is_named


def _named(name: str, error: MissingExtraError) -> MissingExtraError:
    """Return an error that names the source that needs a package."""
    return MissingExtraError(f"{name}: {error.feature}", error.extra)


def _require_text(found: list[Source], kept: list[Source], left_out: list[tuple[str, str]]) -> None:
    """Refuse folders of which no file is read.

    Raises:
        CorpusError: there is one.
    """
    with_text = {source.folder for source in kept if isinstance(source, FileSource | ZipMember)}
    files = [source for source in found if isinstance(source, FileSource | ZipMember)]
    folders = [source.folder for source in files if source.folder is not None]
    hollow = next((folder for folder in folders if folder not in with_text), None)
    if hollow is not None or not kept:
        (name, reason), *others = [left for left in left_out if hollow is None or left[0].startswith(str(hollow))]
        also = f", and {counted(len(others), 'other file')} likewise" if others else ""
        raise CorpusError(f"{hollow or name}: holds no text; {name} {reason}{also}")
