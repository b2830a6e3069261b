"""Signing in by a one-time link, and out."""

from __future__ import annotations

import re

import pytest

from feedback_app.domain.contribution import ContributionStatus
from feedback_app.models import AccessLog, Account, AccountSession, SignInLink


def link_in(mail) -> str:
    """The path of the sign-in link of a mail."""
    found = re.search(r"http://localhost((?:/en)?/compte/connexion/\S+)", mail.text)
    assert found
    return found[1]


@pytest.fixture
def moderator(make):
    return make.moderator(email="camille@exemple.test", name="Camille Martin")


def test_a_moderator_signs_in_by_the_link_of_the_mail_and_a_code_and_lands_on_the_queue(client, make, outbox, moderator):
    telephone = make.second_factor(moderator)
    client.send("/compte/connexion", {"email": "Camille@Exemple.test"})
    response = client.send(link_in(outbox.last()))

    assert response.location == "/compte/second-facteur"
    assert client.send(response.location, {"code": telephone.code()}).location == "/moderation/"
    assert client.get("/moderation/").status_code == 200


def test_opening_the_link_burns_nothing_until_the_button_is_pressed(client, outbox, moderator):
    client.send("/compte/connexion", {"email": "camille@exemple.test"})
    link = link_in(outbox.only())

    for _scanner in range(3):
        client.get_page(link)
    assert client.send(link).status_code == 303


def test_the_link_works_once(client, app, outbox, moderator):
    client.send("/compte/connexion", {"email": "camille@exemple.test"})
    link = link_in(outbox.only())
    client.send(link)

    stranger = app.test_client()
    assert stranger.get(link).status_code == 410
    assert stranger.post(link).status_code == 410
    assert stranger.get("/moderation/").status_code == 302


def test_the_link_works_for_fifteen_minutes(client, outbox, clock, moderator):
    client.send("/compte/connexion", {"email": "camille@exemple.test"})
    clock.advance(minutes=15)

    assert client.get(link_in(outbox.only())).status_code == 410


def test_the_token_of_a_link_is_not_in_the_database(client, make, outbox, moderator):
    client.send("/compte/connexion", {"email": "camille@exemple.test"})
    token = link_in(outbox.only()).rsplit("/", 1)[1].split("?")[0]

    assert token not in {link.token_hash for link in make.all(SignInLink)}


def test_the_page_that_was_wanted_comes_after_signing_in(client, make, outbox, moderator):
    telephone = make.second_factor(moderator)
    pending = make.comment(status=ContributionStatus.PENDING)
    wanted = f"/moderation/textes/{pending.current_version_id}"
    asked = client.get(wanted).location
    client.send(asked, {"email": "camille@exemple.test"})

    code_page = client.send(link_in(outbox.last())).location
    assert client.send(code_page, {"code": telephone.code()}).location == wanted


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\tx", "evil"])
def test_signing_in_never_leads_to_another_site(client, make, outbox, moderator, elsewhere):
    telephone = make.second_factor(moderator)
    client.send("/compte/connexion", {"email": "camille@exemple.test"})

    response = client.post(link_in(outbox.last()), query_string={"suite": elsewhere})
    assert response.location == "/compte/second-facteur"
    values = client.get_page(response.location).form() | {"code": telephone.code()}
    assert client.post(response.location, query_string={"suite": elsewhere}, data=values).location == "/moderation/"


def test_an_unknown_address_gets_the_same_answer_and_one_mail_without_a_link(client, make, outbox, statements, moderator):
    answers = {}
    for email in ("camille@exemple.test", "inconnue@exemple.test"):
        values = client.get_page("/compte/connexion").form() | {"email": email}
        with statements() as seen:
            answers[email] = client.post("/compte/connexion", data=values)
        answers[email].seen = [statement.split(" ")[0] for statement in seen]
    known, unknown = answers.values()

    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert len(outbox.all()) == 2
    assert "/compte/connexion/" not in outbox.last().text
    assert make.identity("inconnue@exemple.test") is None


