"""What changes a schema or a file: each on a site that no other test shares."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import flask_migrate
import pytest
from sqlalchemy import create_engine, text

from feedback_app.database import db
from feedback_app.models import Contribution
from feedback_app.services.backup import postgresql, sqlite
from feedback_app.services.backup.files import BackupRefused
from tests.cli.backup.results import bodies, refused
from tests.factories import Make


def test_an_older_schema_is_migrated(own_site, tmp_path, clock):
    make = Make(own_site, clock)
    run = own_site.test_cli_runner().invoke
    kept = make.comment()
    with own_site.app_context():
        flask_migrate.downgrade(revision="0007")
        db.engine.dispose()
    assert run(args=["backup", str(tmp_path / "old")]).exit_code == 0
    with own_site.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()
    make.comment()
    result = run(args=["restore", str(tmp_path / "old"), "--yes"])
    assert result.exit_code == 0, result.output
    assert bodies(make) == [kept.id]
    with own_site.app_context():
        flask_migrate.check()
        with pytest.raises(Exception, match="append-only"), db.engine.begin() as connection:
            connection.execute(text("DELETE FROM case_event"))
        db.engine.dispose()


def test_a_damaged_database_is_replaced_and_kept_aside(sqlite_site, tmp_path, clock):
    make, run = Make(sqlite_site, clock), sqlite_site.test_cli_runner().invoke
    kept = make.comment()
    assert run(args=["backup", str(tmp_path / "b")]).exit_code == 0
    with sqlite_site.app_context():
        db.engine.dispose()
    (tmp_path / "own.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    (tmp_path / "own.db-wal").write_bytes(b"\xff" * 500)
    result = run(args=["restore", str(tmp_path / "b"), "--yes"])
    assert result.exit_code == 0, result.output
    assert bodies(make) == [kept.id]
    (aside,) = [path for path in tmp_path.glob("own.db.before-*") if not path.name.endswith(("-wal", "-shm"))]
    assert aside.read_bytes().endswith(b"\xff" * 5000)


def test_a_lost_database_is_made_anew_from_a_backup(sqlite_site, tmp_path, clock):
    make, run = Make(sqlite_site, clock), sqlite_site.test_cli_runner().invoke
    kept = make.comment()
    assert run(args=["backup", str(tmp_path / "b")]).exit_code == 0
    with sqlite_site.app_context():
        db.engine.dispose()
    (tmp_path / "own.db").unlink()
    assert run(args=["restore", str(tmp_path / "b"), "--yes"]).exit_code == 0
    assert bodies(make) == [kept.id]
    assert stat.S_IMODE((tmp_path / "own.db").stat().st_mode) == 0o600


def test_a_damaged_backup_and_a_plain_copy_are_refused(sqlite_site, tmp_path, clock):
    make, run = Make(sqlite_site, clock), sqlite_site.test_cli_runner().invoke
    make.comment()
    assert run(args=["backup", str(tmp_path / "b")]).exit_code == 0
    shutil.copy(tmp_path / "own.db", tmp_path / "copy")
    content = bytearray((tmp_path / "b").read_bytes())
    for page in range(4, len(content) // 4096, 3):
        content[page * 4096 : page * 4096 + 8] = b"\xff" * 8
    (tmp_path / "b").write_bytes(bytes(content))
    for name in ("b", "copy"):
        refused(run(args=["restore", str(tmp_path / name), "--yes"]))


def test_a_backup_stays_the_same_while_others_write(sqlite_site, tmp_path, clock, monkeypatch):
    """Each commit of somebody else would begin an online backup anew, or mix two states, if no transaction held the first still."""
    make = Make(sqlite_site, clock)
    make.comment()
    monkeypatch.setattr(sqlite, "PAGES", 5)
    steps: list[int] = []

    def write_meanwhile(done: int, _total: int | None) -> None:
        steps.append(done)
        if len(steps) < 4:
            make.comment()

    with sqlite_site.app_context():
        engine = db.engine
    sqlite.back_up(engine, tmp_path / "b", write_meanwhile)
    assert steps == sorted(set(steps))  # it never began anew
    with closing(sqlite3.connect(tmp_path / "b")) as backup:
        assert backup.execute("SELECT count(*) FROM contribution").fetchone() == (1,)
    assert len(make.all(Contribution)) == 4


def test_the_password_is_on_no_command_line():
    engine = create_engine("postgresql+psycopg://app:se:cr%5Cet@db.exemple.test:5433/devoir?sslmode=require")
    with postgresql._address(engine) as address:
        assert "cr" not in address
        assert "host=db.exemple.test" in address
        path = Path(address.split("passfile=")[1].split()[0])
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.read_text() == "*:*:*:*:se\\:cr\\\\et\n"
    assert not path.exists()


def test_without_the_programs_of_postgresql_it_says_which_package_has_them(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "dump").write_bytes(b"PGDMP")
    with pytest.raises(BackupRefused, match="postgresql-client"):
        postgresql.look(tmp_path / "dump")
