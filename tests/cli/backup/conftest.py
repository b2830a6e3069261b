"""A site, the commands, and a backup taken now."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import flask_migrate
import pytest
from click.testing import Result
from flask import Flask

from feedback_app import create_app
from feedback_app.database import db
from tests.conftest import settings

command = importlib.import_module("feedback_app.cli.backup")


@pytest.fixture
def flask(app: Flask, clock, monkeypatch, database) -> Iterator[Callable[..., Result]]:
    """``flask("backup", path)``, at the time of the test. What a restore puts aside is no other test's."""
    monkeypatch.setattr(command, "_now", clock)
    yield lambda *words: app.test_cli_runner().invoke(args=list(map(str, words)))
    if database.name == "sqlite":
        for path in database.path.parent.glob("test.db.*"):
            path.unlink()


@pytest.fixture
def taken(flask, tmp_path) -> Callable[[], Path]:
    """``taken()``: a backup made now."""

    def take() -> Path:
        path = tmp_path / "site.backup"
        result = flask("backup", path)
        assert result.exit_code == 0, result.output
        return path

    return take


@contextmanager
def migrated(folder: Path, url: str) -> Iterator[Flask]:
    """A site that no other test shares: its schema may change."""
    site = create_app(settings(folder, url))
    with site.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()
    yield site
    with site.app_context():
        db.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def own_site(request, tmp_path) -> Iterator[Flask]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'own.db'}"
    else:
        server = request.getfixturevalue("postgresql_server")
        url = server.url(server.create_database())
    with migrated(tmp_path / "own", url) as site:
        yield site


@pytest.fixture
def sqlite_site(tmp_path) -> Iterator[Flask]:
    with migrated(tmp_path / "own", f"sqlite:///{tmp_path / 'own.db'}") as site:
        yield site
