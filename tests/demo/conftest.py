"""The demo's data are tested on both databases, filled once: tests take back what they write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import NOW, Clock
from tests.databases import PostgresqlDatabase, SqliteDatabase, TestDatabase
from tests.demo.sites import demo_site, fill

LATER = NOW + timedelta(days=400)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A demo with its data, entered at ``NOW``, on a database of its own."""
    folder = tmp_path_factory.mktemp("demo")
    database: TestDatabase = SqliteDatabase(folder)
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql_server")
        database = PostgresqlDatabase(server.url(server.create_database()))
    with demo_site(folder, database.url, Clock()) as site:
        database.migrated(site)
        assert fill(site, NOW)
        yield site


@pytest.fixture(scope="session")
def whole_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo as ``make demo`` shows it, entered at ``NOW``: made once, never written to."""
    with _whole(tmp_path_factory.mktemp("whole"), NOW) as site:
        yield site


@pytest.fixture(scope="session")
def later_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The same, entered on another day of another year."""
    with _whole(tmp_path_factory.mktemp("later"), LATER) as site:
        yield site


@contextmanager
def _whole(folder: Path, now: datetime) -> Iterator[Flask]:
    database = SqliteDatabase(folder)
    with demo_site(folder, database.url, Clock(now)) as site:
        database.migrated(site)
        assert fill(site, now, whole=True)
        yield site


@pytest.fixture
def empty_demo(app: Flask, database: TestDatabase, clock: Clock, tmp_path: Path) -> Iterator[Flask]:
    """A demo without its data. ``app`` has just emptied the database."""
    with demo_site(tmp_path, database.url, clock) as site:
        yield site
