"""Files as users have them: of any encoding, in folders with other files, in archives, with stray bytes."""

import bz2
import gzip
import io
import os
import random
import socket
import zipfile

import pytest
from console import error_line
from console import inside as w2v
from hypothesis import given, settings
from hypothesis import strategies as st

import w2v as library
from w2v.corpus import BlockSizes, count, encode
from w2v.errors import CorpusError, UsageError
from w2v.options import CorpusOptions, VocabularyOptions

ALL = VocabularyOptions(min_count=1)
MARK = b"\xef\xbb\xbf"
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(range(256))
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(64)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
BINARY = random.Random(1).randbytes(5000)
TEXT = "the king is here\nthe queen is there\n"


def counts(place, **options):
    """Return words and counts of a text."""
    vocabulary = count(place, CorpusOptions(threads=2, **options), ALL)
    return dict(zip(vocabulary.words, vocabulary.counts.tolist(), strict=True))


def refusal(place, **options):
    with pytest.raises(CorpusError) as failure:
        count(place, CorpusOptions(**options), ALL)
    assert "\n" not in str(failure.value)
    return str(failure.value)


# byte order marks


@pytest.mark.parametrize("tokens", ["whitespace", "words"])
@pytest.mark.parametrize("lowercase", [False, True])
@pytest.mark.parametrize(
    "data",
    [
        MARK + b"a b\nb\n",
        b"a b\n" + MARK + b"b\n",
        b"a b" + MARK + b"b",
        MARK + MARK + b"a b " + MARK + b" b" + MARK,
        gzip.compress(b"a b\n", mtime=0) + gzip.compress(MARK + b"b\n", mtime=0),
        gzip.compress(MARK + b"a b", mtime=0) + gzip.compress(MARK + b"b", mtime=0),
        bz2.compress(MARK + b"a b") + bz2.compress(MARK + b"b"),
    ],
)
def test_a_byte_order_mark_is_part_of_no_token(tmp_path, data, tokens, lowercase):
    (tmp_path / "a.txt").write_bytes(data)
    assert counts(tmp_path / "a.txt", tokens=tokens, lowercase=lowercase) == {"a": 1, "b": 2}
    for text_bytes in range(1, 12):
        options = CorpusOptions(tokens=tokens, lowercase=lowercase)
        with encode(tmp_path / "a.txt", options, ALL, sizes=BlockSizes(text_bytes)) as corpus:
            assert corpus.vocabulary.words == ["b", "a"]


def test_other_inputs_begin_with_a_byte_order_mark(tmp_path):
    (tmp_path / "a.txt").write_text("the bank of the land is the bank of here\n" * 30)
    (tmp_path / "connectors.txt").write_bytes(MARK + b"of\n" + MARK + b"is\n")
    list_phrases = ("phrases", "-q", "a.txt", "--threshold", "1")
    with_marks = w2v(*list_phrases, "--connector-words", "connectors.txt", cwd=tmp_path).stdout
    (tmp_path / "connectors.txt").write_bytes(b"of\nis\n")
    assert with_marks == w2v(*list_phrases, "--connector-words", "connectors.txt", cwd=tmp_path).stdout
    (tmp_path / "phrases.tsv").write_bytes(MARK + with_marks)
    assert w2v("phrases", "-q", "a.txt", "--use", "phrases.tsv", "-o", "-", cwd=tmp_path).returncode == 0
    (tmp_path / "words.txt").write_bytes(MARK + b"the 5\nbank 3\n")
    train = ("train", "-q", "a.txt", "--dim", "4", "--read-vocab", "words.txt", "--log", "log.jsonl")
    assert w2v(*train, cwd=tmp_path).returncode == 0
    vectors = library.load(tmp_path / "vectors.txt")
    assert vectors.words[:] == ["the", "bank"]
    (tmp_path / "list.txt").write_bytes(MARK + b"bank\n" + MARK + b"the" + MARK + b"bank")
    assert w2v("convert", "vectors.txt", "part.txt", "--words", "list.txt", cwd=tmp_path).returncode == 0
    assert library.load(tmp_path / "part.txt").words[:] == ["the", "bank"]
    log = tmp_path / "log.jsonl"
    log.write_bytes(MARK + log.read_bytes())
    assert w2v("plot-training", "log.jsonl", "-o", "log.png", cwd=tmp_path).returncode == 0


# encodings

