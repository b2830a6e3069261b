"""Shared fixtures. ``app`` runs each test that uses it on SQLite and on PostgreSQL, both migrated to head."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import event

from config import Config
from feedback_app import create_app
from feedback_app.database import db
from feedback_app.models import Account, OutgoingMail
from tests.databases import PostgresqlDatabase, SqliteDatabase, TestDatabase
from tests.factories import Make
from tests.pages import PageClient
from tests.servers import browser as chromium
from tests.servers import need, postgresql, redis, shared_redis

TOGETHER_WITHIN = 60.0
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


class Clock:
    """The time of a test: it moves when the test says so."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **units: float) -> None:
        self.now += timedelta(**units)


class Outbox:
    """The mails that the application owes."""

    def __init__(self, make: Make) -> None:
        self._make = make

    def all(self) -> list[OutgoingMail]:
        return self._make.mails()

    def last(self) -> OutgoingMail:
        return self.all()[-1]

    def only(self) -> OutgoingMail:
        (mail,) = self.all()
        return mail


def settings(folder: Path, database_url: str = "", **environ: str) -> Config:
    """The configuration of a test application."""
    return Config.from_env(
        {
            "ENVIRONMENT": "test",
            "SECRET_KEY": "a test key that is long enough to be accepted",
            "BASE_URL": "http://localhost",
            "INSTANCE_PATH": str(folder),
            "DATABASE_URL": database_url,
            "FORM_MIN_SECONDS": "0",
            "PAGE_CACHE_MB": "0",  # tests write to the database behind the services, and count statements
            "RATE_LIMIT_ACCOUNT": "100000 per hour",
            "RATE_LIMIT_ADDRESS": "100000 per hour",
            "RATE_LIMIT_EMAIL": "100000 per hour",
            "REDIS_URL": shared_redis.url(),
            **environ,
        }
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One real browser for the whole run: a process may drive one at a time."""
    need(chromium.available())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium.launch_options())
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgresql.PostgresqlServer]:
    """One private cluster for the whole run."""
    need(postgresql.available())
    with postgresql.PostgresqlServer() as server:
        yield server


@pytest.fixture(scope="session", autouse=True)
def own_redis() -> None:
    """Before any test writes there: refuses a Redis of somebody else's."""
    shared_redis.empty()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[redis.RedisServer]:
    """One private Redis for the whole run."""
    need(redis.available())
    with redis.RedisServer() as server:
        yield server


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> TestDatabase:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return SqliteDatabase(tmp_path_factory.mktemp("sqlite"))
    server = request.getfixturevalue("postgresql_server")
    return PostgresqlDatabase(server.url(server.create_database()))


@pytest.fixture(scope="session")
def migrated_app(database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on a migrated database."""
    app = create_app(settings(tmp_path_factory.mktemp("instance"), database.url))
    app.test_client_class = PageClient
    database.migrated(app)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(migrated_app: Flask, database: TestDatabase, clock: Clock) -> Iterator[Flask]:
    """The application on an empty, migrated database, at the time of ``clock``."""
    database.reset(migrated_app)
    shared_redis.empty()
    migrated_app.config["CLOCK"] = clock
    yield migrated_app
    migrated_app.config.pop("CLOCK")


@pytest.fixture
def make(app: Flask, clock: Clock) -> Make:
    return Make(app, clock)


@pytest.fixture
def outbox(make: Make) -> Outbox:
    return Outbox(make)


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A browser nobody is signed in with."""
    found = app.test_client()
    assert isinstance(found, PageClient)
    return found


@pytest.fixture
def sign_in(app: Flask, make: Make) -> Callable[..., PageClient]:
    """``sign_in(account)``: a browser in which this person is signed in, with the second factor unless ``second_factor=False``."""

    def open_browser(account: Account, *, second_factor: bool = True) -> PageClient:
        browser = app.test_client()
        secret = make.session(account, second_factor=second_factor)
        with browser.session_transaction() as session:
            session["_user_id"] = secret
            session["_fresh"] = True
        assert isinstance(browser, PageClient)
        return browser

    return open_browser


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """An application context for tests of services. Not for tests that use a client: they would share its session."""
    with app.app_context():
        yield app


@pytest.fixture
def statements(app: Flask) -> Callable[[], contextmanager]:  # type: ignore[type-arg]
    """``with statements() as seen``: the SQL statements sent meanwhile."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        seen: list[str] = []
        with app.app_context():
            engine = db.engine

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA")):
                seen.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return counting


@pytest.fixture
def together() -> Callable[[Sequence[Callable[[], Any]]], list[Any]]:
    """``together(acts)``: do all of them at the same instant, each in a thread of its own, and give back what each returned."""

    def run(acts: Sequence[Callable[[], Any]]) -> list[Any]:
        gate = threading.Barrier(len(acts))

        def act(one: Callable[[], Any]) -> Any:
            gate.wait(TOGETHER_WITHIN)
            return one()

        with ThreadPoolExecutor(len(acts)) as threads:
            return [future.result(TOGETHER_WITHIN) for future in [threads.submit(act, one) for one in acts]]

    return run
