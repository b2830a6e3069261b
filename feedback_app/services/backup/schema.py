"""Which schema a backup has, and bringing it up to what this code expects."""

from __future__ import annotations

from alembic import command
from alembic.script import ScriptDirectory
from flask_migrate import Migrate
from sqlalchemy import Connection

from feedback_app.extensions import MIGRATIONS
from feedback_app.services.backup.files import BackupRefused

TABLE = "alembic_version"
OURS = frozenset({TABLE, "case_event", "contribution", "identity"})
"""Tables that a database of this application has had since its first day."""


def expect_ours(tables: set[str], path: object) -> None:
    """Raises ``BackupRefused`` when these tables are not those of this application."""
    if not tables >= OURS:
        raise BackupRefused(f"{path} n’est pas une sauvegarde de ce logiciel")


def expect_known(revision: str | None, path: object) -> str:
    """The revision, when this code has a migration of that name. Raises ``BackupRefused``: the file comes from newer code."""
    known = {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    if revision not in known:
        raise BackupRefused(
            f"{path} vient d’une version plus récente du logiciel (schéma {revision}, inconnu ici) : mettez d’abord le logiciel à jour"
        )
    return revision


def head() -> str:
    """The revision that this code expects."""
    return str(ScriptDirectory(str(MIGRATIONS)).get_current_head())


def upgrade(connection: Connection) -> None:
    """Run the migrations that are missing, on this connection. On PostgreSQL inside its transaction; on SQLite outside any."""
    config = Migrate(directory=str(MIGRATIONS)).get_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