ENCODINGS = ["latin-1", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "utf-7", "cp037", "koi8-r",
             "gb18030", "shift_jis", "euc-jp", "iso2022_jp", "big5", "mac-roman", "hz"]  # fmt: skip
SAMPLES = {"koi8-r": "мир и война\nи мир\n", "latin-1": "café für\nÄpfel\n", "cp1252": "“café” über\n",
           "mac-roman": "été à\n", "cp037": "für die\n", "hz": "中文 词\n"}  # fmt: skip


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("unit", ["line", "paragraph", "document"])
def test_text_is_read_in_its_encoding(tmp_path, encoding, unit):
    sample = SAMPLES.get(encoding, "東京 の 町 and\nthe 町\r\n")
    for repeats, block_bytes in ((400, 64), (3000, 2000)):  # the long text does not fit into one read
        text = sample * repeats
        words = {word: text.split().count(word) for word in set(text.split())}
        for name, data in {"a.txt": text.encode(encoding), "a.gz": gzip.compress(text.encode(encoding))}.items():
            (tmp_path / name).write_bytes(data)
            assert counts(tmp_path / name, encoding=encoding, sentence_unit=unit) == words
            options = CorpusOptions(encoding=encoding, sentence_unit=unit)
            with encode(tmp_path / name, options, ALL, sizes=BlockSizes(block_bytes)) as corpus:
                assert corpus.total_tokens == len(text.split())
    if unit == "line":
        assert counts(io_source(text.encode(encoding)), encoding=encoding) == words


def io_source(data):
    class Slow:
        name, size, is_named = "slow", None, True

        def open(self):
            class OneByte(io.RawIOBase):
                def readable(self):
                    return True

                def readinto(self, buffer):
                    return stream.readinto(memoryview(buffer)[:1])

            stream = io.BytesIO(data)
            return OneByte()

    return Slow()


@pytest.mark.parametrize(
    "encoding, data, line",
    [
        ("ascii", b"fine\n" * 20_000 + b"caf\xe9\n", 20_001),
        ("ascii", b"fine\r\n" * 20_000 + b"caf\xe9\n", 20_001),
        ("ascii", b"fine\r" * 20_000 + b"caf\xe9\n", 20_001),
        ("cp1252", b"fine\nfine \x81\n", 2),
        ("utf-16", "fine\nfine\n".encode("utf-16") + b"\x00\xdc", 3),
        ("utf-16-le", "fine\n".encode("utf-16-le") * 30_000 + b"a", 30_001),
        ("gb18030", "东京\n".encode("gb18030") * 30_000 + b"\xff\n", 30_001),
        ("shift_jis", "東京\n".encode("shift_jis") * 30_000 + b"\x81\n", 30_001),
        ("iso2022_jp", "東京\n".encode("iso2022_jp") * 30_000 + b"\xff\n", 30_001),
    ],
)
def test_what_is_wrong_in_an_encoding_is_named_by_line(tmp_path, encoding, data, line):
    (tmp_path / "a.txt").write_bytes(data)
    told = refusal(tmp_path / "a.txt", encoding=encoding)
    assert told.startswith(f"{tmp_path / 'a.txt'}:{line}: not {encoding}: byte 0x")
    assert told.endswith("; check encoding, or use encoding_errors='replace'")
    other = io_source(" x y".encode(encoding))
    for errors in ("replace", "ignore"):
        expected = f"{data.decode(encoding, errors)} x y".replace("\ufeff", " ").split()
        found = counts([tmp_path / "a.txt", other], encoding=encoding, encoding_errors=errors)
        assert found == {word: expected.count(word) for word in set(expected)}


@pytest.mark.parametrize("encoding", ["foo", "hex", "rot13", "", "undefined", "idna", "punycode", "zip", "a\0b"])
def test_what_is_no_encoding_is_refused(encoding):
    with pytest.raises(UsageError, match="encoding must be the name of an encoding, such as latin-1 or utf-16"):
        CorpusOptions(encoding=encoding)


