"""What our pages cost in the process itself, beside the limit's, in turn: ratios that hold on a busy machine, and where the time goes.

    .venv/bin/python -m benchmarks.in_process [--database URL] [--rounds N] [--profile PAGE]

No server, no socket: each page is asked of the application as gunicorn would, and its processor time is taken. Whatever else runs meanwhile
slows both alike, and the best of many short rounds is hardly touched by it. Pages kept whole are switched off.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import os
import pstats
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any

from benchmarks.side_by_side import bare
from benchmarks.side_by_side.ours import OurSite
from config import Config
from feedback_app import create_app

PORT, TWICE, WARM = 8410, 2, 12
LIMITS = {"queue": "limit: queue"}
OTHERS = "limit: page"
PROFILED = 100

Page = Callable[[], bytes]


def page(app: Any, path: str, cookie: str = "") -> Page:
    """Asks an application for a page, and gives its body back. Raises ``RuntimeError`` for anything but 200."""
    path, _mark, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "", "REMOTE_ADDR": "127.0.0.1",
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": str(PORT), "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": f"127.0.0.1:{PORT}",
        "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False, "wsgi.multiprocess": True, "wsgi.run_once": False, **({"HTTP_COOKIE": cookie} if cookie else {}),
    }  # fmt: skip

    def begin(status: str, _headers: Iterable[tuple[str, str]], _error: object = None) -> Callable[[bytes], object]:
        if not status.startswith("200"):
            raise RuntimeError(f"{path}: {status}")
        return lambda _body: None

    def ask() -> bytes:
        answer = app(dict(environ), begin)
        try:
            return b"".join(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()

    return ask


def pages(folder: Path, database: str) -> dict[str, Page]:
    """All that is measured, by name: the limit's pages first."""
    site = OurSite(folder, database, PORT)
    os.chdir(folder)  # where the limit finds its file
    bare.seed(bare.FILE)
    found = {OTHERS: page(bare.app, "/page/3"), LIMITS["queue"]: page(bare.app, "/queue?queue=3")}
    with redirect_stderr(Path(os.devnull).open("w")):  # its log is written, but not shown
        app = create_app(Config.from_env({**site.environ, "PAGE_CACHE_MB": "0"}))
    return found | {one.name: page(app, one.path, one.cookie) for one in site.scenarios if one.name != "post"}


def best(measured: dict[str, Page], rounds: int) -> dict[str, float]:
    """The least processor time of each page, in milliseconds."""
    found = dict.fromkeys(measured, float("inf"))
    for ask in measured.values():
        for _time in range(WARM):
            ask()
    for _round in range(rounds):
        for name, ask in measured.items():
            began = time.process_time()
            for _time in range(TWICE):
                ask()
            found[name] = min(found[name], (time.process_time() - began) / TWICE * 1000)
    return found


def profile(ask: Page) -> None:
    """Where the processor time of a page goes."""
    for _time in range(WARM):
        ask()
    profiler = cProfile.Profile(time.process_time)
    profiler.enable()
    for _time in range(PROFILED):
        ask()
    profiler.disable()
    pstats.Stats(profiler).sort_stats("cumtime").print_stats(80)


def main() -> None:
    """Fill a temporary site, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.in_process", description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--database", help="an empty database; a temporary file of SQLite by default")
    parser.add_argument("--rounds", type=int, default=70)
    parser.add_argument("--profile", metavar="PAGE", help="the name of one page: say where its time goes")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measured = pages(folder, asked.database or f"sqlite:///{folder / 'site.db'}")
        if asked.profile:
            profile(measured[asked.profile])
            return
        found = best(measured, asked.rounds)
        for page_name, milliseconds in found.items():
            limit = LIMITS.get(page_name, OTHERS)
            print(f"{page_name:18} {milliseconds:6.2f} ms   {found[limit] / milliseconds:5.2f} of {limit.removeprefix('limit: ')}")
        os.chdir("/")


if __name__ == "__main__":
    main()
