"""The whole site as an operator runs it: a migrated database, gunicorn with two workers, and the job process."""

from __future__ import annotations

import http.client
import os
import re
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.servers.process import HOST, Server

ROOT = Path(__file__).resolve().parents[2]
COMMAND_SECONDS = 300  # filling the whole demo is the longest, on a busy machine
KILL_SECONDS = 10


class _Program(Server):
    """A program of ours, with the settings of one site. It runs in a folder of its own, so it is told where the code is."""

    stop_signals = (signal.SIGTERM,)
    death_signal = signal.SIGTERM

    def __init__(self, environ: Mapping[str, str]) -> None:
        super().__init__(stop_within=20)
        self._environ = environ

    def prepare(self, folder: Path) -> None:
        """Nothing to make."""

    def with_settings(self, command: list[str], **more: str) -> list[str]:
        settings = {**self._environ, **more, "PYTHONPATH": str(ROOT)}
        return ["env", *(f"{name}={value}" for name, value in settings.items()), *command]

    def kill(self) -> None:
        """kill -9 of it and of its workers, at once. ``stop`` then only clears up."""
        process = self._process
        assert process is not None, "not started"
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(KILL_SECONDS)


class WebServer(_Program):
    """gunicorn. Its public address is its own: http://127.0.0.1 and a free port."""

    name = "gunicorn"

    def __init__(self, environ: Mapping[str, str], workers: int = 2) -> None:
        super().__init__(environ)
        self._workers = workers
        self._mark = f"l’équipe des essais {secrets.token_hex(12)}"

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    def command(self, folder: Path) -> list[str]:
        options = ["--bind", f"{HOST}:{self.port}", "--workers", str(self._workers), "--no-control-socket", "--chdir", str(ROOT)]
        # Who runs the site stands on every page: by it we know that the server which answers is this one.
        own = {"BASE_URL": self.address, "OPERATOR_NAME": self._environ.get("OPERATOR_NAME", self._mark)}
        return self.with_settings([sys.executable, "-m", "gunicorn", "wsgi:app", *options], **own)

    def answers(self) -> bool:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            connection.request("GET", "/")
            answer = connection.getresponse()
            page = answer.read().decode()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        return answer.status == 200 and self._environ.get("OPERATOR_NAME", self._mark) in page


class JobProcess(_Program):
    """``flask jobs run``."""

    name = "jobs"

    def command(self, folder: Path) -> list[str]:
        return self.with_settings([sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "run"])

    def answers(self) -> bool:
        return self.running  # what it has to do is found by its first sweep


class RunningSite:
    """A site on a database of its own, which must exist (a SQLite file is made). ``environ`` adds settings or replaces them."""

    def __init__(self, folder: Path, database_url: str, **environ: str) -> None:
        self.database_url = database_url
        self.environ = {
            "ENVIRONMENT": "development",
            "SECRET_KEY": secrets.token_urlsafe(48),
            "INSTANCE_PATH": str(folder),
            "DATABASE_URL": database_url,
            "FORM_MIN_SECONDS": "0",
            "RATE_LIMIT_ACCOUNT": "0",
            "RATE_LIMIT_ADDRESS": "0",
            "RATE_LIMIT_EMAIL": "0",
            "FLASK_SKIP_DOTENV": "1",
            "PYTHON_DOTENV_DISABLED": "1",
            "PYTHONUNBUFFERED": "1",
            **environ,
        }
        self.web = WebServer(self.environ)
        self.jobs = JobProcess(self.environ)
        self.flask("db", "upgrade")

    @property
    def address(self) -> str:
        return self.web.address

    def flask(self, *arguments: str) -> str:
        """Run one of our commands and give back what it says. Raises ``AssertionError`` with all of it when it fails."""
        environ = {**os.environ, **self.environ, **({"BASE_URL": self.address} if self.web.port else {})}
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=COMMAND_SECONDS, check=False
        )
        assert done.returncode == 0, f"flask {' '.join(arguments)}: {done.stdout}{done.stderr}"
        return done.stdout

    def sign_in_path(self, email: str) -> str:
        """A one-time sign-in link made by the operator."""
        return re.sub(r"^https?://[^/]+", "", self.flask("accounts", "sign-in-link", email).strip().splitlines()[-1])

    def kill_web(self) -> None:
        """kill -9 of the web processes."""
        self.web.kill()
        self.web.stop()

    def start_web(self) -> None:
        """Start the web processes (again, after ``kill_web``: on another port)."""
        self.web = WebServer(self.environ)
        self.web.start()

    def errors(self) -> list[str]:
        """What the web processes complained about so far."""
        lines = self.web.log.read_text(errors="replace").splitlines()
        return [line for line in lines if re.search(r"\[(ERROR|CRITICAL)\]|^Traceback|ERROR in|\"level\": \"(error|critical)\"", line)]

    def __enter__(self) -> Self:
        self.web.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.jobs.stop()
        self.web.stop()


@contextmanager
def database_of(kind: str, folder: Path) -> Iterator[str]:
    """The address of a database of its own, ``sqlite`` or ``postgresql``, on a private cluster made for it."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'site.db'}"
        return
    from tests.servers.postgresql import PostgresqlServer

    with PostgresqlServer() as server, server.database() as url:
        yield url


def plan_file() -> Path:
    """The published plan where the real data are, else the demo's own. With CI=true nothing may be left out."""
    real = ROOT / os.environ.get("REAL_DATA", "../shared/data") / "plan" / "plan-2021-2023.json"
    if real.is_file() or os.environ.get("CI") == "true":
        return real
    return ROOT / "feedback_app" / "demo" / "plan.json"
