"""Processes that live and end together: when one ends, or when somebody stops us, all end, and nothing is left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

TETHER = Path(__file__).resolve().parent / "tether.py"
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LOOK_EVERY = 0.05


class Ended(Exception):
    """The company has to stop: because it was asked to (``asked``), or because one of its processes ended."""

    def __init__(self, why: str, *, asked: bool = False) -> None:
        super().__init__(why)
        self.asked = asked


class Company:
    """A context manager: at its end every process it started, and every process those started, has ended.

    Each runs in a process group of its own, so that Ctrl-C in a terminal reaches us alone and the order of stopping is ours.
    Each is tethered: it is also told to stop when we are killed. The signals that stop us stay ours afterwards: a late second one
    must not turn an orderly end into a death.
    """

    def __init__(self, environ: Mapping[str, str], folder: Path, *, patience: float = 10.0) -> None:
        """``patience``: the seconds a process has to stop by itself before it is killed."""
        self.environ = environ
        self.folder = folder
        self.patience = patience
        self._members: list[tuple[str, subprocess.Popen[bytes]]] = []
        self._asked_at: float | None = None
        self._impatient = False

    def do(self, name: str, command: Sequence[str]) -> None:
        """Run a command to its end. Raises ``Ended`` when it fails."""
        process = self._launch(command)
        self._members.append((name, process))
        while process.poll() is None:
            self._look_for_a_stop()
            time.sleep(LOOK_EVERY)
        if process.returncode:
            self._look_for_a_stop()
            raise Ended(f"{name} failed ({_how(process.returncode)})")
        self._members.remove((name, process))

    def start(self, name: str, command: Sequence[str]) -> None:
        """Start a command that runs until the company ends."""
        self._members.append((name, self._launch(command)))

    def wait(self, until: Callable[[], bool], within: float | None = None, otherwise: str = "") -> None:
        """Watch over the company until this holds. Raises ``Ended`` when a process ends, somebody stops us, or it takes too long."""
        deadline = None if within is None else time.monotonic() + within
        while not until():
            self._look_for_a_stop()
            for name, process in self._members:
                if process.poll() is not None:
                    self._look_for_a_stop()  # whoever stops us may have stopped it at the same moment: that is no failure
                    raise Ended(f"{name} ended ({_how(process.returncode)})")
            if deadline is not None and time.monotonic() > deadline:
                raise Ended(otherwise)
            time.sleep(LOOK_EVERY)

    def __enter__(self) -> Self:
        for number in STOP_SIGNALS:
            if number is signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN:
                continue  # started under nohup: meant to outlive its terminal
            signal.signal(number, self._note)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop_all()

    def _note(self, *_: object) -> None:
        """Called by a signal. One stop may reach us twice at once, from the terminal and from make: only a later one is impatience."""
        now = time.monotonic()
        self._impatient = self._impatient or (self._asked_at is not None and now - self._asked_at > 1.0)
        self._asked_at = self._asked_at or now

    def _look_for_a_stop(self) -> None:
        if self._asked_at is not None:
            raise Ended("stopped", asked=True)

    def _launch(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        tethered = [sys.executable, "-I", "-S", str(TETHER), "--parent", str(os.getpid()), *command]
        return subprocess.Popen(tethered, env=dict(self.environ), cwd=self.folder, stdin=subprocess.DEVNULL, process_group=0)

    def _stop_all(self) -> None:
        """Ask every group to stop, then kill what is left of it: after our patience, or at once when asked again meanwhile."""
        groups = [process for _, process in self._members]
        for process in groups:
            _signal_group(process, signal.SIGTERM)
        deadline = time.monotonic() + self.patience
        while any(_group_lives(process) for process in groups) and time.monotonic() < deadline and not self._impatient:
            time.sleep(LOOK_EVERY)
        for process in groups:
            _signal_group(process, signal.SIGKILL)
            process.wait()
        self._members.clear()


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _group_lives(process: subprocess.Popen[bytes]) -> bool:
    """Whether the process or one that it started, in the same group, still runs."""
    process.poll()  # collects it, else it would count as living
    try:
        os.killpg(process.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _how(status: int) -> str:
    return f"killed by {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"
