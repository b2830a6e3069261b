"""Does a page cost the same on a large site as on a small one?

    python -m benchmarks.growth --sizes 1000 100000 --database sqlite

Fills a temporary database with so many requests (a fifth of them in one ministry, a quarter of these waiting to be taken; of few, all: a
page of each tab is full at any size) and as many comments, then opens the pages whose lists grow. Prints, for each page, its statements
and its shortest time of 25 at each size (others on the machine only make it longer), and how many times as long the largest takes: at most
1.5 times is asked for, and at most 12 statements for the desk. Times are of this process and, with PostgreSQL, of its waiting: compare
those of one run only.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import flask_migrate
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from benchmarks.volume import Filling, People, Size, now, people
from feedback_app import create_app
from feedback_app.database import db
from feedback_app.models import Account
from feedback_app.web.ministry.desk import TABS
from tests.conftest import settings
from tests.factories import Make
from tests.servers.site import database_of

TIMES = 25
MOST = 1.5
LEAST_WAITING = 200  # the queue of the moderators is full at any size
LEAST_OF_ONE = 1_000  # and so are the tabs of the first ministry


@dataclass(frozen=True)
class Opened:
    """How a page was opened at one size."""

    statements: int
    milliseconds: float


def signed_in(app: Flask, account: Account | None) -> FlaskClient:
    """A browser: of nobody, or of this person with the second factor done."""
    browser = app.test_client()
    if account:
        secret = Make(app, now).session(account)
        with browser.session_transaction() as session:
            session.update({"_user_id": secret, "_fresh": True})
    return browser


def pages(app: Flask, who: People) -> Iterator[tuple[str, FlaskClient, str]]:
    """The pages whose lists grow: a name, who opens it, its address."""
    contact, moderator, anybody = (signed_in(app, account) for account in (who.contact, who.moderator, None))
    for name, words in TABS.values():
        yield f"desk, {words}", contact, f"/ministere/?ministere={who.ministry.slug}&onglet={name}"
    filtered = f"/ministere/?ministere={who.ministry.slug}&onglet=a-prendre&nature=data_question"
    yield "desk, filtered", contact, filtered
    yield "moderation queue", moderator, "/moderation/"
    yield "public requests", anybody, "/demandes/"
    yield "public requests, of a ministry", anybody, f"/demandes/?ministere={who.ministry.slug}"
    yield "public requests, filtered", anybody, "/demandes/?statut=answered&genre=data_question"
    yield "commitment", anybody, "/engagements/volume/1"
    yield "commitments", anybody, "/engagements/"
    yield "home", anybody, "/"


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements sent meanwhile."""
    seen: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def opened(app: Flask, browser: FlaskClient, address: str) -> Opened:
    """Open a page often enough to know what it costs."""
    browser.get(address)
    with counted(app) as seen:
        answer = browser.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answers {answer.status_code}")
    times = []
    for _time in range(TIMES):
        began = time.perf_counter()
        browser.get(address)
        times.append((time.perf_counter() - began) * 1000)
    return Opened(len(seen), min(times))


def measure(size: int, database: str) -> dict[str, Opened]:
    """Every page on a site of this size."""
    with tempfile.TemporaryDirectory() as folder, database_of(database, Path(folder)) as url:
        app = create_app(settings(Path(folder), url))
        with app.app_context():
            flask_migrate.upgrade()
        who = people(app)
        Filling(app, who, lambda words: print(f"\r{words}          ", end="", flush=True)).fill(
            Size(size, size, max(LEAST_WAITING, size // 50), every=Size.every if size >= Size.every * LEAST_OF_ONE else 1)
        )
        print("\r", end="")
        found = {name: opened(app, browser, address) for name, browser, address in pages(app, who)}
        with app.app_context():
            db.engine.dispose()
        return found


def table(found: Sequence[dict[str, Opened]]) -> list[list[str]]:
    """A row a page: its name, its statements, its time at each size, and how many times as long the last one takes."""
    return [
        [
            name,
            "/".join(dict.fromkeys(str(one[name].statements) for one in found)),
            *(f"{one[name].milliseconds:.1f}" for one in found),
            f"{found[-1][name].milliseconds / found[0][name].milliseconds:.2f}",
        ]
        for name in found[0]
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 100_000])
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    options = parser.parse_args()
    found = [measure(size, options.database) for size in options.sizes]
    print(f"{'page':32} statements  {'  '.join(f'{size:>9,}' for size in options.sizes)}  times as long")
    for name, statements, *times, ratio in table(found):
        mark = " MORE THAN ASKED" if float(ratio) > MOST else ""
        print(f"{name:32} {statements:>10}  {'  '.join(f'{time:>6} ms' for time in times)}  {ratio}{mark}")


if __name__ == "__main__":
    main()
