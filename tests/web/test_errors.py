"""Error pages say what happened and what to do, and work when nothing else does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask, abort
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import TooManyRequests

from feedback_app import create_app
from feedback_app.web import explanations
from feedback_app.web.access import public, public_form
from feedback_app.web.explanations import EXPLANATIONS, when_to_retry
from tests.conftest import NOW, settings
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

    @app.route("/refus/<int:code>", methods=["GET", "POST"])
    @public_form
    def refuse(code: int) -> str:
        abort(code)

    @app.route("/patience/<int:seconds>")
    @public_form
    def wait(seconds: int) -> str:
        raise TooManyRequests(retry_after=seconds)

    return app


@pytest.mark.parametrize("code", [*EXPLANATIONS, 410, 414, 418, 502])
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


TYPED = "Un texte que je ne veux pas perdre."


def test_the_codes_that_people_meet_have_words_of_their_own():
    assert set(EXPLANATIONS) >= {400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503}
    said = [(str(words.title), str(words.what), str(words.next_step)) for words in EXPLANATIONS.values()]
    assert all(all(sentences) for sentences in said)
    assert len({title for title, _what, _next in said}) == len(said)


@pytest.mark.parametrize("code", EXPLANATIONS)
def test_each_says_what_happened_and_what_to_do_and_gives_the_text_back(broken_app, code):
    response = broken_app.test_client().post(f"/refus/{code}", data={"body": TYPED})
    main = PageClient.page(response).text("main")
    words = explanations.of(code)

    assert response.status_code == code
    for sentence in (words.title, words.what, words.next_step):
        assert " ".join(str(sentence).split()) in main
    assert (TYPED in main) is (code != 413), "a body that is too large cannot be read"


@pytest.mark.parametrize("code", [500, 503])
def test_only_who_sent_something_is_told_that_it_was_not_kept(broken_app, code):
    said = "Votre envoi n’a pas été enregistré"
    assert said in broken_app.test_client().post(f"/refus/{code}").text
    assert said not in broken_app.test_client().get(f"/refus/{code}").text


def test_a_text_that_is_too_large_is_refused_with_a_page(client):
    response = client.post("/commenter", data={"body": "x" * 300_000})

    assert response.status_code == 413
    assert "dépasse la taille acceptée" in response.text


def test_too_many_requests_says_when_to_come_back(broken_app):
    response = broken_app.test_client().get("/patience/150")

    assert (response.status_code, response.headers["Retry-After"]) == (429, "150")
    assert "Recommencez dans 3 minutes." in response.text


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (None, None),
        (0, "dans 1 seconde."),
        (90, "dans 90 secondes."),
        (91, "dans 2 minutes."),
        (5_401, "dans 2 heures."),
        (NOW + timedelta(seconds=29.5), "dans 30 secondes."),
        (NOW - timedelta(days=1), "dans 1 seconde."),
    ],
)
def test_when_to_come_back_is_never_too_soon(broken_app, after, words):
    with broken_app.test_request_context():
        said = when_to_retry(after, NOW)
    assert said == (words and f"Recommencez {words}")


def test_a_method_that_is_not_taken_says_which_are(client):
    assert set(client.post("/engagements/").headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize(("path", "code"), [("/boum", 500), ("/engagements/", 503), ("/nulle-part", 500)])
def test_when_no_page_can_be_made_the_one_of_the_start_is_shown(broken_app, monkeypatch, path, code):
    def fail() -> None:
        raise RuntimeError("the context of templates is broken")

    monkeypatch.setitem(broken_app.template_context_processors, None, [fail])
    page = broken_app.test_client().get_page(path, status=code)

    assert page.h1 == EXPLANATIONS[code].title
    assert "/" in page.links()
    assert "broken" not in page.text("body")


def test_when_the_error_page_itself_fails_there_is_a_page_still(broken_app, monkeypatch, caplog):
    monkeypatch.setattr("feedback_app.web.errors.render_template", lambda *_names, **_values: 1 / 0)
    response = broken_app.test_client().get("/nulle-part")

    assert (response.status_code, response.headers["Cache-Control"]) == (500, "no-store")
    assert "Ce n’est pas votre faute" in response.text
    assert "the page of error 404 failed" in caplog.text


def test_a_connection_that_is_gone_does_not_hide_the_page(broken_app, monkeypatch):
    def fail() -> None:
        raise OperationalError("rollback", {}, Exception("gone"))

    monkeypatch.setattr("feedback_app.web.errors.db.session.rollback", fail)
    assert "momentanément indisponible" in broken_app.test_client().get_page("/engagements/", status=503).text("main")