def test_an_error_of_utf8_names_both_options(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"fine\ncaf\xe9\n")
    told = error_line(w2v("vocab", "a.txt", cwd=tmp_path))
    assert told == (
        "a.txt:2: not UTF-8: 'caf\ufffd'; name its encoding, as in --encoding latin-1, or use --encoding-errors replace"
    )
    (tmp_path / "b.txt").write_bytes(b"fine\r\rcaf\xe9\rfine")
    assert error_line(w2v("vocab", "b.txt", cwd=tmp_path)).startswith("b.txt:3: not UTF-8: 'caf\ufffd'; name its")
    process = w2v("vocab", "-q", "a.txt", "--min-count", "1", "--encoding", "latin-1", cwd=tmp_path)
    assert process.stdout.decode() == "café 1\nfine 1\n"


@pytest.mark.parametrize(
    "encoding, named",
    [("utf-16", "utf-16"), ("utf-32", "utf-32"), ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be"),
     ("utf-32-le", "utf-32-le"), ("utf-32-be", "utf-32-be")],
)  # fmt: skip
def test_utf16_and_utf32_are_named_with_the_way_out(tmp_path, encoding, named):
    path = tmp_path / "a b.txt"
    for text in ("the cat sat\nthe cat\n", "мир и война " * 40):
        path.write_bytes(text.encode(encoding))
        told = error_line(w2v("vocab", "a b.txt", cwd=tmp_path))
        kind = named[:6].upper()
        assert told == (
            f"a b.txt: is {kind}, not UTF-8; use --encoding {named}, or convert it:"
            f" iconv -f {named.upper()} -t UTF-8 'a b.txt' > utf8.txt"
        )
        assert counts(path, encoding=named) == {word: text.split().count(word) for word in set(text.split())}


