"""Everything that must be refused, with one line, leaving the site as it was."""

from __future__ import annotations

import sqlite3

import flask_migrate
import pytest
from sqlalchemy import create_engine, text

from feedback_app import create_app
from feedback_app.database import db
from feedback_app.services.backup import schema, sqlite
from feedback_app.services.backup.files import BackupRefused
from tests.cli.backup.results import bodies, refused
from tests.conftest import settings


def test_without_yes_it_says_what_to_stop_and_changes_nothing(flask, make, taken):
    path = taken()
    kept = make.comment()
    assert "arrêtez d’abord" in refused(flask("restore", path))
    assert bodies(make) == [kept.id]


def test_an_older_backup_is_not_overwritten(flask, taken):
    path = taken()
    before = path.read_bytes()
    assert "existe déjà" in refused(flask("backup", path))
    assert path.read_bytes() == before


def test_a_folder_that_is_not_there_or_no_folder_is_one_line(flask, tmp_path):
    (tmp_path / "file").touch()
    assert "No such file" in refused(flask("backup", tmp_path / "nowhere" / "b"))
    assert "Not a directory" in refused(flask("backup", tmp_path / "file" / "b"))
    assert "No such file" in refused(flask("restore", tmp_path / "nowhere"))
    assert "directory" in refused(flask("restore", tmp_path))


def test_a_full_disk_is_one_line_and_leaves_nothing(flask, make, tmp_path, monkeypatch, app):
    """A disk that is full in the middle: the program that writes says so."""
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        full = sqlite3.OperationalError("database or disk is full")
        monkeypatch.setattr(sqlite, "_expect_sound", lambda *_words: (_ for _ in ()).throw(full))
    else:
        program = tmp_path / "bin" / "pg_dump"
        program.parent.mkdir()
        program.write_text("#!/bin/sh\necho 'pg_dump: error: could not write to output file: No space left on device' >&2\nexit 1\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    line = refused(flask("backup", tmp_path / "b"))
    assert "full" in line or "No space left" in line
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []


@pytest.mark.parametrize("content", [b"", b"SQLite", b"PGDMP", b"une lettre \xe0 ma tante\n" * 400], ids=len)
def test_a_file_that_is_no_backup_is_refused(flask, tmp_path, content):
    path = tmp_path / "letter"
    path.write_bytes(content)
    refused(flask("restore", path, "--yes"))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_backup_that_is_cut_short_is_refused_and_the_site_keeps_its_data(flask, make, taken, share):
    make.comment()
    path = taken()
    kept = make.comment()
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    refused(flask("restore", path, "--yes"))
    assert kept.id in bodies(make)


def test_a_backup_of_newer_code_is_refused(flask, make, app, tmp_path):
    with app.app_context():
        engine = db.engine
        with engine.begin() as connection:
            head = connection.scalar(text("SELECT version_num FROM alembic_version"))
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        try:
            result = flask("backup", tmp_path / "newer")
        finally:
            with engine.begin() as connection:
                connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": head})
    assert result.exit_code == 0
    assert "mettez d’abord le logiciel à jour" in refused(flask("restore", tmp_path / "newer", "--yes"))


def test_a_backup_of_the_other_database_is_refused(flask, database, tmp_path, postgresql_server):
    other = tmp_path / "other"
    folder = tmp_path / "elsewhere"
    url = postgresql_server.url(postgresql_server.create_database()) if database.name == "sqlite" else f"sqlite:///{tmp_path}/o.db"
    site = create_app(settings(folder, url))
    with site.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()
    assert site.test_cli_runner().invoke(args=["backup", str(other)]).exit_code == 0
    with site.app_context():
        db.engine.dispose()
    assert "la base du site est" in refused(flask("restore", other, "--yes"))


def test_a_site_that_still_runs_is_not_replaced(flask, make, taken, app):
    path = taken()
    kept = make.comment()
    running = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])  # another process, between two requests
    with running.connect() as connection:
        connection.execute(text("SELECT count(*) FROM contribution"))
        connection.rollback()
        assert "arrêtez" in refused(flask("restore", path, "--yes"))
    running.dispose()
    assert bodies(make) == [kept.id]


def test_a_migration_that_fails_leaves_the_site_as_it_was(flask, make, taken, monkeypatch, database, app):
    path = taken()
    kept = make.comment()

    def fail(_connection: object) -> None:
        raise BackupRefused("une migration a échoué")

    monkeypatch.setattr(schema, "upgrade", fail)
    assert "une migration a échoué" in refused(flask("restore", path, "--yes"))
    assert bodies(make) == [kept.id]
    if database.name == "sqlite":
        assert list(database.path.parent.glob("*restoring*")) == []
