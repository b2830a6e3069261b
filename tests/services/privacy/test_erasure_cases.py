"""Erasing somebody who asked a ministry something, or who answers in one: their case goes on without them."""

from __future__ import annotations

from datetime import date

import pytest

from feedback_app.database import db, unit_of_work
from feedback_app.domain.case import CaseStatus, Outcome
from feedback_app.domain.contribution import ContributionStatus
from feedback_app.domain.policy import MembershipKind, Role
from feedback_app.domain.privacy import TextsChoice
from feedback_app.domain.trace import ActorKind, EventVerb
from feedback_app.models import Account, AnswerRating, CaseEvent, CitizenRequest, Contribution, Identity
from feedback_app.services import kept_forms, sign_in
from feedback_app.services.cases import answers, extending, taking
from feedback_app.services.privacy import erasure

EMAIL = "leonide.vautrin@exemple.test"
ASKED = "Pourquoi le nombre de passages à niveau a-t-il doublé ?"
REPLIED = "Je parle de la Lozère."
REASON = "Il manque les aiguillages."


@pytest.fixture
def erase(app, clock):
    def go(identity_id, texts=TextsChoice.KEEP):
        with app.app_context(), unit_of_work():
            erasure.erase(db.session.get_one(Identity, identity_id), texts, actor_kind=ActorKind.CITIZEN, at=clock())

    return go


def test_what_an_erased_agent_had_goes_back_to_take_and_the_alarm_rings_when_nobody_is_left(make, erase, outbox):
    ministry, coordinator = make.ministry("Ministère des Rails"), make.person(roles=(Role.COORDINATOR,))
    lead, agent = make.person(ministry=ministry, kind=MembershipKind.LEAD), make.person(ministry=ministry, name="Ana")
    topic = make.commitment(ministry=ministry).topic
    mine, waiting = (make.request(topic=topic, status=status, contact=agent) for status in (CaseStatus.ASSIGNED, CaseStatus.WAITING))
    before = len(outbox.all())
    erase(agent.identity_id)
    assert [(make.reload(r).status, make.reload(r).assignee_id) for r in (mine, waiting)] == [
        (CaseStatus.OPEN, None),
        (CaseStatus.WAITING, None),
    ]
    assert [event.verb for event in make.all(CaseEvent) if event.request_id == mine.id][-1] is EventVerb.REQUEST_RELEASE
    assert {mail.recipient for mail in outbox.all()[before:]} == {lead.identity.email, coordinator.identity.email}


def test_a_colleague_who_stays_takes_it_and_no_alarm_rings(make, erase, outbox):
    ministry = make.ministry()
    agent, _colleague = make.person(ministry=ministry), make.person(ministry=ministry)
    request = make.request(topic=make.commitment(ministry=ministry).topic, status=CaseStatus.ASSIGNED, contact=agent)
    before = len(outbox.all())
    erase(agent.identity_id)
    assert make.reload(request).status is CaseStatus.OPEN
    assert len(outbox.all()) == before


def test_a_published_request_that_stays_is_answered_without_a_mail_to_anybody(app, make, clock, erase, outbox):
    ministry = make.ministry()
    contact, validator = make.team(ministry)
    request = make.request(
        topic=make.commitment(ministry=ministry).topic, status=CaseStatus.WAITING, contact=contact, email=EMAIL, body=ASKED
    )
    make.reply(request, REPLIED)
    erase(make.identity(EMAIL).id)
    reply = make.all(Contribution)[-1]
    assert reply.status is ContributionStatus.WITHDRAWN  # nobody had read it yet for the public
    before = len(outbox.all())
    with app.app_context(), unit_of_work():
        live, actor = make.live(request), sign_in.actor_of(db.session.get_one(Account, contact.id))
        extending.extend(live, "Les séries sont longues.", actor=actor, seen_version=live.version, at=clock())
        taking.release(live, actor=actor, seen_version=live.version, at=clock())
        answer = answers.propose(live, answers.Wording("Voici les deux séries.", Outcome.FULL), actor=actor, seen_wording=0, at=clock())
        answers.publish(answer, actor=sign_in.actor_of(db.session.get_one(Account, validator.id)), seen_wording=1, at=clock())
    now = make.reload(request)
    assert (now.status, now.due_on) == (CaseStatus.ANSWERED, date(2026, 4, 14))
    assert len(outbox.all()) == before


def test_withdrawn_with_its_author_a_request_ends_with_all_they_said_in_it(make, erase):
    request = make.request(status=CaseStatus.WAITING, email=EMAIL, body=ASKED)
    make.reply(request, REPLIED)
    erase(make.identity(EMAIL).id, TextsChoice.WITHDRAW)
    assert make.reload(request).status is CaseStatus.WITHDRAWN
    assert {text.status for text in make.all(Contribution)} == {ContributionStatus.WITHDRAWN}


@pytest.mark.parametrize("texts", TextsChoice)
def test_a_closed_case_keeps_its_place_in_the_figures_and_nothing_that_its_author_gave_as_a_reason(app, make, erase, texts):
    request = make.request(status=CaseStatus.CLOSED, email=EMAIL, body=ASKED)
    erase(make.identity(EMAIL).id, texts)
    assert make.reload(request).status is CaseStatus.CLOSED
    (rating,) = make.all(AnswerRating)
    assert (rating.identity_id, rating.reason) == (None, None)
    with app.app_context():
        assert db.session.get_one(CitizenRequest, request.id).contribution.identity is None


def test_what_somebody_else_was_typing_when_their_session_ended_no_longer_names_the_person(app, make, clock, erase):
    make.comment(email=EMAIL, name="Léonide Vautrin")
    moderator = make.moderator()
    with app.app_context(), unit_of_work():
        fields = {"facts": ["Léonide Vautrin y nomme son voisin."], "action": ["reject"]}
        kept_forms.keep(moderator.id, "/moderation/textes/1", fields, at=clock())
    erase(make.identity(EMAIL).id)
    with app.app_context():
        kept = kept_forms.of(moderator.id, "/moderation/textes/1", at=clock())
    assert kept == {"facts": [f"{erasure.NOBODY} y nomme son voisin."], "action": ["reject"]}
