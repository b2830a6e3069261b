"""The guard, met for real: each door of the URL map is tried by whoever may not open it (design, section 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from feedback_app.domain import attachment
from feedback_app.domain.barometer import EditionStatus
from feedback_app.domain.contribution import ContributionStatus, TextStatus
from feedback_app.domain.policy import Actor, MembershipKind, Permission, Role, may_ever
from feedback_app.models import Account, AccountSession, Assessor, Ministry, TextVersion
from feedback_app.web.access import Door
from tests.attachments import odt
from tests.demo.sites import demo_site
from tests.edition_files import archive, by_indicator
from tests.factories import Make
from tests.house.url_list import access_of, writing
from tests.pages import PageClient
from tests.plan_files import plan_file

TYPED = "Un texte que personne ne veut taper deux fois."
CLOSED = (Door.FIRST_FACTOR, Door.SIGNED_IN, Door.PERMISSION)
Site = tuple[Flask, dict[str, object]]


def rules(app: Flask, *doors: Door) -> list[Rule]:
    """The rules behind these doors."""
    return [rule for rule in app.url_map.iter_rules() if access_of(app, rule.endpoint).split()[0] in doors]


def examples_of(make: Make, owner: Ministry) -> dict[str, object]:
    """An example for each argument of the site's addresses, by name; what belongs to a ministry belongs to ``owner``.

    A new argument needs a line here. tests/house/walk.py walks the same addresses as every kind of person.
    """
    comment = make.comment(status=ContributionStatus.PENDING)
    commitment = make.commitment(ministry=owner)
    read = make.comment(topic=commitment.topic)
    colleague = make.person(ministry=owner, roles=(Role.MODERATOR,))
    indicator = make.indicator(barometer=make.barometer("essai"))
    make.comment(topic=indicator.topic)
    case = make.request(topic=commitment.topic)
    organisation = make.organisation()
    make.assessor(organisation)
    make.imported_plan(plan_file(start="2000-01-01"))  # not the first that a page shows
    examples: dict[str, object] = {
        "slug": "essai",
        "code": indicator.code,
        "date": "2026-01-31",
        "place": "D69",
        "plan": commitment.plan.slug,
        "number": commitment.number,
        "page": "charte",
        "filename": "css/app.css",
        "token": "token",
        "version_id": comment.current_version_id,
        "contribution_id": read.id,
        "organisation_id": organisation.id,
        "proposal_id": make.proposal().contribution_id,
        "meeting_id": make.meeting(ministry=owner, file=attachment.judge("minutes.odt", odt())).id,
        "assessor_id": make.all(Assessor)[0].id,
        "key": "moderation-1",
        "plan_upload_id": make.plan_upload().id,
        "upload_id": make.upload(indicator.barometer, archive(by_indicator())).id,
        "edition_id": make.edition(barometer=indicator.barometer, on=date(2026, 2, 28), status=EditionStatus.DRAFT).id,
        "account_id": colleague.id,
        "membership_id": colleague.memberships[0].id,
        "ministry_slug": owner.slug,
        "mail_id": make.dead_letter().id,
        "session_id": 1,
        "reference": case.reference,
    }
    return examples


@pytest.fixture
def owner(make: Make) -> Ministry:
    """The ministry to which the examples belong."""
    return make.ministry()


@pytest.fixture
def open_doors(app: Flask, make: Make, owner: Ministry, tmp_path: Path, database, clock) -> Iterator[Callable[[bool], Site]]:
    """``open_doors(demo)``: the application or its demo twin on the same data, and an example for each argument of its addresses."""
    examples = examples_of(make, owner)
    with demo_site(tmp_path, database.url, clock) as demo:
        yield lambda in_demo: (demo if in_demo else app, examples)


def path_of(app: Flask, rule: Rule, examples: dict[str, object]) -> str:
    """An address of this rule. Fails for an argument that has no example: give ``open_doors`` one."""
    missing = rule.arguments - set(examples)
    assert not missing, f"{rule.rule}: no example for {missing}"
    return app.url_map.bind("localhost").build(rule.endpoint, {name: examples[name] for name in rule.arguments})


def everybody_s_rights(make: Make, owner: Ministry | None = None) -> Account:
    """Somebody who may open every door."""
    return make.person(roles=tuple(Role), ministry=owner or make.ministry(), kind=MembershipKind.LEAD)


def browser_of(app: Flask, secret: str | None = None) -> PageClient:
    browser = app.test_client()
    assert isinstance(browser, PageClient)
    if secret:
        with browser.session_transaction() as session:
            session["_user_id"], session["_fresh"] = secret, True
    return browser


@pytest.mark.parametrize("in_demo", [False, True], ids=["site", "demo"])
def test_a_public_page_is_the_same_for_everybody_and_sets_no_cookie(open_doors, make, in_demo):
    app, examples = open_doors(in_demo)
    secret = make.session(everybody_s_rights(make))
    public = [rule for rule in rules(app, Door.PUBLIC) if "GET" in (rule.methods or set())]
    assert public
    for rule in public:
        path = path_of(app, rule, examples)
        stranger, signed_in = browser_of(app).get(path, buffered=True), browser_of(app, secret).get(path, buffered=True)
        assert (stranger.status_code, signed_in.status_code) == (200, 200), path
        assert stranger.get_data() == signed_in.get_data(), path
        for answer in (stranger, signed_in):
            assert "Set-Cookie" not in answer.headers, path
            assert "Cookie" not in answer.headers.get("Vary", ""), path


def test_nobody_passes_a_signed_in_door_without_a_session(open_doors):
    app, examples = open_doors(False)
    closed = rules(app, *CLOSED)
    assert closed
    for rule in closed:
        path = path_of(app, rule, examples)
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
            answer = browser_of(app).open(path, method=method, data={"body": TYPED} if method == "POST" else None)
            assert answer.status_code == (302 if method == "GET" else 401), f"{method} {path}"
            assert method == "GET" or TYPED in answer.text, "the text is kept"


def test_rights_open_the_doors_that_ask_for_them(open_doors, make, owner, sign_in):
    app, examples = open_doors(False)
    nobody = make.person()
    for rule in rules(app, Door.PERMISSION):
        if "GET" not in (rule.methods or set()):
            continue  # a button only: test_rights.py presses it
        everybody = may_ever(Actor(identity_id=1), Permission(access_of(app, rule.endpoint).split()[-1]))
        expected = 200 if everybody else 403
        assert sign_in(nobody).get(path_of(app, rule, examples)).status_code == expected, rule.rule
        assert sign_in(everybody_s_rights(make, owner)).get(path_of(app, rule, examples)).status_code == 200, rule.rule


def test_staff_without_their_second_factor_pass_no_door_but_its_own(open_doors, make, sign_in):
    app, examples = open_doors(False)
    somebody = everybody_s_rights(make)
    for rule in rules(app, Door.SIGNED_IN, Door.PERMISSION):
        path = path_of(app, rule, examples)
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
            answer = sign_in(somebody, second_factor=False).open(path, method=method, data={"body": TYPED} if method == "POST" else None)
            assert answer.status_code == (302 if method == "GET" else 401), f"{method} {path}"
            assert method == "POST" or answer.location.startswith("/compte/second-facteur?"), path
            assert method == "GET" or TYPED in answer.text, "the text is kept"
    assert {rule.endpoint for rule in rules(app, Door.FIRST_FACTOR)} == {"account.second_factor", "account.enrol", "account.sign_out"}


@pytest.mark.parametrize("token", [{}, {"csrf_token": "wrong"}], ids=["no token", "a wrong token"])
def test_a_signed_in_post_without_the_session_s_token_is_refused_and_the_text_kept(open_doors, make, token):
    app, examples = open_doors(False)
    secret = make.session(everybody_s_rights(make))
    writers = [rule for rule in rules(app, *CLOSED) if writing(rule)]
    assert {rule.endpoint for rule in writers} >= {"account.sign_out", "moderation.review"}
    for rule in writers:
        answer = browser_of(app, secret).post(path_of(app, rule, examples), data={"body": TYPED, "action": "publish", **token})
        assert answer.status_code == 401, rule.rule
        assert TYPED in answer.text, rule.rule
    assert [row.ended_at for row in make.all(AccountSession)] == [None]
    assert [text.status for text in make.all(TextVersion) if text.id == examples["version_id"]] == [TextStatus.PENDING]


def test_the_session_s_own_token_opens(make, sign_in):
    browser = sign_in(make.person())
    token = browser.get_page("/compte/").all("input[@name='csrf_token']")[0].get("value")
    assert browser.post("/compte/deconnexion", data={"csrf_token": token}).status_code == 303
    assert make.all(AccountSession)[0].ended_at is not None


def test_a_form_sent_by_another_site_is_refused(open_doors, make):
    app, examples = open_doors(True)
    for rule in app.url_map.iter_rules():
        if writing(rule):
            answer = browser_of(app).post(path_of(app, rule, examples), data={"body": TYPED}, headers={"Sec-Fetch-Site": "cross-site"})
            assert answer.status_code == 403, rule.rule
    assert make.all(AccountSession) == []
