"""One browser, one demo in each language, one tab."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.crawl.look import Eye, eye_of
from tests.crawl.visits import ENGLISH, FRENCH, Pages, demo_pages


@pytest.fixture(scope="module")
def french(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    with demo_pages(FRENCH, tmp_path_factory.mktemp("french")) as pages:
        yield pages


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    with demo_pages(ENGLISH, tmp_path_factory.mktemp("english")) as pages:
        yield pages


@pytest.fixture(scope="module")
def eye(browser: Browser, french: Pages) -> Iterator[Eye]:
    with eye_of(browser, french.site.app) as eye:
        yield eye
