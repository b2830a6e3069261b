"""Two web processes with a page cache, on the database of the test."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

from flask import Flask, request_started
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from feedback_app import create_app
from feedback_app.database import db
from feedback_app.services.page_store import PageStore
from tests.conftest import Clock, settings


class Process:
    """One web process, and how often it had to ask the application."""

    def __init__(self, folder: Path, database_url: str, clock: Clock, **environ: str) -> None:
        self.app = create_app(settings(folder, database_url, **{"PAGE_CACHE_MB": "8", "REDIS_URL": "", **environ}))
        self.app.config["CLOCK"] = clock
        self.browser = FlaskClient(self.app)
        self.made = 0
        request_started.connect(self._count, self.app)

    def _count(self, _app: Flask) -> None:
        self.made += 1

    @property
    def store(self) -> PageStore:
        return self.app.extensions["page_store"]

    def get(self, path: str, **kwargs: object) -> TestResponse:
        return self.browser.get(path, **kwargs)

    def is_kept(self, path: str, **kwargs: object) -> bool:
        """Whether this address is answered without the application, now."""
        before = self.made
        self.get(path, **kwargs)
        return self.made == before

    def close(self) -> None:
        request_started.disconnect(self._count, self.app)
        with self.app.app_context():
            db.engine.dispose()


@contextmanager
def processes(count: int, make_one: Callable[[int], Process]):  # type: ignore[no-untyped-def]
    found = [make_one(number) for number in range(count)]
    try:
        yield found
    finally:
        for process in found:
            process.close()
