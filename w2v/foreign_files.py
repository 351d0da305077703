"""Files of other programs, recognised by their first bytes, and the way to get vectors or text out of them.

w2v reads none of these. A kind is one entry of KINDS: how its files start, what messages call it, and what to do.
"""

from __future__ import annotations

import codecs
import contextlib
import os
import re
import shlex
from collections.abc import Callable
from typing import NamedTuple
from unicodedata import category

from w2v.zip_archive import EMPTY_ZIP, ZIP

HEAD = 1 << 12  # bytes by which a kind is recognised; fewer may do

# Encodings of several bytes a character: how many at least, their byte order marks, and their names. UTF-32's mark
# begins like UTF-16's, and goes on with a zero character, which text has not.
_WIDE = (
    (4, (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE), ("utf-32-le", "utf-32-be")),
    (2, (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE), ("utf-16-le", "utf-16-be")),
)
_PRINTABLE = bytes(range(0x20, 0x7F)) + b"\r\n"
_NOT_IN_TEXT = ("Cc", "Cn", "Co", "Cs")  # Unicode's categories
_PICKLES = tuple(b"\x80%c" % version for version in range(2, 6))
_OLD_PICKLES = b"cgensim.", b"cnumpy.", b"ccopy_reg\n", b"(dp0\n", b"(lp0\n", b"(dp1\n", b"(lp1\n", b"}q\0", b"]q\0"
_FASTTEXT, _SUPERVISED = (793712314).to_bytes(4, "little"), (3).to_bytes(4, "little")
_TAR = slice(257, 262)
_FLORET = re.compile(rb"[0-9]{1,15} [0-9]{1,15} [0-9]{1,3} [0-9]{1,3} [1-4] [0-9]{1,10} \S+ \S+\r?\n")


class ForeignKind(NamedTuple):
    """A kind of file that w2v doesn't read.

    Attributes:
        name: what messages call it, with an article.
        starts: what its files start with; an empty tuple leaves all to `recognises`.
        recognises: says of the first HEAD bytes of a file that starts so whether it is one; None: it is.
        for_vectors: what to do for the vectors in it, with `{file}` for the name in Python and `{path}` for the name in
            a shell; empty if it holds none.
        for_text: likewise, for the text in it.
        is_text: whether its files are text themselves, so that they could be meant as it.
    """

    name: str
    starts: tuple[bytes, ...] = ()
    recognises: Callable[[bytes], bool] | None = None
    for_vectors: str = ""
    for_text: str = ""
    is_text: bool = False

    def fits(self, head: bytes) -> bool:
        """Say whether a file that starts with `head` is of this kind."""
        if self.starts and not head.startswith(self.starts):
            return False
        return bool(self.starts) if self.recognises is None else self.recognises(head)

    def without_vectors(self, path: str | os.PathLike[str], inner: str = "", first: str = "") -> str:
        """Return the message to one who wanted to read vectors from it.

        Args:
            path: the file.
            inner: its name after `first`.
            first: what to do first, such as "unpack it".
        """
        return self._message(path, self.for_vectors, "vectors", inner, first)

    def without_text(self, path: str | os.PathLike[str]) -> str:
        """Return the message to one who wanted to read text from it."""
        return self._message(path, self.for_text, "text")

    def _message(self, path: str | os.PathLike[str], advice: str, wanted: str, inner: str = "", first: str = "") -> str:
        name = os.fspath(path)
        if not advice:
            return f"{name}: is {self.name}, not {wanted}"
        file = inner or name
        before = f"{first}; then " if first and first != advice else ""
        return f"{name}: is {self.name}; {before}{advice.format(file=repr(file), path=shlex.quote(file))}"


def foreign_kind(head: bytes) -> ForeignKind | None:
    r"""Return the kind of file that starts with `head`, if it is one of KINDS.

    Args:
        head: the first HEAD bytes, decompressed, or fewer.

    Example:
        >>> print(foreign_kind(b"%PDF-1.7\n").without_text("report.pdf"))
        report.pdf: is a PDF document; extract its text first: pdftotext report.pdf
        >>> print(foreign_kind(b"king 0.5 0.25\n"))
        None
    """
    head = head[:HEAD]
    return next((kind for kind in KINDS if kind.fits(head)), None)


