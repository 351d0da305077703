"""Files of formats whose parts lie anywhere in them, so that they can't be read as a stream."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator
from typing import IO, cast
from zipfile import ZipFile, ZipInfo

from w2v.compression import is_damage
from w2v.errors import CorpusError, W2VError
from w2v.readers.opened_text import MOST_AT_ONCE, NoTextError, OpenedText
from w2v.wording import in_one_line


def searchable(source: OpenedText, recognises: Callable[[bytes], bool], kind: str) -> IO[bytes]:
    """Return a file at its start: the source itself, or what is in a pipe or compressed file, held in memory.

    Args:
        source: the file.
        recognises: says whether it is of its format, by its first bytes.
        kind: the name of the format, for messages.

    Raises:
        CorpusError: it is longer than MOST_AT_ONCE and no plain file.
    """
    raw = cast("IO[bytes]", source.raw)
    with contextlib.suppress(AttributeError, OSError, ValueError):
        place = raw.tell()
        raw.seek(0)
        is_plain = recognises(raw.read(64))
        raw.seek(0 if is_plain else place)
        if is_plain:
            return raw
    data = b"" if source.is_converted else source.whole()
    if source.is_converted or len(data) > MOST_AT_ONCE:
        limit = "" if source.is_converted else f" if it is longer than {MOST_AT_ONCE >> 20} MB"
        raise CorpusError(
            f"{source.name}: {kind} can't be read from a pipe or a compressed file{limit}; name the file itself"
        )
    return io.BytesIO(data)


class Archive:
    """A document that is a ZIP archive of parts, read one by one.

    Args:
        file: the archive.
        name: of the document, for messages.
        kind: what it should be, such as "EPUB".

    Raises:
        NoTextError: it is no such archive.
    """

    def __init__(self, file: IO[bytes], name: str, kind: str) -> None:
        self._name, self._kind = name, kind
        with self._errors():
            self._archive = ZipFile(file)

    def read(self, part: str) -> bytes:
        """Return a part.

        Raises:
            NoTextError: it is missing, encrypted or damaged.
            CorpusError: it is longer than MOST_AT_ONCE.
        """
        with self._errors():
            self._require_short(self._archive.getinfo(part))
            return self._archive.read(part)

    def require_short_parts(self) -> None:
        """Check the parts of a document that a package reads whole.

        Raises:
            CorpusError: one is longer than MOST_AT_ONCE.
        """
        for part in self._archive.infolist():
            self._require_short(part)

    def damaged(self) -> NoTextError:
        """Return the error of a document that is damaged."""
        return NoTextError(self._name, f"is damaged, or no {self._kind}", "; get the file again")

    def _require_short(self, part: ZipInfo) -> None:
        if part.file_size > MOST_AT_ONCE:
            name = in_one_line(part.filename)
            raise CorpusError(f"{self._name}: its part {name} is longer than {MOST_AT_ONCE >> 20} MB; split it")

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        """Turn what zipfile, and what decompresses for it, raise into errors of the document."""
        try:
            yield
        except (W2VError, MemoryError):
            raise
        except Exception as error:
            if isinstance(error, OSError) and not is_damage(error):
                raise
            is_encrypted = isinstance(error, RuntimeError) and not isinstance(error, NotImplementedError)
            if is_encrypted:  # NotImplementedError is about how a part is compressed
                raise NoTextError(self._name, "is encrypted", "; save it without a password") from error
            raise self.damaged() from error
