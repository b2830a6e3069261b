"""A site that outgrew SQLite goes on with PostgreSQL as if nothing had happened."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import create_engine, insert, select, text

from feedback_app import create_app
from feedback_app.database import db
from feedback_app.models import Contribution, Heartbeat
from tests.cli.backup.conftest import migrated
from tests.cli.backup.results import refused
from tests.conftest import settings
from tests.factories import Make
from tests.house.rows import fill


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a site with something in every table."""
    folder = tmp_path_factory.mktemp("full")
    with migrated(folder, f"sqlite:///{folder / 'own.db'}") as site:
        fill(site)
    return folder / "own.db"


@pytest.fixture
def larger(tmp_path: Path, postgresql_server) -> Iterator[Flask]:
    """A site on an empty PostgreSQL database: not even its tables are there."""
    site = create_app(settings(tmp_path / "larger", postgresql_server.url(postgresql_server.create_database())))
    yield site
    with site.app_context():
        db.engine.dispose()


@pytest.fixture
def move(larger: Flask) -> Callable[[Path], Result]:
    return lambda path: larger.test_cli_runner().invoke(args=["move", str(path)])


def rows(url: str) -> dict[str, list[tuple[Any, ...]]]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {
            name: [tuple(row) for row in connection.execute(select(table).order_by(table.c.id))]
            for name, table in db.metadata.tables.items()
        }
    engine.dispose()
    return found


def is_untouched(site: Flask) -> bool:
    with site.app_context():
        with db.engine.connect() as connection:
            tables = connection.scalar(text("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"))
        db.engine.dispose()
    return tables == 0


def test_every_row_comes_along_as_it_was(full, larger, move):
    before = rows(f"sqlite:///{full}")
    assert all(before.values())
    result = move(full)
    assert result.exit_code == 0, result.output
    assert f"{sum(map(len, before.values()))} lignes reprises" in result.output
    assert rows(larger.config["SQLALCHEMY_DATABASE_URI"]) == before == rows(f"sqlite:///{full}")


def test_the_schema_is_whole_and_keeps_its_promises(full, larger, move):
    assert move(full).exit_code == 0
    with larger.app_context():
        flask_migrate.check()
        with db.engine.connect() as connection:
            keys = connection.scalar(text("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated"))
            with pytest.raises(Exception, match="append-only"):
                connection.execute(text("DELETE FROM case_event"))
        db.engine.dispose()
    assert keys == sum(len(table.foreign_key_constraints) for table in db.metadata.tables.values())


def test_numbers_go_on_even_after_those_whose_row_is_gone(sqlite_site, larger, move, clock):
    make = Make(sqlite_site, clock)
    topic = make.commitment().topic
    last = make.comment(topic=topic).id
    with sqlite_site.app_context():
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE sqlite_sequence SET seq = :seq WHERE name = 'contribution'"), {"seq": last + 7})
        path = Path(str(db.engine.url.database))
        db.engine.dispose()
    assert move(path).exit_code == 0
    assert Make(larger, clock).comment(topic=topic).id == last + 8
    assert sorted(row.id for row in Make(larger, clock).all(Contribution)) == [last, last + 8]


def test_a_database_that_holds_a_site_already_is_kept(full, larger, move, clock):
    with larger.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()
    kept = Make(larger, clock).comment().id
    with larger.app_context():
        db.engine.dispose()
    assert "contient déjà un site" in refused(move(full))
    assert [row.id for row in Make(larger, clock).all(Contribution)] == [kept]


def test_what_processes_leave_by_themselves_makes_no_site(full, larger, move, clock):
    with larger.app_context():
        flask_migrate.upgrade()
        with db.engine.begin() as connection:
            connection.execute(insert(Heartbeat).values(name="jobs", at=clock()))
        db.engine.dispose()
    assert move(full).exit_code == 0
    assert rows(larger.config["SQLALCHEMY_DATABASE_URI"]) == rows(f"sqlite:///{full}")


def test_a_site_that_still_runs_is_not_moved(full, larger, move):
    with closing(sqlite3.connect(full)) as running:
        running.execute("SELECT count(*) FROM contribution").fetchone()
        assert "le site tourne encore" in refused(move(full))
    assert is_untouched(larger)


def test_an_older_schema_has_to_be_brought_up_first(sqlite_site, larger, move, tmp_path):
    with sqlite_site.app_context():
        flask_migrate.downgrade(revision="0007")
        db.engine.dispose()
    assert "flask db upgrade" in refused(move(tmp_path / "own.db"))
    assert is_untouched(larger)


def test_rows_that_point_nowhere_are_refused_and_nothing_is_left(sqlite_site, larger, move, clock, tmp_path):
    make = Make(sqlite_site, clock)
    text_id = make.comment().current_version_id
    with sqlite_site.app_context():
        db.engine.dispose()
    with closing(sqlite3.connect(tmp_path / "own.db")) as careless:
        careless.execute("DELETE FROM text_version WHERE id = ?", (text_id,))
        careless.commit()
    assert "la base de données a refusé" in refused(move(tmp_path / "own.db"))
    assert is_untouched(larger)


@pytest.mark.parametrize("content", [b"", b"nothing of ours", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_database_of_ours_is_refused(content, larger, move, tmp_path):
    (tmp_path / "file").write_bytes(content)
    refused(move(tmp_path / "file"))
    refused(move(tmp_path / "absent"))
    assert is_untouched(larger)


def test_sqlite_is_no_larger_house(full, sqlite_site):
    result = sqlite_site.test_cli_runner().invoke(args=["move", str(full)])
    assert "DATABASE_URL" in refused(result)
