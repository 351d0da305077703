"""The examples in README.md and docs/, taken from the pages and run.

A `console` block holds commands behind `$ ` with their output on both streams. A `python` block runs as it is; if it
begins with `>>>`, its values must be those shown. A `sh` block does not run, as its files are the reader's own, but the
program must accept its `w2v` commands. Blocks within a list, such as the parts of a file to write, are ignored. All
blocks of a page share one folder.

The output is compared by words. `...` stands for any text, and a number with decimals may differ by TOLERANCE,
since CPUs round differently. Times, speeds, and the note that a first run compiles are ignored.
"""

import doctest
import os
import re
import shlex
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np
import prepared
from console import environment

import w2v
from w2v.cli.program import w2v_command

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
TOLERANCE = 0.02
_BLOCK = re.compile(r"^(`{3,})(\w+)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
_DECIMAL = r"-?\d+\.\d+(?:e[-+]?\d+)?"
_TIME = re.compile(
    r"(?<![\w.])[\d.]+(?:[kMG]?(?:B| words| examples| texts| walks)?/s| s\b)"
)  # such as 159MB/s, 6.79M words/s and 0.4 s
_COMPILING = re.compile(r"^w2v: note: compiling .*\n", re.MULTILINE)
_PATIENCE = 300  # seconds for one command
_TRAINING = "w2v train -q corpora/english.txt"  # which many pages begin with
_trained: dict[str, bytes] = {}  # the files that it writes


class Block(NamedTuple):
    """A fenced block: its language, what it holds, and the line of the page where that begins."""

    language: str
    text: str
    line: int


def blocks(page):
    """Return the fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    return [Block(m[2], m[3], text.count("\n", 0, m.start(3)) + 1) for m in _BLOCK.finditer(text)]


def run(page, folder):
    """Run the examples of a page in `folder`, one after the other.

    Raises:
        AssertionError: one of them failed or printed something else; the text begins with its place in the page.
    """
    names = {"w2v": w2v, "np": np}
    for block in blocks(page):
        place = f"{page.name}:{block.line}"
        if block.language == "console":
            for command, expected in commands(block.text):
                check(place, command, expected, *shell(command, folder))
        elif block.language == "python" and block.text.startswith(">>>"):
            check_session(place, block, names)
        elif block.language == "python":
            exec(compile("\n" * (block.line - 1) + block.text, page, "exec"), names)
        elif block.language == "sh":
            check_options(place, block.text)


def commands(text):
    """Yield each command of a console block with what it should print."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        while command.endswith("\\"):
            more, _, expected = expected.partition("\n")
            command = f"{command[:-1]}{more.removeprefix('>')}"
        yield command, expected


def shell(command, folder):
    """Run a command with `w2v` on the path, and return its exit code and what it printed.

    The training that many pages begin with is run for the first page alone; it is the same for all.
    """
    if command == _TRAINING and _trained:
        for name, content in _trained.items():
            (folder / name).write_bytes(content)
        return 0, ""
    programs = folder / ".programs"
    if not programs.exists():
        programs.mkdir()
        program = programs / "w2v"
        code = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import prepared; "
        code += f"prepared.stand_in({prepared.server()!r})"
        start = f"exec {sys.executable} -ISc {shlex.quote(code)}"
        program.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} {start} "$@"\n')
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment(PATH=f"{programs}{os.pathsep}{os.environ['PATH']}"),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=_PATIENCE, check=False,
    )  # fmt: skip
    if command == _TRAINING and done.returncode == 0 and not done.stdout:
        _trained.update({name: (folder / name).read_bytes() for name in ("vectors.txt", "vectors.txt.counts")})
    return done.returncode, done.stdout.decode()


def check(place, command, expected, code, printed):
    """Compare what a command printed; it may fail only if the page shows an error."""
    found = f"{place}: {command}\nshown:\n{expected}\nprinted:\n{printed}"
    assert (code == 0) == ("w2v: error:" not in expected), f"{found}\nexit code {code}"
    assert agree(expected, printed), found


def agree(expected, printed):
    """Return whether a text has the expected words, with close decimals and anything for `...`."""
    expected, printed = (_TIME.sub("TIME", _COMPILING.sub("", text)) for text in (expected, printed))
    pattern = r"\s+".join(_pattern(word) for word in expected.split())
    pattern = re.sub(r"\\s\+(\.\*\?)\\s\+", r"(?:\\s+|\\s\1\\s)", pattern)  # a line of ... may stand for nothing
    match = re.fullmatch(rf"\s*{pattern}\s*", printed, re.DOTALL)
    shown = [float(number) for number in re.findall(_DECIMAL, expected)]
    return match is not None and all(
        abs(float(number) - value) <= TOLERANCE for number, value in zip(match.groups(), shown, strict=True)
    )


def _pattern(word):
    parts = re.split(rf"(\.\.\.|{_DECIMAL})", word)
    return "".join(
        ".*?" if part == "..." else f"({_DECIMAL})" if re.fullmatch(_DECIMAL, part) else re.escape(part)
        for part in parts
    )


def check_session(place, block, names):
    """Run a block of `>>>` lines and compare as doctest does, except for decimals."""
    examples = doctest.DocTestParser().get_doctest(block.text, names, place, place, block.line - 1)
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    runner = doctest.DebugRunner(checker=Close(), optionflags=flags)
    try:
        runner.run(examples, clear_globs=False)
    except doctest.DocTestFailure as failure:
        raise AssertionError(
            f"{place}: {failure.example.source}shown:\n{failure.example.want}got:\n{failure.got}"
        ) from None
    names.update(examples.globs)


class Close(doctest.OutputChecker):
    """Treats close decimals as equal."""

    def check_output(self, want, got, optionflags):
        """Return whether a line gave what the page shows."""
        return super().check_output(want, got, optionflags) or agree(want, got)


def check_options(place, text):
    """Parse the `w2v` commands of a block, without running them."""
    for line in text.replace("\\\n", " ").splitlines():
        words = shlex.shlex(line, posix=True, punctuation_chars="|&;<>")
        words.whitespace_split = True
        command = []
        for word in [*words, "|"]:
            if not set(word) <= set("|&;<>"):
                command.append(word)
                continue
            if command[:1] == ["w2v"]:
                _read(f"{place}: {line}", command[1:])
            command = []


def _read(place, arguments):
    try:
        with w2v_command.make_context("w2v", arguments) as context:
            _, command, rest = w2v_command.resolve_command(context, arguments)
            command.make_context(command.name, rest, parent=context)
    except (click.ClickException, w2v.W2VError) as error:
        raise AssertionError(f"{place}: {getattr(error, 'message', error)}") from error


def update(page, folder):
    """Write the current outputs of its commands to a page where they differ."""
    lines = page.read_text(encoding="utf-8")
    for block in blocks(page):
        if block.language == "console":
            shown = [(*one, shell(one[0], folder)[1]) for one in commands(block.text)]
            text = "".join(f"$ {line}\n{old if agree(old, new) else new}" for line, old, new in shown)
            lines = lines.replace(f"console\n{block.text}```", f"console\n{text}```")
        elif block.language == "python" and not block.text.startswith(">>>"):
            subprocess.run([sys.executable, "-c", block.text], cwd=folder, env=environment(), check=False)
    page.write_text(lines, encoding="utf-8")


if __name__ == "__main__":
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    for argument in map(Path, sys.argv[1:]):
        with tempfile.TemporaryDirectory() as temporary:
            Path(temporary, "corpora").symlink_to(ROOT / "corpora")
            update(argument, Path(temporary))
