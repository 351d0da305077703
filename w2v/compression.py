"""Compressed input, known by its first bytes and not by its name: gzip, bz2, xz and, where Python offers it, zstd."""

from __future__ import annotations

import re
import sys
import zlib
from typing import IO, TYPE_CHECKING, cast

from w2v.errors import MissingExtraError

if TYPE_CHECKING:
    from io import BufferedReader

GZIP, XZ, ZSTD = b"\x1f\x8b", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd"
BZIP2 = re.compile(rb"BZh[1-9](1AY&SY|\x17rE8P\x90)")  # up to a block's mark or the stream's end


def decompressed(stream: BufferedReader) -> IO[bytes]:
    """Return `stream` itself if it holds plain bytes, or else a stream of what it holds compressed.

    Args:
        stream: a buffered binary stream; only peeked at, so a pipe will do.

    Raises:
        MissingExtraError: the bytes are zstd's and this Python has no reader for them.
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


def is_damage(error: Exception) -> bool:
    """Say whether `error`, raised while reading a decompressed stream, means damaged or cut compressed data."""
    if isinstance(error, EOFError | zlib.error):
        return True
    if isinstance(error, OSError) and error.errno is None:  # gzip and bz2 have no class of their own
        return True
    return type(error).__name__ in ("LZMAError", "ZstdError")


def _zstd(stream: BufferedReader) -> IO[bytes]:
    try:
        if sys.version_info >= (3, 14):
            from compression.zstd import ZstdFile
        else:
            from backports.zstd import ZstdFile
    except ImportError:
        feature = "reading zstd"
        raise MissingExtraError(feature, "zstd") from None
    return cast(IO[bytes], ZstdFile(stream))
