"""The kinds of files that w2v writes, in one list, each recognised by its start.

An output replaces only a file of its own kind, its name promises no other kind, and text is not read from any of them.
"""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

from w2v.compression import without_compression
from w2v.errors import UsageError
from w2v.file_endings import FOREIGN, ending_of
from w2v.files import HEAD, FileKind, check_target

DRAWN_BY = "w2v"  # what pictures name as the program that drew them
PDF_MARK = b"%\xac\xdc\xab\xba " + DRAWN_BY.encode() + b"\n"  # a comment; its first bytes say that PDF is no text
_ZIP_NAME = 30 + len("vectors.npy")  # bytes until the name of the first file of a ZIP archive ends
_MOST_DIGITS = 19  # of a count
_NOT_IN_TEXT = bytes(set(range(32)) - set(b"\n"))


def _holds_vectors(head: bytes) -> bool:
    """Say whether there are vectors in a format that can't be taken for prose."""
    from w2v.vectors.formats import holds_vectors  # imports more than other kinds need

    return holds_vectors(head, only_certain=True)


def _holds_model(head: bytes) -> bool:
    from w2v.model_file import holds_model  # imports NumPy

    return holds_model(head)


def _holds_classifier(head: bytes) -> bool:
    """Say whether there is a classifier; see w2v.classify."""
    return head[8:].startswith(b'{"__metadata__":{"format":"w2v classifier"')


def _holds_word_counts(head: bytes) -> bool:
    """Say whether there are `word count` lines, two or more, the greatest count first."""
    lines = head.split(b"\n")[:-1]  # the last one may be cut
    fields = [line.split() for line in lines]
    if len(lines) < 2 or not all(
        len(pair) == 2 and pair[1].isdigit() and len(pair[1]) <= _MOST_DIGITS for pair in fields
    ):
        return False
    counts = [int(pair[1]) for pair in fields]
    return all(count >= following for count, following in pairwise(counts))


def _holds_phrases(head: bytes) -> bool:
    """Say whether there is a list of phrases; see w2v.phrases.Phrases."""
    return head.startswith(b"phrase\twords")


def _holds_training_log(head: bytes) -> bool:
    """Say whether there are lines of JSON objects as w2v.training_log writes them."""
    return head.startswith(b'{"epoch": ')


def _holds_groups(head: bytes) -> bool:
    """Say whether there are words in groups, as `w2v cluster` writes them.

    Either lines of a word and its group, counted from 0, or a line for each group: `group size word...`.
    """
    lines = head.split(b"\n")[:-1]  # the last one may be cut
    groups = [line.split() for line in lines]
    if groups and all(
        len(group) > 2 and group[0] == b"%d" % number and group[1].isdigit() for number, group in enumerate(groups)
    ):
        return True
    labels = [line.rpartition(b" ")[2] for line in lines]
    if not labels or not all(map(bytes.isdigit, labels)):
        return False
    # Frequent words may all be in other groups than the largest one, which is 0; counts of words never go up.
    return b"0" in labels or (len(head) >= HEAD and not _holds_word_counts(head))


def _holds_picture(head: bytes) -> bool:
    """Say whether there is a page or an image that w2v drew; see w2v.pictures."""
    if head.startswith(b"\x89PNG\r\n"):
        return b"tEXtSoftware\0" + DRAWN_BY.encode() in head
    if head.startswith(b"%PDF-"):
        return head.partition(b"\n")[2].startswith(PDF_MARK)
    marks = {b"<!doctype html>": b'<meta name="generator" content="%s ', b"<?xml": b"<dc:title>%s</dc:title>"}
    return any(head.startswith(start) and mark % DRAWN_BY.encode() in head for start, mark in marks.items())


def _holds_text_vectors(head: bytes) -> bool:
    """Say whether there are vectors without words, as `w2v encode` writes them; see w2v.matrix_files."""
    if head.startswith(b"\x93NUMPY"):
        return b"'descr': '<f4'" in head
    if head.startswith((b"PK", b"PAR1\x15")):
        return b"vectors.npy" in head[:_ZIP_NAME] or head.startswith(b"PAR1\x15")
    values = head.partition(b"\n")[0].split(b"\t")
    try:
        return len(values) > 1 and all(math.isfinite(float(value)) for value in values)
    except ValueError:
        return False


