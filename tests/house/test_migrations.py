"""The migrations make what the models say, on both databases, and go up and down with data in the tables."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection

from feedback_app import create_app
from feedback_app.database import db
from feedback_app.extensions import MIGRATIONS
from feedback_app.models import CaseEvent
from tests.conftest import settings
from tests.house.rows import fill, lost, picture, tables
from tests.house.schema import differences, schema

NewApp = Callable[[], Flask]
SECOND = """
import sqlalchemy as sa
from alembic import op
from feedback_app.models import append_only

revision, down_revision, branch_labels, depends_on = "t002", {head!r}, None, None

def upgrade():
    {upgrade}

def downgrade():
    {downgrade}
"""
# On SQLite this drops the table and makes another: the rows that point to it must stay, and so must AUTOINCREMENT, which has to be said.
REBUILD_PARENT = 'with op.batch_alter_table("contribution", recreate="always"{}): pass'
NEVER_REUSE = ', table_kwargs={"sqlite_autoincrement": True}'
REBUILD = 'with op.batch_alter_table("case_event", recreate="always") as batch: batch.alter_column("verb", type_=sa.String(41))'


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def new_app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewApp]:
    """``new_app()``: an application on an empty database of its own."""
    made: list[Flask] = []

    def on_new_database() -> Flask:
        url = ""
        if request.param == "postgresql":
            server = request.getfixturevalue("postgresql_server")
            url = server.url(server.create_database())
        made.append(create_app(settings(tmp_path_factory.mktemp("migrations"), url)))
        return made[-1]

    yield on_new_database
    for app in made:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="module")
def full(new_app: NewApp) -> Flask:
    """An application at head, with rows in every table. For tests that change nothing."""
    app = migrated(new_app())
    fill(app)
    return app


@contextmanager
def connected(app: Flask) -> Iterator[Connection]:
    with app.app_context(), db.engine.connect() as connection:
        yield connection


def move(app: Flask, direction: Callable[..., None], revision: str, folder: Path = MIGRATIONS) -> None:
    with app.app_context():
        db.session.remove()
        direction(directory=str(folder), revision=revision)
        db.engine.dispose()


def migrated(app: Flask, folder: Path = MIGRATIONS) -> Flask:
    move(app, flask_migrate.upgrade, "head", folder)
    return app


def revisions(folder: Path = MIGRATIONS) -> list[str]:
    """From the first to the head."""
    return [script.revision for script in ScriptDirectory(str(folder)).walk_revisions()][::-1]


def round_trips(app: Flask, folder: Path = MIGRATIONS) -> list[str]:
    """From a full database at head: each step down, up again and down, with the rows there. Returns what was lost on the way."""
    problems = []
    for revision in reversed(revisions(folder)):
        with connected(app) as connection:
            at_revision, rows = schema(connection), picture(connection)
        move(app, flask_migrate.downgrade, "-1", folder)
        with connected(app) as connection:
            before, rows_before = schema(connection), picture(connection)
        problems += [f"down from {revision}: {problem}" for problem in lost(rows, rows_before)]
        move(app, flask_migrate.upgrade, "+1", folder)
        with connected(app) as connection:
            problems += [f"up to {revision}: {problem}" for problem in lost(rows_before, picture(connection))]
            problems += [f"up to {revision} again: {problem}" for problem in differences(at_revision, schema(connection))]
        move(app, flask_migrate.downgrade, "-1", folder)
        with connected(app) as connection:
            problems += [f"down from {revision} again: {problem}" for problem in differences(before, schema(connection))]
    return problems


def test_there_is_exactly_one_head():
    assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1


def test_the_migrated_schema_is_that_of_the_models(full, new_app):
    by_models = new_app()
    with by_models.app_context():
        db.create_all()
    with connected(full) as one:
        found = schema(one)
    with connected(by_models) as other:
        assert differences(found, schema(other)) == []
    assert set(found) == set(db.metadata.tables)


def test_alembic_itself_finds_nothing_to_migrate(full):
    with full.app_context():
        flask_migrate.check(directory=str(MIGRATIONS))


def test_no_table_ever_uses_an_id_again(full):
    with connected(full) as connection:
        if connection.dialect.name == "sqlite":
            assert [name for name, table in schema(connection).items() if not table["never reuses ids"]] == []
        else:
            for name in tables(connection):
                assert connection.scalar(sa.text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": name}), name


def test_the_sample_rows_fill_every_table(full):
    with connected(full) as connection:
        assert sorted(name for name, rows in picture(connection).items() if not rows) == []


def test_every_step_goes_down_and_up_again_with_the_data_kept(new_app):
    app = migrated(new_app())
    fill(app)
    assert round_trips(app) == []
    with connected(app) as connection:
        assert tables(connection) == set()
    migrated(app)
    fill(app)


# The append-only trigger.


def refused(connection: Connection, statement: str) -> bool:
    """Whether the trigger stops a statement, and nothing has changed by it."""
    before = picture(connection)["case_event"]
    try:
        connection.execute(sa.text(statement))
        connection.commit()
    except sa.exc.DBAPIError as error:
        connection.rollback()
        return "append-only" in str(error.orig) and picture(connection)["case_event"] == before
    return False


def ways_to_rewrite(connection: Connection) -> list[str]:
    copied = "INSERT {} INTO case_event SELECT * FROM case_event WHERE id = (SELECT min(id) FROM case_event)"
    ways = [
        "UPDATE case_event SET verb = 'text:publish'",
        "UPDATE case_event SET id = id + 1000",
        "DELETE FROM case_event",
        "DELETE FROM case_event WHERE id = (SELECT max(id) FROM case_event)",
    ]
    if connection.dialect.name == "postgresql":
        return [*ways, "TRUNCATE case_event", "TRUNCATE case_event RESTART IDENTITY CASCADE"]
    return [*ways, copied.format("OR REPLACE"), "REPLACE INTO case_event SELECT * FROM case_event"]


def rewritable(app: Flask) -> list[str]:
    with connected(app) as connection:
        return [way for way in ways_to_rewrite(connection) if not refused(connection, way)]


def test_no_statement_rewrites_the_trace(full):
    assert rewritable(full) == []


@pytest.mark.parametrize("rewrite", [lambda event: setattr(event, "after", "published"), db.session.delete], ids=["change", "delete"])
def test_the_orm_does_not_rewrite_the_trace_either(full, rewrite):
    with full.app_context():
        event = db.session.scalars(sa.select(CaseEvent).order_by(CaseEvent.id)).first()
        rewrite(event)
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            db.session.flush()


# The rules themselves are tried on a second migration that breaks them.


@pytest.fixture
def with_second(tmp_path: Path) -> Iterator[Callable[[str, str], tuple[Flask, Path]]]:
    """``with_second(upgrade, downgrade)``: an application on SQLite, and the migrations with one more on top of them."""
    app = create_app(settings(tmp_path / "instance"))

    def copied(upgrade: str, downgrade: str) -> tuple[Flask, Path]:
        folder = tmp_path / "migrations"
        shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
        second = SECOND.format(head=revisions()[-1], upgrade=upgrade, downgrade=downgrade)
        (folder / "versions" / "t002_second.py").write_text(second, encoding="utf-8")
        return app, folder

    yield copied
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(
    ("upgrade", "downgrade", "found"),
    [
        ('op.add_column("plan", sa.Column("note", sa.Text()))', 'op.drop_column("plan", "note")', None),
        ("pass", 'op.execute("DELETE FROM milestone")', "down from t002: milestone 1 is gone"),
        ("op.execute(\"UPDATE plan SET title = ''\")", "pass", "up to t002: plan 1: title was 'Plan "),
        ("pass", 'op.execute("CREATE TABLE IF NOT EXISTS left_over (id INTEGER)")', "up to t002 again: table left_over"),
        (REBUILD_PARENT.format(NEVER_REUSE), REBUILD_PARENT.format(NEVER_REUSE), None),
        (REBUILD_PARENT.format(NEVER_REUSE), REBUILD_PARENT.format(""), "contribution, never reuses ids"),
    ],
    ids=["keeps everything", "loses rows", "rewrites rows", "leaves something behind", "rebuilds a parent", "reuses ids"],
)
def test_a_step_that_loses_something_is_found(with_second, upgrade, downgrade, found):
    app, folder = with_second(upgrade, downgrade)
    fill(migrated(app, folder))
    problems = round_trips(app, folder)
    if found is None:
        assert problems == []
    else:
        assert any(found in problem for problem in problems)


@pytest.mark.parametrize(
    ("after", "holes"), [("pass", True), ("append_only.install(op.get_bind())", False)], ids=["forgotten", "recreated"]
)
def test_a_rebuild_that_forgets_the_trigger_is_found(with_second, after, holes):
    app, folder = with_second(f"{REBUILD}\n    {after}", "pass")
    fill(migrated(app, folder))
    assert ("UPDATE case_event SET verb = 'text:publish'" in rewritable(app)) is holes
