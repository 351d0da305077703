"""`w2v shell`: queries line by line, with the vectors loaded once."""

from __future__ import annotations

import codecs
import contextlib
import io
import os
import re
import sys
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from w2v.cli.commands import ALIASES, GROUPS, Command, Commands
from w2v.cli.messages import tell, usage_text, with_dashes
from w2v.cli.query_commands import load_named_vectors, query_encoding, query_text, search_options, vectors_options
from w2v.cli.query_words import SPACES, KnownWords, line_words
from w2v.cli.shared_options import option
from w2v.cli.signals import forget_signal
from w2v.errors import W2VError
from w2v.wording import counted

if TYPE_CHECKING:
    from w2v.options.encoding import EncodingOptions
    from w2v.vectors import Vectors

PROMPT = "w2v> "
QUERIES = tuple(name for name in GROUPS["Query"] if name != "shell")
NAMES = (*QUERIES, *(alias for alias, name in ALIASES.items() if name in QUERIES))
HELP_NAMES, END_NAMES = ("help", "h", "?"), ("quit", "exit", "EXIT")
HELP = """\
king                          nearest neighbours of king
king - man + woman            nearest neighbours of king plus woman minus man
analogy king man woman        the same
similarity king queen         cosine of two words
odd lunch supper car          word that does not fit the others
vector king                   values of the vector
similar king -n 3 --json      options as on the command line; similar --help lists them
similar help                  neighbours of a word that is also a command
similar "new york"            neighbours of a word that holds a space
help, h or ?                  this list
quit, exit or Ctrl-D          leave the shell"""

_TAKE_ONE = ("similar", "vector")  # commands that a single word will do for
_MOST_COMPLETIONS = 50


@click.command("shell", cls=Command)
@search_options
@option("--json", "as_json", is_flag=True, help="Print answers as JSON.")
@vectors_options
def shell_command(as_json: bool, path: Path, no_cache: bool, **search: Any) -> None:
    """Answer queries line by line, with the vectors loaded once.

    Each line is a query for 'w2v similar', such as king, or king - man + woman. To use another command, start the line
    with its name: analogy, similarity, odd, vector or similar, with options as on the command line. The options of
    'w2v shell' are the defaults for each line. At a terminal, the arrow keys recall earlier lines, and Tab completes
    words. In a pipe, each line is answered at once.

    Examples:
      w2v shell
      w2v shell -n 20 --vectors vectors-300.txt
      echo king - man + woman | w2v shell
    """
    encoding = query_encoding()
    vectors = load_named_vectors(path, no_cache=no_cache, work=lambda size: size.searching())
    defaults = {name: {**search, "as_json": as_json} for name in QUERIES}
    group = Commands("w2v")
    with click.Context(group, info_name="w2v", obj=vectors, default_map=defaults) as context:
        if sys.stdin.isatty() and sys.stdout.isatty():
            tell(
                f"{counted(len(vectors), 'word')} x {vectors.dim} from {path}; type help for examples, Ctrl-D to leave"
            )
            if isinstance(sys.stdin, io.TextIOWrapper):
                sys.stdin.reconfigure(errors="surrogateescape")  # so that odd bytes are an unknown word
            with _line_editing(vectors):
                for line in _typed():
                    _respond_unless_interrupted(group, context, line)
        elif failed := sum(not _respond(group, context, line) for line in _piped(encoding)):
            raise W2VError(f"{counted(failed, 'query')} could not be answered")


def _respond_unless_interrupted(group: Commands, context: click.Context, line: str) -> None:
    """Answer one line; Ctrl-C stops an answer that takes too long."""
    try:
        _respond(group, context, line)
    except KeyboardInterrupt:
        forget_signal()


def _respond(group: Commands, context: click.Context, line: str) -> bool:
    """Answer one line, and return whether that succeeded."""
    if line.strip(SPACES) in HELP_NAMES:
        click.echo(HELP)
        return True
    # A line is a word, or else the name of a command with what may be a word, also after dashes that end the options.
    named = re.match(rf"[{SPACES}]*([^{SPACES}]+)[{SPACES}]+(--[{SPACES}])?", line)
    tokens = ["similar", "--", line]
    if named and named[1] in NAMES and (asked := line[named.end() :]).strip(SPACES):
        words = line_words(asked, KnownWords(context.obj), whole=named[1] in _TAKE_ONE)
        tokens = [named[1], *(["--"] if named[2] else []), *words]
    elif line.strip(SPACES) in NAMES and line.strip(SPACES) not in context.obj:
        tokens = [line.strip(SPACES)]  # an error that says what it takes
    try:
        name, command, rest = group.resolve_command(context, tokens)
        if command is not None:
            with command.make_context(name, rest, parent=context) as inner:
                command.invoke(inner)
    except click.exceptions.Exit:  # --help was shown
        return True
    except click.ClickException as error:
        tell(usage_text(error))
        return False
    except W2VError as error:
        tell(with_dashes(error.message))
        return False
    finally:
        sys.stdout.flush()
    return True


def _typed() -> Iterator[str]:
    """Yield the lines that the user types; Ctrl-C drops a line."""
    while True:
        try:
            line = input(PROMPT)
        except EOFError:
            click.echo()
            return
        except KeyboardInterrupt:
            forget_signal()
            click.echo()
            continue
        if line.strip(SPACES) in END_NAMES:
            return
        if line.strip(SPACES):
            yield line


def _piped(encoding: EncodingOptions) -> Iterator[str]:
    for raw in sys.stdin.buffer:
        line = raw.removeprefix(codecs.BOM_UTF8).removesuffix(b"\n").removesuffix(b"\r")
        try:
            text = query_text(line, encoding)
        except UnicodeDecodeError:
            text = line.decode(errors="surrogateescape")  # an unknown word
        if text.strip(SPACES) in END_NAMES:
            return
        if text.strip(SPACES):
            yield text


@contextlib.contextmanager
def _line_editing(vectors: Vectors) -> Iterator[None]:
    """Edit and complete lines and keep their history, where Python has readline."""
    try:
        import readline

        history = _history_file()
    except (ImportError, RuntimeError):  # as on Windows, whose console edits lines itself, and without a home folder
        yield
        return
    found: list[str] = []

    def complete(text: str, state: int) -> str | None:
        if state == 0:
            found[:] = completions(text, vectors.words, first=readline.get_begidx() == 0)
        return found[state] if state < len(found) else None

    readline.set_completer(complete)
    readline.set_completer_delims(" \t")
    readline.parse_and_bind("bind ^I rl_complete" if "libedit" in (readline.__doc__ or "") else "tab: complete")
    with contextlib.suppress(OSError):
        readline.read_history_file(history)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            history.parent.mkdir(parents=True, exist_ok=True)
            readline.write_history_file(history)


def completions(text: str, words: Sequence[str], *, first: bool) -> list[str]:
    """Return words that begin with `text`, the most frequent first; at the start of a line, commands come before."""
    names = (*NAMES, "help", "quit", "exit") if first else ()
    sign = text[:1] if text[:1] in ("+", "-") and len(text) > 1 else ""
    start = text.removeprefix(sign)
    known = (sign + word for word in words if word.startswith(start))
    return list(islice(chain((name for name in names if name.startswith(text)), known), _MOST_COMPLETIONS))


def _history_file() -> Path:
    state = os.environ.get("XDG_STATE_HOME", "")
    return Path(state if Path(state).is_absolute() else Path.home() / ".local" / "state", "w2v", "history")
