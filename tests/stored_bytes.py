"""Everything that a database would give to whoever takes its files, or a dump of it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.databases import PostgresqlDatabase, TestDatabase
from tests.servers import postgresql


def stored_bytes(database: TestDatabase, *folders: Path) -> bytes:
    """SQLite's file and log, or a dump by ``pg_dump``; and every file of ``folders`` (the job queue, among others)."""
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    if isinstance(database, PostgresqlDatabase):
        return _dump(database.url) + b"".join(path.read_bytes() for path in files)
    path: Path = database.path  # type: ignore[attr-defined]
    return b"".join(found.read_bytes() for found in [*sorted(path.parent.glob(f"{path.name}*")), *files])


def _dump(url: str) -> bytes:
    programs = postgresql.programs()
    assert programs is not None
    command = [str(programs / "pg_dump"), "--inserts", url.replace("+psycopg", "")]
    return subprocess.run(command, check=True, capture_output=True).stdout