VECTORS = FileKind("vectors", _holds_vectors)
MODEL = FileKind("a model", _holds_model, (".model", ".safetensors"))
CLASSIFIER = FileKind("a classifier", _holds_classifier, (".model", ".safetensors"))
WORD_COUNTS = FileKind("word counts", _holds_word_counts, (".txt", ".vocab", ".counts"), may_be_compressed=True)
PHRASES = FileKind("phrases", _holds_phrases, (".tsv", ".txt"), may_be_compressed=True)
TRAINING_LOG = FileKind("a log of training", _holds_training_log, (".jsonl", ".ndjson", ".log", ".txt"))
WORD_GROUPS = FileKind("groups of words", _holds_groups, (".txt",), may_be_compressed=True)
TEXT_VECTORS = FileKind("vectors of texts", _holds_text_vectors, (".npy", ".npz", ".tsv", ".parquet"))
PICTURE = FileKind("a picture that w2v drew", _holds_picture)

FILE_KINDS = (VECTORS, MODEL, CLASSIFIER, WORD_COUNTS, PHRASES, TRAINING_LOG, WORD_GROUPS, TEXT_VECTORS, PICTURE)


def kind_of(head: bytes) -> FileKind | None:
    r"""Return the kind of file that starts with `head`, if it is one that w2v writes.

    Example:
        >>> print(kind_of(b"the 5\nof 3\n"), kind_of(b"the king of the land"))
        word counts None
    """
    return next((kind for kind in FILE_KINDS if kind.recognises(head)), None)


def check_output(path: Path, kind: FileKind) -> None:
    """Make sure, before any work, that a file of this kind can be written to `path`, and fits its name.

    Raises:
        UsageError: the ending of the name promises another kind of file.
        OutputError: the file can't be written, or a file of another kind stands there.
        MissingExtraError: it would be compressed with zstd, and this Python can't write that.
    """
    check_target(path, kind)
    check_name(path, kind)


def check_name(path: Path, kind: FileKind) -> None:
    """Make sure that the name of a file promises no other kind: an ending of another one, or of compressed files.

    Raises:
        UsageError: the ending of the name promises another kind of file.
    """
    _, compression = without_compression(path.name)
    if compression and not kind.may_be_compressed:
        raise UsageError(f"{path}: {kind} can't be written compressed; leave off {compression}")
    ending = ending_of(path)
    if ending not in kind.endings and (ending in FOREIGN or ending in _vectors_endings()):
        raise UsageError(f"{path}: {kind} can't be written as {ending}; end the name in {kind.endings[0]}")


def _vectors_endings() -> set[str]:
    from w2v.vectors.formats import FORMATS

    return {ending for known in FORMATS for ending in known.endings}


def joined_text(delimiter: str) -> FileKind:
    """Return the kind of text whose phrases are joined, as w2v.phrases writes it.

    That is words with single spaces between them and nothing else, one or more of them joined by `delimiter`.
    """

    def recognises(head: bytes) -> bool:
        lines = head.split(b"\n")
        lines = lines[:-1] or lines  # the last one may be cut
        words = [word for line in lines if line for word in line.split(b" ")]
        plain = len(head) == len(head.translate(None, _NOT_IN_TEXT)) and all(words)
        joined = any(delimiter.encode() in word[1:-1] for word in words)
        return plain and joined and kind_of(head) is None

    return FileKind("text with phrases joined", recognises, (".txt",), may_be_compressed=True)


def walks_text(names: bytes | None = None) -> FileKind:
    r"""Return the kind of text that holds walks on a graph: nothing but the names of its nodes, spaces between them.

    Args:
        names: of all nodes, a space behind each; None while they are unknown: any words with single
            spaces will do.

    Example:
        >>> walks_text(b"a b ").recognises(b"a b a\n"), walks_text(b"a b ").recognises(b"a rose\n")
        (True, False)
        >>> walks_text().recognises(b"a rose\n"), walks_text().recognises(b"a\tb\n")
        (True, False)
    """

    def recognises(head: bytes) -> bool:
        whole = head[: head.rfind(b"\n") + 1]  # the last line may be cut
        if names is None:
            return b"\n" in head and b" ".join(whole.split()) + b" " == whole.replace(b"\n", b" ")
        return b"\n" in head and set(whole.replace(b"\n", b" ").split(b" ")[:-1]) <= set(names.split(b" ")[:-1])

    return FileKind("walks on this graph", recognises, (".txt",), may_be_compressed=True)
