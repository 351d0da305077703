"""What a worker that w2v starts on its own machine does first; Dask imports this there."""

from __future__ import annotations

import signal
from typing import Any


def dask_setup(worker: Any) -> None:  # noqa: ARG001 - Dask passes it
    """Leave Ctrl-C to the process that started the worker: the terminal sends it to both."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
