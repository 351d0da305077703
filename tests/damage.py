"""Damage to files, by seed: what cut, scrambled, edited and foreign files look like."""

import bz2
import copy
import gzip
import io
import json
import lzma
import struct
import zipfile

import numpy as np

from w2v.checksum import Checksum

SNIPPETS = [
    b"\r", b"\n", b"\r\n", b"\0", b"\t", b" ", b"\x0c", b"\xff", b"\xc3", b"\xef\xbb\xbf", b"\xed\xa0\x80", b'"',
    b",", b":", b"\xe2\x80\xa8", b"\xc2\xa0", b"\x1c", b"#", b"-1", b"0", b"-0", b"nan", b"inf", b"1e999", b"-1e999",
    b"1e-999", b"1_0", b"9223372036854775807", b"9223372036854775808", b"4294967296", b"9" * 400, b"9" * 5000,
    b"\xd9\xa3", b"[" * 300, b'{"a":' * 5000, b"null", b"true", b"NaN", b"Infinity", b"{}", b"[]", b"</s> 0\n", b"(",
    b"phrase\twords\n", b": \n", b"2 3\n", b"PK\x03\x04", b"\xff\xff\xff\xff\xff\xff\xff\x7f", b"<U9999999", b"O", b"e",
    b"\\", b"\\u0000", b"\\ud800", b"&#0;", b"&nbsp;", b"<", b">", b"</", b"<!--", b"<![CDATA[", b"<!DOCTYPE a [",
    b"\xc2\x85", b"\xe3\x80\x80", b"\xe2\x80\xa9", b"\x1f\x8b\x08", b"\xfe\xff", b"\xff\xfe", b"'", b";", b"|", b"_",
]  # fmt: skip
LARGE = [b"x" * 200_000, b"[" * 100_000, b"9" * 20_000]  # one change in a hundred, as they take long to read
JUNK = [
    None, True, False, -1, 0, 1, 2**31, 2**63 - 1, 2**63, -(2**63), 10**400, 1.5, -0.5, 1e308, float("nan"),
    float("inf"), "", "x", "1", [], [[]], [1], ["x"], {}, {"x": 1}, [None], [float("nan")], [10**400], "ns", "hs",
    "\ud800", "\0", "a\nb",
]  # fmt: skip


def damaged(content, rng):
    """Return `content` with one to four changes that `rng`, a random.Random, chooses."""
    for _ in range(rng.randint(1, 4)):
        content = rng.choice(
            [_flipped, _bit_flipped, _cut, _inserted, _over, _replaced, _repeated, _without, _swapped]
        )(content, rng)
    return content


def _place(content, rng):
    return rng.randint(0, len(content))


def _snippet(rng):
    return rng.choice(LARGE) if rng.random() < 0.01 else rng.choice(SNIPPETS)


def _flipped(content, rng):
    changed = bytearray(content)
    for _ in range(rng.randint(1, 8) if changed else 0):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _bit_flipped(content, rng):
    changed = bytearray(content)
    if changed:
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _cut(content, rng):
    return content[: _place(content, rng)] if rng.random() < 0.5 else content


def _inserted(content, rng):
    place = _place(content, rng)
    return content[:place] + _snippet(rng) + content[place:]


def _over(content, rng):
    place, snippet = _place(content, rng), rng.choice(SNIPPETS)
    return content[:place] + snippet + content[place + len(snippet) :]


def _replaced(content, rng):
    mark = rng.choice([b" ", b"\t", b"\n", b",", b'"'])
    fields = content.split(mark)
    fields[rng.randrange(len(fields))] = _snippet(rng)
    return mark.join(fields)


def _repeated(content, rng):
    first, last = sorted([_place(content, rng), _place(content, rng)])
    return content[:last] + content[first:last] * rng.randint(1, 3) + content[last:]


def _without(content, rng):
    first = _place(content, rng)
    last = min(len(content), first + rng.choice([1, 2, 4, 8, 50, len(content)]))
    return content[:first] + content[last:]


def _swapped(content, rng):
    lines = content.split(b"\n")
    rng.shuffle(lines)
    return b"\n".join(lines)


def damaged_json(value, rng):
    """Return a JSON value in which one value, wherever it is, is missing or junk."""
    value = copy.deepcopy(value)
    places = list(_places(value))
    if not places:
        return rng.choice(JUNK)
    holder, key = rng.choice(places)
    if rng.random() < 0.2 and isinstance(holder, dict):
        del holder[key]
    else:
        holder[key] = rng.choice(JUNK)
    return value


def _places(value):
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])


def damaged_safetensors(content, rng):
    """Return a safetensors file with a damaged fact, array or header; half of the damaged arrays have right checksums.

    Facts are texts of the metadata that hold JSON, as models, classifiers and cached copies have them.
    """
    try:
        size = int.from_bytes(content[:8], "little")
        header, arrays = json.loads(content[8 : 8 + size]), content[8 + size :]
        metadata = header["__metadata__"]
        facts = [name for name, text in metadata.items() if name != "checksums" and text.startswith("{")]
        part = rng.random()
        if part < 0.5 and facts:
            name = rng.choice(facts)
            metadata[name] = json.dumps(damaged_json(json.loads(metadata[name]), rng))
        elif part < 0.65:
            header = {"__metadata__": metadata, **damaged_json(header, rng)}
        elif part < 0.95:
            arrays = rng.choice([_flipped, _over, _over])(arrays, rng)[: len(arrays)].ljust(len(arrays), b"\0")
            if rng.random() < 0.7:
                _seal(header, arrays)
        else:
            return damaged(content, rng)
        text = json.dumps(header, separators=(",", ":")).encode()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):  # damaged before
        return damaged(content, rng)
    return len(text).to_bytes(8, "little") + text + arrays


def _seal(header, arrays):
    """Put the right checksums into a header."""
    checksums = {}
    for name, about in header.items():
        if name != "__metadata__":
            first, last = about["data_offsets"]
            checksum = Checksum()
            checksum.update(np.frombuffer(arrays[first:last], np.uint8))
            checksums[name] = checksum.digest()
    header["__metadata__"]["checksums"] = json.dumps(checksums)


def damaged_zip(content, rng):
    """Return a ZIP archive with damage to its bytes, or to the content of one member."""
    if rng.random() < 0.4:
        return damaged(content, rng)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()[:10]}
        names = list(members)
        chosen = rng.choice(names)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", rng.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])) as archive:
            for name in names:
                archive.writestr(name, damaged(members[name], rng) if name == chosen else members[name])
        return out.getvalue()
    except (ValueError, IndexError, EOFError, OSError, RuntimeError, NotImplementedError, struct.error) as _:
        return damaged(content, rng)
    except Exception as error:
        if type(error).__name__ in ("BadZipFile", "error"):  # zipfile's and zlib's
            return damaged(content, rng)
        raise


_COMPRESSIONS = {
    "gzip": (gzip.decompress, lambda data: gzip.compress(data, mtime=0)),
    "bz2": (bz2.decompress, bz2.compress),
    "xz": (lzma.decompress, lzma.compress),
}


def damaged_inside(name):
    """Return a function that damages files of a compression, as they are or as they were before it."""
    unpack, pack = _COMPRESSIONS[name]

    def damaged_either(content, rng):
        if rng.random() < 0.4:
            return damaged(content, rng)
        try:
            plain = unpack(content)
        except Exception:  # damaged before
            return damaged(content, rng)
        return pack(damaged(plain, rng))

    return damaged_either