def test_utf16_in_a_folder_is_left_out_with_a_note_of_its_own(tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text(TEXT)
    (tmp_path / "texts" / "b.txt").write_bytes(TEXT.encode("utf-16"))
    (tmp_path / "texts" / "c.jpg").write_bytes(JPEG)
    told = w2v("vocab", "texts", cwd=tmp_path).stderr.decode()
    assert "note: left out texts/c.jpg, which is an image, not text\n" in told
    assert "note: left out texts/b.txt, which is UTF-16, not UTF-8; use --encoding utf-16, or convert it: iconv" in told


# zero bytes


@pytest.mark.parametrize("place", [0, 3, 100, 7999, 8000, 50_000, 1 << 20, (1 << 21) + 5])
def test_a_stray_zero_byte_is_handled_wherever_it_is(tmp_path, place):
    data = bytearray(b"ab cd\n" * (1 << 19))
    data[place] = 0
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    line = data.count(b"\n", 0, place) + 1
    assert refusal(path) == (
        f"{path}:{line}: holds a zero byte; use encoding_errors='ignore' to drop it, or encoding_errors='replace' to"
        " put U+FFFD in its place"
    )
    dropped = bytes(data).replace(b"\0", b"").decode().split()
    assert counts(path, encoding_errors="ignore") == {word: dropped.count(word) for word in set(dropped)}
    replaced = data.decode().replace("\0", "\ufffd").split()
    assert counts(path, encoding_errors="replace") == {word: replaced.count(word) for word in set(replaced)}


@settings(deadline=None)
@given(
    st.lists(st.sampled_from([b"a", b"b", b" ", b"\n", b"\r", b"\0", b"\xff", "é".encode(), b"\xc3", MARK])),
    st.sampled_from(["replace", "ignore"]),
    st.sampled_from([1, 3, 1 << 20]),
    st.sampled_from(["whitespace", "words"]),
)
def test_wrong_bytes_are_handled_as_python_does(tmp_path_factory, pieces, errors, text_bytes, tokens):
    path = tmp_path_factory.mktemp("text") / "a.txt"
    data = b"x y\n" + b"".join(pieces)
    path.write_bytes(data)
    text = data.decode(errors=errors).replace("\0", "\ufffd" if errors == "replace" else "").replace("\ufeff", " ")
    if tokens == "words":
        text = text.replace("\ufffd", " ")
    words = text.split()
    options = CorpusOptions(encoding_errors=errors, tokens=tokens)
    with encode(path, options, ALL, sizes=BlockSizes(text_bytes)) as corpus:
        expected = {word: words.count(word) for word in set(words)}
        assert dict(zip(corpus.vocabulary.words, corpus.vocabulary.counts.tolist(), strict=True)) == expected


# folders


def collection(folder):
    """Make a folder as people have them: texts among much else."""
    for name, data in {
        "a.txt": TEXT.encode(), "notes/B.TXT": TEXT.encode(), "notes/old/c.md": TEXT.encode(), "photo.jpg": JPEG,
        "scan.png": PNG, "Thumbs.db": OLE, "x.dat": BINARY, "paper.ps": b"%!PS-Adobe-3.0\n" + TEXT.encode(),
        "tiny.dat": b"\x01\x02\x03\xff\xfe\xfd", "texts.tar.gz": gzip.compress(tarred(), mtime=0),
        ".hidden.txt": b"hidden", "model.npy": b"\x93NUMPY\x01\0v\0" + bytes(200), "empty.txt": b"",
    }.items():  # fmt: skip
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def tarred():
    import tarfile

    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        info = tarfile.TarInfo("a.txt")
        info.size = len(TEXT)
        archive.addfile(info, io.BytesIO(TEXT.encode()))
    return stream.getvalue()


def test_what_is_not_text_is_left_out_of_folders_with_notes(tmp_path):
    collection(tmp_path / "texts")
    process = w2v("vocab", "texts", "--min-count", "1", cwd=tmp_path)
    assert process.stdout.startswith(b"is 6\nthe 6\n")
    told = process.stderr.decode()
    assert told.count("left out") == 2
    assert "note: left out texts/model.npy, which holds vectors, not text" in told
    assert "note: left out 7 files, the first texts/Thumbs.db, which is an old document of Microsoft Office" in told
    assert f"reading: {3 * len(TEXT)}B in" in told  # only what is read counts


@pytest.mark.parametrize(
    "name, told",
    [
        ("photo.jpg", "photo.jpg: is an image, not text; name text files only"),
        ("paper.ps", "paper.ps: is a PostScript document; extract its text first: ps2ascii paper.ps"),
        ("x.dat", "x.dat:1: holds a zero byte, so it is not text; name text files only"),
        ("texts.tar.gz", "texts.tar.gz: is a tar archive; unpack it: tar -xf texts.tar.gz"),
    ],
)
def test_what_is_named_and_not_text_is_an_error(tmp_path, name, told):
    collection(tmp_path)
    assert error_line(w2v("train", name, cwd=tmp_path)) == told


@pytest.mark.parametrize(
    "data",
    [b"ID3 and C4.5 grow trees\n", b"PAR1 is a word\n", b"BM25 ranks\n", b"MZ is not here\n", b"GGUF and FiFu\n",
     b"RIFF WAVE\n", b"<?xml said he\n", b"OggS\n", b"x\xda\x9c\n"],
)  # fmt: skip
def test_text_that_begins_as_other_files_do_is_text(tmp_path, data):
    (tmp_path / "a.txt").write_bytes(data + b"and other words\n")
    assert "words" in counts(tmp_path, encoding_errors="replace")
    assert "words" in counts(tmp_path / "a.txt", encoding_errors="replace")


def test_a_text_with_wrong_bytes_stops_a_folder_and_damaged_text_too(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.txt").write_bytes(b"caf\xe9 and more\n")
    assert "b.txt:1: not UTF-8" in refusal(tmp_path)
    (tmp_path / "b.txt").write_bytes(gzip.compress(random.Random(1).randbytes(9999).hex().encode())[:5000])
    assert "b.txt: the compressed data is damaged or cut short" in refusal(tmp_path)


def test_a_folder_without_text_is_an_error_that_says_so(tmp_path):
    (tmp_path / "pictures").mkdir()
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text(TEXT)
    (tmp_path / "pictures" / "a.jpg").write_bytes(JPEG)
    told = "pictures: holds no text; pictures/a.jpg is an image, not text"
    assert error_line(w2v("train", "pictures", cwd=tmp_path)) == told
    assert error_line(w2v("train", "texts", "pictures", cwd=tmp_path)) == told
    (tmp_path / "pictures" / "b.jpg").write_bytes(JPEG)
    told += ", and 1 other file likewise"
    assert error_line(w2v("vocab", "pictures", cwd=tmp_path)) == told


@pytest.mark.parametrize(
    "include, exclude, names",
    [
        ([], [], "abc"),
        (["*.txt"], [], "ab"),
        (["*.TXT"], [], "ab"),
        (["*.txt", "*.md"], [], "abc"),
        ("*.md", [], "c"),
        (["notes/*"], [], "bc"),
        (["notes"], [], "bc"),
        (["./notes/"], [], "bc"),
        (["**/*.md"], [], "c"),
        (["[ab].*"], [], "ab"),
        ([], ["*.txt"], "c"),
        ([], "notes/", "a"),
        ([], ["old"], "ab"),
        ([], ["*/old/*"], "ab"),
        (["*.txt"], ["notes"], "a"),
        (["notes"], ["*.md"], "b"),
    ],
)
def test_patterns_choose_the_files_of_folders(tmp_path, include, exclude, names):
    for name, word in {"a.txt": "a", "notes/b.txt": "b", "notes/old/c.md": "c"}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"{word} x")
    found = counts(tmp_path, include=include, exclude=exclude)
    assert "".join(sorted(found.keys() - {"x"})) == names


def test_patterns_on_the_command_line(tmp_path):
    collection(tmp_path / "texts")
    process = w2v("vocab", "texts", "--include", "*.txt", "--include=*.md", "--exclude", "old", cwd=tmp_path)
    assert b"left out" not in process.stderr
    assert b"reading: 72B" in process.stderr
    told = error_line(w2v("train", "texts", "--include", "*.html", cwd=tmp_path))
    assert told == "texts: no file in this folder matches --include and --exclude; change them"
    told = error_line(w2v("train", "texts/a.txt", "--include", "*.txt", cwd=tmp_path))
    assert told == "--include chooses among the files of a folder, and no folder is given; leave it out"
    for wrong in (5, [5], [""], [None]):
        with pytest.raises(UsageError, match=r"exclude must be a pattern such as '\*.txt', or a list of them"):
            library.train(tmp_path / "texts", exclude=wrong)


def test_an_error_in_one_of_many_files_says_how_to_leave_it_out(tmp_path):
    folder = tmp_path / "texts"
    (folder / "old").mkdir(parents=True)
    (folder / "a.txt").write_text("a rose is a rose\n" * 9)
    (folder / "old" / "latin[1].txt").write_bytes("café\n".encode("latin-1"))
    told = error_line(w2v("vocab", "texts", cwd=tmp_path))
    assert told == (
        "texts/old/latin[1].txt:1: not UTF-8: 'caf\ufffd'; convert it, or leave it out with"
        " --exclude old/latin[[]1].txt; or name the encoding of all files, as in --encoding latin-1, or use"
        " --encoding-errors replace"
    )
    assert w2v("vocab", "texts", "--exclude", "old/latin[[]1].txt", cwd=tmp_path).returncode == 0
    told = error_line(w2v("vocab", "texts/a.txt", "texts/old/latin[1].txt", cwd=tmp_path))
    assert "'caf\ufffd'; convert it, or leave it out; or name the encoding of all files" in told
    (folder / "b.jsonl").write_text('{"text": "a rose"}\n{"text":\n')
    told = error_line(w2v("vocab", "texts", "--exclude", "old", cwd=tmp_path))
    assert told.startswith("texts/b.jsonl:2: is not JSON")
    assert told.endswith("or skip such records with --skip-bad-records, or leave it out with --exclude b.jsonl")
    (folder / "b.jsonl").write_bytes(gzip.compress(b"a rose " * 9000)[:-30])
    told = error_line(w2v("vocab", "texts", "--exclude", "old", cwd=tmp_path))
    assert told.endswith("get the file again, or leave it out with --exclude b.jsonl")
    with zipfile.ZipFile(tmp_path / "texts.zip", "w") as archive:
        archive.writestr("a.txt", "a rose\n" * 9)
        archive.writestr("old/b.txt", b"caf\xe9\n")
    assert "leave it out with --exclude old/b.txt;" in error_line(w2v("vocab", "texts.zip", cwd=tmp_path))


def test_named_files_are_read_whatever_the_patterns(tmp_path):
    collection(tmp_path / "texts")
    (tmp_path / "d.rst").write_text("d d d")
    assert counts([tmp_path / "texts", tmp_path / "d.rst"], include=["*.md"]).items() >= {"d": 3, "the": 2}.items()


def test_odd_things_in_folders_neither_hang_nor_stop(tmp_path):
    folder = tmp_path / "texts"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.txt").write_text(TEXT)
    os.mkfifo(folder / "pipe")
    (folder / "loop").symlink_to("loop")
    (folder / "nowhere").symlink_to("missing")
    (folder / "sub" / "up").symlink_to(folder)
    (folder / "linked.txt").symlink_to("a.txt")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "socket"))
        assert counts(folder) == {"the": 4, "is": 4, "king": 2, "here": 2, "queen": 2, "there": 2}
    told = w2v("vocab", "texts", cwd=tmp_path).stderr.decode()
    assert "left out 2 files, the first texts/loop, which can't be read (" in told


