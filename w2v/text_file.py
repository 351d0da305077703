"""The text of a whole file: plain, compressed or in a ZIP archive."""

from __future__ import annotations

import codecs
import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from w2v.compression import decompressed, is_damage
from w2v.errors import W2VError
from w2v.zip_archive import is_zip, opened_member, place_of

if TYPE_CHECKING:
    from io import BufferedReader
    from pathlib import Path

    from w2v.options.encoding import EncodingOptions

_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_text(path: Path, refusal: type[W2VError], encoding: EncodingOptions | None = None) -> str:
    """Return the text of a file, plain or compressed, without a byte order mark.

    Args:
        path: the file, or ARCHIVE.zip:MEMBER; of an archive with one file of text, the member need not be named.
        refusal: the error to raise.
        encoding: how the bytes become text, for files whose user can say so; None is UTF-8.

    Raises:
        W2VError: a `refusal`: the file can't be read, is damaged, or is not in this encoding; the text names the line.
        MissingExtraError: the file is compressed with zstd and this Python can't read that.
    """
    try:
        place = place_of(path)
        with place.file.open("rb") as raw:
            if not is_zip(raw.peek(4)):
                return decoded_text(raw, str(path), refusal, encoding)
            with opened_member(raw, place, refusal, _may_be_text, "text") as member:
                return decoded_text(member.stream, f"{place.file}:{member.name}", refusal, encoding)
    except OSError as error:
        raise refusal(f"{path}: can't be read ({error.strerror})") from error


def in_utf8_or(
    encoding: EncodingOptions | None, read: Callable[[EncodingOptions | None], str], refusal: type[W2VError]
) -> str:
    """Return what `read` returns: in UTF-8 if the text is that, or else in an encoding that other files have.

    Args:
        encoding: the other encoding; None is UTF-8.
        read: reads the text in an encoding.
        refusal: the error that `read` raises.
    """
    if encoding is not None and not encoding.is_utf8:
        with contextlib.suppress(refusal):
            text = read(None)
            if not text.isascii():  # ISO-2022 writes other letters in bytes of ASCII
                return text
    return read(encoding)


def read_text_lines(path: Path, refusal: type[W2VError], encoding: EncodingOptions | None = None) -> list[str]:
    """Return the lines of a file as `read_text` reads it, without their ends, which may be those of Windows.

    Raises:
        W2VError: as for `read_text`.
    """
    return read_text(path, refusal, encoding).replace("\r\n", "\n").removesuffix("\n").split("\n")


def _may_be_text(head: bytes, name: str) -> bool:
    return b"\0" not in head and not name.upper().startswith(("README", "LICENSE"))


def decoded_text(
    stream: BufferedReader, name: str, refusal: type[W2VError], encoding: EncodingOptions | None = None
) -> str:
    """Return the text of a stream, as `read_text` does; `name` is what messages call it.

    A stream that begins with the byte order mark of UTF-16 is read as that.

    Raises:
        OSError: the stream can't be read.
        W2VError: a `refusal`: the text is damaged, is not in this encoding, or is a file of another program.
    """
    try:
        data = decompressed(stream).read().removeprefix(codecs.BOM_UTF8)
    except Exception as error:
        if is_damage(error):
            raise refusal(f"{name}: the compressed data is damaged or cut short; get the file again") from error
        raise
    # No UTF-8 begins with a mark of UTF-16, but a spreadsheet's text does; and UTF-32's mark begins with it
    is_utf16 = data.startswith(_UTF16_MARKS) and not data.startswith(codecs.BOM_UTF32_LE)
    try:
        if is_utf16:
            return data.decode("utf-16")
        return data.decode() if encoding is None else encoding.decode(data)
    except UnicodeDecodeError as error:
        from w2v.foreign_files import foreign_kind

        if not is_utf16 and (kind := foreign_kind(data)) and not kind.is_text:
            raise refusal(kind.without_text(name)) from error
        line = data.count(b"\n", 0, error.start) + 1
        if is_utf16:
            complaint = "not UTF-16, as its byte order mark says; get the file again"
        else:
            complaint = encoding.complaint(data, error.start) if encoding else "not UTF-8; convert the file first"
        raise refusal(f"{name}:{line}: {complaint}") from error
