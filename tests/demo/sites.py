"""Applications in demo mode, for the tests of the demo's data and of its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from flask import Flask

from feedback_app import create_app
from feedback_app.database import db, unit_of_work
from feedback_app.demo import seed
from tests.conftest import settings
from tests.pages import PageClient


@contextmanager
def demo_site(folder: Path, database_url: str, clock: Callable[[], datetime]) -> Iterator[Flask]:
    """An application in demo mode on a database that is migrated, or will be."""
    app = create_app(settings(folder, database_url, DEMO="1"))
    app.test_client_class = PageClient
    app.config["CLOCK"] = clock
    yield app
    with app.app_context():
        db.engine.dispose()


def fill(app: Flask, at: datetime, *, whole: bool = False) -> bool:
    """Seed it, in one transaction as the command does: with the small sample unless the ``whole`` one is asked for."""
    with app.app_context(), unit_of_work():
        return seed.seed(at=at, whole=whole)