def test_a_file_that_cannot_be_opened_is_left_out_of_a_folder(tmp_path, monkeypatch):
    from w2v.corpus.sources import FileSource

    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.txt").write_text(TEXT)
    opened = FileSource.open

    def refuse(source):
        if source.path.name == "b.txt":
            raise PermissionError(13, "Permission denied")
        return opened(source)

    monkeypatch.setattr(FileSource, "open", refuse)
    assert counts(tmp_path)["the"] == 2
    assert refusal(tmp_path / "b.txt") == f"{tmp_path / 'b.txt'}: can't be read (Permission denied)"


# archives


def zipped(path, members, **options):
    with zipfile.ZipFile(path, "w", **options) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_one_text_of_a_zip_archive_is_read_by_its_name(tmp_path):
    path = zipped(tmp_path / "texts.zip", {"deep/a.txt": "a a and", "b.txt": "b or"})
    assert counts(f"{path}:b.txt") == {"b": 1, "or": 1}
    assert counts(f"{path}:a.txt") == counts(f"{path}:deep/a.txt") == {"a": 2, "and": 1}
    assert refusal(f"{path}:c.txt") == f"{path}: has no file c.txt; it has b.txt, deep/a.txt"
    (tmp_path / "plain.txt").write_text("a")
    process = w2v("vocab", "plain.txt", "texts.zip:a.txt", "--min-count", "1", cwd=tmp_path)
    assert process.stdout == b"a 3\nand 1\n", process.stderr


