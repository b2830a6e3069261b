"""From SQLite to PostgreSQL: a site that has outgrown its file takes every row along, with its number.

This is no restore. The file is the site itself, stopped, and nothing has happened since: nothing has to be forgotten or caught up with.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, LargeBinary, Table, create_engine, delete, func, insert, select, text

from feedback_app.database import BEGIN_OPTION, db
from feedback_app.models import CaseEvent, Identity, Topic
from feedback_app.services.backup import aftermath, schema, sqlite
from feedback_app.services.backup.files import BackupRefused, Progress
from feedback_app.services.backup.postgresql import expect_to_be_alone

ROWS = 1000
FOREIGN_KEYS = """
    SELECT conrelid::regclass::text AS of, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
    FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY oid"""


def move(engine: Engine, path: Path, progress: Progress) -> int:
    """Copy the SQLite database of a stopped site into the PostgreSQL of ``engine``, in one transaction, and count the rows.

    Raises ``BackupRefused``, ``OSError``, ``sqlite3.Error``, ``SQLAlchemyError`` and whatever a migration raises; then both databases
    are as they were.
    """
    if engine.dialect.name != "postgresql":
        raise BackupRefused("la base du site est SQLite : donnez-lui d’abord une base PostgreSQL vide (DATABASE_URL)")
    with _stopped(path) as source:
        try:
            with engine.begin() as target:
                expect_to_be_alone(target)
                schema.upgrade(target)
                _empty(target)
                with _without_foreign_keys(target):
                    rows = _copy_all(source, target, progress)
                _count_on(target, dict(aftermath.numbers(source)))
        finally:
            engine.dispose()
    return rows


@contextmanager
def _stopped(path: Path) -> Iterator[Connection]:
    """The file, read in one transaction in which nobody else writes."""
    with path.open("rb") as file:
        if file.read(len(sqlite.HEADER)) != sqlite.HEADER:
            raise BackupRefused(f"{path} n’est pas une base SQLite")
    with sqlite.alone(path):
        engine = create_engine(f"sqlite:///{path.absolute()}")
        try:
            with engine.connect().execution_options(**{BEGIN_OPTION: "IMMEDIATE"}) as source:
                _expect_this_schema(source, path)
                yield source
        finally:
            engine.dispose()


def _expect_this_schema(source: Connection, path: Path) -> None:
    with closing(source.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")) as names:
        schema.expect_ours(set(names.scalars()), path)
    found = source.scalar(text(f"SELECT version_num FROM {schema.TABLE}"))  # noqa: S608 - a constant
    if schema.expect_known(found, path) != schema.head():
        raise BackupRefused(f"{path} a un schéma plus ancien ({found}) : appliquez-lui d’abord « flask db upgrade »")


def _empty(target: Connection) -> None:
    """People, contents and what was done make a site. What else stands there, a process left by itself (its heartbeat)."""
    if any(target.scalar(select(model.id).limit(1)) for model in (CaseEvent, Identity, Topic)):
        raise BackupRefused("la base PostgreSQL contient déjà un site : il lui faut une base vide")
    for table in reversed(db.metadata.sorted_tables):
        target.execute(delete(table))


@contextmanager
def _without_foreign_keys(target: Connection) -> Iterator[None]:
    """Rows may refer to rows that come later. PostgreSQL checks all of them when it takes the keys back."""
    keys = target.execute(text(FOREIGN_KEYS)).all()
    for key in keys:
        target.execute(text(f"ALTER TABLE {key.of} DROP CONSTRAINT {key.name}"))
    yield
    for key in keys:
        target.execute(text(f"ALTER TABLE {key.of} ADD CONSTRAINT {key.name} {key.definition}"))


def _copy_all(source: Connection, target: Connection, progress: Progress) -> int:
    tables = list(db.metadata.tables.values())
    total = sum(source.scalar(select(func.count()).select_from(table)) or 0 for table in tables)
    done = 0
    for table in tables:
        for batch in _batches(source, table):
            target.execute(insert(table), batch)
            done += len(batch)
            progress(done, total)
    return done


def _batches(source: Connection, table: Table) -> Iterator[list[dict[str, object]]]:
    """Files one by one: they may be large."""
    size = 1 if any(isinstance(column.type, LargeBinary) for column in table.columns) else ROWS
    found = source.execute(select(table).order_by(table.c.id), execution_options={"yield_per": size})
    for rows in found.mappings().partitions():
        yield [dict(row) for row in rows]


def _count_on(target: Connection, numbers: dict[str, int]) -> None:
    """A number that was given is never given again, even if its row is gone."""
    for table, sequence in aftermath.sequences(target):
        if numbers.get(table):
            target.execute(select(func.setval(sequence, numbers[table])))
