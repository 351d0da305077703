"""How the value of an option is refused: naming the option; see w2v.wording."""

from __future__ import annotations

from w2v.errors import UsageError


def require(condition: bool, name: str, value: object, rule: str) -> None:
    """Refuse the value of an option, unless the condition holds; `rule` says what it must be.

    Raises:
        UsageError: it doesn't.
    """
    if not condition:
        raise UsageError(f"`{name}` must be {rule}, not {value}")


def require_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    """Refuse what is not among the choices.

    Raises:
        UsageError: it isn't.
    """
    require(value in choices, name, repr(value), f"one of {', '.join(choices)}")


def require_between(name: str, value: float, least: float, most: float) -> None:
    """Refuse what is less than `least`, more than `most`, or not a number.

    Raises:
        UsageError: it is.
    """
    require(least <= value <= most, name, value, f"from {least} to {most}")


def require_seed(seed: int) -> None:
    """Refuse what no random stream starts at.

    Raises:
        UsageError: it has more than 63 bits, or is negative.
    """
    require(0 <= seed < 2**63, "seed", seed, "from 0 to 2**63 - 1")
