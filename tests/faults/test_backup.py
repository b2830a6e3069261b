"""A backup taken while people post, with the site as an operator runs it: complete and consistent, and it costs nobody a text."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from benchmarks.kill_web import HALVES, PLAN, TOPIC
from tests.servers.site import RunningSite
from tests.servers.visitor import Visitor, comment_fields, comment_path

PEOPLE = 4
BEFORE, AFTER = 12, 8  # texts acknowledged before it begins, and after it has ended


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> RunningSite:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'site.db'}"
    else:
        server = request.getfixturevalue("postgresql_server")
        url = str(server.url(server.create_database()))
    return RunningSite(tmp_path, url)


class Crowd:
    """People who post, each text once, until they are told to stop."""

    def __init__(self, port: int) -> None:
        self.port, self.acknowledged, self.changed, self.stopping = port, list[str](), threading.Condition(), threading.Event()

    def post(self, person: int) -> None:
        number = 0
        while not self.stopping.is_set():
            number += 1
            body = f"Texte {number} de la personne {person}, écrit pendant une sauvegarde."
            form = comment_path(TOPIC)
            fields = comment_fields(Visitor(self.port).form_key(form), body, email=f"personne{person}-{number}@exemple.test")
            assert Visitor(self.port).post(form, fields).status == 303
            with self.changed:
                self.acknowledged.append(body)
                self.changed.notify_all()

    def wait_for(self, count: int) -> list[str]:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.acknowledged) >= count, 120)
            return list(self.acknowledged)


def test_a_backup_taken_while_people_post_restores_to_a_complete_and_consistent_state(site: RunningSite, tmp_path: Path) -> None:
    backup = tmp_path / "site.backup"
    site.flask("plan", "import", str(PLAN))
    with site, ThreadPoolExecutor(PEOPLE) as people:
        crowd = Crowd(site.web.port)
        posting = [people.submit(crowd.post, person) for person in range(PEOPLE)]
        try:
            before = crowd.wait_for(BEFORE)
            site.flask("backup", str(backup))
            crowd.wait_for(len(crowd.acknowledged) + AFTER)
        finally:
            crowd.stopping.set()
        for done in posting:
            done.result()
    site.flask("restore", str(backup), "--yes")
    engine = create_engine(site.database_url)
    with engine.connect() as connection:
        bodies = list(connection.scalars(text("SELECT body FROM text_version")))
        halves = {name: len(connection.exec_driver_sql(query).all()) for name, query in HALVES.items()}
    engine.dispose()
    assert set(before) - set(bodies) == set()
    assert len(bodies) == len(set(bodies)) < len(crowd.acknowledged)
    assert set(halves.values()) == {0}, halves
