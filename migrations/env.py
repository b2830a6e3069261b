"""Runs the migrations on the application's own engine, or on the connection of a restore. One head, the same files on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app

import feedback_app.models  # noqa: F401 - registers the tables
from feedback_app.database import UTCDateTime, db
from feedback_app.models.full_text import belongs_to_index


def render_item(kind: str, item: Any, _autogen_context: Any) -> str | bool:
    """Write our own column types as what they are in the database: a migration must not change with the application."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    return False


def compare_type(_context: Any, _inspected: Any, _metadata: Any, inspected_type: Any, metadata_type: Any) -> bool | None:
    """An enumeration is plain text in the database."""
    if isinstance(metadata_type, sa.Enum) and isinstance(inspected_type, sa.String):
        return inspected_type.length != metadata_type.length
    return None


def include_object(thing: Any, name: str | None, kind: str, _reflected: bool, _compared: Any) -> bool:
    """What migrations are compared with: not the index of words of SQLite, nor on SQLite an index that only PostgreSQL has."""
    if kind == "table":
        return not belongs_to_index(name)
    if kind == "index" and context.get_context().dialect.name == "sqlite":
        return not thing.dialect_kwargs.get("postgresql_using")
    return True


@contextmanager
def foreign_keys_off(connection: sa.Connection) -> Iterator[None]:
    """SQLite: a batch rebuild drops and renames tables, and would cascade into their children. Checked again at the end.

    Said to the driver: SQLAlchemy would first open a transaction, inside which SQLite ignores this pragma.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        broken = driver.execute("PRAGMA foreign_key_check").fetchall()
    finally:
        driver.execute("PRAGMA foreign_keys=ON")
    if broken:
        raise RuntimeError(f"foreign keys broken by the migration: {broken[:5]}")


@contextmanager
def connected() -> Iterator[sa.Connection]:
    """The connection of whoever asked, which stays open, or one of our own."""
    given = context.config.attributes.get("connection")
    if given is not None:
        yield given
        return
    with current_app.extensions["migrate"].db.engine.connect() as connection:
        yield connection


def run() -> None:
    with connected() as connection, foreign_keys_off(connection):
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            compare_type=compare_type,
            render_item=render_item,
            include_object=include_object,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("offline migrations are not supported: the triggers need the database's own dialect")
run()
