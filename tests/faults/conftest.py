"""A real site for the tests that need real processes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers.site import ROOT, RunningSite

DEMO_PLAN = ROOT / "feedback_app" / "demo" / "plan.json"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """A running site with the demo's plan, on each kind of database."""
    folder = tmp_path_factory.mktemp("site")
    if request.param == "sqlite":
        url = f"sqlite:///{folder / 'site.db'}"
    else:
        server = request.getfixturevalue("postgresql_server")
        url = server.url(server.create_database())
    with started(RunningSite(folder, url)) as site:
        yield site


def started(site: RunningSite) -> RunningSite:
    """The same site with the demo's plan in it, ready to be used in a ``with``."""
    site.flask("plan", "import", str(DEMO_PLAN))
    return site
