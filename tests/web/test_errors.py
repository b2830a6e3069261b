"""Error pages say what happened and what to do, and work when nothing else does."""

from __future__ import annotations

import pytest
from flask import Flask, abort
from sqlalchemy.exc import OperationalError

from feedback_app import create_app
from feedback_app.web.access import public
from tests.conftest import settings
from tests.pages import PageClient


@pytest.fixture
def broken_app(tmp_path) -> Flask:
    """An application whose database is not there, with pages that fail."""
    app = create_app(settings(tmp_path, f"sqlite:///{tmp_path}/absent/nothing.db", ENVIRONMENT="development"))
    app.test_client_class = PageClient

    @app.route("/boum")
    @public
    def boum() -> str:
        raise ValueError("something personal")

    @app.route("/refus/<int:code>")
    @public
    def refuse(code: int) -> str:
        abort(code)

    return app


@pytest.mark.parametrize("code", [400, 401, 403, 404, 405, 409, 410, 413, 414, 418, 429, 500, 502, 503])
def test_every_code_has_a_page_of_ours(broken_app, code):
    page = broken_app.test_client().get_page(f"/refus/{code}", status=code)

    assert f"Erreur {code}" in page.text("main")
    assert "/" in page.links()


def test_an_unexpected_error_is_a_page_without_its_reason(broken_app, caplog):
    page = broken_app.test_client().get_page("/boum", status=500)

    assert "Ce n’est pas votre faute" in page.text("main")
    assert "something personal" not in page.text("body")


def test_a_database_that_is_not_there_is_a_page_too(broken_app):
    page = broken_app.test_client().get_page("/engagements/", status=503)

    assert "momentanément indisponible" in page.text("main")


def test_a_text_sent_while_the_database_is_away_comes_back(broken_app):
    response = broken_app.test_client().post("/commenter?sujet=engagement:a:1", data={"body": "Un texte que je ne veux pas perdre."})

    assert response.status_code == 503
    assert "Un texte que je ne veux pas perdre." in response.text


def test_an_unknown_page_leads_on(client):
    page = client.get_page("/nulle-part", status=404)

    assert "/engagements/" in page.links()


def test_a_method_that_is_not_taken_is_a_page(client):
    assert client.post("/engagements/").status_code == 405


def test_an_unknown_host_is_refused(client):
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_in_tests_an_unexpected_error_is_seen(app, client, monkeypatch):
    def fail(*_args: object) -> None:
        raise OperationalError("select", {}, Exception("gone"))

    monkeypatch.setattr("feedback_app.services.threads.latest", fail)
    assert client.get("/").status_code == 503
