"""Compressed files: gzip, bzip2, xz and, where Python has a module for it, zstd.

Input is recognised by its first bytes; output is compressed if the name of the file says so.
"""

from __future__ import annotations

import contextlib
import re
import sys
import zlib
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast

from w2v.errors import MissingExtraError
from w2v.zip_archive import is_zip

if TYPE_CHECKING:
    from io import BufferedReader

GZIP, XZ, ZSTD = b"\x1f\x8b", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd"
ENDINGS = (".gz", ".bz2", ".xz", ".zst")  # of the names that compressed files usually have
_GZIP_LEVEL = 4  # with vectors, 6 takes three times as long for 4% less
BZIP2 = re.compile(rb"BZh[1-9](1AY&SY|\x17rE8P\x90)")  # up to a block's mark or the stream's end


def decompressed(stream: BufferedReader) -> IO[bytes]:
    """Return `stream` itself if its bytes are plain, or else a stream of the decompressed bytes.

    Args:
        stream: a buffered binary stream, which may be a pipe.

    Raises:
        MissingExtraError: they are compressed with zstd, and this Python can't read that.
    """
    start = stream.peek(10)
    if start.startswith(GZIP):
        import gzip

        return cast(IO[bytes], gzip.GzipFile(fileobj=stream, mode="rb"))
    if BZIP2.match(start):
        import bz2

        return cast(IO[bytes], bz2.BZ2File(stream))
    if start.startswith(XZ):
        import lzma

        return cast(IO[bytes], lzma.LZMAFile(stream))
    if start.startswith(ZSTD):
        return _zstd(stream)
    return stream


def looks_compressed(start: bytes) -> bool:
    """Say whether data that starts so is taken for compressed, or for a ZIP archive."""
    return bool(start.startswith((GZIP, XZ, ZSTD)) or is_zip(start) or BZIP2.match(start))


def without_compression(name: str) -> tuple[str, str]:
    """Return a file's name without the ending of a compressed file, and that ending in lower case, or "".

    Example:
        >>> without_compression("news.txt.GZ"), without_compression("news.txt")
        (('news.txt', '.gz'), ('news.txt', ''))
    """
    ending = next((known for known in ENDINGS if name.lower().endswith(known)), "")
    return name[: len(name) - len(ending)], ending


def require_compressor(ending: str) -> None:
    """Make sure, before long work, that files with an ending of `ENDINGS`, or "", can be written.

    Raises:
        MissingExtraError: this Python can't write zstd.
    """
    if ending == ".zst":
        _zstd_file("writing zstd")


@contextlib.contextmanager
def compressing(stream: BinaryIO, ending: str) -> Iterator[BinaryIO]:
    """Yield a stream that writes to `stream` compressed, as an ending of `ENDINGS` says, or as it is for "".

    The same bytes are always compressed to the same bytes: no time and no name is kept with them.

    Raises:
        MissingExtraError: this Python can't write zstd.
    """
    if not ending:
        yield stream
        return
    with _compressor(stream, ending) as compressed:
        yield cast(BinaryIO, compressed)


def _compressor(stream: BinaryIO, ending: str) -> Any:
    if ending == ".gz":
        import gzip

        return gzip.GzipFile(filename="", mode="wb", compresslevel=_GZIP_LEVEL, fileobj=stream, mtime=0)
    if ending == ".bz2":
        import bz2

        return bz2.BZ2File(stream, "wb")
    if ending == ".xz":
        import lzma

        return lzma.LZMAFile(stream, "wb")
    return _zstd_file("writing zstd")(stream, "wb")


def is_damage(error: Exception) -> bool:
    """Say whether `error`, raised while a decompressed stream was read, means damaged or cut compressed data."""
    if isinstance(error, EOFError | zlib.error):
        return True
    if isinstance(error, OSError) and error.errno is None:  # gzip and bz2 have no class of their own
        return True
    return type(error).__name__ in ("LZMAError", "ZstdError", "BadZipFile")


def _zstd(stream: BufferedReader) -> IO[bytes]:
    return cast(IO[bytes], _zstd_file("reading zstd")(stream))


def _zstd_file(feature: str) -> Any:
    """Return the class of files compressed with zstd; `feature` is what needs it."""
    try:
        if sys.version_info >= (3, 14):
            from compression.zstd import ZstdFile
        else:
            from backports.zstd import ZstdFile
    except ImportError:
        raise MissingExtraError(feature, "zstd") from None
    return ZstdFile
