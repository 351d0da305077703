"""The page of all commands, made from the program while Sphinx builds the site: `.. command-reference::`."""

from __future__ import annotations

import inspect
import re
from typing import Any

import click

from w2v.cli.commands import GROUPS
from w2v.cli.program import w2v_command

_WIDE = 1000  # so that Click wraps nothing


def command_reference() -> str:
    """Return the usage, the explanation and every option of each command, in reStructuredText."""
    context = click.Context(w2v_command, info_name="w2v", **_settings())
    lines: list[str] = []
    for heading, entries in GROUPS.items():
        lines += [heading, "-" * len(heading), ""]
        for name in entries:
            command = w2v_command.get_command(context, name)
            assert command is not None
            lines += _command(command, click.Context(command, info_name=name, parent=context, **_settings()))
    return "\n".join(lines)


def _settings() -> dict[str, Any]:
    return {"help_option_names": ["-h", "--help"], "show_default": True, "terminal_width": _WIDE}


def _command(command: click.Command, context: click.Context) -> list[str]:
    title = context.command_path
    usage = " ".join([title, *command.collect_usage_pieces(context)])
    lines = [f".. _{title.replace(' ', '-')}:", "", title, "~" * len(title), "", *_literal("text", [usage])]
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        lines += _paragraph(paragraph.splitlines())
    lines += [f".. program:: {title}", ""]
    heading = ""
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context) if isinstance(parameter, click.Option) else None
        if record is None:
            continue
        declaration, text = record
        if (under := getattr(parameter, "heading", heading)) != heading:
            heading = under
            lines += [f".. rubric:: {heading}", ""]
        lines += [f".. option:: {declaration}", "", f"   {escaped(text)}", ""]
    return lines


def _paragraph(lines: list[str]) -> list[str]:
    """Return a paragraph as text, with its indented lines as they are."""
    text = [line for line in lines if not line.startswith(" ")]
    verbatim = [line.strip() for line in lines if line.startswith(" ")]
    return [escaped(" ".join(text)), "", *(_literal("text", verbatim) if verbatim else [])]


def _literal(language: str, lines: list[str]) -> list[str]:
    return [f".. code-block:: {language}", "", *(f"   {line}" for line in lines), ""]


def escaped(text: str) -> str:
    """Return a text as reStructuredText that reads the same; text in backticks, and commands in quotes, become code."""
    parts = re.split(r"`([^`]+)`|'(w2v [^']+)'|(?<![\w-])(--[a-z][\w-]*)", text)
    lines = []
    for i in range(0, len(parts), 4):
        lines.append(re.sub(r"([\\*|_])", r"\\\1", parts[i]))
        lines += [f"``{code}``" for code in parts[i + 1 : i + 4] if code]
    return "".join(lines)


def setup(app: Any) -> dict[str, bool]:
    """Register the directive with Sphinx."""
    from sphinx.util.docutils import SphinxDirective

    class CommandReference(SphinxDirective):
        """Inserts the text of `command_reference`."""

        def run(self) -> list[Any]:
            """Return its nodes."""
            nodes: list[Any] = self.parse_text_to_nodes(command_reference(), allow_section_headings=True)
            return nodes

    app.add_directive("command-reference", CommandReference)
    return {"parallel_read_safe": True}
