"""Damage to files, by seed: what cut, scrambled, edited and foreign files look like."""

import copy
import json

SNIPPETS = [
    b"\r", b"\n", b"\r\n", b"\0", b"\t", b" ", b"\x0c", b"\xff", b"\xc3", b"\xef\xbb\xbf", b"\xed\xa0\x80", b'"',
    b",", b":", b"\xe2\x80\xa8", b"\xc2\xa0", b"\x1c", b"#", b"-1", b"0", b"-0", b"nan", b"inf", b"1e999", b"-1e999",
    b"1e-999", b"1_0", b"9223372036854775807", b"9223372036854775808", b"9" * 400, b"9" * 5000, b"\xd9\xa3",
    b"x" * 200_000, b"[" * 100_000, b'{"a":' * 5000, b"null", b"true", b"NaN", b"Infinity", b"{}", b"[]", b"</s> 0\n",
    b"phrase\twords\n", b": \n",
]  # fmt: skip
JUNK = [
    None, True, False, -1, 0, 1, 2**31, 2**63 - 1, 2**63, -(2**63), 10**400, 1.5, -0.5, 1e308, float("nan"),
    float("inf"), "", "x", "1", [], [[]], [1], ["x"], {}, {"x": 1}, [None], [float("nan")], [10**400], "ns", "hs",
]  # fmt: skip


def damaged(content, rng):
    """Return `content` with one to four changes that `rng`, a random.Random, chooses."""
    for _ in range(rng.randint(1, 4)):
        content = rng.choice([_flipped, _cut, _inserted, _replaced, _repeated, _without, _swapped])(content, rng)
    return content


def _place(content, rng):
    return rng.randint(0, len(content))


def _flipped(content, rng):
    changed = bytearray(content)
    for _ in range(rng.randint(1, 8) if changed else 0):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _cut(content, rng):
    return content[: _place(content, rng)]


def _inserted(content, rng):
    place = _place(content, rng)
    return content[:place] + rng.choice(SNIPPETS) + content[place:]


def _replaced(content, rng):
    fields = content.split(b" ") if rng.random() < 0.5 else content.split(b"\t")
    fields[rng.randrange(len(fields))] = rng.choice(SNIPPETS)
    return (b" " if b"\t" not in content else b"\t").join(fields)


def _repeated(content, rng):
    first, last = sorted([_place(content, rng), _place(content, rng)])
    return content[:last] + content[first:last] * rng.randint(1, 3) + content[last:]


def _without(content, rng):
    first, last = sorted([_place(content, rng), _place(content, rng)])
    return content[:first] + content[last:]


def _swapped(content, rng):
    lines = content.split(b"\n")
    rng.shuffle(lines)
    return b"\n".join(lines)


def damaged_json(value, rng):
    """Return a JSON value in which one value, wherever it is, is missing or junk."""
    value = copy.deepcopy(value)
    places = list(_places(value))
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


def damaged_model(content, rng):
    """Return a model file with a damaged fact, array or header."""
    size = int.from_bytes(content[:8], "little")
    header, arrays = json.loads(content[8 : 8 + size]), content[8 + size :]
    part = rng.random()
    if part < 0.6:
        metadata = header["__metadata__"]
        metadata["facts"] = json.dumps(damaged_json(json.loads(metadata["facts"]), rng))
    elif part < 0.75:
        header = {"__metadata__": header["__metadata__"], **damaged_json(header, rng)}
    elif part < 0.95:
        arrays = _flipped(arrays, rng)
    else:
        return damaged(content, rng)
    text = json.dumps(header, separators=(",", ":")).encode()
    return len(text).to_bytes(8, "little") + text + arrays
