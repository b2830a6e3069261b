"""Filling the demo: everything is there, in an order that could have happened, and only once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from feedback_app.database import begin_writing, db
from feedback_app.demo import seed
from feedback_app.demo.people import NOUR, PEOPLE, THEO, YANN
from feedback_app.demo.plan_file import plan_file
from feedback_app.demo.texts import STORIES
from feedback_app.domain.addresses import commitment_key
from feedback_app.domain.contribution import FACTS_MAX, FACTS_MIN, ContributionStatus, TextAction, TextStatus
from feedback_app.domain.policy import Actor, NotAllowed
from feedback_app.mail import outbox, transport
from feedback_app.models import (
    Account,
    CaseEvent,
    Commitment,
    Contribution,
    Identity,
    Ministry,
    ModerationDecision,
    OutgoingMail,
    TextVersion,
)
from feedback_app.services import contributions, moderation, sign_in, threads, topics
from feedback_app.services.paging import Window
from tests.conftest import NOW, Clock


@contextmanager
def taken_back() -> Iterator[None]:
    """A writing transaction of which nothing stays."""
    begin_writing()
    try:
        yield
    finally:
        db.session.rollback()


def rows_by_table() -> dict[str, int]:
    return {name: db.session.scalar(select(func.count()).select_from(table)) or 0 for name, table in db.metadata.tables.items()}


def statuses(column: object) -> Counter[object]:
    return Counter(db.session.scalars(select(column)))  # type: ignore[call-overload]


def actor(email: str) -> Actor:
    account = db.session.scalars(select(Account).join(Identity).where(Identity.email == email)).one()
    return sign_in.actor_of(account)


def own_texts(email: str) -> list[ContributionStatus]:
    return [text.status for text in contributions.of_identity(actor(email).identity_id, Window()).items]


def test_seeding_again_changes_nothing(demo: Flask) -> None:
    with demo.app_context(), taken_back():
        before = rows_by_table()
        assert [seed.seed(at=NOW + timedelta(days=days), whole=True) for days in (3, 400)] == [False, False]
        assert rows_by_table() == before


def test_what_was_entered_since_is_kept(demo: Flask) -> None:
    with demo.app_context(), taken_back():
        (waiting, *_others) = db.session.scalars(
            select(Contribution).where(Contribution.status == ContributionStatus.AWAITING_CONFIRMATION)
        ).all()
        contributions.confirm(waiting, at=NOW)
        seed.seed(at=NOW)
        db.session.expire_all()
        assert waiting.status is ContributionStatus.PENDING


def test_every_status_built_so_far_can_be_seen(demo: Flask) -> None:
    with demo.app_context():
        contribution_counts, text_counts = statuses(Contribution.status), statuses(TextVersion.status)
    assert set(contribution_counts) == set(ContributionStatus)
    assert set(text_counts) == set(TextStatus)
    assert contribution_counts[ContributionStatus.PUBLISHED] >= 8
    assert contribution_counts[ContributionStatus.REJECTED] >= 3
    assert sum(contribution_counts.values()) == len(STORIES)


def test_the_plan_is_there_whole(demo: Flask) -> None:
    with demo.app_context():
        numbers = db.session.scalars(select(Commitment.number).order_by(Commitment.number)).all()
        assert numbers == list(range(1, 21))
        assert db.session.scalar(select(func.count()).select_from(Ministry)) == 5


def test_the_queue_is_worth_a_look(demo: Flask) -> None:
    with demo.app_context():
        waiting = moderation.waiting_texts(actor(YANN), Window(size=100)).items
    assert len(waiting) >= 7
    assert [text.signature for text in waiting if text.own] == ["Yann K."]
    assert any("<script>" in text.body for text in waiting)
    assert any(len(text.body) > 3_000 for text in waiting)
    assert any(text.signature is None for text in waiting)


def test_a_correction_of_a_public_text_waits_while_the_text_stays(demo: Flask) -> None:
    with demo.app_context():
        waiting = [moderation.reviewable(text.id) for text in moderation.waiting_texts(actor(YANN), Window(size=100)).items]
        edits = [(public, text) for text in waiting if text and (public := moderation.public_text_before(text))]
        assert [(public.number, text.number) for public, text in edits] == [(1, 2)]


def test_a_moderator_cannot_decide_their_own_text(demo: Flask) -> None:
    with demo.app_context(), taken_back():
        yann = actor(YANN)
        (own,) = [text for text in moderation.waiting_texts(yann, Window(size=100)).items if text.own]
        with pytest.raises(NotAllowed):
            moderation.decide(db.session.get_one(TextVersion, own.id), TextAction.PUBLISH, moderator=yann, at=NOW)


def test_one_commitment_has_a_conversation_signed_and_anonymous(demo: Flask) -> None:
    with demo.app_context():
        topic = topics.find(commitment_key(plan_file(NOW.date()).plan.slug, 1))
        assert topic is not None
        thread = threads.of_topic(topic.id, Window(size=100)).items
    assert len(thread) >= 4
    assert {text.signature is None for text in thread} == {True, False}


def test_each_refusal_has_its_ground_and_its_facts(demo: Flask) -> None:
    with demo.app_context():
        refusals = db.session.scalars(select(ModerationDecision).where(ModerationDecision.action == TextAction.REJECT)).all()
        assert len({refusal.ground for refusal in refusals}) >= 3
        for refusal in refusals:
            assert refusal.ground
            assert FACTS_MIN <= len(refusal.facts or "") <= FACTS_MAX


def test_everything_happened_in_order_and_in_the_last_months(demo: Flask) -> None:
    with demo.app_context():
        times = [event.at for event in db.session.scalars(select(CaseEvent).order_by(CaseEvent.id))]
        mailed = list(db.session.scalars(select(OutgoingMail.created_at).order_by(OutgoingMail.id)))
    assert times == sorted(times)
    assert mailed == sorted(mailed)
    assert NOW - timedelta(days=600) < times[0]
    assert times[-1] < NOW


def test_the_mails_of_the_past_never_leave(demo: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[object] = []
    monkeypatch.setattr(transport.Connection, "deliver", lambda _self, envelope: left.append(envelope))
    with demo.app_context():
        outbox.deliver_due(clock=Clock())
    assert left == []


def test_the_people_have_their_accounts_and_rights(demo: Flask) -> None:
    with demo.app_context():
        for person in PEOPLE:
            found = actor(person.email)
            slugs = {row.id: row.slug for row in db.session.execute(select(Ministry.id, Ministry.slug))}
            assert found.roles == set(person.roles), person.key
            assert {(slugs[ministry], kind) for ministry, kind in found.memberships} == set(person.memberships), person.key


def test_the_citizens_find_in_their_space_what_their_description_says(demo: Flask) -> None:
    with demo.app_context():
        assert Counter(own_texts(NOUR)) == Counter([ContributionStatus.PUBLISHED, ContributionStatus.REJECTED, ContributionStatus.PENDING])
        assert Counter(own_texts(THEO)) == Counter([ContributionStatus.PUBLISHED, ContributionStatus.WITHDRAWN, ContributionStatus.PENDING])


def test_a_mistyped_address_leaves_nothing_behind(demo: Flask) -> None:
    with demo.app_context():
        known = set(db.session.scalars(select(Identity.email)))
        written_to = set(db.session.scalars(select(OutgoingMail.recipient)))
    assert THEO in known
    assert not [email for email in known | written_to if email.startswith("theo.brisecomb@")]


def test_progress_counts_everything_that_is_entered(empty_demo: Flask) -> None:
    steps: list[int] = []
    with empty_demo.app_context(), taken_back():
        assert seed.seed(at=NOW, progress=steps.append, whole=False)
        assert sum(steps) == seed.length(at=NOW, whole=False)
