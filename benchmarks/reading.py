"""How fast each format is read and each token rule cuts text, beside the package alone that does the work.

    python -m benchmarks.reading CORPUS --cut icu=NOVEL --cut jieba=NOVEL --cut sudachi=STORY

Times are CPU seconds of this process and those that it starts, so that other work on the machine matters little; each
is the least of several turns. Files of each format are made of the lines of CORPUS.
"""

from __future__ import annotations

import argparse
import csv
import functools
import gc
import html
import importlib
import json
import resource
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.parsers import expat

from w2v.corpus import count
from w2v.corpus.block_reader import BlockReader
from w2v.options import CorpusOptions, VocabularyOptions

TURNS = 3
LINES_OF_A_PAGE = 200
Job = Callable[[], object]


def cpu_seconds() -> float:
    """Return the CPU time of this process and of those that it started and that have ended."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def least(jobs: dict[str, Job]) -> dict[str, float]:
    """Return the least CPU seconds of each job; they take turns."""
    best = dict.fromkeys(jobs, float("inf"))
    for _ in range(TURNS):
        for name, job in jobs.items():
            started = cpu_seconds()
            job()
            best[name] = min(best[name], cpu_seconds() - started)
    return best


def read(path: Path) -> None:
    """Read a file or folder as w2v does, up to the blocks that are scanned for words."""
    for _ in BlockReader(path):
        pass


# Files of each format


def make_files(lines: list[str], folder: Path) -> Iterator[Path]:
    """Write the lines in each format; yield the files and folders."""
    text, escaped = folder / "plain.txt", [html.escape(line) for line in lines]
    text.write_text("\n".join(lines), encoding="utf-8")
    yield text
    pages = folder / "html"
    pages.mkdir()
    for start in range(0, len(lines), LINES_OF_A_PAGE):
        body = "".join(f"<p class='a'>{line}</p>\n" for line in escaped[start : start + LINES_OF_A_PAGE])
        page = f"<!doctype html><html><head><meta charset=utf-8></head><body>{body}</body></html>"
        (pages / f"{start:09}.html").write_text(page, encoding="utf-8")
    yield pages
    xml = folder / "xml.xml"
    paragraphs = "".join(f"<p>{line}</p>\n" for line in escaped)
    xml.write_text(f"<TEI><text><body>{paragraphs}</body></text></TEI>", encoding="utf-8")
    yield xml
    rows = folder / "json.jsonl"
    rows.write_text("".join(json.dumps({"id": i, "text": line}) + "\n" for i, line in enumerate(lines)))
    yield rows
    with (folder / "csv.csv").open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([("id", "text"), *enumerate(lines)])
    yield folder / "csv.csv"
    cells = "".join(f"{i}\t{line}\n" for i, line in enumerate(lines))
    (folder / "tsv.tsv").write_text(f"id\ttext\n{cells}", encoding="utf-8")
    yield folder / "tsv.tsv"
    tagged = "\n".join(
        "".join(f"{i}\t{word}\t{word}\tNOUN\t_\t_\t0\tdep\t_\t_\n" for i, word in enumerate(line.split(), 1))
        for line in lines
    )
    (folder / "conllu.conllu").write_text(tagged, encoding="utf-8")
    yield folder / "conllu.conllu"
    yield from _packaged(lines, escaped, folder)


def _packaged(lines: list[str], escaped: list[str], folder: Path) -> Iterator[Path]:
    """Write the formats that packages write, and those that are slow to read, with fewer lines."""
    from docx import Document
    from pyarrow import parquet, table

    parquet.write_table(table({"id": range(len(lines)), "text": lines}), folder / "parquet.parquet")
    yield folder / "parquet.parquet"
    document = Document()
    for line in lines[: len(lines) // 10]:
        document.add_paragraph(line)
    document.save(str(folder / "docx.docx"))
    yield folder / "docx.docx"
    pages = [
        "\n\n".join(escaped[start : start + LINES_OF_A_PAGE]) for start in range(0, len(lines) // 10, LINES_OF_A_PAGE)
    ]
    dump = "".join(f"<page><ns>0</ns><revision><text>{page}</text></revision></page>" for page in pages)
    (folder / "mediawiki.xml").write_text(f"<mediawiki>{dump}</mediawiki>", encoding="utf-8")
    yield folder / "mediawiki.xml"


# The packages alone


def _html(path: Path) -> None:
    from selectolax.lexbor import LexborHTMLParser

    for page in path.iterdir():
        LexborHTMLParser(page.read_text(encoding="utf-8")).text()


def _xml(path: Path) -> None:
    parser, found = expat.ParserCreate(), list[str]()
    parser.buffer_text = True
    parser.CharacterDataHandler = found.append
    with path.open("rb") as stream:
        parser.ParseFile(stream)


def _json(path: Path) -> None:
    with path.open("rb") as stream:
        for line in stream:
            json.loads(line)["text"]


def _csv(path: Path) -> None:
    with path.open(newline="", encoding="utf-8") as stream:
        for _, _text in csv.reader(stream):
            pass


def _tsv(path: Path) -> None:
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            line.split("\t")


def _parquet(path: Path) -> None:
    from pyarrow.parquet import ParquetFile

    for batch in ParquetFile(path).iter_batches(columns=["text"]):
        batch.to_pylist()


def _docx(path: Path) -> None:
    from docx import Document

    for paragraph in Document(str(path)).paragraphs:
        assert paragraph.text is not None


def _mediawiki(path: Path) -> None:
    from mwparserfromhell import parse

    for page in path.read_text(encoding="utf-8").split("<text>")[1:]:
        parse(html.unescape(page)).strip_code()


def _plain(path: Path) -> None:
    with path.open("rb") as stream:
        while stream.read(1 << 20):
            pass


ALONE: dict[str, tuple[str, Callable[[Path], None]]] = {
    "plain": ("reading bytes", _plain), "html": ("selectolax", _html), "xml": ("expat", _xml),
    "json": ("json", _json), "csv": ("csv", _csv), "tsv": ("str.split", _tsv), "parquet": ("pyarrow", _parquet),
    "docx": ("python-docx", _docx), "mediawiki": ("mwparserfromhell", _mediawiki),
}  # fmt: skip


def read_formats(corpus: Path, folder: Path) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the table of formats."""
    with corpus.open(encoding="utf-8") as stream:
        lines = [line for line in map(str.strip, stream) if line]
    for path in make_files(lines, folder):
        name = path.name.partition(".")[0]
        size = sum(file.stat().st_size for file in path.iterdir()) if path.is_dir() else path.stat().st_size
        if name == "docx":  # which is compressed
            with zipfile.ZipFile(path) as archive:
                size = archive.getinfo("word/document.xml").file_size
        jobs: dict[str, Job] = {"w2v": functools.partial(read, path)}
        package = "-"
        if name in ALONE:
            package, alone = ALONE[name]
            jobs["alone"] = functools.partial(alone, path)
        best = {job: size / 1e6 / seconds for job, seconds in least(jobs).items()}
        ratio = f"{best['w2v'] / best['alone']:.2f}" if "alone" in best else "-"
        yield name, f"{best['w2v']:,.0f}", package, f"{best.get('alone', 0):,.0f}" if "alone" in best else "-", ratio


