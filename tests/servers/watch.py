"""Looking at processes and ports from outside, with bounded patience: the only place where tests wait by looking again."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

from tests.servers.process import HOST


def soon(condition: Callable[[], bool], within: float = 30.0) -> bool:
    """Whether this holds now or within so many seconds."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            return condition()
        time.sleep(0.02)
    return True


def listening(port: int) -> bool:
    """Whether somebody accepts connections on this port of loopback."""
    with socket.socket() as client:
        return client.connect_ex((HOST, port)) == 0


def alive(pid: int) -> bool:
    """Whether this process still runs (one that ended and waits to be collected does not)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    try:
        return not status.exists() or status.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