def test_texts_in_a_zip_archive_are_read(tmp_path):
    path = zipped(
        tmp_path / "texts.zip",
        {
            "b.txt": "b",
            "a/a.txt": MARK + b"a",
            "photo.jpg": JPEG,
            "__MACOSX/._a.txt": "x",
            "c.txt.gz": gzip.compress(b"c"),
        },
        compression=zipfile.ZIP_DEFLATED,
    )
    assert counts(path) == {"a": 1, "b": 1, "c": 1}
    assert counts(path, include=["*.txt"]) == {"a": 1, "b": 1}
    process = w2v("vocab", "texts.zip", "--min-count", "1", cwd=tmp_path)
    assert b"note: left out texts.zip:photo.jpg, which is an image, not text\n" in process.stderr
    assert process.stdout == b"a 1\nb 1\nc 1\n"
    told = error_line(w2v("vocab", "texts.zip", "--include", "*.md", cwd=tmp_path))
    assert told == "texts.zip: is a ZIP archive without files to read; change --include or --exclude"
    zipped(path, {"a.txt": b"a caf\xe9\n"})
    assert refusal(path).startswith(f"{path}:a.txt:1: not UTF-8")


def test_wrong_archives_are_refused_in_one_line(tmp_path):
    path = zipped(tmp_path / "a.zip", {"a.txt": TEXT * 500}, compression=zipfile.ZIP_DEFLATED)
    whole = path.read_bytes()
    path.write_bytes(whole[:100])
    assert refusal(path) == f"{path}: is a damaged ZIP archive, or cut short; get it again"
    path.write_bytes(whole[:60] + bytes(40) + whole[100:])
    assert refusal(path) == f"{path}:a.txt: the compressed data is damaged or cut short; get the file again"
    zipped(path, {})
    assert "ZIP archive" in refusal(path)
    zipped(path, {"photo.jpg": JPEG})
    assert refusal(path) == f"{path}: holds no text; {path}:photo.jpg is an image, not text"
    zipped(path, {"[Content_Types].xml": "<x/>", "xl/workbook.xml": "<x/>"})
    assert refusal(path) == (f"{path}: is a document of a word processor or a spreadsheet; save it as plain text first")
    data = bytearray(zipped(path, {"a.txt": TEXT}).read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert refusal(path) == f"{path}:a.txt: is encrypted; unpack it first: unzip {path}"
    (tmp_path / "sub").mkdir()
    zipped(tmp_path / "sub" / "a.zip", {"a.txt": TEXT})
    (tmp_path / "sub" / "b.txt").write_text(TEXT)
    assert counts(tmp_path / "sub")["the"] == 2
