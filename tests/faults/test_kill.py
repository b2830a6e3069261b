"""kill -9 of the web processes in the middle of posts. The long version: ``python -m benchmarks.kill_web``."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import kill_web


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'site.db'}"
    server = request.getfixturevalue("postgresql_server")
    return str(server.url(server.create_database()))


def test_every_text_acknowledged_before_a_kill_is_there_once_with_its_mail(tmp_path: Path, database_url: str) -> None:
    report = kill_web.run(tmp_path, database_url, posts=60, kills=2)
    assert report.acknowledged == 60
    assert report.nothing_lost, str(report)
