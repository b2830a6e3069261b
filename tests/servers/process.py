"""A server program started for the tests: in its own folder, on its own port, and gone when the tests are, whatever ends them."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

HOST = "127.0.0.1"
FOLDERS = "devoir-tests-"  # then the id of the process whose tests they serve
KEPT = "kept"  # the mark of a folder kept for its log
TETHER = Path(__file__).resolve().parents[2] / "scripts" / "tether.py"


class ServerFailed(Exception):
    """The server did not start or did not stop. The message carries the end of its log; its folder is kept."""


def free_port() -> int:
    """A port nothing listens on now. Somebody may take it before us: ``Server.start`` then tries another."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def sweep(temporary: Path) -> None:
    """Remove the folders of tests that were killed (their servers ended with them). Those kept for their log stay."""
    for folder in temporary.glob(f"{FOLDERS}*"):
        owner = folder.name.removeprefix(FOLDERS).split("-")[0]
        if owner.isdigit() and not _exists(int(owner)) and not (folder / KEPT).exists():
            shutil.rmtree(folder, ignore_errors=True)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class Server(ABC):
    """One server process. ``start`` and ``stop`` may be called by hand; as a context manager it does both."""

    name: ClassVar[str]
    stop_signals: ClassVar[tuple[signal.Signals, ...]]  # politely first; SIGKILL always comes last
    death_signal: ClassVar[signal.Signals]  # what the kernel sends it when these tests are killed

    def __init__(self, *, start_within: float = 60.0, stop_within: float = 10.0) -> None:
        self.start_within = start_within
        self.stop_within = stop_within
        self.port = 0
        self.folder: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def prepare(self, folder: Path) -> None:
        """Make what the server needs in its folder, once."""

    @abstractmethod
    def command(self, folder: Path) -> list[str]:
        """The command that runs the server in the foreground on ``self.port``."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether the server that answers on ``self.port`` is ours and ready. Must not raise."""

    def user(self) -> str | None:
        """The user to run as, when it must not be the one who runs the tests."""
        return None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start and wait until it answers. Raises ``ServerFailed`` with the end of its log."""
        sweep(Path(tempfile.gettempdir()))
        self.folder = Path(tempfile.mkdtemp(prefix=f"{FOLDERS}{os.getpid()}-{self.name}-"))
        atexit.register(self.stop)
        self.prepare(self.folder)
        for attempt in range(5):
            self.port = free_port()
            with self.log.open("ab") as log:
                command = self.tethered(self.command(self.folder))
                self._process = subprocess.Popen(
                    command, cwd=self.folder, process_group=0, stdin=subprocess.DEVNULL, stdout=log, stderr=log
                )
            if self._wait_until_it_answers():
                return
            if attempt == 4 or "ddress already in use" not in self.log.read_text(errors="replace"):
                break
        self._fail("did not start")

    def stop(self) -> None:
        """Stop it by its own id and remove its folder. Calling it twice is harmless."""
        atexit.unregister(self.stop)
        process, self._process = self._process, None
        if process is not None and not self._ended(process):
            self._fail(f"did not stop (process {process.pid})")
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    @property
    def log(self) -> Path:
        assert self.folder is not None, "not started"
        return self.folder / "log"

    def tethered(self, command: list[str]) -> list[str]:
        """The same command, which also ends when this process is killed, and runs as ``self.user()``."""
        user = self.user()
        options = ["--parent", str(os.getpid()), "--signal", self.death_signal.name, *(["--user", user] if user else [])]
        return [sys.executable, "-I", "-S", str(TETHER), *options, *command]

    def _wait_until_it_answers(self) -> bool:
        deadline = time.monotonic() + self.start_within
        while time.monotonic() < deadline:
            if not self.running:
                return False
            if self.answers():
                return True
            time.sleep(0.02)
        return False

    def _ended(self, process: subprocess.Popen[bytes]) -> bool:
        for stop_signal in (*self.stop_signals, signal.SIGKILL):
            if process.poll() is None:
                target = os.killpg if stop_signal is signal.SIGKILL else os.kill
                with contextlib.suppress(ProcessLookupError):
                    target(process.pid, stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(self.stop_within)
                return True
        return False

    def _fail(self, what: str) -> None:
        folder, tail = self.folder, self.log.read_text(errors="replace")[-3000:]
        (self.log.parent / KEPT).touch()
        self.folder = None
        process, self._process = self._process, None
        if process is not None:
            self._ended(process)
        atexit.unregister(self.stop)
        raise ServerFailed(f"{self.name} {what}; its folder is kept: {folder}\n{tail}")
