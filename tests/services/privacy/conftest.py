"""What the tests of personal data share: the job process's sweep at the time of the test, and what is stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from feedback_app import jobs
from tests.conftest import Clock
from tests.databases import TestDatabase
from tests.stored_bytes import stored_bytes


@pytest.fixture
def sweep(app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """What the job process does every half minute."""
    monkeypatch.setattr(jobs, "_now", clock)
    return jobs.queue_of(app).sweep


@pytest.fixture
def stored(app: Flask, database: TestDatabase) -> Callable[[], bytes]:
    """Every byte that the application keeps."""
    return lambda: stored_bytes(database, Path(app.instance_path))


@pytest.fixture
def periods(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """``periods(unconfirmed_days=3)``: other periods for this test."""

    def change(**changes: int) -> None:
        settings = app.config["SETTINGS"]
        monkeypatch.setitem(app.config, "SETTINGS", replace(settings, periods=replace(settings.periods, **changes)))

    return change
