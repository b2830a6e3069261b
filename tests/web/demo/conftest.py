"""The demo's pages: one filled demo for all tests of a module (which database is under it changes nothing to a page)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.conftest import NOW, Clock
from tests.databases import SqliteDatabase
from tests.demo.sites import demo_site, fill
from tests.pages import PageClient


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A demo with its data, entered at ``NOW``."""
    folder = tmp_path_factory.mktemp("demo")
    database = SqliteDatabase(folder)
    with demo_site(folder, database.url, Clock()) as site:
        database.migrated(site)
        assert fill(site, NOW)
        yield site


@pytest.fixture
def visitor(demo: Flask) -> PageClient:
    """A browser nobody is signed in with."""
    found = demo.test_client()
    assert isinstance(found, PageClient)
    return found
