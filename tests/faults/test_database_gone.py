"""The database is gone: a page of ours says so in French, without the database's help, and gives back what was typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from psycopg import sql

from feedback_app import create_app
from feedback_app.database import db
from tests.conftest import settings
from tests.pages import Page, PageClient, problems
from tests.servers.postgresql import PostgresqlServer
from tests.servers.site import RunningSite
from tests.servers.visitor import Answer, Visitor, comment_fields, comment_path

FORM = comment_path("engagement:demonstration-2025-2027:5")
BODY = "Les horaires de la bibliothèque ne sont plus à jour depuis février."
READING = ["/", "/engagements/", "/engagements/demonstration-2025-2027/5", FORM]
EXPECTED = {"Le site a rencontré une erreur", "Le site est momentanément indisponible"}


@contextmanager
def away(server: PostgresqlServer, url: str) -> Iterator[None]:
    """The database of this address lets nobody in, and whoever is in is thrown out."""
    name, maintenance = url.rsplit("/", 1)[1], server.url().replace("+psycopg", "")
    allow = sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}")
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(allow.format(sql.Identifier(name), sql.Literal(False)))
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield
        finally:
            connection.execute(allow.format(sql.Identifier(name), sql.Literal(True)))


def says_so(answer: Answer) -> Page:
    """The page, once it is sure that it is ours and tells what happened."""
    assert answer.status in {500, 503}
    page = Page(answer.text)
    assert problems(page) == []
    assert page.h1 in EXPECTED
    assert "Réessayez dans quelques minutes" in page.text("main")
    return page


@pytest.mark.parametrize("site", ["postgresql"], indirect=True)
def test_when_postgresql_goes_away_pages_say_so_texts_come_back_and_then_the_site_does(
    site: RunningSite, postgresql_server: PostgresqlServer
) -> None:
    visitor = Visitor(site.web.port)
    fields = comment_fields(visitor.form_key(FORM), BODY)
    with away(postgresql_server, site.database_url):
        for path in READING:
            says_so(visitor.get(path))
        kept = says_so(visitor.post(FORM, fields))
        assert BODY in kept.text("main")
    for path in READING * 2:  # both web processes drop their dead connections by themselves
        assert visitor.get(path).status == 200
    answer = visitor.post(FORM, fields)
    assert answer.status == 303
    assert BODY in visitor.get(answer.location or "").text


@pytest.fixture
def without_database(tmp_path: Path) -> Callable[[str], Flask]:
    """``without_database(url)``: the application as in production, where its database should be but is not."""

    def make(url: str) -> Flask:
        app = create_app(settings(tmp_path / "instance", url, ENVIRONMENT="development"))
        app.test_client_class = PageClient
        return app

    return make


ABSENT = {
    "a folder that is not there": "sqlite:////nonexistent/devoir/de/suite.db",
    "a file that is no database": "sqlite:///{folder}/noise.db",
    "a server that does not listen": "postgresql+psycopg://postgres@127.0.0.1:1/absent",
}


@pytest.mark.parametrize("url", ABSENT.values(), ids=ABSENT)
def test_without_its_database_the_application_still_says_what_to_do_and_keeps_the_text(
    without_database: Callable[[str], Flask], tmp_path: Path, url: str
) -> None:
    (tmp_path / "noise.db").write_bytes(b"This is no database. " * 500)
    app = without_database(url.format(folder=tmp_path))
    client = app.test_client()
    for path in READING:
        answer = client.get(path)
        says_so(Answer(answer.status_code, None, answer.text))
        assert answer.headers["Cache-Control"] == "no-store"
    answer = client.post(FORM, data=comment_fields("a key that nobody can check", BODY))
    assert BODY in says_so(Answer(answer.status_code, None, answer.text)).text("main")
    with app.app_context():
        db.engine.dispose()


def test_pages_that_need_no_database_do_without(without_database: Callable[[str], Flask]) -> None:
    client = without_database(ABSENT["a folder that is not there"]).test_client()
    for path in ("/charte", "/mentions-legales", "/accessibilite", "/donnees-personnelles", "/compte/connexion", "/static/css/app.css"):
        with client.get(path) as answer:
            assert answer.status_code == 200
