"""What a worker that w2v starts on its own machine does first; Dask imports this there."""

from __future__ import annotations

import os
import signal
from typing import Any

SIGNALS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}  # those that may reach all processes of a command


def dask_setup(worker: Any) -> None:  # noqa: ARG001 - Dask passes it
    """Leave signals to the process that started the worker, which still needs the model.

    Terminals and timeout(1) send them to both. What came while the worker started is forgotten.
    """
    os.setsid()
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # Dask may end it
