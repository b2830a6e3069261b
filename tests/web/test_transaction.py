"""What a request may do to the database: a page that is only read writes nothing, and leaves PostgreSQL what it had prepared."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from feedback_app import create_app
from feedback_app.database import begin_reading, begin_writing, db, end_reading, short_transaction
from feedback_app.models import Identity
from feedback_app.services import identities
from feedback_app.web.access import public
from tests.conftest import NOW, settings
from tests.databases import PostgresqlDatabase
from tests.pages import PageClient

DONE = ("fait", {"Content-Type": "text/plain"})
PREPARED = sa.text("SELECT count(*) FROM pg_prepared_statements WHERE NOT from_sql")
INSERT = sa.text("INSERT INTO identity (email, email_key, created_at) VALUES ('a@exemple.test', 'a@exemple.test', '2026-03-02')")


@pytest.fixture
def postgresql_app(postgresql_server, tmp_path: Path) -> Iterator[Flask]:
    database = PostgresqlDatabase(postgresql_server.url(postgresql_server.create_database()))
    app = create_app(settings(tmp_path, database.url))
    app.test_client_class = PageClient
    database.migrated(app)
    yield app
    with app.app_context():
        db.engine.dispose()


def people(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(Identity)) or 0


def test_a_view_that_does_not_say_that_it_writes_leaves_nothing(app, client, monkeypatch):
    def forgot() -> tuple[str, dict[str, str]]:
        with suppress(sa.exc.InternalError):  # PostgreSQL refuses at once, on SQLite it is given up at the end
            identities.find_or_create("oubli@exemple.test", at=NOW)
        return DONE

    monkeypatch.setitem(app.view_functions, "public.home", public(forgot))
    assert client.get("/").status_code == 200
    assert people(app) == 0


def test_what_was_changed_in_the_session_of_a_page_is_not_kept(app, client, make, monkeypatch):
    before = make.person().identity_id

    def forgot() -> tuple[str, dict[str, str]]:
        db.session.get_one(Identity, before).email = "autre@exemple.test"
        return DONE

    monkeypatch.setitem(app.view_functions, "public.home", public(forgot))
    assert client.get("/").status_code == 200
    with app.app_context():
        assert db.session.get_one(Identity, before).email != "autre@exemple.test"


def test_postgresql_refuses_to_write_for_a_page_and_only_for_it(postgresql_app):
    with postgresql_app.app_context():
        begin_reading()
        with pytest.raises(sa.exc.InternalError, match="read-only"):
            db.session.execute(INSERT)
        end_reading()
        with short_transaction() as beside:
            beside.execute(INSERT)
        begin_reading()
        begin_writing()  # the page of a form that was refused: what it leaves is written after all
        db.session.execute(sa.delete(Identity))
        db.session.commit()
    assert people(postgresql_app) == 0


def test_pages_leave_what_postgresql_prepared_for_them(postgresql_app):
    """Else each statement of each page would be planned again, which takes PostgreSQL longer than to answer."""
    assert postgresql_app.test_client().get("/demandes/").status_code == 200
    with postgresql_app.app_context(), db.engine.connect() as connection:
        assert connection.scalar(PREPARED) >= 1


def test_a_page_that_was_read_is_shown_even_if_postgresql_goes_away_then(postgresql_app):
    with postgresql_app.app_context():
        begin_reading()
        mine = db.session.scalar(sa.text("SELECT pg_backend_pid()"))
        with db.engine.connect() as other:
            assert other.scalar(sa.text("SELECT pg_terminate_backend(:mine, 5000)"), {"mine": mine})
        end_reading()
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Identity)) == 0
