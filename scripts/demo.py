"""``make demo``: from nothing to a running site with sample data, stopped as a whole by Ctrl-C.

The demo lives in its own folder (``instance/demo``, or INSTANCE_PATH) with its own database, whatever the environment or ``.env`` say.
Exit status: 0 stopped as asked, 1 something of it failed, 2 it could not start as asked.
"""

from __future__ import annotations

import argparse
import fcntl
import http.client
import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.company import Company, Ended

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
MARK = ".demo"  # the file by which the demo knows a folder as its own; locked while a demo runs there
OWN_DATABASE = ("DATABASE_URL", "REDIS_URL")
READY_WITHIN = 60.0
OPERATOR = "la République de démonstration (données fictives)"


class Refused(Exception):
    """The demo cannot start as asked. The message says what to do instead."""


@dataclass(frozen=True)
class Parts:
    """The commands the demo is made of: those that prepare it, one after the other, then those that run together."""

    preparing: Sequence[tuple[str, Sequence[str]]]
    running: Sequence[tuple[str, Sequence[str]]]


def parts(port: int) -> Parts:
    python = sys.executable
    flask = [python, "-m", "flask", "--app", "wsgi"]
    gunicorn = [python, "-m", "gunicorn", "wsgi:app", "--bind", f"{HOST}:{port}", "--workers", "2", "--threads", "8"]
    # Threads: two people whose network is slow must not keep both processes to themselves.
    return Parts(
        preparing=[("the database", [*flask, "db", "upgrade"]), ("the sample data", [*flask, "demo", "seed"])],
        running=[("the web server", [*gunicorn, "--log-level", "warning", "--no-control-socket"]), ("the jobs", [*flask, "jobs", "run"])],
    )


def main(arguments: Sequence[str] | None = None, make_parts: Callable[[int], Parts] = parts) -> int:
    options = argparse.ArgumentParser(prog="make demo", description="A running site with sample data, on this machine only.")
    options.add_argument("--port", default="8000", help="the port on 127.0.0.1; 0 takes a free one")
    options.add_argument("--reset", action="store_true", help="forget what was entered in the demo")
    asked = options.parse_args(arguments)
    folder = Path(os.environ.get("INSTANCE_PATH", "").strip() or ROOT / "instance" / "demo").resolve()
    try:
        with own_port(asked.port) as port, own_folder(folder):
            if asked.reset:
                empty(folder)
            return run(make_parts(port), port, environment(folder, port))
    except Refused as refusal:
        tell(str(refusal), error=True)
        return 2


@contextmanager
def own_port(asked: str) -> Iterator[int]:
    """The port as a number, held until the demo ends: no other program gets it while the demo is being prepared. Raises ``Refused``."""
    if not (asked.isascii() and asked.isdigit() and len(asked) < 6 and int(asked) < 65536):
        raise Refused(f"PORT must be a number from 1 to 65535 (or 0 for any free one), not {asked!r}")
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            holder.bind((HOST, int(asked)))
        except PermissionError:
            raise Refused(f"port {asked} may not be used by this user; choose one above 1023: make demo PORT=8001") from None
        except OSError:
            other = int(asked) % 65535 + 1
            raise Refused(f"port {asked} is taken by another program; choose another one: make demo PORT={other}") from None
        port = int(holder.getsockname()[1])
        if sys.platform != "linux":
            holder.close()  # elsewhere two sockets cannot share a port even while neither listens
        yield port


@contextmanager
def own_folder(folder: Path) -> Iterator[None]:
    """Hold the demo's folder, made if need be. Raises ``Refused`` when it is somebody else's or when a demo runs in it."""
    mark = folder / MARK
    if folder.exists() and not mark.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} exists and was not made by the demo: choose another INSTANCE_PATH")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = mark.open("a+")
    except OSError as error:
        raise Refused(f"the demo cannot write into {folder}: {error.strerror}") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Refused(f"a demo already runs in {folder} (process {lock.read().strip() or 'unknown'}): stop it first") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def empty(folder: Path) -> None:
    """Remove what the demo kept: all of its own folder but the mark that makes it its own."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != MARK:
            path.unlink()


def environment(folder: Path, port: int, outer: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What the parts of the demo see. Sample data never go into a database that the environment or ``.env`` names."""
    for name in OWN_DATABASE:
        if outer.get(name):
            tell(f"{name} is left aside: the demo keeps its own database in {folder}")
    own = {
        "DEMO": "1",
        "INSTANCE_PATH": str(folder),
        "BASE_URL": f"http://{HOST}:{port}",
        "OPERATOR_NAME": outer.get("OPERATOR_NAME") or OPERATOR,
        "FLASK_SKIP_DOTENV": "1",
        "PYTHON_DOTENV_DISABLED": "1",
        "PYTHONUNBUFFERED": "1",
    }
    return {**{name: value for name, value in outer.items() if name not in OWN_DATABASE}, **own}


def run(made_of: Parts, port: int, environ: Mapping[str, str]) -> int:
    """Prepare, start, tell the address, and wait until somebody stops it or a part of it ends."""
    with Company(environ, ROOT) as company:
        try:
            for name, command in made_of.preparing:
                tell(f"preparing {name}")
                company.do(name, command)
            for name, command in made_of.running:
                company.start(name, command)
            company.wait(lambda: answers(port), READY_WITHIN, f"http://{HOST}:{port}/ did not answer within {READY_WITHIN:.0f} s")
            tell(f"ready on http://{HOST}:{port}/ (people to sign in as: /demo, mails: /demo/courriels). Ctrl-C stops everything.")
            company.wait(lambda: False)
        except Ended as end:
            if end.asked:
                tell("stopping")
                return 0
            tell(str(end), error=True)
            return 1
    return 0


def answers(port: int) -> bool:
    """Whether the home page is there."""
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def tell(sentence: str, *, error: bool = False) -> None:
    print(f"demo: {sentence}", file=sys.stderr if error else sys.stdout, flush=True)


if __name__ == "__main__":
    sys.exit(main())
