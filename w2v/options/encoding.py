"""Options that say how the bytes of a file become text."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from w2v.errors import UsageError
from w2v.options.checks import require_choice, shown
from w2v.options.fields import check_types
from w2v.wording import quoted

ENCODING_ERRORS = ("strict", "replace", "ignore", "surrogateescape")
_ASCII = bytes(range(128))
_ESCAPE = rb"\u0041"  # to encodings of literals in programs
_MOST_BYTES = 200  # of a word that a message shows the start of


@dataclass(frozen=True)
class EncodingOptions:
    r"""How the bytes of a file become text.

    Attributes:
        encoding: name of the encoding, such as utf-8 or latin-1; one that has ASCII's characters as single bytes, since
            spaces, line ends and numbers are found as bytes.
        encoding_errors: what to do with bytes that are wrong in that encoding: `strict` stops, `replace` replaces them
            by U+FFFD, `ignore` drops them, `surrogateescape` keeps them, each as a character from U+DC80 to U+DCFF, so
            that they are written as they were read.

    Example:
        >>> latin = EncodingOptions("latin-1")
        >>> latin.decode(b"caf\xe9"), EncodingOptions(encoding_errors="replace").decode(b"caf\xe9")
        ('café', 'caf�')
    """

    encoding: str = "utf-8"
    encoding_errors: str = "strict"

    def __post_init__(self) -> None:
        """Check both values.

        Raises:
            UsageError: there is no such encoding, it does not hold ASCII, or there is no such way.
        """
        check_types(self)
        require_choice("encoding_errors", self.encoding_errors, ENCODING_ERRORS)
        try:
            known = codecs.lookup(self.encoding)
            holds_ascii = all(sample.decode(self.encoding) == sample.decode("ascii") for sample in (_ESCAPE, _ASCII))
            b"\xff".decode(self.encoding, "replace")  # idna, for names of hosts, can't do that
        except (LookupError, ValueError, TypeError):  # no such encoding, or one of a width that 128 bytes can't have
            known, holds_ascii = None, False
        if known is None or not holds_ascii:
            raise UsageError(
                f"`encoding` must be one that holds ASCII, such as utf-8, latin-1 or cp1252, not {shown(self.encoding)}"
            )

    @property
    def is_utf8(self) -> bool:
        """Whether the encoding is UTF-8."""
        return codecs.lookup(self.encoding).name == "utf-8"

    def decode(self, data: bytes) -> str:
        """Return the text of some bytes.

        Raises:
            UnicodeDecodeError: they are wrong in this encoding, and `encoding_errors` is `strict`.
        """
        return data.decode(self.encoding, self.encoding_errors)

    def complaint(self, data: bytes, position: int, *, can_name: bool = True, leave_out: str = "") -> str:
        r"""Return what to say of bytes that are wrong from `position` on: what they are, and which option helps.

        Args:
            data: some bytes.
            position: where the first wrong byte is.
            can_name: whether another encoding is possible, unlike in files that always have this one.
            leave_out: how to leave out the file, if it is one of several, which have one encoding.

        Example:
            >>> print(EncodingOptions().complaint(b"the caf\xe9 was", 7))
            not UTF-8: 'caf�'; name its encoding, as in `encoding=latin-1`, or use `encoding_errors=replace`
        """
        start = max(data.rfind(byte, 0, position) for byte in (b" ", b"\t", b"\n")) + 1
        word = data[start : start + _MOST_BYTES].split(maxsplit=1)[0].decode(self.encoding, "replace")
        name = "UTF-8" if self.is_utf8 else self.encoding
        naming = "name its encoding, as in `encoding=latin-1`, or " if can_name else ""
        if leave_out:
            naming = f"convert it, or {leave_out}; or name the encoding of all files, as in `encoding=latin-1`, or "
        return f"not {name}: {quoted(word)}; {naming}use `encoding_errors=replace`"
