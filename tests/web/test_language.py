"""The language of a page is in its address: the same path in French, under ``/en`` in English, and nothing leads out of it unasked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import g
from werkzeug.test import Client

from feedback_app import create_app
from feedback_app.domain.contribution import ContributionStatus
from tests.conftest import settings
from tests.pages import Page, PageClient

TYPED = {"body": "I could read it all in ten minutes.", "email": "ann@example.org"}


@pytest.fixture
def plain_app(tmp_path):
    """The application for what touches no database."""
    app = create_app(settings(tmp_path, f"sqlite:///{tmp_path}/absent/nothing.db"))
    app.test_client_class = PageClient
    return app


def switch(page: Page) -> str | None:
    """Where the language switch of the header leads."""
    return next((link.get("href") for link in page.all("header//a") if link.get("hreflang")), None)


def test_each_path_is_served_in_french_and_below_en_in_english(client, make):
    make.commitment()
    for prefix, language, word in (("", "fr", "Engagements"), ("/en", "en", "Commitments")):
        answer = client.get(f"{prefix}/engagements/")
        page = client.page(answer)
        assert (page.root.get("lang"), answer.headers["Content-Language"], page.h1) == (language, language, word)


@pytest.mark.parametrize(("accepts", "cookie"), [("en", ""), ("fr", "language=en"), ("en", "lang=en; locale=en")])
def test_neither_header_nor_cookie_chooses_the_language(client, accepts, cookie):
    answer = client.get("/", headers={"Accept-Language": accepts, "Cookie": cookie})
    assert answer.headers["Content-Language"] == "fr"
    assert "Accept-Language" not in answer.headers.get("Vary", "")


def test_every_link_and_form_of_an_english_page_stays_in_english(client, make):
    topic = make.comment().topic
    for path in ("/en/", "/en/engagements/", f"/en/commenter?sujet={topic.key}", "/en/charte", "/en/compte/connexion", "/en/nulle-part"):
        page = client.page(client.get(path))
        ours = [link for link in page.links() if link.startswith("/") and link != switch(page)]
        ours += [form.get("action") for form in page.all("form") if form.get("action")]
        assert ours
        assert [link for link in ours if not link.startswith("/en/")] == [], path


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_form_is_sent_to_the_page_s_own_address_so_that_no_fragment_goes_with_it(client, make, prefix):
    own = f"{prefix}/commenter?sujet={make.comment().topic.key}&depuis=%C3%A9t%C3%A9%22%3E"
    for answer in (client.get(own), client.post(own)):
        assert client.page(answer).all("main//form")[0].get("action") == own


def test_the_english_home_has_a_final_slash(client):
    answer = client.get("/en?a=1")
    assert (answer.status_code, answer.headers["Location"]) == (308, "http://localhost/en/?a=1")


@pytest.mark.parametrize(
    "path", ["/en/en/", "/en/en/engagements/", "/EN/", "/english", "/en%2F..%2Fnulle", "/fr/", "/en/static/css/app.css", "/en/%00"]
)
def test_what_is_no_page_is_none_in_english_either(client, path):
    assert client.get(path).status_code in {400, 404}


def test_a_prefix_written_with_escapes_is_the_same_address(client):
    assert client.get("/%65n/engagements/").headers["Content-Language"] == "en"


def test_a_missing_final_slash_is_added_in_the_language(client):
    assert client.get("/en/engagements").headers["Location"] == "http://localhost/en/engagements/"


def test_a_head_answers_like_a_get(client):
    answer = client.head("/en/engagements/")
    assert (answer.status_code, answer.get_data(), answer.headers["Content-Language"]) == (200, b"", "en")


def test_files_have_one_address_for_both_languages(client):
    found = [
        sorted(
            e.get("href") or e.get("src") for path in ("link[@rel='stylesheet']", "script", "img", "link[@rel='icon']") for e in p.all(path)
        )
        for p in (client.get_page("/"), client.get_page("/en/"))
    ]
    assert found[0] == found[1]
    assert all(address.startswith("/static/") for address in found[0])
    assert "Content-Language" not in client.get("/static/css/app.css", buffered=True).headers


# The switch stays on the page.


@pytest.mark.parametrize(
    ("path", "other"),
    [
        ("/", "/en/"),
        ("/en/", "/"),
        ("/engagements/?q=école&statut=planned", "/en/engagements/?q=%C3%A9cole&statut=planned"),
        ("/en/engagements/?q=a%26b%20%3Cc%3E&avant=9", "/engagements/?q=a%26b%20%3Cc%3E&avant=9"),
        ("/charte", "/en/charte"),
        ("/compte/connexion?suite=/en/compte/", "/en/compte/connexion?suite=/en/compte/"),
        ("/nulle-part/é?x=\"y'", "/en/nulle-part/%C3%A9?x=%22y'"),
        ("/en/%22%3E%3Cb%3E", "/%22%3E%3Cb%3E"),
    ],
)
def test_the_switch_leads_to_the_same_page_with_its_query(client, path, other):
    page = client.page(client.get(path))
    assert switch(page) == other
    assert [link.get("href") for link in page.all("link[@rel='alternate']")] == [other]
    assert switch(client.page(client.get(other))) is not None


def test_the_switch_says_its_language_in_its_own(client):
    french, english = (client.get_page(path).all("header//a[@hreflang]")[0] for path in ("/", "/en/"))
    assert [(link.get("lang"), link.get("hreflang"), link.text) for link in (french, english)] == [
        ("en", "en", "English"),
        ("fr", "fr", "Français"),
    ]


def test_a_form_that_came_back_switches_to_its_address(client, make):
    address = f"/en/commenter?sujet={make.commitment().topic.key}"
    answer = client.send(address, {"body": ""})
    assert answer.status_code == 422
    assert switch(client.page(answer)) == address.removeprefix("/en")


def test_an_address_that_can_only_be_sent_to_has_no_switch(client):
    answer = client.post("/en/compte/deconnexion")
    assert (answer.status_code, switch(client.page(answer))) == (401, None)


def test_a_private_page_switches_too(client, make):
    path = make.private_path(make.comment(status=ContributionStatus.PENDING))
    assert switch(client.get_page(path)) == f"/en{path}"
    assert client.get_page(f"/en{path}").root.get("lang") == "en"


# What people do in English goes on in English.


def test_a_comment_sent_in_english_is_english_from_the_form_to_the_last_mail(client, make, outbox, sign_in):
    topic = make.commitment().topic
    sent = client.send(f"/en/commenter?sujet={topic.key}", TYPED)
    assert sent.headers["Location"].startswith("/en/ma-contribution/")
    mail = outbox.only()
    assert mail.language == "en"
    (confirm,) = [word for word in mail.text.split() if "/confirmer/" in word]
    assert confirm.startswith("http://localhost/en/confirmer/")
    assert client.send(confirm.removeprefix("http://localhost")).headers["Location"].startswith("/en/ma-contribution/")

    moderator = sign_in(make.moderator())
    (text,) = [link for link in moderator.get_page("/moderation/").links() if "/moderation/textes/" in link]
    moderator.send(text, {"action": "publish"})
    told = outbox.last()
    assert (told.language, f"http://localhost/en/engagements/{topic.key.split(':')[1]}/" in told.text) == ("en", True)
    assert 'lang="en"' in client.get(f"/engagements/{topic.key.split(':')[1]}/{topic.key.split(':')[2]}").text


@pytest.mark.parametrize(("prefix", "said"), [("", "N'est pas un entier valide"), ("/en", "Not a valid integer value")])
def test_what_wtforms_says_by_itself_is_in_the_language_too(client, make, prefix, said):
    path = f"{prefix}{make.private_path(make.comment(status=ContributionStatus.PENDING))}/corriger"
    answer = client.send(path, {"seen_version": "x"})
    assert said in client.page(answer).text("main")


def test_french_mails_lead_to_french_pages(client, make, outbox):
    client.send(f"/commenter?sujet={make.commitment().topic.key}", TYPED)
    assert "/en/" not in outbox.only().text + outbox.only().html


def test_signing_in_keeps_the_language(client, make, outbox):
    asked = client.get("/en/compte/?apres=x")
    assert asked.headers["Location"] == "/en/compte/connexion?suite=/en/compte/?apres%3Dx"
    email = make.person().identity.email
    client.send(asked.headers["Location"], {"email": email})
    (link,) = [word for word in outbox.only().text.split() if "/compte/connexion/" in word]
    assert link.startswith("http://localhost/en/compte/connexion/")
    opened = client.send(link.removeprefix("http://localhost"))
    assert opened.headers["Location"] == "/en/compte/?apres=x"
    assert "Path=/" in opened.headers["Set-Cookie"].split("; ")
    assert client.get_page("/compte/").root.get("lang") == "fr", "one session for both languages"


# Errors, proxies, other names.


@pytest.mark.parametrize(
    ("method", "path", "code"), [("GET", "/nulle-part", 404), ("POST", "/engagements/", 405), ("GET", "/", 503), ("GET", "/?q=%00", 400)]
)
def test_an_error_page_is_in_the_language(plain_app, method, path, code):
    for prefix, language in (("", "fr"), ("/en", "en")):
        answer = plain_app.test_client().open(prefix + path, method=method)
        assert (answer.status_code, answer.headers["Content-Language"]) == (code, language)
        assert f'<html lang="{language}">' in answer.text


def test_a_body_that_is_too_large_is_refused_in_the_language(plain_app):
    answer = plain_app.test_client().post("/en/compte/connexion", data={"email": "x" * 300_000})
    assert (answer.status_code, answer.headers["Content-Language"]) == (413, "en")


def test_another_name_is_refused_in_the_language(client):
    answer = client.get("/en/", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.text) == (400, "This site does not answer to that name.")


def test_behind_a_proxy_and_below_an_operator_s_own_path(tmp_path):
    app = create_app(settings(tmp_path, f"sqlite:///{tmp_path}/absent/nothing.db", TRUSTED_PROXIES="1"))
    browser = Client(app)
    answer = browser.get(
        "/en/charte", headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}, environ_overrides={"SCRIPT_NAME": "/suite/"}
    )
    page = Page(answer.text)
    assert switch(page) == "/suite/charte"
    assert "/suite/en/engagements/" in page.links()
    assert page.all("link[@rel='stylesheet']")[0].get("href", "").startswith("/suite/static/css/app.")
    assert browser.get("/en/engagements", headers={"X-Forwarded-Proto": "https"}).headers["Location"].startswith("https://localhost/en/")


def test_an_operator_s_own_tagline_is_left_in_their_words(tmp_path):
    app = create_app(settings(tmp_path))
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], site=replace(app.config["SETTINGS"].site, tagline="Notre devise"))
    with app.test_request_context("/", environ_overrides={"devoir.language": "en"}):
        g.error_page = True  # the menu asks nothing of a database that is not there
        tagline = app.jinja_env.from_string("{{ site.tagline }}").render(site=_site(app))
    assert tagline == '<span lang="fr">Notre devise</span>'


def _site(app):
    return app.template_context_processors[None][-1]()["site"]
