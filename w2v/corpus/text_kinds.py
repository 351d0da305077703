"""Text that is not what its user may think: markup, data, unsegmented or wrapped text, recognised in samples."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

_FEW_LINES = 10  # fewer say nothing about wrapping
_WIDEST = 200  # characters of a line of wrapped prose
_FREQUENT = 10  # words that rarely end a sentence, such as "the"

_TAG = re.compile(r"<(/?)([A-Za-z][\w:.-]*)((?:\s[^<>]{0,300})?)(/?)>")
_ENTITY = re.compile(r"&(?:[a-z]{2,8}|#[0-9]{1,6}|#x[0-9a-f]{1,5});", re.IGNORECASE)
_OTHER_MARKUP = (
    ("MediaWiki", re.compile(r"\[\[[^\[\]\n]{1,200}\]\]|\{\{[\w|]"), "pandoc -f mediawiki -t plain"),
    ("LaTeX", re.compile(r"\\(?:[a-zA-Z]{2,20}\*?(?:\[[^\]\n]{0,80}\])?\{)"), "pandoc -f latex -t plain"),
    (
        "RTF",
        re.compile(r"\{\\rtf1|\\(?:par|pard|fs[0-9]{1,3}|f[0-9]|lang[0-9]{1,5}|'[0-9a-f]{2})\b"),
        "pandoc -f rtf -t plain",
    ),
)
_PLACEHOLDERS = frozenset({"s", "unk", "num", "number", "eos", "bos", "pad", "url", "user", "mask", "sep", "cls"})
_KEY = re.compile(r"""(["'])[\w$ .:@/-]{1,60}\1\s{0,4}:\s{0,4}(?:["'\[{0-9-]|true|false|null|None|True|False)""")
_QUOTED = re.compile(r"""^[\[({]*(?:'[^']+'|"[^"]+")[\])}]*,?[\])}]*,?$""")
_ENTRY = re.compile(r"""^[ \t]*"[^\n]*",$""", re.MULTILINE)  # of a list with an entry in each line
_LIST_STARTS = ("['", '["', "('", '("')
_CELL_SEPARATORS = {"\t": "tabs", ",": "commas", ";": "semicolons"}
_SENTENCE_END = re.compile(r"""[.!?:;…。！？।؟۔]["'”’»)\]*_]*$""")

# Scripts that write no spaces between words: their characters, the mean length above which a run of them can't be a
# word, and the token rule that cuts them into words.
_UNSPACED = (
    ("Japanese", re.compile("[\u3040-\u30ff\u3400-\u9fff々ー]+"), re.compile("[\u3040-\u30ff]"), 4.5, "sudachi"),
    ("Chinese", re.compile("[\u3400-\u9fff\U00020000-\U0003134f]+"), None, 4.5, "jieba"),
    ("Thai", re.compile("[\u0e00-\u0e7f]+"), None, 10.0, "icu"),
    ("Lao", re.compile("[\u0e80-\u0eff]+"), None, 10.0, "icu"),
    ("Khmer", re.compile("[\u1780-\u17ff]+"), None, 11.0, "icu"),
    ("Burmese", re.compile("[\u1000-\u109f\uaa60-\uaa7f]+"), None, 13.0, "icu"),
    ("Tibetan", re.compile("[\u0f40-\u0fbc\u0f0b]+"), None, 16.0, "words"),
)
ANY_UNSPACED = re.compile(f"[{''.join(runs.pattern[1:-2] for _, runs, *_ in _UNSPACED)}]")
_LEAST_SHARE = 0.3  # of the characters of a text, in such a script


def notes_on(pieces: Sequence[Sequence[str]], sentence_unit: str, *, is_cut: bool = False) -> list[str]:
    """Return notes on what a text seems to be: at most one on its kind, and one on its lines.

    Args:
        pieces: lines from all over the text, in pieces of consecutive ones.
        sentence_unit: what a sentence is, as in CorpusOptions.
        is_cut: whether the token rule finds words where a script writes no spaces.

    Example:
        >>> notes_on([["<p>a rose</p>", "<p>is a rose</p>", "<p>it is</p>"]], "line")[0][:38]
        'the text holds markup, such as <p>; it'
    """
    text = "\n".join("\n".join(lines) for lines in pieces)
    tokens = text.split()
    kind = _data_note(text, tokens) or _markup_note(text, tokens) or _table_note(pieces)
    kind = kind or (None if is_cut else _unspaced_note(text))
    notes = [kind] if kind else []
    if kind is None and sentence_unit == "line" and is_wrapped(pieces):
        notes.append(
            "most lines end within a sentence, as in wrapped prose; use `sentence_unit=paragraph` if blank"
            " lines end paragraphs, or `sentence_unit=document`"
        )
    return notes


def _data_note(text: str, tokens: Sequence[str]) -> str | None:
    """Return a note on lists printed by Python, and on JSON."""
    if '"' not in text and "'" not in text:
        return None
    keys = sum(1 for _ in _KEY.finditer(text)) if '":' in text or "':" in text or '" :' in text else 0
    if keys >= 3 and 50 * keys >= len(tokens):
        return "the text looks like JSON; use `text_format=json`, and name its field with `field`"
    entries = sum(1 for _ in _ENTRY.finditer(text))
    if entries >= 5 and 10 * entries >= 8 * text.count("\n"):
        return "the text looks like JSON; use `text_format=json`"
    if not any(start in text for start in _LIST_STARTS):
        return None
    quoted = sum(1 for token in tokens if _QUOTED.match(token))
    if quoted >= 3 and 10 * quoted >= 3 * len(tokens):
        return (
            "the text looks like printed lists, such as ['the', 'cat']; write the tokens with spaces between them, or"
            " pass the lists themselves in Python: sentences=lists"
        )
    return None


def _markup_note(text: str, tokens: Sequence[str]) -> str | None:
    """Return a note on markup: MediaWiki's, LaTeX's, RTF's, and tags and character references of HTML and XML."""
    for name, mark, advice in _OTHER_MARKUP if "[[" in text or "{{" in text or "\\" in text else ():
        n_marks = sum(1 for _ in mark.finditer(text))
        if n_marks >= 5 and 100 * n_marks >= len(tokens):
            return f"the text holds markup of {name}; its commands become words; extract the text first: {advice}"
    if "<" not in text and "&" not in text:
        return None
    tags = [tag for tag in _TAG.finditer(text) if tag[2].lower() not in _PLACEHOLDERS]
    closing = sum(1 for tag in tags if tag[1] or tag[4] or tag[2].lower() in ("p", "br", "lb", "pb"))
    entities = sum(1 for _ in _ENTITY.finditer(text))
    if closing >= 3 and 4 * closing >= len(tags) and 100 * len(tags) >= len(tokens):
        first = Counter(tag[2] for tag in tags if not tag[1]).most_common(1)
        name = f"<{first[0][0]}>" if first else tags[0][0]
        return f"the text holds markup, such as {name}; its names become words; use `text_format=html` or xml"
    if entities >= 5 and 100 * entities >= len(tokens):
        found = _ENTITY.search(text)
        example = found[0] if found else ""
        return f"the text holds character references, such as {example}; use `text_format=html`, which decodes them"
    return None


def _table_note(pieces: Sequence[Sequence[str]]) -> str | None:
    """Return a note on tables with a row in each line."""
    lines = [line for piece in pieces for line in piece if line.strip()]
    if len(lines) < 5:
        return None
    for separator, name in _CELL_SEPARATORS.items():
        if sum(line.count(separator) > 0 for line in lines) < 0.9 * len(lines):
            continue
        try:
            rows = list(csv.reader(lines, delimiter=separator))
        except csv.Error:
            continue
        columns, rows_with = Counter(map(len, rows)).most_common(1)[0]
        cells = [cell for row in rows for cell in row[1:]]
        if sum(row[-1] == "" for row in rows) >= 0.9 * len(rows):  # a mark that ends lines
            continue
        close = sum(1 for cell in cells if not cell.startswith(" "))
        is_regular = columns > 1 and rows_with >= 0.9 * len(rows) and close >= 0.95 * len(cells)
        if is_regular and (separator != "," or columns > 2 or '",' in "".join(lines) or ',"' in "".join(lines)):
            text_format = "tsv" if separator == "\t" else "csv"
            return (
                f"the text looks like a table of {columns} columns, separated by {name}; use"
                f" `text_format={text_format}`, and name the column with the text with `field`"
            )
    return None


def _unspaced_note(text: str) -> str | None:
    """Return a note on text without spaces between words."""
    if ANY_UNSPACED.search(text) is None:
        return None
    characters = sum(map(len, text.split()))
    for language, runs, needed, longest, rule in _UNSPACED:
        found = runs.findall(text)
        covered = sum(map(len, found))
        if not found or covered < _LEAST_SHARE * characters or covered < 2 * longest:
            continue
        if needed is not None and sum(1 for run in found if needed.search(run)) < 0.2 * len(found):
            continue
        if covered > longest * len(found):
            return f"the text is {language} without spaces between words; use `tokens={rule}`, which finds them"
        return None
    return None


def is_wrapped(pieces: Sequence[Sequence[str]]) -> bool:
    """Say whether lines end within sentences, where the next word would not fit, as in wrapped prose.

    There, the most frequent words end lines as often as they stand elsewhere; they end hardly a sentence or verse.

    Example:
        >>> lines = "it was late and the king/had not come home from/the hunt when the queen/and all of her house/"
        >>> lines += "were on their way to the/old bridge to wait for/the king and to look at"
        >>> is_wrapped([lines.split("/") * 2])
        True
        >>> is_wrapped([["the king sleeps .", "it is late"] * 9])
        False
    """
    lengths = sorted(len(line.rstrip()) for piece in pieces for line in piece if line.strip())
    if len(lengths) < _FEW_LINES:
        return False
    width = lengths[int(0.98 * (len(lengths) - 1))]
    if width > _WIDEST:
        return False
    inner: list[list[str]] = []
    full = brimful = amid = lower = capital = 0
    for piece in pieces:
        for line, following in pairwise(map(str.strip, piece)):
            if not line or not following:
                continue
            inner.append(line.lower().split())
            first = following.split(maxsplit=1)[0]
            needed = len(line) + 1 + len(first)
            full += needed > 0.88 * width
            brimful += needed > 0.97 * width
            amid += _SENTENCE_END.search(line) is None
            start = first.lstrip("\"'“‘«([_*")[:1]
            lower += start.islower()
            capital += start.isupper()
    n = len(inner)
    counts = Counter(word for line in inner for word in line)
    if n < _FEW_LINES or 3 * n <= len(lengths) or counts.total() <= 3 * n:
        return False
    frequent = dict(counts.most_common(_FREQUENT))
    at_ends = sum(line[-1] in frequent for line in inner) / n
    return (
        full >= 0.8 * n
        and amid >= 0.6 * n
        and (lower > 1.5 * capital if capital > 0.02 * n else brimful >= 0.85 * n)
        and at_ends >= 0.3 * sum(frequent.values()) / counts.total()
        and len(set(map(tuple, inner))) > 0.5 * n
    )