def test_three_links_an_hour_then_silence(client, outbox, clock, moderator):
    for _time in range(5):
        assert client.send("/compte/connexion", {"email": "camille@exemple.test"}).status_code == 303
    assert len(outbox.all()) == 3

    clock.advance(minutes=61)
    client.send("/compte/connexion", {"email": "camille@exemple.test"})
    assert len(outbox.all()) == 4


def test_a_citizen_who_confirmed_a_text_signs_in_and_finds_it(client, make, outbox):
    make.comment(email="jeanne@exemple.test", status=ContributionStatus.PENDING, body="Mon texte qui attend encore.")
    make.comment(email="jeanne@exemple.test", status=ContributionStatus.AWAITING_CONFIRMATION, body="Jamais confirmé.")
    make.comment(email="paul@exemple.test", body="Le texte de quelqu’un d’autre.")
    client.send("/compte/connexion", {"email": "jeanne@exemple.test"})
    page = client.page(client.send(link_in(outbox.last()), follow_redirects=True))

    assert page.h1 == "Mon espace"
    assert "Mon texte qui attend encore." in page.text("main")
    assert "Jamais confirmé" not in page.text("main")
    assert "quelqu’un d’autre" not in page.text("main")


def test_an_address_that_never_confirmed_anything_cannot_sign_in(client, make, outbox):
    make.comment(email="jeanne@exemple.test", status=ContributionStatus.AWAITING_CONFIRMATION)
    client.send("/compte/connexion", {"email": "jeanne@exemple.test"})

    assert "/compte/connexion/" not in outbox.last().text
    assert make.all(Account) == []


def test_a_cookie_copied_before_signing_out_is_dead_after_it(app, make, sign_in, moderator):
    browser, thief = sign_in(moderator), app.test_client()
    cookie = browser.get_cookie("session")
    thief.set_cookie("session", cookie.value)
    assert thief.get("/moderation/").status_code == 200

    values = browser.get_page("/compte/").root.find(".//form[@action='/compte/deconnexion']//input[@name='csrf_token']").get("value")
    assert browser.post("/compte/deconnexion", data={"csrf_token": values}).status_code == 303
    assert thief.get("/moderation/").status_code == 302
    assert make.all(AccountSession)[0].ended_at is not None


def test_a_change_of_rights_ends_the_open_sessions(app, make, sign_in, moderator, clock):
    from feedback_app.database import db, unit_of_work
    from feedback_app.domain.policy import Role
    from feedback_app.services import accounts

    browser = sign_in(moderator)
    with app.app_context(), unit_of_work():
        accounts.grant_role(db.session.get_one(Account, moderator.id), Role.COORDINATOR, at=clock())

    assert browser.get("/moderation/").status_code == 302


def test_a_session_lasts_twelve_hours(sign_in, clock, moderator):
    browser = sign_in(moderator)
    clock.advance(hours=12)

    assert browser.get("/moderation/").status_code == 302


def test_a_deactivated_account_is_out_at_once_and_gets_no_link(app, client, make, sign_in, outbox, clock, moderator):
    from feedback_app.database import db, unit_of_work

    browser = sign_in(moderator)
    with app.app_context(), unit_of_work():
        db.session.get_one(Account, moderator.id).deactivated_at = clock()

    assert browser.get("/moderation/").status_code == 302
    client.send("/compte/connexion", {"email": "camille@exemple.test"})
    assert "/compte/connexion/" not in outbox.last().text


def test_signing_in_and_out_is_logged_without_the_address_of_the_machine(client, make, outbox, moderator):
    client.send("/compte/connexion", {"email": "camille@exemple.test"}, environ_base={"REMOTE_ADDR": "203.0.113.77"})
    client.send(link_in(outbox.only()))

    rows = make.all(AccessLog)
    assert [row.action for row in rows] == ["link_asked", "sign_in"]
    assert rows[0].address_prefix == "203.0.113.0/24"
    assert "203.0.113.77" not in rows[0].address_hash


@pytest.mark.parametrize("email", ["", "camille", "camille@exemple.test\x00", "a" * 300 + "@exemple.test"])
def test_an_address_that_cannot_be_one_is_said_in_a_sentence(client, outbox, email):
    response = client.send("/compte/connexion", {"email": email})

    assert response.status_code == 422
    assert client.page(response).title.startswith("Erreur")
    assert outbox.all() == []
