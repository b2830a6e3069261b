"""The walk of the site, made once for the tests that read it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.house.walk import Answer, Site, filled_site, walk


@pytest.fixture(scope="session")
def walked_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with filled_site(tmp_path_factory.mktemp("walk")) as site:
        yield site


@pytest.fixture(scope="session")
def answers(walked_site: Site) -> list[Answer]:
    """What every address answered to everybody."""
    return walk(walked_site)
