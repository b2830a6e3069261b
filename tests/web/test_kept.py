"""A form sent after its session had ended is found again after signing in, by its author only."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from feedback_app.domain.contribution import ContributionStatus
from feedback_app.models import AccountSession, KeptForm
from tests.pages import Page
from tests.web.account.test_sign_in import link_in

FACTS = "Une longue explication, que personne ne veut taper deux fois."


@pytest.fixture
def moderator(make):
    return make.moderator(email="camille@exemple.test", name="Camille Martin")


@pytest.fixture
def path(make) -> str:
    return f"/moderation/textes/{make.comment(status=ContributionStatus.PENDING).current_version_id}"


def sent_too_late(browser, path, clock, **changes) -> object:
    values = browser.get_page(path).form() | {"action": "reject", "ground": "insult", "facts": FACTS} | changes
    clock.advance(hours=8)
    return browser.post(path, data=values)


def way_back(page: Page) -> str:
    (found,) = [link for link in page.links() if "repris" in link]
    return found


def signed_in_again(browser, way: str, outbox, telephone) -> str:
    """Where the person lands in the end."""
    browser.send(way, {"email": "camille@exemple.test"})
    code_page = browser.send(link_in(outbox.last())).location
    return browser.send(code_page, {"code": telephone.code()}).location


def test_the_text_is_in_the_form_again_after_signing_in(make, sign_in, outbox, clock, moderator, path):
    telephone, browser = make.second_factor(moderator), sign_in(moderator)
    refused = sent_too_late(browser, path, clock)
    assert refused.status_code == 401
    assert FACTS in refused.text
    landed = signed_in_again(browser, way_back(browser.page(refused)), outbox, telephone)
    page = browser.get_page(landed)

    assert urlsplit(landed).path == path
    assert page.form()["facts"] == FACTS
    assert page.form()["action"] == "reject"
    assert "avant de vous reconnecter" in page.text("body")
    assert browser.post(landed, data=page.form()).status_code == 303
    assert make.all(KeptForm) == []


def test_without_the_address_that_asks_for_it_the_form_is_as_always(make, sign_in, clock, moderator, path):
    sent_too_late(sign_in(moderator), path, clock)

    assert not sign_in(moderator).get_page(path).form().get("facts")


def test_nobody_else_finds_it(make, sign_in, clock, moderator, path):
    sent_too_late(sign_in(moderator), path, clock)

    assert FACTS not in sign_in(make.moderator()).get(f"{path}?repris=1").text
    assert FACTS in sign_in(moderator).get(f"{path}?repris=1").text


@pytest.mark.parametrize("cookie", [None, "forged"])
def test_nobody_plants_a_text_without_having_been_signed_in(app, make, path, cookie):
    browser = app.test_client()
    if cookie:
        browser.set_cookie("session", cookie)
    answer = browser.post(path, data={"facts": FACTS})

    assert answer.status_code == 401
    assert FACTS in answer.text
    assert make.all(KeptForm) == []


@pytest.mark.parametrize("token", ["", "wrong"])
def test_nobody_plants_a_text_without_the_token_of_that_session(make, sign_in, clock, moderator, path, token):
    answer = sent_too_late(sign_in(moderator), path, clock, csrf_token=token)

    assert answer.status_code == 401
    assert FACTS in answer.text
    assert make.all(KeptForm) == []


def test_nothing_is_kept_for_somebody_who_is_gone(app, make, sign_in, clock, moderator, path):
    browser = sign_in(moderator)
    values = browser.get_page(path).form() | {"facts": FACTS}
    deactivated(app, make, moderator, clock)

    assert browser.post(path, data=values).status_code == 401
    assert make.all(KeptForm) == []


def deactivated(app, make, account, clock) -> None:
    from feedback_app.database import db, unit_of_work
    from feedback_app.models import Account

    with app.app_context(), unit_of_work():
        db.session.get_one(Account, account.id).deactivated_at = clock()


def test_a_form_from_another_site_is_not_kept(make, sign_in, clock, moderator, path):
    browser = sign_in(moderator)
    values = browser.get_page(path).form() | {"facts": FACTS}
    clock.advance(hours=8)

    assert browser.post(path, data=values, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert make.all(KeptForm) == []


def test_a_session_that_waits_for_its_code_keeps_the_form_too(make, sign_in, clock, moderator, path):
    browser = sign_in(moderator)
    values = browser.get_page(path).form() | {"facts": FACTS}
    with browser.session_transaction() as session:
        session["_user_id"] = make.session(moderator, second_factor=False)
    refused = browser.post(path, data=values)

    assert refused.status_code == 401
    assert make.all(KeptForm)[0].path == path


def test_it_waits_twelve_hours(make, sign_in, clock, moderator, path):
    sent_too_late(sign_in(moderator), path, clock)
    clock.advance(hours=12)

    assert FACTS not in sign_in(moderator).get(f"{path}?repris=1").text


def test_the_text_and_the_session_do_not_travel_in_the_address(make, sign_in, clock, moderator, path):
    browser = sign_in(moderator)
    way = way_back(browser.page(sent_too_late(browser, path, clock)))

    assert parse_qs(urlsplit(way).query) == {"suite": [f"{path}?repris=1"]}
    assert make.all(AccountSession)[0].token_hash not in way


def test_what_nobody_comes_back_for_is_purged(app, make, sign_in, clock, moderator, path):
    from feedback_app.database import unit_of_work
    from feedback_app.services.privacy import purge

    step = next(step for step in purge.STEPS if step.name == "kept_forms")
    sent_too_late(sign_in(moderator), path, clock)
    clock.advance(hours=11)
    with app.app_context(), unit_of_work():
        assert step.run(clock()) == 0
    clock.advance(hours=1)
    with app.app_context(), unit_of_work():
        assert step.run(clock()) == 1

    assert make.all(KeptForm) == []
