"""Migrated databases for the tests, both kinds, emptied between two tests."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Protocol

import flask_migrate
from flask import Flask
from sqlalchemy import text

from feedback_app.database import db


class TestDatabase(Protocol):
    """One migrated database that can be made empty again."""

    __test__ = False
    name: str
    url: str

    def migrated(self, app: Flask) -> None:
        """Bring it to head, once."""

    def reset(self, app: Flask) -> None:
        """Empty it."""


class SqliteDatabase:
    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.path, self.template = folder / "test.db", folder / "template.db"
        self.url = f"sqlite:///{self.path}"

    def migrated(self, app: Flask) -> None:
        with app.app_context():
            flask_migrate.upgrade()
            db.engine.dispose()
        shutil.copy(self.path, self.template)

    def reset(self, app: Flask) -> None:
        with app.app_context():
            db.engine.dispose()
        # Unlinked, not overwritten: a connection that a failed test left open must not see the file change under it.
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        shutil.copy(self.template, self.path)


class PostgresqlDatabase:
    name = "postgresql"

    def __init__(self, url: str) -> None:
        self.url = url

    def migrated(self, app: Flask) -> None:
        with app.app_context():
            flask_migrate.upgrade()

    def reset(self, app: Flask) -> None:
        with app.app_context(), db.engine.begin() as connection:
            # The append-only trigger must not see this.
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            for table in db.metadata.tables:
                connection.execute(text(f'DELETE FROM "{table}"'))
