"""What a file format is: the object by which each module of this package describes its format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from w2v.memory_need import MemoryNeed
    from w2v.progress import Progress
    from w2v.vectors.formats.finite import Matrix
    from w2v.vectors.formats.vectors_stream import FileStart, VectorsStream
    from w2v.vectors.packed_words import PackedWords
    from w2v.vectors.provenance import Provenance
    from w2v.vectors.vectors_size import VectorsSize

    Reader = Callable[[VectorsStream, Progress], tuple[PackedWords, Matrix]]
    Writer = Callable[[BinaryIO, PackedWords, Matrix, Provenance], None]


class WordsFile(NamedTuple):
    """A second file that holds the words of vectors whose own file has none.

    Attributes:
        path_for: returns its path, given that of the vectors.
        write: writes the words to a stream.
    """

    path_for: Callable[[Path], Path]
    write: Callable[[BinaryIO, PackedWords], None]


@dataclass(frozen=True, kw_only=True, eq=False)
class Format:
    """A file format for vectors.

    Attributes:
        name: what `convert --to` and `Vectors.save` call it.
        description: a few words for help and documentation, without a capital.
        recognises: says of the start of a file whether it is in this format.
        read: returns the words and the matrix, shape (V, d); raises VectorsError for a malformed file.
        write: writes words, matrix and provenance to a stream; raises VectorsError for words and values that the format
            can't hold, and leaves out provenance unless the format keeps it. None if w2v reads the format, but does not
            write vectors in it.
        endings: of file names that mean this format, in lower case with the dot, such as ".bin".
        beginnings: likewise; the ending of another format counts more.
        other_endings: that a file in this format may have as well, if the user names the format.
        needs_ending: whether `recognises` needs to see one of `endings`.
        may_replace: says of the start of a file whether it holds vectors in this format, so that new vectors may
            replace it. None is the same as `recognises`.
        is_certain: whether `may_replace` is sure. Not so in a format without a mark of its own, since a line of prose
            can look like a word and its values.
        reads_compressed: whether `read` takes all it needs from the stream, so that the file may be compressed, and is
            written so if its name ends in .gz or the like.
        words_file: the second file of the format, if it has one.
        size: returns how many vectors a file holds, and what reading them takes, by its start; raises VectorsError as
            `read` does. None is for text.
        reads_first: whether `read` reads no more than the first `top` words of its file; else it reads all.
        writing: returns the memory that writing vectors takes; None is little.
        provenance: returns what a file knows of its vectors besides words and values, in the order of its words. None
            if the format keeps nothing; then a file beside it keeps the counts, see `counts_file`.
    """

    name: str
    description: str
    recognises: Callable[[FileStart], bool]
    read: Reader
    write: Writer | None = None
    endings: tuple[str, ...] = ()
    beginnings: tuple[str, ...] = ()
    other_endings: tuple[str, ...] = ()
    needs_ending: bool = False
    may_replace: Callable[[FileStart], bool] | None = None
    is_certain: bool = True
    reads_compressed: bool = False
    words_file: WordsFile | None = None
    size: Callable[[VectorsStream], VectorsSize] | None = None
    reads_first: bool = False
    writing: Callable[[VectorsSize], MemoryNeed] | None = None
    provenance: Callable[[Path], Provenance] | None = None
