"""A real site for the tests that need real processes, and a way to do things at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.servers.site import ROOT, RunningSite

DEMO_PLAN = ROOT / "feedback_app" / "demo" / "plan.json"
TOGETHER_WITHIN = 60.0


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


@pytest.fixture
def together() -> Callable[[Sequence[Callable[[], Any]]], list[Any]]:
    """``together(acts)``: do all of them at the same instant, each in a thread of its own, and give back what each returned."""

    def run(acts: Sequence[Callable[[], Any]]) -> list[Any]:
        gate = threading.Barrier(len(acts))

        def act(one: Callable[[], Any]) -> Any:
            gate.wait(TOGETHER_WITHIN)
            return one()

        with ThreadPoolExecutor(len(acts)) as threads:
            return [future.result(TOGETHER_WITHIN) for future in [threads.submit(act, one) for one in acts]]

    return run
