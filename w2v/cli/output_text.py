"""Text on standard output: bytes of words that are not UTF-8 come out as they went in, and JSON stays valid."""

from __future__ import annotations

import re

_UNICODE_LINE_ENDS = re.compile("[\x85\u2028\u2029]")


def keep_bytes(error: UnicodeError) -> tuple[str | bytes, int]:
    r"""Return what to write for characters that standard output can't show: the handler that `codecs` calls.

    The characters from U+DC80 to U+DCFF are the bytes that `surrogateescape` made them of; others are escaped.

    Example:
        >>> import codecs
        >>> codecs.register_error("w2v.keep_bytes", keep_bytes)
        >>> "caf\udce9 ☕".encode("latin-1", "w2v.keep_bytes")
        b'caf\xe9 \\u2615'
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    odd = error.object[error.start : error.end]
    parts = [
        bytes([ord(character) - 0xDC00])
        if "\udc80" <= character <= "\udcff"
        else character.encode("ascii", "backslashreplace")
        for character in odd
    ]
    return b"".join(parts), error.end


def json_text(value: object, indent: int | None = None) -> str:
    r"""Return JSON that is valid UTF-8; a byte that was no UTF-8 in a word stands there as its escape.

    So do the line ends that only Unicode knows, since some programs that read lines of JSON split them there.

    Example:
        >>> print(json_text({"word": "caf\udce9", "also": "café"}))
        {"word": "caf\udce9", "also": "café"}
    """
    import json  # not needed to start

    text = json.dumps(value, ensure_ascii=False, indent=indent)
    if text.isascii():
        return text
    text = _UNICODE_LINE_ENDS.sub(lambda end: f"\\u{ord(end[0]):04x}", text)
    return text.encode(errors="backslashreplace").decode()
