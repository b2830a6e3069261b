"""A contact whose right is narrowed has, is offered and is told only what it covers."""

from __future__ import annotations

import pytest

from feedback_app.database import db, unit_of_work
from feedback_app.domain.case import CaseStatus
from feedback_app.domain.policy import MembershipKind, Role
from feedback_app.mail.labels import Errand
from feedback_app.models import Account, Membership, MembershipScope, Topic
from feedback_app.services import people, sign_in
from feedback_app.services.cases import conversation, taking
from feedback_app.services.cases.beginning import Figure
from tests.services.cases.test_digest import parts

S, E = CaseStatus, Errand
RHONE, PARIS = Figure("D69"), Figure("D75")


@pytest.fixture
def administer(app, make, clock):
    """``administer(people.narrow, account, topics=[], territories=["D69"])`` on the account's only membership."""
    boss = make.person(roles=(Role.ADMINISTRATOR,))

    def act(verb, account, **facts):
        with app.app_context(), unit_of_work():
            live, by = db.session.get_one(Account, account.id), sign_in.actor_of(db.session.get_one(Account, boss.id))
            facts = {
                name: [db.session.get_one(Topic, one.id) for one in value] if name == "topics" else value for name, value in facts.items()
            }
            (membership,) = live.memberships
            held = db.session.get_one(Membership, membership.id)
            verb(held, administrator=by, seen_version=live.version, at=clock(), **facts)

    return act


@pytest.fixture
def narrow(administer):
    return lambda account, *codes: administer(people.narrow, account, topics=[], territories=codes)


def alarms(outbox, account):
    return [mail for mail in outbox.all() if mail.recipient == account.identity.email and "plus de contact" in mail.subject]


def test_what_they_no_longer_reach_goes_back_to_take(play, make, desk, narrow):
    inside, outside = (play(taking.take, desk.request(figure=place), desk.contact) for place in (RHONE, PARIS))
    waiting = desk.request(S.WAITING, figure=PARIS)
    narrow(desk.contact, "D69")
    assert [make.reload(one).status for one in (inside, outside, waiting)] == [S.ASSIGNED, S.OPEN, S.WAITING]
    assert [make.reload(one).assignee_id for one in (inside, outside, waiting)] == [desk.contact.identity_id, None, None]


def test_a_reply_does_not_hand_them_what_they_no_longer_reach(app, play, make, desk, narrow):
    request = desk.request(S.WAITING, figure=PARIS)
    with app.app_context(), unit_of_work():
        narrowed = db.session.get_one(Account, desk.contact.id).memberships[0]
        narrowed.scope.append(MembershipScope(membership_id=narrowed.id, territory="D69"))
    play(lambda live, at: conversation.citizen_replies(live, "Voici la précision.", form_key="r", language="fr", at=at), request)
    assert (make.reload(request).status, make.reload(request).assignee_id) == (S.OPEN, None)


def test_the_mail_of_the_day_tells_them_their_part_only(app, play, desk, narrow):
    play.at("2026-03-02")
    for place in (RHONE, PARIS, PARIS):
        desk.request(figure=place)
    narrow(desk.contact, "D69")
    narrow(desk.lead, "D75")
    play.at("2026-03-03")
    assert parts(app, desk.contact, play.clock()) == {E.NEW: 1}
    assert parts(app, desk.colleague, play.clock()) == {E.NEW: 3}
    play.at("2026-04-01")
    assert parts(app, desk.lead, play.clock()) == {E.NEW: 2, E.MINISTRY_LATE: 2}


def test_a_validator_of_one_part_is_not_told_to_validate_another(app, make, play, desk, narrow):
    for place in (RHONE, PARIS):
        make.draft(desk.request(S.ASSIGNED, contact=desk.colleague, figure=place), contact=desk.colleague, propose=True)
    narrow(desk.validator, "D69")
    assert parts(app, desk.validator, play.clock()) == {E.TO_VALIDATE: 1}


def test_a_case_is_handed_only_to_those_who_reach_it(app, make, play, desk, narrow):
    narrow(desk.colleague, "D75")
    request = play(taking.take, desk.request(figure=RHONE), desk.contact)
    with app.app_context():
        assert desk.colleague.id not in {account.id for account in taking.may_have(make.live(request))}
    with pytest.raises(taking.NotAColleague):
        play(taking.hand_over, request, desk.contact, desk.colleague.identity_id)


def test_the_last_contact_of_a_part_leaves_and_whoever_may_act_is_told(desk, narrow, administer, outbox):
    desk.request(figure=RHONE)
    narrow(desk.colleague, "D75")
    other_lead = desk.make.person(ministry=desk.ministry, kind=MembershipKind.LEAD)
    narrow(other_lead, "D75")
    assert alarms(outbox, desk.lead) == []
    administer(people.end_membership, desk.contact)
    assert len(alarms(outbox, desk.lead)) == len(alarms(outbox, desk.coordinator)) == 1
    assert "certaines demandes" in alarms(outbox, desk.lead)[0].subject
    assert "/ministere/" in alarms(outbox, desk.lead)[0].text
    assert "/coordination/" in alarms(outbox, desk.coordinator)[0].text
    assert alarms(outbox, other_lead) == [], "theirs is another part"


def test_a_case_without_a_territory_is_left_alone_too(desk, narrow, administer, outbox):
    desk.request()
    narrow(desk.colleague, "D75")
    administer(people.end_membership, desk.contact)
    assert len(alarms(outbox, desk.lead)) == 1


def test_nobody_is_told_while_somebody_reaches_every_case(desk, narrow, administer, outbox):
    desk.request(figure=RHONE)
    narrow(desk.colleague, "R84")  # the region of the Rhône
    administer(people.end_membership, desk.contact)
    assert alarms(outbox, desk.lead) == []
