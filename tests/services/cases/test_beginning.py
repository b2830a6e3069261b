"""How a case begins: reference, routing, clock, and who is told."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from feedback_app.database import db, unit_of_work
from feedback_app.domain.case import CaseStatus
from feedback_app.domain.contribution import ContributionKind, ContributionStatus, Ground, TextAction
from feedback_app.models import CaseEvent, CitizenRequest, Contribution, Ministry, TextVersion, Topic
from feedback_app.services import contributions, moderation, sign_in, threads
from feedback_app.services.cases import reading
from feedback_app.services.paging import Window
from tests.factories import FACTS


def decide(make, request, action, **facts):
    moderator = make.moderator()
    with make.app.app_context(), unit_of_work():
        version = db.session.get_one(Contribution, request.contribution_id).current_version
        moderation.decide(
            db.session.get_one(TextVersion, version.id), action, moderator=sign_in.actor_of(moderator), at=make.clock(), **facts
        )


def test_a_request_has_its_reference_at_once_and_its_confirmation_says_it(make, outbox):
    request = make.request(status=CaseStatus.RECEIVED)
    assert request.reference == "DS-2026-000001"
    assert request.status is CaseStatus.RECEIVED
    assert (request.ministry_id, request.clock_started_at, request.due_on) == (None, None, None)
    assert "DS-2026-000001" in outbox.only().subject
    assert make.private_path(request.contribution) not in outbox.only().text


def test_references_follow_each_other_without_gaps_and_begin_anew_each_year_of_paris(app, make, clock):
    first = make.request(status=CaseStatus.RECEIVED)
    topic = make.commitment().topic
    with app.app_context():
        new = contributions.NewText(body="Un texte qui ne restera pas.", email="a@exemple.test", public_name=None)
        contributions.submit(
            db.session.get_one(Topic, topic.id), ContributionKind.CLARIFICATION, new, form_key="k", language="fr", at=clock()
        )
        db.session.rollback()
    second = make.request(status=CaseStatus.RECEIVED)
    clock.now = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)  # already 2027 in Paris
    third = make.request(status=CaseStatus.RECEIVED)
    assert [r.reference for r in (first, second, third)] == ["DS-2026-000001", "DS-2026-000002", "DS-2027-000001"]


def test_the_same_form_twice_is_one_request(app, make, clock):
    topic = make.commitment().topic
    new = contributions.NewText(body="Pourquoi ce retard ?", email="a@exemple.test", public_name=None)
    for _ in range(2):
        with app.app_context(), unit_of_work():
            contributions.submit(
                db.session.get_one(Topic, topic.id), ContributionKind.CLARIFICATION, new, form_key="k", language="fr", at=clock()
            )
    assert len(make.all(CitizenRequest)) == 1


def test_accepted_it_is_open_at_its_ministry_and_due_in_fifteen_working_days(make, desk, outbox):
    # Monday 2 March 2026: day 1 is Tuesday 3, day 15 Monday 23.
    request = desk.request(CaseStatus.OPEN)
    assert request.status is CaseStatus.OPEN
    assert request.ministry_id == desk.ministry.id
    assert request.due_on == date(2026, 3, 23)
    assert "23 mars 2026" in outbox.last().text
    assert "Ministère des Routes" in outbox.last().text
    assert make.private_path(request.contribution) in outbox.last().text


def test_it_goes_to_the_successor_of_a_ministry_that_was_replaced(app, make, desk):
    heir = make.ministry("Ministère héritier")
    with app.app_context(), unit_of_work():
        db.session.get_one(Ministry, desk.ministry.id).successor_id = desk.other.id
        db.session.get_one(Ministry, desk.other.id).successor_id = heir.id
    assert make.request(topic=desk.topic).ministry_id == heir.id


def test_successors_that_turn_in_a_ring_do_not_hang(app, make, desk):
    with app.app_context(), unit_of_work():
        db.session.get_one(Ministry, desk.ministry.id).successor_id = desk.other.id
        db.session.get_one(Ministry, desk.other.id).successor_id = desk.ministry.id
    assert make.request(topic=desk.topic).ministry_id == desk.other.id


def test_without_a_ministry_it_waits_for_the_coordinator(app, make, desk, outbox):
    with app.app_context(), unit_of_work():
        db.session.get_one(Topic, desk.topic.id).ministry_id = None
    request = make.request(topic=make.one(Topic, desk.topic.id))
    assert (request.status, request.ministry_id) == (CaseStatus.OPEN, None)
    assert "coordination" in outbox.last().text


def test_a_refused_request_ends_there_and_its_author_reads_why(make, desk, outbox):
    request = desk.request(CaseStatus.RECEIVED)
    decide(make, request, TextAction.REJECT, ground=Ground.INSULT, facts=FACTS)
    assert make.reload(request).status is CaseStatus.RECEIVED
    assert make.reload(request).ministry_id is None
    assert FACTS in outbox.last().text
    assert "Personne n’y répondra" in outbox.last().text


class TestAccessToDocuments:
    def test_the_month_runs_from_the_confirmation_and_the_receipt_says_all_the_law_asks(self, make, desk, play, outbox):
        play.at("2027-01-31", "23:30")
        request = desk.request(CaseStatus.RECEIVED, kind=ContributionKind.ACCESS)
        assert (request.status, request.ministry_id) == (CaseStatus.OPEN, desk.ministry.id)
        assert request.due_on == date(2027, 2, 28)
        receipt = outbox.last().text
        for fact in ("31 janvier 2027", "28 février 2027", "28 avril 2027", "Ministère des Routes", "CADA", "cada.fr"):
            assert fact in " ".join(receipt.split()), fact
        assert "ni adresse postale ni téléphone" in " ".join(receipt.split())

    def test_the_receipt_says_how_the_service_is_reached(self, app, make, desk, outbox):
        with app.app_context(), unit_of_work():
            ministry = db.session.get_one(Ministry, desk.ministry.id)
            ministry.postal_address, ministry.telephone = "1 rue des Routes\n75000 Paris", "01 99 00 12 34"
        desk.request(CaseStatus.RECEIVED, kind=ContributionKind.ACCESS)
        receipt = " ".join(outbox.last().text.split())
        assert "Adresse postale : 1 rue des Routes, 75000 Paris Téléphone : 01 99 00 12 34" in receipt
        assert "ni adresse postale" not in receipt

    def test_while_nobody_knows_the_service_the_receipt_leads_to_the_coordination(self, make, desk, outbox):
        make.request(topic=make.general(), status=CaseStatus.RECEIVED, kind=ContributionKind.ACCESS)
        assert "Pour joindre la coordination du site" in " ".join(outbox.last().text.split())

    def test_a_refused_text_does_not_end_it_and_nobody_else_reads_it(self, app, make, desk, outbox):
        request = desk.request(CaseStatus.RECEIVED, kind=ContributionKind.ACCESS)
        decide(make, request, TextAction.REJECT, ground=Ground.PERSONAL_DATA, facts=FACTS)
        assert make.reload(request).status is CaseStatus.OPEN
        assert "continue" in outbox.last().text
        with app.app_context():
            assert reading.public_request(request.reference) is None
            assert reading.by_reference(request.reference) is not None

    def test_publishing_its_text_does_not_begin_it_again(self, make, desk):
        request = desk.request(CaseStatus.OPEN, kind=ContributionKind.ACCESS)
        begun = [event for event in make.all(CaseEvent) if event.verb == "request:begin"]
        assert (len(begun), request.published_at is not None) == (1, True)


def test_a_topic_s_thread_shows_no_request_nor_what_is_said_inside_one(app, make, desk):
    request = desk.request(CaseStatus.WAITING)
    reply = make.reply(request)
    decide(make, type("R", (), {"contribution_id": reply.id}), TextAction.PUBLISH)
    make.comment(topic=desk.topic)
    with app.app_context():
        assert [text.signature for text in threads.of_topic(desk.topic.id, Window()).items] == ["Jeanne D."]
        assert (threads.count(desk.topic.id), len(threads.latest(9))) == (1, 1)
        assert reading.public_request(request.reference) is not None


@pytest.mark.parametrize("kind", [ContributionKind.VIEWPOINT, ContributionKind.EXPERIENCE])
def test_a_viewpoint_is_read_in_the_thread_and_has_no_case(app, make, desk, clock, kind):
    new = contributions.NewText(body="Chez nous la route est neuve.", email="a@exemple.test", public_name=None)
    with app.app_context(), unit_of_work():
        sent = contributions.submit(db.session.get_one(Topic, desk.topic.id), kind, new, form_key="k", language="fr", at=clock())
        contributions.confirm(sent, at=clock())
        moderation.decide(sent.current_version, TextAction.PUBLISH, moderator=sign_in.actor_of(make_moderator(clock)), at=clock())
        assert threads.count(desk.topic.id) == 1
    assert make.all(CitizenRequest) == []


def make_moderator(clock):
    from feedback_app.domain.policy import Role
    from feedback_app.services import accounts

    account = accounts.create_or_update("moderation@exemple.test", name="Mo", at=clock())
    accounts.grant_role(account, Role.MODERATOR, at=clock())
    return account


@pytest.mark.parametrize("status", [s for s in CaseStatus if s not in {CaseStatus.ASLEEP, CaseStatus.WITHDRAWN}])
def test_withdrawing_ends_the_case_unless_it_was_closed_and_hides_everything(app, make, desk, clock, status):
    request = desk.request(status)
    with app.app_context(), unit_of_work():
        contributions.withdraw(db.session.get_one(Contribution, request.contribution_id), at=clock())
    after = make.reload(request)
    assert after.status is (CaseStatus.CLOSED if status is CaseStatus.CLOSED else CaseStatus.WITHDRAWN)
    with app.app_context():
        assert reading.public_request(request.reference) is None
        assert reading.by_reference(request.reference) is None


def test_what_was_said_inside_goes_with_the_request(app, make, desk, clock):
    request = desk.request(CaseStatus.WAITING)
    reply = make.reply(request)
    with app.app_context(), unit_of_work():
        contributions.withdraw(db.session.get_one(Contribution, request.contribution_id), at=clock())
    assert make.reload(reply).status is ContributionStatus.WITHDRAWN
