"""Where one is signed in, and for how long."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlsplit

import pytest

from feedback_app.models import AccessLog, AccountSession
from tests.web.account.test_sign_in import link_in

SESSIONS = "/compte/sessions"
SIGN_IN = "/compte/connexion"


@pytest.fixture
def moderator(make):
    return make.moderator(email="camille@exemple.test", name="Camille Martin")


def is_out(browser) -> bool:
    return urlsplit(browser.get("/compte/").location or "").path == SIGN_IN


def closing_forms(page) -> list[str]:
    return [form.get("action") for form in page.all("main//form")]


def test_one_sees_one_s_own_open_sessions_only(make, sign_in, clock, moderator):
    sign_in(make.moderator())
    sign_in(moderator, second_factor=False)
    browser = sign_in(moderator)
    page = browser.get_page(SESSIONS)

    assert len(page.all("main//tbody/tr")) == 2
    assert "celle-ci" in page.text("main")


def test_the_browser_is_named_as_its_owner_would(client, make, outbox):
    make.person(email="jeanne@exemple.test")
    client.send(SIGN_IN, {"email": "jeanne@exemple.test"})
    client.send(link_in(outbox.only()), headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"})

    assert "Firefox, Linux" in client.get_page(SESSIONS).text("main")


def test_one_signs_out_a_browser_that_one_is_not_sitting_at(make, sign_in, moderator):
    here, elsewhere = sign_in(moderator), sign_in(moderator)
    page = here.get_page(SESSIONS)
    other = next(action for action in closing_forms(page) if action.endswith(f"/{make.all(AccountSession)[1].id}/fermer"))
    values = {"csrf_token": page.form()["csrf_token"]}

    assert here.post(other, data=values).location == SESSIONS
    assert is_out(elsewhere)
    assert not is_out(here)


def test_signing_out_everywhere_includes_here(make, sign_in, moderator):
    here, elsewhere, somebody = sign_in(moderator), sign_in(moderator), sign_in(make.moderator())
    page = here.get_page(SESSIONS)
    assert here.post(f"{SESSIONS}/fermer", data={"csrf_token": page.form()["csrf_token"]}).status_code == 303

    assert is_out(here)
    assert is_out(elsewhere)
    assert not is_out(somebody)
    assert [row.action for row in make.all(AccessLog)][-1] == "sessions_ended"


def test_nobody_ends_the_session_of_somebody_else(make, sign_in, moderator):
    theirs = sign_in(make.moderator())
    mine = sign_in(moderator)
    token = mine.get_page(SESSIONS).form()["csrf_token"]

    assert mine.post(f"{SESSIONS}/{make.all(AccountSession)[0].id}/fermer", data={"csrf_token": token}).status_code == 404
    assert not is_out(theirs)


def test_staff_are_out_after_eight_hours_without_a_page(sign_in, clock, moderator):
    browser = sign_in(moderator)
    clock.advance(hours=8)

    assert is_out(browser)


def test_a_session_in_use_goes_on_until_its_twelfth_hour(sign_in, clock, moderator):
    browser = sign_in(moderator)
    for _hour in range(11):
        clock.advance(hours=1)
        assert not is_out(browser)
    clock.advance(hours=1)

    assert is_out(browser)


def test_a_citizen_who_reads_nothing_is_not_signed_out_sooner(make, sign_in, clock):
    browser = sign_in(make.person())
    clock.advance(hours=11)

    assert not is_out(browser)


def test_the_last_use_is_noted_every_five_minutes_only(make, sign_in, clock, statements, moderator):
    browser = sign_in(moderator)
    clock.advance(minutes=4)
    with statements() as seen:
        browser.get("/compte/")
    assert not [statement for statement in seen if statement.startswith("UPDATE")]
    clock.advance(minutes=1)
    with statements() as seen:
        browser.get("/compte/")
    assert len([statement for statement in seen if statement.startswith("UPDATE")]) == 1
    assert make.all(AccountSession)[0].last_seen_at == clock()


def test_known_and_unknown_addresses_cost_the_same_statements(client, make, outbox, statements, moderator):
    make.comment(email="jeanne@exemple.test")
    make.person(email="paul@exemple.test")
    seen_for = {}
    for email in ("camille@exemple.test", "jeanne@exemple.test", "paul@exemple.test", "inconnue@exemple.test"):
        values = client.get_page(SIGN_IN).form() | {"email": email}
        before = len(outbox.all())
        with statements() as seen:
            answer = client.post(SIGN_IN, data=values)
        assert (answer.status_code, answer.location) == (303, f"{SIGN_IN}/envoye")
        assert len(outbox.all()) - before == 1
        seen_for[email] = [statement.split()[:4] for statement in seen]

    first, *others = seen_for.values()
    for seen in others:
        assert seen == first


def test_of_eight_requests_at_once_for_one_address_three_make_a_mail(app, make, outbox, together, moderator):
    browsers = [app.test_client() for _request in range(8)]
    forms = [browser.get_page(SIGN_IN).form() | {"email": "camille@exemple.test"} for browser in browsers]
    answers = together([partial(browser.post, SIGN_IN, data=form) for browser, form in zip(browsers, forms, strict=True)])

    assert {answer.status_code for answer in answers} == {303}
    assert len(outbox.all()) == 3
