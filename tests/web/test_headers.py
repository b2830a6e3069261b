"""What every answer carries, and how the cookie and the name of the site are guarded."""

from __future__ import annotations

import pytest

from feedback_app import create_app
from feedback_app.database import db
from feedback_app.web.fields import OwnName, PageForm
from tests.conftest import settings
from tests.pages import PageClient

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.fixture
def https(tmp_path, app, database, clock):
    """The same site as it is behind https."""
    secure = create_app(settings(tmp_path, database.url, BASE_URL="https://engagements.example.org"))
    secure.test_client_class, secure.config["CLOCK"] = PageClient, clock
    yield secure
    with secure.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("path", ["/", "/compte/connexion", "/compte/", "/nulle-part", "/static/css/app.css"])
def test_every_answer_carries_the_headers(client, path):
    answer = client.get(path, buffered=True)

    assert {name: answer.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in answer.headers


def test_behind_https_browsers_are_told_to_stay_there(https):
    answer = https.test_client().get("/compte/connexion", base_url="https://engagements.example.org")

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_behind_https_the_cookie_is_bound_to_the_host(https, make, outbox):
    make.person(email="jeanne@exemple.test")
    browser, base = https.test_client(), "https://engagements.example.org"
    form = browser.get_page("/compte/connexion", base_url=base).form() | {"email": "jeanne@exemple.test"}
    browser.post("/compte/connexion", data=form, base_url=base)
    path = outbox.only().text.partition("https://engagements.example.org/compte/connexion/")[2].split()[0]
    cookie = browser.post(f"/compte/connexion/{path}", base_url=base).headers["Set-Cookie"]

    assert cookie.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "engagements.example.org:99999", "[::1", ""])
def test_a_name_that_is_not_the_site_s_is_refused(https, host):
    answer = https.test_client().get("/", headers={"Host": host})

    assert answer.status_code == 400
    assert "evil" not in answer.text


def test_what_a_proxy_says_counts_only_when_it_is_expected(app, tmp_path, database, clock, make):
    """Else every visitor could choose the network they are counted under, and the name of the site."""
    from feedback_app.models import AccessLog

    forged = {"X-Forwarded-For": "198.51.100.9", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    make.person(email="jeanne@exemple.test")
    behind = create_app(settings(tmp_path, database.url, TRUSTED_PROXIES="1"))
    behind.config["CLOCK"], behind.test_client_class = clock, PageClient
    for site, headers in ((app, forged), (behind, {"X-Forwarded-For": "198.51.100.9, 192.0.2.44"})):
        browser = site.test_client()
        form = browser.get_page("/compte/connexion").form() | {"email": "jeanne@exemple.test"}
        answer = browser.post("/compte/connexion", data=form, headers=headers, environ_base={"REMOTE_ADDR": "203.0.113.7"})
        assert answer.location == "/compte/connexion/envoye"

    with behind.app_context():
        db.engine.dispose()
    assert [row.address_prefix for row in make.all(AccessLog)] == ["203.0.113.0/24", "192.0.2.0/24"]


def test_every_form_with_a_public_name_refuses_those_of_institutions():
    def forms(kind: type[PageForm]) -> list[type[PageForm]]:
        return [kind, *(found for child in kind.__subclasses__() for found in forms(child))]

    naming = [form for form in forms(PageForm) if hasattr(form, "public_name")]
    assert naming
    for form in naming:
        assert any(isinstance(check, OwnName) for check in form.public_name.kwargs["validators"]), form


@pytest.mark.parametrize("name", ["Ministère de la Santé", "Réponse officielle ✅", "Devoir de suite"])
def test_nobody_signs_as_an_institution(client, make, name):
    path = f"/commenter?sujet={make.commitment().topic.key}"
    answer = client.send(path, {"body": "Un commentaire assez long.", "email": "jeanne@exemple.test", "public_name": name})

    assert answer.status_code == 422
    assert "celui d’une administration" in answer.text
    assert client.page(answer).form()["body"] == "Un commentaire assez long."


def test_a_name_in_any_writing_stays_in_its_place(client, make):
    make.comment(topic=(commitment := make.commitment()).topic, name="\u05d0\u05d1\u05d2 Jeanne")
    page = client.get_page(f"/engagements/{commitment.plan.slug}/{commitment.number}")

    assert [found.text for found in page.all("bdi")] == ["\u05d0\u05d1\u05d2 Jeanne"]
