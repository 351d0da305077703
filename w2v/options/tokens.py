"""The values of the option `tokens`: names of rules, functions of the user, and regular expressions."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from w2v.errors import UsageError
from w2v.options.checks import shown


class CutterEntry(NamedTuple):
    """A rule by which another package cuts text, or a function of the user.

    Attributes:
        place: the module of w2v.cutters that does it.
        package: the package, which the extra of the rule's name installs; "" needs none.
        is_users: whether the tokens are those of a function of the user, which are taken as they are.
        takes_lines: whether it cuts several lines at once as it would cut each, with their ends as tokens; that is
            faster.
    """

    place: str
    package: str = ""
    is_users: bool = False
    takes_lines: bool = False


CUTTERS = {
    "icu": CutterEntry("w2v.cutters.icu_words", "icu4py", takes_lines=True),
    "jieba": CutterEntry("w2v.cutters.jieba_words", "jieba", takes_lines=True),
    "sudachi": CutterEntry("w2v.cutters.sudachi_words", "sudachipy"),
}
FUNCTION_RULE = CutterEntry("w2v.cutters.python_function", is_users=True)
TOKEN_RULES = ("whitespace", "words", "chars", "words+chars", *CUTTERS)
REGEX_RULE = "regex"

_MOST_SHOWN = 60  # characters of a pattern in messages
_PREFIX = f"{REGEX_RULE}:"
_FUNCTION = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*:[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_NAME = re.compile(r"[\w\s-]*")  # anything else can only be a pattern


def pattern_of(tokens: str) -> str | None:
    r"""Return the regular expression that `tokens` gives, as `regex:PATTERN` or as it is; None for the name of a rule.

    Example:
        >>> pattern_of(r"regex:\w+"), pattern_of(r"[#@]?\w+"), pattern_of("words")
        ('\\w+', '[#@]?\\w+', None)
    """
    if tokens.startswith(_PREFIX):
        return tokens[len(_PREFIX) :]
    return None if tokens in TOKEN_RULES or _FUNCTION.fullmatch(tokens) or _NAME.fullmatch(tokens) else tokens


def cutter_of(tokens: str) -> CutterEntry | None:
    """Return the rule by which another package or a function of the user cuts text; None for other rules.

    Example:
        >>> cutter_of("jieba").package, cutter_of("my_module:cut").is_users, cutter_of("words")
        ('jieba', True, None)
    """
    if tokens.startswith(_PREFIX):
        return None
    return FUNCTION_RULE if _FUNCTION.fullmatch(tokens) else CUTTERS.get(tokens)


@functools.cache
def compiled(pattern: str) -> re.Pattern[str]:
    r"""Return a pattern whose matches are the tokens, group 1 of them where it has a group.

    Raises:
        UsageError: the pattern is no regular expression, has two groups, or matches the empty string.

    Example:
        >>> compiled(r"\w*")
        Traceback (most recent call last):
        w2v.errors.UsageError: tokens: the pattern '\w*' matches the empty string; use + in place of *
    """
    name = f"`tokens`: the pattern {_shown(pattern)}"
    if not pattern:
        raise UsageError(r"`tokens`: the pattern is empty; give one, such as \w+")
    try:
        found = re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        text = str(error).partition(" (line")[0] or "it is nested too deeply"
        advice = r"; [^\W\d_] is any letter" if r"escape \p" in text else ""
        raise UsageError(f"{name} is not a regular expression: {text}{advice}") from error
    if found.groups > 1:
        raise UsageError(f"{name} has {found.groups} groups; write (?:...) for all but the one that holds the token")
    if found.fullmatch(""):
        raise UsageError(f"{name} matches the empty string; use + in place of *")
    return found


def _shown(pattern: str) -> str:
    """Return a pattern as a message shows it: backslashes once, unlike in `repr`."""
    line = " ".join(pattern.split())
    return f"'{line}'" if len(line) <= _MOST_SHOWN else f"'{line[:_MOST_SHOWN]}...'"


def require_tokens(tokens: object) -> None:
    """Check a value of `tokens`.

    Raises:
        UsageError: it is neither the name of a rule nor a pattern that `compiled` takes.
    """
    if not isinstance(tokens, str) or (tokens not in TOKEN_RULES and cutter_of(tokens) is None):
        pattern = pattern_of(tokens) if isinstance(tokens, str) else None
        if pattern is None:
            from w2v.suggestions import closest_spellings  # imports NumPy

            close = closest_spellings(tokens, TOKEN_RULES, 1) if isinstance(tokens, str) else []
            advice = f"; did you mean {close[0]}?" if close else ""
            known = f"{', '.join(TOKEN_RULES)}, regex:PATTERN, module:function"
            raise UsageError(f"`tokens` must be one of {known}, not {shown(tokens)}{advice}")
        compiled(pattern)
