"""The second factor of staff, as a person meets it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pyotp
import pytest

from feedback_app.database import db, unit_of_work
from feedback_app.domain.policy import MembershipKind, NotAllowed, Role
from feedback_app.models import AccessLog, Account, AccountSession, CaseEvent, RecoveryCode, SecondFactor
from feedback_app.services import second_factor, sign_in
from tests.web.account.test_sign_in import link_in

STEP = "/compte/second-facteur"


@pytest.fixture
def moderator(make):
    return make.moderator(email="camille@exemple.test", name="Camille Martin")


def key_on(page) -> str:
    """The key that the page of the first sign-in shows to be typed."""
    return page.text("main//code").replace(" ", "")


def actions(make) -> list[str]:
    return [row.action.value for row in make.all(AccessLog)]


@pytest.mark.parametrize("right", [*Role, *MembershipKind])
def test_every_right_asks_for_a_second_factor_before_anything_else(make, sign_in, right):
    account = (
        make.person(roles=(right,)) if isinstance(right, Role) else make.person(ministry=make.ministry(), kind=MembershipKind(right.value))
    )
    browser = sign_in(account, second_factor=False)

    for path in ("/compte/", "/moderation/"):
        asked = browser.get(path).location
        assert urlsplit(asked).path == STEP
        assert browser.get(asked).location == f"{STEP}/activer?suite={path}"


def test_a_citizen_is_asked_for_nothing_more(make, sign_in):
    assert sign_in(make.person(), second_factor=False).get("/compte/").status_code == 200


def test_at_the_first_sign_in_the_telephone_is_tied_to_the_account(client, make, outbox, clock, moderator):
    client.send("/compte/connexion", {"email": "camille@exemple.test"})
    enrol = client.get(client.send(link_in(outbox.only())).location).location
    page = client.get_page(enrol)
    assert page.all("main//{http://www.w3.org/2000/svg}svg")[0].get("aria-label")
    values = page.form() | {"code": pyotp.TOTP(key_on(page)).at(clock())}
    shown = client.page(client.post(enrol, data=values))

    codes = [item.text for item in shown.all("main//li/code")]
    assert len(set(codes)) == 10
    assert "/moderation/" in shown.links()
    assert client.get("/moderation/").status_code == 200
    assert [event for event in actions(make) if "factor" in event] == ["second_factor_enrolled"]
    assert "deux étapes" in outbox.last().subject


def test_who_signs_in_on_english_pages_is_written_to_in_english(client, make, outbox, clock, moderator):
    client.send("/en/compte/connexion", {"email": "camille@exemple.test"})
    enrol = client.get(client.send(link_in(outbox.only())).location).location
    page = client.get_page(enrol)
    client.post(enrol, data=page.form() | {"code": pyotp.TOTP(key_on(page)).at(clock())})
    assert "two-step sign-in" in outbox.last().subject


def test_a_wrong_first_code_shows_the_same_key_again(make, sign_in, clock, moderator):
    browser = sign_in(moderator, second_factor=False)
    page = browser.get_page(f"{STEP}/activer")
    again = browser.post(f"{STEP}/activer", data=page.form() | {"code": "000000"})

    assert again.status_code == 422
    assert key_on(browser.page(again)) == key_on(page)
    assert make.all(SecondFactor) == []


def test_nobody_chooses_the_key_of_somebody_else(make, sign_in, clock, moderator):
    attacker = make.moderator()
    theirs = sign_in(attacker, second_factor=False).get_page(f"{STEP}/activer")
    browser = sign_in(moderator, second_factor=False)
    page = browser.get_page(f"{STEP}/activer")
    planted = page.form() | {"seed": theirs.form()["seed"], "code": pyotp.TOTP(key_on(theirs)).at(clock())}

    answer = browser.post(f"{STEP}/activer", data=planted)
    assert answer.status_code == 422
    assert key_on(browser.page(answer)) != key_on(theirs)
    assert make.all(SecondFactor) == []


def test_without_the_code_no_page_and_no_form_opens(make, sign_in, moderator):
    make.second_factor(moderator)
    browser = sign_in(moderator, second_factor=False)

    assert browser.get("/moderation/").location == f"{STEP}?suite=/moderation/"
    answer = browser.post("/moderation/textes/1", data={"facts": "Une explication que l’on ne veut pas perdre."})
    assert answer.status_code == 401
    assert "que l’on ne veut pas perdre" in answer.text
    assert browser.get(f"{STEP}/codes").location == f"{STEP}?suite={STEP}/codes"


def test_one_can_sign_out_before_the_code(make, sign_in, moderator):
    browser = sign_in(moderator, second_factor=False)
    token = browser.get_page(f"{STEP}/activer").form()["csrf_token"]

    assert browser.post("/compte/deconnexion", data={"csrf_token": token}).status_code == 303
    assert make.all(AccountSession)[0].ended_at is not None


def test_the_code_opens_a_new_session_and_a_cookie_copied_before_it_is_dead(app, make, sign_in, moderator):
    telephone = make.second_factor(moderator)
    browser, thief = sign_in(moderator, second_factor=False), app.test_client()
    thief.set_cookie("session", browser.get_cookie("session").value)
    browser.send(STEP, {"code": telephone.code()})

    assert browser.get("/moderation/").status_code == 200
    assert urlsplit(thief.get("/moderation/").location).path == "/compte/connexion"


def test_a_code_opens_once(make, sign_in, clock, moderator):
    telephone = make.second_factor(moderator)
    code = telephone.code()
    assert sign_in(moderator, second_factor=False).send(STEP, {"code": code}).status_code == 303
    again = sign_in(moderator, second_factor=False)

    refused = again.send(STEP, {"code": code})
    assert refused.status_code == 422
    assert "déjà servi" in refused.text
    clock.advance(seconds=30)
    assert again.send(STEP, {"code": code}).status_code == 422  # still within what a slow clock is allowed
    assert again.send(STEP, {"code": telephone.code()}).status_code == 303


@pytest.mark.parametrize(("minutes", "status"), [(-1, 422), (-0.5, 303), (0, 303), (0.5, 303), (1, 422)])
def test_a_telephone_may_be_half_a_minute_wrong(make, sign_in, clock, moderator, minutes, status):
    telephone = make.second_factor(moderator)
    clock.advance(minutes=10)
    moment = clock()
    browser = sign_in(moderator, second_factor=False)
    clock.advance(minutes=minutes)
    code = telephone.code()
    clock.now = moment

    assert browser.send(STEP, {"code": code}).status_code == status


def test_five_wrong_codes_close_the_door_for_a_while_and_are_logged(make, sign_in, clock, moderator):
    telephone = make.second_factor(moderator)
    browser = sign_in(moderator, second_factor=False)
    for _try in range(5):
        assert browser.send(STEP, {"code": "12345"}).status_code == 422

    locked = browser.send(STEP, {"code": telephone.code()})
    assert locked.status_code == 422
    assert "15 minutes" in locked.text.replace("\xa0", " ")
    assert actions(make).count("second_factor_refused") == 5
    assert actions(make).count("second_factor_locked") == 1
    clock.advance(minutes=15)
    assert browser.send(STEP, {"code": telephone.code()}).status_code == 303


def test_each_round_of_wrong_codes_waits_twice_as_long(make, sign_in, clock, moderator):
    make.second_factor(moderator)
    browser = sign_in(moderator, second_factor=False)
    for _try in range(5):
        browser.send(STEP, {"code": "12345"})
    clock.advance(minutes=15)
    for _try in range(5):
        answer = browser.send(STEP, {"code": "12345"})

    assert "30 minutes" in answer.text.replace("\xa0", " ")


def test_a_recovery_code_opens_once_and_its_owner_is_told(make, sign_in, outbox, moderator):
    code = make.second_factor(moderator).recovery_codes[3]
    assert sign_in(moderator, second_factor=False).send(STEP, {"code": f" {code.upper()} "}).location == "/moderation/"

    assert sign_in(moderator, second_factor=False).send(STEP, {"code": code}).status_code == 422
    assert "code de secours" in outbox.last().subject
    assert "9 codes" in outbox.last().text
    assert actions(make).count("recovery_code_used") == 1


def test_new_recovery_codes_replace_the_former_ones(make, sign_in, moderator):
    telephone = make.second_factor(moderator)
    browser = sign_in(moderator)
    assert "10 codes" in browser.get_page(f"{STEP}/codes").text("main")
    shown = browser.page(browser.send(f"{STEP}/codes", {"code": telephone.code()}))
    fresh = [item.text for item in shown.all("main//li/code")]

    assert not set(fresh) & set(telephone.recovery_codes)
    assert sign_in(moderator, second_factor=False).send(STEP, {"code": telephone.recovery_codes[0]}).status_code == 422
    assert sign_in(moderator, second_factor=False).send(STEP, {"code": fresh[0]}).status_code == 303


def test_the_database_holds_neither_the_secret_nor_the_recovery_codes(make, moderator):
    telephone = make.second_factor(moderator)
    (factor,), codes = make.all(SecondFactor), make.all(RecoveryCode)

    assert telephone.secret not in {factor.seed, factor.key_id}
    assert len(codes) == 10
    assert not {code.replace("-", "") for code in telephone.recovery_codes} & {row.code_hash for row in codes}


def test_a_new_key_of_the_site_keeps_the_telephones_and_dropping_the_old_one_leaves_the_recovery_codes(app, make, sign_in, moderator):
    from feedback_app.domain.signing import Signer

    telephone, old = make.second_factor(moderator), app.extensions["signer"]
    try:
        app.extensions["signer"] = Signer(["another key that is long enough to be used", "a test key that is long enough to be accepted"])
        assert sign_in(moderator, second_factor=False).send(STEP, {"code": telephone.code()}).status_code == 303
        app.extensions["signer"] = Signer(["another key that is long enough to be used"])
        lost = sign_in(moderator, second_factor=False)
        assert "ne peut plus être vérifiée" in lost.send(STEP, {"code": telephone.code()}).text
        assert lost.send(STEP, {"code": telephone.recovery_codes[0]}).status_code == 303
    finally:
        app.extensions["signer"] = old


def test_a_session_that_waits_for_its_code_waits_half_an_hour(make, sign_in, clock, moderator):
    make.second_factor(moderator)
    browser = sign_in(moderator, second_factor=False)
    clock.advance(minutes=30)

    assert urlsplit(browser.get(STEP).location).path == "/compte/connexion"


def reset(app, account, actor, clock) -> bool:
    with app.app_context(), unit_of_work():
        return second_factor.reset(db.session.get_one(Account, account.id), actor=actor, at=clock())


def test_an_administrator_resets_somebody_else_s_and_it_leaves_traces(app, make, sign_in, outbox, clock, moderator):
    make.second_factor(moderator)
    browser = sign_in(moderator)
    administrator = make.person(roles=(Role.ADMINISTRATOR,))

    assert reset(app, moderator, as_actor(administrator), clock) is True
    assert browser.get("/moderation/").status_code == 302
    assert sign_in(moderator, second_factor=False).get(STEP).location == f"{STEP}/activer"
    assert make.all(CaseEvent)[-1].verb == "account:reset_second_factor"
    assert make.all(CaseEvent)[-1].actor_id == administrator.identity_id
    assert actions(make)[-1] == "second_factor_reset"
    assert "à refaire" in outbox.last().subject


def as_actor(account):
    return sign_in.actor_of(account)


@pytest.mark.parametrize("who", ["themselves", "a moderator"])
def test_nobody_resets_their_own_nor_without_the_right(app, make, clock, moderator, who):
    administrator = make.person(roles=(Role.ADMINISTRATOR,))
    target, actor = (administrator, administrator) if who == "themselves" else (administrator, moderator)
    make.second_factor(target)

    with pytest.raises(NotAllowed):
        reset(app, target, as_actor(actor), clock)
    assert len(make.all(SecondFactor)) == 1


def test_the_operator_s_command_resets_it(app, make, moderator):
    make.second_factor(moderator)
    result = app.test_cli_runner().invoke(args=["accounts", "reset-second-factor", "camille@exemple.test"])

    assert result.exit_code == 0, result.output
    assert make.all(SecondFactor) == [] == make.all(RecoveryCode)
    unknown = app.test_cli_runner().invoke(args=["accounts", "reset-second-factor", "nul@exemple.test"])
    assert unknown.exit_code == 1
    assert re.search(r"aucun compte", unknown.output)
