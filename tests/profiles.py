"""How many cases a property is tried on: as many as its test says, or as the profile `thorough` says.

`conftest.py` registers the profiles; `pytest --hypothesis-profile=thorough` chooses one.
"""

from hypothesis import settings

FAST, THOROUGH = 100, 10_000


def cases(usual):
    """Return the number of cases for a test, at least `usual`, which is what it takes in the profile `fast`."""
    return usual if settings.default.max_examples <= FAST else max(usual, settings.default.max_examples)