# Token rules


def _count(rule: str, path: Path, threads: int) -> None:
    count(path, CorpusOptions(tokens=rule, threads=threads), VocabularyOptions(min_count=1))
    gc.collect()  # ends the processes that cut text


def _cut(rule: str, lines: list[str]) -> None:
    """Cut lines by the package of a rule alone."""
    if rule == "icu":
        breaker = importlib.import_module("icu4py.breakers").WordBreaker
        for line in lines:
            list(breaker(line, "und"))
    elif rule == "jieba":
        jieba = importlib.import_module("jieba")
        for line in lines:
            list(jieba.cut(line))
    elif rule == "sudachi":
        tokenize = _sudachi()
        for line in lines:
            [word.surface() for word in tokenize(line)]  # type: ignore[attr-defined]


@functools.cache
def _sudachi() -> Callable[[str], list[object]]:
    dictionary = importlib.import_module("w2v.cutters.sudachi_words")._dictionary()
    found: Callable[[str], list[object]] = (
        importlib.import_module("sudachipy").Dictionary(dict=dictionary).tokenizer().tokenize
    )
    return found


def cut_texts(chosen: list[str], folder: Path) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the table of rules: counting words, without the time to start, beside the package alone."""
    tiny = folder / "tiny.txt"
    tiny.write_text("a b a b\n")
    for choice in chosen:
        rule, _, name = choice.partition("=")
        path, size = Path(name), Path(name).stat().st_size / 1e6
        lines = path.read_text(encoding="utf-8").split("\n")
        jobs: dict[str, Job] = {
            label: functools.partial(_count, rule, place, threads)
            for label, place, threads in (
                ("start", tiny, 1),
                ("start 2", tiny, 2),
                ("w2v", path, 1),
                ("w2v 2", path, 2),
            )
        }
        _cut(rule, lines[:10])  # loads its dictionary
        best = least(jobs | {"alone": functools.partial(_cut, rule, lines)})
        speeds = [size / (best["w2v"] - best["start"]), size / (best["w2v 2"] - best["start 2"]), size / best["alone"]]
        yield rule, *(f"{speed:.2f}" for speed in speeds), f"{speeds[0] / speeds[2]:.2f}"


# Repeated sentences


def leave_out_repeated(corpus: Path) -> Iterator[tuple[str, ...]]:
    """Yield the CPU seconds and the memory of counting words, with and without `--dedup`."""
    for options in ([], ["--dedup"]):
        found = []
        for _ in range(TURNS):
            command = [sys.executable, "-m", "w2v", "vocab", str(corpus), "-q", "--min-count", "1", *options]
            code = (
                "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True);"
                "used = resource.getrusage(resource.RUSAGE_CHILDREN);"
                "print(used.ru_utime + used.ru_stime, used.ru_maxrss)"
            )
            printed = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, check=True)
            seconds, memory = map(float, printed.stdout.split())
            found.append((seconds, memory))
        seconds, memory = min(found)
        yield "with --dedup" if options else "without", f"{seconds:.2f}", f"{memory / 1000:,.0f}"


def table(header: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> None:
    """Print a table in Markdown, row by row."""
    print(f"| {' | '.join(header)} |\n|{' --- |' * len(header)}")
    for row in rows:
        print(f"| {' | '.join(row)} |", flush=True)
    print()


def main() -> None:
    """Measure what the arguments say."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("corpus", type=Path, help="plain text, some 10 MB")
    parser.add_argument("--cut", action="append", default=[], metavar="RULE=FILE", help="a rule, and text for it")
    parser.add_argument("--large", type=Path, metavar="FILE", help="text on which to measure --dedup")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        header = ("format", "w2v, MB a CPU second", "package", "alone", "ratio")
        table(header, read_formats(arguments.corpus, Path(name)))
        if arguments.cut:
            header = ("rule", "w2v, MB a CPU second", "on 2 threads, each", "package alone", "ratio")
            table(header, cut_texts(arguments.cut, Path(name)))
        if arguments.large is not None:
            table(("", "CPU seconds", "peak memory, MB"), leave_out_repeated(arguments.large))


if __name__ == "__main__":
    main()