def utf_of(head: bytes) -> str | None:
    r"""Return "UTF-16" or "UTF-32" if the start of a file looks like that, with or without a byte order mark.

    Example:
        >>> utf_of("a rose".encode("utf-16-le")), utf_of(b"a rose"), utf_of(b"a \0 rose")
        ('UTF-16', None, None)
    """
    for size, marks, orders in _WIDE:
        whole = head[: len(head) // size * size]
        if head.startswith(marks) or any(_looks_like(whole, order) for order in orders):
            return f"UTF-{8 * size}"
    return None


def _looks_like(head: bytes, encoding: str) -> bool:
    """Say whether bytes without a byte order mark are text in an encoding of several bytes a character.

    In ASCII's characters, all bytes but one are zero. Text of other scripts has zeros at spaces and ends of lines. A
    text in ASCII, Latin-1 or UTF-8 may have a stray zero; but most of its bytes are printable, or it is valid UTF-8.
    """
    zeros = head.count(0)
    if not zeros:
        return False
    if zeros < len(head) // 3:
        if 4 * len(head.translate(None, _PRINTABLE)) < len(head):
            return False
        with contextlib.suppress(UnicodeDecodeError):
            codecs.getincrementaldecoder("utf-8")().decode(head)
            if not head.isascii():
                return False
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return False
    return not any(category(character) in _NOT_IN_TEXT and character not in "\t\n\v\f\r" for character in text)


def _is_gensim(head: bytes) -> bool:
    return b"gensim." in head


def _is_joblib(head: bytes) -> bool:
    return b"joblib" in head


def _is_supervised(head: bytes) -> bool:
    return head[36:40] == _SUPERVISED


def _is_riff(kind: bytes) -> Callable[[bytes], bool]:
    return lambda head: head[8:12] == kind


def _has(mark: bytes) -> Callable[[bytes], bool]:
    return lambda head: mark in head


def _starts_as(*marks: bytes) -> Callable[[bytes], bool]:
    """Return a test of what follows white space and a byte order mark, in lower case."""
    return lambda head: head.removeprefix(codecs.BOM_UTF8).lstrip().lower().startswith(marks)


_IN_PYTHON = "w2v.Vectors(words, matrix).save('vectors.txt')"
_NOT_SAVED = "the download may have failed; get the file again"
_PLAIN_TEXT = "save it as plain text first, or convert it: pandoc -t plain {path}"
_UNPACK = "unpack it"
_TEXT_COLUMN = "write the column with the text to a text file first, as pandas can"

ZIP_ARCHIVE = ForeignKind("a ZIP archive", (ZIP, EMPTY_ZIP), for_vectors=_UNPACK, for_text=f"{_UNPACK}: unzip {{path}}")

# The first that fits counts.
KINDS = (
    ForeignKind(
        "a text classifier of fastText",
        (_FASTTEXT,),
        _is_supervised,
        for_vectors="its vectors are in the .vec file beside it; or in Python: m = fasttext.load_model({file});"
        " words = m.get_words(); w2v.Vectors(words, [m[word] for word in words]).save('vectors.txt')",
    ),
    ForeignKind(
        "a model of fastText",
        (_FASTTEXT,),
        for_vectors="its vectors are in the .vec file beside it; or in Python:"
        " gensim.models.fasttext.load_facebook_vectors({file}).save_word2vec_format('vectors.bin', binary=True)",
    ),
    ForeignKind(
        "a table of floret, which holds parts of words",
        recognises=lambda head: _FLORET.match(head) is not None,
        for_vectors="write the vectors of words with: floret print-word-vectors MODEL.bin < words.txt >"
        " vectors.glove.txt",
        is_text=True,
    ),
    ForeignKind(
        "a file of gensim",
        _PICKLES,
        _is_gensim,
        for_vectors="in Python: w2v.Vectors.from_gensim(gensim.models.KeyedVectors.load({file})).save('vectors.txt')",
    ),
    ForeignKind(
        "a file of joblib",
        _PICKLES,
        _is_joblib,
        for_vectors=f"read it with joblib.load({{file}}), then {_IN_PYTHON}",
    ),
    ForeignKind(
        "a file of PyTorch",
        (b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19",),
        for_vectors=f"read it with torch.load({{file}}), then {_IN_PYTHON}",
    ),
    ForeignKind(
        "a file of PyTorch",
        (ZIP,),
        _has(b"/data.pkl"),
        for_vectors=f"read it with torch.load({{file}}), then {_IN_PYTHON}",
    ),
    ForeignKind(
        "compressed by zlib or joblib",
        (b"x\x9c", b"x\xda", b"x\x01"),
        for_vectors=f"if joblib wrote it, read it with joblib.load({{file}}), then {_IN_PYTHON}",
    ),
    ForeignKind(
        "a pickle of Python, which can run any code when it is read",
        _PICKLES + _OLD_PICKLES,
        for_vectors=f"if you trust it, read it with pickle.load(open({{file}}, 'rb')), then {_IN_PYTHON}",
    ),
    ForeignKind(
        "a NumPy array, without words",
        (b"\x93NUMPY",),
        for_vectors="in Python: w2v.Vectors(words, numpy.load({file})).save('vectors.txt')",
    ),
    ForeignKind(
        "an HDF5 file",
        (b"\x89HDF\r\n\x1a\n", b"MATLAB 7.3 MAT-file"),
        for_vectors=f"read it with h5py.File({{file}}), then {_IN_PYTHON}",
        for_text=_TEXT_COLUMN,
    ),
    ForeignKind(
        "a MATLAB file",
        (b"MATLAB 5.0 MAT-file",),
        for_vectors=f"read it with scipy.io.loadmat({{file}}), then {_IN_PYTHON}",
    ),
    ForeignKind(
        "a database of Magnitude",
        (b"SQLite format 3\0",),
        _has(b"magnitude_format"),
        for_vectors="write its vectors with: sqlite3 -separator ' ' {path} 'SELECT * FROM magnitude' >"
        " vectors.glove.txt",
    ),
    ForeignKind(
        "an SQLite database",
        (b"SQLite format 3\0",),
        for_vectors="write words and values to a text file, as sqlite3 can, or Magnitude if it wrote the file",
        for_text="write the column with the text to a text file first, as sqlite3 can",
    ),
    ForeignKind(
        "a file of finalfusion",
        (b"FiFu",),
        for_vectors="convert it with finalfusion's own tool: ffp-convert -f finalfusion -t word2vec {path} vectors.bin",
    ),
    ForeignKind(
        "a Parquet file",
        (b"PAR1",),
        for_vectors=f"read it with pandas.read_parquet({{file}}), then {_IN_PYTHON}",
        for_text=_TEXT_COLUMN,
    ),
    ForeignKind(
        "a file of Arrow or Feather",
        (b"ARROW1\0\0", b"FEA1"),
        for_vectors=f"read it with pandas.read_feather({{file}}), then {_IN_PYTHON}",
        for_text=_TEXT_COLUMN,
    ),
    ForeignKind(
        "a file of R",
        (b"X\n\0\0\0", b"RDX2\n", b"RDX3\n", b"RDA2\n", b"RDA3\n"),
        for_vectors="in R, with words as row names: write.table(m, 'vectors.glove.txt', quote=FALSE, col.names=FALSE)",
        for_text="in R: writeLines(text, 'text.txt')",
    ),
    ForeignKind("a GGUF model", (b"GGUF",)),
    ForeignKind("a SentencePiece model", (b"\n\x0e\n\x05<unk>",)),
    ForeignKind("a FAISS index, without words", (b"IxF", b"IwF", b"IHN", b"IxM")),
    ForeignKind("a file of Java objects", (b"\xac\xed\0\x05",)),
    ForeignKind(
        "a pointer of Git LFS, without the file's content",
        (b"version https://git-lfs.github.com/spec/",),
        for_vectors="fetch it with: git lfs pull",
        for_text="fetch it with: git lfs pull",
        is_text=True,
    ),
    ForeignKind(
        "a web page",
        recognises=_starts_as(b"<!doctype html", b"<html"),
        for_vectors=_NOT_SAVED,
        for_text="extract its text first: pandoc -f html -t plain {path}",
        is_text=True,
    ),
    ForeignKind(
        "an XML document",
        recognises=_starts_as(b"<?xml"),
        for_vectors=_NOT_SAVED,
        is_text=True,
    ),
    ForeignKind(
        "a JSON file",
        recognises=_starts_as(b'{"', b"{\n", b"{\r\n", b"[{", b'["', b"[["),
        for_vectors="if it holds a vector for each word, in Python: found = json.load(open({file}));"
        " w2v.Vectors(found, list(found.values())).save('vectors.txt')",
        is_text=True,
    ),
    ForeignKind("a PDF document", (b"%PDF-",), for_text="extract its text first: pdftotext {path}"),
    ForeignKind("a PostScript document", (b"%!PS",), for_text="extract its text first: ps2ascii {path}"),
    ForeignKind("a DjVu document", (b"AT&TFORM",), for_text="extract its text first: djvutxt {path}"),
    ForeignKind("an RTF document", (b"{\\rtf",), for_text=_PLAIN_TEXT, is_text=True),
    ForeignKind(
        "a document of a word processor or a spreadsheet",
        (ZIP,),
        lambda head: b"[Content_Types].xml" in head or head[30:38] == b"mimetype",
        for_vectors="save it as CSV or text first",
        for_text="save it as plain text first",
    ),
    ForeignKind(
        "an old document of Microsoft Office, or thumbnails of Windows",
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
        for_text="if it is a document, save it as plain text first",
    ),
    ZIP_ARCHIVE,
    ForeignKind(
        "a tar archive",
        recognises=lambda head: head[_TAR] == b"ustar",
        for_vectors=f"{_UNPACK}: tar -xf {{path}}",
        for_text=f"{_UNPACK}: tar -xf {{path}}",
    ),
    ForeignKind("a 7z archive", (b"7z\xbc\xaf'\x1c",), for_vectors=_UNPACK, for_text=_UNPACK),
    ForeignKind("a RAR archive", (b"Rar!\x1a\x07",), for_vectors=_UNPACK, for_text=_UNPACK),
    ForeignKind(
        "compressed with LZ4, lzip or compress, which w2v can't read",
        (b'\x04"M\x18', b"LZIP\x01", b"\x1f\x9d"),
        for_vectors="decompress it first",
        for_text="decompress it first",
    ),
    ForeignKind(
        "an image",
        (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*", b"\0\0\x01\0"),
    ),
    ForeignKind("an image", (b"BM",), lambda head: head[6:10] == b"\0\0\0\0"),
    ForeignKind("an image", (b"RIFF",), _is_riff(b"WEBP")),
    ForeignKind("a sound file", (b"ID3", b"OggS", b"fLaC", b"\xff\xfb", b"\xff\xf3")),
    ForeignKind("a sound file", (b"RIFF",), _is_riff(b"WAVE")),
    ForeignKind("a video", recognises=lambda head: head[4:8] == b"ftyp" or head[:4] == b"\x1aE\xdf\xa3"),
    ForeignKind("a program", (b"\x7fELF", b"MZ\x90\0", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")),
    ForeignKind(
        "text in UTF-32",
        recognises=lambda head: utf_of(head) == "UTF-32",
        for_vectors="convert it: iconv -f UTF-32 -t UTF-8 {path} > utf8.txt",
        for_text="convert it first: iconv -f UTF-32 -t UTF-8 {path} > utf8.txt",
    ),
    ForeignKind(
        "text in UTF-16",
        recognises=lambda head: utf_of(head) == "UTF-16",
        for_vectors="convert it: iconv -f UTF-16 -t UTF-8 {path} > utf8.txt",
        for_text="convert it first: iconv -f UTF-16 -t UTF-8 {path} > utf8.txt",
    ),
)
