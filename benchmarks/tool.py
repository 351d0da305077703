"""What a tool is: a small class in `benchmarks/tools/`, with a method for each action that it can do.

The process that measures imports these modules, so they import what they measure within their methods, which run in
processes of their own. An action takes JSON values and returns figures by name. These are known; a tool does some:

    scan(corpus, threads, ...)                    read a text and count its words
    train(corpus, warm_up, threads, model, ...)   train for one epoch, after the text is read: `seconds`
    rounds(corpus, replicas, ...)                 the same in rounds, and as a share of the usual speed: `share`
    vectors(corpus, output, epochs, ...)          the whole way from a text to a file of vectors
    load(path)  save(path, output)                read and write vectors as text, in word2vec's format
    queries(path, words, n)  batch(...)           the n nearest words, one query at a time or all together
    analogies(path, questions, words)             answer a file of analogies
    phrases(corpus, output, ...)                  text -> text with phrases joined
    similar(path, word)                           the first query of a process
    classify(train, test, ...)  labels(...)       train a classifier of texts; label texts with it
    encode(vectors, lines)                        a vector for each text
    facts(name, texts, ...)                       learn labels that are facts about texts
    exchange(corpus, ...)                         train replicas apart: what they cost, and what they send
    cluster_round(corpus, ...)                    a round on the workers of a cluster
    roofline(corpus, ...)                         train on one thread: useful arithmetic beside the machine's ceilings
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
from collections.abc import Mapping
from typing import Any

from benchmarks.processes import worker


class Tool:
    """One tool, or one way to use it.

    Attributes:
        name: the module's name with dashes, on the command line and in results.
        title: the name in tables and charts.
        module: what it imports; the tool can run where that is installed.
        package: the distribution whose version is recorded.
        family: tools of one family are ways to use the same program; ratios are to the best of them.
        note: what a reader of the tables must know.
        commands: actions that are commands of the tool, and no methods; `command` spells them.
    """

    name: str
    title: str
    module: str
    package: str
    note: str = ""
    commands: frozenset[str] = frozenset()

    @property
    def family(self) -> str:
        """The program; several tools may be ways to use it."""
        return self.package

    def is_installed(self) -> bool:
        """Return whether the tool can run here."""
        return importlib.util.find_spec(self.module) is not None

    def version(self) -> str:
        """Return the installed version."""
        return importlib.metadata.version(self.package)

    def can(self, action: str) -> bool:
        """Return whether the tool does an action."""
        return action in self.commands or hasattr(self, action)

    def can_train(self, request: Mapping[str, Any]) -> bool:  # noqa: ARG002 - for tools that know less
        """Return whether the tool trains a model with these options."""
        return True

    def forced(self, cpu: str) -> dict[str, str] | None:
        """Return the environment that makes the tool compute for a CPU of cpus.py; None if it can't be chosen."""
        return None if cpu != "host" else {}

    def command(self, action: str, request: Mapping[str, Any]) -> list[str]:
        """Return the command that does an action: Python with a few lines, unless the tool has a program of its own."""
        return worker(f"benchmarks.tools.{self.name.replace('-', '_')}:TOOL", action, request)
