"""A measured process: calls one action of a tool, with JSON arguments, and prints the answer as JSON.

python -m benchmarks.worker benchmarks.tools.w2v:TOOL scan '{"corpus": "text.txt", ...}'
"""

from __future__ import annotations

import json
import sys
from importlib import import_module


def main() -> None:
    """Do what the command line says."""
    place, action, request = sys.argv[1:]
    module, _, name = place.partition(":")
    found = getattr(import_module(module), name) if name else import_module(module)
    print(json.dumps(getattr(found, action)(**json.loads(request))))


if __name__ == "__main__":
    main()
