"""SQLite: a backup is a SQLite file, made by the online backup API while people read and write, and complete in itself."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, create_engine

from feedback_app.services.backup import aftermath, schema
from feedback_app.services.backup.aftermath import Before, Settled
from feedback_app.services.backup.files import BackupRefused, Progress, replace, whole_file

HEADER = b"SQLite format 3\0"
MARK = 0x44445355  # "DDSU": the application_id of a backup, so that no other file is taken for one
PAGES = 1000
LOCK_SECONDS = 2
BACKUP_MODE = "ro&immutable=1"  # a backup is complete in itself: nothing is written beside it


def back_up(engine: Engine, path: Path, progress: Progress) -> None:
    """Copy the database as it is at this moment into ``path``; nobody waits meanwhile.

    Raises ``BackupRefused``, ``OSError`` and ``sqlite3.Error``.
    """
    with whole_file(path) as part:
        _copy(database_of(engine), part, progress, mode="rw", mark=MARK)
        with closing(sqlite3.connect(part)) as copy:
            _expect_sound(copy, "la base du site")


def database_of(engine: Engine) -> Path:
    """The file of this site."""
    if not engine.url.database or engine.url.database == ":memory:":
        raise BackupRefused("une base en mémoire ne se sauvegarde pas")
    return Path(engine.url.database).absolute()


def _copy(source: Path, target: Path, progress: Progress, *, mode: str, mark: int) -> None:
    """One reading transaction holds still what is copied: without it each commit of somebody else would begin the copy anew."""
    with closing(_open(source, mode)) as origin, closing(sqlite3.connect(target, isolation_level=None)) as copy:
        origin.execute("BEGIN")
        origin.execute("SELECT count(*) FROM sqlite_master").fetchone()
        origin.backup(copy, pages=PAGES, progress=lambda _status, left, total: progress(total - left, total))
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        copy.execute(f"PRAGMA application_id={mark}")


def _open(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=LOCK_SECONDS)


def look(path: Path) -> str:
    """Read a whole backup and give back its schema. Raises ``BackupRefused`` for whatever could not be restored, ``OSError``."""
    with path.open("rb") as file:
        header = file.read(100)
        size = os.fstat(file.fileno()).st_size
    if len(header) < 100:
        raise BackupRefused(f"{path} est incomplet")
    page = int.from_bytes(header[16:18], "big")
    if size < (65536 if page == 1 else page) * int.from_bytes(header[28:32], "big"):
        raise BackupRefused(f"{path} est incomplet : il devait être plus long")
    try:
        with closing(_open(path, BACKUP_MODE)) as backup:
            if backup.execute("PRAGMA application_id").fetchone()[0] != MARK:
                raise BackupRefused(f"{path} n’est pas une sauvegarde faite par « flask backup »")
            _expect_sound(backup, str(path))
            schema.expect_ours({name for (name,) in backup.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}, path)
            found = backup.execute(f"SELECT version_num FROM {schema.TABLE}").fetchone()  # noqa: S608 - a constant
    except sqlite3.DatabaseError as error:
        raise BackupRefused(f"{path} est abîmé ({error})") from None
    return schema.expect_known(found[0] if found else None, path)


def _expect_sound(connection: sqlite3.Connection, what: str) -> None:
    found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if found != "ok" or broken:
        said = found if found != "ok" else f"la table {broken[0]} renvoie à des lignes absentes"
        raise BackupRefused(f"{what} : la base est abîmée ({' '.join(str(said).split())})")


def restore(engine: Engine, path: Path, progress: Progress, *, at: datetime) -> tuple[Settled, Path | None]:
    """Put what ``path`` holds in the place of the site's database, once it is whole, migrated and settled beside it.

    Gives back what was settled, and where the former database was put. Raises ``BackupRefused``, ``OSError``, ``sqlite3.Error`` and
    whatever a migration raises; the site's database is then as it was.
    """
    current = database_of(engine)
    engine.dispose()  # our own connections are nobody else's
    with alone(current):
        before = aftermath.read(engine) if current.exists() else None
        engine.dispose()
    new = current.with_name(f"{current.name}.restoring")
    aside = current.with_name(f"{current.name}.before-{at:%Y%m%dT%H%M%S}")
    try:
        new.unlink(missing_ok=True)
        os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _copy(path, new, progress, mode=BACKUP_MODE, mark=0)
        settled = _prepared(new, before, at)
        there = current.exists()
        with alone(current, for_good=True):
            _set_log_aside(current, aside)
            replace(new, current, aside)
    finally:
        for suffix in ("", "-wal", "-shm"):
            new.with_name(new.name + suffix).unlink(missing_ok=True)
    return settled, aside if there else None


def _prepared(new: Path, before: Before | None, at: datetime) -> Settled:
    """Bring a copy to the schema of this code, let it forget and catch up, and leave it as one file."""
    engine = create_engine(f"sqlite:///{new}")
    try:
        with engine.connect() as connection:
            schema.upgrade(connection)
        with engine.begin() as connection:
            settled = aftermath.settle(connection, before, at=at)
    finally:
        engine.dispose()
    with closing(sqlite3.connect(new, isolation_level=None)) as copy:
        copy.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        copy.execute("PRAGMA journal_mode=DELETE")
    return settled


@contextmanager
def alone(current: Path, *, for_good: bool = False) -> Iterator[None]:
    """Make sure that no process has the site's database open. ``for_good``: its log is written into it, so that the file is all there is.

    Every connection of a running site holds a shared lock. A damaged database is nobody's.
    """
    if not current.exists():
        yield
        return
    try:
        with closing(_open(current, "rw")) as connection:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
            if for_good:
                connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise BackupRefused("le site tourne encore : arrêtez les processus web et travaux d’abord") from None
    except sqlite3.DatabaseError:
        pass
    yield


def _set_log_aside(current: Path, aside: Path) -> None:
    """The log of a damaged database must not be taken for that of the new one."""
    for suffix in ("-wal", "-shm"):
        log = current.with_name(current.name + suffix)
        if log.exists():
            log.rename(aside.with_name(aside.name + suffix))
